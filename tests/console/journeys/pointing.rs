//! The mouse in a real terminal: taken, left to the terminal, and left as it was found at every end.

use rustix::process::Signal;

use crate::pty::{Home, Seat};

const TAKEN: &str = "\u{1b}[?1000h";
const LEFT: &str = "\u{1b}[?1000l";

/// A press of the first button over a cell, counted from 1, as terminals report it.
fn press(seat: &Seat, column: u16, row: u16) {
    seat.keys(&format!(
        "\u{1b}[<0;{column};{row}M\u{1b}[<0;{column};{row}m"
    ));
}

fn raw(seat: &Seat) -> String {
    String::from_utf8_lossy(&seat.raw()).into_owned()
}

#[test]
fn a_click_goes_where_it_was_made_and_the_second_one_acts() {
    let home = Home::new();
    let seat = home.console();
    seat.wait_for_raw(TAKEN).wait_for("┏1 Sessions");
    press(&seat, 30, 3);
    seat.wait_for("┏2 Trans");
    press(&seat, 3, 3);
    seat.wait_for("┏1 Sessions").keys("+").wait_for("Who pays?");
    // The wheel, and a row that is not the first.
    seat.keys("\u{1b}[<65;10;10M").wait_for("▌ 447710900123");
    press(&seat, 10, 6);
    seat.wait_for("▌ 447710900121");
    press(&seat, 10, 6);
    seat.wait_for("enter identify").wait_for("447710900121");
}

#[test]
fn a_stop_leaves_the_mouse_and_going_on_takes_it_again() {
    let home = Home::new();
    let seat = home.console();
    seat.keys("<ctrl+z>").wait_for_stop();
    seat.check_as_found();
    seat.forget();
    seat.send(Signal::CONT).wait_for_raw(TAKEN);
    seat.keys("q");
    assert!(seat.end().success());
    seat.check_as_found();
}

#[test]
fn a_mouse_that_was_left_to_the_terminal_stays_there_in_the_next_start() {
    let home = Home::new();
    let seat = home.console();
    seat.keys("M").wait_for("the mouse is the terminal's");
    assert!(raw(&seat).contains(LEFT));
    seat.keys("q").end();
    let again = home.console();
    assert!(!raw(&again).contains(TAKEN));
    again
        .keys("M")
        .wait_for("the mouse works here")
        .wait_for_raw(TAKEN);
    again.keys("q").end();
    again.check_as_found();
}

#[test]
fn a_setting_leaves_the_mouse_to_the_terminal() {
    let home = Home::new();
    let mut bango = home.bango();
    bango.env("BANGO_MOUSE", "off");
    let seat = Seat::run(bango);
    seat.wait_for("enter identify");
    assert!(!raw(&seat).contains(TAKEN));
}

#[test]
fn a_divider_is_where_it_was_left_in_the_next_start() {
    let home = Home::new();
    let seat = home.console();
    let wider = "┏1 Sessions━━━━━━━━━━━━━━━━━━┓┌2 Transactions─";
    seat.keys(">>>>").wait_for(wider).keys("q").end();
    home.console().wait_for(wider);
}
