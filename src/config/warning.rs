//! What is odd about the configuration, said so that the user can mend it.

use std::fmt;
use std::path::{Path, PathBuf};

use super::{Unusable, Value};

/// One oddity. The program goes on without what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub place: Place,
    pub key: Option<String>,
    /// What is wrong, with foreign text quoted and escaped.
    pub problem: String,
    /// What was probably meant.
    pub near: Option<&'static str>,
}

/// As a warning quotes it.
impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(formatter, "{text:?}"),
            Self::Bool(yes) => write!(formatter, "{yes}"),
            Self::Number(number) => write!(formatter, "{number}"),
            Self::Texts(texts) => write!(formatter, "{texts:?}"),
            Self::Other(kind) => write!(formatter, "of type {kind}"),
        }
    }
}

/// Where the oddity stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    File {
        path: PathBuf,
        /// Line and column, both from 1; the column counts characters. `None` for the file as a whole.
        at: Option<(usize, usize)>,
    },
    Variable(&'static str),
    Flag(&'static str),
}

impl Place {
    /// The place of a byte in the text of a file.
    pub fn in_text(path: &Path, text: &str, byte: usize) -> Self {
        super::file::place(path, Some(super::file::position(text, byte)))
    }
}

impl Warning {
    /// A word that is none of the known ones; `what` says what it should be: `role`.
    pub fn unknown(place: Place, what: &str, word: &str, known: &[&'static str]) -> Self {
        Self {
            place,
            key: Some(word.to_owned()),
            problem: format!("unknown {what} {word:?}"),
            near: nearest(word, known),
        }
    }

    pub(super) fn unusable(
        place: &Place,
        key: &'static str,
        value: &Value,
        unusable: &Unusable,
    ) -> Self {
        Self {
            place: place.clone(),
            key: Some(key.to_owned()),
            problem: format!("{key} is {value} and must be {}", unusable.must_be),
            near: unusable.near,
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::File { path, at } => {
                write!(formatter, "{}", path.to_string_lossy().escape_debug())?;
                if let Some((line, column)) = at {
                    write!(formatter, ", line {line}, column {column}")?;
                }
            }
            Place::Variable(name) | Place::Flag(name) => formatter.write_str(name)?,
        }
        write!(formatter, ": {}", self.problem)?;
        match self.near {
            Some(near) => write!(formatter, "; did you mean {near:?}?"),
            None => Ok(()),
        }
    }
}

/// The known word that differs least, when it differs by two edits at most.
pub fn nearest<'known>(text: &str, known: &[&'known str]) -> Option<&'known str> {
    known
        .iter()
        .map(|word| (distance(text, word), *word))
        .filter(|(distance, _)| *distance <= 2)
        .min()
        .map(|(_, word)| word)
}

/// Levenshtein's: how many characters to add, drop or change.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, have) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, want) in to.iter().enumerate() {
            let changed = diagonal + usize::from(have != *want);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_two_edits_away_at_most() {
        assert_eq!(
            nearest("clipbord", &["clipboard", "theme"]),
            Some("clipboard")
        );
        assert_eq!(nearest("themes", &["clipboard", "theme"]), Some("theme"));
        assert_eq!(nearest("colours", &["clipboard", "theme"]), None);
        assert_eq!(distance("", "theme"), 5);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
