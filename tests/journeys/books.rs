//! The audit: whether the sandbox, asked over raw HTTP, knows of exactly the money that the console
//! shows.

use std::collections::BTreeSet;

use bango_console::money::{Amount, Taxed};
use bango_console::record::Transaction;
use bango_console::record::transaction::Status;
use serde_json::Value;

use crate::line::Line;
use crate::merchant::{Merchant, part};

/// One hundredth, without tax.
const LEAST: Taxed = Taxed::new(Amount::from_hundredths(1), Amount::ZERO);

/// Takes all that is left of the only payment there should be, to the hundredth and no further; says
/// what was not as `payment` has it.
pub async fn audit(line: &Line, merchant: &Merchant, payment: &Transaction) -> Result<(), String> {
    let id = payment.id.as_ref().ok_or("it has no id")?.as_str();
    let begun = begun(line);
    if !begun.iter().eq([id]) {
        return Err(format!("{} payments were begun", begun.len()));
    }
    match payment.status() {
        Status::Cancelled => {
            is(
                "a capture",
                &merchant.capture(id, None).await,
                "BAD_REQUEST",
            )?;
            is("a cancel", &merchant.delete(id, None).await, "CANCELLED")
        }
        Status::Authorized => {
            let all = payment.authorized();
            let more = all.checked_add(LEAST).ok_or("too much")?;
            let above = merchant.capture(id, Some(&part(more, "audit-0"))).await;
            is("a capture of more", &above, "BAD_REQUEST")?;
            is("a capture", &merchant.capture(id, None).await, "OK")?;
            drain(merchant, id, all).await
        }
        Status::Captured | Status::PartiallyRefunded | Status::Refunded => {
            drain(merchant, id, payment.refundable()).await
        }
        other => Err(format!("it is {}", other.word())),
    }
}

/// Refunds all that is left in one piece, then tries one piece more.
async fn drain(merchant: &Merchant, id: &str, left: Taxed) -> Result<(), String> {
    if left != Taxed::ZERO {
        let all = merchant.delete(id, Some(&part(left, "audit-1"))).await;
        is("a refund of all that is left", &all, "REFUNDED")?;
    }
    let more = merchant.delete(id, Some(&part(LEAST, "audit-2"))).await;
    is("a refund of more", &more, "ALREADY_REFUNDED")
}

fn is(what: &str, code: &str, expected: &str) -> Result<(), String> {
    if code == expected {
        Ok(())
    } else {
        Err(format!("{what} was answered {code}"))
    }
}

/// The ids of all payments that the sandbox has begun over the line, also where the answer was lost.
fn begun(line: &Line) -> BTreeSet<String> {
    line.exchanges("POST /v5/transaction ")
        .iter()
        .filter_map(|exchange| {
            exchange
                .answer
                .as_ref()?
                .json()
                .get("transactionId")
                .cloned()
        })
        .filter_map(|id: Value| id.as_str().map(str::to_owned))
        .collect()
}
