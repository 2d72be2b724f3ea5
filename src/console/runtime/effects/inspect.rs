//! The inspector's effects: what would keep its keys waiting.

use std::sync::Arc;

use super::{Outside, done};
use crate::console::app::event::Done;
use crate::console::app::inspector::{self, Shown};
use crate::console::runtime::query;

impl Outside {
    pub(super) fn lay_out(&self, shown: Arc<Shown>) {
        let events = self.events.clone();
        self.tasks.spawn_blocking(move || {
            let pages = Box::new(inspector::pages(&shown));
            done(&events, Done::LaidOut { shown, pages });
        });
    }

    /// One filter at a time: dropping the task of the one before ends its process.
    pub(super) fn query(&mut self, number: u64, filter: String, body: Arc<[u8]>) {
        self.stop_query();
        let events = self.events.clone();
        let task = self.tasks.spawn(async move {
            let queried = query::run(&filter, &body).await;
            done(&events, Done::Queried { number, queried });
        });
        self.filter = Some(task.abort_handle());
    }

    pub(super) fn stop_query(&mut self) {
        if let Some(running) = self.filter.take() {
            running.abort();
        }
    }
}
