//! JSON in rows for a reader, one member or item each, as spans over the bytes that arrived.
//!
//! A compact body and a pretty one give the same rows. Of a broken one the rows go as far as it makes
//! sense; the rest follows line by line, marked. Colours, folding and escaping are left to whoever paints.

use std::collections::HashMap;

use super::grammar::{Grammar, Step};
use super::tokens::{Lexer, is_space};
use super::{Span, Token, TokenKind, spelling};

/// One row, to be painted with two spaces per level in front.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub depth: usize,
    /// Empty for an empty line of a broken rest.
    pub parts: Vec<Part>,
    /// Whether its object has this name more than once: readers differ in which one they take.
    pub repeated_key: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub kind: PartKind,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// Brackets and commas.
    Punctuation,
    /// Between a name and its value, to be painted with a space behind it.
    Colon,
    /// A member's name with its quotes.
    Key,
    /// A text with its quotes.
    Text,
    Number,
    Literal,
    /// From here on it is no JSON.
    Broken,
}

/// The rows of a body.
pub fn rows(bytes: &[u8]) -> Vec<Row> {
    first_rows(bytes, usize::MAX).0
}

/// At most `limit` rows of a body, and where in the bytes what has no row begins: a body of a few
/// megabytes may have millions.
pub fn first_rows(bytes: &[u8], limit: usize) -> (Vec<Row>, usize) {
    let mut page = Page {
        bytes,
        rows: Vec::new(),
        names: Vec::new(),
        before: None,
        limit,
    };
    let mut grammar = Grammar::new();
    let mut end = bytes.len();
    for token in Lexer::new(bytes) {
        let Some(step) = grammar.step(token.kind) else {
            page.add_rest(token.span.start);
            break;
        };
        page.add(step, token, grammar.depth());
        if page.rows.len() > limit {
            break;
        }
    }
    if page.rows.len() > limit {
        let mut left_out = page.rows.drain(limit..);
        let first = left_out.find_map(|row| row.parts.first().copied());
        end = first.map_or(end, |part| part.span.start);
    }
    (page.rows, end)
}

struct Page<'b> {
    bytes: &'b [u8],
    rows: Vec<Row>,
    /// For each open container the rows of its names; an array has none.
    names: Vec<HashMap<Vec<u8>, usize>>,
    before: Option<Step>,
    limit: usize,
}

impl Page<'_> {
    /// Adds a token, `depth` being how many containers are open behind it.
    fn add(&mut self, step: Step, token: Token, depth: usize) {
        let part = Part {
            kind: kind(step, token),
            span: token.span,
        };
        match (step, self.before) {
            (Step::Colon | Step::Comma, _)
            | (Step::Open(_) | Step::Scalar, Some(Step::Colon))
            | (Step::Close, Some(Step::Open(_))) => self.append(part),
            (Step::Open(_), _) => self.start(depth - 1, part),
            (Step::Scalar | Step::Close | Step::Name, _) => self.start(depth, part),
        }
        match step {
            Step::Open(_) => self.names.push(HashMap::new()),
            Step::Close => drop(self.names.pop()),
            Step::Name => self.mark_repeated(token.span),
            Step::Colon | Step::Comma | Step::Scalar => {}
        }
        self.before = Some(step);
    }

    fn start(&mut self, depth: usize, part: Part) {
        self.rows.push(Row {
            depth,
            parts: vec![part],
            repeated_key: false,
        });
    }

    fn append(&mut self, part: Part) {
        match self.rows.last_mut() {
            Some(row) => row.parts.push(part),
            None => self.start(0, part),
        }
    }

    /// Marks the newest row and the earlier one, where its object has this name already.
    fn mark_repeated(&mut self, name: Span) {
        let newest = self.rows.len() - 1;
        let name = meant(&self.bytes[name.start + 1..name.end - 1]);
        let earlier = self
            .names
            .last_mut()
            .and_then(|names| names.insert(name, newest));
        if let Some(earlier) = earlier {
            self.rows[earlier].repeated_key = true;
            self.rows[newest].repeated_key = true;
        }
    }

    fn add_rest(&mut self, start: usize) {
        let last = self.bytes.iter().rposition(|&byte| !is_space(byte));
        let end = last.map_or(start, |last| last + 1);
        let mut position = start;
        for line in self.bytes[start..end].split(|&byte| byte == b'\n') {
            let next = position + line.len() + 1;
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let span = Span {
                start: position,
                end: position + line.len(),
            };
            let part = Part {
                kind: PartKind::Broken,
                span,
            };
            if position == start && self.before == Some(Step::Colon) {
                self.append(part);
            } else {
                self.rows.push(Row {
                    parts: if line.is_empty() {
                        Vec::new()
                    } else {
                        vec![part]
                    },
                    ..Row::default()
                });
            }
            // One more than there may be tells that there are more; it has to say where it begins.
            if self.rows.len() > self.limit && !line.is_empty() {
                break;
            }
            position = next;
        }
    }
}

fn kind(step: Step, token: Token) -> PartKind {
    match (step, token.kind) {
        (Step::Open(_) | Step::Close | Step::Comma, _) => PartKind::Punctuation,
        (Step::Colon, _) => PartKind::Colon,
        (Step::Name, _) => PartKind::Key,
        (Step::Scalar, TokenKind::Number) => PartKind::Number,
        (Step::Scalar, TokenKind::Literal) => PartKind::Literal,
        (Step::Scalar, _) => PartKind::Text,
    }
}

