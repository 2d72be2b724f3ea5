//! The pages of an identification: number, PIN, and the ways out.

use serde_json::json;

use crate::harness::{Listener, Payer, Sandbox, Step, refused, sent_to_a_page};

/// Both kinds of page must do the same.
const PAYERS: [Payer; 2] = [Payer::browser(), Payer::program()];

/// A session whose browser and notification come to this listener, and its page.
fn begun(sandbox: &Sandbox, merchant: &Listener, query: &str) -> (String, String) {
    sent_to_a_page(&sandbox.identity(&json!({
        "identificationMethodKey": "GBR_BANGO",
        "callbackUrl": merchant.url(&format!("/callback{query}")),
        "notificationUrl": merchant.url("/notification"),
    })))
}

#[track_caller]
fn was_cancelled(sandbox: &Sandbox, session: &str) {
    let expected = json!({
        "responseCode": "USER_CANCELLED",
        "responseMessage": "The user cancelled the identification process.",
    });
    refused(&sandbox.go_on(session), 202, &expected);
    refused(&sandbox.go_on(session), 202, &expected);
}

#[test]
fn the_merchant_hears_of_the_end_before_the_browser_comes_back() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    for payer in PAYERS {
        let (session, url) = begun(&sandbox, &merchant, "?ut=447710900120");
        payer.follows(payer.identifies(&url, "447710900120"));
        let expected = (
            json!({"sessionId": session, "responseCode": "OK"}),
            format!("/callback?ut=447710900120&sessionId={session}&responseCode=OK"),
        );
        assert_eq!(merchant.outcome(), expected);
    }
}

#[test]
fn the_number_in_the_callback_is_filled_in() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    for payer in PAYERS {
        let (_, url) = begun(&sandbox, &merchant, "?ut=447710900129");
        assert_eq!(payer.opens(&url).fields[0].1, "447710900129");
        let (_, url) = begun(&sandbox, &merchant, "");
        assert_eq!(payer.opens(&url).fields[0].1, "");
    }
}

#[test]
fn the_number_that_is_typed_decides_not_the_one_filled_in() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    let (session, url) = begun(&sandbox, &merchant, "?ut=447710900120");
    Payer::browser().identifies(&url, "447710900122").location();
    let user = sandbox.go_on(&session).text_at("/bangoUserId");
    assert_eq!(sandbox.user(&user).text_at("/status"), "USER_BARRED");
}

#[test]
fn what_is_no_number_is_asked_again() {
    let sandbox = Sandbox::start();
    for payer in PAYERS {
        let (session, url) = sent_to_a_page(&sandbox.identity(&json!({})));
        let mut page = payer.opens(&url);
        for wrong in [
            "",
            "abc",
            "12",
            "4477109001200000000",
            "<script>alert(1)</script>",
        ] {
            page = payer.presses(&page, page.proceed(), Some(wrong)).page();
            assert_eq!(page.fields.len(), 1);
            let shown = payer.get(&url);
            let html = shown.header("content-type") == Some("text/html; charset=utf-8");
            assert!(!html || !shown.text().contains("<script>alert"));
        }
        sent_to_a_page(&sandbox.go_on(&session));
        let pin = payer.types_number(&page, "447710900120");
        payer.types_pin(&pin, "1234");
        assert_eq!(sandbox.go_on(&session).text_at("/responseCode"), "OK");
    }
}

#[test]
fn two_wrong_pins_are_forgiven() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    for payer in PAYERS {
        let (session, url) = begun(&sandbox, &merchant, "");
        let mut page = payer.types_number(&payer.opens(&url), "447710900120");
        for wrong in ["1235", "0000"] {
            page = payer.types_pin(&page, wrong).page();
            sent_to_a_page(&sandbox.go_on(&session));
        }
        payer.follows(payer.types_pin(&page, "1234"));
        assert_eq!(merchant.outcome().0["responseCode"], "OK");
        assert_eq!(sandbox.go_on(&session).text_at("/responseCode"), "OK");
    }
}

#[test]
fn the_third_wrong_pin_ends_it() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    for payer in PAYERS {
        let (session, url) = begun(&sandbox, &merchant, "");
        let mut page = payer.types_number(&payer.opens(&url), "447710900120");
        for wrong in ["1235", "4321"] {
            page = payer.types_pin(&page, wrong).page();
        }
        payer.follows(payer.types_pin(&page, "12345"));
        let expected = (
            json!({"sessionId": session, "responseCode": "USER_CANCELLED"}),
            format!("/callback?sessionId={session}&responseCode=USER_CANCELLED"),
        );
        assert_eq!(merchant.outcome(), expected);
        was_cancelled(&sandbox, &session);
    }
}

#[test]
fn the_payer_can_leave_from_either_page() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    for payer in PAYERS {
        for page_number in [1, 2] {
            let (session, url) = begun(&sandbox, &merchant, "");
            let mut page = payer.opens(&url);
            if page_number == 2 {
                page = payer.types_number(&page, "447710900120");
            }
            payer.follows(payer.presses(&page, page.cancel(), None));
            let (notification, callback) = merchant.outcome();
            assert_eq!(notification["responseCode"], "USER_CANCELLED");
            assert!(
                callback.ends_with("&responseCode=USER_CANCELLED"),
                "{callback}"
            );
            was_cancelled(&sandbox, &session);
        }
    }
}

#[test]
fn without_a_callback_the_last_page_says_that_it_is_done() {
    let sandbox = Sandbox::start();
    for payer in PAYERS {
        let (session, url) = sent_to_a_page(&sandbox.identity(&json!({})));
        let Step::Page(last) = payer.identifies(&url, "447710900120") else {
            panic!("there was nowhere to go");
        };
        last.is_the_end();
        assert_eq!(sandbox.go_on(&session).text_at("/responseCode"), "OK");
    }
}

#[test]
fn the_pages_stay_as_they_ended() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    for payer in PAYERS {
        let (session, url) = begun(&sandbox, &merchant, "");
        let number = payer.opens(&url);
        let pin = payer.types_number(&number, "447710900120");
        payer.follows(payer.types_pin(&pin, "1234"));
        assert_eq!(merchant.outcome().0["responseCode"], "OK");
        let user = sandbox.go_on(&session).text_at("/bangoUserId");

        payer.submits(&pin, pin.cancel(), None);
        payer.submits(&pin, pin.proceed(), Some("1234"));
        payer.submits(&number, number.proceed(), Some("447710900122"));
        payer.get(&url);
        assert_eq!(sandbox.go_on(&session).text_at("/bangoUserId"), user);
        assert_eq!(sandbox.user(&user).text_at("/status"), "OK");
        // Whatever was notified wrongly would have come before the next one's end.
        let (next, url) = begun(&sandbox, &merchant, "");
        payer.follows(payer.cancels(&url));
        assert_eq!(merchant.outcome().0["sessionId"], json!(next));
    }
    assert_eq!(merchant.so_far(), []);
}
