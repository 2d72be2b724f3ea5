//! `POST /_sandbox/sessions/{sessionId}/sms`: the SMS of an identification arrives when somebody says so.

use serde_json::{Value, json};

use super::{Stream, get, post, request};
use crate::harness::{Payer, Sandbox, bad_request, not_found, refused, sent_to_a_page};

/// A session that asks for an SMS.
#[track_caller]
fn asking(sandbox: &Sandbox, first: &Value) -> String {
    let (session, _) = sent_to_a_page(&sandbox.identity(first));
    let path = format!("identity/{session}");
    let answer = sandbox.json("POST", &path, &json!({"action": "cancel"}));
    assert_eq!(answer.text_at("/parameters/action"), "SEND_SMS");
    session
}

fn path(session: &str) -> String {
    format!("sessions/{session}/sms")
}

#[test]
fn the_sms_arrives_at_once_whether_it_was_said_to_be_sent_or_not() {
    let sandbox = Sandbox::start();
    for waits in [false, true] {
        let session = asking(&sandbox, &json!({"identificationMethodKey": "USA_BANGO"}));
        if waits {
            let answer = sandbox.go_on(&session);
            assert_eq!(answer.text_at("/parameters/action"), "WAIT");
        }
        let arrived = sandbox.send(&request("POST", &path(&session)));
        let user = arrived.text_at("/bangoUserId");
        let expected = json!({
            "sessionId": session,
            "key": "USA_BANGO",
            "state": "OK",
            "bangoUserId": user,
            "expiresAt": arrived.text_at("/expiresAt"),
        });
        refused(&arrived, 200, &expected);
        let sessions = get(&sandbox, "sessions")["sessions"].clone();
        let listed = sessions.as_array().expect("a list").last().cloned();
        assert_eq!(listed, Some(expected));
        let expected = json!({
            "responseCode": "OK",
            "responseMessage": "Success.",
            "sessionId": session,
            "bangoUserId": user,
            "parameters": {},
        });
        refused(&sandbox.go_on(&session), 200, &expected);
    }
}

#[test]
fn it_comes_from_the_number_named_else_from_the_one_that_the_callback_suggests() {
    let sandbox = Sandbox::start();
    let first = json!({"callbackUrl": "https://merchant.example/?ut=447710900123"});
    for (body, status) in [
        (json!({"msisdn": "447710900122"}), "USER_BARRED"),
        (json!({"msisdn": "+447710900124"}), "USER_SUSPENDED"),
        (json!({"msisdn": null}), "USER_NOT_ENABLED"),
        (json!({}), "USER_NOT_ENABLED"),
    ] {
        let session = asking(&sandbox, &first);
        let user = post(&sandbox, &path(&session), &body).text_at("/bangoUserId");
        assert_eq!(sandbox.user(&user).text_at("/status"), status, "{body}");
    }
}

#[test]
fn it_is_reported_as_what_the_payer_did_and_then_who_that_was() {
    let sandbox = Sandbox::start();
    let session = asking(&sandbox, &json!({"identificationMethodKey": "GBR_BANGO"}));
    let number = json!({"msisdn": "447710900122"});
    let user = post(&sandbox, &path(&session), &number).text_at("/bangoUserId");
    // Behind the two calls that came first.
    let mut stream = Stream::open(&sandbox, "?after=2");
    let sent = json!({"page": {"of": {"session": session}, "title": "SMS", "action": "send"}});
    assert_eq!(stream.report()["what"], sent);
    let identified = json!({"identified": {
        "session": session,
        "user": user,
        "msisdn": "447710900122",
        "key": "GBR_BANGO",
    }});
    assert_eq!(stream.report()["what"], identified);
    sandbox.go_on(&session);
    let next = stream.report()["what"].clone();
    assert!(
        next["exchange"].is_object(),
        "nobody is identified twice: {next}"
    );
}

#[test]
fn a_session_that_waits_for_no_sms_stays_as_it_is() {
    let sandbox = Sandbox::start();
    let begin = || sent_to_a_page(&sandbox.identity(&json!({})));
    let (on_pages, _) = begin();
    let (identified, url) = begin();
    Payer::program().identifies(&url, "447710900120");
    let (cancelled, url) = begin();
    Payer::program().cancels(&url);
    let arrived = asking(&sandbox, &json!({}));
    sandbox.send(&request("POST", &path(&arrived)));
    let given_up = asking(&sandbox, &json!({}));
    sandbox.json(
        "POST",
        &format!("identity/{given_up}"),
        &json!({"action": "cancel"}),
    );

    let (before, users) = (get(&sandbox, "sessions"), get(&sandbox, "users"));
    for session in [on_pages, identified, cancelled, arrived, given_up] {
        let answer = post(
            &sandbox,
            &path(&session),
            &json!({"msisdn": "447710900199"}),
        );
        bad_request(&answer);
        let reason = answer.header("bango-sandbox-reason");
        assert_eq!(reason, Some("the session is not waiting for an SMS"));
    }
    assert_eq!(get(&sandbox, "sessions")["sessions"], before["sessions"]);
    assert_eq!(get(&sandbox, "users")["users"], users["users"]);
}

#[test]
fn what_is_no_session_or_no_number_is_refused() {
    let sandbox = Sandbox::start();
    let session = asking(&sandbox, &json!({}));
    for unknown in ["8322c4adc6ad4046b58ecb4a9f0b1551", "x", "%00"] {
        let answer = sandbox.send(&request("POST", &path(unknown)));
        not_found(&answer, "Invalid session id.");
    }
    for body in [
        json!([]),
        json!({"msisdn": 447_710_900_120_u64}),
        json!({"msisdn": "0771"}),
        json!({"msisdn": ""}),
    ] {
        bad_request(&post(&sandbox, &path(&session), &body));
    }
    bad_request(&sandbox.send(&request("POST", &path(&session)).body("{")));
    let plain = request("POST", &path(&session)).header("Content-Type", "text/plain");
    assert_eq!(sandbox.send(&plain.body("{}")).status, 415);
    let get = sandbox.send(&request("GET", &path(&session)));
    assert_eq!((get.status, get.header("allow")), (405, Some("POST")));
    for other in ["sessions//sms", "sessions/a/b/sms", "sessions/sms"] {
        not_found(&sandbox.send(&request("POST", other)), "Invalid request.");
    }
    let answer = sandbox.go_on(&session);
    assert_eq!(answer.text_at("/parameters/action"), "WAIT");
}
