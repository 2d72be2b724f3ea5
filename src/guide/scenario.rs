//! What a scenario is: a payer, and steps with what must come of each.

mod read;
mod schema;
#[cfg(test)]
mod tests;

pub use read::read;
pub use schema::schema;

use crate::api::{Fault, Msisdn, Operation, ResponseCode, Stub};
use crate::config::Place;
use crate::money::Taxed;
use crate::testpay::NetworkKey;

/// A chapter of the guide, or a file of the user's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    pub title: String,
    pub scenarios: Vec<Scenario>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// As the guide numbers it: `3.10`.
    pub section: String,
    pub title: String,
    /// Who pays, where that is settled before the first step.
    pub payer: Option<Payer>,
    pub steps: Vec<Step>,
    /// Which reading of the guide this is, and why, where the guide allows several.
    pub note: Option<String>,
    pub at: Place,
}

/// A test payer by key and number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    pub key: NetworkKey,
    pub number: Msisdn,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub what: What,
    pub at: Place,
}

/// What a step does, and what must come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Call(Ask),
    /// The last call so many times more, byte for byte: each time the same answer.
    Repeat {
        times: u32,
    },
    /// The payer walks the pages that the last answer leads to.
    Walk {
        walk: Walk,
        back: ResponseCode,
    },
    /// A notification comes.
    Notified {
        code: ResponseCode,
    },
}

/// What the payer does on the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Walk {
    /// Types this number, and the PIN.
    Identifies(Msisdn),
    /// Confirms the payment and types the ZIP.
    Approves,
    Cancels,
}

impl Walk {
    /// As scenarios have them.
    pub const WORDS: [&str; 3] = ["identifies", "approves", "cancels"];
}

/// A call and the answer that it must get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub operation: Operation,
    /// The amount of an authorize, or the part of a capture or refund; `None` is the guide's usual one, or all.
    pub amount: Option<Taxed>,
    /// The answer that it names itself.
    pub stub: Option<Stub>,
    /// What is done to the answer, where the endpoint is a sandbox of ours.
    pub fault: Option<Fault>,
    /// Members of an identify.
    pub members: Vec<(String, String)>,
    /// Whose payment: `None` is the payer's, otherwise an id that was never given.
    pub stranger: bool,
    pub status: u16,
    pub code: ResponseCode,
}
