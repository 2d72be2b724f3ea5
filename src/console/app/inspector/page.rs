//! What a tab shows: our lines around a body, a cursor on one of them, and where it is scrolled to.

use std::sync::Arc;

use crate::exchange;
use crate::json::{self, Cause, Limits, ParseError, Span};

use super::layout::Layout;
use super::line::{Line, Role, own};

/// A tab's content.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub head: Vec<Line>,
    pub body: Option<Body>,
    pub tail: Vec<Line>,
    /// The line that keys are about, counted among those shown. Where there is no body it is the one at
    /// the top: there is nothing to be done with a line of ours.
    pub cursor: usize,
    /// The line at the top.
    pub offset: usize,
}

/// A body and its rows, by what they mean where that is JSON, and as it came.
#[derive(Clone, Debug)]
pub struct Body {
    pub bytes: Arc<[u8]>,
    pretty: Option<Layout>,
    raw: Layout,
}

/// What one of the lines shown is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Head(usize),
    /// A row of the body, folded ones counted.
    Row(usize),
    Tail(usize),
}

impl Body {
    pub fn new(bytes: &[u8]) -> Self {
        let looks_like_json = bytes
            .iter()
            .find(|byte| !byte.is_ascii_whitespace())
            .is_some_and(|byte| b"{[\xef".contains(byte));
        Self {
            bytes: bytes.into(),
            pretty: looks_like_json.then(|| Layout::pretty(bytes)),
            raw: Layout::raw(bytes),
        }
    }

    /// What a filter brought.
    pub fn results(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.into(),
            pretty: Some(Layout::results(bytes)),
            raw: Layout::raw(bytes),
        }
    }

    pub fn layout(&self, raw: bool) -> &Layout {
        self.pretty.as_ref().filter(|_| !raw).unwrap_or(&self.raw)
    }

    pub fn layout_mut(&mut self, raw: bool) -> &mut Layout {
        self.pretty
            .as_mut()
            .filter(|_| !raw)
            .unwrap_or(&mut self.raw)
    }

    /// Whether there are two ways to show it.
    pub fn is_json(&self) -> bool {
        self.pretty.is_some()
    }
}

impl Page {
    pub fn of_lines(lines: Vec<Line>) -> Self {
        Self {
            head: lines.into_iter().map(Line::bounded).collect(),
            ..Self::default()
        }
    }

    /// Adds a body with what is known to be missing of it.
    #[must_use]
    pub fn with_body(mut self, body: &exchange::Body) -> Self {
        if body.is_empty() {
            self.head.push(own(Role::Dim, "no body"));
            return self;
        }
        let rows = Body::new(&body.kept);
        if let Some(error) = not_json(&body.kept) {
            let words = format!("not JSON: {error}");
            self.head.push(own(Role::Alarm, &words));
        }
        let missing = rows.layout(false).missing;
        if missing > 0 {
            let words = format!("{missing} bytes more are not shown");
            self.tail.push(own(Role::Alarm, &words));
        }
        if body.length > body.kept.len() as u64 {
            let words = format!("{} bytes were kept of {}", body.kept.len(), body.length);
            self.tail.push(own(Role::Alarm, &words));
        }
        self.body = Some(rows);
        self.home();
        self
    }

    /// To the top, the cursor on the first row of the body.
    pub fn home(&mut self) {
        self.offset = 0;
        self.cursor = match &self.body {
            Some(_) => self.head.len(),
            None => 0,
        };
    }

    pub fn len(&self, raw: bool) -> usize {
        self.head.len() + self.rows(raw) + self.tail.len()
    }

    fn rows(&self, raw: bool) -> usize {
        self.body
            .as_ref()
            .map_or(0, |body| body.layout(raw).shown().len())
    }

