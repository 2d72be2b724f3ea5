//! Killed under load: whatever was acknowledged is still there, and nothing is there twice.

use std::collections::BTreeSet;
use std::sync::mpsc::{self, Sender};
use std::thread;

use serde_json::Value;

use crate::harness::{Answer, Sandbox, amounts, is, payment, with_key};

/// How many merchants pay at once, and after how many acknowledgements the sandbox is killed.
const MERCHANTS: usize = 8;
const ENOUGH: usize = 150;

/// A call, as it can be sent again.
#[derive(Clone, Debug)]
struct Call {
    method: &'static str,
    path: String,
    body: Value,
}

impl Call {
    fn start(user: &str, external: &str) -> Self {
        Self {
            method: "POST",
            path: "transaction".to_owned(),
            body: payment(user, external, "10.00", "1.00"),
        }
    }

    fn capture(transaction: &str) -> Self {
        Self {
            method: "PUT",
            path: format!("transaction/{transaction}"),
            body: amounts("9.00", "0.90"),
        }
    }

    fn refund(transaction: &str) -> Self {
        Self {
            method: "DELETE",
            path: format!("transaction/{transaction}"),
            body: with_key(&amounts("2.00", "0.20"), "part"),
        }
    }

    fn send(&self, sandbox: &Sandbox) -> Answer {
        sandbox.json(self.method, &self.path, &self.body)
    }
}

/// A call that went out, and the answer unless the sandbox died over it.
#[derive(Clone, Debug)]
struct Sent {
    call: Call,
    answer: Option<Answer>,
}

/// Pays until the sandbox does not answer any more: start, capture, a partial refund.
fn pay(sandbox: &Sandbox, user: &str, merchant: usize, report: &Sender<Sent>) {
    let send = |call: Call| -> Option<Answer> {
        let answer = sandbox.try_json(call.method, &call.path, &call.body);
        let _ = report.send(Sent {
            call,
            answer: answer.clone(),
        });
        answer
    };
    for number in 0.. {
        let start = Call::start(user, &format!("{merchant}-{number}"));
        let Some(answer) = send(start) else { return };
        let transaction = answer.text_at("/transactionId");
        let more = send(Call::capture(&transaction)).and_then(|_| send(Call::refund(&transaction)));
        if more.is_none() {
            return;
        }
    }
}

/// Everything that was sent until the sandbox was killed under load.
fn load_until_killed(sandbox: &Sandbox, kill: impl FnOnce() + Send, user: &str) -> Vec<Sent> {
    let (report, reports) = mpsc::channel();
    thread::scope(|scope| {
        for merchant in 0..MERCHANTS {
            let report = report.clone();
            scope.spawn(move || pay(sandbox, user, merchant, &report));
        }
        drop(report);
        let mut sent: Vec<Sent> = reports.iter().take(ENOUGH).collect();
        kill();
        sent.extend(reports);
        sent
    })
}

/// The acknowledged calls whose repetition does not bring the very same answer from memory.
fn lost(sandbox: &Sandbox, sent: &[Sent]) -> Vec<Call> {
    sent.iter()
        .filter(|sent| {
            sent.answer.as_ref().is_some_and(|first| {
                let again = sent.call.send(sandbox);
                let same = (again.status, &again.body) == (first.status, &first.body);
                !same || again.header("bango-sandbox-replayed") != Some("true")
            })
        })
        .map(|sent| sent.call.clone())
        .collect()
}

/// Finishes what the kill cut off by sending the same again, then shows that each payment was
/// authorized, captured and refunded once: the rest fits to the cent.
fn nothing_is_doubled(sandbox: &Sandbox, sent: &[Sent]) {
    let mut transactions = BTreeSet::new();
    let starts: Vec<_> = sent
        .iter()
        .filter(|sent| sent.call.method == "POST")
        .collect();
    for start in &starts {
        let transaction = start.call.send(sandbox).text_at("/transactionId");
        is(&Call::capture(&transaction).send(sandbox), "OK");
        is(&Call::refund(&transaction).send(sandbox), "REFUNDED");
        is(
            &sandbox.delete_with(&transaction, &amounts("7.01", "0.70")),
            "CANT_REFUND",
        );
        is(
            &sandbox.delete_with(&transaction, &amounts("7.00", "0.71")),
            "CANT_REFUND",
        );
        is(
            &sandbox.delete_with(&transaction, &amounts("7.00", "0.70")),
            "REFUNDED",
        );
        transactions.insert(transaction);
    }
    assert_eq!(transactions.len(), starts.len(), "two payments share an id");
}

#[test]
fn killed_under_load_it_loses_nothing_acknowledged_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("sandbox.db");
    let sandbox = Sandbox::on(&database);
    let user = sandbox.user_120();
    let sent = load_until_killed(&sandbox, || sandbox.kill(), &user);
    let acknowledged = sent.iter().filter(|sent| sent.answer.is_some()).count();
    assert!(
        acknowledged >= ENOUGH - MERCHANTS,
        "there was load: {acknowledged}"
    );

    let sandbox = Sandbox::on(&database);
    let missing = lost(&sandbox, &sent);
    assert!(missing.is_empty(), "lost: {missing:?}");
    nothing_is_doubled(&sandbox, &sent);

    // The control: an acknowledgement that nobody gave is missed, and only that.
    let mut forged = sent[0].clone();
    forged.call = Call::start(&user, "never-sent");
    let missing = lost(&sandbox, &[sent[1].clone(), forged]);
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert_eq!(missing[0].body["externalTransactionId"], "never-sent");
}

#[test]
fn the_check_sees_that_a_sandbox_without_a_file_forgets() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let sent = load_until_killed(&sandbox, || sandbox.kill(), &user);
    let acknowledged = sent.iter().filter(|sent| sent.answer.is_some()).count();
    assert_eq!(lost(&Sandbox::start(), &sent).len(), acknowledged);
}
