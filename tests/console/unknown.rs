//! Outcomes that nobody knows: sending the same again moves money once, whether or not it had moved.

use bango_console::console::app::verbs::{self, Verb};
use bango_console::record::Transaction;
use bango_console::record::line::What;
use bango_console::record::transaction::Status;

use crate::line::{Line, Weather};
use crate::live::Live;
use crate::merchant::Merchant;
use crate::pty::Home;

const LOSSES: [Weather; 2] = [Weather::AnswersAreLost, Weather::RequestsAreLost];

/// A payer on a line that is fair for now.
fn identified() -> (Home, Line, Live) {
    let (home, line) = (Home::new(), Line::new());
    let mut console = Live::on(&home, &line);
    console.identify();
    (home, line, console)
}

fn authorized() -> (Home, Line, Live) {
    let (home, line, mut console) = identified();
    console.keys("aa10.99<enter>").wait_for(Status::Authorized);
    (home, line, console)
}

fn captured() -> (Home, Line, Live) {
    let (home, line, mut console) = authorized();
    console.keys("ac<enter>").wait_for(Status::Captured);
    (home, line, console)
}

/// Makes a call in this weather, gives up waiting, sends the same again in fair weather.
#[track_caller]
fn lose_and_send_again(
    line: &Line,
    console: &mut Live,
    weather: Weather,
    keys: &str,
    after: Status,
) {
    line.weather(weather);
    console.keys(keys);
    line.wait_for_a_loss();
    console.keys("<esc>").wait_for(Status::Unknown);
    let offers = verbs::offers(console.state());
    assert_eq!(offers[verbs::next(&offers)].verb, Verb::SendAgain);
    let doubtful = console.payment().unresolved().unwrap().clone();

    line.weather(Weather::Fair);
    console.keys("as").wait_for(after);
    assert!(console.payment().unresolved().is_none());
    // The answer is the first one's, where there was one.
    let had_taken_effect = weather == Weather::AnswersAreLost;
    console.wait_until("the end of the repeat", |state| {
        state.timeline.rows.iter().any(|line| match &line.what {
            What::Ended { call, marks, .. } => {
                *call > doubtful.call && marks.replayed == had_taken_effect
            }
            _ => false,
        })
    });
}

fn id(payment: &Transaction) -> &str {
    payment.id.as_ref().unwrap().as_str()
}

#[test]
fn a_start_is_one_payment() {
    for weather in LOSSES {
        let (_home, line, mut console) = identified();
        lose_and_send_again(
            &line,
            &mut console,
            weather,
            "aa10.99<enter>",
            Status::Authorized,
        );
        assert_eq!(console.state().transactions.rows.len(), 1);
        console.keys("ac<enter>").wait_for(Status::Captured);
    }
}

#[test]
fn a_capture_takes_once() {
    for weather in LOSSES {
        let (_home, line, mut console) = authorized();
        lose_and_send_again(&line, &mut console, weather, "ac<enter>", Status::Captured);
        let shop = Merchant::at(&console.base());
        assert_eq!(
            shop.refund(id(console.payment()), Some("10.99")),
            "REFUNDED"
        );
        assert_eq!(
            shop.refund(id(console.payment()), Some("0.01")),
            "ALREADY_REFUNDED"
        );
    }
}

#[test]
fn a_cancel_stays_a_cancel() {
    for weather in LOSSES {
        let (_home, line, mut console) = authorized();
        lose_and_send_again(&line, &mut console, weather, "ax", Status::Cancelled);
        assert!(console.payment().refunded().gross.is_zero());
    }
}

/// Whether of 10.99 exactly 1.59 was given back, by the sandbox's own sums.
fn was_given_back_once(console: &Live) -> bool {
    let shop = Merchant::at(&console.base());
    let refund = |gross| shop.refund(id(console.payment()), Some(gross));
    refund("9.41") == "CANT_REFUND" && refund("9.40") == "REFUNDED"
}

#[test]
fn a_refund_of_a_part_gives_back_once() {
    for weather in LOSSES {
        let (_home, line, mut console) = captured();
        let keys = "af1.59<enter>";
        lose_and_send_again(
            &line,
            &mut console,
            weather,
            keys,
            Status::PartiallyRefunded,
        );
        assert_eq!(console.payment().refunded().gross.to_string(), "1.59");
        assert!(was_given_back_once(&console));
    }
}

/// The control of the test above: somebody who refunds anew instead of sending the same again.
#[test]
fn a_refund_that_is_made_anew_is_noticed() {
    let (_home, line, mut console) = captured();
    line.weather(Weather::AnswersAreLost);
    console.keys("af1.59<enter>");
    line.wait_for_a_loss();
    let shop = Merchant::at(&console.base());
    assert_eq!(shop.refund(id(console.payment()), Some("1.59")), "REFUNDED");
    assert!(!was_given_back_once(&console));
}

#[test]
fn a_refund_of_all_gives_back_once() {
    for weather in LOSSES {
        let (_home, line, mut console) = captured();
        lose_and_send_again(&line, &mut console, weather, "af<enter>", Status::Refunded);
        let shop = Merchant::at(&console.base());
        assert_eq!(
            shop.refund(id(console.payment()), Some("0.01")),
            "ALREADY_REFUNDED"
        );
    }
}

#[test]
fn what_nobody_accepts_was_not_sent() {
    let home = Home::new();
    // A port that was free a moment ago.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/v5", nobody.local_addr().unwrap());
    drop(nobody);
    let mut console = Live::through(&home, base);
    console.keys("+900120<enter><enter>");
    console.wait_until("the end of the call", |state| state.calls.is_empty());
    let session = console.state().sessions.selected().unwrap();
    assert_eq!(session.state.word(), "not sent");
}
