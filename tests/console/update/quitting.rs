//! The ways out, and what stands in them.

use bango_console::console::app::effect::Effect;
use bango_console::console::app::input::Input;
use bango_console::console::app::state::{Overlay, Question};
use bango_console::record::transaction::State as Payment;

use crate::cast::payment;
use crate::stage::Stage;

fn idle() -> Stage {
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![payment(3, 1099, Payment::Authorized)]);
    stage.keys("2").effects();
    stage
}

/// Somebody waits for an answer.
fn waiting() -> Stage {
    let mut stage = idle();
    stage.keys("r").effects();
    stage
}

fn quits(stage: &mut Stage, keys: &str) -> bool {
    stage.keys(keys);
    stage.effects().contains(&Effect::Quit)
}

#[test]
fn q_quits_when_nothing_is_under_way() {
    assert!(quits(&mut idle(), "q"));
}

#[test]
fn q_asks_when_a_call_is_under_way() {
    let mut stage = waiting();
    assert!(!quits(&mut stage, "q"));
    assert!(matches!(
        stage.state.overlay,
        Some(Overlay::Confirm(Question::Quit))
    ));
    assert!(!quits(&mut stage, "n"), "any other key stays");
    assert!(stage.state.overlay.is_none());
    assert!(!quits(&mut stage, "q<esc>"));
    assert!(quits(&mut stage, "qy"));
}

#[test]
fn upper_case_q_quits_at_once() {
    assert!(quits(&mut waiting(), "Q"));
}

#[test]
fn a_terminal_that_has_gone_is_not_asked() {
    let mut stage = waiting();
    stage.input(Input::Ended);
    assert!(stage.effects().contains(&Effect::Quit));
}

#[test]
fn esc_never_quits() {
    for keys in [
        "",
        "1",
        "2",
        "3",
        "4",
        "a",
        "y",
        "?",
        "+",
        "ac",
        "<tab><tab>",
    ] {
        let mut stage = idle();
        stage.keys(keys).effects();
        assert!(!quits(&mut stage, "<esc><esc><esc><esc><esc>"), "{keys}");
    }
}

#[test]
fn ctrl_c_stops_what_runs_and_then_quits() {
    let mut stage = waiting();
    stage.keys("<ctrl+c>");
    let effects = stage.effects();
    assert!(matches!(effects[..], [Effect::Cancel(_)]), "{effects:?}");
    assert!(quits(&mut stage, "<ctrl+c>"), "pressed again it quits");
}

#[test]
fn ctrl_c_twice_quits_also_in_a_text_field() {
    for keys in ["", "+", "ac", "a", "?"] {
        let mut stage = idle();
        stage.keys(keys).effects();
        assert!(!quits(&mut stage, "<ctrl+c>"), "{keys}");
        assert!(quits(&mut stage, "<ctrl+c>"), "{keys}");
    }
}

#[test]
fn another_key_between_takes_the_first_ctrl_c_back() {
    assert!(!quits(&mut idle(), "<ctrl+c>j<ctrl+c>"));
}

#[test]
fn q_is_a_letter_where_text_is_typed() {
    for keys in ["+", "+<enter>", "ac"] {
        let mut stage = idle();
        stage.keys(keys).effects();
        assert!(!quits(&mut stage, "qQ"), "{keys}");
        assert!(stage.screen().contains("qQ"), "{keys}");
    }
}
