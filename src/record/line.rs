//! An entry as one light line of the timeline: no headers, no bodies.

use jiff::Timestamp;

use super::{Seq, SessionKey, TransactionKey};
use crate::{
    api::{Operation, ResponseCode},
    exchange::{CallId, Cut, Delivery, Epoch, NotSent},
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
