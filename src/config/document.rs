//! A TOML file as a flat list of its values, each with its place: what themes and keymaps are read from.

use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::file::{place, position, touches, value};
use super::{Place, Value, Warning};

/// A value, and the names that lead to it: `text = { fg = "red" }` is one entry of `["text", "fg"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub names: Vec<String>,
    pub value: Value,
    /// Of the last name.
    pub at: Place,
    /// Of the first name.
    pub at_first: Place,
}

/// What can be read of a text. `path` is what the warnings call it.
pub fn entries(path: &Path, text: &str) -> (Vec<Entry>, Vec<Warning>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let broken: Vec<_> = errors.iter().filter_map(toml::de::Error::span).collect();
    let warnings = errors.iter().map(|error| Warning {
        place: place(path, error.span().map(|span| position(text, span.start))),
        key: None,
        problem: error.message().to_owned(),
        near: None,
    });
    let mut found = Vec::new();
    collect(table.get_ref(), &mut Vec::new(), &mut found);
    found.retain(|leaf| !broken.iter().any(|error| touches(error, &leaf.span)));
    found.sort_by_key(|leaf| leaf.at);
    let at = |byte| place(path, Some(position(text, byte)));
    let entries = found.into_iter().map(|leaf| Entry {
        names: leaf.names.iter().map(|(name, _)| name.clone()).collect(),
        at: at(leaf.at),
        at_first: at(leaf.names.first().map_or(0, |(_, byte)| *byte)),
        value: leaf.value,
    });
    (entries.collect(), warnings.collect())
}

struct Leaf {
    names: Vec<(String, usize)>,
    at: usize,
    span: std::ops::Range<usize>,
    value: Value,
}

fn collect(table: &DeTable<'_>, above: &mut Vec<(String, usize)>, found: &mut Vec<Leaf>) {
    for (key, under) in table {
        above.push((key.get_ref().to_string(), key.span().start));
        match under.get_ref() {
            DeValue::Table(table) if !table.is_empty() => collect(table, above, found),
            // An empty table names something and says nothing about it.
            other => found.push(Leaf {
                names: above.clone(),
                at: key.span().start,
                span: under.span(),
                value: value(other),
            }),
        }
        above.pop();
    }
}
