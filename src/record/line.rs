//! An entry as one light line of the timeline: no headers, no bodies.

use jiff::Timestamp;

use super::{
    Entry, Kind, Seq, SessionKey, TransactionKey,
    entry::{Address, Seen},
    fact::is_stub,
    fold::Ours,
    target::Target,
};
use crate::{
    api::{Operation, ResponseCode},
    exchange::{
        self, CallId, Cut, Delivery, Epoch, NotSent, Outcome, REPLAYED_HEADER, Report, Request,
        Response, header,
    },
};

/// One line. What it says about itself is in `what`; where it belongs, in the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub seq: Seq,
    pub at: Timestamp,
    pub epoch: Epoch,
    pub transaction: Option<TransactionKey>,
    pub session: Option<SessionKey>,
    pub what: What,
}

/// What a line tells. Words from outside are kept as they came: show them as
/// [`Foreign`](crate::text::Foreign).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A call of ours left.
    Sent {
        call: CallId,
        operation: Operation,
        marks: Marks,
    },
    /// A call of ours came to its end.
    Ended {
        call: CallId,
        operation: Operation,
        end: End,
        marks: Marks,
    },
    /// Another program's call and its answer.
    Exchange {
        /// `None` where the sandbox has no such call.
        operation: Option<Operation>,
        method: String,
        status: u16,
        code: Option<ResponseCode>,
        marks: Marks,
    },
    /// The payer used a page.
    Page {
        title: String,
        action: Option<String>,
    },
    /// A payer finished identification.
    Identified,
    /// The payer's pages of a payment came to their end.
    Finished {
        code: ResponseCode,
    },
    /// An authorization was not captured in time.
    Expired,
    /// The sandbox tried to deliver a notification.
    Notified {
        attempt: u32,
        result: Delivery,
    },
    /// The sandbox was cleared.
    Reset,
    /// Reports that came too fast to be read.
    Missed {
        count: u64,
    },
    /// The payer's browser came back to us.
    Callback {
        code: Option<ResponseCode>,
    },
    /// A notification came to us.
    Notification {
        code: Option<ResponseCode>,
    },
    /// Something came to an inbox of ours.
    Inbox {
        name: String,
    },
    Remark {
        text: String,
    },
    /// A kind of entry that this version does not know.
    Unknown {
        name: String,
    },
}

/// What became of a call, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Answered {
        status: u16,
        /// `None` where the body is not an answer of the API.
        code: Option<ResponseCode>,
        micros: u64,
    },
    Cut {
        why: Cut,
    },
    NotSent {
        why: NotSent,
    },
}

/// What makes an exchange one that moves nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The request carried `Prefer`: its answer is made to order.
    pub stub: bool,
    /// The answer was given before.
    pub replayed: bool,
}

impl Line {
    /// From an entry, whose bodies are not needed, and the call of ours that it ends or is about. `None`
    /// for what is shown with that call: the sandbox's own word on it.
    pub fn of(
        entry: &Entry,
        (transaction, session): (Option<TransactionKey>, Option<SessionKey>),
        code: Option<ResponseCode>,
        ours: Option<&Ours>,
    ) -> Option<Self> {
        let what = match &entry.kind {
            Kind::Sent(sent) => What::Sent {
                call: sent.call,
                operation: sent.operation,
                marks: Marks {
                    stub: is_stub(&sent.request),
                    replayed: false,
                },
            },
            Kind::Ended(ended) => {
                let ours = ours?;
                What::Ended {
                    call: ended.call,
                    operation: ours.sent.operation,
                    marks: Marks {
                        stub: ours.is_stub(),
                        replayed: is_replayed(&ended.outcome),
                    },
                    end: End::of(&ended.outcome, code),
                }
            }
            Kind::Seen(Seen::Report(report)) if ours.is_none() => What::reported(report, code),
            Kind::Seen(Seen::Report(_) | Seen::Own(_)) => return None,
            Kind::Seen(Seen::Missed(missed)) => What::Missed {
                count: missed.count,
            },
            Kind::Arrived(arrived) => match &arrived.at {
                Address::Callback { .. } => What::Callback { code },
                Address::Notification { .. } => What::Notification { code },
                Address::Inbox { name } => What::Inbox { name: name.clone() },
            },
            Kind::Remark(remark) => What::Remark {
                text: remark.text.clone(),
            },
            Kind::Unknown { name } => What::Unknown { name: name.clone() },
        };
        Some(Self {
            seq: entry.seq,
            at: entry.at,
            epoch: entry.epoch,
            transaction,
            session,
            what,
        })
    }
}

impl End {
    fn of(outcome: &Outcome, code: Option<ResponseCode>) -> Self {
        match outcome {
            Outcome::Answered { response, phases } => Self::Answered {
                status: response.status,
                code,
                micros: phases.total,
            },
            Outcome::Cut { why, .. } => Self::Cut { why: why.clone() },
            Outcome::NotSent { why } => Self::NotSent { why: why.clone() },
        }
    }
}

impl What {
    fn reported(report: &Report, code: Option<ResponseCode>) -> Self {
        match &report.what {
            exchange::What::Exchange {
                request, response, ..
            } => Self::exchange(request, response, code),
            exchange::What::Page { title, action, .. } => Self::Page {
                title: title.clone(),
                action: action.clone(),
            },
            exchange::What::Identified { .. } => Self::Identified,
            exchange::What::Finished { code, .. } => Self::Finished {
                code: ResponseCode::parse(code),
            },
            exchange::What::Expired { .. } => Self::Expired,
            exchange::What::Notified {
                attempt, result, ..
            } => Self::Notified {
                attempt: *attempt,
                result: result.clone(),
            },
            exchange::What::Reset => Self::Reset,
        }
    }

    fn exchange(request: &Request, response: &Response, code: Option<ResponseCode>) -> Self {
        let asked = Target::of(request).and_then(|target| target.operation(&request.method));
        let cancelled = code == Some(ResponseCode::Cancelled);
        let operation = match asked {
            Some(Operation::Refund) if cancelled => Some(Operation::Cancel),
            other => other,
        };
        Self::Exchange {
            operation,
            method: request.method.clone(),
            status: response.status,
            code,
            marks: Marks {
                stub: is_stub(request),
                replayed: header(&response.headers, REPLAYED_HEADER).is_some(),
            },
        }
    }
}

fn is_replayed(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Answered { response, .. } => header(&response.headers, REPLAYED_HEADER).is_some(),
        Outcome::Cut { .. } | Outcome::NotSent { .. } => false,
    }
}
