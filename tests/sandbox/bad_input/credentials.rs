//! Whoever does not show the right credentials learns nothing.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::harness::{Answer, Request, Sandbox, basic, is, standard};

/// What is no proof of being the merchant.
fn impostors() -> Vec<Option<String>> {
    let encoded = |text: &str| Some(format!("Basic {}", BASE64_STANDARD.encode(text)));
    vec![
        None,
        Some(basic("sandbox", "Sandbox")),
        Some(basic("sandbox", "sandbox ")),
        Some(basic("sandbox", "")),
        Some(basic("", "sandbox")),
        Some(basic("Sandbox", "sandbox")),
        Some(basic("sandbox", "sandbox:sandbox")),
        encoded(""),
        encoded(":"),
        encoded("sandbox"),
        encoded("sandbox\0sandbox"),
        Some(String::new()),
        Some("Basic".to_owned()),
        Some("Basic ".to_owned()),
        Some("Basic !!!!".to_owned()),
        Some("Basic sandbox:sandbox".to_owned()),
        Some("Bearer c2FuZGJveDpzYW5kYm94".to_owned()),
        Some("Digest username=\"sandbox\"".to_owned()),
        Some("c2FuZGJveDpzYW5kYm94".to_owned()),
    ]
}

fn ask(
    sandbox: &Sandbox,
    method: &str,
    path: &str,
    credentials: Option<&str>,
    body: &str,
) -> Answer {
    let mut request = Request::new(method, path)
        .header("Content-Type", "application/json")
        .body(body);
    if let Some(credentials) = credentials {
        request = request.header("Authorization", credentials);
    }
    sandbox.send(&request)
}

#[test]
fn wrong_credentials_of_every_form_are_unauthorized() {
    let sandbox = Sandbox::start();
    let body = standard(&sandbox.user_120(), "t-1").to_string();
    for credentials in impostors() {
        let answer = ask(
            &sandbox,
            "POST",
            "/v5/transaction",
            credentials.as_deref(),
            &body,
        );
        is(&answer, "UNAUTHORIZED");
    }
    let right = basic("sandbox", "sandbox");
    let answer = ask(&sandbox, "POST", "/v5/transaction", Some(&right), &body);
    assert_eq!(
        (answer.status, answer.header("bango-sandbox-replayed")),
        (200, None)
    );
}

#[test]
fn the_word_basic_may_be_written_in_any_case() {
    let sandbox = Sandbox::start();
    let body = standard(&sandbox.user_120(), "t-1").to_string();
    for scheme in ["basic", "BASIC"] {
        let credentials = basic("sandbox", "sandbox").replace("Basic", scheme);
        let answer = ask(
            &sandbox,
            "POST",
            "/v5/transaction",
            Some(&credentials),
            &body,
        );
        assert_eq!(answer.status, 200, "{scheme}");
    }
}

#[test]
fn every_operation_asks_for_credentials() {
    let sandbox = Sandbox::start();
    for (method, path) in [
        ("POST", "/v5/identity"),
        ("POST", "/v5/identity/8322c4adc6ad4046b58ecb4a9f0b1551"),
        ("GET", "/v5/identity/123456789"),
        ("OPTIONS", "/v5/transaction"),
        ("POST", "/v5/transaction"),
        ("GET", "/v5/transaction/1"),
        ("PUT", "/v5/transaction/1"),
        ("DELETE", "/v5/transaction/1"),
    ] {
        is(&ask(&sandbox, method, path, None, "{}"), "UNAUTHORIZED");
    }
}

#[test]
fn two_credentials_are_none() {
    let sandbox = Sandbox::start();
    let request = Request::new("GET", "/v5/identity/123456789")
        .header("Authorization", &basic("sandbox", "wrong"))
        .header("Authorization", &basic("sandbox", "sandbox"));
    is(&sandbox.send(&request), "UNAUTHORIZED");
}

#[test]
fn a_refused_password_is_never_repeated() {
    let sandbox = Sandbox::start();
    let secret = "elephant-notepad-dancer";
    let credentials = basic("sandbox", secret);
    let answer = ask(
        &sandbox,
        "POST",
        "/v5/transaction",
        Some(&credentials),
        "{}",
    );
    let shown = format!("{:?} {}", answer.headers, answer.text());
    assert!(!shown.contains(secret), "{shown}");
    let encoded = credentials.trim_start_matches("Basic ");
    assert!(!shown.contains(encoded), "{shown}");
}
