//! Lines of the inspector: our words and others', each in a role.

use crate::text::{Foreign, cells};

/// A line of a tab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub role: Role,
    pub text: Words,
    /// Whether it is, or holds, what was searched for.
    pub found: bool,
}

/// Our words and others' stay apart to the last step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    Own(String),
    Foreign(Foreign),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Plain,
    Dim,
    Heading,
    /// What the rest of the line is about: where the line is too long it goes on below that rest.
    Label,
    /// The outcome is not known, or something is wrong with the exchange.
    Alarm,
    Good,
    Bad,
    Key,
    Text,
    Number,
    Literal,
    Punctuation,
    Broken,
}

/// Bytes kept of a part of a line. A line is not scrolled within, so this is more than a screen shows.
const LONGEST: usize = 16 * 1024;

impl Line {
    /// A frame escapes what it shows: a body of one endless line must not cost more than a screen.
    pub(in crate::console::app) fn bounded(self) -> Self {
        Self(self.0.into_iter().flat_map(Part::bounded).collect())
    }

    /// About how many rows of `width` cells it takes, rather too many than too few: a long line is broken
    /// between words, which leaves some cells empty.
    pub(in crate::console::app) fn rows(&self, width: usize) -> usize {
        let used: usize = self.0.iter().map(|part| part.text.cells()).sum();
        match used.div_ceil(width.max(1)) {
            0 | 1 => 1,
            rows => rows + rows / 4 + 1,
        }
    }

    /// What a search looks through.
    pub(in crate::console::app) fn bytes(&self) -> Vec<u8> {
        let parts = self.0.iter();
        parts.flat_map(|part| part.text.bytes().to_vec()).collect()
    }

    /// Marks the parts in which the bytes from `start` to `end` of the line are.
    pub(in crate::console::app) fn mark(self, start: usize, end: usize) -> Self {
        let mut at = 0;
        let mut marked = Vec::new();
        for part in self.0 {
            let from = at;
            at += part.text.bytes().len();
            if start < at && end > from {
                marked.extend(part.marked(start.saturating_sub(from), end - from));
            } else {
                marked.push(part);
            }
        }
        Self(marked)
    }
}

impl Part {
    /// The part itself or, where it is too long, its beginning and how much is missing.
    fn bounded(self) -> Vec<Self> {
        match &self.text {
            Words::Foreign(text) if text.raw_bytes().len() > LONGEST => {
                let bytes = text.raw_bytes();
                let mut end = LONGEST;
                while bytes[end] & 0xc0 == 0x80 && end + 4 > LONGEST {
                    end -= 1;
                }
                let missing = format!("\u{2026} {} bytes more", bytes.len() - end);
                vec![
                    part(self.role, Foreign::new(&bytes[..end])),
                    words(Role::Alarm, &missing),
                ]
            }
            _ => vec![self],
        }
    }

    /// Its bytes from `start` to `end` marked. Only of printable ASCII a piece can be marked: elsewhere it
    /// could cut a character in two, or hide that a word mixes scripts.
    pub(in crate::console::app) fn marked(self, start: usize, end: usize) -> Vec<Self> {
        let bytes = self.text.bytes();
        let end = end.min(bytes.len());
        if self.found || !bytes.iter().all(|byte| (b' '..=b'~').contains(byte)) {
            return vec![Self {
                found: true,
                ..self
            }];
        }
        let piece = |bytes: &[u8], found| Self {
            role: self.role,
            text: match &self.text {
                Words::Own(_) => Words::Own(String::from_utf8_lossy(bytes).into_owned()),
                Words::Foreign(_) => Words::Foreign(Foreign::new(bytes)),
            },
            found,
        };
        [
            (&bytes[..start], false),
            (&bytes[start..end], true),
            (&bytes[end..], false),
        ]
        .into_iter()
        .filter(|(bytes, _)| !bytes.is_empty())
        .map(|(bytes, found)| piece(bytes, found))
        .collect()
    }
}

impl Words {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Own(text) => text.as_bytes(),
            Self::Foreign(text) => text.raw_bytes(),
        }
    }

    fn cells(&self) -> usize {
        match self {
            Self::Own(text) => cells(text),
            Self::Foreign(text) => cells(&text.screen_text()),
        }
    }
}

/// A line of our own words.
pub(in crate::console::app) fn own(role: Role, text: &str) -> Line {
    Line(vec![words(role, text)])
}

pub(in crate::console::app) fn words(role: Role, text: &str) -> Part {
    Part {
        role,
        text: Words::Own(text.to_owned()),
        found: false,
    }
}

pub(in crate::console::app) fn part(role: Role, text: Foreign) -> Part {
    Part {
        role,
        text: Words::Foreign(text),
        found: false,
    }
}

pub(in crate::console::app) fn foreign(role: Role, text: &str) -> Part {
    part(role, Foreign::from(text))
}
