//! A payment as the sandbox keeps it: its state, its six sums, and the movements of its money.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::items::Breakdown;
use super::payer::Payer;
use super::reason::Reason;
use super::request::Digest;
use super::url::MerchantUrl;
use crate::api::{Class, ExternalTransactionId, TransactionId};
use crate::exchange::{Standing, Stands};
use crate::money::{Currency, Taxed};

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// The payer still has to confirm it on the pages.
    AsksApproval,
    /// The payer confirmed and still has to give a ZIP code.
    AsksZip,
    Authorized,
    Captured,
    PartiallyRefunded,
    Refunded,
    /// Cancelled by the merchant, or an authorization that expired.
    Cancelled,
    /// The payer declined on the pages or let them expire. Its id counts as unknown.
    PayerCancelled,
    /// The start was refused. Its id was never given away.
    Refused,
}

impl State {
    pub const ALL: [Self; 9] = [
        Self::AsksApproval,
        Self::AsksZip,
        Self::Authorized,
        Self::Captured,
        Self::PartiallyRefunded,
        Self::Refunded,
        Self::Cancelled,
        Self::PayerCancelled,
        Self::Refused,
    ];

    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AsksApproval => "asks-approval",
            Self::AsksZip => "asks-zip",
            Self::Authorized => "authorized",
            Self::Captured => "captured",
            Self::PartiallyRefunded => "partially-refunded",
            Self::Refunded => "refunded",
            Self::Cancelled => "cancelled",
            Self::PayerCancelled => "payer-cancelled",
            Self::Refused => "refused",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Is the payer still on the pages?
    pub const fn is_pending(self) -> bool {
        matches!(self, Self::AsksApproval | Self::AsksZip)
    }
}

/// A payment. `refunded` fits in `captured`, and `captured` in `authorized`, gross and tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    pub id: TransactionId,
    pub payer: Payer,
    pub external: Option<ExternalTransactionId>,
    pub state: State,
    pub currency: Currency,
    /// What was asked for; it is authorized once the state says so.
    pub authorized: Taxed,
    pub captured: Taxed,
    pub refunded: Taxed,
    pub started_at: Timestamp,
    /// When the pages or the authorization expire, while it waits for the one or the other.
    pub expires_at: Timestamp,
    pub details: Details,
}

/// What the start said and nothing decides on: retrieve gives it back, the pages use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub name: Option<String>,
    pub description: Option<String>,
    pub category: Option<String>,
    pub external_payment_item_id: Option<String>,
    pub submerchant_reference_key: Option<String>,
    pub breakdown: Option<Breakdown>,
    /// The merchant's own `extensionData`, a JSON object.
    pub custom: String,
    pub callback_url: Option<MerchantUrl>,
    pub notification_url: Option<MerchantUrl>,
}

impl Payment {
    /// What of the capture is not refunded yet.
    pub fn left(&self) -> Taxed {
        self.captured.saturating_sub(self.refunded)
    }

    /// As reports tell it.
    pub const fn standing(&self) -> Standing {
        let state = match self.state {
            State::AsksApproval | State::AsksZip => Stands::WaitingForPayer,
            State::Authorized => Stands::Authorized,
            State::Captured | State::PartiallyRefunded | State::Refunded => Stands::Captured,
            State::Cancelled => Stands::Cancelled,
            State::PayerCancelled => Stands::UserCancelled,
            State::Refused => Stands::Refused,
        };
        Standing {
            state,
            captured: self.captured,
            refunded: self.refunded,
        }
    }

    /// May the merchant speak of it? A start that was refused or that the payer cancelled counts as
    /// unknown.
    pub const fn is_known(&self) -> bool {
        !matches!(self.state, State::PayerCancelled | State::Refused)
    }
}

/// Which way money, or the hold on it, moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Capture,
    Cancel,
    Refund,
}

impl Kind {
    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Capture => "capture",
            Self::Cancel => "cancel",
            Self::Refund => "refund",
        }
    }
}

/// One capture, cancel or refund that was decided for good: it happened, or it was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    pub kind: Kind,
    /// What was captured, released or refunded; nothing when refused.
    pub amounts: Taxed,
    pub external: Option<ExternalTransactionId>,
    /// What a repeat has in common with it. `None` for a partial refund that carries no id of its own:
    /// an equal one is a further refund.
    pub key: Option<Digest>,
    pub answer: Answer,
}

/// What a capture, cancel or refund comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The payment from now on.
    pub payment: Payment,
    pub answer: Answer,
    /// To be kept with the payment.
    pub movement: Option<Movement>,
}

impl Decision {
    pub(super) fn unchanged(payment: &Payment, answer: Answer) -> Self {
        Self {
            payment: payment.clone(),
            answer,
            movement: None,
        }
    }

    /// Nothing moved. A definite refusal is kept under its key, so that a repeat is answered the same.
    pub(super) fn refused(
        payment: &Payment,
        kind: Kind,
        key: Option<Digest>,
        external: Option<ExternalTransactionId>,
        reason: &Reason,
    ) -> Self {
        let answer = Answer::refusal(reason);
        let movement = (key.is_some() && is_definite(reason)).then(|| Movement {
            kind,
            amounts: Taxed::ZERO,
            external,
            key,
            answer: answer.clone(),
        });
        Self {
            payment: payment.clone(),
            answer,
            movement,
        }
    }
}

/// Is a refusal the answer to every repeat? Passing troubles run again, and a mistake may be corrected.
pub(super) fn is_definite(reason: &Reason) -> bool {
    !matches!(reason.code().class(), Class::Transient | Class::Mistake)
}
