//! What does not leave, although it was chosen: money of which nobody knows what would become.

use bango_console::api::{Adjust, Call, Operation};
use bango_console::console::app::event::{Done, Told, Window};
use bango_console::console::app::input::Input;
use bango_console::console::app::state::Overlay;
use bango_console::exchange::{Epoch, Report, What};
use bango_console::record::Transaction;
use bango_console::record::entry::{Kind, Seen};
use bango_console::record::transaction::State as Payment;
use uuid::Uuid;

use crate::cast::{
    answered, authorize, call, captured, identified, payment, transaction_id, under_way, unknown,
    with_code,
};
use crate::stage::{Facts, Stage, noon};

fn on(payment: Transaction) -> Stage {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage.transactions(vec![payment]);
    stage.keys("2").effects();
    stage
}

fn transactions(payment: Transaction) -> Facts {
    Facts {
        transactions: vec![payment],
        ..Facts::default()
    }
}

/// The sandbox begins a new life.
fn reset(stage: &mut Stage) {
    let report = Report {
        run: Uuid::nil(),
        number: 1,
        epoch: Epoch(Uuid::from_u64_pair(0xe, 0xf)),
        at: noon(),
        call: None,
        what: What::Reset,
        why: None,
    };
    let entry = stage.place(Kind::Seen(Seen::Report(Box::new(report))));
    stage.recorded(Facts {
        entries: vec![entry],
        ..Facts::default()
    });
}

/// Opens the popup of verbs with the cursor on this one.
fn choose(stage: &mut Stage, letter: char) {
    stage.keys("a");
    let Some(Overlay::Menu(menu)) = &mut stage.state.overlay else {
        panic!("no menu");
    };
    let mut items = menu.items.iter();
    menu.selected = items.position(|item| item.letter == letter).unwrap();
}

#[track_caller]
fn check_refused(stage: &mut Stage, why: &str) {
    assert_eq!(stage.sent_calls(), []);
    assert!(stage.footer().contains(why), "{}", stage.footer());
}

#[test]
fn a_form_does_not_leave_once_an_outcome_is_unknown() {
    let capture = Call::capture(&transaction_id(3), None);
    for (now, why) in [
        (unknown(3, capture.operation), "a capture is unresolved"),
        (under_way(3, &capture), "a capture is under way"),
    ] {
        for keys in ["<enter>", "1.00<ctrl+g>", "<ctrl+p><enter>"] {
            let mut stage = on(payment(3, 1099, Payment::Authorized));
            stage.keys("ac").transactions(vec![now.clone()]);
            stage.keys(keys);
            check_refused(&mut stage, why);
            assert!(matches!(stage.state.overlay, Some(Overlay::Form(_))));
        }
    }
}

#[test]
fn a_refund_of_what_was_not_captured_does_not_leave_for_it_would_cancel() {
    let mut stage = on(payment(3, 1099, Payment::Authorized));
    // Only an answer made to order gets this form.
    choose(&mut stage, 'f');
    stage.keys("<ctrl+t>504<enter><ctrl+t><enter><ctrl+g>");
    check_refused(&mut stage, "nothing captured yet");
}

#[test]
fn a_key_that_is_held_moves_money_once() {
    let mut stage = on(payment(3, 1099, Payment::Authorized));
    stage.keys("<enter>").pass(1).keys("<enter>");
    let call = *stage.state.calls.keys().next().unwrap();
    assert_eq!(stage.sent_calls().len(), 1);
    let code = with_code("OK");
    let capture = Operation::Capture;
    stage.ends_with(
        call,
        capture,
        code,
        transactions(captured(3, 1099, 1099, &[])),
    );
    // The form of the refund opens, and stays.
    stage.keys("<enter><enter><enter>");
    assert_eq!(stage.sent_calls(), []);
    assert!(matches!(stage.state.overlay, Some(Overlay::Form(_))));
    stage.pass(1).keys("<enter>");
    assert_eq!(stage.sent_calls().len(), 1);
}

#[test]
fn an_answer_made_to_order_may_leave_for_it_moves_nothing() {
    let mut stage = on(payment(3, 1099, Payment::Authorized));
    let capture = Call::capture(&transaction_id(3), None);
    stage.keys("ac<ctrl+t>504<enter>");
    stage.transactions(vec![unknown(3, capture.operation)]);
    stage.keys("<enter>");
    assert!(stage.sent_calls()[0].stub.is_some());
}

