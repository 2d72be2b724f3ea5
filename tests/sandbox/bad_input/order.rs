//! When several things are wrong, the one that is checked first is named: credentials, path, verb, body,
//! stored answer, user or transaction, state and amounts, and TestPay last.

use serde_json::json;

use super::request;
use crate::harness::{
    Request, Sandbox, amounts, authorized, bad_request, is, is_replay_of, not_found, standard,
    with_key,
};

#[test]
fn credentials_come_before_path_and_verb() {
    let sandbox = Sandbox::start();
    for (method, path) in [
        ("GET", "/v5/nothing"),
        ("PATCH", "/v5/transaction"),
        ("POST", "/v5/identity"),
    ] {
        is(
            &sandbox.send(&Request::new(method, path).body("{")),
            "UNAUTHORIZED",
        );
    }
}

#[test]
fn path_comes_before_verb_and_verb_before_body() {
    let sandbox = Sandbox::start();
    not_found(&sandbox.text("PATCH", "nothing", "{"), "Invalid request.");
    assert_eq!(sandbox.text("PATCH", "transaction", "{").status, 405);
}

#[test]
fn the_type_of_a_body_comes_before_its_text_and_its_text_before_its_members() {
    let sandbox = Sandbox::start();
    let plain = request("POST", "transaction").header("Content-Type", "text/plain");
    assert_eq!(sandbox.send(&plain.body("{")).status, 415);
    let broken = sandbox.text("POST", "transaction", r#"{"bangoUserId": 7,}"#);
    bad_request(&broken);
    let reason = broken
        .header("bango-sandbox-reason")
        .unwrap()
        .to_ascii_lowercase();
    assert!(reason.contains("comma"), "{reason}");
}

#[test]
fn the_body_comes_before_the_user() {
    let sandbox = Sandbox::start();
    bad_request(&sandbox.authorize(&json!({"bangoUserId": "123456789", "paymentItems": []})));
}

#[test]
fn the_body_comes_before_the_transaction_and_the_session() {
    let sandbox = Sandbox::start();
    for method in ["PUT", "DELETE"] {
        bad_request(&sandbox.text(method, "transaction/2006721250", "{"));
        bad_request(&sandbox.json(
            method,
            "transaction/2006721250",
            &json!({"paymentItems": []}),
        ));
        let answer = sandbox.json(method, "transaction/2006721250", &amounts("1.00", "0.00"));
        not_found(&answer, "Invalid transaction id.");
    }
    bad_request(&sandbox.text("POST", "identity/8322c4adc6ad4046b58ecb4a9f0b1551", "{"));
}

#[test]
fn the_stored_answer_comes_before_the_user() {
    let sandbox = Sandbox::start();
    let good = standard(&sandbox.user_120(), "t-1");
    let first = sandbox.authorize(&good);
    authorized(&first);
    bad_request(&sandbox.authorize(&standard("123456789", "t-1")));
    is_replay_of(&sandbox.authorize(&good), &first);
    is(
        &sandbox.authorize(&with_key(&standard("123456789", ""), "t-2")),
        "INVALID_BANGOUSERID",
    );
}

#[test]
fn state_and_amounts_come_before_what_the_number_is_for() {
    let sandbox = Sandbox::start();
    let declining = sandbox.identify("GBR_BANGO", "447710900130");
    let transaction = authorized(&sandbox.authorize(&standard(&declining, "t-1")));
    bad_request(&sandbox.capture_with(&transaction, &amounts("1.00", "0.00")));
    bad_request(&sandbox.delete_with(&transaction, &amounts("0.50", "0.00")));
    is(&sandbox.capture(&transaction), "DECLINED");

    let declining = sandbox.identify("GBR_BANGO", "447710900132");
    let transaction = authorized(&sandbox.authorize(&standard(&declining, "t-2")));
    is(&sandbox.capture(&transaction), "OK");
    is(
        &sandbox.delete_with(&transaction, &amounts("1.00", "0.00")),
        "CANT_REFUND",
    );
    is(
        &sandbox.delete_with(&transaction, &amounts("0.99", "0.00")),
        "DECLINED",
    );
}
