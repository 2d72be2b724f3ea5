//! Paths, verbs, content types and sizes.

use std::fmt::Write as _;

use serde_json::json;

use super::request;
use crate::control::get;
use crate::harness::{
    Answer, Request, Sandbox, authorized, bad_request, basic, exchange, is, not_found,
    sent_to_a_page, standard,
};

/// One MiB, the most that a body may have.
const MOST: usize = 1024 * 1024;

#[test]
fn an_unknown_path_is_not_found() {
    let sandbox = Sandbox::start();
    for path in [
        "",
        "payments",
        "transactions",
        "Transaction",
        "transaction/1/2",
        "identity/1/2",
        "transaction/1/",
        "..",
        "%2e%2e/v5/identity",
    ] {
        for method in ["GET", "POST", "OPTIONS"] {
            not_found(&sandbox.bare(method, path), "Invalid request.");
        }
    }
}

#[test]
fn an_unknown_transaction_is_not_found() {
    let sandbox = Sandbox::start();
    sandbox.authorized("1.00", "0.00");
    for id in [
        "2006721250",
        "0",
        "null",
        "x",
        "-1",
        "%00",
        "99999999999999999999999999",
    ] {
        let message = "Invalid transaction id.";
        not_found(&sandbox.retrieve(id), message);
        not_found(&sandbox.capture(id), message);
        not_found(&sandbox.delete(id), message);
    }
}

#[test]
fn a_known_path_with_another_verb_names_the_verbs_it_has() {
    let sandbox = Sandbox::start();
    for (path, allowed, others) in [
        (
            "transaction",
            &["OPTIONS", "POST"][..],
            &["GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE"][..],
        ),
        (
            "transaction/1",
            &["GET", "PUT", "DELETE"],
            &["POST", "OPTIONS", "PATCH", "TRACE"],
        ),
        (
            "identity",
            &["POST"],
            &["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"],
        ),
        (
            "identity/1",
            &["DELETE", "GET", "POST"],
            &["PUT", "OPTIONS", "PATCH", "TRACE"],
        ),
    ] {
        for method in others {
            let answer = sandbox.bare(method, path);
            assert_eq!(answer.status, 405, "{method} {path}");
            let allow = answer.header("allow").unwrap_or_default();
            let named: Vec<_> = allow.split(',').map(str::trim).collect();
            assert!(!named.contains(method), "{method} {path}: {allow}");
            for verb in allowed {
                assert!(named.contains(verb), "{method} {path}: {allow}");
            }
            if *method != "HEAD" {
                says(&answer, 405);
            }
        }
    }
}

/// The answer is `BAD_REQUEST` under this status, with a reason.
#[track_caller]
fn says(answer: &Answer, status: u16) {
    let mut as_400 = answer.clone();
    assert_eq!(answer.status, status, "{}", answer.text());
    as_400.status = 400;
    bad_request(&as_400);
}

#[test]
fn head_is_get_without_a_body() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let transaction = authorized(&sandbox.authorize(&standard(&user, "t-1")));
    for path in [
        format!("transaction/{transaction}"),
        "transaction/2006721250".to_owned(),
        format!("identity/{user}"),
        "identity/123456789".to_owned(),
    ] {
        let (get, head) = (sandbox.bare("GET", &path), sandbox.bare("HEAD", &path));
        assert_eq!((head.status, head.text()), (get.status, String::new()));
        for name in ["content-type", "content-length", "bango-sandbox-reason"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
    }
    is(&sandbox.capture(&transaction), "OK");
}

#[test]
fn options_is_an_operation_and_needs_its_body() {
    let sandbox = Sandbox::start();
    bad_request(&sandbox.bare("OPTIONS", "transaction"));
    bad_request(&sandbox.options(&json!({})));
    let asked_by_a_browser = request("OPTIONS", "transaction")
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "content-type");
    let answer = sandbox.send(&asked_by_a_browser);
    bad_request(&answer);
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[test]
fn a_start_needs_its_body() {
    let sandbox = Sandbox::start();
    bad_request(&sandbox.bare("POST", "transaction"));
    bad_request(&sandbox.text("POST", "transaction", ""));
}

#[test]
fn a_body_that_is_said_to_be_something_else_is_an_unsupported_media_type() {
    let sandbox = Sandbox::start();
    let good = standard(&sandbox.user_120(), "t-1");
    let start = |kind: &str| {
        sandbox.send(
            &request("POST", "transaction")
                .header("Content-Type", kind)
                .body(good.to_string()),
        )
    };
    for kind in [
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/jsonx",
        "application",
    ] {
        says(&start(kind), 415);
    }
    let answer = start("application/json");
    authorized(&answer);
    assert_eq!(answer.header("bango-sandbox-replayed"), None);
}

#[test]
fn of_several_content_types_each_must_be_json() {
    let sandbox = Sandbox::start();
    let good = standard(&sandbox.user_120(), "t-1");
    let start = |kinds: [&str; 2]| {
        let request = request("POST", "transaction").body(good.to_string());
        let add = |request: Request, kind| request.header("Content-Type", kind);
        sandbox.send(&kinds.into_iter().fold(request, add))
    };
    for kinds in [
        ["application/json", "text/plain"],
        ["text/plain", "application/json"],
        ["application/json", ""],
    ] {
        says(&start(kinds), 415);
    }
    let answer = start(["application/json", "application/json; charset=utf-8"]);
    authorized(&answer);
    assert_eq!(answer.header("bango-sandbox-replayed"), None);
}

