//! What the console is told: three kinds of event, each with its time.

use std::net::SocketAddr;
use std::sync::Arc;

use jiff::Timestamp;

use crate::exchange::page::Page;
use crate::exchange::{CallId, Epoch, Request};
use crate::record::compare::Comparison;
use crate::record::filter::Filter;
use crate::record::landing::Landing;
use crate::record::line::Line;
use crate::record::{Recorded, Session, Totals, Transaction};

use super::copy::Bytes;
use super::effect::Control;
use super::export::Written;
use super::input::Input;
use super::inspector::{Pages, Queried, Shown, Wanted};
use super::keymap::Keymap;

#[derive(Debug)]
pub struct Event {
    pub at: Timestamp,
    pub what: What,
}

#[derive(Debug)]
pub enum What {
    /// What the user did.
    Input(Input),
    /// What happened, after it is in the journal. There is no other way for a fact to reach the screen.
    Recorded(Recorded),
    /// What an effect brought back.
    Done(Done),
}

/// The end of an effect.
#[derive(Debug)]
pub enum Done {
    Sessions(Window<Session>),
    Transactions(Window<Transaction>),
    Timeline(Window<Line>),
    Totals(Vec<Totals>),
    /// What an id leads to; `None` where nothing has it.
    Whose {
        id: String,
        landing: Option<Landing>,
    },
    /// The exchange that was asked for; `None` where the journal has none.
    Exchange {
        wanted: Wanted,
        shown: Option<Box<Shown>>,
    },
    /// How a call would leave, or why it cannot.
    Previewed {
        id: CallId,
        request: Result<Box<Request>, String>,
    },
    /// What was too long to be laid out at once.
    LaidOut {
        shown: Arc<Shown>,
        pages: Box<Pages>,
    },
    /// The end of a filter.
    Queried {
        number: u64,
        queried: Queried,
    },
    /// What differs between two exchanges; `None` where one of them is none.
    Compared(Option<Box<Comparison>>),
    /// The payer's page after a visit to `url`.
    Visited {
        url: String,
        visited: Visited,
    },
    /// The sandbox has done what was asked of it, or why not.
    Steered {
        control: Control,
        error: Option<String>,
    },
    Copied {
        what: &'static str,
        bytes: Bytes,
        told: Told,
    },
    /// A file was written, or why none was.
    Exported {
        file: Result<Written, String>,
    },
    /// `error` says why the browser did not open.
    Opened {
        error: Option<String>,
    },
    /// A call could not be made, so it was not sent.
    NotSent {
        call: CallId,
        why: String,
    },
    /// A call ended, and its end could not be recorded: it is shown and marked so.
    Unrecorded {
        call: CallId,
        shown: Box<Shown>,
        why: String,
    },
    /// A payment stays in the journal.
    NotDeleted {
        why: String,
    },
    /// The sandbox is somewhere else now.
    Sandbox(Whereabouts),
    /// Our listener or the sandbox has something to say on the status line.
    Notice(String),
    /// The keys from now on.
    Keymap(Keymap),
    /// The themes that there are now.
    Themes(Vec<String>),
}

/// Where the sandbox is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    At {
        /// The other process that serves it; `None` where this one does, or nobody knows which.
        process: Option<u32>,
        address: SocketAddr,
        epoch: Epoch,
    },
    /// The process that served it does so no more. Another one is about to, most likely this one.
    Nowhere { process: Option<u32> },
}

/// Rows read from the journal, in the order of the screen.
#[derive(Clone, Debug)]
pub struct Window<T> {
    pub rows: Vec<T>,
    /// Whether there are more before them, and behind them.
    pub before: bool,
    pub after: bool,
    /// What was asked for: an answer for an earlier filter is dropped.
    pub filter: Filter,
    /// How many rows it lets through in all.
    pub total: u64,
}

/// What a visit to a page came to.
#[derive(Debug)]
pub enum Visited {
    Page(Page),
    /// The walk is over, and the payer's browser went back to the merchant where it could.
    Finished,
    Failed(String),
}

/// What is known of a copy: never more than that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is on the clipboard; `route` says how: `copied`, `copied to tmux`.
    Copied {
        route: String,
    },
    /// This escape sequence does it, if the terminal takes it: it does not answer.
    SentToTerminal {
        escape: String,
    },
    Failed {
        why: String,
    },
}
