//! The inspector's tabs that are words of ours: where the time went, and what an answer means.

use bango_console::api::{Adjust, Call, Item};
use bango_console::console::app::inspector::Shown;
use bango_console::exchange::{Cut, Header, Outcome, Phases};
use bango_console::money::{Amount, Currency};
use insta::assert_snapshot;

use crate::cast::{answered, authorize, captured, payment, transaction_id, with};
use crate::screens::inspector::{inspecting, rows};
use bango_console::record::transaction::State as Payment;

fn timing(shown: Shown) -> String {
    rows(inspecting(shown).keys("<right><right>"))
}

fn timed(phases: Phases) -> Shown {
    let mut shown = answered(&authorize(3), 200, r#"{"responseCode":"OK"}"#);
    if let Some(Outcome::Answered { phases: old, .. }) = &mut shown.outcome {
        *old = phases;
    }
    shown
}

#[test]
fn each_phase_has_its_time_and_its_place() {
    assert_snapshot!(timing(timed(Phases {
        connect: Some(12_040),
        first_byte: Some(340_900),
        total: 341_100,
    })));
}

#[test]
fn a_connection_that_was_open_has_no_phase_of_connecting() {
    let told = timing(timed(Phases {
        connect: None,
        first_byte: Some(2_900),
        total: 3_141,
    }));
    assert!(!told.contains("connect  "), "{told}");
    assert!(!told.contains(" 0.0 ms"), "{told}");
    assert_snapshot!(told);
}

#[test]
fn of_another_programs_call_only_the_total_is_known() {
    let total = 815;
    let phases = Phases {
        total,
        ..Phases::default()
    };
    let shown = Shown {
        ours: false,
        ..timed(phases)
    };
    assert_snapshot!(timing(shown));
}

#[test]
fn a_cut_says_how_far_it_came() {
    let why = Cut::TimedOut;
    let phases = Phases {
        connect: Some(5_000),
        first_byte: None,
        total: 30_005_000,
    };
    assert_snapshot!(timing(with(&authorize(3), Outcome::Cut { why, phases })));
}

fn explained(shown: Shown) -> String {
    let mut stage = inspecting(shown);
    stage.keys("z<left><left>");
    (3..22)
        .map(|y| {
            stage
                .row(y)
                .trim_matches(['\u{2503}', '\u{258c}', ' '])
                .to_owned()
                + "\n"
        })
        .collect::<String>()
        .trim_end()
        .to_owned()
}

#[test]
fn a_success_says_what_comes_next() {
    assert_snapshot!(explained(answered(
        &authorize(3),
        200,
        r#"{"responseCode":"OK"}"#
    )));
}

/// An adjustment of this gross amount, in hundredths.
fn part(gross: u64) -> Adjust {
    Adjust {
        external: Some("r-1".into()),
        amounts: Some((Amount::from_hundredths(gross), None, Currency::USD)),
        item: Item::default(),
    }
}

#[test]
fn a_capture_of_too_much_says_what_would_be_accepted() {
    let capture = Call::capture(&transaction_id(3), Some(&part(9_900)));
    let mut shown = answered(&capture, 400, r#"{"responseCode":"BAD_REQUEST"}"#);
    shown.why = Some("only 10.99 USD of gross can be captured".into());
    shown.before = Some(Box::new(payment(3, 1099, Payment::Authorized)));
    assert_snapshot!(explained(shown));
}

#[test]
fn a_refund_of_too_much_arrives_as_202_and_says_what_is_left() {
    let refund = Call::refund(&transaction_id(3), Some(&part(1_000)));
    let mut shown = answered(&refund, 202, r#"{"responseCode":"CANT_REFUND"}"#);
    shown.before = Some(Box::new(captured(3, 1099, 1059, &[159])));
    assert_snapshot!(explained(shown));
}

#[test]
fn what_fits_or_is_of_another_currency_has_no_closest_request() {
    let refund = Call::refund(&transaction_id(3), Some(&part(100)));
    let mut shown = answered(&refund, 202, r#"{"responseCode":"DECLINED"}"#);
    shown.before = Some(Box::new(captured(3, 1099, 1059, &[159])));
    assert!(!explained(shown).contains("accepted "));
    let mut pounds = part(9_900);
    pounds.amounts = pounds
        .amounts
        .map(|(gross, tax, _)| (gross, tax, Currency::parse("GBP").unwrap()));
    let capture = Call::capture(&transaction_id(3), Some(&pounds));
    let mut shown = answered(&capture, 400, r#"{"responseCode":"BAD_REQUEST"}"#);
    shown.before = Some(Box::new(payment(3, 1099, Payment::Authorized)));
    assert!(!explained(shown).contains("accepted "));
}

#[test]
fn an_amount_that_is_a_number_is_shown_as_the_text_that_it_has_to_be() {
    let mut capture = Call::capture(&transaction_id(3), Some(&part(1_059)));
    let body = String::from_utf8(capture.body.unwrap()).unwrap();
    capture.body = Some(body.replace("\"10.59\"", "10.59").into_bytes());
    let mut shown = answered(&capture, 400, r#"{"responseCode":"BAD_REQUEST"}"#);
    shown.why = Some("grossAmount must be a text".into());
    let told = explained(shown);
    assert!(
        told.contains("accepted   \"grossAmount\": \"10.59\""),
        "{told}"
    );
}

#[test]
fn an_answer_that_was_stored_and_one_made_to_order_say_so() {
    let mut shown = answered(&authorize(3), 200, r#"{"responseCode":"OK"}"#);
    if let Some(Outcome::Answered { response, .. }) = &mut shown.outcome {
        response
            .headers
            .push(Header::new("Bango-Sandbox-Replayed", "true"));
    }
    assert!(explained(shown.clone()).starts_with("a repeat: the stored answer, nothing moved"));
    let prefer = Header::new("Prefer", "status=200");
    shown.request.headers.push(prefer);
    assert!(explained(shown).starts_with("a stub:"));
}

#[test]
fn status_and_code_that_disagree_are_flagged() {
    let told = explained(answered(&authorize(3), 503, r#"{"responseCode":"OK"}"#));
    assert!(
        told.starts_with("HTTP 503 with a code that says it happened"),
        "{told}"
    );
    let told = explained(answered(
        &authorize(3),
        200,
        r#"{"responseCode":"DECLINED"}"#,
    ));
    assert!(
        told.starts_with("HTTP 200 says accepted, the code says refused"),
        "{told}"
    );
}

#[test]
fn what_was_cut_is_resolved_by_a_repeat_only_where_the_api_knows_it() {
    let told = |call: &Call| {
        let why = Cut::TimedOut;
        let phases = Phases::default();
        explained(with(call, Outcome::Cut { why, phases }))
    };
    assert!(told(&authorize(3)).contains("the API knows a repeat"));
    let mut unkeyed = part(100);
    unkeyed.external = None;
    let refund = Call::refund(&transaction_id(3), Some(&unkeyed));
    assert!(told(&refund).contains("may move money twice"));
    assert!(told(&Call::retrieve(&transaction_id(3))).contains("it moves no money"));
}

#[test]
fn a_code_that_is_not_in_the_list_is_no_success() {
    assert_snapshot!(explained(answered(
        &authorize(3),
        200,
        r#"{"responseCode":"Ok"}"#
    )));
}

#[test]
fn a_page_of_a_gateway_is_explained_with_the_place_where_it_is_no_json() {
    assert_snapshot!(explained(answered(
        &authorize(3),
        502,
        "<html>\n<body>Bad Gateway"
    )));
}
