//! Calls under way, their ends, and outcomes that nobody knows.

use bango_console::api::{Call, Operation};
use bango_console::console::app::effect::{Effect, Query};
use bango_console::console::app::event::Done;
use bango_console::console::app::input::Input;
use bango_console::console::app::inspector::Wanted;
use bango_console::console::app::state::Overlay;
use bango_console::console::app::verbs::{self, Verb};
use bango_console::exchange::{CallId, Cut, NotSent};
use bango_console::record::line::{End, What};
use bango_console::record::transaction::State as Payment;
use bango_console::record::{Origin, Transaction, TransactionKey};

use crate::cast::{
    self, answered, authorize, call, came_back, captured, identified, payment, transaction_id,
    unknown, with_code,
};
use crate::stage::{Facts, Stage};

/// A console on one authorized payment.
fn authorized() -> Stage {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage.transactions(vec![payment(3, 1099, Payment::Authorized)]);
    stage.keys("2").effects();
    stage
}

/// The one call that was made last.
#[track_caller]
fn under_way(stage: &Stage) -> CallId {
    assert_eq!(stage.state.calls.len(), 1);
    *stage.state.calls.keys().next().unwrap()
}

fn is_send(effect: &Effect) -> bool {
    matches!(effect, Effect::Send { .. } | Effect::SendAgain { .. })
}

fn transactions(transactions: Vec<Transaction>) -> Facts {
    Facts {
        transactions,
        ..Facts::default()
    }
}

fn offer(stage: &Stage, verb: Verb) -> verbs::Offer {
    let mut offers = verbs::offers(&stage.state).into_iter();
    offers.find(|offer| offer.verb == verb).unwrap()
}

#[test]
fn esc_stops_waiting_and_never_quits() {
    let mut stage = authorized();
    stage.keys("r");
    let id = under_way(&stage);
    stage.effects();
    stage.keys("<esc>");
    assert_eq!(stage.effects(), [Effect::Cancel(id)]);
    // Its end is on its way: more keys do not tell twice, and none of them quits.
    stage.keys("<esc><esc><esc>");
    let effects = stage.effects();
    assert!(!effects.contains(&Effect::Cancel(id)), "{effects:?}");
    assert!(!effects.contains(&Effect::Quit), "{effects:?}");
    let why = NotSent::Cancelled;
    stage.ends(id, Operation::Retrieve, End::NotSent { why });
    assert!(stage.state.calls.is_empty());
}

#[test]
fn esc_leaves_the_popup_before_it_stops_a_call() {
    let mut stage = authorized();
    stage.keys("ra").effects();
    stage.keys("<esc>");
    assert!(stage.state.overlay.is_none());
    assert!(
        stage
            .effects()
            .iter()
            .all(|effect| !matches!(effect, Effect::Cancel(_)))
    );
    stage.keys("<esc>");
    assert_eq!(stage.effects(), [Effect::Cancel(under_way(&stage))]);
}

#[test]
fn a_call_is_sent_once_however_often_enter_is_pressed() {
    let mut stage = authorized();
    stage.keys("ac<enter><enter><enter>");
    let effects = stage.effects();
    assert_eq!(effects.iter().filter(|effect| is_send(effect)).count(), 1);
}

#[test]
fn while_a_capture_is_under_way_no_other_write_is_offered() {
    let mut stage = authorized();
    stage.keys("ac<enter>");
    let id = under_way(&stage);
    let capture = Call::capture(&transaction_id(3), None);
    let mut capturing = cast::under_way(3, &capture);
    capturing.key = stage.state.transactions.selected().unwrap().key;
    stage.sends(id, Operation::Capture, transactions(vec![capturing]));
    for verb in [Verb::Capture, Verb::Cancel, Verb::Refund] {
        assert_eq!(offer(&stage, verb).words, "a capture is under way");
    }
}

#[test]
fn an_unknown_outcome_offers_the_bytes_of_the_old_call_under_a_new_id() {
    for operation in [
        Operation::Authorize,
        Operation::Capture,
        Operation::Cancel,
        Operation::Refund,
    ] {
        let mut stage = Stage::new(80, 24);
        let doubtful = unknown(3, operation);
        let old = doubtful.unresolved().unwrap().call;
        stage.transactions(vec![doubtful]).keys("2");
        assert!(offer(&stage, Verb::SendAgain).possible, "{operation:?}");
        stage.effects();
        stage.keys("<enter><enter>");
        let new = under_way(&stage);
        let again = Effect::SendAgain { id: new, of: old };
        assert!(stage.effects().contains(&again), "{operation:?}");
        assert_ne!(new, old);
    }
}

