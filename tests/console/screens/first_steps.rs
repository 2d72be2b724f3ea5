//! What somebody sees who has just started the program.

use bango_console::record::transaction::State as Payment;
use insta::assert_snapshot;

use crate::cast::{identified, payment};
use crate::stage::Stage;

#[test]
fn a_first_start_says_what_to_do() {
    assert_snapshot!(Stage::new(80, 24).screen());
}

#[test]
fn the_picker_names_outcome_and_section() {
    assert_snapshot!(Stage::new(80, 24).keys("<enter>").screen());
}

#[test]
fn an_identify_form_is_ready_to_send() {
    assert_snapshot!(Stage::new(80, 24).keys("<enter><enter>").screen());
}

#[test]
fn with_a_payer_the_next_step_is_marked() {
    let mut stage = Stage::new(80, 24);
    assert_snapshot!(stage.sessions(vec![identified(1, "120")]).screen());
}

#[test]
fn the_actions_say_why_not() {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage.transactions(vec![payment(2, 1099, Payment::Authorized)]);
    assert_snapshot!(stage.keys("2<enter>").screen());
}

#[test]
fn a_wrong_amount_is_named_while_typing() {
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![payment(2, 1099, Payment::Authorized)]);
    assert_snapshot!(stage.keys("2ac12").screen());
}

#[test]
fn an_authorize_form_is_ready_to_send() {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    assert_snapshot!(stage.keys("aa").screen());
}

/// The first frame of a later start comes before the journal was read.
#[test]
fn the_first_steps_do_not_flash_up_before_it_is_known_that_there_is_nothing() {
    let mut stage = Stage::new(80, 24);
    for text in ["A payment in four steps", "No session yet"] {
        assert!(stage.screen().contains(text));
    }
    stage.state.transactions.known = false;
    stage.state.sessions.known = false;
    for text in ["A payment in four steps", "No session yet"] {
        assert!(!stage.screen().contains(text));
    }
}
