//! Payments that the payer approves, or does not, on pages.

use super::{authorize, identify, pick, sessions};
use crate::camera;
use crate::pty::{DEADLINE, Home, Seat};

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

/// The page as a browser gets it.
#[track_caller]
fn browsed(url: &str) -> String {
    let browser = reqwest::blocking::Client::builder()
        .no_proxy()
        .timeout(DEADLINE)
        .build()
        .unwrap();
    let page = browser.get(url).header("Accept", "text/html").send();
    let page = page.unwrap();
    assert_eq!(page.status(), 200, "{url}");
    let kind = page.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(kind.starts_with("text/html"), "{kind}");
    page.text().unwrap()
}

#[test]
fn the_address_of_the_pages_is_copied_and_opens_in_a_browser() {
    let (_home, seat) = waiting();
    seat.wait_for("[Confirm]").forget();
    seat.keys("<ctrl+y>")
        .wait_for("sent to the terminal's clipboard: page address");
    let of_the_walk = seat.clipboard();
    seat.keys("<esc>").wait_until_gone("you are the payer now");
    seat.forget();
    seat.keys("2yp")
        .wait_for("sent to the terminal's clipboard: page address");
    let url = seat.clipboard();
    assert_eq!(url, of_the_walk);
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let page = browsed(&url);
    assert!(page.contains("4.50"), "{page}");
}

#[test]
fn a_phone_reads_the_address_off_the_screen() {
    let (_home, seat) = waiting();
    seat.wait_for("[Confirm]").keys("<ctrl+g>");
    seat.wait_for("For a camera: only this machine")
        .wait_for("esc back")
        .forget();
    let read = camera::of_terminal(&seat);
    seat.keys("<ctrl+y>")
        .wait_for("sent to the terminal's clipboard: page address");
    assert_eq!(read, [seat.clipboard()]);
    assert!(browsed(&read[0]).contains("4.50"));
    seat.keys("<esc>").wait_for("[Confirm]").keys("<enter>");
    seat.wait_for("Your ZIP code");
}

#[test]
fn an_identification_is_accepted_on_its_pages() {
    let home = Home::new();
    let seat = home.console();
    pick(&seat, "447710900120");
    seat.wait_for("Your mobile number").keys("<esc>");
    seat.wait_until_gone("you are the payer now");
    seat.wait_for("waiting").forget();
    seat.keys("1yp")
        .wait_for("sent to the terminal's clipboard: page address");
    let page = browsed(&seat.clipboard());
    assert!(page.contains("447710900120"), "{page}");
    seat.keys("p").wait_for("Your mobile number");
    seat.keys("<enter>").wait_for("PIN");
    seat.keys("1234<enter>").wait_for("identified payer ");
    assert!(sessions(&seat)[0].contains(" …120"));
}

#[test]
fn a_cancelled_identification_leaves_no_payer() {
    let home = Home::new();
    let seat = home.console();
    pick(&seat, "447710900120");
    seat.wait_for("Your mobile number").keys("<ctrl+x>");
    seat.wait_until_gone("you are the payer now");
    seat.wait_for("USER_CANCELLED").wait_for("▌✕ cancelled");
    assert_eq!(sessions(&seat).len(), 1);
}
