//! The ends of calls that could not be recorded yet.
//!
//! They are kept until the journal takes them, so that what became of money is neither lost nor waited
//! for. A process that dies before leaves its calls unknown, as any other does.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::exchange::{CallId, Outcome};
use crate::record::NewEntry;
use crate::record::entry::Kind;

/// Shared by the tasks that end calls and those that ask.
#[derive(Clone, Debug, Default)]
pub struct Unrecorded(Arc<Mutex<BTreeMap<CallId, NewEntry>>>);

impl Unrecorded {
    pub fn keep(&self, call: CallId, ended: NewEntry) {
        self.entries().insert(call, ended);
    }

    pub fn forget(&self, call: CallId) {
        self.entries().remove(&call);
    }

    /// All that are waiting, to be tried once more.
    pub fn all(&self) -> Vec<(CallId, NewEntry)> {
        let entries = self.entries();
        entries
            .iter()
            .map(|(call, entry)| (*call, entry.clone()))
            .collect()
    }

    /// What became of a call, though the journal does not know.
    pub fn outcome(&self, call: CallId) -> Option<Outcome> {
        match self.entries().get(&call)?.kind() {
            Kind::Ended(ended) => Some(ended.outcome.clone()),
            _ => None,
        }
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<CallId, NewEntry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
