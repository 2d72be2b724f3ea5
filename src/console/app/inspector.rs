//! One exchange, looked at from six sides.

mod explain;
mod layout;
pub(super) mod line;
mod page;
mod query;
mod search;
mod shown;
mod tabs;
mod timing;
mod typing;

use std::sync::Arc;

pub use line::{Line, Part, Role, Words};
pub use page::{Page, View};
pub use query::{Asked, LONGEST_RESULT, Queried, Query};
pub use search::Search;
pub use shown::{Shown, Wanted};
pub use tabs::{Pages, Tab, is_small, pages};
pub use typing::Ask;

use crate::text::cells;
use tabs::pages_without_bodies;

/// The tab whose name stands at a column of the row of tabs, each in blanks and with a line between two.
pub fn tab_at(column: usize) -> Option<Tab> {
    let mut from = 0;
    Tab::ALL.into_iter().find(|tab| {
        let cells = cells(tab.title()) + 2;
        let found = (from..from + cells).contains(&column);
        from += cells + 1;
        found
    })
}

/// The pane.
#[derive(Clone, Debug, Default)]
pub struct Inspector {
    pub tab: Tab,
    /// What was asked for last: a late answer to an earlier question is dropped.
    pub wanted: Option<Wanted>,
    /// Something has happened since it was asked for.
    pub stale: bool,
    pub shown: Option<Arc<Shown>>,
    pub look: Look,
    pub prompt: Option<Ask>,
    pub search: Search,
    pub query: Query,
    pages: Box<Pages>,
}

/// How bodies and lines are shown, whatever the exchange.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Long lines go on in the next row, or are cut.
    pub wrap: bool,
    pub numbers: bool,
    /// Bodies as they came, not laid out.
    pub raw: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            wrap: true,
            numbers: false,
            raw: false,
        }
    }
}

/// A line as it is to be painted.
pub struct Seen {
    pub line: Line,
    /// Which row of the body it is, from 1.
    pub number: Option<usize>,
    /// Whether the cursor is on it.
    pub cursor: bool,
}

impl Inspector {
    /// Shows an exchange. The tab stays; its text starts at the top unless it is the same one as before,
    /// now with its answer. What has to be laid out elsewhere, since it is long, is handed back.
    pub fn show(&mut self, shown: Option<Box<Shown>>) -> Option<Arc<Shown>> {
        if self.shown.as_deref() == shown.as_deref() {
            return None;
        }
        let same = match (&self.shown, &shown) {
            (Some(before), Some(now)) => before.request == now.request,
            _ => false,
        };
        let places = self.pages.each_ref().map(|page| (page.cursor, page.offset));
        self.query.state = Asked::Nothing;
        let shown: Option<Arc<Shown>> = shown.map(Arc::from);
        let long = shown.clone().filter(|shown| !is_small(shown));
        *self.pages = match &shown {
            None => Pages::default(),
            Some(shown) if long.is_some() => pages_without_bodies(shown),
            Some(shown) => pages(shown),
        };
        if same {
            for (page, (cursor, offset)) in self.pages.iter_mut().zip(places) {
                (page.cursor, page.offset) = (cursor, offset);
            }
        }
        self.shown = shown;
        self.search_anew();
        long
    }

    /// A long body is laid out; another exchange may be shown by now.
    pub fn laid_out(&mut self, shown: &Arc<Shown>, pages: Box<Pages>) {
        if self
            .shown
            .as_ref()
            .is_some_and(|now| Arc::ptr_eq(now, shown))
        {
            self.pages = pages;
            self.search_anew();
        }
    }

    pub fn turn(&mut self, by: isize) {
        if by == 0 {
            return;
        }
        let count = Tab::ALL.len();
        self.tab = Tab::ALL[(self.tab as usize + count).saturating_add_signed(by) % count];
        self.pages[self.tab as usize].home();
        self.query.state = Asked::Nothing;
        self.search_anew();
    }

