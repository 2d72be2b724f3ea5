//! Why a payment was refused, and filters that run in a process of their own.

use super::{address, authorize, identify};
use crate::merchant::Merchant;
use crate::pty::Home;

#[test]
fn a_capture_of_too_much_is_explained_with_what_was_before_and_what_is_accepted() {
    let home = Home::new();
    let seat = home.console();
    seat.wait_for("enter identify");
    identify(&seat, "447710900120");
    authorize(&seat, "10.99");
    seat.wait_for("▌○ authorized");
    seat.keys("ac99.00<ctrl+g>").wait_for("BAD_REQUEST");
    seat.keys("3z<left><left>")
        .wait_for("refused because only 10.99 USD of gross can be captured");
    seat.wait_for("before     authorized: authorized 10.99, captured 0.00, refunded 0.00 USD");
    seat.wait_for("asked for  99.00 USD");
    seat.wait_for("accepted   10.99 USD");
    seat.keys("q");
    assert!(seat.end().success());
}

#[test]
fn filters_run_and_one_that_never_ends_or_eats_the_stack_takes_nothing_with_it() {
    let home = Home::new();
    let seat = home.console();
    seat.wait_for("enter identify");
    identify(&seat, "447710900120");
    authorize(&seat, "10.99");
    seat.wait_for("▌○ authorized");
    seat.keys("3z").wait_for("responseMessage");
    // Escape and what follows at once would be one key.
    let leave = |words| {
        seat.keys("<esc>").wait_until_gone(words);
    };
    seat.keys("|[.responseCode, 1.50]<enter>")
        .wait_for("esc: the whole body")
        .wait_for("  1.50");
    leave("esc: the whole body");
    seat.keys("|.responseCode | nosuch<enter>")
        .wait_for("there is no filter nosuch");
    leave("there is no filter");
    seat.keys("|last(repeat(1))<enter>")
        .wait_for("esc stops it");
    seat.wait_for_children(1);
    leave("esc stops it");
    seat.wait_for_children(0);
    seat.keys("|def f: 1 + f; f<enter>")
        .wait_for("too much memory or time");
    leave("too much memory");
    seat.keys("|.transactionId | length<enter>")
        .wait_for("esc: the whole body");
    leave("esc: the whole body");
    seat.keys("q");
    assert!(seat.end().success());
}

#[test]
fn a_long_body_of_another_program_is_laid_out_and_filtered() {
    let home = Home::new();
    let seat = home.console();
    seat.wait_for("enter identify");
    let shop = Merchant::at(&address(&seat));
    let list: Vec<_> = (0..40_000).collect();
    let body = serde_json::json!({ "list": list, "last": "here it ends" });
    let told = shop.call("POST", "transaction", Some(&body));
    assert_eq!(told["responseCode"], "BAD_REQUEST");
    seat.keys("4").wait_for("\u{21c4} BAD_REQUEST");
    seat.keys("3z<left>").wait_for("\"list\": [");
    seat.keys("G").wait_for("here it ends");
    seat.keys("/39999<enter>").wait_for("1 of 1");
    seat.keys("|.list | length<enter>").wait_for("40000");
    seat.keys("q");
    assert!(seat.end().success());
}
