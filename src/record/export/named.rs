//! Named values in bytes of any kind: members of JSON, broken JSON too, fields of forms and queries.
//!
//! Looks for `name: value` and `name=value` and knows no grammar, so that nothing escapes it because a
//! body is not quite what it claims to be.

use std::ops::Range;

/// A name, and where its value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<'t> {
    pub name: &'t [u8],
    /// Without quotes.
    pub value: Range<usize>,
    /// A member of JSON whose value is no text.
    pub bare_member: bool,
}

/// Every named value, in the order of their names; one may stand within another's.
pub fn named(text: &[u8]) -> impl Iterator<Item = Named<'_>> {
    let is_json = text.trim_ascii_start().starts_with(b"{");
    let separators = (0..text.len()).filter(|&at| matches!(text[at], b':' | b'='));
    // Where the run ends that was looked at last: values within it end there, too.
    let mut run_end = 0;
    separators.filter_map(move |at| {
        let (name, in_quotes) = name_before(&text[..at])?;
        // A quote that follows `name:` within a text of JSON ends that text.
        let may_quote = in_quotes || (text[at] == b'=' && !is_json);
        let (value, quoted) = value_behind(text, at + 1, may_quote, &mut run_end)?;
        Some(Named {
            name,
            value,
            bare_member: in_quotes && !quoted,
        })
    })
}

/// And whether it stands in quotes.
fn name_before(text: &[u8]) -> Option<(&[u8], bool)> {
    let text = text.trim_ascii_end();
    let unquoted = text.strip_suffix(b"\"").unwrap_or(text);
    let in_quotes = unquoted.len() < text.len();
    // A text of JSON within a text of JSON.
    let text = unquoted.strip_suffix(b"\\").unwrap_or(unquoted);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let length = text.iter().rev().take_while(|byte| is_name(byte)).count();
    (length > 0).then(|| (&text[text.len() - length..], in_quotes))
}

/// Numbers of phones may begin with a plus, which is left out.
fn value_behind(
    text: &[u8],
    from: usize,
    may_quote: bool,
    run_end: &mut usize,
) -> Option<(Range<usize>, bool)> {
    let blanks = text[from..]
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace());
    let mut start = from + blanks.count();
    let rest = text.get(start..)?;
    let quote = [&b"\\\""[..], b"\""]
        .into_iter()
        .find(|quote| may_quote && rest.starts_with(quote));
    start += quote.map_or(0, <[u8]>::len);
    let rest = &text[start..];
    let length = if let Some(quote) = quote {
        closing(rest, quote)
    } else {
        if *run_end < start {
            *run_end = start + rest.iter().take_while(|byte| is_in_run(**byte)).count();
        }
        *run_end - start
    };
    let plus = [&b"+"[..], b"%2B", b"%2b"]
        .into_iter()
        .find(|plus| rest[..length].starts_with(plus))
        .map_or(0, <[u8]>::len);
    (length > plus).then(|| (start + plus..start + length, quote.is_some()))
}

const fn is_in_run(byte: u8) -> bool {
    !byte.is_ascii_whitespace()
        && !matches!(
            byte,
            b'&' | b',' | b';' | b'{' | b'}' | b'[' | b']' | b'"' | b'\'' | b'<' | b'>' | b'\\'
        )
}

/// How many bytes stand before the closing quote or, where there is none, the end.
fn closing(rest: &[u8], quote: &[u8]) -> usize {
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with(quote) {
            return at;
        }
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let found: Vec<_> = named(text.as_bytes())
            .map(|named| {
                let name = str::from_utf8(named.name).unwrap();
                (name, &text[named.value])
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn json_forms_and_queries_name_their_values() {
        check(
            r#"{"a" : "x y", "b":12,"c":{"d":null}}"#,
            &[("a", "x y"), ("b", "12"), ("d", "null")],
        );
        check("a=1&b=%2B447&c=", &[("a", "1"), ("b", "447")]);
        check(r#"{"a":"\"q\"","b":"#, &[("a", r#"\"q\""#)]);
        check(
            r#"{"in":"{\"a\":\"x\"}"}"#,
            &[("in", r#"{\"a\":\"x\"}"#), ("a", "x")],
        );
        check("{\"a\":\"cut of", &[("a", "cut of")]);
        check(
            "http://h/p?n=+447#x",
            &[("http", "//h/p?n=+447#x"), ("n", "447#x")],
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(text in prop::collection::vec(any::<u8>(), 0..200)) {
            for named in named(&text) {
                prop_assert!(named.value.end <= text.len() && named.value.start < named.value.end);
            }
        }
    }
}
