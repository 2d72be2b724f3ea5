//! Every way out leaves the terminal as it was found; what was under way is unknown, never lost.

use rustix::process::Signal;

use super::identify;
use crate::pty::Home;

#[test]
fn every_signal_that_ends_it_gives_the_terminal_back() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let home = Home::new();
        let seat = home.console();
        seat.send(signal);
        assert_eq!(seat.end().exit_code(), code, "{signal:?}");
        seat.check_as_found();
    }
}

/// The control of what is checked at every end: nothing can give it back after `kill -9`.
#[test]
#[should_panic(expected = "on the alternate screen")]
fn a_terminal_that_is_not_given_back_is_noticed() {
    let home = Home::new();
    let seat = home.console();
    let (raw, before) = seat.modes();
    assert_ne!(raw, before);
    seat.send(Signal::KILL).end();
    seat.check_now();
}

#[test]
fn ctrl_c_twice_quits() {
    let home = Home::new();
    let seat = home.console();
    seat.keys("<ctrl+c>").wait_for("ctrl+c again quits");
    seat.keys("<ctrl+c>");
    assert!(seat.end().success());
    seat.check_as_found();
}

#[test]
fn ctrl_z_goes_back_to_the_shell_and_fg_comes_back() {
    let home = Home::new();
    let seat = home.console();
    identify(&seat, "447710900120");
    seat.keys("<ctrl+z>").wait_for_stop();
    seat.check_as_found();
    seat.send(Signal::CONT);
    seat.wait_for("…120").wait_for("? help");
    seat.keys("?").wait_for("scroll, esc leaves");
    seat.keys("q").wait_until_gone("scroll, esc leaves");
    seat.keys("q");
    assert!(seat.end().success());
    seat.check_as_found();
}

#[test]
fn a_window_that_changes_its_size_is_painted_anew() {
    let home = Home::new();
    let seat = home.console();
    seat.resize(40, 120);
    seat.wait_until("a wide frame", |screen| {
        screen.lines().count() == 40 && screen.lines().any(|row| row.chars().count() > 110)
    });
    seat.resize(5, 20);
    seat.wait_for("bango needs 24×8");
    seat.resize(24, 80);
    seat.wait_for("enter start");
}
