//! What the console is told: three kinds of event, each with its time.

use jiff::Timestamp;

use crate::exchange::CallId;
use crate::record::line::Line;
use crate::record::{Recorded, Session, Transaction};

use super::input::Input;
use super::inspector::{Shown, Wanted};
use super::payer::Page;

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
    /// The exchange that was asked for; `None` where the journal has none.
    Exchange {
        wanted: Wanted,
        shown: Option<Box<Shown>>,
    },
    /// The payer's page after a visit to `url`.
    Visited {
        url: String,
        visited: Visited,
    },
    Copied {
        what: &'static str,
        bytes: Vec<u8>,
        told: Told,
    },
    /// `error` says why the browser did not open.
    Opened {
        error: Option<String>,
    },
    /// A call never reached the journal, so it was not sent.
    NotSent {
        call: CallId,
        why: String,
    },
    /// The journal cannot be read or written.
    JournalFailed {
        why: String,
    },
    /// Our listener or the sandbox has something to say on the status line.
    Notice(String),
}

/// Rows read from the journal, in the order of the screen.
#[derive(Clone, Debug)]
pub struct Window<T> {
    pub rows: Vec<T>,
    /// How many rows come before them.
    pub above: usize,
    pub total: usize,
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
    /// It is on the clipboard, by this route.
    Copied {
        route: String,
    },
    /// It was sent to the terminal, which does not answer.
    SentToTerminal,
    Failed {
        why: String,
    },
}
