//! Finding a payment again: by narrowing a list, and by pasting an id.

use super::{address, authorize, identify};
use crate::merchant::Merchant;
use crate::pty::Home;

#[test]
fn a_narrowed_list_lives_on_and_a_pasted_id_leads_out_of_it() {
    let home = Home::new();
    let seat = home.console();
    identify(&seat, "447710900120");
    authorize(&seat, "10.99");
    seat.wait_for("▌○ authorized");
    let shop = Merchant::at(&address(&seat));
    let user = shop.identify("GBR_BANGO", "447710900121");
    seat.wait_for("…121");
    let user_of_120 = shop.identify("GBR_BANGO", "447710900120");
    let transaction = shop.authorize(&user_of_120, "shop-1", "0.99");
    seat.wait_for("shop-1");

    seat.keys("2/state:capt").wait_for("state:capt · 0");
    seat.wait_for("nothing matches");
    seat.keys("<enter>").wait_for("/ filter");
    shop.capture(&transaction);
    seat.wait_for("state:capt · 1").wait_for("● captured");

    // The payer who was identified by the other program: out of the payments into the sessions.
    seat.keys(&format!("\x1b[200~{user}\x1b[201~"));
    seat.wait_for("is the user id of this payer");
    seat.keys("\x1b[200~447710900121\x1b[201~");
    seat.wait_for("447710900121 is the number of this payer");

    // The filter hides the other payment, whose id leads to it all the same.
    seat.keys("2").wait_for("enter refund");
    seat.keys("/<ctrl+u>amount<10.99")
        .wait_for("amount<10.99 · 1");
    seat.keys("<enter>");
    seat.keys(":shop-1")
        .wait_for("go to what has the id shop-1");
    seat.keys("<enter>")
        .wait_for("shop-1 is the external id of this payment");
    seat.keys("<esc>").wait_until_gone("amount<10.99");
    seat.keys("q");
    assert!(seat.end().success());

    let again = home.console();
    again.keys("2/<up><up>").wait_for("/ state:capt");
    again.wait_for("state:capt · 1");
    again.keys("<ctrl+c><ctrl+c>");
    again.end();
}
