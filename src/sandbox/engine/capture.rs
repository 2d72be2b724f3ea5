//! `PUT transaction/{transactionId}`: capture, which the guide calls commit.

use super::answer::Answer;
use super::payment::{Decision, Kind, Movement, Payment, State};
use super::reason::{Part, Reason, Step};
use super::request::{Adjust, Digest};
use crate::money::Taxed;

/// What a repeat of this capture has in common with it.
pub const fn key(request: &Adjust) -> Digest {
    request.digest
}

/// Decides on a capture. `earlier` is the answer that the same capture was given before.
pub fn capture(payment: &Payment, request: &Adjust, earlier: Option<&Answer>) -> Decision {
    if let Some(answer) = earlier {
        return Decision::unchanged(payment, answer.again());
    }
    let key = Some(key(request));
    match amounts(payment, request) {
        Err(reason) => {
            let external = request.external.clone();
            Decision::refused(payment, Kind::Capture, key, external, &reason)
        }
        Ok(amounts) => {
            let answer = Answer::done();
            Decision {
                payment: Payment {
                    state: State::Captured,
                    captured: amounts,
                    ..payment.clone()
                },
                movement: Some(Movement {
                    kind: Kind::Capture,
                    amounts,
                    external: request.external.clone(),
                    key,
                    answer: answer.clone(),
                }),
                answer,
            }
        }
    }
}

fn amounts(payment: &Payment, request: &Adjust) -> Result<Taxed, Reason> {
    match payment.state {
        State::Authorized => {}
        State::AsksApproval | State::AsksZip => return Err(Reason::NotApproved),
        State::Cancelled => return Err(Reason::Cancelled),
        State::Captured | State::PartiallyRefunded | State::Refunded => {
            return Err(Reason::Captured);
        }
        State::PayerCancelled | State::Refused => return Err(Reason::UnknownTransaction),
    }
    let amounts = match &request.item {
        None => payment.authorized,
        Some(item) => {
            let price = item
                .price_in(payment.currency)
                .ok_or(Reason::OtherCurrency(payment.currency))?;
            // Tax that is not mentioned is not changed.
            Taxed::new(price.gross, price.tax.unwrap_or(payment.authorized.tax))
        }
    };
    if let Some(part) = too_high(amounts, payment.authorized) {
        return Err(Reason::Above {
            step: Step::Capture,
            part,
            room: payment.authorized,
            currency: payment.currency,
        });
    }
    payment.payer.allows(payment.payer.role().capture)?;
    Ok(amounts)
}

/// Which part does not fit in `room`.
pub(super) fn too_high(amounts: Taxed, room: Taxed) -> Option<Part> {
    if amounts.gross > room.gross {
        Some(Part::Gross)
    } else if amounts.tax > room.tax {
        Some(Part::Tax)
    } else {
        None
    }
}
