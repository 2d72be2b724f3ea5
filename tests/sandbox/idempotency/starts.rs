//! Starts under the same `externalTransactionId`.

use serde_json::{Value, json};

use crate::harness::{
    Payer, Sandbox, amounts, authorized, bad_request, changed, is, is_replay_of, not_replayed,
    payment, standard, status_of, with_key, without,
};

#[test]
fn a_start_without_a_key_is_new_every_time() {
    let sandbox = Sandbox::start();
    let keyed = standard(&sandbox.user_120(), "t-1");
    for body in [
        without(&keyed, "/externalTransactionId"),
        changed(&keyed, "/externalTransactionId", Value::Null),
    ] {
        let (first, second) = (sandbox.authorize(&body), sandbox.authorize(&body));
        not_replayed(&second);
        assert_ne!(authorized(&first), authorized(&second));
    }
}

#[test]
fn another_key_is_another_transaction() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let first = authorized(&sandbox.authorize(&standard(&user, "t-1")));
    let second = authorized(&sandbox.authorize(&standard(&user, "t-2")));
    assert_ne!(first, second);
}

#[test]
fn a_key_with_another_body_is_a_bad_request_and_changes_nothing() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let body = payment(&user, "t-1", "10.99", "1.00");
    let first = sandbox.authorize(&body);
    let price = "/paymentItems/0/priceList/0";
    for other in [
        payment(&user, "t-1", "10.98", "1.00"),
        payment(&user, "t-1", "10.99", "0.99"),
        payment(
            &sandbox.identify("GBR_BANGO", "447710900199"),
            "t-1",
            "10.99",
            "1.00",
        ),
        changed(&body, &format!("{price}/currencyIso3"), json!("EUR")),
        // The same amount in other words is another body: only the spelling of JSON does not matter.
        changed(&body, &format!("{price}/taxAmount"), json!("1.0")),
        changed(&body, "/paymentItems/0/itemName", json!("Another title")),
        changed(&body, "/extensionData/order", json!("7")),
        changed(&body, "/unknown", json!(null)),
        without(&body, "/paymentMethods"),
    ] {
        let answer = sandbox.authorize(&other);
        bad_request(&answer);
        not_replayed(&answer);
    }
    is_replay_of(&sandbox.authorize(&body), &first);
}

#[test]
fn a_start_is_replayed_in_every_later_state() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let body = payment(&user, "t-1", "10.99", "1.00");
    let first = sandbox.authorize(&body);
    let transaction = authorized(&first);
    for step in [
        sandbox.capture(&transaction),
        sandbox.delete_with(&transaction, &amounts("1.59", "0.20")),
        sandbox.delete(&transaction),
    ] {
        assert_eq!(step.status, 200);
        is_replay_of(&sandbox.authorize(&body), &first);
    }
    let body = standard(&user, "t-2");
    let first = sandbox.authorize(&body);
    is(&sandbox.delete(&authorized(&first)), "CANCELLED");
    is_replay_of(&sandbox.authorize(&body), &first);
}

#[test]
fn a_definite_refusal_is_replayed_and_keeps_its_key() {
    let sandbox = Sandbox::start();
    for (suffix, code) in [
        ("121", "USER_INSUFFICIENT_CREDIT"),
        ("126", "SPEED_LIMIT"),
        ("127", "NOT_AVAILABLE"),
        ("128", "PRICE_NOT_SUPPORTED"),
        ("129", "DECLINED"),
    ] {
        let user =
            sandbox.identify_as(Payer::program(), "GBR_BANGO", &format!("447710900{suffix}"));
        let body = standard(&user, suffix);
        let first = sandbox.authorize(&body);
        is(&first, code);
        not_replayed(&first);
        is_replay_of(&sandbox.authorize(&body), &first);
        bad_request(&sandbox.authorize(&payment(&user, suffix, "1.99", "0.00")));
        is_replay_of(&sandbox.authorize(&body), &first);
    }
}

