//! What a list is narrowed to: `state:captured amount>10 !msisdn:120 "item title"`.
//!
//! A filter is terms that all have to hold, `term = ["!"] (word | key op value)`. A word is searched in
//! everything that a row says; a key looks at one thing. Nothing that can be typed is an error: an
//! unknown key is searched as text, a value that its key cannot read is left out, and the filter has a
//! hint that says so.

mod facts;
mod key;
mod read;
#[cfg(test)]
mod tests;

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::money::Amount;

pub use facts::{Facts, Named, View};
pub use key::{Key, Op};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
    hint: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    negated: bool,
    what: What,
    test: Test,
}

/// A term as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Word(String),
    Field { key: Key, op: Op, value: String },
}

/// What a term asks of a row. Texts are in lower case, as a row's facts are.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    /// The value is missing or cannot be read yet: the term is left out.
    Nothing,
    Says(String),
    /// One of the words for the state begins like this.
    State(String),
    Code(String),
    Holds(Key, String),
    Amount(Op, Amount),
    Since(Op, Timestamp),
}

impl Filter {
    /// Reads what was typed. Times are counted from `now` and read in `zone`.
    pub fn parse(text: &str, now: Timestamp, zone: &TimeZone) -> Self {
        read::filter(text, now, zone)
    }

    /// Whether every row matches.
    pub fn is_empty(&self) -> bool {
        self.terms.iter().all(|term| term.test == Test::Nothing)
    }

    /// What could not be taken as it was typed.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Whether two filters let the same rows through, however they are written.
    pub fn asks_the_same_as(&self, other: &Self) -> bool {
        let asked = |filter: &Self| -> Vec<(bool, Test)> {
            let terms = filter.terms.iter();
            terms
                .filter(|term| term.test != Test::Nothing)
                .map(|term| (term.negated, term.test.clone()))
                .collect()
        };
        asked(self) == asked(other)
    }

    /// Whether a row is let through. `owner` is the payment or identification of a line of the timeline.
    pub fn matches(&self, row: View<'_>, owner: Option<View<'_>>) -> bool {
        self.terms
            .iter()
            .filter(|term| term.test != Test::Nothing)
            .all(|term| term.test.holds(row, owner) != term.negated)
    }
}

impl Test {
    fn holds(&self, row: View<'_>, owner: Option<View<'_>>) -> bool {
        match self {
            Self::Nothing => true,
            Self::Says(text) => {
                row.says(text) || owner.is_some_and(|owner| owner.is_named_or_says(text))
            }
            Self::State(text) => {
                let state = |row: View<'_>| row.any(Key::State, |word| begins(word, text));
                state(row) || owner.is_some_and(state)
            }
            // A line's answer and time are its own.
            Self::Code(text) => row.any(Key::Code, |code| code.starts_with(&**text)),
            Self::Since(op, time) => row.any(Key::Since, |at| {
                let until = matches!(op, Op::Below | Op::AtMost);
                at.parse()
                    .is_ok_and(|at: i64| (at >= time.as_microsecond()) != until)
            }),
            Self::Holds(key, text) => {
                let holds = |row: View<'_>| row.any(*key, |value| value.contains(&**text));
                holds(row) || owner.is_some_and(holds)
            }
            Self::Amount(op, amount) => {
                let holds = |row: View<'_>| {
                    row.any(Key::Amount, |value| {
                        Amount::parse(value).is_ok_and(|value| op.holds(value.cmp(amount)))
                    })
                };
                holds(row) || owner.is_some_and(holds)
            }
        }
    }
}

/// Whether a state's word begins like what was typed, whatever stands between its parts.
fn begins(word: &str, typed: &str) -> bool {
    let mut letters = word.chars().filter(|letter| is_letter(*letter));
    typed.chars().all(|letter| letters.next() == Some(letter))
}

fn is_letter(character: char) -> bool {
    !matches!(character, ' ' | '-' | '_' | '?')
}

/// As it can be typed again.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, term) in self.terms.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            if term.negated {
                f.write_str("!")?;
            }
            match &term.what {
                What::Word(word) => f.write_str(&read::spelled_word(word))?,
                What::Field { key, op, value } => {
                    let value = read::spelled_value(value);
                    write!(f, "{}{}{value}", key.name(), op.sign())?;
                }
            }
        }
        Ok(())
    }
}