#[test]
fn an_unknown_outcome_is_told_with_its_remedy() {
    let mut stage = authorized();
    stage.keys("ac<enter>");
    let id = under_way(&stage);
    let why = Cut::Cancelled;
    stage.ends(id, Operation::Capture, End::Cut { why });
    let toast = &stage.state.toast.as_ref().unwrap().words;
    assert_eq!(toast, "capture: outcome unknown; a s sends the same again");
}

#[test]
fn a_replay_is_told_as_one() {
    let mut stage = authorized();
    stage.keys("r");
    let id = under_way(&stage);
    let mut line = came_back(9, id, Operation::Retrieve, with_code("OK"));
    if let What::Ended { marks, .. } = &mut line.what {
        marks.replayed = true;
    }
    stage.ends_as(id, line, Facts::default());
    let toast = &stage.state.toast.as_ref().unwrap().words;
    assert_eq!(toast, "retrieve: OK, a replay: nothing moved");
}

#[test]
fn ends_of_calls_that_others_made_are_not_told() {
    let mut stage = authorized();
    stage.ends(call(77), Operation::Capture, with_code("OK"));
    assert_eq!(stage.state.toast, None);
}

/// A call has ended, and its end could not be written down.
fn unrecorded(stage: &mut Stage) {
    let answer = answered(&authorize(3), 200, r#"{"responseCode":"OK"}"#);
    let (call, shown) = (call(77), Box::new(answer));
    let why = "the disk is full".to_owned();
    stage.done(Done::Unrecorded { call, shown, why });
}

#[test]
fn an_end_that_could_not_be_recorded_is_shown_and_marked() {
    let mut stage = authorized();
    unrecorded(&mut stage);
    let screen = stage.screen();
    assert!(
        screen.contains("not recorded: the disk is full"),
        "{screen}"
    );
    assert!(screen.contains("200 OK"), "{screen}");
}

#[test]
fn without_a_journal_only_reading_is_possible() {
    let mut stage = authorized();
    unrecorded(&mut stage);
    for verb in [Verb::Authorize, Verb::Capture, Verb::Cancel] {
        let offer = offer(&stage, verb);
        assert!(!offer.possible, "{offer:?}");
        assert_eq!(offer.words, "the journal cannot be written");
    }
    assert!(offer(&stage, Verb::Retrieve).possible);
    stage.effects();
    stage.keys("ac<enter>").keys("<esc>ax");
    let effects = stage.effects();
    assert!(!effects.iter().any(is_send), "{effects:?}");
    assert!(
        stage
            .keys("<esc><esc>")
            .footer()
            .contains("not recorded: the disk is full")
    );
}

#[test]
fn an_end_that_is_recorded_after_all_gives_the_verbs_back() {
    let mut stage = authorized();
    unrecorded(&mut stage);
    stage.arrives(Facts::default());
    assert!(!offer(&stage, Verb::Capture).possible);
    stage.ends(call(77), Operation::Capture, with_code("OK"));
    assert!(offer(&stage, Verb::Capture).possible);
}

#[test]
fn a_form_that_was_open_when_the_journal_failed_sends_nothing() {
    let mut stage = authorized();
    stage.keys("ac");
    unrecorded(&mut stage);
    stage.effects();
    stage.keys("<enter>");
    let effects = stage.effects();
    assert!(!effects.iter().any(is_send), "{effects:?}");
}

#[test]
fn a_call_that_was_not_recorded_was_not_sent_and_is_no_longer_awaited() {
    let mut stage = authorized();
    stage.keys("r");
    let (call, why) = (under_way(&stage), "the disk is full".to_owned());
    stage.done(Done::NotSent { call, why });
    assert!(stage.state.calls.is_empty());
    assert!(stage.footer().contains("not sent: the disk is full"));
}

#[test]
fn an_answer_to_an_earlier_question_is_dropped() {
    let mut stage = authorized();
    stage.transactions(vec![captured(4, 1099, 1059, &[])]);
    let first = stage.state.inspector.wanted.unwrap();
    stage.keys("g");
    assert_ne!(stage.state.inspector.wanted, Some(first));
    let late = answered(&authorize(3), 200, r#"{"responseCode":"OK"}"#);
    let shown = Some(Box::new(late));
    stage.done(Done::Exchange {
        wanted: first,
        shown,
    });
    assert_eq!(stage.state.inspector.shown, None);
}

#[test]
fn what_the_inspector_shows_is_read_anew_when_something_happens() {
    let mut stage = authorized();
    stage.transactions(vec![captured(3, 1099, 1059, &[])]);
    let wanted = Wanted::Transaction(TransactionKey(Origin::Call(call(3))));
    let read = Effect::Read(Query::Exchange(wanted));
    assert!(stage.effects().contains(&read));
}

#[test]
fn the_seconds_of_a_call_are_counted_by_one_wake_up_each() {
    let mut stage = authorized();
    stage.keys("r");
    let wake_ups = |stage: &mut Stage| {
        let effects = stage.effects().into_iter();
        effects
            .filter(|effect| matches!(effect, Effect::WakeAt(_)))
            .count()
    };
    assert_eq!(wake_ups(&mut stage), 1);
    stage.pass(1).input(Input::Wake);
    assert_eq!(wake_ups(&mut stage), 1);
    assert!(stage.footer().contains("waiting for the answer, 1 s"));
    let id = under_way(&stage);
    stage.ends(id, Operation::Retrieve, with_code("OK"));
    stage.pass(1).input(Input::Wake);
    assert_eq!(wake_ups(&mut stage), 0, "idle is no wake-up");
}

#[test]
fn a_refund_of_the_rest_asks_for_what_is_left_with_a_key_of_its_own() {
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![captured(3, 1099, 1059, &[159])]);
    stage.keys("2af<enter>");
    let effects = stage.effects();
    let call = effects.iter().find_map(|effect| match effect {
        Effect::Send { call, .. } => Some(call),
        _ => None,
    });
    let call = call.unwrap();
    assert_eq!(
        call.path,
        format!("transaction/{}", transaction_id(3).as_str())
    );
    let body: serde_json::Value = serde_json::from_slice(call.body.as_ref().unwrap()).unwrap();
    let external = body["externalTransactionId"].as_str().unwrap();
    assert!(external.starts_with("t-"), "{external}");
    assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
}

#[test]
fn enter_opens_the_form_of_what_comes_next() {
    for (payment, form) in [
        (payment(3, 1099, Payment::Authorized), "Capture"),
        (captured(3, 1099, 1059, &[159]), "Refund"),
        (captured(3, 1099, 1059, &[1059]), "Authorize a payment"),
    ] {
        let mut stage = Stage::new(80, 24);
        stage.transactions(vec![payment]).keys("2").effects();
        stage.keys("<enter>");
        assert!(!stage.effects().iter().any(is_send));
        let Some(Overlay::Form(open)) = &stage.state.overlay else {
            panic!("no form of {form}");
        };
        assert_eq!(open.title(), form);
    }
}

#[test]
fn enter_asks_before_it_sends_the_same_again() {
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![unknown(3, Operation::Capture)]);
    stage.keys("2").effects();
    stage.keys("<enter>");
    assert!(!stage.effects().iter().any(is_send));
    assert!(matches!(stage.state.overlay, Some(Overlay::Menu(_))));
}

#[test]
fn an_enter_that_is_held_opens_no_form_while_an_answer_is_awaited() {
    let mut stage = authorized();
    stage.keys("<enter>").pass(1);
    stage.keys("<enter><enter><enter>");
    let effects = stage.effects();
    assert_eq!(effects.iter().filter(|effect| is_send(effect)).count(), 1);
    assert!(stage.state.overlay.is_none());
}

#[test]
fn a_session_is_never_asked_for_money_before_it_has_a_payer() {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![cast::waiting(1)]).effects();
    stage.keys("aa<enter>");
    assert!(!stage.effects().iter().any(is_send));
}

#[test]
fn an_authorization_that_expires_is_told_and_its_capture_is_no_longer_offered() {
    let mut stage = authorized();
    let mut expired = payment(3, 1099, Payment::Cancelled);
    expired.expired = true;
    stage.arrives(transactions(vec![expired]));
    let footer = stage.footer();
    assert!(
        footer.contains("the authorization of t-7f3k-03 expired"),
        "{footer}"
    );
    let capture = offer(&stage, Verb::Capture);
    assert!(!capture.possible);
    assert_eq!(capture.words, "its authorization expired");
}
