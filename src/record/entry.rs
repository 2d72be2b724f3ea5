//! What a journal holds, in order: the five kinds of entry, whole and as they happened.
//!
//! An entry is never changed. What it means is for the folds; how it is stored is the journal's.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::TransactionKey;
use crate::{
    api::{Operation, TransactionId},
    exchange::{CallId, Epoch, Outcome, Report, Request, Standing},
};

/// The place of an entry in the order of its journal, from 1.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seq(pub u64);

/// One fact, in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub seq: Seq,
    /// What makes the fact the same fact for everybody who saw it: `sent:CALL`, `ended:CALL`,
    /// `seen:RUN:NUMBER`, `missed:RUN:FROM`, `arrived:UUID`, `remark:UUID`.
    pub key: String,
    pub at: Timestamp,
    pub epoch: Epoch,
    pub kind: Kind,
}

/// What an entry tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Sent(Sent),
    Ended(Ended),
    Seen(Seen),
    Arrived(Arrived),
    Remark(Remark),
    /// Written by a later version in a journal that this one can still read: kept, and shown by name.
    Unknown {
        name: String,
    },
}

/// A call of ours, complete as it will leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub call: CallId,
    pub operation: Operation,
    pub request: Request,
    /// Where a guide made the call: its scenario and step.
    pub step: Option<Step>,
}

/// A step of a guide's scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub scenario: String,
    pub step: String,
}

/// What became of a call of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub call: CallId,
    pub outcome: Outcome,
}

/// What our sandbox reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// Something that this journal knows from nowhere else.
    Report(Box<Report>),
    /// The sandbox's word on a call of ours, which stands in its Sent and Ended: moves nothing.
    Own(Own),
    /// Reports that came too fast to be read.
    Missed(Missed),
}

/// What a report about a call of ours adds to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    pub run: Uuid,
    pub number: u64,
    pub call: CallId,
    /// Why it was refused.
    pub why: Option<String>,
    /// The payment that it started or used, named also where the answer does not.
    pub transaction: Option<TransactionId>,
    /// How that payment stood after the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
}

/// A gap in a run's reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    pub run: Uuid,
    /// The first number that is missing.
    pub from: u64,
    pub count: u64,
}

/// A request that came to our own listener.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    pub id: Uuid,
    pub at: Address,
    pub request: Request,
}

/// Which of our addresses a request came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// `/callback/KEY`: the payer's browser came back. The key is a [`CallId::key`].
    Callback { key: String },
    /// `/notification/KEY`: the server told of an outcome.
    Notification { key: String },
    /// `/inbox/NAME`: any program's.
    Inbox { name: String },
}

/// A bookmark, or with a text a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    pub id: Uuid,
    pub about: Option<About>,
    pub text: String,
}

/// What a remark is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    Entry(Seq),
    Transaction(TransactionKey),
    /// That it was deleted.
    Deleted(TransactionKey),
}

/// What began a payment or an identification: our name for it, since the API's own ids come late or
/// never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A call of ours.
    Call(CallId),
    /// A report of another program's call.
    Report { run: Uuid, number: u64 },
}

/// As journals and commands write it: `call:UUID` or `report:RUN:NUMBER`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(call) => write!(f, "call:{}", call.0),
            Self::Report { run, number } => write!(f, "report:{run}:{number}"),
        }
    }
}

impl Origin {
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("call", call) => Some(Self::Call(CallId(call.parse().ok()?))),
            ("report", report) => {
                let (run, number) = report.split_once(':')?;
                Some(Self::Report {
                    run: run.parse().ok()?,
                    number: number.parse().ok()?,
                })
            }
            _ => None,
        }
    }
}

/// An entry that has no place yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    at: Timestamp,
    epoch: Epoch,
    kind: Kind,
}

impl NewEntry {
    pub const fn sent(at: Timestamp, epoch: Epoch, sent: Sent) -> Self {
        Self {
            at,
            epoch,
            kind: Kind::Sent(sent),
        }
    }