    pub fn place(&self, at: usize, raw: bool) -> Option<Place> {
        let Some(at) = at.checked_sub(self.head.len()) else {
            return Some(Place::Head(at));
        };
        let rows = self.rows(raw);
        if at < rows {
            let body = self.body.as_ref()?;
            return Some(Place::Row(body.layout(raw).shown()[at]));
        }
        Some(Place::Tail(at - rows)).filter(|_| at - rows < self.tail.len())
    }

    /// One of the lines shown; `found` is what was searched for, as bytes of the body or of the line.
    pub fn line(&self, at: usize, raw: bool, found: &[(usize, Span)]) -> Option<Line> {
        Some(match self.place(at, raw)? {
            Place::Row(row) => {
                let body = self.body.as_ref()?;
                // Matches are in order: those of this row and of what is folded in it are few.
                let from = found.partition_point(|(of, _)| *of < row);
                let spans: Vec<_> = found[from..]
                    .iter()
                    .take_while(|(of, _)| *of == row)
                    .map(|(_, span)| *span)
                    .collect();
                body.layout(raw).line(&body.bytes, row, &spans)
            }
            Place::Head(line) => {
                let line_found = found
                    .iter()
                    .rev()
                    .filter(|(of, _)| self.body.is_none() && *of == line);
                line_found.fold(self.head[line].clone(), |line, (_, span)| {
                    line.mark(span.start, span.end)
                })
            }
            Place::Tail(line) => self.tail[line].clone(),
        })
    }

    /// The row under the cursor.
    pub fn row(&self, raw: bool) -> Option<usize> {
        match self.place(self.cursor, raw)? {
            Place::Row(row) => Some(row),
            Place::Head(_) | Place::Tail(_) => None,
        }
    }

    /// Puts the cursor on a row of the body, or on a line where there is none.
    pub fn go_to(&mut self, row: usize, raw: bool) {
        let before = self.head.len();
        self.cursor = match &mut self.body {
            Some(body) => {
                let layout = body.layout_mut(raw);
                layout.reveal(row);
                before + layout.shown().partition_point(|&shown| shown < row)
            }
            None => row,
        };
    }

    /// Scrolls as little as needed to show the cursor, and leaves no room empty at the end.
    pub fn keep_in_view(&mut self, view: View) {
        let last = self.len(view.raw).saturating_sub(1);
        self.cursor = self.cursor.min(last);
        let end = self.first_of_a_screen(last, view.height, view);
        if self.body.is_none() {
            self.offset = self.cursor.min(end);
            return;
        }
        // A line longer than the screen does not push away what stands above it.
        let top = self.first_of_a_screen(self.cursor, view.height.div_ceil(2), view);
        self.offset = self.offset.clamp(top, self.cursor).min(end.max(top));
    }

    /// The line to show at the top so that this one, or its first `enough` rows, is at the bottom: long
    /// lines take several rows.
    fn first_of_a_screen(&self, bottom: usize, enough: usize, view: View) -> usize {
        let mut used = 0;
        let fitting = (0..=bottom).rev().take_while(|&at| {
            let line = self.line(at, view.raw, &[]);
            used += match line {
                Some(line) if view.wrap && at == bottom => line.rows(view.width).min(enough),
                Some(line) if view.wrap => line.rows(view.width),
                _ => 1,
            };
            used <= view.height
        });
        (bottom + 1 - fitting.count()).min(bottom)
    }
}

/// What is wrong with a body; more than we read is not.
fn not_json(bytes: &[u8]) -> Option<ParseError> {
    use Cause::{TextTooLong, TooDeep, TooManyValues};
    let error = json::parse(bytes, &Limits::CLIENT).err()?;
    let is_large = matches!(
        error.cause,
        TooDeep { .. } | TooManyValues { .. } | TextTooLong { .. }
    );
    (!is_large).then_some(error)
}

/// How much room there is, and how it is used.
#[derive(Clone, Copy, Debug)]
pub struct View {
    pub width: usize,
    pub height: usize,
    pub wrap: bool,
    pub raw: bool,
}