#[test]
fn json_may_be_said_with_a_charset_in_any_case_or_not_at_all() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    for kind in [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "Application/JSON",
    ] {
        let body = standard(&user, kind).to_string();
        let request = request("POST", "transaction")
            .header("Content-Type", kind)
            .body(body);
        authorized(&sandbox.send(&request));
    }
    let body = standard(&user, "none").to_string();
    authorized(&sandbox.send(&request("POST", "transaction").body(body)));
    bad_request(&sandbox.send(&request("POST", "transaction").body("not json")));
}

#[test]
fn without_a_body_the_content_type_does_not_matter() {
    let sandbox = Sandbox::start();
    for body in [None, Some("")] {
        let transaction = sandbox.authorized("1.00", "0.00");
        let mut capture = request("PUT", &format!("transaction/{transaction}"))
            .header("Content-Type", "text/plain");
        if let Some(body) = body {
            capture = capture.body(body);
        }
        is(&sandbox.send(&capture), "OK");
    }
    let identify = request("POST", "identity")
        .header("Content-Type", "text/plain")
        .body("");
    sent_to_a_page(&sandbox.send(&identify));
}

#[test]
fn a_body_of_one_mib_is_read_and_one_byte_more_is_too_large() {
    let sandbox = Sandbox::start();
    let good = standard(&sandbox.user_120(), "t-1").to_string();
    let padded = |length: usize| format!("{good}{}", " ".repeat(length - good.len()));
    let answer = sandbox.text("POST", "transaction", &padded(MOST + 1));
    says(&answer, 413);
    let answer = sandbox.text("POST", "transaction", &padded(MOST));
    authorized(&answer);
    assert_eq!(answer.header("bango-sandbox-replayed"), None);
}

#[test]
fn a_body_in_chunks_that_grows_too_large_is_cut_off() {
    let sandbox = Sandbox::start();
    let head = |end: &str| {
        format!(
            "POST /v5/transaction HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\n{end}\r\n\r\n",
            sandbox.authority,
            basic("sandbox", "sandbox")
        )
    };
    let mut chunked = head("Transfer-Encoding: chunked");
    for _ in 0..=MOST / 4096 {
        let _ = write!(chunked, "1000\r\n{}\r\n", " ".repeat(4096));
    }
    // No end of the body, and no closing: the sandbox must not wait for either.
    says(
        &exchange(&sandbox.authority, chunked.as_bytes()).unwrap(),
        413,
    );
}

/// The sandbox says 400, closes the connection and has done nothing.
#[track_caller]
fn is_no_request(sandbox: &Sandbox, headers: &str, body: &str) -> Answer {
    let request = format!(
        "POST /v5/identity HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\n{headers}\r\n\r\n{body}",
        sandbox.authority,
        basic("sandbox", "sandbox"),
    );
    // Its end is the end of the connection.
    let answer = exchange(&sandbox.authority, request.as_bytes()).expect("an answer");
    assert_eq!(answer.status, 400, "{headers}");
    assert_eq!(get(sandbox, "sessions")["sessions"], json!([]), "{headers}");
    answer
}

#[test]
fn what_is_no_http_request_is_refused_and_the_connection_closed() {
    let sandbox = Sandbox::start();
    for headers in [
        "Content-Length: 2\r\nContent-Length: 3",
        "Content-Length: 2, 3",
        "Content-Length: +2",
        "Content-Length: 2\r\nX-Folded: a\r\n b",
        "Content-Length: 2\r\nX-Space : a",
        "Content-Length: 2\r\nX-Escape: \u{1b}[2J",
        "Transfer-Encoding: gzip",
    ] {
        is_no_request(&sandbox, headers, "{} ");
    }
    for chunk in [
        "zz\r\n{}\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\n{}",
        "3\r\n{}\r\n0\r\n\r\n",
    ] {
        let answer = is_no_request(&sandbox, "Transfer-Encoding: chunked", chunk);
        bad_request(&answer);
    }
}

#[test]
fn calls_that_are_sent_before_the_answers_come_are_answered_in_their_order() {
    let sandbox = Sandbox::start();
    let body = standard(&sandbox.user_120(), "t-1").to_string();
    let head = |method: &str, path: &str, length: usize| {
        format!(
            "{method} /v5/{path} HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\nContent-Length: {length}\r\n",
            sandbox.authority,
            basic("sandbox", "sandbox")
        )
    };
    let start = format!("{}\r\n{body}", head("POST", "transaction", body.len()));
    let last = head("GET", "nothing", 0);
    let all = format!("{start}{start}{last}Connection: close\r\n\r\n");
    let answers = exchange(&sandbox.authority, all.as_bytes()).unwrap();
    authorized(&sandbox.text("POST", "transaction", &body));
    let rest = answers.text();
    let statuses: Vec<_> = rest
        .split("HTTP/1.1 ")
        .skip(1)
        .map(|answer| &answer[..3])
        .collect();
    assert_eq!(
        (answers.status, statuses),
        (200, vec!["200", "404"]),
        "{rest}"
    );
    assert_eq!(
        rest.matches("bango-sandbox-replayed: true").count(),
        1,
        "{rest}"
    );
}

#[test]
fn a_body_in_chunks_is_as_good_as_one_in_one_piece() {
    let sandbox = Sandbox::start();
    let body = standard(&sandbox.user_120(), "t-1").to_string();
    let (front, end) = body.split_at(40);
    let request = format!(
        "POST /v5/transaction HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\nConnection: close\r\n\
         Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{front}\r\n{:x}\r\n{end}\r\n0\r\n\r\n",
        sandbox.authority,
        basic("sandbox", "sandbox"),
        front.len(),
        end.len(),
    );
    authorized(&exchange(&sandbox.authority, request.as_bytes()).unwrap());
}
