//! `config.toml`: what can be read of it, and where the rest went wrong.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::profile::{self, Named};
use super::{Environment, KEYS, Place, Value, Warning};

/// The table of profiles.
const PROFILES: &str = "profile";

/// What the file says.
#[derive(Default)]
pub(super) struct Contents {
    /// The known keys with their values and places.
    pub values: BTreeMap<&'static str, (Value, Place)>,
    pub profiles: Vec<Named>,
}

/// What can be read of it. A file that is not there says nothing.
pub(super) fn read(
    path: &Path,
    environment: &Environment,
    warnings: &mut Vec<Warning>,
) -> Contents {
    let Some(text) = text(path, warnings) else {
        return Contents::default();
    };
    let (table, errors) = DeTable::parse_recoverable(&text);
    let broken: Vec<Range<usize>> = errors.iter().filter_map(toml::de::Error::span).collect();
    for error in &errors {
        let at = error.span().map(|span| position(&text, span.start));
        let problem = error.message().to_owned();
        warnings.push(warning(path, at, problem));
    }
    let source = profile::Source {
        path,
        text: &text,
        broken: &broken,
        environment,
    };
    let mut contents = Contents::default();
    let mut entries: Vec<_> = table.get_ref().iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    for (key, found) in entries {
        let name = key.get_ref().as_ref();
        let at = place(path, Some(position(&text, key.span().start)));
        match KEYS.iter().find(|known| known.name == name) {
            None if name == PROFILES && !matches!(found.get_ref(), DeValue::Table(_)) => {
                let problem = "a profile is a table of its own: [profile.NAME]".to_owned();
                warnings.push(Warning {
                    place: at,
                    key: Some(name.to_owned()),
                    problem,
                    near: None,
                });
            }
            None if name == PROFILES => {
                contents.profiles = profile::read(&source, found.get_ref(), warnings);
            }
            // A value that the parser had to invent is not what the user decided.
            Some(_) if broken.iter().any(|error| touches(error, &found.span())) => {}
            Some(known) => {
                let value = value(found.get_ref());
                contents.values.insert(known.name, (value, at));
            }
            None => {
                let mut known = KEYS.map(|known| known.name).to_vec();
                known.push(PROFILES);
                warnings.push(Warning::unknown(at, "key", name, &known));
            }
        }
    }
    contents
}

/// The file's text, if there is one.
fn text(path: &Path, warnings: &mut Vec<Warning>) -> Option<String> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => {
            let problem = format!("the file cannot be read, nothing of it is used: {error}");
            warnings.push(warning(path, None, problem));
            return None;
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let sound = String::from_utf8_lossy(sound);
            let at = position(&sound, sound.len());
            let problem = "the file is not UTF-8; nothing of it is used".to_owned();
            warnings.push(warning(path, Some(at), problem));
            None
        }
    }
}

fn warning(path: &Path, at: Option<(usize, usize)>, problem: String) -> Warning {
    Warning {
        place: place(path, at),
        key: None,
        problem,
        near: None,
    }
}

pub(super) fn value(found: &DeValue<'_>) -> Value {
    match found {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("integer"), Value::Number),
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
