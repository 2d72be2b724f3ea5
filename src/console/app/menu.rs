//! A popup of things to choose, each with a letter.

use super::copy::Bytes;
use super::verbs::Verb;

/// What a popup offers.
#[derive(Clone, Debug)]
pub struct Menu {
    pub title: &'static str,
    pub items: Vec<Item>,
    pub selected: usize,
}

#[derive(Clone, Debug)]
pub struct Item {
    pub letter: char,
    pub label: &'static str,
    /// What is good to know, or why it is not possible. May hold foreign text: shown escaped.
    pub note: String,
    pub enabled: bool,
    pub does: Does,
}

/// What choosing an item does.
#[derive(Clone, Debug)]
pub enum Does {
    Verb(Verb),
    Copy {
        what: &'static str,
        bytes: Bytes,
    },
    /// Send what is shown once more.
    Again(How),
    /// Copy address and credentials, which are looked up only then.
    CopyExports,
    /// Go to the endpoint of this profile.
    GoTo(String),
}

/// How something is sent once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Byte for byte.
    Same,
    /// As something new, under a new `externalTransactionId`.
    NewKey,
    Edit,
}

impl Menu {
    /// A menu with the cursor on the item that is probably wanted.
    pub fn new(title: &'static str, items: Vec<Item>, selected: usize) -> Self {
        Self {
            title,
            items,
            selected,
        }
    }

    /// Takes the verbs as they stand now, if it is verbs that it offers. The cursor stays on its verb.
    pub fn refresh(&mut self, items: Vec<Item>) {
        let Some(Does::Verb(verb)) = self.selected().map(|item| &item.does) else {
            return;
        };
        let found = items
            .iter()
            .position(|item| matches!(&item.does, Does::Verb(other) if other == verb));
        self.selected = found.unwrap_or(0);
        self.items = items;
    }

    pub fn step(&mut self, by: isize) {
        let count = self.items.len();
        if count > 0 {
            self.selected = (self.selected + count).saturating_add_signed(by) % count;
        }
    }

    pub fn selected(&self) -> Option<&Item> {
        self.items.get(self.selected)
    }

    /// Upper case does the same: `C` and `F` ask for an amount, and so do `c` and `f` here.
    pub fn by_letter(&self, letter: char) -> Option<&Item> {
        let letter = letter.to_ascii_lowercase();
        self.items.iter().find(|item| item.letter == letter)
    }
}
