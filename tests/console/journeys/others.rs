//! Another program on the same sandbox: what it does is seen at once, and once.

use super::{address, authorize, identify, sessions, timeline, transactions};
use crate::merchant::Merchant;
use crate::pty::Home;

fn count(lines: &[String], text: &str) -> usize {
    lines.iter().filter(|line| line.contains(text)).count()
}

#[test]
fn a_payment_of_another_program_appears_by_itself_and_once() {
    let home = Home::new();
    let seat = home.console();
    let shop = Merchant::at(&address(&seat));
    let user = shop.identify("GBR_BANGO", "447710900120");
    seat.wait_for(&format!("{user} …120"));
    let transaction = shop.authorize(&user, "shop-1", "0.99");
    seat.wait_for("○ authorized").wait_for("shop-1");
    shop.capture(&transaction);
    seat.wait_for("● captured");
    assert_eq!((transactions(&seat).len(), sessions(&seat).len()), (1, 1));
    assert!(sessions(&seat)[0].contains(&user));

    // It can be worked on from here, and that is one row and one call, too.
    seat.keys("2af<enter>")
        .wait_for("refunded 0.99 USD of shop-1");
    seat.wait_for("↩ refunded");
    assert_eq!((transactions(&seat).len(), sessions(&seat).len()), (1, 1));
    assert_eq!(count(&timeline(&seat), "→ refund"), 1);
    // Identify, continue, authorize and capture were the other program's; the refund was not.
    assert_eq!(count(&timeline(&seat), "⇄"), 4);
}

#[test]
fn a_program_gets_the_address_and_the_credentials_by_two_keys() {
    let home = Home::new();
    let seat = home.console();
    seat.keys("ye").wait_for("shell exports");
    let expected = format!(
        "export BANGO_BASE_URL='{}'\nexport BANGO_USERNAME='sandbox'\nexport BANGO_PASSWORD='sandbox'",
        address(&seat)
    );
    assert_eq!(seat.clipboard(), expected);
}

#[test]
fn the_consoles_own_calls_appear_once() {
    let home = Home::new();
    let seat = home.console();
    identify(&seat, "447710900120");
    authorize(&seat, "10.99");
    seat.wait_for("▌○ authorized");
    // The sandbox reports in order: once a later call of another program is seen, all is told.
    let shop = Merchant::at(&address(&seat));
    shop.identify("GBR_BANGO", "447710900121");
    seat.wait_for("…121");
    assert_eq!(transactions(&seat).len(), 1);
    assert_eq!(count(&sessions(&seat), "…120"), 1);
    assert_eq!(count(&timeline(&seat), "→ authorize"), 1);
    assert_eq!(count(&timeline(&seat), "⇄ authorize"), 0);
}
