//! The conversation, step by step.

use std::convert::Infallible;

use jiff::SignedDuration;

use super::pages::Visited;
use super::*;
use crate::sandbox::engine::form::{self, Submission};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn begun(network: Option<&str>) -> Session {
    let request = Identify {
        network: network.map(str::to_owned),
        callback_url: Some(MerchantUrl::parse("http://shop.example/?ut=447710900120").unwrap()),
        notification_url: Some(MerchantUrl::parse("http://shop.example/told").unwrap()),
        ..Identify::default()
    };
    begin(&request, SessionId::from("s"), &Rules::default(), NOW).unwrap()
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "elsewhere a payer may fail to be made"
)]
fn payer(key: NetworkKey, msisdn: &Msisdn) -> Result<Payer, Infallible> {
    Ok(Payer {
        id: BangoUserId::from("1"),
        key,
        msisdn: msisdn.clone(),
    })
}

fn goes_on(session: Session, request: &Identify, now: Timestamp) -> Result<Session, Reason> {
    let Ok(gone_on) = go_on(session, request, &Rules::default(), now, payer);
    gone_on
}

fn cancelling() -> Identify {
    Identify {
        cancels: true,
        ..Identify::default()
    }
}

fn asked(session: &Session, now: Timestamp) -> serde_json::Value {
    let body: serde_json::Value =
        serde_json::from_slice(&session.answer("http://page", now).body).unwrap();
    body["parameters"].clone()
}

/// Presses a button with one field filled in.
fn press(session: Session, action: &str, name: &str, value: &str) -> Visited {
    let submission = Submission {
        action: Some(action.to_owned()),
        fields: vec![(name.to_owned(), value.to_owned())],
    };
    let Ok(visited) = submit(session, &submission, NOW, payer);
    visited
}

fn asks_pin(network: Option<&str>, number: &str) -> Session {
    press(begun(network), "continue", "msisdn", number).session
}

fn status(session: &Session) -> (u16, String) {
    let answer = session.answer("http://page", NOW);
    (answer.status, String::from_utf8(answer.body).unwrap())
}

#[test]
fn number_and_pin_identify_a_payer_and_tell_the_merchant() {
    let session = begun(Some("GBR_BANGO"));
    assert_eq!(session.form(NOW).fields[0].value, "447710900120");
    let visited = press(
        asks_pin(Some("GBR_BANGO"), " +447710900121 "),
        "confirm",
        "pin",
        "1234",
    );
    let finished = visited.finished.unwrap();
    assert_eq!(
        finished.browser.as_deref(),
        Some("http://shop.example/?ut=447710900120&sessionId=s&responseCode=OK")
    );
    assert_eq!(
        finished.notification.unwrap().body,
        br#"{"sessionId":"s","responseCode":"OK"}"#
    );
    assert_eq!(
        status(&visited.session),
        (
            200,
            r#"{"responseCode":"OK","responseMessage":"Success.","sessionId":"s","bangoUserId":"1","parameters":{}}"#
                .to_owned()
        )
    );
}

#[test]
fn without_a_key_the_number_decides() {
    for (number, expected) in [
        ("12025550120", NetworkKey::UsaBango),
        ("447710900180", NetworkKey::GbrBangoRedirect),
        ("447710900120", NetworkKey::GbrBango),
    ] {
        let visited = press(asks_pin(None, number), "confirm", "pin", "1234");
        let Step::Identified(payer) = visited.session.step else {
            panic!("{number} was not identified");
        };
        assert_eq!(payer.key, expected, "{number}");
    }
}

#[test]
fn the_third_wrong_pin_ends_it_and_an_empty_one_does_not_count() {
    let mut session = asks_pin(None, "447710900120");
    for note in ["2 tries are left", "one try is left"] {
        session = press(session, "confirm", "pin", "").session;
        let visited = press(session, "confirm", "pin", "4321");
        assert!(visited.form.error.unwrap().ends_with(note));
        assert_eq!(visited.finished, None);
        session = visited.session;
    }
    let visited = press(session, "confirm", "pin", "4321");
    assert_eq!(visited.finished.unwrap().code, ResponseCode::UserCancelled);
    assert_eq!(status(&visited.session).0, 202);
}

#[test]
fn what_is_refused_stays_to_be_corrected() {
    let visited = press(begun(None), "continue", "msisdn", "0771");
    assert_eq!(
        visited.form.error.as_deref(),
        Some("the number needs 8 to 15 digits")
    );
    assert_eq!(visited.form.fields[0].value, "0771");
    let visited = press(visited.session, "confirm", "pin", "1234");
    assert_eq!(visited.form.error.as_deref(), Some(form::OTHER_BUTTON));
    assert_eq!(visited.session.step, Step::AsksNumber);
}

#[test]
fn an_end_is_final() {
    let cancelled = press(asks_pin(None, "447710900120"), "cancel", "pin", "").session;
    let again = press(cancelled.clone(), "confirm", "pin", "1234");
    assert_eq!((again.session, again.finished), (cancelled.clone(), None));
    assert!(again.form.done);

    let after = goes_on(cancelled.clone(), &cancelling(), NOW);
    assert_eq!(after, Ok(cancelled));
}

