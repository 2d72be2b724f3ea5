//! Many at the same moment: money moves once.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::{Answer, Sandbox, amounts, at_once, authorized, is, payment, with_key};

/// How many ask at once.
const CROWD: usize = 16;

/// How often each code came.
fn codes(answers: &[Answer]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for answer in answers {
        *counts.entry(answer.text_at("/responseCode")).or_default() += 1;
    }
    counts
}

fn replays(answers: &[Answer]) -> usize {
    let replayed = |answer: &&Answer| answer.header("bango-sandbox-replayed").is_some();
    answers.iter().filter(replayed).count()
}

fn counted<const N: usize>(codes: [(&str, usize); N]) -> BTreeMap<String, usize> {
    codes.map(|(code, count)| (code.to_owned(), count)).into()
}

#[test]
fn different_starts_under_one_key_are_one_transaction() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let answers = at_once(CROWD, |number| {
        let gross = format!("{}.00", number + 1);
        sandbox.authorize(&payment(&user, "t-1", &gross, "0.00"))
    });
    assert_eq!(
        codes(&answers),
        counted([("OK", 1), ("BAD_REQUEST", CROWD - 1)])
    );
}

#[test]
fn different_captures_are_one() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("100.00", "0.00");
    let answers = at_once(CROWD, |number| {
        let gross = format!("{}.00", number + 1);
        sandbox.capture_with(&transaction, &amounts(&gross, "0.00"))
    });
    assert_eq!(
        codes(&answers),
        counted([("OK", 1), ("BAD_REQUEST", CROWD - 1)])
    );
    let winner = answers
        .iter()
        .position(|answer| answer.status == 200)
        .unwrap()
        + 1;
    is(
        &sandbox.delete_with(&transaction, &amounts(&format!("{winner}.01"), "0.00")),
        "CANT_REFUND",
    );
    is(
        &sandbox.delete_with(&transaction, &amounts(&format!("{winner}.00"), "0.00")),
        "REFUNDED",
    );
}

#[test]
fn equal_refunds_under_one_key_are_one() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("10.00", "0.00");
    let refund = with_key(&amounts("1.00", "0.00"), "r-1");
    let answers = at_once(CROWD, |_| sandbox.delete_with(&transaction, &refund));
    assert_eq!(codes(&answers), counted([("REFUNDED", CROWD)]));
    assert_eq!(replays(&answers), CROWD - 1);
    is(
        &sandbox.delete_with(&transaction, &amounts("9.01", "0.00")),
        "CANT_REFUND",
    );
    is(
        &sandbox.delete_with(&transaction, &amounts("9.00", "0.00")),
        "REFUNDED",
    );
}

#[test]
fn a_capture_and_a_cancel_never_both_win() {
    let sandbox = Sandbox::start();
    for _ in 0..8 {
        let transaction = sandbox.authorized("10.00", "0.00");
        let answers = at_once(CROWD, |number| match number % 2 {
            0 => sandbox.capture(&transaction),
            _ => sandbox.delete(&transaction),
        });
        let codes = codes(&answers);
        let half = CROWD / 2;
        let captured = counted([("OK", half), ("REFUNDED", half)]);
        let cancelled = counted([("BAD_REQUEST", half), ("CANCELLED", half)]);
        assert!(codes == captured || codes == cancelled, "{codes:?}");
    }
}

#[test]
fn a_client_that_hangs_up_and_asks_again_has_moved_money_once() {
    let sandbox = Sandbox::start();
    let start = payment(&sandbox.user_120(), "t-1", "10.99", "1.00");
    let again = |method: &str, path: &str, body: &Value| {
        for _ in 0..4 {
            sandbox.hang_up(method, path, body);
        }
        sandbox.json(method, path, body)
    };
    let transaction = authorized(&again("POST", "transaction", &start));
    let path = format!("transaction/{transaction}");
    is(&again("PUT", &path, &amounts("10.59", "0.90")), "OK");
    let part = with_key(&amounts("1.59", "0.20"), "r-1");
    is(&again("DELETE", &path, &part), "REFUNDED");
    is(
        &sandbox.delete_with(&transaction, &amounts("9.01", "0.70")),
        "CANT_REFUND",
    );
    is(
        &again("DELETE", &path, &json!({"externalTransactionId": "r-2"})),
        "REFUNDED",
    );
    is(
        &sandbox.delete_with(&transaction, &amounts("0.01", "0.00")),
        "ALREADY_REFUNDED",
    );
    let other = sandbox.authorized("1.00", "0.00");
    is(
        &again("DELETE", &format!("transaction/{other}"), &json!({})),
        "CANCELLED",
    );
}
