//! One identification, folded from what crossed the wire.

mod apply;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Origin, Seq};
use crate::{
    api::{Action, BangoUserId, Msisdn, ResponseCode, SessionId},
    exchange::{CallId, Epoch},
};

/// Our name for an identification: what began it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionKey(pub Origin);

/// An identification as the journal tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub key: SessionKey,
    pub epoch: Epoch,
    /// The API's id, from the first answer on.
    pub id: Option<SessionId>,
    /// The `identificationMethodKey` that was asked for.
    pub method_key: Option<String>,
    pub state: State,
    /// The payer's number, where our sandbox told it.
    pub msisdn: Option<Msisdn>,
    /// What the payer's way through the pages came to, told by a callback, a notification or our
    /// sandbox: the next answer will say it too.
    pub returned: Option<ResponseCode>,
    /// The payer's `status` when it was last asked for.
    pub user_status: Option<String>,
    /// Calls under way, oldest first.
    pub in_flight: Vec<CallId>,
    pub last: Option<ResponseCode>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// The entry that began it: lists are in this order.
    pub first: Seq,
    /// The entry that touched it last.
    pub latest: Seq,
    pub entries: u64,
}

/// Where an identification stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The first call is under way.
    Starting,
    /// The first call never left.
    NotSent,
    /// The first call's answer never came. Identifying again is harmless.
    Unknown,
    /// Something has to be done before it goes on.
    Waiting { action: Action },
    /// The payer is known.
    Identified { user: BangoUserId },
    /// The payer was known, and the account was closed since.
    Closed { user: BangoUserId },
    /// The payer did not want to.
    Cancelled,
    /// No way to identify this payer.
    NotAvailable,
    /// Any other answer.
    Failed { code: ResponseCode },
}

impl Session {
    /// The payer, once known, also where the account is closed by now.
    pub fn user(&self) -> Option<&BangoUserId> {
        match &self.state {
            State::Identified { user } | State::Closed { user } => Some(user),
            _ => None,
        }
    }

    pub fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed { .. })
    }

    /// Where the payer's browser has to go.
    pub fn url(&self) -> Option<&str> {
        match &self.state {
            State::Waiting {
                action: Action::Redirect { url },
            } => Some(url),
            _ => None,
        }
    }
}

impl State {
    /// The state in a word, for lists.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::NotSent => "not sent",
            Self::Unknown => "unknown?",
            Self::Waiting { .. } => "waiting",
            Self::Identified { .. } => "identified",
            Self::Closed { .. } => "closed",
            Self::Cancelled => "cancelled",
            Self::NotAvailable => "not available",
            Self::Failed { .. } => "failed",
        }
    }
}
