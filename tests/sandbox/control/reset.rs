//! `POST /_sandbox/reset`: everything is forgotten.

use std::thread;

use serde_json::{Value, json};

use super::{get, post, request};
use crate::harness::{Sandbox, authorized, is, not_found, not_replayed, sent_to_a_page, standard};

/// Resets, and gives the life that begins.
#[track_caller]
fn reset(sandbox: &Sandbox) -> String {
    let answer = sandbox.send(&request("POST", "reset"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let epoch = answer.text_at("/epoch");
    assert_eq!(answer.json(), json!({"epoch": epoch}));
    epoch
}

#[test]
fn nothing_of_before_is_known() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let body = standard(&user, "t-1");
    let transaction = authorized(&sandbox.authorize(&body));
    let (session, url) = sent_to_a_page(&sandbox.identity(&json!({})));
    reset(&sandbox);

    not_found(&sandbox.retrieve(&transaction), "Invalid transaction id.");
    not_found(&sandbox.capture(&transaction), "Invalid transaction id.");
    not_found(&sandbox.go_on(&session), "Invalid session id.");
    assert_eq!(sandbox.user(&user).status, 404);
    assert_eq!(crate::harness::Payer::browser().get(&url).status, 404);
    is(&sandbox.authorize(&body), "INVALID_BANGOUSERID");
    for (path, name) in [
        ("state", "payments"),
        ("sessions", "sessions"),
        ("users", "users"),
    ] {
        assert_eq!(get(&sandbox, path)[name], json!([]), "{path}");
    }
    // The key is free again, too.
    let answer = sandbox.authorize(&standard(&sandbox.user_120(), "t-1"));
    authorized(&answer);
    not_replayed(&answer);
}

#[test]
fn another_life_begins_and_every_answer_names_it() {
    let sandbox = Sandbox::start();
    let header = |sandbox: &Sandbox| {
        let answer = sandbox.retrieve("1");
        answer.header("bango-sandbox").expect("a life").to_owned()
    };
    let first = header(&sandbox);
    let second = reset(&sandbox);
    assert_ne!(first, second);
    assert_eq!(header(&sandbox), second);
    assert_eq!(get(&sandbox, "state")["epoch"], second.as_str());
    assert_ne!(reset(&sandbox), second);
}

#[test]
fn with_a_seed_everything_comes_out_the_same_again() {
    let sandbox = Sandbox::with(&["--database", ":memory:", "--seed", "7"]);
    let ids = || {
        let (session, url) = sent_to_a_page(&sandbox.identity(&json!({})));
        let user = sandbox.user_120();
        let transaction = authorized(&sandbox.authorize(&standard(&user, "t-1")));
        (session, url, user, transaction)
    };
    let before = ids();
    reset(&sandbox);
    assert_eq!(ids(), before);
}

#[test]
fn a_reset_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("sandbox.db");
    let sandbox = Sandbox::on(&database);
    let transaction = sandbox.authorized("1.00", "0.00");
    let epoch = reset(&sandbox);
    sandbox.kill();
    let sandbox = Sandbox::on(&database);
    assert_eq!(get(&sandbox, "state")["epoch"], epoch.as_str());
    not_found(&sandbox.retrieve(&transaction), "Invalid transaction id.");
}

#[test]
fn it_needs_credentials_and_the_right_verb() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("1.00", "0.00");
    let nobody = crate::harness::Request::new("POST", "/_sandbox/reset");
    is(&sandbox.send(&nobody), "UNAUTHORIZED");
    for verb in ["GET", "DELETE", "PUT"] {
        let answer = sandbox.send(&request(verb, "reset"));
        assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
    }
    is(&sandbox.capture(&transaction), "OK");
}

#[test]
fn calls_and_resets_at_once_leave_each_payment_in_one_life() {
    let sandbox = Sandbox::start();
    let started = |number: usize| {
        let user = post(&sandbox, "users", &json!({"msisdn": "447710900120"}));
        let body = standard(&user.text_at("/bangoUserId"), &format!("t-{number}"));
        let answer = sandbox.authorize(&body);
        let life = answer.header("bango-sandbox").expect("a life").to_owned();
        // Between the two a reset may have taken the user away.
        let code = answer.text_at("/responseCode");
        (code == "OK").then(|| (life, answer.text_at("/transactionId")))
    };
    let (payments, lives) = thread::scope(|scope| {
        let calling = (0..4).map(|part| {
            scope.spawn(move || {
                (0..25)
                    .filter_map(|number| started(part * 25 + number))
                    .collect()
            })
        });
        let calling: Vec<thread::ScopedJoinHandle<'_, Vec<_>>> = calling.collect();
        let lives: Vec<_> = (0..10).map(|_| reset(&sandbox)).collect();
        let payments: Vec<_> = calling
            .into_iter()
            .flat_map(|part| part.join().expect("no panic"))
            .collect();
        (payments, lives)
    });
    let state = get(&sandbox, "state?limit=1000");
    assert_eq!(state["epoch"].as_str(), lives.last().map(String::as_str));
    let there: Vec<&Value> = state["payments"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|payment| &payment["transactionId"])
        .collect();
    let mut expected: Vec<_> = payments
        .iter()
        .filter(|(life, _)| state["epoch"] == life.as_str())
        .map(|(_, transaction)| json!(transaction))
        .collect();
    let mut there: Vec<Value> = there.into_iter().cloned().collect();
    expected.sort_by_key(Value::to_string);
    there.sort_by_key(Value::to_string);
    assert_eq!(there, expected);
}
