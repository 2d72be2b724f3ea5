//! The rows of a body, of which some may be folded away. They are spans over its bytes: a line is made of
//! a row only when it is shown.

use std::collections::BTreeSet;

use crate::json::{self, PartKind, Row, Span};
use crate::text::Foreign;

use super::line::{Line, Part, Role, part, words};

/// Rows made of a body: more is for an export, not for a screen.
const ROWS: usize = 200_000;

#[derive(Clone, Debug, Default)]
pub struct Layout {
    rows: Vec<Row>,
    /// Where each row begins; an empty one where the row before it ends.
    starts: Vec<usize>,
    /// For each row the last of what it opens; itself where it opens nothing.
    last: Vec<usize>,
    folded: BTreeSet<usize>,
    /// The rows that are not folded away.
    shown: Vec<usize>,
    /// How many bytes have no row.
    pub missing: usize,
    /// Whether it is laid out by what it means, not by its own line breaks.
    pretty: bool,
}

impl Layout {
    /// One row for each member and item.
    pub fn pretty(bytes: &[u8]) -> Self {
        let (rows, end) = json::first_rows(bytes, ROWS);
        Self::new(bytes, rows, end, true)
    }

    /// The results of a filter, each a JSON value on a line of its own.
    pub fn results(bytes: &[u8]) -> Self {
        let mut rows = Vec::new();
        let mut start = 0;
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            let left = ROWS.saturating_sub(rows.len());
            let (values, end) = json::first_rows(line, left);
            rows.extend(values.into_iter().map(|row| moved(row, start)));
            if end < line.len() && left == 0 {
                break;
            }
            start += line.len();
        }
        Self::new(bytes, rows, start, true)
    }

    /// Line by line as it came.
    pub fn raw(bytes: &[u8]) -> Self {
        let mut rows = Vec::new();
        let mut start = 0;
        for line in bytes.split_inclusive(|&byte| byte == b'\n').take(ROWS) {
            let whole = line.strip_suffix(b"\n").unwrap_or(line);
            let text = whole.strip_suffix(b"\r").unwrap_or(whole);
            let span = Span {
                start,
                end: start + text.len(),
            };
            let kind = PartKind::Text;
            rows.push(Row {
                parts: vec![json::Part { kind, span }],
                ..Row::default()
            });
            start += line.len();
        }
        Self::new(bytes, rows, start, false)
    }

    fn new(bytes: &[u8], rows: Vec<Row>, end: usize, pretty: bool) -> Self {
        let last = if pretty {
            json::last_rows(bytes, &rows)
        } else {
            (0..rows.len()).collect()
        };
        let mut before = 0;
        let starts = rows.iter().map(|row| {
            let start = row.parts.first().map_or(before, |part| part.span.start);
            before = row.parts.last().map_or(before, |part| part.span.end);
            start
        });
        Self {
            starts: starts.collect(),
            last,
            shown: (0..rows.len()).collect(),
            rows,
            missing: bytes.len() - end,
            pretty,
            ..Self::default()
        }
    }

    /// The rows that are shown.
    pub fn shown(&self) -> &[usize] {
        &self.shown
    }

    /// How many rows there are, folded ones too.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Folds what the row opens or, on any other row, what it stands in; and unfolds it. Answers the row
    /// on which the cursor is then.
    pub fn toggle(&mut self, row: usize) -> Option<usize> {
        let opener = if self.last[row] > row {
            row
        } else {
            self.around(row)?
        };
        if !self.folded.remove(&opener) {
            self.folded.insert(opener);
        }
        self.refresh();
        Some(opener)
    }

    /// Folds what is open and deepest.
    pub fn fold_level(&mut self) {
        let open = || self.shown.iter().filter(|&&row| self.is_open(row));
        let deepest = open().map(|&row| self.rows[row].depth).max();
        let of_it = open().filter(|&&row| Some(self.rows[row].depth) == deepest);
        let folded: Vec<_> = of_it.copied().collect();
        self.folded.extend(folded);
        self.refresh();
    }

    /// Unfolds what is folded and least deep.
    pub fn unfold_level(&mut self) {
        let depth = |row: &usize| self.rows[*row].depth;
        let level = self.folded.iter().map(depth).min();
        let rows = &self.rows;
        self.folded.retain(|&row| Some(rows[row].depth) != level);
        self.refresh();
    }

    /// Unfolds whatever hides a row.
    pub fn reveal(&mut self, row: usize) {
        let last = &self.last;
        let before = self.folded.len();
        self.folded
            .retain(|&opener| !(opener < row && row <= last[opener]));
        if self.folded.len() != before {
            self.refresh();
        }
    }

    /// The row in which a byte of the body stands.
    pub fn row_at(&self, offset: usize) -> usize {
        let behind = self.starts.partition_point(|&start| start <= offset);
        behind.saturating_sub(1)
    }

    pub fn path(&self, bytes: &[u8], row: usize) -> Option<json::Path> {
        self.pretty
            .then(|| json::path_of_row(bytes, &self.rows, row))?
    }

    /// The value on a row; of a body as it came the line.
    pub fn value(&self, bytes: &[u8], row: usize) -> Option<Vec<u8>> {
        if self.pretty {
            return json::value_of_row(bytes, &self.rows, row);
        }
        let part = self.rows[row].parts.first()?;
        Some(part.span.of(bytes).to_vec())
    }

    /// A row as a line, the bytes of `found` marked.
    pub fn line(&self, bytes: &[u8], row: usize, found: &[Span]) -> Line {
        let content = &self.rows[row];
        let mut parts = vec![words(Role::Plain, &"  ".repeat(content.depth.min(200)))];
        self.add(bytes, content, found, &mut parts);
        if self.folded.contains(&row) {
            let last = self.last[row];
            let end = &self.rows[last];
            let closes = end.depth == content.depth;
            let inside = last - row - usize::from(closes);
            parts.push(words(Role::Dim, &format!(" \u{2026} {inside} ")));
            if closes {
                self.add(bytes, end, found, &mut parts);
            }
        }
        if content.repeated_key {
            parts.push(words(Role::Alarm, "  \u{2190} this key stands twice"));
        }
        Line(parts).bounded()
    }

    fn add(&self, bytes: &[u8], row: &Row, found: &[Span], parts: &mut Vec<Part>) {
        for of_row in &row.parts {
            let role = if self.pretty {
                role(of_row.kind)
            } else {
                Role::Plain
            };
            let span = of_row.span;
            let mut rest = vec![part(role, Foreign::new(span.of(bytes)))];
            for found in found.iter().rev() {
                if found.start < span.end && found.end > span.start && !rest[0].found {
                    let first = rest.remove(0);
                    let start = found.start.saturating_sub(span.start);
                    rest.splice(0..0, first.marked(start, found.end - span.start));
                }
            }
            parts.append(&mut rest);
            if of_row.kind == PartKind::Colon {
                parts.push(words(Role::Plain, " "));
            }
        }
    }

    fn is_open(&self, row: usize) -> bool {
        self.last[row] > row && !self.folded.contains(&row)
    }

    /// The row that opens what `row` stands in.
    fn around(&self, row: usize) -> Option<usize> {
        (0..row).rev().find(|&opener| self.last[opener] >= row)
    }

    fn refresh(&mut self) {
        self.shown.clear();
        let mut row = 0;
        while row < self.rows.len() {
            self.shown.push(row);
            row = if self.folded.contains(&row) {
                self.last[row] + 1
            } else {
                row + 1
            };
        }
    }
}

fn moved(mut row: Row, by: usize) -> Row {
    for part in &mut row.parts {
        part.span.start += by;
        part.span.end += by;
    }
    row
}

const fn role(kind: PartKind) -> Role {
    match kind {
        PartKind::Key => Role::Key,
        PartKind::Text => Role::Text,
        PartKind::Number => Role::Number,
        PartKind::Literal => Role::Literal,
        PartKind::Punctuation | PartKind::Colon => Role::Punctuation,
        PartKind::Broken => Role::Broken,
    }
}
