//! Looking for a text within the body that is shown, or within the lines where there is no body.

use crate::console::app::editor::Editor;
use crate::json::Span;

use super::page::Page;

/// Matches that are kept: more cannot be gone through.
const MOST: usize = 10_000;

/// What is searched for, and where it was found.
#[derive(Clone, Debug, Default)]
pub struct Search {
    pub editor: Editor,
    /// The row or line of each match, and its bytes in the body or in the line, in order.
    pub found: Vec<(usize, Span)>,
    /// There are more.
    pub more: bool,
    /// Which of them the cursor was put on last.
    pub at: Option<usize>,
}

impl Search {
    pub fn needle(&self) -> &str {
        self.editor.value()
    }

    pub fn is_on(&self) -> bool {
        !self.needle().is_empty()
    }

    /// Looks through a page anew.
    pub fn look(&mut self, page: &Page, raw: bool) {
        self.found.clear();
        self.at = None;
        let needle = self.editor.value().as_bytes();
        let mut found = Vec::new();
        if let Some(body) = &page.body {
            let layout = body.layout(raw);
            for start in matches(&body.bytes, needle).take(MOST + 1) {
                let end = start + needle.len();
                found.push((layout.row_at(start), Span { start, end }));
            }
        } else {
            for (at, line) in page.head.iter().enumerate() {
                let bytes = line.bytes();
                found.extend(matches(&bytes, needle).map(|start| {
                    let end = start + needle.len();
                    (at, Span { start, end })
                }));
            }
        }
        self.more = found.len() > MOST;
        found.truncate(MOST);
        self.found = found;
    }

    /// The row of the first match from a row on; behind the last it goes on at the first.
    pub fn first_from(&mut self, row: usize) -> Option<usize> {
        let at = self.found.partition_point(|(of, _)| *of < row);
        self.take(at)
    }

    /// The row of the next match, or of the one before, seen from a row.
    pub fn next_from(&mut self, row: usize, by: isize) -> Option<usize> {
        let count = self.found.len();
        let at = match self
            .at
            .filter(|&at| self.found.get(at).is_some_and(|(of, _)| *of == row))
        {
            Some(at) => (at + count).saturating_add_signed(by),
            None if by > 0 => self.found.partition_point(|(of, _)| *of <= row),
            None => {
                self.found.partition_point(|(of, _)| *of < row) + count - usize::from(count > 0)
            }
        };
        self.take(at)
    }

    fn take(&mut self, at: usize) -> Option<usize> {
        let at = at.checked_rem(self.found.len())?;
        self.at = Some(at);
        Some(self.found[at].0)
    }

    /// `3 of 17`, for the border.
    pub fn place(&self) -> String {
        let more = if self.more { "+" } else { "" };
        match (self.at, self.found.len()) {
            (_, 0) => "not found".to_owned(),
            (Some(at), count) => format!("{} of {count}{more}", at + 1),
            (None, count) => format!("{count}{more} found"),
        }
    }
}

/// Where `needle` begins in `bytes`, without regard to the case of ASCII letters.
fn matches<'b>(bytes: &'b [u8], needle: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
    let mut from = 0;
    std::iter::from_fn(move || {
        let first = *needle.first()?;
        let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
        loop {
            let rest = bytes.get(from..)?;
            let at = from
                + rest
                    .iter()
                    .position(|&byte| byte == lower || byte == upper)?;
            let end = at + needle.len();
            if bytes.get(at..end)?.eq_ignore_ascii_case(needle) {
                from = end;
                return Some(at);
            }
            from = at + 1;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_have_no_case_and_do_not_overlap() {
        let found = |text: &str, needle: &str| -> Vec<usize> {
            matches(text.as_bytes(), needle.as_bytes()).collect()
        };
        assert_eq!(found("aAaab AA", "aa"), [0, 2, 6]);
        assert_eq!(found("Gr\u{fc}\u{df}e", "\u{fc}\u{df}"), [2]);
        assert_eq!(found("abc", ""), [0; 0]);
        assert_eq!(found("abc", "cd"), [0; 0]);
    }
}
