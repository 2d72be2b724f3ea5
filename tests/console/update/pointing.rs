//! The mouse: what is clicked is what is seen there, and a click that brings the focus does nothing else.

use bango_console::api::Operation;
use bango_console::console::app::effect::Effect;
use bango_console::console::app::input::{Input, Pointer};
use bango_console::console::app::inspector::Tab;
use bango_console::console::app::layout;
use bango_console::console::app::state::{Overlay, Pane};
use bango_console::console::app::verbs::Verb;
use bango_console::record::transaction::State as Payment;

use super::looking::with_themes;
use crate::cast::{identified, left, payment};
use crate::scenes;
use crate::stage::Stage;

/// A payer and payments 3 to 9, the last first.
fn stage() -> Stage {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    let payments = (3..10).map(|number| {
        let mut payment = payment(number, 1099, Payment::Authorized);
        payment.id = Some("2006721253".into());
        payment
    });
    stage.transactions(payments.collect());
    stage.keys("2g1");
    stage.effects();
    stage
}

fn selected(stage: &Stage) -> u64 {
    stage.state.transactions.selected().unwrap().first.0
}

fn has_form(stage: &Stage) -> bool {
    matches!(stage.state.overlay, Some(Overlay::Form(_)))
}

#[test]
fn a_click_on_another_pane_goes_there_and_selects_and_only_the_next_one_acts() {
    let mut stage = stage();
    stage.click("○ authorized  t-7f3k-08");
    assert_eq!(
        (stage.state.focus, selected(&stage)),
        (Pane::Transactions, 8)
    );
    assert!(stage.state.overlay.is_none());
    stage.click("○ authorized  t-7f3k-08");
    assert!(has_form(&stage), "the form to capture");
}

#[test]
fn a_click_that_brings_the_focus_to_the_selected_row_does_not_act() {
    let mut stage = stage();
    stage.keys("2G3").click("○ authorized  t-7f3k-06");
    assert_eq!(stage.state.focus, Pane::Transactions);
    stage.keys("3").click("○ authorized  t-7f3k-06");
    assert!(stage.state.overlay.is_none());
    stage.click("○ authorized  t-7f3k-06");
    assert!(has_form(&stage));
}

#[test]
fn a_click_on_another_row_of_the_same_pane_only_selects() {
    let mut stage = stage();
    stage.keys("2").click("○ authorized  t-7f3k-07");
    assert_eq!(selected(&stage), 7);
    assert!(stage.state.overlay.is_none());
    stage.click("outcome   ");
    assert_eq!(selected(&stage), 7, "the headings are no row");
    stage.click("━━━");
    assert!(stage.state.overlay.is_none(), "the border is no row");
}

#[test]
fn the_click_that_focuses_the_window_does_nothing_else() {
    let mut stage = stage();
    stage.input(Input::Entered).click("○ authorized  t-7f3k-08");
    assert_eq!(stage.state.focus, Pane::Sessions);
    stage.click("○ authorized  t-7f3k-08");
    assert_eq!(stage.state.focus, Pane::Transactions);
    // Long after the keyboard brought the window to the front, a click is a click.
    stage.input(Input::Entered).pass(1).click("1 Sessions");
    assert_eq!(stage.state.focus, Pane::Sessions);
}

#[test]
fn a_verb_is_pressed_by_the_second_click() {
    let mut stage = stage();
    stage.keys("2").click("Retrieve ");
    assert_eq!(
        (stage.state.focus, stage.state.verb),
        (Pane::Verbs, Verb::Retrieve)
    );
    assert!(stage.state.calls.is_empty());
    stage.click("Cancel ");
    assert_eq!(stage.state.verb, Verb::Cancel);
    assert!(stage.state.calls.is_empty());
    stage.click("Retrieve").click("Retrieve");
    assert_eq!(stage.state.calls.len(), 1);
}

#[test]
fn a_verb_that_is_not_possible_says_why_when_it_is_clicked() {
    let mut stage = stage();
    stage.keys("2").click("Refund").click("Refund");
    assert!(
        stage.footer().contains("nothing captured yet"),
        "{}",
        stage.footer()
    );
}

#[test]
fn a_tab_of_the_inspector_is_clicked() {
    let mut stage = stage();
    stage.click("Request");
    assert_eq!(
        (stage.state.focus, stage.state.inspector.tab),
        (Pane::Inspector, Tab::Response)
    );
    for (name, tab) in [
        ("Request", Tab::Request),
        ("curl", Tab::Curl),
        ("Headers", Tab::Headers),
        ("Response", Tab::Response),
    ] {
        stage.click(name);
        assert_eq!(stage.state.inspector.tab, tab);
    }
}

#[test]
fn rows_of_popups_are_selected_and_then_done() {
    let mut stage = stage();
    stage.keys("2a").click("Retrieve  ");
    assert!(stage.state.calls.is_empty());
    stage.click("Retrieve  ");
    assert_eq!(stage.state.calls.len(), 1);

    let mut stage = Stage::new(80, 24);
    stage.keys("+").click("447710900122").click("447710900122");
    assert!(has_form(&stage));
    assert!(stage.screen().contains("447710900122"));
}

#[test]
fn a_field_of_a_form_is_clicked() {
    let mut stage = stage();
    stage.keys("2ac").click("Tax included");
    let Some(Overlay::Form(form)) = &stage.state.overlay else {
        panic!("the form is open");
    };
    assert_eq!(form.selected, 1);
}

