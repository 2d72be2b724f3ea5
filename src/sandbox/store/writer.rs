//! The writer thread: drains its queue into one transaction, commits, and answers.

use std::error::Error;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::StoreError;
use super::ledger::Ledger;
use super::visits::End;

/// A command. It is handed the ledger, or the reason why there is none, and gives back its reply.
pub type Job = Box<dyn FnOnce(Result<&Ledger, StoreError>) -> Reply + Send>;

/// Tells the one who asked, once it is known whether the command was committed.
pub type Reply = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// Commands that share one commit at most. One sync to the disk costs more than many rows.
const BATCH: usize = 256;

/// Works until every sender is gone. What has expired goes to `ends`, once and after its commit.
pub fn serve(
    ledger: &Ledger,
    mut jobs: mpsc::Receiver<Job>,
    ends: &mpsc::UnboundedSender<Vec<End>>,
) {
    while let Some(first) = jobs.blocking_recv() {
        batch(ledger, first, &mut jobs, ends);
    }
}

fn batch(
    ledger: &Ledger,
    first: Job,
    jobs: &mut mpsc::Receiver<Job>,
    ends: &mpsc::UnboundedSender<Vec<End>>,
) {
    let mut replies = Vec::new();
    let mut next = Some(first);
    let mut outcome = ledger.begin();
    if outcome.is_ok() {
        // What goes wrong here is no command's fault; the one that it concerns will meet it again.
        let _ = ledger.in_savepoint(Ledger::end_what_expired);
    }
    while let Some(job) = next {
        outcome = outcome.and_then(|()| still_open(ledger));
        replies.push(job(outcome.clone().map(|()| ledger)));
        next = if outcome.is_ok() && replies.len() < BATCH {
            jobs.try_recv().ok()
        } else {
            None
        };
    }
    let outcome = outcome
        .and_then(|()| still_open(ledger))
        .and_then(|()| ledger.commit());
    if outcome.is_err() {
        ledger.roll_back();
    }
    for reply in replies {
        reply(outcome.clone());
    }
    let expired = ledger.expired.take();
    if outcome.is_ok() && !expired.is_empty() {
        // Nobody listens any more when the sandbox stops; the letters wait in the outbox.
        let _ = ends.send(expired);
    }
}

/// Some errors (a full disk) end the whole transaction: nothing of it is there any more.
fn still_open(ledger: &Ledger) -> Result<(), StoreError> {
    if ledger.in_transaction() {
        return Ok(());
    }
    let error = Box::<dyn Error + Send + Sync>::from("the transaction was rolled back");
    Err(StoreError::Database(Arc::from(error)))
}
