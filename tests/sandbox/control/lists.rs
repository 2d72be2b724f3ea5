//! `GET /_sandbox/state`, `/_sandbox/sessions` and `/_sandbox/users`.

use serde_json::{Value, json};

use super::{get, request};
use crate::harness::{
    Payer, Sandbox, amounts, bad_request, is, not_found, payment, sent_to_a_page, standard,
};

/// The payments that the state names, oldest first.
#[track_caller]
fn payments(sandbox: &Sandbox, query: &str) -> Vec<Value> {
    let state = get(sandbox, &format!("state{query}"));
    state["payments"].as_array().expect("a list").clone()
}

/// The state of the one payment there is, and its three sums.
#[track_caller]
fn sums(sandbox: &Sandbox) -> (String, [[String; 2]; 3]) {
    let [payment] = payments(sandbox, "").try_into().expect("one payment");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let sum = |name: &str| [text(&payment[name]["gross"]), text(&payment[name]["tax"])];
    (
        text(&payment["state"]),
        [sum("authorized"), sum("captured"), sum("refunded")],
    )
}

#[track_caller]
fn stands(sandbox: &Sandbox, state: &str, expected: [[&str; 2]; 3]) {
    let expected = expected.map(|sum| sum.map(str::to_owned));
    assert_eq!(sums(sandbox), (state.to_owned(), expected));
}

const NONE: [&str; 2] = ["0.00", "0.00"];

#[test]
fn the_state_follows_the_money() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let start = payment(&user, "t-1", "10.99", "1.00");
    let transaction = sandbox.authorize(&start).text_at("/transactionId");
    let all = ["10.99", "1.00"];
    stands(&sandbox, "AUTHORIZED", [all, NONE, NONE]);
    is(
        &sandbox.capture_with(&transaction, &amounts("10.59", "0.90")),
        "OK",
    );
    let captured = ["10.59", "0.90"];
    stands(&sandbox, "CAPTURED", [all, captured, NONE]);
    is(
        &sandbox.delete_with(&transaction, &amounts("1.59", "0.20")),
        "REFUNDED",
    );
    let part = ["1.59", "0.20"];
    stands(&sandbox, "PARTIALLY_REFUNDED", [all, captured, part]);
    is(&sandbox.delete(&transaction), "REFUNDED");
    stands(&sandbox, "REFUNDED", [all, captured, captured]);
}

#[test]
fn a_payment_is_named_with_all_that_it_is() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let answer = sandbox.authorize(&payment(&user, "t-1", "10.99", "1.00"));
    let state = get(&sandbox, "state");
    let expected = json!({
        "epoch": answer.header("bango-sandbox"),
        "now": state["now"],
        "payments": [{
            "transactionId": answer.text_at("/transactionId"),
            "externalTransactionId": "t-1",
            "bangoUserId": user,
            "state": "AUTHORIZED",
            "currency": "USD",
            "authorized": {"gross": "10.99", "tax": "1.00"},
            "captured": {"gross": "0.00", "tax": "0.00"},
            "refunded": {"gross": "0.00", "tax": "0.00"},
            "expiresAt": state["payments"][0]["expiresAt"],
        }],
        "next": null,
    });
    assert_eq!(state, expected);
    let now = state["now"].as_str().expect("a time");
    let expires = state["payments"][0]["expiresAt"].as_str().expect("a time");
    assert!(now < expires && now.ends_with('Z'), "{now} {expires}");
}

#[test]
fn what_never_was_authorized_shows_no_money() {
    let cancelled = Sandbox::start();
    let user = cancelled.identify("GBR_BANGOREDIRECT", "447710900180");
    let url = cancelled
        .authorize(&standard(&user, "t-1"))
        .text_at("/parameters/url");
    stands(&cancelled, "PENDING_REDIRECT", [NONE, NONE, NONE]);
    assert!(payments(&cancelled, "")[0]["expiresAt"].is_string());
    Payer::program().cancels(&url);
    stands(&cancelled, "USER_CANCELLED", [NONE, NONE, NONE]);
    assert_eq!(payments(&cancelled, "")[0]["expiresAt"], Value::Null);

    let refused = Sandbox::start();
    let user = refused.identify("GBR_BANGO", "447710900129");
    is(&refused.authorize(&standard(&user, "t-1")), "DECLINED");
    stands(&refused, "REFUSED", [NONE, NONE, NONE]);
    assert_eq!(payments(&refused, "")[0]["transactionId"], Value::Null);
}

#[test]
fn a_cancelled_payment_shows_what_was_held() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("10.99", "1.00");
    is(&sandbox.delete(&transaction), "CANCELLED");
    stands(&sandbox, "CANCELLED", [["10.99", "1.00"], NONE, NONE]);
}

