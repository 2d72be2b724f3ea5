//! The console's questions to the journal, answered on a thread that may wait for the disk.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::unrecorded::Unrecorded;
use crate::api::{Operation, ResponseCode};
use crate::console::app::effect::Query;
use crate::console::app::event::{Done, Window};
use crate::console::app::inspector::{Shown, Wanted};
use crate::exchange::CallId;
use crate::record::Transaction;
use crate::record::compare::Comparison;
use crate::record::exchanged::Exchanged;
use crate::record::filter::Filter;
use crate::record::journal::{JournalError, Reader};
use crate::record::line::{Line, What};
use crate::record::window::{self, Place, Rows};

/// Rows read at a time around a selection.
const ROWS: usize = 400;
/// Lines looked through for the latest exchange of a payment: pages and notifications follow it.
const LINES: usize = 40;

/// Under which name the filters used last are kept.
pub const FILTERS: &str = "filters";

/// The journal's reading end, shared by the tasks that ask.
#[derive(Clone)]
pub struct Reading {
    reader: Arc<Mutex<Reader>>,
    /// For what goes through a whole list: the journal's own thread, which asks for windows, must not
    /// wait for it.
    searcher: Arc<Mutex<Reader>>,
    unrecorded: Unrecorded,
    /// How often each list was asked for.
    asked: Arc<[AtomicU64; 3]>,
}

/// A question in its turn.
#[derive(Clone)]
pub struct Question {
    pub query: Query,
    turn: u64,
}

impl Question {
    /// Whether it goes through a whole list: that may take a moment.
    pub fn is_search(&self) -> bool {
        match &self.query {
            Query::Sessions { filter, .. }
            | Query::Transactions { filter, .. }
            | Query::Timeline { filter, .. } => !filter.is_empty(),
            Query::Whose(_) => true,
            Query::Totals(_) | Query::Exchange(_) | Query::Compare(..) => false,
        }
    }
}

/// Which list a question is about.
fn list(query: &Query) -> Option<usize> {
    match query {
        Query::Sessions { .. } => Some(0),
        Query::Transactions { .. } => Some(1),
        Query::Timeline { .. } => Some(2),
        Query::Totals(_) | Query::Whose(_) | Query::Exchange(_) | Query::Compare(..) => None,
    }
}

impl Reading {
    pub fn new(reader: Reader, searcher: Reader, unrecorded: Unrecorded) -> Self {
        Self {
            reader: Arc::new(Mutex::new(reader)),
            searcher: Arc::new(Mutex::new(searcher)),
            unrecorded,
            asked: Arc::default(),
        }
    }

    /// Gives a question its turn.
    pub fn ask(&self, query: Query) -> Question {
        let turn = list(&query).map_or(0, |list| {
            self.asked[list].fetch_add(1, Ordering::Relaxed) + 1
        });
        Question { query, turn }
    }

    /// Answers one question. Waits for the disk. Answers are told in the order in which they were read;
    /// a search that was overtaken by a later one of the same list needs none.
    pub fn answer(&self, question: &Question, tell: impl FnOnce(Result<Done, JournalError>)) {
        let is_search = question.is_search();
        let reader = if is_search {
            &self.searcher
        } else {
            &self.reader
        };
        with(reader, |reader| {
            let query = &question.query;
            let latest = list(query).map(|list| self.asked[list].load(Ordering::Relaxed));
            if is_search && latest.is_some_and(|latest| latest > question.turn) {
                return;
            }
            tell(self.read(reader, query));
        });
    }

    fn read(&self, reader: &Reader, query: &Query) -> Result<Done, JournalError> {
        Ok(match query {
            Query::Sessions { around, filter } => {
                let window = stretch(*around);
                let rows = if filter.is_empty() {
                    reader.sessions(window)?
                } else {
                    reader.sessions_matching(window, filter)?
                };
                Done::Sessions(newest_first(rows, filter))
            }
            Query::Transactions { around, filter } => {
                let window = stretch(*around);
                let rows = if filter.is_empty() {
                    reader.transactions(window)?
                } else {
                    reader.transactions_matching(window, filter)?
                };
                Done::Transactions(newest_first(rows, filter))
            }
            Query::Timeline { around, filter } => {
                let window = stretch(*around);
                let rows = if filter.is_empty() {
                    reader.timeline(window)?
                } else {
                    reader.timeline_matching(window, filter)?
                };
                Done::Timeline(oldest_first(rows, filter))
            }
            Query::Whose(id) => Done::Whose {
                id: id.clone(),
                landing: reader.whose(id)?,
            },
            Query::Totals(epoch) => Done::Totals(reader.totals(*epoch)?),
            Query::Exchange(wanted) => {
                let wanted = *wanted;
                let mut exchanged = exchange(reader, wanted)?;
                if let Some(exchanged) = &mut exchanged {
                    self.complete(exchanged);
                }
                let before = match &exchanged {
                    Some(exchanged) => reader.payment_before(exchanged)?,
                    None => None,
                };
                Done::Exchange {
                    wanted,
                    shown: exchanged.map(|exchanged| Box::new(shown(exchanged, before))),
                }
            }
            Query::Compare(left, right) => {
                let left = reader.exchange_at(*left)?;
                let right = reader.exchange_at(*right)?;
                let both = left.zip(right);
                let comparison = both.map(|(left, right)| Comparison::of(&left, &right));
                Done::Compared(comparison.map(Box::new))
            }
        })
    }

    /// A call of ours with its bytes.
    pub fn call(&self, call: CallId) -> Result<Option<Exchanged>, JournalError> {
        with(&self.reader, |reader| reader.exchange(call))
    }

    /// An end that is not in the journal yet is shown all the same.
    fn complete(&self, exchanged: &mut Exchanged) {
        if exchanged.outcome.is_none() {
            exchanged.outcome = exchanged
                .call
                .and_then(|call| self.unrecorded.outcome(call));
        }
    }
}

fn with<T>(reader: &Mutex<Reader>, ask: impl FnOnce(&Reader) -> T) -> T {
    ask(&reader.lock().unwrap_or_else(PoisonError::into_inner))
}

fn stretch<Key>(around: Option<Key>) -> window::Window<Key> {
    window::Window {
        place: around.map_or(Place::Newest, Place::Around),
        limit: ROWS,
    }
}

fn newest_first<Row>(rows: Rows<Row>, filter: &Filter) -> Window<Row> {
    Window {
        rows: rows.rows,
        before: rows.newer,
        after: rows.older,
        filter: filter.clone(),
        total: rows.total,
    }
}

fn oldest_first<Row>(rows: Rows<Row>, filter: &Filter) -> Window<Row> {
    Window {
        rows: rows.rows,
        before: rows.older,
        after: rows.newer,
        filter: filter.clone(),
        total: rows.total,
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

fn shown(exchanged: Exchanged, before: Option<Transaction>) -> Shown {
    let mut shown = Shown::new(exchanged.request, exchanged.outcome);
    shown.ours = exchanged.call.is_some();
    shown.arrived = !shown.ours && shown.outcome.is_none();
    // Only its answer tells another program's cancel from a refund.
    shown.operation = match (&shown.code, exchanged.operation) {
        (Some(ResponseCode::Cancelled), Some(Operation::Refund)) => Some(Operation::Cancel),
        (_, operation) => operation,
    };
    shown.why = exchanged.why;
    shown.standing = exchanged.standing;
    shown.epoch = Some(exchanged.epoch);
    shown.before = before.map(Box::new);
    shown
}
