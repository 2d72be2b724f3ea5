//! To the cent: what may be captured and refunded, and what is left.

mod capture;
mod prices;
mod refund;

use crate::harness::{Sandbox, amounts, is, with_key};

/// Exactly this much is left to refund: a cent more of either is refused, this much is given, and then
/// nothing is left.
#[track_caller]
fn exactly_left(sandbox: &Sandbox, transaction: &str, gross: &str, tax: &str) {
    let more = |amount: &str| {
        let cents: u64 = amount.replace('.', "").parse().expect("an amount");
        format!("{}.{:02}", (cents + 1) / 100, (cents + 1) % 100)
    };
    is(
        &sandbox.delete_with(transaction, &amounts(&more(gross), tax)),
        "CANT_REFUND",
    );
    is(
        &sandbox.delete_with(transaction, &amounts(gross, &more(tax))),
        "CANT_REFUND",
    );
    is(
        &sandbox.delete_with(transaction, &amounts(gross, tax)),
        "REFUNDED",
    );
    // Under a key of its own: a cent may be all there was, and the same refund again would be a replay.
    let cent = with_key(&amounts("0.01", "0.00"), "one-cent-more");
    is(&sandbox.delete_with(transaction, &cent), "ALREADY_REFUNDED");
}
