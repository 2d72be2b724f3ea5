//! Every way out leaves the terminal as it was found; what was under way is unknown, never lost.

use bango_console::config::Environment;
use bango_console::console::runtime::terminal::{Signals, Terminal};
use bango_console::console::runtime::{End, Opening, drive, open};
use portable_pty::CommandBuilder;
use rustix::process::Signal;
use tokio::runtime::Runtime;

use super::{address, authorize, identify, sessions, transactions};
use crate::line::{Line, Weather};
use crate::pty::{Home, Seat};

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
    seat.keys("?").wait_for("try: copy, form, ctrl");
    seat.keys("<esc>").wait_until_gone("try: copy, form, ctrl");
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
    seat.wait_for("enter identify");
}

/// Set for a console that runs inside this program: what it calls instead of its sandbox's own address.
const THROUGH: &str = "BANGO_TEST_THROUGH";

/// The console as `bango` runs it, on a line of the test's.
fn console_through(base: String) -> ! {
    let environment = Environment::of_this_process();
    let opening = Opening {
        through: Some(base),
        ..Opening::default()
    };
    let end = Runtime::new().unwrap().block_on(async {
        let opened = open(&opening, &environment).await.unwrap();
        let mut signals = Signals::listen().unwrap();
        let terminal = Terminal::enter(&environment).unwrap();
        drive(opened, terminal, &mut signals).await.unwrap()
    });
    let End::Code(code) = end else {
        panic!("{end:?}")
    };
    std::process::exit(code.into());
}

#[test]
fn a_console_that_is_killed_while_it_waits_shows_the_outcome_as_unknown() {
    if let Ok(base) = std::env::var(THROUGH) {
        console_through(base);
    }
    let (home, line) = (Home::new(), Line::new());
    let mut inside = CommandBuilder::new(std::env::current_exe().unwrap());
    let (_, test) = module_path!().split_once("::").unwrap();
    let test =
        format!("{test}::a_console_that_is_killed_while_it_waits_shows_the_outcome_as_unknown");
    inside.args(["--exact", "--nocapture", &test]);
    inside.env_clear();
    for (name, value) in home.environment() {
        inside.env(name, value);
    }
    inside.env(THROUGH, line.base());
    let seat = Seat::run(inside);
    seat.wait_for("? help");
    let sandbox = address(&seat);
    let sandbox = sandbox
        .trim_start_matches("http://")
        .trim_end_matches("/v5");
    line.leads_to(sandbox.parse().unwrap());
    identify(&seat, "447710900120");
    authorize(&seat, "10.99");
    seat.wait_for("▌○ authorized");

    line.weather(Weather::RequestsAreLost);
    seat.keys("ac<enter>").wait_for("esc stop waiting");
    line.wait_for_a_loss();
    // Nobody answers, and the keys still do.
    seat.keys("?").wait_for("try: copy, form, ctrl");
    seat.keys("<esc>").wait_until_gone("try: copy, form, ctrl");
    seat.send(Signal::KILL);
    assert!(!seat.end().success());

    let again = home.console();
    again.wait_for("? unknown").keys("2");
    again
        .wait_for("[Send the same again]")
        .wait_for("outcome unknown");
    again.keys("as").wait_for("▌● captured");
}

#[test]
fn a_console_that_is_killed_shows_the_same_rows_at_the_next_start() {
    let home = Home::new();
    let seat = home.console();
    identify(&seat, "447710900120");
    authorize(&seat, "10.99");
    seat.wait_for("▌○ authorized").keys("ac<enter>");
    seat.wait_for("▌● captured");
    let rows = (sessions(&seat).len(), transactions(&seat));
    seat.send(Signal::KILL).end();

    let again = home.console();
    again.wait_for("● captured");
    assert_eq!((sessions(&again).len(), transactions(&again)), rows);
}
