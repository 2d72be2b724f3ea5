//! One exchange, looked at from six sides.

mod explain;
mod layout;
pub(super) mod line;
mod page;
mod query;
mod search;
mod tabs;
mod timing;

use std::sync::Arc;

use crate::api::{Answer, Operation, ResponseCode};
use crate::exchange::{Outcome, Request};
use crate::record::{Seq, SessionKey, Transaction, TransactionKey};

pub use line::{Line, Part, Role, Words};
pub use page::{Page, View};
pub use query::{Asked, LONGEST_RESULT, Queried, Query};
pub use search::Search;
pub use tabs::{Pages, Tab, is_small, pages};

use super::input::Key;
use tabs::pages_without_bodies;

/// Which exchange to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The one that this entry belongs to.
    Entry(Seq),
    /// The latest of a payment.
    Transaction(TransactionKey),
    /// The latest of an identification.
    Session(SessionKey),
}

/// An exchange with its bodies, as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub request: Request,
    /// `None` while the answer is awaited, and for what came to our own listener.
    pub outcome: Option<Outcome>,
    /// What the answer says, where it is one of the API.
    pub code: Option<ResponseCode>,
    pub operation: Option<Operation>,
    /// Why our sandbox refused it.
    pub why: Option<String>,
    /// The payment as it was before this call, where the journal can tell.
    pub before: Option<Box<Transaction>>,
    /// Whether the console sent it.
    pub ours: bool,
    /// Whether it came to us: then there is no curl line.
    pub arrived: bool,
}

impl Shown {
    /// A call of ours of which nothing else is known. Reads the answer, which may be long.
    pub fn new(request: Request, outcome: Option<Outcome>) -> Self {
        let code = match &outcome {
            Some(Outcome::Answered { response, .. }) => Answer::parse(&response.body.kept).ok(),
            _ => None,
        };
        Self {
            request,
            outcome,
            code: code.map(|answer| answer.code),
            operation: None,
            why: None,
            before: None,
            ours: true,
            arrived: false,
        }
    }
}

/// What is typed into the pane's border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    Search,
    Query,
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
    pub prompt: Option<Prompt>,
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
        let page = &mut self.pages[self.tab as usize];
        (page.cursor, page.offset) = (0, 0);
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
        let page = self.page_mut();
        (page.cursor, page.offset) = (0, 0);
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

    /// To a tab whose body a filter can run over. Answers whether there is one.
    pub fn turn_to_a_body(&mut self) -> bool {
        let has_body = |tab: &Tab| self.pages[*tab as usize].body.is_some();
        let tabs = [self.tab, Tab::Response, Tab::Request];
        match tabs
            .into_iter()
            .find(|tab| has_body(tab) && *tab != Tab::Curl)
        {
            None => false,
            Some(tab) => {
                self.turn(tab as isize - self.tab as isize);
                true
            }
        }
    }

    /// Opens a line to type into.
    pub fn open(&mut self, prompt: Prompt) {
        self.prompt = Some(prompt);
        self.editor().enter();
    }

    /// Takes a key into the open line. A search follows what is typed.
    pub fn key(&mut self, key: Key) {
        if self.editor().key(key) {
            self.typed();
        }
    }

    pub fn paste(&mut self, text: &str) {
        self.editor().paste(text);
        self.typed();
    }

    fn typed(&mut self) {
        if self.prompt == Some(Prompt::Search) {
            self.search_anew();
            let raw = self.look.raw;
            let row = self.row();
            if let Some(row) = self.search.first_from(row) {
                self.page_mut().go_to(row, raw);
            }
        }
    }

    fn editor(&mut self) -> &mut super::editor::Editor {
        match self.prompt {
            Some(Prompt::Query) => &mut self.query.editor,
            _ => &mut self.search.editor,
        }
    }

    /// To the next match, or the one before.
    pub fn go_to_match(&mut self, by: isize) {
        let (raw, row) = (self.look.raw, self.row());
        if let Some(row) = self.search.next_from(row, by) {
            self.page_mut().go_to(row, raw);
        }
    }

    /// Where the cursor is, as matches are counted.
    fn row(&self) -> usize {
        let page = self.page();
        match page.place(page.cursor, self.look.raw) {
            Some(page::Place::Row(row)) => row,
            Some(page::Place::Head(line)) if page.body.is_none() => line,
            Some(page::Place::Tail(_)) => usize::MAX,
            _ => 0,
        }
    }

    /// Looks for what is searched in what is shown now.
    fn search_anew(&mut self) {
        let page = match &self.query.state {
            Asked::Shown(page) => page,
            _ => &self.pages[self.tab as usize],
        };
        self.search.look(page, self.look.raw);
    }

    /// Runs the filter in its line over the body of the tab. Answers its number and that body.
    pub fn ask(&mut self) -> Option<(u64, Arc<[u8]>)> {
        self.prompt = None;
        let body = self.pages[self.tab as usize].body.as_ref()?;
        let bytes = body.bytes.clone();
        if self.query.filter().trim().is_empty() {
            self.query.state = Asked::Nothing;
            return None;
        }
        Some((self.query.begin(), bytes))
    }

    pub fn answered(&mut self, number: u64, queried: Queried) {
        self.query.take(number, queried);
        self.search_anew();
    }

    /// Leaves the innermost of what is open: the line, a filter, a search. Answers whether there was one.
    pub fn leave(&mut self) -> bool {
        if let Some(prompt) = self.prompt.take() {
            if prompt == Prompt::Search {
                self.search.editor.set("");
                self.search_anew();
            }
            return true;
        }
        if !matches!(self.query.state, Asked::Nothing) {
            self.query.state = Asked::Nothing;
            self.search_anew();
            return true;
        }
        let was_on = self.search.is_on();
        self.search.editor.set("");
        self.search.found.clear();
        was_on
    }
}
