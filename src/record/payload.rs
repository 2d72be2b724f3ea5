//! Entries as versioned JSON, for the journal without their bodies.
//!
//! A payload is read as the newest version: one function for each step lifts an older one. A newer one
//! is refused; a kind that is not known is kept.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Kind, entry::Seen};
use crate::exchange::{BODY_KEPT, Outcome, What};

/// Lifts a payload of its position's version (from 1) to the next.
const LIFTS: [fn(Value) -> Value; 0] = [];

const VERSION: u64 = LIFTS.len() as u64 + 1;

/// Why a payload cannot be read. The messages follow a name of the entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    #[error("has format {version}, which needs a later version of bango")]
    Newer { version: u64 },
    #[error("is damaged: {why}")]
    Damaged { why: String },
}

/// A kind as its columns and its bodies.
pub struct Stored {
    pub kind: &'static str,
    pub payload: String,
    pub bodies: Vec<(&'static str, Vec<u8>)>,
}

impl Stored {
    pub fn of(kind: &Kind) -> Self {
        let mut light = kind.clone();
        let bodies = bodies(&mut light)
            .into_iter()
            .map(|(part, kept)| {
                let mut bytes = std::mem::take(kept);
                bytes.truncate(BODY_KEPT);
                (part, bytes)
            })
            .filter(|(_, bytes)| !bytes.is_empty())
            .collect();
        Self {
            kind: name(&light),
            payload: whole(&light).to_string(),
            bodies,
        }
    }
}

/// A kind with its bodies in it, as far as it has them.
pub fn whole(kind: &Kind) -> Value {
    let entry = match kind {
        Kind::Sent(sent) => json(sent),
        Kind::Ended(ended) => json(ended),
        Kind::Seen(seen) => json(seen),
        Kind::Arrived(arrived) => json(arrived),
        Kind::Remark(remark) => json(remark),
        Kind::Unknown { .. } => Value::Null,
    };
    serde_json::json!({"version": VERSION, "entry": entry})
}

pub fn name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Sent(_) => "sent",
        Kind::Ended(_) => "ended",
        Kind::Seen(_) => "seen",
        Kind::Arrived(_) => "arrived",
        Kind::Remark(_) => "remark",
        Kind::Unknown { .. } => "unknown",
    }
}

/// A kind from its columns, its bodies still empty.
pub fn read(kind: &str, payload: &str) -> Result<Kind, PayloadError> {
    read_whole(
        kind,
        serde_json::from_str(payload).map_err(|error| damaged(&error))?,
    )
}

/// A kind from its name and what [`whole`] made of it.
pub fn read_whole(kind: &str, payload: Value) -> Result<Kind, PayloadError> {
    Ok(match kind {
        "sent" => Kind::Sent(lifted(payload)?),
        "ended" => Kind::Ended(lifted(payload)?),
        "seen" => Kind::Seen(lifted(payload)?),
        "arrived" => Kind::Arrived(lifted(payload)?),
        "remark" => Kind::Remark(lifted(payload)?),
        other => Kind::Unknown { name: other.into() },
    })
}

/// The places of a kind's bodies.
pub fn bodies(kind: &mut Kind) -> Vec<(&'static str, &mut Vec<u8>)> {
    match kind {
        Kind::Sent(sent) => vec![("request", &mut sent.request.body.kept)],
        Kind::Arrived(arrived) => vec![("request", &mut arrived.request.body.kept)],
        Kind::Ended(ended) => match &mut ended.outcome {
            Outcome::Answered { response, .. } => vec![("response", &mut response.body.kept)],
            Outcome::Cut { .. } | Outcome::NotSent { .. } => vec![],
        },
        Kind::Seen(Seen::Report(report)) => match &mut report.what {
            What::Exchange {
                request, response, ..
            } => vec![
                ("request", &mut request.body.kept),
                ("response", &mut response.body.kept),
            ],
            What::Notified { body, .. } => vec![("request", body)],
            _ => vec![],
        },
        Kind::Seen(_) | Kind::Remark(_) | Kind::Unknown { .. } => vec![],
    }
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("an entry is texts, numbers and lists of them")
}

fn lifted<T: DeserializeOwned>(mut payload: Value) -> Result<T, PayloadError> {
    let version = payload.get("version").and_then(Value::as_u64).unwrap_or(0);
    if version > VERSION {
        return Err(PayloadError::Newer { version });
    }
    let first = usize::try_from(version)
        .ok()
        .and_then(|version| version.checked_sub(1))
        .ok_or_else(|| damaged(&"it has no version"))?;
    let entry = LIFTS[first..]
        .iter()
        .fold(payload["entry"].take(), |entry, lift| lift(entry));
    serde_json::from_value(entry).map_err(|error| damaged(&error))
}

fn damaged(why: &impl ToString) -> PayloadError {
    PayloadError::Damaged {
        why: why.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::entry::Remark;

    fn remark() -> Kind {
        Kind::Remark(Remark {
            id: uuid::Uuid::nil(),
            about: None,
            text: "here".into(),
        })
    }

    #[test]
    fn a_kind_reads_back_as_itself() {
        let stored = Stored::of(&remark());
        assert_eq!(read(stored.kind, &stored.payload).unwrap(), remark());
    }

    #[test]
    fn a_whole_kind_reads_back_with_its_bodies() {
        let sent = Kind::Arrived(crate::record::entry::Arrived {
            id: uuid::Uuid::nil(),
            at: crate::record::entry::Address::Inbox { name: "n".into() },
            request: crate::exchange::Request {
                method: "POST".into(),
                url: "/inbox/n".into(),
                headers: vec![],
                body: crate::exchange::Body::whole((0..=255).collect::<Vec<u8>>()),
            },
        });
        assert_eq!(read_whole("arrived", whole(&sent)).unwrap(), sent);
    }

    #[test]
    fn a_newer_payload_is_refused_by_name() {
        let payload = Stored::of(&remark())
            .payload
            .replace("\"version\":1", "\"version\":7");
        let error = read("remark", &payload).unwrap_err();
        assert_eq!(
            error.to_string(),
            "has format 7, which needs a later version of bango"
        );
    }

    #[test]
    fn an_unknown_kind_is_kept_by_name() {
        let dream = Kind::Unknown {
            name: "dream".into(),
        };
        assert_eq!(read("dream", "{}").unwrap(), dream);
    }

    #[test]
    fn a_damaged_payload_is_an_error() {
        for payload in ["", "{}", r#"{"version":1}"#, r#"{"version":0,"entry":{}}"#] {
            assert!(matches!(
                read("sent", payload),
                Err(PayloadError::Damaged { .. })
            ));
        }
    }
}