    pub const fn ended(at: Timestamp, epoch: Epoch, ended: Ended) -> Self {
        Self {
            at,
            epoch,
            kind: Kind::Ended(ended),
        }
    }

    /// A report as it came, `at` the moment of its arrival; whether it is about a call of ours is for
    /// the journal to find out.
    pub fn seen(at: Timestamp, report: Report) -> Self {
        Self {
            at,
            epoch: report.epoch,
            kind: Kind::Seen(Seen::Report(Box::new(report))),
        }
    }

    pub const fn missed(at: Timestamp, epoch: Epoch, missed: Missed) -> Self {
        Self {
            at,
            epoch,
            kind: Kind::Seen(Seen::Missed(missed)),
        }
    }

    pub const fn arrived(at: Timestamp, epoch: Epoch, arrived: Arrived) -> Self {
        Self {
            at,
            epoch,
            kind: Kind::Arrived(arrived),
        }
    }

    pub const fn remark(at: Timestamp, epoch: Epoch, remark: Remark) -> Self {
        Self {
            at,
            epoch,
            kind: Kind::Remark(remark),
        }
    }

    /// The sandbox's word on a call of ours, as it was kept.
    pub const fn own(at: Timestamp, epoch: Epoch, own: Own) -> Self {
        Self::of(at, epoch, Kind::Seen(Seen::Own(own)))
    }

    /// A fact that was an entry before.
    pub const fn of(at: Timestamp, epoch: Epoch, kind: Kind) -> Self {
        Self { at, epoch, kind }
    }

    pub const fn at(&self) -> Timestamp {
        self.at
    }

    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    pub const fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The same moment, told otherwise.
    #[must_use]
    pub fn with(self, epoch: Epoch, kind: Kind) -> Self {
        Self {
            at: self.at,
            epoch,
            kind,
        }
    }

    /// The key that it will have.
    pub fn key(&self) -> String {
        key(&self.kind)
    }

    /// The entry with its place.
    pub fn placed(self, seq: Seq) -> Entry {
        Entry {
            seq,
            key: key(&self.kind),
            at: self.at,
            epoch: self.epoch,
            kind: self.kind,
        }
    }
}

fn key(kind: &Kind) -> String {
    match kind {
        Kind::Sent(sent) => format!("sent:{}", sent.call.0),
        Kind::Ended(ended) => format!("ended:{}", ended.call.0),
        Kind::Seen(Seen::Report(report)) => format!("seen:{}:{}", report.run, report.number),
        Kind::Seen(Seen::Own(own)) => format!("seen:{}:{}", own.run, own.number),
        Kind::Seen(Seen::Missed(missed)) => format!("missed:{}:{}", missed.run, missed.from),
        Kind::Arrived(arrived) => format!("arrived:{}", arrived.id),
        Kind::Remark(remark) => format!("remark:{}", remark.id),
        Kind::Unknown { name } => format!("unknown:{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_reads_back_as_itself() {
        let run = Uuid::from_u128(7);
        for origin in [Origin::Call(CallId(run)), Origin::Report { run, number: 3 }] {
            assert_eq!(Origin::parse(&origin.to_string()), Some(origin));
        }
        for text in [
            "",
            "call:",
            "report:7",
            "sent:00000000-0000-0000-0000-000000000007",
        ] {
            assert_eq!(Origin::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_fact_has_one_key_whoever_saw_it() {
        let run = Uuid::nil();
        let report = Report {
            run,
            number: 7,
            epoch: Epoch(run),
            at: Timestamp::UNIX_EPOCH,
            call: None,
            what: crate::exchange::What::Reset,
            why: None,
        };
        let seen = NewEntry::seen(Timestamp::UNIX_EPOCH, report).placed(Seq(1));
        let own = Own {
            run,
            number: 7,
            call: CallId(run),
            why: None,
            transaction: None,
            standing: None,
        };
        assert_eq!(seen.key, key(&Kind::Seen(Seen::Own(own))));
    }
}