#[test]
fn a_list_comes_in_stretches_of_any_length() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    for number in 0..5 {
        sandbox.authorize(&standard(&user, &format!("t-{number}")));
    }
    for limit in 1..=6 {
        let mut found = Vec::new();
        let mut path = format!("state?limit={limit}");
        loop {
            let state = get(&sandbox, &path);
            let rows = state["payments"].as_array().expect("a list");
            assert!(rows.len() <= limit);
            found.extend(rows.iter().map(|row| row["externalTransactionId"].clone()));
            match state["next"].as_str() {
                Some(next) => path = format!("state?limit={limit}&after={next}"),
                None => break,
            }
        }
        assert_eq!(found, ["t-0", "t-1", "t-2", "t-3", "t-4"], "by {limit}");
    }
}

#[test]
fn one_payment_can_be_asked_for() {
    let sandbox = Sandbox::start();
    sandbox.authorized("1.00", "0.00");
    let transaction = sandbox.authorized("2.00", "0.00");
    let [found] = payments(&sandbox, &format!("?transaction={transaction}"))
        .try_into()
        .expect("one payment");
    assert_eq!(found["transactionId"], transaction.as_str());
    for unknown in ["2006721250", "x", "%00"] {
        let found = payments(&sandbox, &format!("?transaction={unknown}"));
        assert_eq!(found, [] as [Value; 0]);
    }
}

#[test]
fn sessions_are_listed_with_where_they_stand() {
    let sandbox = Sandbox::start();
    let begin =
        || sent_to_a_page(&sandbox.identity(&json!({"identificationMethodKey": "GBR_BANGO"})));
    let cancel = |session: &str| {
        let path = format!("identity/{session}");
        sandbox.json("POST", &path, &json!({"action": "cancel"}))
    };
    begin();
    let (_, url) = begin();
    Payer::program().identifies(&url, "447710900120");
    let (_, url) = begin();
    Payer::program().cancels(&url);
    let (sms, _) = begin();
    cancel(&sms);
    let (wait, _) = begin();
    cancel(&wait);
    sandbox.go_on(&wait);
    let (none, _) = begin();
    cancel(&none);
    cancel(&none);

    let list = get(&sandbox, "sessions");
    let sessions = list["sessions"].as_array().expect("a list");
    let states: Vec<_> = sessions.iter().map(|session| &session["state"]).collect();
    assert_eq!(
        states,
        [
            "REDIRECT",
            "OK",
            "USER_CANCELLED",
            "SEND_SMS",
            "WAIT",
            "NOT_AVAILABLE"
        ]
    );
    let user = sandbox.user_120();
    let expected = json!({
        "sessionId": sessions[1]["sessionId"],
        "key": "GBR_BANGO",
        "state": "OK",
        "bangoUserId": user,
        "expiresAt": sessions[1]["expiresAt"],
    });
    assert_eq!(sessions[1], expected);
    assert_eq!(sessions[3]["sessionId"], sms.as_str());
}

#[test]
fn looking_changes_nothing_and_is_no_call() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("1.00", "0.00");
    let before = get(&sandbox, "state")["payments"].clone();
    for path in ["state", "sessions", "users"] {
        get(&sandbox, path);
        let head = sandbox.send(&request("HEAD", path));
        assert_eq!((head.status, head.text()), (200, String::new()));
    }
    assert_eq!(get(&sandbox, "state")["payments"], before);
    is(&sandbox.capture(&transaction), "OK");
}

#[test]
fn what_is_wrong_is_refused_in_the_envelope() {
    let sandbox = Sandbox::start();
    for path in ["state", "sessions", "users", "activity", "nothing"] {
        let nobody = crate::harness::Request::new("GET", &format!("/_sandbox/{path}"));
        is(&sandbox.send(&nobody), "UNAUTHORIZED");
    }
    for path in ["nothing", "state/1", "users/1"] {
        not_found(&sandbox.send(&request("GET", path)), "Invalid request.");
    }
    for (method, path, allowed) in [
        ("POST", "state", "GET, HEAD"),
        ("DELETE", "users", "GET, HEAD, POST"),
        ("POST", "activity", "GET"),
    ] {
        let answer = sandbox.send(&request(method, path));
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, Some(allowed))
        );
    }
    for query in ["after=x", "after=1.5", "limit=-1", "limit=x"] {
        for path in ["state", "sessions", "users"] {
            let request = request("GET", &format!("{path}?{query}"));
            bad_request(&sandbox.send(&request));
        }
    }
    get(&sandbox, "state?limit=0&after=&colour=red");
}
