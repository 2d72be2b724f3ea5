//! Values and bodies for the tests: any value, spelled in any way, whole or damaged.

use proptest::prelude::*;

use super::Value;

/// Any value that a text can spell, names repeated now and then.
pub(super) fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        prop::sample::select(vec!["0", "-0", "7", "10.99", "1e5", "-2.50E-3"])
            .prop_map(|number| Value::Number(number.to_owned())),
        any::<String>().prop_map(Value::Text),
    ];
    scalar.prop_recursive(4, 40, 6, |inner| {
        let member = ("[abc]|\\PC{0,3}", inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Value::Array),
            prop::collection::vec(member, 0..6).prop_map(Value::Object),
        ]
    })
}

/// Bytes that are JSON, nearly JSON, or anything at all.
pub(super) fn messy_bytes() -> impl Strategy<Value = Vec<u8>> {
    let parts = prop::sample::select(vec![
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\"a\"", "\"a\":", "1", "-0.5e7", "01", "true",
        "nul", " ", "\n", "\r\n", "\t", "\\u", "d83d", "\\ude00", "//", "/*", "*/", "“", "'", "€",
        "\u{feff}", "\u{0}", "\u{1b}", "1e400",
    ]);
    let damaged = (value(), any::<prop::sample::Index>(), any::<u8>(), 0..3).prop_map(
        |(value, place, byte, how)| {
            let mut bytes = spell(&value, &mut Whim::new(&[byte])).into_bytes();
            let place = place.index(bytes.len());
            match how {
                0 => bytes[place] = byte,
                1 => bytes.truncate(place),
                _ => drop(bytes.remove(place)),
            }
            bytes
        },
    );
    prop_oneof![
        prop::collection::vec(parts, 0..20).prop_map(|parts| parts.concat().into_bytes()),
        damaged,
        prop::collection::vec(any::<u8>(), 0..40),
    ]
}

/// A sequence of small choices that goes round.
pub(super) struct Whim<'w> {
    choices: &'w [u8],
    made: usize,
}

impl<'w> Whim<'w> {
    /// No white space, and only the escapes that are needed (and a slash's).
    pub(super) fn compact() -> Self {
        Self::new(&[4])
    }

    pub(super) fn new(choices: &'w [u8]) -> Self {
        Self { choices, made: 0 }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.made += 1;
        usize::from(self.choices[self.made % self.choices.len()]) % bound
    }
}

/// A JSON text for a value, with white space and escapes as the whim has it.
pub(super) fn spell(value: &Value, whim: &mut Whim<'_>) -> String {
    let inside = match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.clone(),
        Value::Text(text) => spell_text(text, whim),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| spell(item, whim)).collect();
            format!("[{}{}]", space(whim), items.join(","))
        }
        Value::Object(members) => {
            let spell_member = |(name, value): &(String, Value)| {
                format!(
                    "{}{}:{}",
                    space(whim),
                    spell_text(name, whim),
                    spell(value, whim)
                )
            };
            let members: Vec<_> = members.iter().map(spell_member).collect();
            format!("{{{}{}}}", members.join(","), space(whim))
        }
    };
    format!("{}{inside}{}", space(whim), space(whim))
}

fn space(whim: &mut Whim<'_>) -> &'static str {
    ["", " ", "\n", "\r\n\t"][whim.below(4)]
}

fn spell_text(text: &str, whim: &mut Whim<'_>) -> String {
    let spell_one = |character: char| match character {
        '"' | '\\' => format!("\\{character}"),
        '/' if whim.below(2) == 0 => "\\/".to_owned(),
        character if character < ' ' || whim.below(3) == 0 => {
            let mut units = [0; 2];
            let units = character.encode_utf16(&mut units);
            let escapes: Vec<_> = units.iter().map(|unit| format!("\\u{unit:04X}")).collect();
            escapes.concat()
        }
        character => character.to_string(),
    };
    let inside: String = text.chars().map(spell_one).collect();
    format!("\"{inside}\"")
}

/// The same value with its members in another order; repeats of one name keep theirs.
pub(super) fn shuffle(value: &Value, whim: &mut Whim<'_>) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(|item| shuffle(item, whim)).collect()),
        Value::Object(members) => {
            let mut shuffled: Vec<(String, Value)> = Vec::new();
            for (name, value) in members {
                let after_repeat = shuffled.iter().rposition(|(known, _)| known == name);
                let earliest = after_repeat.map_or(0, |position| position + 1);
                let place = earliest + whim.below(shuffled.len() - earliest + 1);
                shuffled.insert(place, (name.clone(), shuffle(value, whim)));
            }
            Value::Object(shuffled)
        }
        scalar => scalar.clone(),
    }
}