#[test]
fn a_transient_refusal_runs_again_while_its_key_stays_bound_to_its_body() {
    let sandbox = Sandbox::start();
    for (suffix, code) in [
        ("133", "CONNECT_ERROR"),
        ("137", "CONNECT_TIMEOUT"),
        ("141", "FAILURE"),
    ] {
        let user =
            sandbox.identify_as(Payer::program(), "GBR_BANGO", &format!("447710900{suffix}"));
        let body = standard(&user, suffix);
        for _ in 0..3 {
            let answer = sandbox.authorize(&body);
            assert_eq!(answer.status, status_of(code));
            is(&answer, code);
            not_replayed(&answer);
            bad_request(&sandbox.authorize(&payment(&user, suffix, "1.99", "0.00")));
        }
    }
}

#[test]
fn no_bad_request_binds_a_key() {
    let sandbox = Sandbox::start();
    let body = standard(&sandbox.user_120(), "t-1");
    for bad in [
        without(&body, "/paymentItems"),
        changed(
            &body,
            "/paymentItems/0/priceList/0/grossAmount",
            json!("a lot"),
        ),
        changed(&body, "/bangoUserId", json!("123456789")),
    ] {
        let answer = sandbox.authorize(&bad);
        assert_eq!(answer.status, 400);
        not_replayed(&answer);
        let answer = sandbox.authorize(&bad);
        assert_eq!(answer.status, 400);
        not_replayed(&answer);
    }
    let answer = sandbox.authorize(&body);
    authorized(&answer);
    not_replayed(&answer);
}

#[test]
fn an_invalid_user_of_the_table_binds_no_key_either() {
    let sandbox = Sandbox::start();
    let invalid = sandbox.identify("GBR_BANGO", "447710900145");
    for _ in 0..2 {
        let answer = sandbox.authorize(&standard(&invalid, "t-1"));
        is(&answer, "INVALID_BANGOUSERID");
        not_replayed(&answer);
    }
    authorized(&sandbox.authorize(&standard(&sandbox.user_120(), "t-1")));
}

#[test]
fn wrong_credentials_bind_no_key() {
    let sandbox = Sandbox::start();
    let body = standard(&sandbox.user_120(), "t-1");
    let request = crate::harness::Request::new("POST", "/v5/transaction")
        .header("Authorization", &crate::harness::basic("sandbox", "wrong"))
        .header("Content-Type", "application/json")
        .body(body.to_string());
    is(&sandbox.send(&request), "UNAUTHORIZED");
    let answer = sandbox.authorize(&body);
    authorized(&answer);
    not_replayed(&answer);
}

#[test]
fn asking_for_options_does_not_use_up_a_key() {
    let sandbox = Sandbox::start();
    let body = standard(&sandbox.user_120(), "t-1");
    assert_eq!(sandbox.options(&body).status, 200);
    assert_eq!(sandbox.options(&body).status, 200);
    let answer = sandbox.authorize(&with_key(
        &payment(&sandbox.user_120(), "", "5.00", "0.00"),
        "t-1",
    ));
    authorized(&answer);
    not_replayed(&answer);
}

#[test]
fn a_redirect_is_replayed_with_the_same_url_also_after_the_payer_has_finished() {
    let sandbox = Sandbox::start();
    let user = sandbox.identify("GBR_BANGOREDIRECT", "447710900180");
    for (key, approve) in [("t-1", true), ("t-2", false)] {
        let body = standard(&user, key);
        let first = sandbox.authorize(&body);
        assert_eq!(first.status, 202);
        not_replayed(&first);
        is_replay_of(&sandbox.authorize(&body), &first);
        let url = first.text_at("/parameters/url");
        let payer = Payer::program();
        if approve {
            payer.approves(&url).location();
        } else {
            payer.cancels(&url).location();
        }
        is_replay_of(&sandbox.authorize(&body), &first);
        bad_request(&sandbox.authorize(&payment(&user, key, "5.00", "0.00")));
    }
}
