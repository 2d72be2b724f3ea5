//! A payment from the first start to the last cent, and the same rows at the next start.

use super::{address, authorize, identify, transactions};
use crate::merchant::Merchant;
use crate::pty::Home;

#[test]
fn a_payment_goes_all_the_way_and_is_there_again_at_the_next_start() {
    let home = Home::new();
    let seat = home.console();
    seat.wait_for("enter identify");
    identify(&seat, "447710900120");
    authorize(&seat, "10.99");
    seat.wait_for("▌○ authorized");

    seat.keys("ac").wait_for("captures all of 10.99 USD");
    seat.keys("10.59").wait_for("captures 10.59 of the 10.99");
    seat.keys("<enter>").wait_for("captured 10.59 USD of t-");
    seat.wait_for("▌● captured");

    seat.keys("af").wait_for("gives back all of 10.59 USD");
    seat.keys("1.59<enter>").wait_for("refunded 1.59 USD of t-");
    seat.wait_for("▌◐ part refund");

    seat.keys("af")
        .wait_for("gives back all that is left of 10.59 USD");
    seat.keys("<enter>").wait_for("refunded 9.00 USD of t-");
    seat.wait_for("▌↩ refunded");

    // Out of the list into the row of verbs, and on to the one that gives back.
    seat.keys("<tab>").wait_for("[Authorize]");
    seat.keys("<right><right>").wait_for("[Refund]");
    seat.wait_for("Refund: nothing is left to refund");
    seat.keys("<enter>")
        .wait_for("Refund: nothing is left to refund");

    seat.keys("2").forget();
    seat.keys("yy")
        .wait_for("terminal's clipboard: transaction id");
    let copied = seat.clipboard();
    assert!(
        copied.len() >= 8 && copied.bytes().all(|byte| byte.is_ascii_digit()),
        "{copied}"
    );
    let shop = Merchant::at(&address(&seat));
    assert_eq!(shop.retrieve(&copied), "OK");

    let rows = transactions(&seat);
    seat.keys("q");
    assert!(seat.end().success());
    seat.check_as_found();

    let again = home.console();
    again.wait_for("↩ refunded");
    assert_eq!(transactions(&again), rows);
    // What helps with a first payment is gone for good, the first frame included.
    let raw = String::from_utf8_lossy(&again.raw()).into_owned();
    assert!(!raw.contains("four steps") && !raw.contains("No session yet"));
    again.keys("q");
    assert!(again.end().success());
    again.check_as_found();
}

#[test]
fn what_the_payer_is_known_for_happens() {
    let home = Home::new();
    let seat = home.console();
    identify(&seat, "447710900129");
    authorize(&seat, "0.99");
    seat.wait_for("▌✕ refused").wait_for("authorize: DECLINED");
}
