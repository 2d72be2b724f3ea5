//! Bytes to tokens. Takes anything: what is no token of JSON is a broken one, and nothing is skipped but
//! white space and a byte order mark in front.

use super::{BYTE_ORDER_MARK, Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    OpenObject,
    CloseObject,
    OpenArray,
    CloseArray,
    Colon,
    Comma,
    /// A text in its quotes; what stands between them may still be wrong.
    Text,
    Number,
    /// `true`, `false` or `null`.
    Literal,
    /// Anything else: a text that does not end on its line, a comment, a word, stray bytes.
    Broken,
}

/// All tokens in order. Between them is only white space.
pub fn tokens(bytes: &[u8]) -> Vec<Token> {
    Lexer::new(bytes).collect()
}

/// Gives one token after the other.
pub(super) struct Lexer<'b> {
    bytes: &'b [u8],
    position: usize,
}

impl<'b> Lexer<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        let position = if bytes.starts_with(BYTE_ORDER_MARK) {
            BYTE_ORDER_MARK.len()
        } else {
            0
        };
        Self { bytes, position }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let rest = &self.bytes[self.position..];
        let start = self.position + rest.iter().position(|&byte| !is_space(byte))?;
        let (kind, length) = first(&self.bytes[start..]);
        self.position = start + length;
        let span = Span {
            start,
            end: self.position,
        };
        Some(Token { kind, span })
    }
}

/// The token at the start of `bytes`, which is not empty, and its length.
fn first(bytes: &[u8]) -> (TokenKind, usize) {
    match bytes[0] {
        b'{' => (TokenKind::OpenObject, 1),
        b'}' => (TokenKind::CloseObject, 1),
        b'[' => (TokenKind::OpenArray, 1),
        b']' => (TokenKind::CloseArray, 1),
        b':' => (TokenKind::Colon, 1),
        b',' => (TokenKind::Comma, 1),
        b'"' => text(bytes),
        b'/' => (TokenKind::Broken, comment(bytes)),
        _ => word(bytes),
    }
}

fn text(bytes: &[u8]) -> (TokenKind, usize) {
    let mut position = 1;
    while let Some(&byte) = bytes.get(position) {
        match byte {
            b'"' => return (TokenKind::Text, position + 1),
            b'\n' | b'\r' => return (TokenKind::Broken, position),
            // Also a backslash at the end of a line or of everything escapes nothing.
            b'\\' if !matches!(bytes.get(position + 1), None | Some(b'\n' | b'\r')) => {
                position += 2;
            }
            _ => position += 1,
        }
    }
    (TokenKind::Broken, position)
}

fn comment(bytes: &[u8]) -> usize {
    let length = if bytes.starts_with(b"//") {
        bytes.iter().position(|&byte| byte == b'\n')
    } else if bytes.starts_with(b"/*") {
        let end = bytes[2..].windows(2).position(|pair| pair == b"*/");
        end.map(|end| end + 4)
    } else {
        return word(bytes).1;
    };
    length.unwrap_or(bytes.len())
}

fn word(bytes: &[u8]) -> (TokenKind, usize) {
    let ends =
        |byte: u8| is_space(byte) || matches!(byte, b'{' | b'}' | b'[' | b']' | b':' | b',' | b'"');
    let length = bytes
        .iter()
        .position(|&byte| ends(byte))
        .unwrap_or(bytes.len());
    let kind = match &bytes[..length] {
        b"true" | b"false" | b"null" => TokenKind::Literal,
        word if is_number(word) => TokenKind::Number,
        _ => TokenKind::Broken,
    };
    (kind, length)
}

pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
fn is_number(word: &[u8]) -> bool {
    let word = word.strip_prefix(b"-").unwrap_or(word);
    let (integer, rest) = split_digits(word);
    if integer.is_empty() || (integer.len() > 1 && integer[0] == b'0') {
        return false;
    }
    let rest = match rest.strip_prefix(b".").map(split_digits) {
        None => rest,
        Some(([], _)) => return false,
        Some((_, rest)) => rest,
    };
    match rest {
        [] => true,
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => {
            !exponent.is_empty() && exponent.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

fn split_digits(bytes: &[u8]) -> (&[u8], &[u8]) {
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    bytes.split_at(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::TokenKind::{Broken, CloseObject, Colon, Comma, Literal, Number, OpenObject, Text};
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &[(TokenKind, &str)]) {
        let found: Vec<_> = tokens(input.as_bytes())
            .into_iter()
            .map(|token| (token.kind, &input[token.span.start..token.span.end]))
            .collect();
        assert_eq!(found, expected, "{input:?}");
    }

    #[test]
    fn json_falls_into_its_tokens() {
        check(
            "\u{feff}{\"a\\\"\": -1.5e+3,\n \"b\": null}",
            &[
                (OpenObject, "{"),
                (Text, "\"a\\\"\""),
                (Colon, ":"),
                (Number, "-1.5e+3"),
                (Comma, ","),
                (Text, "\"b\""),
                (Colon, ":"),
                (Literal, "null"),
                (CloseObject, "}"),
            ],
        );
    }

    #[test]
    fn what_is_no_json_is_broken_and_the_next_line_is_fine() {
        check("“a”: 01", &[(Broken, "“a”"), (Colon, ":"), (Broken, "01")]);
        check("\"open\n1", &[(Broken, "\"open"), (Number, "1")]);
        check("\"open\\", &[(Broken, "\"open\\")]);
        check(
            "1 // one\n2",
            &[(Number, "1"), (Broken, "// one"), (Number, "2")],
        );
        check("/* a\nb */ 1", &[(Broken, "/* a\nb */"), (Number, "1")]);
        check("/*/ 1", &[(Broken, "/*/ 1")]);
        for word in [
            "+1", ".5", "5.", "1e", "1e+", "-", "NaN", "True", "/", "1.2.3", "00",
        ] {
            check(word, &[(Broken, word)]);
        }
    }

    proptest! {
        #[test]
        fn tokens_cover_everything_but_white_space(bytes in super::super::samples::messy_bytes()) {
            let mut end = 0;
            let mut gaps = Vec::new();
            for token in tokens(&bytes) {
                prop_assert!(token.span.start >= end && token.span.end > token.span.start);
                gaps.extend_from_slice(&bytes[end..token.span.start]);
                end = token.span.end;
            }
            gaps.extend_from_slice(&bytes[end..]);
            let gaps = gaps.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&gaps);
            prop_assert!(gaps.iter().all(|&byte| is_space(byte)), "{gaps:?}");
        }
    }
}
