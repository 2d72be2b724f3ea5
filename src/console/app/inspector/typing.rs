//! What is typed into the pane's border: a text to look for, or a filter.

use std::sync::Arc;

use super::page::Place;
use super::{Asked, Inspector, Queried, Tab};
use crate::console::app::editor::Editor;
use crate::console::app::input::Key;

/// What is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    Search,
    Query,
}

impl Inspector {
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
    pub fn open(&mut self, prompt: Ask) {
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
        if self.prompt == Some(Ask::Search) {
            self.search_anew();
            let raw = self.look.raw;
            let row = self.row();
            if let Some(row) = self.search.first_from(row) {
                self.page_mut().go_to(row, raw);
            }
        }
    }

    fn editor(&mut self) -> &mut Editor {
        match self.prompt {
            Some(Ask::Query) => &mut self.query.editor,
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
            Some(Place::Row(row)) => row,
            Some(Place::Head(line)) if page.body.is_none() => line,
            Some(Place::Tail(_)) => usize::MAX,
            _ => 0,
        }
    }

    /// Looks for what is searched in what is shown now.
    pub(super) fn search_anew(&mut self) {
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
            if prompt == Ask::Search {
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
