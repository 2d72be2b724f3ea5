//! A stub leaves nothing behind.

use serde_json::{Value, json};

use super::{ask, stub_of};
use crate::harness::{
    Listener, Sandbox, authorized, changed, is, not_found, not_replayed, standard, with_key,
};

#[test]
fn a_stubbed_start_uses_up_no_key_and_begins_nothing() {
    let sandbox = Sandbox::start();
    let body = standard(&sandbox.user_120(), "t-1");
    for (status, extension) in [
        ("200", ""),
        ("202", "responseCode=DECLINED"),
        ("202", "responseCode=CLIENT_ACTION_REQUIRED"),
        ("400", ""),
        ("504", ""),
    ] {
        let prefer = format!("status={status}");
        sandbox.send(&stub_of("POST", "transaction", &body, &prefer, extension));
    }
    let other = changed(&body, "/paymentItems/0/itemName", json!("Another"));
    let answer = sandbox.authorize(&other);
    authorized(&answer);
    not_replayed(&answer);
}

#[test]
fn stubbed_ids_are_nobodys() {
    let sandbox = Sandbox::start();
    let body = standard("123456789", "t-1");
    let start =
        |body: &Value| sandbox.send(&stub_of("POST", "transaction", body, "status=200", ""));
    let transaction = authorized(&start(&body));
    let other = authorized(&start(&with_key(&body, "t-2")));
    assert_ne!(transaction, other);
    assert_eq!(authorized(&start(&body)), transaction, "an equal request");
    for id in [&transaction, &other] {
        assert_eq!(id.len(), 10, "{id}");
        not_found(&sandbox.retrieve(id), "Invalid transaction id.");
        not_found(&sandbox.capture(id), "Invalid transaction id.");
        not_found(&sandbox.delete(id), "Invalid transaction id.");
    }

    let begun = ask(&sandbox, "POST", "identity", "status=200", "");
    let user = begun.text_at("/bangoUserId");
    is(
        &sandbox.authorize(&standard(&user, "t-1")),
        "INVALID_BANGOUSERID",
    );
    assert_eq!(sandbox.user(&user).status, 404);
    not_found(
        &sandbox.go_on(&begun.text_at("/sessionId")),
        "Invalid session id.",
    );
}

#[test]
fn stubbed_pages_lead_nowhere_and_nobody_is_notified() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    let urls = json!({
        "callbackUrl": merchant.url("/callback"),
        "notificationUrl": merchant.url("/notification"),
    });
    let start = changed(
        &standard("123456789", "t-1"),
        "/extensionData",
        urls.clone(),
    );
    let required = "responseCode=CLIENT_ACTION_REQUIRED";
    for (path, body) in [("identity", &urls), ("transaction", &start)] {
        let request = stub_of("POST", path, body, "status=202", required);
        let url = sandbox.send(&request).text_at("/parameters/url");
        assert_eq!(crate::harness::Payer::browser().get(&url).status, 404);
    }
    let cancelled = "responseCode=USER_CANCELLED";
    sandbox.send(&stub_of("POST", "identity", &urls, "status=202", cancelled));
    // What comes first is the notification of a payment that is real.
    let user = sandbox.identify("GBR_BANGOREDIRECT", "447710900180");
    let real = changed(&standard(&user, "t-2"), "/extensionData", urls);
    let url = sandbox.authorize(&real).text_at("/parameters/url");
    let payer = crate::harness::Payer::browser();
    payer.follows(payer.cancels(&url));
    assert_eq!(merchant.outcome().0["externalTransactionId"], "t-2");
}

#[test]
fn a_stubbed_capture_cancel_or_refund_moves_no_money() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("10.99", "1.00");
    let path = format!("transaction/{transaction}");
    for method in ["PUT", "DELETE"] {
        for status in ["200", "400", "404", "504"] {
            ask(&sandbox, method, &path, &format!("status={status}"), "");
        }
    }
    let captured = sandbox.capture(&transaction);
    is(&captured, "OK");
    not_replayed(&captured);
    for extension in ["responseCode=REFUNDED", "responseCode=CANCELLED"] {
        ask(&sandbox, "DELETE", &path, "status=200", extension);
    }
    let refunded = sandbox.delete(&transaction);
    is(&refunded, "REFUNDED");
    not_replayed(&refunded);
}

#[test]
fn a_stubbed_closing_closes_nothing() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let path = format!("identity/{user}");
    is(&ask(&sandbox, "DELETE", &path, "status=200", ""), "OK");
    assert_eq!(sandbox.user(&user).text_at("/status"), "OK");
}

#[test]
fn stubs_change_no_id_that_comes_after_them() {
    let ids = |stubs: bool| {
        let sandbox = Sandbox::with(&["--database", ":memory:", "--seed", "7"]);
        if stubs {
            ask(&sandbox, "POST", "identity", "status=200", "");
            ask(&sandbox, "POST", "transaction", "status=200", "");
        }
        let user = sandbox.user_120();
        let transaction = authorized(&sandbox.authorize(&standard(&user, "t-1")));
        (user, transaction)
    };
    assert_eq!(ids(true), ids(false));
}