#[test]
fn a_client_that_can_neither_redirect_nor_send_an_sms_has_no_way_left() {
    let request = Identify {
        sends_sms: Some(false),
        ..cancelling()
    };
    let session = goes_on(begun(None), &request, NOW).unwrap();
    let (status, body) = status(&session);
    assert_eq!(status, 202);
    assert!(body.contains(r#""NOT_AVAILABLE","responseMessage":"No valid identification"#));
    assert!(session.form(NOW).done);
}

#[test]
fn after_the_pages_an_sms_identifies_the_payer_once_it_has_arrived() {
    let session = goes_on(begun(None), &cancelling(), NOW).unwrap();
    let expected =
        serde_json::json!({"action": "SEND_SMS", "text": "BANGO s", "shortcode": "22646"});
    assert_eq!(asked(&session, NOW), expected);
    assert!(session.form(NOW).done);

    let follow_up = Identify::default();
    let sent = goes_on(session, &follow_up, NOW).unwrap();
    let wait = |milliseconds: &str| serde_json::json!({"action": "WAIT", "suggestedWaitTimeMilliseconds": milliseconds});
    assert_eq!(asked(&sent, NOW), wait("3000"));
    let early = NOW + SignedDuration::from_micros(2_999_999);
    let waiting = goes_on(sent, &follow_up, early).unwrap();
    assert_eq!(asked(&waiting, early), wait("1"));

    let arrived = NOW + SignedDuration::from_secs(3);
    let done = goes_on(waiting, &follow_up, arrived).unwrap();
    let (_, payer) = done.identified().unwrap();
    assert_eq!(payer.msisdn.as_str(), "447710900120");
    assert_eq!(goes_on(done.clone(), &cancelling(), arrived), Ok(done));
}

#[test]
fn cancelling_the_sms_leaves_no_way() {
    let asks = goes_on(begun(None), &cancelling(), NOW).unwrap();
    let waits = goes_on(asks.clone(), &Identify::default(), NOW).unwrap();
    for session in [asks, waits] {
        let session = goes_on(session, &cancelling(), NOW).unwrap();
        assert_eq!(session.step, Step::NoWayLeft);
    }
}

#[test]
fn the_sms_comes_from_the_number_in_the_callback_or_from_one_that_succeeds() {
    use NetworkKey::{GbrBango, GbrBangoRedirect, UsaBango};
    for (network, callback, expected) in [
        (None, "?ut=12025550122", (UsaBango, "12025550122")),
        (None, "?ut=447710900180", (GbrBangoRedirect, "447710900180")),
        (
            Some("GBR_BANGO"),
            "?ut=447710900129",
            (GbrBango, "447710900129"),
        ),
        (Some("USA_BANGO"), "", (UsaBango, "12025550120")),
        (
            Some("GBR_BANGOREDIRECT"),
            "?ut=x",
            (GbrBangoRedirect, "447710900180"),
        ),
        (None, "", (GbrBango, "447710900120")),
    ] {
        let url = format!("http://shop.example/{callback}");
        let session = Session {
            callback_url: Some(MerchantUrl::parse(&url).unwrap()),
            ..begun(network)
        };
        let (key, number) = session.sender(None);
        assert_eq!((key, number.as_str()), expected, "{network:?} {callback}");
    }
}

fn receives(session: &Session, from: Option<&str>, now: Timestamp) -> Result<Session, Reason> {
    let from = from.map(|number| Msisdn::parse(number).unwrap());
    let Ok(arrived) = sms_arrives(session.clone(), from.as_ref(), now, payer);
    arrived
}

#[test]
fn an_sms_that_is_sent_by_hand_arrives_at_once_from_whom_it_says() {
    let asks = goes_on(begun(None), &cancelling(), NOW).unwrap();
    let waits = goes_on(asks.clone(), &Identify::default(), NOW).unwrap();
    for (from, sender) in [
        (None, "447710900120"),
        (Some("+12025550122"), "12025550122"),
    ] {
        for session in [&asks, &waits] {
            let done = receives(session, from, NOW).unwrap();
            let (_, payer) = done.identified().unwrap();
            assert_eq!(payer.msisdn.as_str(), sender);
            assert_eq!(goes_on(done.clone(), &Identify::default(), NOW), Ok(done));
        }
    }
    let under_a_key = goes_on(begun(Some("USA_BANGO")), &cancelling(), NOW).unwrap();
    let done = receives(&under_a_key, Some("447710900129"), NOW).unwrap();
    assert_eq!(done.identified().unwrap().1.key, NetworkKey::UsaBango);
}

#[test]
fn an_sms_that_nobody_waits_for_changes_nothing() {
    let asks = goes_on(begun(None), &cancelling(), NOW).unwrap();
    for step in [
        Step::AsksNumber,
        Step::Closed,
        Step::PayerCancelled,
        Step::NoWayLeft,
        receives(&asks, None, NOW).unwrap().step,
    ] {
        let session = with_step(begun(None), step);
        assert_eq!(
            receives(&session, None, NOW),
            Err(Reason::NoSmsAwaited),
            "{session:?}"
        );
    }
    let late = NOW + SignedDuration::from_mins(30);
    assert_eq!(receives(&asks, None, late), Err(Reason::SessionExpired));
}

#[test]
fn it_expires_for_the_merchant_and_for_the_payer() {
    let session = begun(None);
    let late = NOW + SignedDuration::from_mins(30);
    assert_eq!(
        goes_on(session.clone(), &Identify::default(), late),
        Err(Reason::SessionExpired)
    );
    assert_eq!(session.form(late).title, "Identification expired");
}
