//! One payment, folded from what crossed the wire.
//!
//! Holds what it came to and what is still open. What may be done next is for
//! [`lifecycle`](super::lifecycle).

mod apply;
mod standing;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Origin, Seq,
    asked::{Asked, Fingerprint, Price},
};
use crate::{
    api::{
        BangoUserId, ExternalTransactionId, Item, Msisdn, Operation, ResponseCode, TransactionId,
    },
    exchange::{CallId, Cut, Epoch, Standing},
    money::{Currency, Taxed},
};

/// Our name for a payment: what began it. A refused start never gets an id from the API, and repeats of
/// a start are one payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TransactionKey(pub Origin);

/// A payment as the journal tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    pub key: TransactionKey,
    pub epoch: Epoch,
    /// What its start asked for: payer, our id, price and item.
    pub asked: Asked,
    /// The API's id, once something told it.
    pub id: Option<TransactionId>,
    /// The payer's number, where our sandbox told it.
    pub msisdn: Option<Msisdn>,
    /// The payer's account was closed: nothing new can be begun.
    #[serde(default)]
    pub payer_closed: bool,
    pub state: State,
    /// It was time that cancelled it.
    #[serde(default)]
    pub expired: bool,
    /// Calls that have left and not ended, oldest first.
    pub in_flight: Vec<Pending>,
    /// Writes whose outcome is unknown, oldest first.
    pub unresolved: Vec<Unresolved>,
    /// How our sandbox says that it stands.
    #[serde(default)]
    pub reported: Option<Standing>,
    /// Writes of ours that our sandbox has not reported yet.
    #[serde(default)]
    pub unreported: Vec<CallId>,
    /// What the last answer said, whether or not it moved anything.
    pub last: Option<Last>,
    /// What every repeat of its start shares.
    pub start: Option<Fingerprint>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// The entry that began it: lists are in this order.
    pub first: Seq,
    /// The entry that touched it last.
    pub latest: Seq,
    pub entries: u64,
}

/// Where a payment stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing is known of its start's effect.
    Starting,
    /// Its start never left.
    NotSent,
    /// The payer has to approve it, at this address where the answer gave one.
    WaitingForPayer {
        url: Option<String>,
    },
    Authorized,
    Captured(Captured),
    Cancelled,
    Refused {
        code: ResponseCode,
    },
    /// The payer said no on the pages.
    UserCancelled,
}

/// The money of a captured payment: never more refunded than captured, never more captured than
/// authorized.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captured {
    pub(super) sum: Taxed,
    /// No answer to a capture was seen; a refund proved that there was one.
    pub(super) assumed: bool,
    pub(super) refunds: Vec<Refund>,
}

/// One refund that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    pub external: Option<ExternalTransactionId>,
    /// As its request named it; `None` is all that was left.
    pub asked: Option<Price>,
    pub booked: Taxed,
}

/// A call that has left and not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub call: CallId,
    pub operation: Operation,
    pub asked: Asked,
    /// What a repeat of it shares.
    pub same: Fingerprint,
    /// Whether it went to a sandbox of ours.
    pub ours: bool,
}

/// A write that may or may not have happened. Sending the same bytes again tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unresolved {
    /// The call whose bytes are to be sent again.
    pub call: CallId,
    pub operation: Operation,
    pub asked: Asked,
    pub same: Fingerprint,
    pub because: Doubt,
}

/// Why an outcome is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// No whole answer came back.
    Cut(Cut),
    /// The answer says that the operator did not answer in time or was cut off.
    AtOperator(ResponseCode),
    /// What came back is not an answer of the API.
    Unreadable { status: u16 },
}

impl Unresolved {
    /// Whether the API recognises a repeat. Without an `externalTransactionId` a second start, or a
    /// second partial refund, would be new: sending it again may move money twice.
    pub fn is_recognised_again(&self) -> bool {
        self.asked.is_recognised_again(self.operation)
    }
}

/// The last answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    pub operation: Operation,
    pub code: ResponseCode,
}

