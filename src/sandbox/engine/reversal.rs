//! `DELETE transaction/{transactionId}`: a cancel before the capture, a refund after it.

use sha2::{Digest as _, Sha256};

use super::answer::Answer;
use super::capture::too_high;
use super::payment::{Decision, Kind, Movement, Payment, State};
use super::reason::{Reason, Step};
use super::request::{Adjust, Digest};
use crate::api::ResponseCode;
use crate::money::{Amount, Taxed};

/// Which of the two a DELETE means now.
pub const fn kind(payment: &Payment) -> Kind {
    match payment.state {
        State::Captured | State::PartiallyRefunded | State::Refunded => Kind::Refund,
        _ => Kind::Cancel,
    }
}

/// What a repeat of this request has in common with it. A part repeats only when it carries the same
/// `externalTransactionId` and the same amounts; without an id it is a further refund every time.
pub fn key(payment: &Payment, request: &Adjust) -> Option<Digest> {
    let price = request
        .item
        .as_ref()
        .and_then(|item| item.price_in(payment.currency));
    let Some(price) = price else {
        return Some(request.digest);
    };
    if kind(payment) == Kind::Cancel {
        return Some(request.digest);
    }
    if let Some(external) = &request.external {
        let mut digest = Sha256::new();
        digest.update(b"part\0");
        digest.update(price.gross.hundredths().to_be_bytes());
        // A tax that is left out is none: how an amount is spelled must not move money twice.
        digest.update(price.tax.unwrap_or_default().hundredths().to_be_bytes());
        digest.update(external.as_str());
        return Some(digest.finalize().into());
    }
    let all = price.gross == payment.captured.gross
        && price.tax.is_none_or(|tax| tax == payment.captured.tax);
    all.then_some(request.digest)
}

/// Decides on a cancel or refund. `earlier` is the answer that the same one was given before.
pub fn reverse(payment: &Payment, request: &Adjust, earlier: Option<&Answer>) -> Decision {
    if let Some(answer) = earlier {
        return Decision::unchanged(payment, answer.again());
    }
    let (kind, key) = (kind(payment), key(payment, request));
    let done = match kind {
        Kind::Refund => refund(payment, request),
        Kind::Cancel | Kind::Capture => cancel(payment, request),
    };
    match done {
        Err(reason) => {
            let external = request.external.clone();
            Decision::refused(payment, kind, key, external, &reason)
        }
        Ok(_) if payment.state == State::Cancelled => Decision::unchanged(payment, cancelled()),
        Ok(amounts) => moved(payment, request, kind, key, amounts),
    }
}

fn moved(
    payment: &Payment,
    request: &Adjust,
    kind: Kind,
    key: Option<Digest>,
    amounts: Taxed,
) -> Decision {
    let mut payment = payment.clone();
    let answer = if kind == Kind::Refund {
        payment.refunded = payment
            .refunded
            .checked_add(amounts)
            .expect("what fits in the capture can be added up");
        payment.state = if payment.left().gross.is_zero() {
            State::Refunded
        } else {
            State::PartiallyRefunded
        };
        refunded()
    } else {
        payment.state = State::Cancelled;
        cancelled()
    };
    Decision {
        payment,
        movement: Some(Movement {
            kind,
            amounts,
            external: request.external.clone(),
            key,
            answer: answer.clone(),
        }),
        answer,
    }
}

/// What is released: all that was authorized, or nothing at all.
fn cancel(payment: &Payment, request: &Adjust) -> Result<Taxed, Reason> {
    match payment.state {
        State::AsksApproval | State::AsksZip => return Err(Reason::NotApproved),
        State::PayerCancelled | State::Refused => return Err(Reason::UnknownTransaction),
        _ => {}
    }
    let all = payment.authorized;
    if let Some(item) = &request.item {
        let price = item
            .price_in(payment.currency)
            .ok_or(Reason::OtherCurrency(payment.currency))?;
        if price.gross != all.gross || price.tax.is_some_and(|tax| tax != all.tax) {
            return Err(Reason::PartialCancel);
        }
    }
    if payment.state == State::Authorized {
        payment.payer.allows(payment.payer.role().cancel)?;
    }
    Ok(all)
}

/// What is given back, gross and tax.
fn refund(payment: &Payment, request: &Adjust) -> Result<Taxed, Reason> {
    let left = payment.left();
    let amounts = match &request.item {
        None => left,
        Some(item) => {
            let price = item
                .price_in(payment.currency)
                .ok_or(Reason::OtherCurrency(payment.currency))?;
            // Tax that is not mentioned goes back with the last of the money.
            let tax = price.tax.unwrap_or(if price.gross == left.gross {
                left.tax
            } else {
                Amount::ZERO
            });
            Taxed::new(price.gross, tax)
        }
    };
    if left.gross.is_zero() {
        return Err(Reason::NothingLeft);
    }
    if let Some(part) = too_high(amounts, left) {
        return Err(Reason::Above {
            step: Step::Refund,
            part,
            room: left,
            currency: payment.currency,
        });
    }
    payment.payer.allows(payment.payer.role().refund)?;
    Ok(amounts)
}

pub(super) fn cancelled() -> Answer {
    let message = "The transaction was cancelled successfully.";
    Answer::success(200, &ResponseCode::Cancelled, message, |members| members)
}

pub(super) fn refunded() -> Answer {
    let message = "The transaction was refunded successfully.";
    Answer::success(200, &ResponseCode::Refunded, message, |members| members)
}
