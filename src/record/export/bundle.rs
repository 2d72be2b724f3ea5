//! A support bundle: the entries themselves, in one file of JSON, a line each.
//!
//! The first line says what it is. Nothing else is needed to show it again.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::exchange::Epoch;
use crate::record::{Entry, Kind, NewEntry, payload};

/// The version of the first line and of what stands beside a payload; payloads have their own.
const VERSION: u64 = 1;

pub fn write(entries: &[Entry], made_at: Timestamp) -> Vec<u8> {
    let head = json!({
        "bango": "bundle",
        "version": VERSION,
        "program": env!("CARGO_PKG_VERSION"),
        "madeAt": made_at.to_string(),
        "entries": entries.len(),
        "note": "Secrets are left out. Numbers and user ids of payers are masked, the same one always alike.",
    });
    let mut text = head.to_string();
    for entry in entries {
        text.push('\n');
        text.push_str(&line(entry).to_string());
    }
    text.push('\n');
    text.into_bytes()
}

fn line(entry: &Entry) -> Value {
    let kind = match &entry.kind {
        Kind::Unknown { name } => name,
        known => payload::name(known),
    };
    let mut line = json!({
        "seq": entry.seq,
        "at": entry.at.to_string(),
        "epoch": entry.epoch,
        "kind": kind,
    });
    if let (Value::Object(line), Value::Object(payload)) = (&mut line, payload::whole(&entry.kind))
    {
        line.extend(payload);
    }
    line
}

/// Whether this is the first line of a bundle: then the version that it needs, where that is a later one.
pub fn is_head(line: &Value) -> Option<Result<(), u64>> {
    (line.get("bango")?.as_str()? == "bundle").then_some(())?;
    let version = line.get("version")?.as_u64()?;
    Some(if version > VERSION {
        Err(version)
    } else {
        Ok(())
    })
}

#[derive(Deserialize)]
struct Place {
    at: Timestamp,
    epoch: Epoch,
    kind: String,
}

/// A line behind the first.
pub fn read(line: Value) -> Result<NewEntry, String> {
    let place = Place::deserialize(&line).map_err(|error| error.to_string())?;
    let kind = payload::read_whole(&place.kind, line).map_err(|error| format!("it {error}"))?;
    Ok(NewEntry::of(place.at, place.epoch, kind))
}
