//! What the journal tells after something was written: the one way for a fact to reach a screen.

use jiff::Timestamp;

use super::{Entry, Session, Totals, Transaction, line::Line};

/// Facts that are in the journal now, and the new state of all they touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub at: Timestamp,
    /// Whether another process wrote them.
    pub elsewhere: bool,
    /// In order, those of other processes without their bodies. A fact that the journal had already is
    /// not among them.
    pub entries: Vec<Entry>,
    /// The same entries for the timeline; one that shows nothing of its own has none.
    pub lines: Vec<Line>,
    pub transactions: Vec<Transaction>,
    pub sessions: Vec<Session>,
    /// The sums that changed.
    pub totals: Vec<Totals>,
}
