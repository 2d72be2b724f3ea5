//! Forms beyond their fields: JSON, what would be refused, and answers made to order.

use bango_console::api::{Call, Operation, ResponseCode};
use bango_console::console::app::input::Input;
use bango_console::console::app::state::{Overlay, Pane};
use bango_console::record::line::{Line, Marks, What};
use bango_console::record::transaction::State as Payment;

use crate::cast::{came_back, captured, identified, payment, transaction_id, with_code};
use crate::stage::{Facts, Stage};

fn on(payment: bango_console::record::Transaction) -> Stage {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage.transactions(vec![payment]);
    stage.keys("2").effects();
    stage
}

#[test]
fn the_json_is_sent_as_it_was_typed() {
    let mut stage = on(payment(3, 1099, Payment::Authorized));
    stage.keys("ac<ctrl+r>");
    // A whole capture has no body.
    let text =
        r#"{"paymentItems":[{"priceList":[{"currencyIso3":"USD","grossAmount":"1.00"}]}],"x":1}"#;
    stage.input(Input::Paste(text.into())).keys("<ctrl+s>");
    let calls = stage.sent_calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].body.as_deref(), Some(text.as_bytes()));
    assert!(stage.state.overlay.is_none());
}

#[test]
fn enter_and_tab_are_text_in_the_json() {
    let mut stage = on(payment(3, 1099, Payment::Authorized));
    stage.keys("ac<ctrl+r>{<enter><tab>}");
    assert_eq!(stage.sent_calls(), []);
    let Some(Overlay::Form(form)) = &stage.state.overlay else {
        panic!("the form went");
    };
    assert_eq!(form.text().unwrap().text(), "{\n  }");
}

#[test]
fn what_would_be_refused_is_sent_only_when_asked_twice() {
    let mut stage = on(payment(3, 1099, Payment::Authorized));
    stage.keys("ac99.00<enter>");
    assert_eq!(stage.sent_calls(), []);
    assert!(stage.screen().contains("send anyway"), "{}", stage.screen());
    stage.keys("<ctrl+g>");
    let body = stage.sent_calls().pop().unwrap().body.unwrap();
    assert!(String::from_utf8(body).unwrap().contains("99.00"));
}

#[test]
fn json_that_is_none_can_be_sent_to_see_what_happens() {
    let mut stage = on(payment(3, 1099, Payment::Authorized));
    stage.keys("ac<ctrl+r>{,<ctrl+s>");
    assert_eq!(stage.sent_calls(), []);
    stage.keys("<ctrl+g>");
    assert_eq!(
        stage.sent_calls()[0].body.as_deref(),
        Some(b"{,".as_slice())
    );
}

#[test]
fn a_verb_that_is_not_legal_is_sent_with_the_key_for_it_only() {
    let mut stage = on(captured(3, 1099, 1099, &[]));
    stage.keys("ac");
    assert!(matches!(stage.state.overlay, Some(Overlay::Menu(_))));
    let capture = stage.state.overlay.clone();
    let Some(Overlay::Menu(mut menu)) = capture else {
        unreachable!("just seen")
    };
    menu.selected = menu
        .items
        .iter()
        .position(|item| item.letter == 'c')
        .unwrap();
    stage.state.overlay = Some(Overlay::Menu(menu));
    stage.keys("!");
    assert!(matches!(stage.state.overlay, Some(Overlay::Form(_))));
    stage.keys("<ctrl+g>");
    let call = stage.sent_calls().pop().unwrap();
    assert_eq!(call.operation, Operation::Capture);
}

#[test]
fn a_verb_that_would_do_something_else_is_not_forced() {
    let mut stage = on(captured(3, 1099, 1099, &[]));
    stage.keys("a<down>");
    let Some(Overlay::Menu(menu)) = &stage.state.overlay else {
        panic!("no menu");
    };
    assert_eq!(menu.selected().unwrap().letter, 'x');
    stage.keys("!");
    assert_eq!(stage.sent_calls(), []);
    assert!(stage.footer().contains("not even so"), "{}", stage.footer());
}

#[test]
fn a_form_names_its_answer_and_takes_it_back() {
    let mut stage = on(payment(3, 1099, Payment::Authorized));
    stage.keys("ac<ctrl+t>timeout<enter>");
    assert!(
        stage.screen().contains("504 CONNECT_TIMEOUT"),
        "{}",
        stage.screen()
    );
    stage.keys("<ctrl+t><enter><ctrl+t>504<enter><enter>");
    let call = stage.sent_calls().pop().unwrap();
    let stub = call.stub.unwrap();
    assert_eq!(
        (stub.status, stub.code),
        (504, ResponseCode::ConnectTimeout)
    );

    let mut stage = on(payment(3, 1099, Payment::Authorized));
    stage.keys("ac<ctrl+t>504<enter><ctrl+t><enter><ctrl+s>");
    assert_eq!(stage.sent_calls().pop().unwrap().stub, None);
}

#[test]
fn a_verb_without_a_form_is_sent_with_the_answer_that_was_chosen() {
    let mut stage = on(payment(3, 1099, Payment::Authorized));
    stage.keys("a<end><up><ctrl+t>404<enter>");
    let call = stage.sent_calls().pop().unwrap();
    assert_eq!(call.operation, Operation::Retrieve);
    assert_eq!(call.path, Call::retrieve(&transaction_id(3)).path);
    assert_eq!(call.stub.unwrap().code, ResponseCode::NotFound);
}

#[test]
fn an_answer_made_to_order_is_looked_at_in_the_timeline_and_called_so() {
    let mut stage = on(payment(3, 1099, Payment::Authorized));
    stage.keys("aa<ctrl+t>speed<enter><enter>");
    let id = *stage.state.calls.keys().next().unwrap();
    let line = came_back(9, id, Operation::Authorize, with_code("SPEED_LIMIT"));
    let What::Ended {
        call,
        operation,
        end,
        ..
    } = line.what
    else {
        unreachable!("it came back")
    };
    let marks = Marks {
        stub: true,
        replayed: false,
    };
    let what = What::Ended {
        call,
        operation,
        end,
        marks,
    };
    let line = Line {
        what,
        transaction: None,
        session: None,
        ..line
    };
    stage.ends_as(id, line, Facts::default());
    assert_eq!(stage.state.focus, Pane::Timeline);
    assert!(
        stage.footer().contains("nothing happened"),
        "{}",
        stage.footer()
    );
    assert!(stage.screen().contains("stub SPEED_"), "{}", stage.screen());
}
