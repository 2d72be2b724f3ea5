//! One spelling for all that mean the same: what two requests are compared by.

use super::{Value, spelling};

impl Value {
    /// The bytes that are equal exactly for values that differ in nothing but the order of members,
    /// white space and escapes. Repeats of one name keep their order, numbers their spelling.
    pub fn canonical(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(self, &mut bytes);
        bytes
    }
}

/// Recurses, since no value is deeper than a byte counts.
fn write(value: &Value, to: &mut Vec<u8>) {
    match value {
        Value::Null => to.extend(b"null"),
        Value::Bool(true) => to.extend(b"true"),
        Value::Bool(false) => to.extend(b"false"),
        Value::Number(spelled) => to.extend(spelled.bytes()),
        Value::Text(text) => spelling::write(text, to),
        Value::Array(items) => {
            to.push(b'[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    to.push(b',');
                }
                write(item, to);
            }
            to.push(b']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            // A stable sort: repeats of a name stay as they were.
            sorted.sort_by(|(left, _), (right, _)| left.cmp(right));
            to.push(b'{');
            for (position, (name, value)) in sorted.into_iter().enumerate() {
                if position > 0 {
                    to.push(b',');
                }
                spelling::write(name, to);
                to.push(b':');
                write(value, to);
            }
            to.push(b'}');
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashSet};

    use proptest::prelude::*;

    use super::super::samples::{Whim, shuffle, spell, value};
    use super::super::{Limits, parse};

    fn canonical(json: &str) -> String {
        let value = parse(json.as_bytes(), &Limits::CLIENT).unwrap();
        String::from_utf8(value.canonical()).unwrap()
    }

    const SAME: [&str; 3] = [
        r#"{"a":"€/\u000a","b":[1,true,null]}"#,
        r#"{"b":[1,true,null],"a":"€/\n"}"#,
        "{ \"b\" : [1, true, null],\n\"\\u0061\": \"\\u20ac\\/\\n\" }",
    ];
    const DIFFERENT: [&str; 11] = [
        r#"{"a":1,"a":2}"#,
        r#"{"a":2,"a":1}"#,
        r#"{"a":1}"#,
        r#"{"a":1.0}"#,
        r#"{"a":"1"}"#,
        r#"{"A":1}"#,
        r#"{"a":[1]}"#,
        r#"{"a":[[1]]}"#,
        r#"{"a":null}"#,
        "{}",
        "[]",
    ];

    /// Whether a spelling is the same for what means the same, and another for all else.
    fn compares_rightly(spelling: impl Fn(&str) -> String) -> bool {
        let same = SAME.map(&spelling);
        let different: HashSet<_> = DIFFERENT.iter().map(|json| spelling(json)).collect();
        same.iter().all(|one| *one == same[0]) && different.len() == DIFFERENT.len()
    }

    #[test]
    fn order_space_and_escapes_do_not_matter_and_all_else_does() {
        assert!(compares_rightly(canonical));
        assert_eq!(canonical(SAME[2]), SAME[0]);
    }

    #[test]
    fn control_other_ways_to_compare_are_caught() {
        assert!(!compares_rightly(str::to_owned), "the bytes as they came");
        let last_wins = |json: &str| {
            let value: serde_json::Value = serde_json::from_str(json).unwrap();
            let sorted: BTreeMap<String, _> = match &value {
                serde_json::Value::Object(members) => members.clone().into_iter().collect(),
                _ => return value.to_string(),
            };
            serde_json::to_string(&sorted).unwrap()
        };
        assert_eq!(last_wins(SAME[1]), last_wins(SAME[2]));
        assert!(!compares_rightly(last_wins), "repeated names thrown away");
    }

    proptest! {
        #[test]
        fn a_value_shuffled_and_spelled_anew_is_the_same(
            value in value(),
            whims in prop::collection::vec(any::<u8>(), 1..64),
        ) {
            let whim = &mut Whim::new(&whims);
            let other = spell(&shuffle(&value, whim), whim);
            prop_assert_eq!(canonical(&other).into_bytes(), value.canonical());
        }

        #[test]
        fn what_is_canonical_reads_as_the_same_value(value in value()) {
            let canonical = value.canonical();
            let read = parse(&canonical, &Limits::CLIENT).unwrap();
            prop_assert_eq!(read.canonical(), canonical);
        }
    }
}
