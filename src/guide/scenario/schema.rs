//! What a file of scenarios can say, as JSON schema (draft 2020-12).

use serde_json::{Map, Value, json};

use super::Walk;
use super::read::{OF_FILE, OF_IDENTIFY, OF_SCENARIO, OF_STEP};
use crate::api::{Fault, Operation, ResponseCode};
use crate::testpay::NetworkKey;

pub fn schema() -> Value {
    let scenario = object(&OF_SCENARIO, &["section", "title", "steps"]);
    let file = object(&OF_FILE, &["title", "scenario"]);
    let mut schema = file;
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = "scenarios of bango".into();
    schema["properties"]["scenario"] = json!({ "type": "array", "minItems": 1, "items": scenario });
    schema
}

fn object(keys: &[&str], required: &[&str]) -> Value {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|key| ((*key).to_owned(), of_key(key)))
        .collect();
    json!({
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": false,
    })
}

fn step() -> Value {
    let kinds = OF_STEP.map(|(kind, keys)| {
        let required: &[&str] = match kind {
            "call" => &["call", "expect"],
            "payer" => &["payer", "back"],
            _ => &[kind],
        };
        let mut step = object(&[&[kind], keys].concat(), required);
        if kind == "payer" {
            step["properties"][kind] =
                described(json!({ "enum": Walk::WORDS }), "what the payer does");
        }
        step
    });
    json!({ "oneOf": kinds })
}

fn of_key(key: &str) -> Value {
    let codes: Vec<&str> = ResponseCode::KNOWN
        .iter()
        .map(ResponseCode::as_str)
        .collect();
    let answer = || {
        let pattern = format!("^[1-5][0-9][0-9] ({})$", codes.join("|"));
        json!({ "type": "string", "pattern": pattern })
    };
    let number = || json!({ "type": "string", "pattern": "^[0-9]{8,15}$" });
    let amount = || json!({ "type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,2})?$" });
    let (kind, words) = match key {
        "scenario" => (json!({ "type": "array" }), "the scenarios, in order"),
        "section" => (text(), "the scenario's number or short name"),
        "title" => (text(), "what is tried"),
        "payer" => (
            number(),
            "the test payer's number, who is identified before the first step",
        ),
        "key" => (
            json!({ "enum": NetworkKey::ALL.map(NetworkKey::as_str) }),
            "the payer's network; without it GBR_BANGO",
        ),
        "note" => (text(), "which reading of the guide this is, and why"),
        "steps" => (
            json!({ "type": "array", "minItems": 1, "items": step() }),
            "what is done, and what must come of it",
        ),
        "call" => (
            json!({ "enum": Operation::ALL.map(Operation::name) }),
            "the call that is made",
        ),
        "expect" => (answer(), "the status and responseCode that must come"),
        "stub" => (
            answer(),
            "the status and responseCode that the call itself asks for",
        ),
        "gross" => (
            amount(),
            "the gross amount; a part of a capture or refund, where one is named",
        ),
        "tax" => (amount(), "the tax in it; without it none"),
        "fault" => (
            json!({ "enum": Fault::ALL.map(Fault::as_str) }),
            "what a sandbox of ours does to the answer",
        ),
        "members" => (
            object(&OF_IDENTIFY, &[]),
            "members of the body of an identify",
        ),
        "stranger" => (
            json!({ "type": "boolean" }),
            "whether the bangoUserId is one that was never given",
        ),
        "repeat" => (
            json!({ "type": "integer", "minimum": 1, "maximum": 100 }),
            "the last call so many times more, with the same answer each time",
        ),
        "number" => (number(), "the number that the payer types"),
        "back" => (
            json!({ "enum": codes }),
            "the responseCode that the browser comes back with",
        ),
        "notified" => (
            json!({ "enum": codes }),
            "the responseCode of the notification that comes",
        ),
        _ => (text(), "as the API has it"),
    };
    described(kind, words)
}

fn text() -> Value {
    json!({ "type": "string", "minLength": 1 })
}

fn described(mut schema: Value, words: &str) -> Value {
    schema["description"] = words.into();
    schema
}
