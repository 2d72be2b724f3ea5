//! Themes in a real terminal: chosen, tried, kept, read again, and found by asking the terminal.

use std::path::PathBuf;

use crate::pty::{Home, Seat};

/// The backgrounds of `light` and `dark`, as a terminal of 24 bits is told them.
const LIGHT: &str = "48;2;251;250;247";
const DARK: &str = "48;2;22;25;31";

/// A start with these arguments on a terminal of 24 bits.
fn start(home: &Home, arguments: &[&str]) -> Seat {
    let mut bango = home.bango();
    bango.args(arguments);
    bango.env("COLORTERM", "truecolor");
    Seat::run(bango)
}

/// Waits until the program has painted with a background.
#[track_caller]
fn wait_for_ground(seat: &Seat, ground: &str) {
    seat.wait_for_raw(ground);
}

fn own_theme(home: &Home, name: &str, text: &str) -> PathBuf {
    let folder = home.path().join("config/themes");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{name}.toml"));
    std::fs::write(&file, text).unwrap();
    file
}

#[test]
fn a_theme_is_tried_left_and_kept() {
    let home = Home::new();
    let seat = start(&home, &[]);
    seat.wait_for("enter identify");
    seat.forget();
    seat.keys("t").wait_for("▌terminal").keys("<down><down>");
    seat.wait_for("▌dark");
    wait_for_ground(&seat, DARK);
    seat.keys("<down>").wait_for("▌light");
    wait_for_ground(&seat, LIGHT);
    seat.keys("<esc>").wait_until_gone("▌light");
    seat.forget();
    seat.keys("?")
        .wait_for("Keys")
        .keys("<esc>")
        .wait_until_gone("Keys");
    let raw = String::from_utf8_lossy(&seat.raw()).into_owned();
    assert!(!raw.contains(LIGHT), "{raw:?}");
    seat.keys("t")
        .wait_for("▌terminal")
        .keys("<down><down><down><enter>");
    seat.wait_for("the theme is light from now on").keys("q");
    assert!(seat.end().success());

    let again = start(&home, &[]);
    again.wait_for("enter identify");
    wait_for_ground(&again, LIGHT);
    again.keys("q").end();
    // Who names one means this start.
    let named = start(&home, &["--theme", "dark"]);
    named.wait_for("enter identify");
    wait_for_ground(&named, DARK);
}

#[test]
fn a_theme_of_the_users_is_read_again_and_a_broken_one_keeps_the_last() {
    let home = Home::new();
    own_theme(
        &home,
        "mine",
        "ground = { fg = '#000000', bg = '#010203' }\nsucces = {}\n",
    );
    let seat = start(&home, &["--theme", "mine"]);
    seat.wait_for("mine.toml, line 2, column 1").keys("1");
    wait_for_ground(&seat, "48;2;1;2;3");
    own_theme(
        &home,
        "mine",
        "ground = { fg = '#000000', bg = '#040506' }\n",
    );
    seat.keys("<ctrl+l>");
    wait_for_ground(&seat, "48;2;4;5;6");
    own_theme(
        &home,
        "mine",
        "ground = { fg = '#000000', bg = '#070809' }\nerror = 1\n",
    );
    seat.forget();
    seat.keys("<ctrl+l>").wait_for("the theme stays as it was");
    assert!(!String::from_utf8_lossy(&seat.raw()).contains("48;2;7;8;9"));
}

#[test]
fn a_terminal_that_says_what_it_is_gets_the_theme_for_it() {
    for (said, ground) in [("ffff/ffff/ffff", LIGHT), ("0000/0000/0000", DARK)] {
        let home = Home::new();
        let seat = start(&home, &["--theme", "auto"]);
        seat.wait_for_raw("\u{1b}]11;?\u{1b}\\\u{1b}[c");
        // What is typed in between counts, and the answer is no key.
        seat.keys(&format!("+\u{1b}]11;rgb:{said}\u{1b}\\\u{1b}[?62;22c"));
        seat.wait_for("Who pays?")
            .keys("120 444")
            .wait_for("Find 120 444");
        wait_for_ground(&seat, ground);
        let other = if ground == LIGHT { DARK } else { LIGHT };
        assert!(!String::from_utf8_lossy(&seat.raw()).contains(other));
    }
}

#[test]
fn a_terminal_that_says_nothing_keeps_its_own_colours_and_an_answer_that_is_late_is_no_key() {
    let home = Home::new();
    let seat = start(&home, &["--theme", "auto"]);
    seat.wait_for("enter identify")
        .keys("+")
        .wait_for("Who pays?");
    seat.keys("\u{1b}]11;rgb:1e1e/1e1e/2e2e\u{1b}\\\u{1b}[?62;22c447");
    seat.wait_for("Find 447");
    let raw = String::from_utf8_lossy(&seat.raw()).into_owned();
    assert!(!raw.contains("48;2;"), "{raw:?}");
}

#[test]
fn nothing_is_asked_where_there_is_nothing_to_choose() {
    let home = Home::new();
    for arguments in [&["--theme", "auto", "--color", "never"][..], &[]] {
        let seat = start(&home, arguments);
        seat.wait_for("enter identify");
        assert!(!String::from_utf8_lossy(&seat.raw()).contains("]11;?"));
        seat.keys("q").end();
    }
}
