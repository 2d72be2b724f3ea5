//! The ways to identify a payer, one after the other: the pages, an SMS, nothing.

use serde_json::{Value, json};

use crate::harness::{Answer, Payer, Sandbox, bad_request, refused, sent_to_a_page};

#[track_caller]
fn cancel(sandbox: &Sandbox, session: &str) -> Answer {
    let path = format!("identity/{session}");
    sandbox.json("POST", &path, &json!({"action": "cancel"}))
}

/// An identification with this first body, whose client gave up the pages.
#[track_caller]
fn without_pages(sandbox: &Sandbox, body: &Value) -> (String, Answer) {
    let (session, _) = sent_to_a_page(&sandbox.identity(body));
    let answer = cancel(sandbox, &session);
    (session, answer)
}

/// The answer asks for exactly this.
#[track_caller]
fn asks(answer: &Answer, session: &str, parameters: &Value) {
    let expected = json!({
        "responseCode": "CLIENT_ACTION_REQUIRED",
        "responseMessage": "An action is required in the client.",
        "sessionId": session,
        "bangoUserId": null,
        "parameters": parameters,
    });
    refused(answer, 200, &expected);
}

#[track_caller]
fn asks_for_an_sms(answer: &Answer, session: &str) {
    let parameters = json!({
        "action": "SEND_SMS",
        "text": answer.text_at("/parameters/text"),
        "shortcode": answer.text_at("/parameters/shortcode"),
    });
    asks(answer, session, &parameters);
    let shortcode = answer.text_at("/parameters/shortcode");
    assert!(!shortcode.is_empty() && shortcode.bytes().all(|byte| byte.is_ascii_digit()));
}

/// Asks until the session does not say WAIT any more. At least once it has to.
#[track_caller]
fn waits(sandbox: &Sandbox, session: &str) -> Answer {
    let mut left = Vec::new();
    loop {
        let answer = sandbox.go_on(session);
        if answer.json()["parameters"]["action"] != "WAIT" {
            assert!(!left.is_empty(), "{}", answer.text());
            return answer;
        }
        let text = answer.text_at("/parameters/suggestedWaitTimeMilliseconds");
        let parameters = json!({"action": "WAIT", "suggestedWaitTimeMilliseconds": text});
        asks(&answer, session, &parameters);
        let milliseconds: u64 = text.parse().expect("a number as text");
        assert!((1..=3000).contains(&milliseconds), "{text}");
        // It comes nearer, so this ends.
        assert!(
            left.last().is_none_or(|&last| milliseconds <= last),
            "{text}"
        );
        left.push(milliseconds);
    }
}

#[track_caller]
fn no_way_left(answer: &Answer) {
    let expected = json!({
        "responseCode": "NOT_AVAILABLE",
        "responseMessage": "No valid identification methods were found.",
    });
    refused(answer, 202, &expected);
}

#[test]
fn a_client_that_cannot_show_pages_identifies_by_sms() {
    let sandbox = Sandbox::start();
    let first = json!({
        "identificationMethodKey": "GBR_BANGO",
        "callbackUrl": "https://merchant.example/callback?ut=447710900122",
    });
    let (session, sms) = without_pages(&sandbox, &first);
    asks_for_an_sms(&sms, &session);
    let done = waits(&sandbox, &session);
    let user = done.text_at("/bangoUserId");
    let expected = json!({
        "responseCode": "OK",
        "responseMessage": "Success.",
        "sessionId": session,
        "bangoUserId": user,
        "parameters": {},
    });
    refused(&done, 200, &expected);
    refused(&sandbox.go_on(&session), 200, &expected);
    refused(&cancel(&sandbox, &session), 200, &expected);
    let status = sandbox.user(&user).json();
    assert_eq!(
        (&status["identificationMethodKey"], &status["status"]),
        (&json!("GBR_BANGO"), &json!("USER_BARRED"))
    );
    // The same number on the pages is the same payer.
    assert_eq!(sandbox.identify("GBR_BANGO", "447710900122"), user);
}

#[test]
fn a_cancelled_sms_leaves_no_way() {
    let sandbox = Sandbox::start();
    for waits_first in [false, true] {
        let (session, sms) = without_pages(&sandbox, &json!({}));
        asks_for_an_sms(&sms, &session);
        if waits_first {
            let answer = sandbox.go_on(&session);
            assert_eq!(answer.text_at("/parameters/action"), "WAIT");
        }
        no_way_left(&cancel(&sandbox, &session));
        no_way_left(&sandbox.go_on(&session));
        no_way_left(&cancel(&sandbox, &session));
    }
}

#[test]
fn a_device_without_sms_is_never_asked_for_one() {
    let sandbox = Sandbox::start();
    let cannot = json!({"deviceCapabilitySendSms": "false"});
    let (_, answer) = without_pages(&sandbox, &cannot);
    no_way_left(&answer);

    // It may also be said later.
    let (session, _) = sent_to_a_page(&sandbox.identity(&json!({})));
    let path = format!("identity/{session}");
    let body = json!({"deviceCapabilitySendSms": "false", "action": "cancel"});
    no_way_left(&sandbox.json("POST", &path, &body));

    let can = json!({"deviceCapabilitySendSms": "true"});
    let (session, answer) = without_pages(&sandbox, &can);
    asks_for_an_sms(&answer, &session);
}

#[test]
fn the_pages_are_over_once_the_client_gave_them_up() {
    let sandbox = Sandbox::start();
    for payer in [Payer::browser(), Payer::program()] {
        let (session, url) = sent_to_a_page(&sandbox.identity(&json!({})));
        let pin = payer.types_number(&payer.opens(&url), "447710900120");
        asks_for_an_sms(&cancel(&sandbox, &session), &session);
        assert!(payer.types_pin(&pin, "1234").page().actions.is_empty());
        assert!(payer.opens(&url).actions.is_empty());
        let answer = sandbox.go_on(&session);
        assert_eq!(answer.text_at("/parameters/action"), "WAIT");
    }
}

#[test]
fn a_bad_follow_up_moves_nothing_on() {
    let sandbox = Sandbox::start();
    let (session, _) = without_pages(&sandbox, &json!({}));
    let path = format!("identity/{session}");
    bad_request(&sandbox.json("POST", &path, &json!({"action": "stop"})));
    bad_request(&sandbox.text("POST", &path, "{"));
    let answer = sandbox.go_on(&session);
    assert_eq!(
        answer.text_at("/parameters/suggestedWaitTimeMilliseconds"),
        "3000"
    );
}
