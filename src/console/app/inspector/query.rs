//! The line for a filter of jq, and what it brought.

use crate::console::app::editor::Editor;

use super::page::{Body, Page};

/// Bytes taken of a result: enough to read through.
pub const LONGEST_RESULT: usize = 1024 * 1024;

/// Filters that are remembered.
const REMEMBERED: usize = 50;

#[derive(Clone, Debug, Default)]
pub struct Query {
    pub editor: Editor,
    /// Filters that were run, oldest first.
    history: Vec<String>,
    /// Which of them stands in the line.
    recalled: Option<usize>,
    /// How many were run: an answer to an earlier one is dropped.
    number: u64,
    pub state: Asked,
}

/// What has become of the filter that was run last.
#[derive(Clone, Debug, Default)]
pub enum Asked {
    #[default]
    Nothing,
    Running,
    /// Why it has no result.
    Failed(String),
    /// Shown in the place of the body until it is left.
    Shown(Box<Page>),
}

/// What running a filter came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Queried {
    /// Each result on a line; `cut` when there were more than [`LONGEST_RESULT`] bytes.
    Results {
        bytes: Vec<u8>,
        cut: bool,
    },
    Failed(String),
}

impl Query {
    pub fn filter(&self) -> &str {
        self.editor.value()
    }

    /// The filter is run. Answers its number.
    pub fn begin(&mut self) -> u64 {
        let filter = self.filter().to_owned();
        self.history.retain(|known| *known != filter);
        self.history.push(filter);
        if self.history.len() > REMEMBERED {
            self.history.remove(0);
        }
        self.recalled = None;
        self.number += 1;
        self.state = Asked::Running;
        self.number
    }

    /// Takes what a filter brought, unless it is not waited for any more.
    pub fn take(&mut self, number: u64, queried: Queried) {
        if number != self.number || !matches!(self.state, Asked::Running) {
            return;
        }
        self.state = match queried {
            Queried::Failed(why) => Asked::Failed(why),
            Queried::Results { bytes, cut } => Asked::Shown(Box::new(results(&bytes, cut))),
        };
    }

    /// An earlier filter, or a later one again.
    pub fn recall(&mut self, by: isize) {
        let at = self.recalled.unwrap_or(self.history.len());
        let at = at.saturating_add_signed(by).min(self.history.len());
        self.recalled = Some(at);
        let filter = self.history.get(at).map_or("", String::as_str).to_owned();
        self.editor.set(&filter);
    }
}

fn results(bytes: &[u8], cut: bool) -> Page {
    use super::line::{Role, own};
    let mut page = Page::default();
    if bytes.is_empty() {
        page.head.push(own(Role::Dim, "The filter has no result."));
    } else {
        page.body = Some(Body::results(bytes));
    }
    if cut {
        let words = format!("The first {LONGEST_RESULT} bytes of the result; there are more.");
        page.tail.push(own(Role::Alarm, &words));
    }
    page
}
