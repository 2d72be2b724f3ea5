//! Payments that the payer approves, or does not, on pages.

use super::{authorize, identify};
use crate::pty::{Home, Seat};

/// A payment of 447710900180 whose first page is open.
fn waiting() -> (Home, Seat) {
    let home = Home::new();
    let seat = home.console();
    identify(&seat, "447710900180");
    authorize(&seat, "4.50");
    seat.wait_for("you are the payer now").wait_for("4.50");
    (home, seat)
}

#[test]
fn an_approved_payment_becomes_authorized_by_itself() {
    let (_home, seat) = waiting();
    seat.wait_for("◔ waiting").wait_for("[Confirm]");
    seat.keys("<enter>").wait_for("Your ZIP code");
    seat.keys("90210").wait_for("▌ZIP or postal code  90210");
    seat.keys("<enter>")
        .wait_until_gone("you are the payer now");
    seat.wait_for("▌○ authorized").wait_for("↩ callback");
    seat.wait_for("[Capture]");
}

#[test]
fn a_cancelled_payment_says_by_whom() {
    let (_home, seat) = waiting();
    seat.keys("<ctrl+x>")
        .wait_until_gone("you are the payer now");
    seat.wait_for("▌✕ user cancel")
        .wait_for("the payer cancelled t-");
}

#[test]
fn the_pages_can_be_left_and_opened_again() {
    let (_home, seat) = waiting();
    seat.keys("<esc>").wait_until_gone("you are the payer now");
    seat.wait_for("◔ waiting").wait_for("[Be the payer]");
    seat.keys("p").wait_for("you are the payer now");
    seat.wait_for("[Confirm]")
        .keys("<enter>")
        .wait_for("Your ZIP code");
}
