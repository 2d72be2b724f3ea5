//! JSON as it arrived: bytes to tokens, to rows for a reader, to a tree for a program.
//!
//! Tokens and rows take anything, broken JSON too, and stay spans over the bytes; the strict reader says
//! what is wrong and where. Nothing here recurses over the input or knows what a body means.

mod canonical;
mod diagnosis;
mod diff;
mod error;
mod grammar;
mod nesting;
mod parse;
mod path;
pub mod query;
mod rows;
mod spelling;
mod tokens;

#[cfg(test)]
mod samples;

pub use diff::{Change, changes};
pub use error::{Cause, ParseError};
pub use nesting::{last_rows, path_of_row, value_of_row};
pub use parse::{Limits, parse};
pub use path::{Path, Step};
pub use rows::{Part, PartKind, Row, first_rows, rows};
pub use tokens::{Token, TokenKind, tokens};

/// Where something stands in the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    /// The spanned part of the bytes that it was made from.
    pub fn of(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.start..self.end]
    }
}

/// A JSON value with everything that its sender may have meant: numbers as they were spelled, members in
/// their order, repeated ones too. At most 255 levels deep: see [`Limits`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    Array(Vec<Value>),
    Object(Vec<(String, Value)>),
}

impl Value {
    /// The member of an object; of repeated ones the last, as most readers take it.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let mut members = self.as_object()?.iter().rev();
        members
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The members, repeated ones too.
    pub fn as_object(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }
}

/// The mark that some editors put before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
