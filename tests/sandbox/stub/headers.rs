//! How the two headers are read, and when they count.

use serde_json::json;

use super::{ask, stub, stub_of};
use crate::harness::{
    Request, Sandbox, authorized, bad_request, is, not_found, not_replayed, standard,
};

const SPEED_LIMIT: &str = "responseCode=SPEED_LIMIT";

#[test]
fn case_of_the_names_and_spaces_do_not_matter() {
    let sandbox = Sandbox::start();
    for (prefer, extension) in [
        ("status=202", SPEED_LIMIT),
        ("  STATUS  =  202  ", "  responsecode  =  SPEED_LIMIT  "),
        ("wait=5, status=\"202\"; foo=bar", SPEED_LIMIT),
    ] {
        let answer = ask(&sandbox, "POST", "transaction", prefer, extension);
        is(&answer, "SPEED_LIMIT");
    }
    let request = Request::new("POST", "/v5/transaction")
        .header(
            "Authorization",
            &crate::harness::basic("sandbox", "sandbox"),
        )
        .header("PREFER", "status=202")
        .header("Preference-Extension", SPEED_LIMIT);
    is(&sandbox.send(&request), "SPEED_LIMIT");
}

#[test]
fn what_cannot_be_read_is_a_bad_request_and_does_nothing() {
    let sandbox = Sandbox::start();
    let body = standard(&sandbox.user_120(), "t-1");
    for (prefer, extension) in [
        ("status", ""),
        ("status=", ""),
        ("status=20", ""),
        ("status=0200", ""),
        ("status=OK", ""),
        ("status=\u{662}\u{660}\u{660}", ""),
        ("status=202", "SPEED_LIMIT"),
        ("status=202", "code=SPEED_LIMIT"),
        ("status=202", "responseCode=SPEED_LIMIT;"),
        (
            "status=202",
            "responseCode=SPEED_LIMIT;responseCode=DECLINED",
        ),
        ("status=202", "responseCode=speed_limit"),
        ("status=202", "responseCode="),
        ("status=202", "responseCode=SPEED_LIMIT;action=REDIRECT"),
        ("status=200", "responseCode=OK;action=REDIRECT"),
        ("status=200", "action=REDIRECT"),
    ] {
        let request = stub_of("POST", "transaction", &body, prefer, extension);
        bad_request(&sandbox.send(&request));
    }
    let answer = sandbox.authorize(&body);
    authorized(&answer);
    not_replayed(&answer);
}

#[test]
fn an_extension_alone_is_a_bad_request() {
    let sandbox = Sandbox::start();
    let alone = Request::new("PUT", "/v5/transaction/1")
        .header(
            "Authorization",
            &crate::harness::basic("sandbox", "sandbox"),
        )
        .header("preference-extension", "responseCode=OK");
    bad_request(&sandbox.send(&alone));
    bad_request(&sandbox.send(&alone.header("Prefer", "wait=5")));
    let twice = stub("PUT", "transaction/1", "status=200", "responseCode=OK");
    is(&sandbox.send(&twice), "OK");
    bad_request(&sandbox.send(&twice.header("preference-extension", "responseCode=OK")));
}

#[test]
fn other_preferences_are_ignored_and_the_call_is_real() {
    let sandbox = Sandbox::start();
    let body = standard(&sandbox.user_120(), "t-1");
    let request = stub_of("POST", "transaction", &body, "respond-async, wait=10", "");
    let transaction = authorized(&sandbox.send(&request));
    is(&sandbox.capture(&transaction), "OK");
}

#[test]
fn credentials_path_and_verb_come_first() {
    let sandbox = Sandbox::start();
    let nobody = Request::new("POST", "/v5/transaction").header("Prefer", "status=200");
    is(&sandbox.send(&nobody), "UNAUTHORIZED");
    let nowhere = ask(&sandbox, "POST", "nothing", "status=200", "");
    not_found(&nowhere, "Invalid request.");
    let verb = ask(&sandbox, "PATCH", "transaction", "status=200", "");
    assert_eq!(verb.status, 405);
}

#[test]
fn nothing_else_is_looked_at() {
    let sandbox = Sandbox::start();
    for body in ["", "{", "[]", "{\"bangoUserId\": 7}"] {
        let request = stub("POST", "transaction", "status=202", SPEED_LIMIT)
            .header("Content-Type", "text/plain")
            .body(body);
        is(&sandbox.send(&request), "SPEED_LIMIT");
    }
    let invalid = sandbox.identify("GBR_BANGO", "447710900145");
    let request = stub_of(
        "POST",
        "transaction",
        &standard(&invalid, "t-1"),
        "status=200",
        "",
    );
    authorized(&sandbox.send(&request));
    for id in ["2006721250", "x", "%00"] {
        let path = format!("transaction/{id}");
        is(&ask(&sandbox, "PUT", &path, "status=200", ""), "OK");
    }
    let large = stub("POST", "transaction", "status=202", SPEED_LIMIT);
    let large = large.body(" ".repeat(1024 * 1024 + 1));
    is(&sandbox.send(&large), "SPEED_LIMIT");
    let unknown = ask(&sandbox, "POST", "identity/x", "status=200", "");
    assert_eq!(unknown.json()["sessionId"], json!("x"));
}

#[test]
fn head_is_stubbed_as_get_is() {
    let sandbox = Sandbox::start();
    let answer = ask(&sandbox, "HEAD", "transaction/1", "status=503", "");
    assert_eq!((answer.status, answer.text()), (503, String::new()));
}