/// The name that is meant, so that `"\u0061"` repeats `"a"`; as it is spelled where it means nothing.
fn meant(spelled: &[u8]) -> Vec<u8> {
    str::from_utf8(spelled)
        .ok()
        .and_then(|spelled| spelling::read(spelled).ok())
        .map_or_else(|| spelled.to_vec(), String::into_bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{Whim, messy_bytes, spell, value};
    use super::*;

    /// The rows as they would be painted.
    fn paint(bytes: &[u8]) -> Vec<String> {
        let paint_row = |row: Row| {
            let mut line = "  ".repeat(row.depth);
            for part in row.parts {
                line += &String::from_utf8_lossy(part.span.of(bytes));
                if part.kind == PartKind::Colon {
                    line += " ";
                }
            }
            line
        };
        rows(bytes).into_iter().map(paint_row).collect()
    }

    #[test]
    fn a_compact_body_is_laid_out() {
        assert_eq!(
            paint(br#"{"a":{"b":[1,"x",null,[]],"c":{}},"d":-0.10}"#),
            [
                "{",
                "  \"a\": {",
                "    \"b\": [",
                "      1,",
                "      \"x\",",
                "      null,",
                "      []",
                "    ],",
                "    \"c\": {}",
                "  },",
                "  \"d\": -0.10",
                "}",
            ]
        );
    }

    #[test]
    fn parts_have_their_kinds() {
        let kinds: Vec<_> = rows(b"{\"a\": [1, \"x\", true]}")
            .into_iter()
            .flat_map(|row| row.parts)
            .map(|part| part.kind)
            .collect();
        assert_eq!(
            kinds,
            [
                PartKind::Punctuation,
                PartKind::Key,
                PartKind::Colon,
                PartKind::Punctuation,
                PartKind::Number,
                PartKind::Punctuation,
                PartKind::Text,
                PartKind::Punctuation,
                PartKind::Literal,
                PartKind::Punctuation,
                PartKind::Punctuation,
            ]
        );
    }

    #[test]
    fn a_body_may_be_one_value_or_nothing() {
        assert_eq!(paint(b" 7 "), ["7"]);
        assert_eq!(paint(b"[]"), ["[]"]);
        assert_eq!(paint(b" "), [""; 0]);
    }

    #[test]
    fn every_row_of_a_repeated_name_is_marked() {
        let body = br#"{"a":1,"b":{"a":2},"\u0061":3,"c":4,"a":5}"#;
        let marked: Vec<_> = rows(body)
            .into_iter()
            .filter(|row| row.repeated_key)
            .map(|row| row.parts[2].span.of(body))
            .collect();
        assert_eq!(marked, [b"1", b"3", b"5"]);
    }

    #[test]
    fn after_the_trouble_comes_the_rest_line_by_line() {
        let body = b"{\"a\": 1,\r\n \"b\": oops,\r\n\r\n \"c\": 2}\n\n";
        assert_eq!(
            paint(body),
            ["{", "  \"a\": 1,", "  \"b\": oops,", "", " \"c\": 2}"]
        );
        let broken: Vec<_> = rows(body)
            .iter()
            .filter_map(|row| row.parts.last())
            .map(|part| part.kind == PartKind::Broken)
            .collect();
        assert_eq!(broken, [false, false, true, true]);
    }

    #[test]
    fn a_body_that_was_cut_has_the_rows_that_arrived() {
        assert_eq!(
            paint(b"{\"a\": [1, {"),
            ["{", "  \"a\": [", "    1,", "    {"]
        );
        assert_eq!(paint(b"{\"a\": \"op"), ["{", "  \"a\": \"op"]);
    }

    #[test]
    fn depth_costs_no_stack() {
        let rows = rows(&b"[".repeat(100_000));
        assert_eq!(rows.len(), 100_000);
        assert_eq!(rows[99_999].depth, 99_999);
    }

    #[test]
    fn no_more_rows_are_made_than_asked_for() {
        let body = b"[1, 2, 3]";
        let (rows, rest) = first_rows(body, 3);
        assert_eq!(rows.len(), 3);
        assert_eq!(&body[rest..], b"3]");
        assert_eq!(first_rows(body, 5).1, body.len());
        let broken = b"{\nx\n\ny\nz";
        let (rows, rest) = first_rows(broken, 2);
        assert_eq!((rows.len(), &broken[rest..]), (2, b"y\nz".as_slice()));
    }

    fn layout(body: &str) -> Vec<(usize, bool, Vec<PartKind>)> {
        let kinds = |row: &Row| row.parts.iter().map(|part| part.kind).collect();
        rows(body.as_bytes())
            .iter()
            .map(|row| (row.depth, row.repeated_key, kinds(row)))
            .collect()
    }

    proptest! {
        #[test]
        fn white_space_and_escapes_change_no_row(
            value in value(),
            whims in prop::collection::vec(any::<u8>(), 1..64),
        ) {
            let compact = spell(&value, &mut Whim::compact());
            let other = spell(&value, &mut Whim::new(&whims));
            prop_assert_eq!(layout(&other), layout(&compact));
            let pretty = paint(compact.as_bytes());
            prop_assert_eq!(paint(pretty.join("\n").as_bytes()), pretty);
        }

        #[test]
        fn no_byte_but_white_space_is_lost(bytes in messy_bytes()) {
            let shown: Vec<u8> = rows(&bytes)
                .iter()
                .flat_map(|row| &row.parts)
                .flat_map(|part| part.span.of(&bytes))
                .copied()
                .collect();
            let solid = |bytes: &[u8]| -> Vec<u8> {
                bytes.iter().filter(|&&byte| !is_space(byte)).copied().collect()
            };
            let without_mark = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
            prop_assert_eq!(solid(&shown), solid(without_mark));
        }
    }
}
