//! The console's questions to the journal, answered on a thread that may wait for the disk.

use std::sync::{Arc, Mutex, PoisonError};

use super::unrecorded::Unrecorded;
use crate::console::app::effect::Query;
use crate::console::app::event::{Done, Window};
use crate::console::app::inspector::{Shown, Wanted};
use crate::exchange::CallId;
use crate::record::exchanged::Exchanged;
use crate::record::journal::{JournalError, Reader};
use crate::record::line::{Line, What};
use crate::record::window::{self, Place, Rows};

/// Rows read at a time around a selection.
const ROWS: usize = 400;
/// Lines looked through for the latest exchange of a payment: pages and notifications follow it.
const LINES: usize = 40;

/// The journal's reading end, shared by the tasks that ask.
#[derive(Clone)]
pub struct Reading {
    reader: Arc<Mutex<Reader>>,
    unrecorded: Unrecorded,
}

impl Reading {
    pub fn new(reader: Reader, unrecorded: Unrecorded) -> Self {
        Self {
            reader: Arc::new(Mutex::new(reader)),
            unrecorded,
        }
    }

    /// Answers one question. Waits for the disk. Answers are told in the order in which they were read.
    pub fn answer(&self, query: &Query, tell: impl FnOnce(Result<Done, JournalError>)) {
        self.with(|reader| tell(self.read(reader, query)));
    }

    fn read(&self, reader: &Reader, query: &Query) -> Result<Done, JournalError> {
        Ok(match *query {
            Query::Sessions { around } => {
                Done::Sessions(newest_first(reader.sessions(stretch(around))?))
            }
            Query::Transactions { around } => {
                Done::Transactions(newest_first(reader.transactions(stretch(around))?))
            }
            Query::Timeline { around } => {
                Done::Timeline(oldest_first(reader.timeline(stretch(around))?))
            }
            Query::Exchange(wanted) => {
                let mut exchanged = exchange(reader, wanted)?;
                if let Some(exchanged) = &mut exchanged {
                    self.complete(exchanged);
                }
                Done::Exchange {
                    wanted,
                    shown: exchanged.map(|exchanged| Box::new(shown(exchanged))),
                }
            }
        })
    }

    /// A call of ours with its bytes.
    pub fn call(&self, call: CallId) -> Result<Option<Exchanged>, JournalError> {
        self.with(|reader| reader.exchange(call))
    }

    /// An end that is not in the journal yet is shown all the same.
    fn complete(&self, exchanged: &mut Exchanged) {
        if exchanged.outcome.is_none() {
            exchanged.outcome = exchanged
                .call
                .and_then(|call| self.unrecorded.outcome(call));
        }
    }

    fn with<T>(&self, ask: impl FnOnce(&Reader) -> T) -> T {
        ask(&self.reader.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn stretch<Key>(around: Option<Key>) -> window::Window<Key> {
    window::Window {
        place: around.map_or(Place::Newest, Place::Around),
        limit: ROWS,
    }
}

fn newest_first<Row>(rows: Rows<Row>) -> Window<Row> {
    Window {
        rows: rows.rows,
        before: rows.newer,
        after: rows.older,
    }
}

fn oldest_first<Row>(rows: Rows<Row>) -> Window<Row> {
    Window {
        rows: rows.rows,
        before: rows.older,
        after: rows.newer,
    }
}

/// The one that is wanted or, of a row, its latest.
pub fn exchange(reader: &Reader, wanted: Wanted) -> Result<Option<Exchanged>, JournalError> {
    let lines = match wanted {
        Wanted::Entry(seq) => return reader.exchange_at(seq),
        Wanted::Transaction(key) => reader.lines_of_transaction(key, LINES)?,
        Wanted::Session(key) => reader.lines_of_session(key, LINES)?,
    };
    match lines.iter().rev().find(|line| is_exchange(line)) {
        Some(line) => reader.exchange_at(line.seq),
        None => Ok(None),
    }
}

fn is_exchange(line: &Line) -> bool {
    matches!(
        line.what,
        What::Sent { .. } | What::Ended { .. } | What::Exchange { .. }
    )
}

fn shown(exchanged: Exchanged) -> Shown {
    Shown {
        arrived: exchanged.call.is_none() && exchanged.outcome.is_none(),
        request: exchanged.request,
        outcome: exchanged.outcome,
        why: exchanged.why,
    }
}
