//! The life of the sandbox that entries of the console's own are made in.

use std::sync::{Arc, Mutex, PoisonError};

use crate::exchange::{Epoch, Report, What};

/// The epoch that the sandbox is in, as far as its reports have told. Clones see the same.
///
/// An answer that names another epoch belongs to that one all the same: the journal sees to it.
#[derive(Clone, Debug)]
pub struct Life(Arc<Mutex<Epoch>>);

impl Life {
    pub fn new(epoch: Epoch) -> Self {
        Self(Arc::new(Mutex::new(epoch)))
    }

    pub fn epoch(&self) -> Epoch {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another sandbox is called from now on, or the same one after a while without.
    pub fn enter(&self, epoch: Epoch) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = epoch;
    }

    /// Notes what a report tells. Only of a reset: others may be about the life before it.
    pub fn hear(&self, report: &Report) {
        if report.what == What::Reset {
            self.enter(report.epoch);
        }
    }
}