#[test]
fn a_theme_is_tried_by_a_click_and_kept_by_another() {
    let mut stage = with_themes();
    stage.keys("t").click("high-contrast");
    assert_eq!(
        stage.effects(),
        [Effect::Theme {
            name: "high-contrast".into()
        }]
    );
    stage.click("high-contrast");
    let kept = stage.effects();
    assert!(
        matches!(
            kept[..],
            [Effect::Remember {
                name: "look.theme",
                ..
            }]
        ),
        "{kept:?}"
    );
}

#[test]
fn a_click_beside_a_popup_leaves_it_but_not_a_form() {
    let mut stage = stage();
    stage.keys("2a").mouse(Pointer::Press, 0, 0);
    assert!(stage.state.overlay.is_none());
    stage.keys("ac12").mouse(Pointer::Press, 0, 0);
    assert!(has_form(&stage));
}

#[test]
fn the_wheel_scrolls_what_is_under_it_and_the_focus_stays() {
    let mut stage = stage();
    stage.point(Pointer::WheelDown, "○ authorized  t-7f3k-09");
    assert_eq!(
        (stage.state.focus, stage.state.transactions.offset),
        (Pane::Sessions, 3)
    );
    assert_eq!(selected(&stage), 6, "the selection stays in sight");
    stage.point(Pointer::WheelUp, "○ authorized  t-7f3k-06");
    assert_eq!((stage.state.transactions.offset, selected(&stage)), (0, 6));
    stage.keys("?");
    let first = stage.screen();
    for _ in 0..12 {
        stage.mouse(Pointer::WheelDown, 40, 12);
    }
    let scrolled = stage.screen();
    assert!(scrolled.contains("Keys") && scrolled != first);
    assert!(first.contains("Everywhere") && !scrolled.contains("Everywhere"));
}

#[test]
fn the_wheel_over_the_timeline_lets_go_of_its_end() {
    let mut stage = stage();
    stage.lines(
        (1..60)
            .map(|number| left(number, Operation::Retrieve))
            .collect(),
    );
    assert!(stage.state.following);
    stage.point(Pointer::WheelUp, "4 Timeline");
    assert!(stage.state.timeline.offset < 60 - 14);
}

#[test]
fn the_divider_is_dragged_and_kept_and_the_zoom_gives_it_back() {
    let mut stage = stage();
    let before = layout::layout(&stage.state);
    let divider = before.transactions.x;
    stage.mouse(Pointer::Press, divider, 5);
    stage.mouse(Pointer::Drag, 29, 9);
    assert_eq!(layout::layout(&stage.state).transactions.x, 30);
    stage.mouse(Pointer::Drag, 79, 9);
    assert_eq!(
        layout::layout(&stage.state).transactions.width,
        44,
        "each keeps some room"
    );
    assert_eq!(stage.effects(), []);
    stage
        .mouse(Pointer::Drag, 29, 9)
        .mouse(Pointer::Release, 29, 9);
    let kept = Effect::Remember {
        name: "look.left",
        value: "30".into(),
    };
    assert_eq!(stage.effects(), [kept]);
    stage.mouse(Pointer::Drag, 40, 9);
    assert_eq!(layout::layout(&stage.state).transactions.x, 30, "let go");

    let dragged = layout::layout(&stage.state);
    stage.keys("z");
    assert_ne!(layout::layout(&stage.state), dragged);
    stage.keys("z");
    assert_eq!(layout::layout(&stage.state), dragged);
}

#[test]
fn keys_move_the_divider_too() {
    let mut stage = stage();
    let width = |stage: &Stage| layout::layout(&stage.state).sessions.width;
    let usual = width(&stage);
    stage.keys(">>");
    assert_eq!(width(&stage), usual + 4);
    stage.keys("<<<");
    assert_eq!(width(&stage), usual - 2);
    stage.keys(&"<".repeat(40));
    assert_eq!(width(&stage), 16);
    let last = stage.effects().pop();
    let value = "16".to_owned();
    assert_eq!(
        last,
        Some(Effect::Remember {
            name: "look.left",
            value
        })
    );
    // A window that is too narrow for it gets what is possible, and a wider one all of it again.
    stage.keys(&">".repeat(40));
    assert_eq!(width(&stage), 36);
}

#[test]
fn the_mouse_is_left_to_the_terminal_and_taken_back() {
    let mut stage = stage();
    for ours in [false, true] {
        stage.keys("M");
        let value = format!("{ours} instead of true");
        let name = "look.mouse";
        let expected = [Effect::Mouse { ours }, Effect::Remember { name, value }];
        assert_eq!(stage.effects(), expected);
        let words = if ours {
            "hold shift to select"
        } else {
            "select text as anywhere"
        };
        assert!(stage.footer().contains(words), "{}", stage.footer());
    }
}

/// Every cell of every scene, clicked twice and under the wheel: no panic, and the focus is where the click was.
#[test]
fn every_cell_of_every_scene_can_be_clicked() {
    for scene in scenes::ALL {
        for (width, height) in [(80, 24), (40, 12), (20, 5)] {
            for row in 0..height {
                let mut stage = scene.at(width, height, "Zq7");
                for column in (row % 4..width).step_by(4) {
                    for kind in [Pointer::Press, Pointer::Press, Pointer::WheelDown] {
                        stage.mouse(kind, column, row);
                    }
                }
            }
        }
    }
}
