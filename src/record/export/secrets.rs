//! Secrets in bytes of any kind, known by their names or by their shapes.

use super::named::named;
use crate::exchange::SECRET;

/// Ends of the names of secrets, in lower case, without `_` and `-`.
const SECRET_NAMES: [&str; 9] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "apikey",
    "privatekey",
    "token",
    "authorization",
    "cookie",
];

/// Characters of the shortest credential that is taken for one where nothing names it.
const SHORTEST: usize = 6;

/// A name in lower case, without what joins its words.
pub fn plain(name: &[u8]) -> String {
    let letters = name.iter().filter(|byte| byte.is_ascii_alphanumeric());
    letters
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect()
}

pub fn is_secret(name: &[u8]) -> bool {
    let name = plain(name);
    SECRET_NAMES.iter().any(|known| name.ends_with(known))
}

/// The bytes with the mark of a secret in the place of each: of values with such a name, of what follows
/// `Basic` or `Bearer`, and of user and password in an address.
pub fn without_secrets(bytes: &[u8]) -> Vec<u8> {
    let mut found: Vec<_> = named(bytes)
        .filter(|named| is_secret(named.name) && &bytes[named.value.clone()] != b"null")
        .map(|named| (named.value, named.bare_member))
        .collect();
    found.extend(credentials(bytes).map(|range| (range, false)));
    found.sort_by_key(|(range, _)| range.start);
    let mut kept = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for (range, bare) in found {
        if range.start < at {
            continue;
        }
        kept.extend_from_slice(&bytes[at..range.start]);
        let quote = if bare { "\"" } else { "" };
        kept.extend_from_slice(format!("{quote}{SECRET}{quote}").as_bytes());
        at = range.end;
    }
    kept.extend_from_slice(&bytes[at..]);
    kept
}

fn credentials(bytes: &[u8]) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..bytes.len()).filter_map(move |at| {
        let rest = &bytes[at..];
        let scheme = [&b"basic "[..], b"bearer "].into_iter().find(|scheme| {
            rest.len() > scheme.len() && rest[..scheme.len()].eq_ignore_ascii_case(scheme)
        });
        if let Some(scheme) = scheme {
            let of_it = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+/=-._~".contains(byte);
            let length = rest[scheme.len()..].iter().take_while(of_it).count();
            let start = at + scheme.len();
            let looks_made = |text: &[u8]| {
                let odd = |byte: &u8| byte.is_ascii_digit() || *byte == b'=';
                text.iter().any(odd) || text[1..].iter().any(u8::is_ascii_uppercase)
            };
            let is_credential = length >= SHORTEST && looks_made(&bytes[start..start + length]);
            return is_credential.then(|| start..start + length);
        }
        let authority = rest.strip_prefix(b"://")?;
        let length = authority
            .iter()
            .take_while(|byte| !byte.is_ascii_whitespace() && !b"/?#\"'<>\\".contains(byte))
            .count();
        let user = authority[..length].iter().rposition(|byte| *byte == b'@')?;
        (user > 0).then(|| at + 3..at + 3 + user)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let without = without_secrets(text.as_bytes());
        assert_eq!(String::from_utf8(without).unwrap(), expected);
    }

    #[test]
    fn secrets_are_known_by_name_and_by_shape() {
        check(
            r#"{"password":"pa\"ss","a":1}"#,
            r#"{"password":"‹secret›","a":1}"#,
        );
        check(
            r#"{"api_key": 12, "clientSecret": null}"#,
            r#"{"api_key": "‹secret›", "clientSecret": null}"#,
        );
        check(
            "user=u&access-token=abc&x=1",
            "user=u&access-token=‹secret›&x=1",
        );
        check(
            "it said: Bearer abc.def-1 twice",
            "it said: Bearer ‹secret› twice",
        );
        check("http://me:pass@h/x?a@b", "http://‹secret›@h/x?a@b");
        check(
            r#"{"in":"{\"password\":\"x\"}"}"#,
            r#"{"in":"{\"password\":\"‹secret›\"}"}"#,
        );
    }

    #[test]
    fn what_only_looks_like_a_secret_stays() {
        for text in [
            r#"{"paymentItems":[{"itemName":"A basic set: tokens"},{"itemName":"Basic Subscription"}]}"#,
            "http://127.0.0.1:2646/pages/5f3a",
            "the secret of it",
        ] {
            check(text, text);
        }
    }
}