#[test]
fn while_a_capture_is_unknown_only_its_own_bytes_are_sent_again() {
    let id = transaction_id(3);
    let capture = Call::capture(&id, None);
    let shown = |call: &Call| {
        let mut stage = on(unknown(3, capture.operation));
        stage.shows(answered(call, 400, r#"{"responseCode":"BAD_REQUEST"}"#));
        stage
    };
    let mut stage = shown(&Call::refund(&id, Some(&Adjust::default())));
    stage.keys("Rs");
    check_refused(&mut stage, "a capture is unresolved");
    let mut stage = shown(&capture);
    stage.keys("Rs");
    assert_eq!(stage.sent_calls(), std::slice::from_ref(&capture));
}

/// The list as it was read with that filter, or as that part of all payments.
fn list(stage: &mut Stage, rows: Vec<Transaction>, after: bool) {
    let filter = stage.state.transactions.filter.clone();
    let total = rows.len() as u64;
    stage.done(Done::Transactions(Window {
        rows,
        before: false,
        after,
        filter,
        total,
    }));
}

#[test]
fn money_of_a_payment_that_is_not_in_the_list_does_not_leave() {
    let refund = Call::refund(&transaction_id(3), None);
    let stage = |narrow: fn(&mut Stage)| {
        let mut stage = on(unknown(3, Operation::Capture));
        stage.shows(answered(&refund, 400, r#"{"responseCode":"BAD_REQUEST"}"#));
        narrow(&mut stage);
        stage.effects();
        stage
    };
    let narrowed: [fn(&mut Stage); 2] = [
        |stage| {
            stage.keys("/state:captured<enter>");
            list(stage, vec![], false);
        },
        |stage| list(stage, vec![payment(9, 1099, Payment::Authorized)], true),
    ];
    for narrow in narrowed {
        let mut again = stage(narrow);
        again.keys("Rs");
        check_refused(&mut again, "its payment is not in the list");
        let mut pasted = stage(narrow);
        let id = transaction_id(3);
        let line = format!("curl -X DELETE http://h/v5/transaction/{}", id.as_str());
        pasted.input(Input::Paste(line)).keys("<ctrl+s>");
        check_refused(&mut pasted, "its payment is not in the list");
    }
    // Where all are at hand, an id that none of them has is the API's to refuse.
    let mut all = stage(|stage| list(stage, vec![payment(9, 1099, Payment::Authorized)], false));
    all.keys("Rs");
    assert_eq!(all.sent_calls().len(), 1);
}

#[test]
fn what_was_refused_as_a_mistake_is_not_called_a_repeat() {
    let screen = |code: &str| {
        let mut stage = on(captured(3, 1099, 1099, &[]));
        let body = format!(r#"{{"responseCode":"{code}"}}"#);
        stage.shows(answered(&Call::refund(&transaction_id(3), None), 202, body));
        stage.keys("R").screen()
    };
    let repeat = "the API knows a repeat";
    assert!(screen("REFUNDED").contains(repeat));
    for code in ["BAD_REQUEST", "CONNECT_TIMEOUT", "NOT_FOUND"] {
        let screen = screen(code);
        assert!(screen.contains("it was not done then"), "{screen}");
        assert!(!screen.contains(repeat), "{screen}");
    }
}

#[test]
fn what_is_open_for_a_payment_goes_with_a_reset() {
    for keys in ["ac", "ac<ctrl+p>", "ac<ctrl+t>"] {
        let mut stage = on(payment(3, 1099, Payment::Authorized));
        stage.keys(keys).effects();
        reset(&mut stage);
        assert!(stage.state.overlay.is_none(), "{keys}");
        check_refused(&mut stage, "the sandbox was reset");
    }
    // Nor does it come back from under what could not be copied.
    let mut stage = on(payment(3, 1099, Payment::Authorized));
    stage.keys("ac").done(Done::Copied {
        what: "curl command",
        bytes: "curl".into(),
        told: Told::Failed { why: "no".into() },
    });
    assert!(matches!(stage.state.overlay, Some(Overlay::Copied(_))));
    reset(&mut stage);
    assert!(stage.state.overlay.is_none());
    // A new payer is for any life.
    let mut stage = on(payment(3, 1099, Payment::Authorized));
    stage.keys("ai<enter>");
    reset(&mut stage);
    assert!(matches!(stage.state.overlay, Some(Overlay::Form(_))));
}

#[test]
fn money_of_before_a_reset_is_not_sent_again() {
    for keys in ["Rs", "e<ctrl+g>"] {
        let mut stage = on(payment(3, 1099, Payment::Authorized));
        let capture = Call::capture(&transaction_id(3), None);
        stage.shows(answered(&capture, 200, r#"{"responseCode":"OK"}"#));
        reset(&mut stage);
        stage.keys(keys);
        check_refused(&mut stage, "the sandbox was reset since");
    }
}

#[test]
fn what_was_shown_when_the_popup_opened_is_what_is_sent_again() {
    let mut stage = on(captured(3, 1099, 1099, &[]));
    let retrieve = Call::retrieve(&transaction_id(3));
    stage.shows(answered(&retrieve, 200, r#"{"responseCode":"OK"}"#));
    stage.keys("R").effects();
    // Another console refunds a part.
    stage.transactions(vec![captured(3, 1099, 1099, &[100])]);
    let part = Call::refund(&transaction_id(3), None);
    stage.shows(answered(&part, 200, r#"{"responseCode":"REFUNDED"}"#));
    stage.keys("s");
    assert_eq!(stage.sent_calls(), [retrieve]);
}

#[test]
fn nothing_is_forced_while_the_journal_cannot_be_written() {
    let mut stage = on(payment(3, 1099, Payment::Cancelled));
    stage.state.unrecorded.insert(call(9), "full".to_owned());
    choose(&mut stage, 'x');
    stage.keys("!");
    check_refused(&mut stage, "not recorded: full");
    // Nor is anything sent again.
    stage
        .keys("<esc>")
        .shows(answered(&authorize(3), 200, "{}"));
    stage.keys("Rs");
    check_refused(&mut stage, "not recorded: full");
}
