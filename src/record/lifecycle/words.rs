//! Notes and reasons in plain words, one line each.

use std::fmt;

use super::{Availability, Note, Reason};
use crate::api::Operation;

/// The note or the reason, in one line.
impl fmt::Display for Availability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Possible { note: Some(note) } => note.fmt(f),
            Self::Possible { note: None } => Ok(()),
            Self::Not { because } => because.fmt(f),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Authorized { gross, currency } => write!(f, "{gross} {currency} authorized"),
            Self::Left { left, of, currency } => write!(f, "{left} of {of} {currency} left"),
            Self::PayerIsBack => f.write_str("the payer is back"),
            Self::MayMoveTwice => {
                f.write_str("it carries no key: sending it again may move money twice")
            }
            Self::WouldRefund => {
                f.write_str("it was captured since: sending the cancel again refunds what is left")
            }
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Replay => "a replay: nothing can be sent",
            Self::Reset => "the sandbox was reset since",
            Self::NoId => "it has no id yet",
            Self::WaitingForPayer => "waiting for the payer",
            Self::NotAuthorized => "nothing authorized yet",
            Self::NotSent => "its start was never sent",
            Self::Refused => "it was refused",
            Self::UserCancelled => "the payer cancelled it",
            Self::Cancelled => "it was cancelled",
            Self::Expired => "its authorization expired",
            Self::AlreadyCaptured => "it was captured, and there is only one capture",
            Self::CapturedSoRefund => "it was captured: refund it instead",
            Self::NothingCaptured => "nothing captured yet",
            Self::NothingLeft => "nothing is left to refund",
            Self::NothingUnknown => "every outcome is known",
            Self::NoPayer => "no payer identified yet",
            Self::Closed => "its account was closed",
            Self::PayerClosed => "its payer's account was closed",
            Self::Finished => "the identification is finished",
            Self::UnderWay(operation) => {
                return write!(
                    f,
                    "{} {} is under way",
                    article(*operation),
                    operation.name()
                );
            }
            Self::Unresolved(operation) => {
                write!(
                    f,
                    "{} {} is unresolved: send it again first",
                    article(*operation),
                    operation.name()
                )?;
                if *operation == Operation::Capture {
                    f.write_str(" (a cancel might refund)")?;
                }
                return Ok(());
            }
        })
    }
}

const fn article(operation: Operation) -> &'static str {
    match operation {
        Operation::Authorize | Operation::Identify => "an",
        _ => "a",
    }
}
