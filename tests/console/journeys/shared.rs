//! Several programs on one data folder at once: one sandbox, one journal, the same on every screen.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

use bango_console::clock::Stopwatch;
use rusqlite::Connection;
use serde_json::Value;

use super::{address, authorize, identify};
use crate::merchant::Merchant;
use crate::pty::{DEADLINE, Home, Seat};

/// One more console on the folder of another.
#[track_caller]
fn attached(home: &Home) -> Seat {
    let seat = home.console();
    seat.wait_for("attached to the sandbox of process ");
    seat
}

/// `bango sandbox` on the folder, at a port that nobody else looks for. Killed when dropped.
struct Server(Child);

impl Server {
    /// And the base URL that it prints.
    fn start(home: &Home) -> (Self, String) {
        let mut child = command(home).spawn().unwrap();
        let mut line = String::new();
        let mut out: BufReader<ChildStdout> = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let base = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        (Self(child), base)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn command(home: &Home) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bango"));
    command
        .args(["sandbox", "--listen", "127.0.0.1:0"])
        .env_clear()
        .envs(home.environment())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[test]
fn a_second_console_attaches_and_serves_on_when_the_first_is_killed() {
    let home = Home::new();
    let first = home.console();
    let second = attached(&home);
    assert_eq!(address(&first), address(&second));
    identify(&first, "447710900120");
    authorize(&first, "10.99");
    second.wait_for("○ authorized");
    first.send(rustix::process::Signal::KILL).end();
    second.wait_for("the sandbox is served here now, at 127.0.0.1:");
    // All that there was to know since the start.
    second.keys("1").wait_until_gone("any key");
    second.keys("2ac<enter>").wait_for("▌● captured");
    let shop = Merchant::at(&address(&second));
    shop.identify("GBR_BANGO", "447710900121");
    second.wait_for("…121");
    second.keys("q");
    assert!(second.end().success());
}

#[test]
fn consoles_that_are_started_at_once_have_one_sandbox() {
    for _ in 0..5 {
        let home = Home::new();
        let seats = [(); 3].map(|()| Seat::run(home.bango()));
        let addresses = seats.each_ref().map(|seat| {
            seat.wait_for("? help");
            address(seat)
        });
        assert!(addresses.iter().all(|address| *address == addresses[0]));
    }
}

#[test]
fn a_console_attaches_to_a_headless_sandbox_and_serves_on_at_the_same_port() {
    let home = Home::new();
    let (server, base) = Server::start(&home);
    let seat = attached(&home);
    assert_eq!(address(&seat), base);
    let shop = Merchant::at(&base);
    let user = shop.identify("GBR_BANGO", "447710900120");
    let transaction = shop.authorize(&user, "shop-1", "0.99");
    seat.wait_for("○ authorized");
    drop(server);
    seat.wait_for("the sandbox is served here now");
    assert_eq!(address(&seat), base);
    shop.capture(&transaction);
    seat.wait_for("● captured");
}

#[test]
fn a_headless_sandbox_says_who_serves_the_folder_and_ends() {
    let home = Home::new();
    let seat = home.console();
    let base = address(&seat);
    let mut child = command(&home).spawn().unwrap();
    let mut said = String::new();
    let mut err = child.stderr.take().unwrap();
    err.read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert!(said.contains(&base) && said.contains("process "), "{said}");
}

#[test]
fn a_seed_that_the_folder_does_not_have_is_refused_by_name() {
    let home = Home::new();
    let mut bango = home.bango();
    bango.args(["--seed", "7"]);
    let first = Seat::run(bango);
    first.wait_for("? help");
    let mut bango = home.bango();
    bango.args(["--seed", "8"]);
    let second = Seat::run(bango);
    assert_eq!(second.end().exit_code(), 2);
    second.wait_for("already has the seed 7, not 8");
}

/// What each console sends: a payer identified and gone on with, a payment, its capture, and questions.
const QUESTIONS: usize = 46;
const OF_CONSOLES: usize = 2 * (4 + QUESTIONS);
/// What the shop sends: a payer identified and gone on with, and payments with their captures.
const PAYMENTS: usize = 49;
const OF_THE_SHOP: usize = 2 + 2 * PAYMENTS;

/// Rows for the whole timeline.
const HIGH: u16 = 600;

fn work_at(seat: &Seat) {
    identify(seat, "447710900120");
    authorize(seat, "10.99");
    seat.wait_for("▌○ authorized").keys("2ac<enter>");
    seat.wait_for("▌● captured").keys(&"r".repeat(QUESTIONS));
}

fn work_in_the_shop(base: &str) {
    let shop = Merchant::at(base);
    let user = shop.identify("GBR_BANGO", "447710900155");
    for number in 0..PAYMENTS {
        let transaction = shop.authorize(&user, &format!("shop-{number:02}"), "0.99");
        shop.capture(&transaction);
    }
}

/// Waits until both screens say the same and this holds for it.
#[track_caller]
fn agree(seats: [&Seat; 2], holds: impl Fn(&[String]) -> bool) -> Vec<String> {
    let said = || seats.map(pane);
    let agreed = until(|| {
        let [first, second] = said();
        (first == second && holds(&first)).then_some(first)
    });
    agreed.unwrap_or_else(|| panic!("{:#?}", said()))
}

fn until<T>(found: impl Fn() -> Option<T>) -> Option<T> {
    let watch = Stopwatch::start();
    while u128::from(watch.micros()) < DEADLINE.as_micros() {
        if let Some(found) = found() {
            return Some(found);
        }
        thread::yield_now();
    }
    None
}

/// The pane that has the screen for itself, without the mark of the selected row.
fn pane(seat: &Seat) -> Vec<String> {
    let screen = seat.screen();
    let rows = screen.lines().filter(|row| row.starts_with('┃'));
    let inside = |row: &str| row.trim_matches('┃').replace('▌', " ").trim().to_owned();
    rows.map(inside).filter(|row| !row.is_empty()).collect()
}

/// Names of what a journal holds of calls: each call that left, each that ended, each that was reported.
fn kept(folder: &Path) -> Vec<String> {
    let journal = Connection::open(folder.join("data/journal-sandbox.db")).unwrap();
    let mut kept = journal
        .prepare(
            "SELECT CASE kind WHEN 'seen' THEN key ELSE kind || ':' || call END FROM entry
             WHERE kind IN ('sent', 'ended')
                OR kind = 'seen' AND (call IS NOT NULL OR payload LIKE '%\"exchange\"%')",
        )
        .unwrap();
    let kept = kept.query_map((), |row| row.get(0)).unwrap();
    kept.map(Result::unwrap).collect()
}

/// The reports of all calls, as the sandbox tells them to everybody who asks.
fn told(base: &str) -> Vec<String> {
    let activity = base.replace("/v5", "/_sandbox/activity");
    let http = reqwest::blocking::Client::builder()
        .no_proxy()
        .timeout(DEADLINE);
    let request = http.build().unwrap().get(activity);
    let lines = BufReader::new(
        request
            .basic_auth("sandbox", Some("sandbox"))
            .send()
            .unwrap(),
    );
    let reports = lines
        .lines()
        .map(|line| -> Value { serde_json::from_str(&line.unwrap()).unwrap() });
    let calls = reports.filter(|report| report["what"]["exchange"].is_object());
    let name = |report: Value| {
        let run = report["run"].as_str().unwrap().to_owned();
        format!("seen:{run}:{}", report["number"])
    };
    calls.map(name).take(OF_CONSOLES + OF_THE_SHOP).collect()
}

/// Each call of a console is there when it left, when it ended and when it was reported; each of the shop's
/// when it was reported. None of it twice.
fn is_each_there_once(kept: &[String]) -> bool {
    let count = |kind: &str| kept.iter().filter(|name| name.starts_with(kind)).count();
    let distinct: BTreeSet<_> = kept.iter().collect();
    let counts = ["sent", "ended", "seen"].map(count);
    distinct.len() == kept.len() && counts == [OF_CONSOLES, OF_CONSOLES, OF_CONSOLES + OF_THE_SHOP]
}

#[test]
fn two_hundred_calls_of_three_processes_are_kept_once_and_shown_the_same_by_both_consoles() {
    assert_eq!(OF_CONSOLES + OF_THE_SHOP, 200);
    let home = Home::new();
    let first = home.console();
    let second = attached(&home);
    for seat in [&first, &second] {
        seat.resize(70, 80);
        seat.wait_until("a high frame", |screen| screen.lines().count() == 70);
    }
    let base = address(&first);
    let working = [first, second].map(|seat| {
        thread::spawn(move || {
            work_at(&seat);
            seat
        })
    });
    work_in_the_shop(&base);
    let [first, second] = working.map(|seat| seat.join().unwrap());
    let seats = [&first, &second];
    let all = || (kept(home.path()).len() >= 3 * OF_CONSOLES + OF_THE_SHOP).then_some(());
    assert!(until(all).is_some(), "{}", kept(home.path()).len());
    for seat in seats {
        seat.keys("2z").wait_for("outcome");
    }
    let captured = |rows: &[String]| rows.iter().filter(|row| row.contains("● captured")).count();
    let rows = agree(seats, |rows| captured(rows) == PAYMENTS + 2);
    assert_eq!(
        rows.len(),
        1 + PAYMENTS + 2,
        "a heading and a row for each payment"
    );
    for seat in seats {
        seat.keys("z1z").wait_for("…155");
    }
    let payers = agree(seats, |rows| rows.len() == 3);
    assert!(payers.iter().all(|row| row.starts_with("● ")), "{payers:?}");
    // A window that has room for all that happened: a line for each call that left, and for each end.
    for seat in seats {
        seat.keys("z4zG").resize(HIGH, 80);
    }
    let lines = agree(seats, |rows| {
        rows.len() >= 2 * OF_CONSOLES + OF_THE_SHOP && rows.len() + 2 < usize::from(HIGH)
    });
    let of_the_shop = lines.iter().filter(|row| row.contains('⇄')).count();
    assert_eq!(of_the_shop, OF_THE_SHOP, "{lines:#?}");

    let told = [told(&base), told(&base)];
    for seat in seats {
        seat.keys("q");
        assert!(seat.end().success());
    }
    let kept = kept(home.path());
    assert!(is_each_there_once(&kept), "{}: {kept:#?}", kept.len());
    // Control: a journal without unique keys, to which each console adds what it is told.
    let own = kept.iter().filter(|name| !name.starts_with("seen"));
    let naive: Vec<_> = own.chain(told.iter().flatten()).cloned().collect();
    assert!(!is_each_there_once(&naive));
    let by_one_alone: Vec<_> = naive[..naive.len() - told[1].len()].to_vec();
    assert!(is_each_there_once(&by_one_alone));
}
