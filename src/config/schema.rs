//! What `config.toml` can say, as JSON schema (draft 2020-12).

use serde_json::{Map, Value, json};

use super::profile::{self, Kind};
use super::{ASCII, CLIPBOARD, Key, MOUSE, THEME};

pub fn schema() -> Value {
    let setting = |key: Key, kind: Value| (key.name, described(kind, key.words));
    let command = json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 });
    let clipboard = json!({ "anyOf": [
        { "enum": ["auto", "system", "tmux", "osc52", "off"] },
        command,
    ] });
    let switch = || json!({ "type": "boolean" });
    let mut properties: Map<String, Value> = [
        setting(CLIPBOARD, clipboard),
        setting(
            THEME,
            json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+$" }),
        ),
        setting(ASCII, switch()),
        setting(MOUSE, switch()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    properties.insert(
        "profile".to_owned(),
        json!({
            "description": "endpoints of the API, by their names",
            "type": "object",
            "propertyNames": { "pattern": "^[a-z0-9][a-z0-9_-]{0,23}$", "not": { "enum": profile::TAKEN } },
            "additionalProperties": of_profile(),
        }),
    );
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "config.toml of bango",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn of_profile() -> Value {
    let properties: Map<String, Value> = profile::KEYS
        .iter()
        .map(|(name, words)| ((*name).to_owned(), described(kind_of(name), words)))
        .collect();
    json!({
        "type": "object",
        "required": ["kind"],
        "properties": properties,
        "additionalProperties": false,
    })
}

fn kind_of(name: &str) -> Value {
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    match name {
        "kind" => json!({ "enum": [Kind::Test.word(), Kind::Live.word(), Kind::Sandbox.word()] }),
        "read_only" => json!({ "type": "boolean" }),
        "password_command" | "secret_headers" => texts,
        "timeout_connect" | "timeout_first_byte" | "timeout_total" => {
            json!({ "type": "integer", "minimum": 1, "maximum": 3600 })
        }
        _ => json!({ "type": "string", "minLength": 1 }),
    }
}

/// The documentation's marks are no words.
fn described(mut schema: Value, words: &str) -> Value {
    schema["description"] = words.replace('`', "").into();
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::KEYS;

    #[test]
    fn every_key_stands_in_the_schema() {
        let schema = schema();
        for key in KEYS {
            assert!(
                schema["properties"][key.name]["description"].is_string(),
                "{}",
                key.name
            );
        }
        let profile = &schema["properties"]["profile"]["additionalProperties"]["properties"];
        assert_eq!(profile.as_object().unwrap().len(), profile::KEYS.len());
        assert_eq!(profile["read_only"]["type"], "boolean");
    }
}