    /// What is shown: the tab, or the result of a filter.
    pub fn page(&self) -> &Page {
        match &self.query.state {
            Asked::Shown(page) => page,
            _ => &self.pages[self.tab as usize],
        }
    }

    fn page_mut(&mut self) -> &mut Page {
        match &mut self.query.state {
            Asked::Shown(page) => page,
            _ => &mut self.pages[self.tab as usize],
        }
    }

    /// The lines that `height` rows show at most.
    pub fn seen(&self, height: usize) -> Vec<Seen> {
        let page = self.page();
        let found: &[_] = if self.search.is_on() {
            &self.search.found
        } else {
            &[]
        };
        (page.offset..page.len(self.look.raw).min(page.offset + height))
            .filter_map(|at| {
                let number = match page.place(at, self.look.raw)? {
                    page::Place::Row(row) => Some(row + 1),
                    page::Place::Head(_) | page::Place::Tail(_) => None,
                };
                Some(Seen {
                    line: page.line(at, self.look.raw, found)?,
                    number,
                    cursor: page.body.is_some() && at == page.cursor,
                })
            })
            .collect()
    }

    /// How many lines there are to show.
    pub fn count(&self) -> usize {
        self.page().len(self.look.raw)
    }

    /// Cells of the line numbers, with a gap behind.
    pub fn gutter(&self) -> usize {
        match &self.page().body {
            Some(body) if self.look.numbers => {
                body.layout(self.look.raw).len().to_string().len() + 1
            }
            _ => 0,
        }
    }

    pub fn step(&mut self, by: isize) {
        let last = self.count().saturating_sub(1);
        let page = self.page_mut();
        let from = if page.body.is_some() {
            page.cursor
        } else {
            page.offset
        };
        page.cursor = from.saturating_add_signed(by).min(last);
    }

    /// Scrolls so that the cursor is seen in `height` rows of `width` cells.
    pub fn keep_in_view(&mut self, (width, height): (usize, usize)) {
        let view = View {
            width: width.saturating_sub(self.gutter()),
            height: height.max(1),
            wrap: self.look.wrap,
            raw: self.look.raw,
        };
        self.page_mut().keep_in_view(view);
    }

    /// Folds or unfolds what the cursor is on.
    pub fn toggle_fold(&mut self) {
        let raw = self.look.raw;
        let page = self.page_mut();
        if let Some(row) = page.row(raw)
            && let Some(body) = &mut page.body
            && let Some(opener) = body.layout_mut(raw).toggle(row)
        {
            page.go_to(opener, raw);
        }
    }

    /// Folds one level more, or one less.
    pub fn fold_level(&mut self, more: bool) {
        let raw = self.look.raw;
        let page = self.page_mut();
        let row = page.row(raw);
        if let Some(body) = &mut page.body {
            let layout = body.layout_mut(raw);
            if more {
                layout.fold_level();
            } else {
                layout.unfold_level();
            }
            // The cursor stays on its row, or goes to the one that hides it.
            let shown = layout.shown();
            let at = row.map(|row| {
                shown
                    .partition_point(|&shown| shown <= row)
                    .saturating_sub(1)
            });
            if let Some(at) = at {
                page.cursor = page.head.len() + at;
            }
        }
    }

    /// The body as it came, or laid out. The cursor stays on the value that it was on.
    pub fn turn_raw(&mut self) {
        self.look.raw = !self.look.raw;
        self.page_mut().home();
        self.search_anew();
    }

    /// Whether the body can be shown in two ways.
    pub fn has_raw(&self) -> bool {
        self.page().body.as_ref().is_some_and(page::Body::is_json)
    }

    /// Path and value of the row under the cursor.
    pub fn under_cursor(&self) -> Option<(Option<String>, Vec<u8>)> {
        let page = self.page();
        let row = page.row(self.look.raw)?;
        let body = page.body.as_ref()?;
        let layout = body.layout(self.look.raw);
        let path = layout.path(&body.bytes, row).map(|path| path.to_string());
        Some((path, layout.value(&body.bytes, row)?))
    }
}
