//! `POST transaction`: authorize, which the guide calls start.

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use super::answer::{Answer, Members};
use super::payer::Payer;
use super::payment::{self, Details, Payment, State};
use super::reason::Reason;
use super::request::{Digest, Start};
use super::{Rules, deadline};
use crate::api::{ResponseCode, TransactionId};
use crate::money::Taxed;
use crate::testpay::Step;

/// An earlier start of the same merchant with the same `externalTransactionId`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    pub digest: Digest,
    /// `None` where it met a passing trouble: an equal start runs again.
    pub answer: Option<Answer>,
}

/// What a start that is not decided yet would become.
#[derive(Clone, Copy, Debug)]
pub struct Place<'p> {
    pub id: &'p TransactionId,
    /// The payer's page for it, should it need one.
    pub page: &'p str,
}

/// What a start comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    pub answer: Answer,
    /// The payment to be kept, also when it was refused: its key is bound to its body.
    pub payment: Option<Payment>,
    /// Is this the answer to every repeat?
    pub definite: bool,
}

/// Decides on a start.
pub fn start(
    request: &Start,
    earlier: Option<&Earlier>,
    payer: Option<&Payer>,
    place: Place<'_>,
    rules: &Rules,
    now: Timestamp,
) -> Started {
    match earlier {
        Some(earlier) if earlier.digest != request.digest => return unkept(&Reason::KeyBound),
        Some(Earlier {
            answer: Some(answer),
            ..
        }) => {
            return Started {
                answer: answer.again(),
                payment: None,
                definite: true,
            };
        }
        _ => {}
    }
    let Some(payer) = payer else {
        return unkept(&Reason::UnknownPayer);
    };
    let refusal = refusal(request, payer);
    if let Some(reason) = refusal
        .as_ref()
        .filter(|reason| reason.code() == ResponseCode::InvalidBangoUserId)
    {
        return unkept(reason);
    }
    let redirects = payer.role().start == Step::Redirects;
    let (state, lifetime) = match (&refusal, redirects) {
        (Some(_), _) => (State::Refused, None),
        (None, true) => (State::AsksApproval, Some(rules.approval)),
        (None, false) => (State::Authorized, Some(rules.authorization)),
    };
    let answer = match &refusal {
        Some(reason) => Answer::refusal(reason),
        None if redirects => redirected(place.page),
        None => authorized(place.id),
    };
    let expires_at = lifetime.map_or(now, |lifetime| deadline(now, lifetime));
    Started {
        answer,
        payment: Some(opened(request, payer, place.id, state, now, expires_at)),
        definite: refusal.as_ref().is_none_or(payment::is_definite),
    }
}

fn unkept(reason: &Reason) -> Started {
    Started {
        answer: Answer::refusal(reason),
        payment: None,
        definite: false,
    }
}

fn refusal(request: &Start, payer: &Payer) -> Option<Reason> {
    if request.operator_billing {
        payer.allows(payer.role().start).err()
    } else {
        Some(Reason::OnlyOperatorBilling)
    }
}

pub(super) fn authorized(id: &TransactionId) -> Answer {
    Answer::success(200, &ResponseCode::Ok, "Success.", |members| {
        members.text("transactionId", id.as_str())
    })
}

/// The id stays hidden until the payer has approved.
pub(super) fn redirected(page: &str) -> Answer {
    let parameters = Members::new().text("action", "REDIRECT").text("url", page);
    Answer::success(
        202,
        &ResponseCode::ClientActionRequired,
        "An action is required in the client.",
        |members| {
            members
                .optional("transactionId", None)
                .object("parameters", parameters)
        },
    )
}

fn opened(
    request: &Start,
    payer: &Payer,
    id: &TransactionId,
    state: State,
    now: Timestamp,
    expires_at: Timestamp,
) -> Payment {
    let price = request.item.price_for(payer.home());
    let item = request.item.item.clone();
    Payment {
        id: id.clone(),
        payer: payer.clone(),
        external: request.external.clone(),
        state,
        currency: price.currency,
        authorized: price.taxed(),
        captured: Taxed::ZERO,
        refunded: Taxed::ZERO,
        started_at: now,
        expires_at,
        details: Details {
            name: item.name,
            description: item.description,
            category: item.category,
            external_payment_item_id: item.external_payment_item_id,
            submerchant_reference_key: item.submerchant_reference_key,
            breakdown: price.breakdown,
            custom: request.custom.clone(),
            callback_url: request.callback_url.clone(),
            notification_url: request.notification_url.clone(),
        },
    }
}
