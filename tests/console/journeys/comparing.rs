//! Two exchanges side by side, and one sent once more.

use super::{authorize, pay, transactions};
use crate::pty::{Home, Seat};

/// A console with one payment authorized, whose exchange is shown.
fn authorized() -> (Home, Seat) {
    let home = Home::new();
    let seat = home.console();
    pay(&seat);
    (home, seat)
}

/// The second word of a row of payments: its external id.
fn external(row: &str) -> String {
    let word = row.split_whitespace().find(|word| word.starts_with("t-"));
    word.unwrap_or_else(|| panic!("{row}")).to_owned()
}

#[track_caller]
fn wait_for_payments(seat: &Seat, count: usize) {
    seat.wait_until(&format!("{count} payments"), |screen| {
        screen.matches("○ authorized").count() == count
    });
}

#[test]
fn two_marked_exchanges_are_compared_by_what_differs() {
    let (_home, seat) = authorized();
    authorize(&seat, "4.50");
    seat.wait_for("authorized 4.50 USD as t-");
    seat.resize(50, 120);
    seat.wait_until("a wide frame", |screen| screen.lines().count() == 50);
    seat.keys("4G<up> ").wait_for("one is marked");
    seat.keys("<up><up> ")
        .wait_for("two are marked: d compares them");
    seat.keys("d").wait_for("- the older   + the newer");
    seat.wait_for(".paymentItems[0].priceList[0].grossAmount")
        .wait_for("- \"10.99\"")
        .wait_for("+ \"4.50\"")
        .wait_for("ids and times");
    assert!(!seat.screen().contains(".externalTransactionId"));
    seat.keys("m").wait_for("m hide ids and times");
    seat.wait_for(".externalTransactionId")
        .wait_for("-01\"")
        .wait_for("-02\"");
    seat.keys("m").wait_until_gone(".externalTransactionId");
    seat.keys("<esc>").wait_until_gone("+ the newer");
}

#[track_caller]
fn preview_with_a_new_key(seat: &Seat) {
    seat.keys("Rn").wait_for("Authorize a payment");
    seat.keys("<ctrl+p>")
        .wait_for("Exactly this will be sent")
        .wait_for("POST http");
}

#[test]
fn the_same_again_is_a_repeat_and_a_new_key_another_payment() {
    let (_home, seat) = authorized();
    let first = transactions(&seat);
    seat.keys("2R")
        .wait_for("Send it again")
        .wait_for("s The same again")
        .wait_for("n With a new key");
    seat.keys("s").wait_for("a replay: nothing moved");
    assert_eq!(transactions(&seat), first);

    preview_with_a_new_key(&seat);
    seat.keys("<esc>")
        .wait_until_gone("Exactly this will be sent");
    seat.keys("<esc>").wait_until_gone("Authorize a payment");
    assert_eq!(transactions(&seat), first);
    preview_with_a_new_key(&seat);
    seat.keys("<enter>")
        .wait_until_gone("Exactly this will be sent");
    wait_for_payments(&seat, 2);
    let both = transactions(&seat);
    assert_ne!(external(&both[0]), external(&both[1]));
}

#[test]
fn an_edited_payment_needs_a_key_of_its_own_and_is_another_one() {
    let (_home, seat) = authorized();
    seat.keys("2e").wait_for("the body as JSON");
    seat.keys("<ctrl+r>").wait_for("▌Amount           10.99");
    seat.keys("<ctrl+u>4.50").wait_for("▌Amount           4.50");
    seat.keys("<enter>")
        .wait_for("▌✕ refused")
        .wait_for("externalTransactionId already belongs");

    // What was refused is shown, and edited once more.
    seat.keys("e").wait_for("the body as JSON");
    seat.keys("<ctrl+r>").wait_for("▌Amount           4.50");
    seat.keys(&"<down>".repeat(7)).wait_for("▌External id ");
    seat.keys("<ctrl+u>edited-1").wait_for("edited-1");
    seat.keys("<enter>").wait_until_gone("Authorize a payment");
    wait_for_payments(&seat, 2);
    let rows = transactions(&seat);
    let edited = rows.iter().find(|row| row.contains("edited-1")).unwrap();
    assert!(
        edited.contains("○ authorized") && edited.contains("4.50 USD"),
        "{edited}"
    );
}
