//! Text from outside, and its only ways out.
//!
//! Every byte from the network, a file or the clipboard is hostile until escaped. [`Foreign`] holds it
//! without `Display`; what leaves goes through one of the functions here, each for one target.

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
