//! A setting that is on or off.

use super::{Unusable, Value};

/// `true` or `false`; in a variable also `on` or `off`. Nothing where nobody said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Switch(pub Option<bool>);

impl Switch {
    pub fn read(value: &Value) -> Result<Self, Unusable> {
        let on = match value {
            Value::Bool(on) => Some(*on),
            Value::Text(text) => match text.as_str() {
                "true" | "on" => Some(true),
                "false" | "off" => Some(false),
                _ => None,
            },
            Value::Number(_) | Value::Texts(_) | Value::Other(_) => None,
        };
        match on {
            Some(on) => Ok(Self(Some(on))),
            None => Err(Unusable {
                must_be: "true or false",
                near: None,
            }),
        }
    }
}
