//! What differs between two values, by path: the order of members does not count, that of items does.

use std::collections::HashMap;

use super::{Path, Step, Value};

/// One place where two values differ. On one side it may be missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub path: Path,
    pub left: Option<Value>,
    pub right: Option<Value>,
}

/// Where `left` and `right` differ, in the order of `left`; what only `right` has comes behind. Numbers
/// are compared as they are spelled, repeats of a name one by one.
pub fn changes(left: &Value, right: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    compare(Path::default(), Some(left), Some(right), &mut found);
    found
}

/// Recurses, since no value is deeper than a byte counts.
fn compare(path: Path, left: Option<&Value>, right: Option<&Value>, found: &mut Vec<Change>) {
    match (left, right) {
        (Some(Value::Object(left)), Some(Value::Object(right))) => {
            members(&path, left, right, found);
        }
        (Some(Value::Array(left)), Some(Value::Array(right))) => {
            for at in 0..left.len().max(right.len()) {
                let path = path.join(Step::Item(at));
                compare(path, left.get(at), right.get(at), found);
            }
        }
        _ if left == right => {}
        _ => found.push(Change {
            path,
            left: left.cloned(),
            right: right.cloned(),
        }),
    }
}

type Member = (String, Value);

fn members(path: &Path, left: &[Member], right: &[Member], found: &mut Vec<Change>) {
    let mut others: HashMap<(&str, usize), &Value> = numbered(right).collect();
    for ((name, repeat), value) in numbered(left) {
        let path = path.join(Step::Member(name.to_owned()));
        let other = others.remove(&(name, repeat));
        compare(path, Some(value), other, found);
    }
    for ((name, repeat), value) in numbered(right) {
        if others.contains_key(&(name, repeat)) {
            let path = path.join(Step::Member(name.to_owned()));
            compare(path, None, Some(value), found);
        }
    }
}

/// The members, each with how often its name stood before.
fn numbered(members: &[Member]) -> impl Iterator<Item = ((&str, usize), &Value)> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    members.iter().map(move |(name, value)| {
        let repeat = seen.entry(name).or_default();
        *repeat += 1;
        ((name.as_str(), *repeat), value)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{Whim, shuffle, spell, value};
    use super::super::{Limits, parse};
    use super::*;

    fn told(left: &str, right: &str) -> Vec<String> {
        let read = |text: &str| parse(text.as_bytes(), &Limits::CLIENT).unwrap();
        let side = |value: Option<Value>| {
            value.map_or_else(String::new, |value| {
                String::from_utf8(value.canonical()).unwrap()
            })
        };
        changes(&read(left), &read(right))
            .into_iter()
            .map(|change| {
                format!(
                    "{}: {} | {}",
                    change.path,
                    side(change.left),
                    side(change.right)
                )
            })
            .collect()
    }

    #[test]
    fn the_order_of_members_does_not_count_and_that_of_items_does() {
        assert_eq!(told(r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#), [""; 0]);
        assert_eq!(
            told("[1,2]", "[2,1,3]"),
            [".[0]: 1 | 2", ".[1]: 2 | 1", ".[2]:  | 3"]
        );
    }

    #[test]
    fn each_change_has_its_path_and_both_sides() {
        assert_eq!(
            told(
                r#"{"x":{"gross":"10.99","tax":"1.00"},"gone":null,"kind":1}"#,
                r#"{"x":{"gross":"1.59","tax":"1.00"},"kind":"1","new":[]}"#
            ),
            [
                ".x.gross: \"10.99\" | \"1.59\"",
                ".gone: null | ",
                ".kind: 1 | \"1\"",
                ".new:  | []",
            ]
        );
    }

    #[test]
    fn repeats_of_a_name_are_compared_one_by_one() {
        assert_eq!(
            told(r#"{"a":1,"a":2}"#, r#"{"a":1,"a":3,"a":4}"#),
            [".a: 2 | 3", ".a:  | 4"]
        );
    }

    proptest! {
        #[test]
        fn nothing_differs_exactly_where_the_canonical_bytes_are_equal(
            left in value(),
            right in value(),
            whims in prop::collection::vec(any::<u8>(), 1..64),
        ) {
            let equal = left.canonical() == right.canonical();
            prop_assert_eq!(changes(&left, &right).is_empty(), equal);
            let shuffled = shuffle(&left, &mut Whim::new(&whims));
            let spelled = spell(&shuffled, &mut Whim::new(&whims));
            let again = parse(spelled.as_bytes(), &Limits::CLIENT).unwrap();
            prop_assert_eq!(changes(&left, &again), vec![]);
        }
    }
}
