//! A step of an identification that is no web page: an SMS to be sent, a time to wait, or something that
//! this console does not know.

use jiff::{SignedDuration, Timestamp};

use crate::api::Action;
use crate::record::session::State;
use crate::record::{Session, SessionKey};

/// The shortest and the longest time waited before asking again, in milliseconds, whatever the answer
/// suggests.
const SOONEST: u64 = 200;
const LATEST: u64 = 10 * 60 * 1000;

/// The popup: what it says is read from the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub session: SessionKey,
}

impl Step {
    /// The popup for what a session asks for, where that is no page.
    pub fn of(session: &Session) -> Option<Self> {
        action(session).map(|_| Self {
            session: session.key,
        })
    }
}

/// What a session asks for, where that is no page.
pub fn action(session: &Session) -> Option<&Action> {
    match &session.state {
        State::Waiting { action } => match action {
            Action::Redirect { .. } => None,
            Action::SendSms { .. } | Action::Wait { .. } | Action::Unknown(_) => Some(action),
        },
        _ => None,
    }
}

/// When a session that was told to wait is asked again.
pub fn due(session: &Session, now: Timestamp) -> Option<Timestamp> {
    let Some(Action::Wait { milliseconds }) = action(session) else {
        return None;
    };
    let milliseconds = (*milliseconds).clamp(SOONEST, LATEST);
    let wait = SignedDuration::from_millis(i64::try_from(milliseconds).unwrap_or(i64::MAX));
    now.checked_add(wait).ok()
}
