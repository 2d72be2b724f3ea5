//! Focus, selection and errors on single cells, in colour and without.

use bango_console::api::Operation;
use bango_console::console::ui::theme::Theme;
use bango_console::record::transaction::State as Payment;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use crate::cast::{captured, identified, payment, unknown};
use crate::scenes;
use crate::stage::Stage;

fn colour() -> Theme {
    Theme::terminal(true)
}

fn without_colour() -> Theme {
    Theme::terminal(false)
}

fn has(cell: &Cell, modifier: Modifier) -> bool {
    cell.modifier.contains(modifier)
}

fn two_payments() -> Stage {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage.transactions(vec![
        payment(3, 1099, Payment::Authorized),
        payment(4, 1099, Payment::Authorized),
    ]);
    stage.keys("2g");
    stage
}

#[test]
fn the_selected_row_is_reversed_and_the_others_are_not() {
    for theme in [colour(), without_colour()] {
        let mut stage = two_payments();
        assert!(has(&stage.cell(&theme, "t-7f3k-04"), Modifier::REVERSED));
        assert!(!has(&stage.cell(&theme, "t-7f3k-03"), Modifier::REVERSED));
        stage.keys("j");
        assert!(!has(&stage.cell(&theme, "t-7f3k-04"), Modifier::REVERSED));
        assert!(has(&stage.cell(&theme, "t-7f3k-03"), Modifier::REVERSED));
    }
}

#[test]
fn the_selected_row_stays_marked_when_another_pane_has_the_focus() {
    for theme in [colour(), without_colour()] {
        let mut stage = two_payments();
        stage.keys("3");
        let selected = stage.cell(&theme, "t-7f3k-04");
        assert!(has(&selected, Modifier::BOLD) && !has(&selected, Modifier::REVERSED));
        assert!(!has(&stage.cell(&theme, "t-7f3k-03"), Modifier::BOLD));
        assert_eq!(stage.cell(&theme, "▌").symbol(), "▌");
    }
}

#[test]
fn the_pane_in_focus_has_a_heavy_and_bold_border() {
    for theme in [colour(), without_colour()] {
        let mut stage = two_payments();
        for (key, title) in [("1", "Sessions"), ("2", "Trans"), ("4", "Time")] {
            stage.keys(key);
            let corner = stage.cell(&theme, &format!("┏{key} {title}"));
            assert!(has(&corner, Modifier::BOLD), "{title}");
        }
    }
}

#[test]
fn a_disabled_verb_looks_other_than_a_possible_one() {
    for theme in [colour(), without_colour()] {
        let mut stage = two_payments();
        let possible = stage.cell(&theme, "Cancel  Retrieve");
        let disabled = stage.cell(&theme, "Refund  Cancel");
        assert_ne!(possible.style(), disabled.style());
        assert!(has(&stage.cell(&theme, "[Capture]"), Modifier::BOLD));
        stage.keys("<tab>");
        assert!(has(&stage.cell(&theme, "[Capture]"), Modifier::REVERSED));
    }
}

#[test]
fn what_is_wrong_with_a_field_is_red_and_has_a_sign() {
    let mut stage = two_payments();
    stage.keys("ac12");
    assert_eq!(stage.cell(&colour(), "! 12").fg, Color::Red);
    assert_eq!(stage.cell(&colour(), "grossAmount is above").fg, Color::Red);
    assert!(has(&stage.cell(&without_colour(), "! 12"), Modifier::BOLD));
}

#[test]
fn a_prefilled_value_is_reversed_until_it_is_edited() {
    for theme in [colour(), without_colour()] {
        let mut stage = two_payments();
        stage.keys("ac");
        assert!(has(&stage.cell(&theme, "10.99   "), Modifier::REVERSED));
        stage.keys("<left>");
        assert!(!has(&stage.cell(&theme, "10.99   "), Modifier::REVERSED));
        assert!(has(&stage.cell(&theme, "10.99   "), Modifier::UNDERLINED));
    }
}

#[test]
fn outcomes_have_a_hue_and_a_sign() {
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![
        payment(1, 1099, Payment::UserCancelled),
        unknown(3, Operation::Capture),
        captured(6, 1099, 1059, &[]),
        payment(7, 1099, Payment::NotSent),
    ]);
    let hue = |stage: &mut Stage, text| stage.cell(&colour(), text).fg;
    assert_eq!(hue(&mut stage, "● captured"), Color::Green);
    assert_eq!(hue(&mut stage, "? unknown"), Color::Yellow);
    assert_eq!(hue(&mut stage, "⊘ not sent"), Color::Red);
    assert_eq!(hue(&mut stage, "✕ user cancel"), Color::Red);
}

#[test]
fn a_code_that_only_looks_like_success_has_not_its_hue() {
    let told = |code: &str| {
        let mut stage = two_payments();
        let body = format!(r#"{{"responseCode":"{code}"}}"#);
        stage.shows(crate::cast::answered(&crate::cast::authorize(3), 200, body));
        stage.cell(&colour(), "200 ").fg
    };
    assert_eq!(told("OK"), Color::Green);
    for code in ["Ok", "OK ", "\u{39f}K", "O\u{200b}K"] {
        assert_eq!(told(code), Color::Red, "{}", code.escape_unicode());
    }
}

#[test]
fn without_colour_no_cell_of_any_scene_has_one() {
    for scene in scenes::ALL {
        let mut stage = scene.with("Zq7");
        let buffer = stage.paint(&without_colour());
        for cell in &buffer.content {
            let plain = cell.fg == Color::Reset && cell.bg == Color::Reset;
            assert!(plain, "{}: {cell:?}", scene.name);
        }
    }
}

/// The control of the test above: the theme with colours does have them.
#[test]
fn with_colour_every_scene_has_some() {
    for scene in scenes::ALL {
        let mut stage = scene.with("Zq7");
        let buffer = stage.paint(&colour());
        let coloured = buffer.content.iter().any(|cell| cell.fg != Color::Reset);
        assert!(coloured, "{}", scene.name);
    }
}
