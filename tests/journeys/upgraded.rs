//! The first start after an upgrade that reads the same entries otherwise.

use bango_console::api::Operation;
use bango_console::clock::Clock;
use bango_console::exchange::{Body, CallId, Epoch, Request};
use bango_console::record::NewEntry;
use bango_console::record::entry::Sent;
use bango_console::record::journal::{Journal, Place, Sync};
use jiff::Timestamp;
use uuid::Uuid;

use crate::desk;

/// So many that making the rows anew takes longer than a look at them.
const CALLS: u128 = 3_000;

fn sent(number: u128) -> NewEntry {
    let request = Request {
        method: "POST".to_owned(),
        url: "http://127.0.0.1:2646/v5/transaction".to_owned(),
        headers: vec![],
        body: Body::whole(*b"{}"),
    };
    let sent = Sent {
        call: CallId(Uuid::from_u128(number)),
        operation: Operation::Authorize,
        request,
        step: None,
    };
    NewEntry::sent(Timestamp::UNIX_EPOCH, Epoch(Uuid::nil()), sent)
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_the_version_before_wrote_are_shown_once_they_are_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/journal-sandbox.db");
    let run = Uuid::from_u128(1);
    let journal = Journal::open(Place::File(path.clone()), run, &Clock::System).unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    journal.append(
        (1..=CALLS).map(sent).collect(),
        Sync::Batch,
        move |recorded| {
            tell.send(recorded.is_ok()).unwrap();
        },
    );
    assert!(told.recv().unwrap());
    drop(journal);
    let file = rusqlite::Connection::open(path).unwrap();
    file.execute_batch(
        "UPDATE meta SET value = 'older' WHERE name = 'fold';
         UPDATE transaction_row SET state = '{}'",
    )
    .unwrap();
    drop(file);

    let nowhere = "http://127.0.0.1:9/v5".to_owned();
    let mut desk = desk::open(folder.path(), nowhere).await.unwrap();
    desk.until(
        "the payments, their calls ended with their process",
        |state| {
            let newest = state.transactions.rows.first()?;
            (!newest.unresolved.is_empty()).then_some(())
        },
    )
    .await;
}
