//! What has to happen outside, as plain data. The runtime has one function for each.

use std::sync::Arc;

use jiff::Timestamp;

use crate::api::{Call, SessionId};
use crate::exchange::{CallId, Epoch};
use crate::record::filter::Filter;
use crate::record::{Seq, SessionKey, TransactionKey};

use super::copy::Bytes;
use super::export::Order;
use super::inspector::{Shown, Wanted};

/// An order to the outside. Dropping one loses what the user asked for.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Record this call, send it, and record what became of it.
    Send {
        id: CallId,
        call: Call,
    },
    /// Send the bytes of an earlier call once more, under a new id.
    SendAgain {
        id: CallId,
        of: CallId,
    },
    /// Say how this call would leave.
    Preview {
        id: CallId,
        call: Box<Call>,
    },
    /// Stop waiting for an answer.
    Cancel(CallId),
    Read(Query),
    /// Lay out an exchange with long bodies.
    LayOut(Arc<Shown>),
    /// Run a filter of jq over a body. It ends the one that was run before.
    Query {
        number: u64,
        filter: String,
        body: Arc<[u8]>,
    },
    /// End the filter that is run.
    StopQuery,
    /// Keep the filters used last, the latest first.
    KeepFilters(Vec<String>),
    /// Be the payer on a page.
    Visit(Visit),
    /// Have our sandbox do something that is not the API's.
    Steer(Control),
    /// Put exact bytes on the clipboard. `what` names them in the toast.
    Copy {
        what: &'static str,
        bytes: Bytes,
    },
    /// Write something of the journal to a new file.
    Export(Order),
    /// Write an escape sequence between two frames.
    ToTerminal {
        escape: String,
    },
    /// Open an address in the user's browser.
    Open {
        url: String,
    },
    /// Send [`Input::Wake`](super::input::Input::Wake) at this time.
    WakeAt(Timestamp),
    /// Delete a payment from the journal.
    Delete(TransactionKey),
    /// Draw every cell anew.
    Redraw,
    /// Paint with this theme from now on.
    Theme {
        name: String,
    },
    /// Take the mouse, or leave it to the terminal.
    Mouse {
        ours: bool,
    },
    /// Read the user's files for look and feel once more.
    Reread,
    /// Keep a small decision for later starts.
    Remember {
        name: &'static str,
        value: String,
    },
    /// Leave this endpoint with everything that is about it, and open that of another profile.
    Switch {
        profile: String,
    },
    /// Back to the shell until the user returns.
    Suspend,
    Quit,
}

/// A question to the journal. Its answer comes as a [`Done`](super::event::Done).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// The newest, or those around one, of those that the filter lets through.
    Sessions {
        around: Option<SessionKey>,
        filter: Filter,
    },
    Transactions {
        around: Option<TransactionKey>,
        filter: Filter,
    },
    Timeline {
        around: Option<Seq>,
        filter: Filter,
    },
    /// The sums of all payments of an epoch.
    Totals(Epoch),
    /// Whose id this is, whatever kind of id.
    Whose(String),
    /// One exchange with its bodies.
    Exchange(Wanted),
    /// Two exchanges, by entries of theirs.
    Compare(Seq, Seq),
}

/// What can be asked of our sandbox beside the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// The SMS that a session waits for arrives at once.
    SmsArrives { session: SessionKey, id: SessionId },
}

/// A step on the payer's pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visit {
    Look {
        url: String,
    },
    Submit {
        url: String,
        fields: Vec<(String, String)>,
        action: String,
    },
}