/// Where a payment stands in one word, what is open counted in: what lists show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Starting,
    NotSent,
    /// A write's outcome is unknown.
    Unknown,
    /// Our sandbox says otherwise than the answers that came.
    Differs,
    WaitingForPayer,
    Authorized,
    Captured,
    PartiallyRefunded,
    Refunded,
    Cancelled,
    Refused,
    UserCancelled,
    /// Its start got an answer that this program does not know.
    Unrecognised,
}

impl Status {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::NotSent => "not sent",
            Self::Unknown => "unknown?",
            Self::Differs => "differs",
            Self::WaitingForPayer => "waiting",
            Self::Authorized => "authorized",
            Self::Captured => "captured",
            Self::PartiallyRefunded => "part refunded",
            Self::Refunded => "refunded",
            Self::Cancelled => "cancelled",
            Self::Refused => "refused",
            Self::UserCancelled => "user cancelled",
            Self::Unrecognised => "unrecognised",
        }
    }
}

impl Transaction {
    pub fn user(&self) -> Option<&BangoUserId> {
        self.asked.user.as_ref()
    }

    pub fn external(&self) -> Option<&ExternalTransactionId> {
        self.asked.external.as_ref()
    }

    pub fn currency(&self) -> Option<Currency> {
        self.asked.price.map(|price| price.currency)
    }

    pub fn item(&self) -> &Item {
        &self.asked.item
    }

    /// What its start asked for, whether or not it was granted.
    pub fn price(&self) -> Taxed {
        self.asked.price.map_or(Taxed::ZERO, Price::taxed)
    }

    /// What was granted, also where it was cancelled later.
    pub fn authorized(&self) -> Taxed {
        match self.state {
            State::Authorized | State::Captured(_) | State::Cancelled => self.price(),
            _ => Taxed::ZERO,
        }
    }

    pub fn captured(&self) -> Taxed {
        match &self.state {
            State::Captured(captured) => captured.sum,
            _ => Taxed::ZERO,
        }
    }

    pub fn refunded(&self) -> Taxed {
        match &self.state {
            State::Captured(captured) => captured.refunded(),
            _ => Taxed::ZERO,
        }
    }

    /// What a refund could still give back.
    pub fn refundable(&self) -> Taxed {
        self.captured().saturating_sub(self.refunded())
    }

    /// What a capture could still take.
    pub fn capturable(&self) -> Taxed {
        match self.state {
            State::Authorized => self.price(),
            _ => Taxed::ZERO,
        }
    }

    /// The oldest write whose outcome is unknown: what has to be sent again first.
    pub fn unresolved(&self) -> Option<&Unresolved> {
        self.unresolved.first()
    }

    pub fn status(&self) -> Status {
        if self.differs().is_some() {
            return Status::Differs;
        }
        self.believed()
    }

    /// Where it stands by the answers that came, whatever our sandbox says.
    pub fn believed(&self) -> Status {
        if !self.unresolved.is_empty() {
            return Status::Unknown;
        }
        match &self.state {
            State::Starting if self.in_flight.is_empty() => Status::Unrecognised,
            State::Starting => Status::Starting,
            State::NotSent => Status::NotSent,
            State::WaitingForPayer { .. } => Status::WaitingForPayer,
            State::Authorized => Status::Authorized,
            State::Captured(captured) => captured.status(),
            State::Cancelled => Status::Cancelled,
            State::Refused { .. } => Status::Refused,
            State::UserCancelled => Status::UserCancelled,
        }
    }
}

impl Captured {
    pub fn sum(&self) -> Taxed {
        self.sum
    }

    pub fn refunds(&self) -> &[Refund] {
        &self.refunds
    }

    pub fn refunded(&self) -> Taxed {
        self.refunds
            .iter()
            .map(|refund| refund.booked)
            .try_fold(Taxed::ZERO, Taxed::checked_add)
            .unwrap_or(self.sum)
    }

    fn status(&self) -> Status {
        if self.refunds.is_empty() {
            Status::Captured
        } else if self.refunded().gross < self.sum.gross {
            Status::PartiallyRefunded
        } else {
            Status::Refunded
        }
    }
}
