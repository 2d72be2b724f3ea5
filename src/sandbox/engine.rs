//! What the API decides, as pure functions: an aggregate, a request, the rules and the time go in; the
//! new aggregate, the answer and what follows from it come out.
//!
//! No I/O, no clock, no randomness: ids and addresses are handed in. Loading, saving and delivering are
//! the store's and the server's.

mod answer;
pub mod approval;
pub mod capture;
pub mod form;
mod items;
pub mod payer;
pub mod payment;
mod read;
pub mod reason;
pub mod request;
pub mod retrieve;
pub mod reversal;
pub mod session;
pub mod start;
pub mod stub;
pub mod url;

#[cfg(test)]
mod properties;

use jiff::{SignedDuration, Timestamp};

pub use answer::Answer;
pub use form::{Finished, Form, Notification};
pub use payer::Payer;
pub use payment::{Kind, Movement, Payment, State};
pub use reason::Reason;
pub use request::{Adjust, Digest, Identify, NewPayer, Sms, Start};
pub use session::Session;
pub use url::MerchantUrl;

/// How long things wait, by the sandbox's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// An identification, from its first call.
    pub session: SignedDuration,
    /// An SMS, from when it is said to be sent.
    pub sms: SignedDuration,
    /// A redirect payment for the payer's approval.
    pub approval: SignedDuration,
    /// An authorization for its capture.
    pub authorization: SignedDuration,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            session: SignedDuration::from_mins(30),
            sms: SignedDuration::from_secs(3),
            approval: SignedDuration::from_mins(30),
            authorization: SignedDuration::from_hours(7 * 24),
        }
    }
}

/// `lifetime` after `now`, or the end of time.
fn deadline(now: Timestamp, lifetime: SignedDuration) -> Timestamp {
    now.saturating_add(lifetime).unwrap_or(Timestamp::MAX)
}
