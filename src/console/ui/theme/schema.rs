//! What a theme file can say, as JSON schema (draft 2020-12).

use serde_json::{Map, Value, json};

use super::read::{ATTRIBUTES, BASE, COLORS};
use super::{OURS, Theme};

pub fn schema() -> Value {
    let mut properties: Map<String, Value> = Theme::ROLES
        .iter()
        .map(|role| ((*role).to_owned(), json!({ "$ref": "#/$defs/look" })))
        .collect();
    let bases = OURS.map(|(name, _)| name);
    let words = "the theme from which come the roles that are left out";
    properties.insert(
        BASE.to_owned(),
        json!({ "enum": bases, "description": words }),
    );
    let mut look: Map<String, Value> = ATTRIBUTES
        .iter()
        .map(|(name, _)| ((*name).to_owned(), json!({ "type": "boolean" })))
        .collect();
    for side in ["fg", "bg"] {
        look.insert(side.to_owned(), json!({ "$ref": "#/$defs/color" }));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "a theme of bango",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "$defs": {
            "look": { "type": "object", "properties": look, "additionalProperties": false },
            "color": { "anyOf": [
                { "enum": COLORS },
                { "type": "string", "pattern": "^#[0-9A-Fa-f]{6}$" },
            ] },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_stands_in_the_schema() {
        let schema = schema();
        for role in Theme::ROLES {
            assert!(schema["properties"][*role].is_object(), "{role}");
        }
    }
}
