//! Text from outside, and its only ways out.
//!
//! Every byte from the network, a file or the clipboard is hostile until escaped. [`Foreign`] holds it
//! without `Display`; what leaves goes through one function per target, and each names what it cannot
//! show instead of dropping it. How the marks are painted is left to whoever owns the target.

mod characters;
mod cluster;
mod elide;
mod html;
mod markdown;
mod screen;
mod scripts;
mod shell;

#[cfg(test)]
mod inspection;

use std::fmt;

pub use screen::cells;

/// Text that somebody else wrote. It has no `Display`: choose the way out that fits the target.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Foreign(Vec<u8>);

/// A stretch of text that is safe on a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub kind: RunKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunKind {
    /// As it was written.
    Plain,
    /// A visible mark in the place of something that must not reach the terminal.
    Mark,
    /// A word that mixes look-alike scripts, with their names behind it: `REFUNDЕD‹Latin+Cyrillic›`.
    Warning,
}

impl Foreign {
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The true bytes, for a file or the clipboard when the user asked for exactly them.
    pub fn raw_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<&str> for Foreign {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

/// Printable ASCII with escapes: panic texts and failed tests print this on a terminal too.
impl fmt::Debug for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Foreign(\"{}\")", self.0.escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debug_form_is_printable_ascii() {
        let form = format!("{:?}", Foreign::new(*b"\x1b[2J\xff\xe2\x80\xae\n"));
        assert_eq!(form, r#"Foreign("\x1b[2J\xff\xe2\x80\xae\n")"#);
    }
}
