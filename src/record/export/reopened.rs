//! A file that this program wrote, read back as entries.

use serde_json::Value;

use super::{bundle, har};
use crate::record::NewEntry;

/// The longest file that is read, in bytes.
pub const LONGEST: u64 = 256 * 1024 * 1024;

/// What is wrong with a file, and where. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {why}")]
pub struct NotOurs {
    pub line: usize,
    pub column: usize,
    pub why: String,
}

impl NotOurs {
    fn at(line: usize, why: impl Into<String>) -> Self {
        Self {
            line,
            column: 1,
            why: why.into(),
        }
    }

    /// `line` is that of the text's beginning.
    fn json(line: usize, error: &serde_json::Error) -> Self {
        let words = error.to_string();
        let why = words.split(" at line ").next().unwrap_or_default();
        Self {
            line: line + error.line().saturating_sub(1),
            column: error.column().max(1),
            why: format!("no JSON: {why}"),
        }
    }
}

/// The entries of a bundle or of a HAR file of ours.
pub fn read(text: &[u8]) -> Result<Vec<NewEntry>, NotOurs> {
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let head: Option<Value> = serde_json::from_slice(first).ok();
    match head.as_ref().and_then(bundle::is_head) {
        Some(Ok(())) => read_bundle(text),
        Some(Err(version)) => {
            let why = format!("a bundle of format {version}, which needs a later version of bango");
            Err(NotOurs::at(1, why))
        }
        None => read_har(text),
    }
}

fn read_bundle(text: &[u8]) -> Result<Vec<NewEntry>, NotOurs> {
    let lines = text.split(|byte| *byte == b'\n').zip(1..).skip(1);
    lines
        .filter(|(line, _)| !line.trim_ascii().is_empty())
        .map(|(line, number)| {
            let line =
                serde_json::from_slice(line).map_err(|error| NotOurs::json(number, &error))?;
            bundle::read(line).map_err(|why| NotOurs::at(number, why))
        })
        .collect()
}

fn read_har(text: &[u8]) -> Result<Vec<NewEntry>, NotOurs> {
    let mut file: Value = serde_json::from_slice(text).map_err(|error| NotOurs::json(1, &error))?;
    let Some(log) = file.get_mut("log") else {
        return Err(NotOurs::at(1, "neither a bundle nor a HAR file"));
    };
    let creator = log.pointer("/creator/name").and_then(Value::as_str);
    if creator != Some(har::CREATOR) {
        let by = creator.unwrap_or("nobody");
        let why = format!("a HAR file that {by} wrote; only those of bango can be opened");
        return Err(NotOurs::at(1, why));
    }
    let Some(Value::Array(entries)) = log.get_mut("entries").map(Value::take) else {
        return Err(NotOurs::at(1, "a HAR file without entries"));
    };
    let entries: Result<Vec<_>, _> = (1..)
        .zip(entries)
        .map(|(number, entry)| {
            har::read(entry, number)
                .map_err(|why| NotOurs::at(1, format!("entry {number} of the log: {why}")))
        })
        .collect();
    Ok(entries?.into_iter().flatten().collect())
}
