//! How a text is spelled between its quotes.

use super::Cause;

/// The text that is meant by what stands between two quotes; or what is wrong, and how many bytes in.
pub(super) fn read(spelled: &str) -> Result<String, (usize, Cause)> {
    let mut text = String::with_capacity(spelled.len());
    let mut rest = spelled;
    while let Some(stop) = rest.find(|character| character < ' ' || character == '\\') {
        text.push_str(&rest[..stop]);
        rest = &rest[stop..];
        let wrong = |cause| (spelled.len() - rest.len(), cause);
        if !rest.starts_with('\\') {
            return Err(wrong(Cause::ControlCharacter));
        }
        let (character, length) = escape(rest).map_err(wrong)?;
        text.push(character);
        rest = &rest[length..];
    }
    text.push_str(rest);
    Ok(text)
}

/// The character of the escape at the start of `rest`, and how long the escape is.
fn escape(rest: &str) -> Result<(char, usize), Cause> {
    let character = match rest.as_bytes().get(1) {
        Some(b'u') => return unicode_escape(rest),
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        _ => return Err(Cause::UnknownEscape),
    };
    Ok((character, 2))
}

fn unicode_escape(rest: &str) -> Result<(char, usize), Cause> {
    let unit = code_unit(rest).ok_or(Cause::UnknownEscape)?;
    if let Some(character) = char::from_u32(unit) {
        return Ok((character, 6));
    }
    // Half of a pair: a high one needs a low one right behind it.
    let low = code_unit(&rest[6..]).filter(|low| (0xdc00..0xe000).contains(low));
    low.filter(|_| unit < 0xdc00)
        .and_then(|low| char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)))
        .map(|character| (character, 12))
        .ok_or(Cause::HalfPair)
}

/// The number in `\uXXXX`.
fn code_unit(rest: &str) -> Option<u32> {
    let digits = rest.strip_prefix("\\u")?.get(..4)?;
    let all_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| all_hex)
}

/// Spells a text in its quotes in the one way that canonical JSON does: escapes only where JSON must.
pub(super) fn write(text: &str, to: &mut Vec<u8>) {
    to.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => to.extend([b'\\', byte]),
            0..=0x1f => to.extend(format!("\\u{byte:04x}").bytes()),
            _ => to.push(byte),
        }
    }
    to.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(spelled: &str, expected: Result<&str, (usize, Cause)>) {
        let expected = expected.map(str::to_owned);
        assert_eq!(read(spelled), expected, "{spelled:?}");
    }

    #[test]
    fn escapes_are_read() {
        check("plain €", Ok("plain €"));
        check(r#"\"\\\/\b\f\n\r\t"#, Ok("\"\\/\u{8}\u{c}\n\r\t"));
        check(r"\u0041\u20aC", Ok("A€"));
        check(r"\ud83d\uDE00", Ok("😀"));
        check("\u{7f}\u{9b}2J", Ok("\u{7f}\u{9b}2J"));
    }

    #[test]
    fn half_a_pair_is_named_with_its_place() {
        check(r"ab\ud800", Err((2, Cause::HalfPair)));
        check(r"\udc00", Err((0, Cause::HalfPair)));
        check(r"\udc00\ud800", Err((0, Cause::HalfPair)));
        check(r"\ud83dA", Err((0, Cause::HalfPair)));
        check(r"\ud83d\u0041", Err((0, Cause::HalfPair)));
        check(r"\ud83d\ud83d\ude00", Err((0, Cause::HalfPair)));
    }

    #[test]
    fn other_mistakes_are_named_with_their_place() {
        check("a\x1b[2J", Err((1, Cause::ControlCharacter)));
        check("a\tb", Err((1, Cause::ControlCharacter)));
        check(r"a\x41", Err((1, Cause::UnknownEscape)));
        check(r"\u12", Err((0, Cause::UnknownEscape)));
        check(r"\u+123", Err((0, Cause::UnknownEscape)));
        check(r"\u12€", Err((0, Cause::UnknownEscape)));
        check("\\", Err((0, Cause::UnknownEscape)));
    }
}
