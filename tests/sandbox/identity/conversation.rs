//! `POST identity` and `POST identity/{sessionId}`.

use serde_json::json;

use crate::harness::{Payer, Sandbox, bad_request, envelope, not_found, refused, sent_to_a_page};

#[test]
fn an_identification_may_begin_without_a_body_and_with_a_slash() {
    let sandbox = Sandbox::start();
    for answer in [
        sandbox.bare("POST", "identity"),
        sandbox.bare("POST", "identity/"),
        sandbox.identity(&json!({})),
        sandbox.json("POST", "identity/", &json!({})),
    ] {
        let (session, _) = sent_to_a_page(&answer);
        let hex = |letter: char| letter.is_ascii_digit() || ('a'..='f').contains(&letter);
        assert!(session.len() == 32 && session.chars().all(hex), "{session}");
    }
}

#[test]
fn the_page_of_an_identification_is_the_sandboxes_own_and_unguessable() {
    let sandbox = Sandbox::start();
    let (_, url) = sent_to_a_page(&sandbox.identity(&json!({})));
    assert!(
        url.starts_with(&format!("http://{}/", sandbox.authority)),
        "{url}"
    );
    let (_, other) = sent_to_a_page(&sandbox.identity(&json!({})));
    assert_ne!(url, other);
    assert_eq!(Payer::browser().get(&changed_at_its_end(&url)).status, 404);
}

/// The URL with its last letter turned into another one of its kind.
fn changed_at_its_end(url: &str) -> String {
    let (front, last) = url.split_at(url.len() - 1);
    format!("{front}{}", if last == "0" { "1" } else { "0" })
}

#[test]
fn a_session_repeats_its_page_until_the_payer_has_finished() {
    let sandbox = Sandbox::start();
    let first = sandbox.identity(&json!({"identificationMethodKey": "GBR_BANGO"}));
    let (session, url) = sent_to_a_page(&first);
    let payer = Payer::browser();
    assert_eq!(
        sent_to_a_page(&sandbox.go_on(&session)),
        (session.clone(), url.clone())
    );
    let pin = payer.types_number(&payer.opens(&url), "447710900120");
    assert_eq!(
        sent_to_a_page(&sandbox.go_on(&session)),
        (session.clone(), url)
    );
    payer.types_pin(&pin, "1234");
    assert_eq!(sandbox.go_on(&session).text_at("/responseCode"), "OK");
}

#[test]
fn a_finished_session_repeats_its_end() {
    let sandbox = Sandbox::start();
    let (session, url) = sent_to_a_page(&sandbox.identity(&json!({})));
    Payer::program().identifies(&url, "447710900120");
    let first = sandbox.go_on(&session);
    let expected = json!({
        "responseCode": "OK",
        "responseMessage": "Success.",
        "sessionId": session,
        "bangoUserId": first.text_at("/bangoUserId"),
        "parameters": {},
    });
    for answer in [
        first,
        sandbox.go_on(&session),
        sandbox.json("POST", &format!("identity/{session}"), &json!({})),
        sandbox.json(
            "POST",
            &format!("identity/{session}"),
            &json!({"identificationMethodKey": "USA_BANGO"}),
        ),
    ] {
        refused(&answer, 200, &expected);
    }
}

#[test]
fn a_user_id_is_a_positive_integer_as_text() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    assert!(user.parse::<u64>().is_ok_and(|number| number > 0), "{user}");
    assert!(!user.starts_with('0'), "{user}");
}

#[test]
fn an_unknown_key_has_no_method() {
    let sandbox = Sandbox::start();
    for key in ["FRA_BANGO", "gbr_bango", "GBR_BANGO "] {
        let answer = sandbox.identity(&json!({"identificationMethodKey": key}));
        refused(&answer, 202, &no_method());
    }
}

#[test]
fn cancelling_the_only_method_leaves_none() {
    let sandbox = Sandbox::start();
    let body = json!({"deviceCapabilitySendSms": "false"});
    let (session, _) = sent_to_a_page(&sandbox.identity(&body));
    let path = format!("identity/{session}");
    let answer = sandbox.json("POST", &path, &json!({"action": "cancel"}));
    refused(&answer, 202, &no_method());
    refused(&sandbox.go_on(&session), 202, &no_method());
}

#[test]
fn a_session_nobody_began_is_not_found() {
    let sandbox = Sandbox::start();
    sandbox.identity(&json!({}));
    for session in ["8322c4adc6ad4046b58ecb4a9f0b1551", "x", "123456789"] {
        not_found(&sandbox.go_on(session), "Invalid session id.");
    }
}

#[test]
fn an_action_needs_a_session_and_must_be_cancel() {
    let sandbox = Sandbox::start();
    bad_request(&sandbox.identity(&json!({"action": "cancel"})));
    let (session, url) = sent_to_a_page(&sandbox.identity(&json!({})));
    let path = format!("identity/{session}");
    for action in [json!("stop"), json!("Cancel"), json!(""), json!(true)] {
        bad_request(&sandbox.json("POST", &path, &json!({"action": action})));
    }
    assert_eq!(sent_to_a_page(&sandbox.go_on(&session)), (session, url));
}

#[test]
fn null_is_absent() {
    let sandbox = Sandbox::start();
    let names = [
        "identificationMethodKey",
        "deviceCapabilitySendSms",
        "callbackUrl",
        "action",
    ];
    for name in names {
        sent_to_a_page(&sandbox.identity(&json!({name: null})));
    }
}

fn no_method() -> serde_json::Value {
    let mut body = envelope("NOT_AVAILABLE");
    body["responseMessage"] = json!("No valid identification methods were found.");
    body
}
