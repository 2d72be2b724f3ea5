//! `config.toml`: what can be read of it, and where the rest went wrong.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::warning::nearest;
use super::{KEYS, Place, Value, Warning};

/// The known keys with their values and places. A file that is not there says nothing.
pub(super) fn read(
    path: &Path,
    warnings: &mut Vec<Warning>,
) -> BTreeMap<&'static str, (Value, Place)> {
    let mut warn = |at, key, problem, near| {
        warnings.push(Warning {
            place: place(path, at),
            key,
            problem,
            near,
        });
    };
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return BTreeMap::new(),
        Err(error) => {
            let problem = format!("the file cannot be read, nothing of it is used: {error}");
            warn(None, None, problem, None);
            return BTreeMap::new();
        }
    };
    let text = match str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let sound = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let at = position(&sound, sound.len());
            let problem = "the file is not UTF-8; nothing of it is used".to_owned();
            warn(Some(at), None, problem, None);
            return BTreeMap::new();
        }
    };

    let (table, errors) = DeTable::parse_recoverable(text);
    let broken: Vec<Range<usize>> = errors.iter().filter_map(toml::de::Error::span).collect();
    for error in &errors {
        let at = error.span().map(|span| position(text, span.start));
        warn(at, None, error.message().to_owned(), None);
    }

    let mut entries: Vec<_> = table.get_ref().iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let mut values = BTreeMap::new();
    for (key, found) in entries {
        let name = key.get_ref().as_ref();
        let at = position(text, key.span().start);
        match KEYS.iter().find(|known| known.name == name) {
            // A value that the parser had to invent is not what the user decided.
            Some(_) if broken.iter().any(|error| touches(error, &found.span())) => {}
            Some(known) => {
                let value = value(found.get_ref());
                values.insert(known.name, (value, place(path, Some(at))));
            }
            None => warn(
                Some(at),
                Some(name.to_owned()),
                format!("unknown key {name:?}"),
                nearest(name, &KEYS.map(|known| known.name)),
            ),
        }
    }
    values
}

pub(super) fn value(found: &DeValue<'_>) -> Value {
    match found {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Array(list) => list
            .iter()
            .map(|entry| entry.get_ref().as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .map_or(Value::Other("mixed list"), Value::Texts),
        other => Value::Other(other.type_str()),
    }
}

pub(super) fn place(path: &Path, at: Option<(usize, usize)>) -> Place {
    Place::File {
        path: path.to_owned(),
        at,
    }
}

pub(super) fn touches(error: &Range<usize>, value: &Range<usize>) -> bool {
    error.start <= value.end && value.start <= error.end
}

/// Line and column of a byte, both from 1, the column in characters.
pub(super) fn position(text: &str, byte: usize) -> (usize, usize) {
    let boundary = (0..=byte.min(text.len())).rfind(|&end| text.is_char_boundary(end));
    let before = &text[..boundary.unwrap_or(0)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..].chars().count() + 1,
    )
}
