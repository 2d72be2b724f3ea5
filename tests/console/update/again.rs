//! Sending again, editing first, a curl line as a draft, and a look at what will leave.

use bango_console::api::{Adjust, Call, Operation};
use bango_console::console::app::effect::Effect;
use bango_console::console::app::event::Done;
use bango_console::console::app::input::Input;
use bango_console::console::app::state::Overlay;
use bango_console::exchange::Request;
use bango_console::money::{Amount, Currency};
use bango_console::record::transaction::State as Payment;
use serde_json::Value;

use crate::cast::{answered, authorize, captured, identified, payment, request, transaction_id};
use crate::stage::Stage;

/// A console that shows this exchange.
fn showing(call: &Call) -> Stage {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage.transactions(vec![captured(3, 1099, 1099, &[])]);
    stage
        .keys("2")
        .shows(answered(call, 200, r#"{"responseCode":"OK"}"#));
    stage.effects();
    stage
}

fn body(call: &Call) -> Value {
    serde_json::from_slice(call.body.as_ref().unwrap()).unwrap()
}

fn refund() -> Call {
    let part = Adjust {
        external: Some("r-1".into()),
        amounts: Some((Amount::from_hundredths(159), None, Currency::USD)),
        ..Adjust::default()
    };
    Call::refund(&transaction_id(3), Some(&part))
}

#[test]
fn the_same_again_is_the_same_bytes() {
    for call in [authorize(3), refund(), Call::retrieve(&transaction_id(3))] {
        let mut stage = showing(&call);
        stage.keys("Rs");
        assert_eq!(stage.sent_calls(), [call]);
    }
}

#[test]
fn a_new_key_is_a_choice_of_its_own_and_seen_before_it_leaves() {
    let mut stage = showing(&authorize(3));
    stage.keys("Rn");
    assert_eq!(stage.sent_calls(), []);
    assert!(matches!(stage.state.overlay, Some(Overlay::Form(_))));
    stage.keys("<enter>");
    let again = stage.sent_calls().pop().unwrap();
    let (before, after) = (body(&authorize(3)), body(&again));
    assert_ne!(
        before["externalTransactionId"],
        after["externalTransactionId"]
    );
    assert_eq!(before["paymentItems"], after["paymentItems"]);
}

#[test]
fn what_has_no_key_gets_none() {
    let mut stage = showing(&Call::capture(&transaction_id(3), None));
    stage.keys("R");
    let screen = stage.screen();
    assert!(
        screen.contains("it carries no externalTransactionId"),
        "{screen}"
    );
    stage.keys("n");
    assert_eq!(stage.sent_calls(), []);
}

#[test]
fn editing_begins_with_the_bytes_that_were_sent() {
    let mut stage = showing(&refund());
    stage.keys("e");
    let Some(Overlay::Form(form)) = &stage.state.overlay else {
        panic!("no form");
    };
    assert_eq!(
        form.text().unwrap().text().into_bytes(),
        refund().body.unwrap()
    );
    // Its fields are there, too.
    stage.keys("<ctrl+r>2.50<enter>");
    let call = stage.sent_calls().pop().unwrap();
    assert_eq!(call.operation, Operation::Refund);
    let price = &body(&call)["paymentItems"][0]["priceList"][0];
    assert_eq!(price["grossAmount"], "2.50");
    assert_eq!(body(&call)["externalTransactionId"], "r-1");
}

/// Another body under the same key is refused: that is said before it is sent, and goes with another key.
#[test]
fn an_edited_start_says_that_its_key_is_used() {
    const USED: &str = "its External id began a payment: with another body it is refused";
    let mut stage = showing(&authorize(3));
    let screen = stage.keys("e").screen();
    assert!(screen.contains(USED), "{screen}");
    assert!(stage.keys("<ctrl+r>").screen().contains(USED));
    stage.keys("<esc>Rn");
    assert!(!stage.screen().contains(USED), "a new key is free");
}

#[test]
fn a_call_without_fields_is_edited_as_json_only() {
    let mut stage = showing(&Call::retrieve(&transaction_id(3)));
    stage.keys("e<ctrl+r>");
    assert!(
        stage.footer().contains("this call has none"),
        "{}",
        stage.footer()
    );
    stage.keys("<ctrl+s>");
    assert_eq!(stage.sent_calls(), [Call::retrieve(&transaction_id(3))]);
}

#[test]
fn nothing_shown_is_nothing_to_send_again() {
    let mut stage = Stage::new(80, 24);
    stage.keys("R");
    assert!(
        stage.footer().contains("nothing to send again"),
        "{}",
        stage.footer()
    );
    stage.keys("e");
    assert_eq!(stage.sent_calls(), []);
}

#[test]
fn while_a_payment_has_a_call_under_way_it_gets_no_second_one() {
    let mut stage = showing(&refund());
    stage.keys("Rs");
    assert_eq!(stage.sent_calls().len(), 1);
    stage.keys("Rs");
    assert_eq!(stage.sent_calls(), []);
    assert!(stage.state.calls.len() == 1);
}

#[test]
fn a_pasted_curl_line_becomes_a_draft_for_this_endpoint() {
    let mut stage = showing(&refund());
    let line = "curl -u me:hunter2 https://api.bango.net/v5/transaction -d '{\"bangoUserId\": \"1\"}' -H 'Content-Type: application/json'";
    stage.input(Input::Paste(line.into()));
    assert!(
        stage
            .footer()
            .contains("it goes to sandbox 127.0.0.1:2646/v5"),
        "{}",
        stage.footer()
    );
    assert!(!format!("{:?}", stage.state).contains("hunter2"));
    stage.keys("<ctrl+g>");
    let call = stage.sent_calls().pop().unwrap();
    assert_eq!(call.operation, Operation::Authorize);
    assert_eq!(call.body.unwrap(), b"{\"bangoUserId\": \"1\"}");

    let mut stage = showing(&refund());
    stage.input(Input::Paste("curl 'http://h".into()));
    assert!(
        stage.footer().contains("a quote is not closed"),
        "{}",
        stage.footer()
    );
}

#[test]
fn the_preview_shows_what_leaves_and_goes_back_to_the_form() {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage.transactions(vec![payment(3, 1099, Payment::Authorized)]);
    stage.keys("2").effects();
    stage.keys("ac1.00<ctrl+p>");
    let asked = stage.effects().into_iter().find_map(|effect| match effect {
        Effect::Preview { id, call } => Some((id, call)),
        _ => None,
    });
    let (id, call) = asked.unwrap();
    let previewed: Request = request(&call);
    stage.done(Done::Previewed {
        id,
        request: Ok(Box::new(previewed)),
    });
    let screen = stage.screen();
    assert!(
        screen.contains("PUT http://127.0.0.1:2646/v5/transaction/"),
        "{screen}"
    );
    assert!(screen.contains("\"grossAmount\": \"1.00\""), "{screen}");
    stage.keys("y");
    let copied = stage.effects().pop().unwrap();
    assert!(matches!(
        copied,
        Effect::Copy {
            what: "curl command",
            ..
        }
    ));
    stage.keys("<esc>");
    assert!(matches!(stage.state.overlay, Some(Overlay::Form(_))));
    stage.keys("<ctrl+p><enter>");
    assert_eq!(stage.sent_calls(), [*call]);
}
