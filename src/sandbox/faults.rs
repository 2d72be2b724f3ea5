//! Faults that a caller asks for by a header: what a client has to bear.

use axum::http::HeaderMap;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::engine::Reason;
use crate::api::Fault;
use crate::clock::Ids;
use crate::exchange::FAULT_HEADER;

/// What the header asks for.
pub fn asked(headers: &HeaderMap) -> Result<Option<Fault>, Reason> {
    let Some(value) = headers.get(FAULT_HEADER) else {
        return Ok(None);
    };
    let fault = value.to_str().ok().and_then(Fault::parse);
    fault.map(Some).ok_or(Reason::UnknownFault)
}

/// The body with its fault. The same body gets the same one.
pub fn apply(fault: Fault, body: &[u8]) -> Vec<u8> {
    match fault {
        Fault::Shuffle => shuffled(body),
    }
}

/// Nothing but an object has members to be shuffled.
fn shuffled(body: &[u8]) -> Vec<u8> {
    let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
        return body.to_vec();
    };
    let digest = Sha256::digest(body);
    let seed = digest.first_chunk().expect("a SHA-256 has 32 bytes");
    let mut ids = Ids::new(u64::from_be_bytes(*seed));
    let mut pairs: Vec<(String, String)> = members
        .iter()
        .map(|(name, value)| (name.clone(), nested(value, &mut ids)))
        .collect();
    let unknown = [
        ("abcd", "\"1234\""),
        ("abcd", "\"1234\""),
        ("wxyz", "{\"0\": [null]}"),
    ];
    pairs.extend(unknown.map(|(name, value)| (name.to_owned(), value.to_owned())));
    written(pairs, &mut ids).into_bytes()
}

fn nested(value: &Value, ids: &mut Ids) -> String {
    match value {
        Value::Object(members) => {
            let pairs = members.iter();
            let pairs = pairs.map(|(name, value)| (name.clone(), nested(value, ids)));
            let pairs = pairs.collect();
            written(pairs, ids)
        }
        other => other.to_string(),
    }
}

fn written(mut pairs: Vec<(String, String)>, ids: &mut Ids) -> String {
    for at in (1..pairs.len()).rev() {
        let other = ids.draw() % (at as u64 + 1);
        pairs.swap(at, usize::try_from(other).unwrap_or(at));
    }
    let members: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}: {value}", Value::from(name.as_str())))
        .collect();
    format!("{{{}}}", members.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Answer;

    #[test]
    fn a_shuffled_answer_says_the_same_and_more() {
        let body = br#"{"responseCode":"OK","responseMessage":"Success.","sessionId":"s","bangoUserId":"u","parameters":{"action":"REDIRECT","url":"http://x"}}"#;
        let shuffled = apply(Fault::Shuffle, body);
        assert_ne!(shuffled, body);
        assert_eq!(Answer::parse(&shuffled), Answer::parse(body));
        let text = String::from_utf8(shuffled.clone()).unwrap();
        assert_eq!(text.matches("\"abcd\"").count(), 2, "{text}");
        assert_eq!(shuffled, apply(Fault::Shuffle, body));
        assert_eq!(apply(Fault::Shuffle, b"[1]"), b"[1]");
    }
}
