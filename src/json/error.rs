//! What is wrong with a body, and where.

use super::BYTE_ORDER_MARK;

/// Why bytes are no JSON, with the place: the message is `trailing comma, line 12 column 9`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{cause}, line {line} column {column}")]
pub struct ParseError {
    /// In bytes, from 0.
    pub offset: usize,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    pub cause: Cause,
}

/// The messages are ASCII, so that they fit into a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    #[error("nothing there")]
    Empty,
    #[error("unexpected end")]
    UnexpectedEnd,
    #[error("trailing comma")]
    TrailingComma,
    #[error("comment")]
    Comment,
    #[error("smart quote")]
    SmartQuote,
    #[error("single quote")]
    SingleQuote,
    #[error("half of a surrogate pair")]
    HalfPair,
    #[error("unknown escape")]
    UnknownEscape,
    #[error("control character in text")]
    ControlCharacter,
    #[error("invalid UTF-8")]
    InvalidUtf8,
    #[error("UTF-16, not UTF-8")]
    Utf16,
    #[error("not a JSON number")]
    NotANumber,
    #[error("unknown word")]
    UnknownWord,
    #[error("a value is due")]
    ValueDue,
    #[error("a name in double quotes is due")]
    NameDue,
    #[error("a colon is due")]
    ColonDue,
    #[error("a comma or a closing bracket is due")]
    CommaDue,
    #[error("more after the end")]
    EndDue,
    #[error("too deep: more than {limit} levels")]
    TooDeep { limit: u8 },
    #[error("too many values: more than {limit}")]
    TooManyValues { limit: usize },
    #[error("text too long: more than {limit} bytes")]
    TextTooLong { limit: usize },
}

impl ParseError {
    pub(super) fn new(bytes: &[u8], offset: usize, cause: Cause) -> Self {
        let before = &bytes[..offset];
        let before = before.strip_prefix(BYTE_ORDER_MARK).unwrap_or(before);
        let lines = before.split(|&byte| byte == b'\n');
        let line_start = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        // Continuation bytes belong to the character before them.
        let characters = before[line_start..]
            .iter()
            .filter(|&&byte| byte & 0xc0 != 0x80);
        Self {
            offset,
            line: lines.count(),
            column: characters.count() + 1,
            cause,
        }
    }
}
