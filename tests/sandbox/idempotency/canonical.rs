//! Two bodies are the same when they are the same JSON value, however they are written.

use crate::harness::{
    Answer, Sandbox, authorized, bad_request, is, is_replay_of, not_replayed, standard,
};

/// A start, written as plainly as can be.
fn plain(user: &str) -> String {
    format!(
        concat!(
            r#"{{"bangoUserId":"{}","externalTransactionId":"t-1","paymentItems":[{{"priceList":"#,
            r#"[{{"grossAmount":"0.99","currencyIso3":"USD"}}],"itemName":"Café é/1"}}],"#,
            r#""own":{{"count":7,"list":[1,2]}}}}"#
        ),
        user
    )
}

fn start(sandbox: &Sandbox, body: &str) -> Answer {
    sandbox.text("POST", "transaction", body)
}

#[test]
fn order_white_space_and_escapes_do_not_matter() {
    let sandbox = Sandbox::start();
    let body = plain(&sandbox.user_120());
    let first = start(&sandbox, &body);
    authorized(&first);

    let spaced = body.replace(',', " ,\r\n\t").replace(':', " : ");
    let escaped = body
        .replace('é', "\\u00E9")
        .replace("/1", "\\/1")
        .replace("bangoUserId", "b\\u0061ngoUserId")
        .replace("t-1", "\\u0074-1");
    let value: serde_json::Value = serde_json::from_str(&body).unwrap();
    let members = value.as_object().unwrap();
    let turned: Vec<String> = members
        .iter()
        .rev()
        .map(|(name, value)| format!("{name:?}:{value}"))
        .collect();
    let turned = format!("{{{}}}", turned.join(","));
    for same in [spaced, escaped, turned] {
        assert_ne!(same, body);
        is_replay_of(&start(&sandbox, &same), &first);
    }
}

#[test]
fn a_mark_in_front_does_not_matter() {
    let sandbox = Sandbox::start();
    let body = plain(&sandbox.user_120());
    let first = start(&sandbox, &body);
    authorized(&first);
    is_replay_of(&start(&sandbox, &format!("\u{feff}{body}")), &first);
}

#[test]
fn what_differs_in_value_is_another_body() {
    let sandbox = Sandbox::start();
    let body = plain(&sandbox.user_120());
    let first = start(&sandbox, &body);
    authorized(&first);
    for (from, to) in [
        ("0.99", "00.99"),
        ("\"0.99\"", "\"1\""),
        ("[1,2]", "[2,1]"),
        ("Café", "Cafe\u{301}"),
        ("\"count\":7", "\"count\":\"7\""),
        ("\"count\":7", "\"count\":7,\"more\":null"),
        ("é/1", "é/1 "),
    ] {
        let other = body.replace(from, to);
        assert_ne!(other, body);
        let answer = start(&sandbox, &other);
        bad_request(&answer);
        not_replayed(&answer);
    }
    is_replay_of(&start(&sandbox, &body), &first);
}

#[test]
fn the_same_holds_for_captures_and_refunds() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let transaction = authorized(&sandbox.authorize(&standard(&user, "t-1")));
    let path = format!("transaction/{transaction}");
    let item = |gross: &str| {
        format!(
            r#"{{"externalTransactionId":"r-1","paymentItems":[{{"priceList":[{{"grossAmount":"{gross}","currencyIso3":"USD"}}]}}]}}"#
        )
    };
    let rewritten = |gross: &str| {
        format!(
            r#" {{ "paymentItems" : [ {{ "priceList" : [ {{ "currencyIso3" : "\u0055SD", "grossAmount" : "{gross}" }} ] }} ] , "externalTransactionId" : "r\u002d1" }} "#
        )
    };
    for method in ["PUT", "DELETE"] {
        let first = sandbox.text(method, &path, &item("0.59"));
        is(&first, if method == "PUT" { "OK" } else { "REFUNDED" });
        is_replay_of(&sandbox.text(method, &path, &rewritten("0.59")), &first);
    }
    bad_request(&sandbox.text("PUT", &path, &rewritten("0.58")));
}
