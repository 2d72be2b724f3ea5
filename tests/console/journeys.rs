//! Ways through the program, played in a real terminal by the keys that its own screen names.

mod canaries;
mod comparing;
mod copying;
mod deleting;
mod ends;
mod finding;
mod inspecting;
mod keymap;
mod opened;
mod others;
mod payment;
mod pointing;
mod profiles;
mod redirect;
mod shared;
mod starts;
mod themes;

use std::ops::Range;

use crate::pty::Seat;

/// Picks the payer with this number and walks the pages of the identification.
#[track_caller]
fn identify(seat: &Seat, number: &str) {
    pick(seat, number);
    seat.wait_for("Your mobile number").wait_for(number);
    seat.keys("<enter>").wait_for("PIN");
    seat.keys("1234<enter>")
        .wait_until_gone("you are the payer now");
    let tail = &number[number.len() - 3..];
    let known = format!(" …{tail}");
    let is_known = |screen: &str| {
        screen
            .lines()
            .any(|row| row.contains("▌● ") && row.contains(&known))
    };
    seat.wait_until("the payer", is_known);
}

/// Picks the payer with this number and sends the identify call.
#[track_caller]
fn pick(seat: &Seat, number: &str) {
    seat.keys("+").wait_for("Who pays?");
    seat.keys(number).wait_for(&format!("▌ {number}"));
    seat.keys("<enter>").wait_for("Identify a payer");
    seat.keys("<enter>").wait_for("you are the payer now");
}

/// Authorizes this amount for the selected payer.
#[track_caller]
fn authorize(seat: &Seat, amount: &str) {
    seat.keys("aa").wait_for("Authorize a payment");
    seat.keys(amount)
        .wait_for(&format!("▌Amount           {amount}"));
    seat.keys("<enter>").wait_until_gone("Authorize a payment");
}

/// Has a payment authorized, whose exchange is shown.
#[track_caller]
fn pay(seat: &Seat) {
    identify(seat, "447710900120");
    authorize(seat, "10.99");
    seat.wait_for("▌○ authorized")
        .wait_for("POST /transaction · 200 OK");
}

/// The rows of the transactions, without the mark of the selected one.
fn transactions(seat: &Seat) -> Vec<String> {
    rows(seat, 3..7, 24..78)
}

/// The rows of the sessions, without the mark of the selected one.
fn sessions(seat: &Seat) -> Vec<String> {
    rows(seat, 2..7, 2..21)
}

/// What stands in the timeline.
fn timeline(seat: &Seat) -> Vec<String> {
    rows(seat, 9..22, 1..21)
}

fn rows(seat: &Seat, rows: Range<usize>, columns: Range<usize>) -> Vec<String> {
    let screen = seat.screen();
    let rows = screen.lines().skip(rows.start).take(rows.len()).map(|row| {
        let row = row.chars().skip(columns.start).take(columns.len());
        row.collect::<String>().trim().to_owned()
    });
    rows.filter(|row| !row.is_empty()).collect()
}

/// Where the sandbox is, as the screen says it.
fn address(seat: &Seat) -> String {
    let header = seat.row(0);
    let address = header.split_whitespace().find(|word| word.ends_with("/v5"));
    format!("http://{}", address.unwrap())
}
