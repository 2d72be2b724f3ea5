//! What people see as one character, and how much of it a cell may hold.
//!
//! Splits bytes into clusters and decides for each what is kept as it was, what is named, and what is
//! only counted. It neither knows runs nor widths of columns.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::characters::{
    EMOJI_SELECTOR, TEXT_SELECTOR, ZERO_WIDTH_JOINER, ZERO_WIDTH_NON_JOINER, is_hidden, is_mark,
    is_pictograph, is_skin_tone, shapes_script,
};

/// Combining marks that one base may carry. No living language needs more.
const MARKS_PER_BASE: usize = 8;
/// Bytes in one cell. The longest emoji in use has 35.
const BYTES_PER_CELL: usize = 64;

/// The only flags that are written with tag characters: England, Scotland, Wales.
const TAG_FLAGS: [&str; 3] = [
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
];

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cluster<'t> {
    Text(&'t str),
    /// Not UTF-8.
    Byte(u8),
}

impl Cluster<'_> {
    pub(super) fn first(self) -> Option<char> {
        match self {
            Self::Text(text) => text.chars().next(),
            Self::Byte(_) => None,
        }
    }
}

pub(super) fn clusters(bytes: &[u8]) -> impl Iterator<Item = Cluster<'_>> {
    bytes.utf8_chunks().flat_map(|chunk| {
        let text = chunk.valid().graphemes(true).map(Cluster::Text);
        let rest = chunk.invalid().iter().copied().map(Cluster::Byte);
        text.chain(rest)
    })
}

/// What may stand on the screen of one cluster, and what may not.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Settled {
    /// As it was written; at least one cell wide, or empty.
    pub(super) kept: String,
    /// To be named one by one.
    pub(super) named: Vec<char>,
    /// Marks that are only counted.
    pub(super) more_marks: usize,
    /// Characters joined on beyond what a cell may hold, only counted too.
    pub(super) more_joined: usize,
}

/// Settles a cluster in front of a cluster that begins with `next`.
pub(super) fn settle(cluster: &str, next: Option<char>) -> Settled {
    let mut settled = Settled::default();
    if TAG_FLAGS.contains(&cluster) {
        cluster.clone_into(&mut settled.kept);
        return settled;
    }
    let keycap = is_keycap(cluster);
    let mut characters = cluster.chars().peekable();
    let mut before = None;
    let mut marks = 0;
    while let Some(character) = characters.next() {
        let inside = characters.peek().copied();
        let at_home = match character {
            ZERO_WIDTH_JOINER if inside.is_some_and(is_pictograph) => true,
            ZERO_WIDTH_JOINER | ZERO_WIDTH_NON_JOINER => {
                before.is_some_and(|before| shapes_script(character, before, inside.or(next)))
            }
            EMOJI_SELECTOR if keycap => true,
            EMOJI_SELECTOR | TEXT_SELECTOR => before.is_some_and(is_pictograph),
            tone if is_skin_tone(tone) => before.is_some_and(is_pictograph),
            other => !is_hidden(other),
        };
        // A joiner is kept only where there is room for what it joins, and counted with that.
        let joins = character == ZERO_WIDTH_JOINER;
        let needed = character.len_utf8() + inside.filter(|_| joins).map_or(0, char::len_utf8);
        let extends = is_mark(character);
        let is_mark = extends && !joins;
        if settled.more_joined > 0 {
            settled.count(is_mark);
        } else if !at_home || (extends && settled.kept.is_empty()) {
            settled.name(character);
        } else if settled.kept.len() + needed > BYTES_PER_CELL {
            settled.count(is_mark);
        } else if is_mark && marks == MARKS_PER_BASE {
            settled.more_marks += 1;
        } else {
            marks = if is_mark { marks + 1 } else { 0 };
            settled.kept.push(character);
        }
        before = Some(character);
    }
    if settled.kept.width() == 0 {
        // A cell needs something to see: ratatui drops what has no width without a word.
        for character in std::mem::take(&mut settled.kept).chars() {
            settled.name(character);
        }
    }
    settled
}

impl Settled {
    fn name(&mut self, character: char) {
        if self.named.len() < MARKS_PER_BASE {
            self.named.push(character);
        } else {
            self.more_marks += 1;
        }
    }

    fn count(&mut self, is_mark: bool) {
        if is_mark {
            self.more_marks += 1;
        } else {
            self.more_joined += 1;
        }
    }
}

fn is_keycap(cluster: &str) -> bool {
    let mut characters = cluster.chars();
    matches!(characters.next(), Some('0'..='9' | '#' | '*'))
        && characters.as_str() == "\u{fe0f}\u{20e3}"
}
