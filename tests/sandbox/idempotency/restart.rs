//! A sandbox that is killed and started again on the same file goes on where it was.

use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{
    Answer, Payer, Sandbox, amounts, authorized, bad_request, is, is_replay_of, not_replayed,
    payment, sent_to_a_page, standard, with_key,
};

/// A database file and the sandbox that serves it for now.
struct Restartable {
    sandbox: Sandbox,
    database: PathBuf,
    _folder: TempDir,
}

impl Restartable {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("sandbox.db");
        Self {
            sandbox: Sandbox::on(&database),
            database,
            _folder: folder,
        }
    }

    fn restart(&mut self) {
        self.sandbox.kill();
        self.sandbox = Sandbox::on(&self.database);
    }
}

#[test]
fn every_kind_of_stored_answer_is_replayed_after_a_restart() {
    let mut place = Restartable::start();
    let user = place.sandbox.user_120();
    let start = payment(&user, "t-1", "10.99", "1.00");
    let capture = amounts("10.59", "0.90");
    let refund = with_key(&amounts("1.59", "0.20"), "r-1");

    let started = place.sandbox.authorize(&start);
    let transaction = authorized(&started);
    let path = format!("transaction/{transaction}");
    let captured = place.sandbox.capture_with(&transaction, &capture);
    let part = place.sandbox.delete_with(&transaction, &refund);
    let rest = place.sandbox.delete(&transaction);
    let other = place.sandbox.authorize(&standard(&user, "t-2"));
    let cancelled_path = format!("transaction/{}", authorized(&other));
    let cancelled = place.sandbox.bare("DELETE", &cancelled_path);
    for (answer, code) in [
        (&captured, "OK"),
        (&part, "REFUNDED"),
        (&rest, "REFUNDED"),
        (&cancelled, "CANCELLED"),
    ] {
        is(answer, code);
    }

    place.restart();
    is_replay_of(&place.sandbox.authorize(&start), &started);
    is_replay_of(&place.sandbox.json("PUT", &path, &capture), &captured);
    is_replay_of(&place.sandbox.json("DELETE", &path, &refund), &part);
    is_replay_of(&place.sandbox.bare("DELETE", &path), &rest);
    is_replay_of(&place.sandbox.bare("DELETE", &cancelled_path), &cancelled);
    is(
        &place
            .sandbox
            .delete_with(&transaction, &amounts("0.01", "0.00")),
        "ALREADY_REFUNDED",
    );
    bad_request(
        &place
            .sandbox
            .authorize(&payment(&user, "t-1", "10.98", "1.00")),
    );
}

#[test]
fn every_answer_names_the_database_which_a_restart_keeps() {
    let mut place = Restartable::start();
    let name = |answer: &Answer| answer.header("bango-sandbox").expect("a name").to_owned();
    let first = name(&place.sandbox.bare("POST", "identity"));
    assert_eq!(name(&place.sandbox.user("123456789")), first);
    place.restart();
    assert_eq!(name(&place.sandbox.user("123456789")), first);
    assert_ne!(name(&Sandbox::start().user("123456789")), first);
}

#[test]
fn a_refusal_is_replayed_and_a_transient_one_keeps_its_key_after_a_restart() {
    let mut place = Restartable::start();
    let declined = standard(&place.sandbox.identify("GBR_BANGO", "447710900129"), "t-1");
    let failing = standard(&place.sandbox.identify("GBR_BANGO", "447710900133"), "t-2");
    let first = place.sandbox.authorize(&declined);
    is(&first, "DECLINED");
    is(&place.sandbox.authorize(&failing), "CONNECT_ERROR");

    place.restart();
    is_replay_of(&place.sandbox.authorize(&declined), &first);
    let again = place.sandbox.authorize(&failing);
    is(&again, "CONNECT_ERROR");
    not_replayed(&again);
    let other = with_key(&standard(&place.sandbox.user_120(), ""), "t-2");
    bad_request(&place.sandbox.authorize(&other));
}

#[test]
fn a_payment_goes_on_after_a_restart_and_ids_are_not_given_twice() {
    let mut place = Restartable::start();
    let user = place.sandbox.user_120();
    let first = authorized(
        &place
            .sandbox
            .authorize(&payment(&user, "t-1", "10.99", "1.00")),
    );
    let shown = place.sandbox.retrieve(&first).text();

    place.restart();
    assert_eq!(place.sandbox.retrieve(&first).text(), shown);
    is(&place.sandbox.capture(&first), "OK");
    let second = authorized(&place.sandbox.authorize(&standard(&user, "t-2")));
    assert_ne!(first, second);
    let other = place.sandbox.identify("USA_BANGO", "12025550120");
    assert_ne!(other, user);

    place.restart();
    is(
        &place.sandbox.delete_with(&first, &amounts("10.00", "0.50")),
        "REFUNDED",
    );
    is(
        &place.sandbox.delete_with(&first, &amounts("1.00", "0.50")),
        "CANT_REFUND",
    );
}

#[test]
fn a_payer_who_is_on_the_pages_does_not_notice_a_restart() {
    let mut place = Restartable::start();
    let user = place.sandbox.identify("GBR_BANGOREDIRECT", "447710900180");
    let body = standard(&user, "t-1");
    let first = place.sandbox.authorize(&body);
    let (session, identity) = sent_to_a_page(
        &place
            .sandbox
            .identity(&Value::Object(serde_json::Map::new())),
    );
    let old = place.sandbox.authority.clone();

    place.restart();
    is_replay_of(&place.sandbox.authorize(&body), &first);
    let moved = |url: &str| url.replace(&old, &place.sandbox.authority);
    let payer = Payer::browser();
    payer
        .approves(&moved(&first.text_at("/parameters/url")))
        .location();
    payer.identifies(&moved(&identity), "447710900120").page();
    assert_eq!(place.sandbox.go_on(&session).text_at("/responseCode"), "OK");
}
