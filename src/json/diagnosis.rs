//! What a person did who wrote a token where none of its kind fits.

use super::grammar::Due;
use super::{Cause, Token, TokenKind, spelling};

/// An offset and what is wrong there.
pub(super) type Trouble = (usize, Cause);

/// Says what is wrong with a token of `text` in the place of what is due, `before` being the token in
/// front of it.
pub(super) fn diagnose(text: &str, due: Due, token: Token, before: Option<Token>) -> Trouble {
    let start = token.span.start;
    let closes = matches!(token.kind, TokenKind::CloseObject | TokenKind::CloseArray);
    let (due, is_value) = match (due, before) {
        (Due::NextItem | Due::NextName, Some(comma)) if closes => {
            return (comma.span.start, Cause::TrailingComma);
        }
        (Due::Value | Due::FirstItem | Due::NextItem, _) => (Cause::ValueDue, true),
        (Due::FirstName | Due::NextName, _) => (Cause::NameDue, false),
        (Due::Colon, _) => (Cause::ColonDue, false),
        (Due::CommaOrClose, _) => (Cause::CommaDue, false),
        (Due::End, _) => (Cause::EndDue, false),
    };
    if token.kind != TokenKind::Broken {
        return (start, due);
    }
    let mut characters = text[start..token.span.end].chars();
    match (characters.next(), characters.next()) {
        (Some('"'), _) => open_text(text, token),
        (Some('/'), Some('/' | '*')) => (start, Cause::Comment),
        (Some('\''), _) => (start, Cause::SingleQuote),
        (Some(first), _) if is_smart_quote(first) => (start, Cause::SmartQuote),
        (Some('0'..='9' | '+' | '-' | '.'), _) if is_value => (start, Cause::NotANumber),
        (Some(first), _) if is_value && first.is_alphabetic() => (start, Cause::UnknownWord),
        _ => (start, due),
    }
}

const fn is_smart_quote(character: char) -> bool {
    matches!(
        character,
        '\u{ab}' | '\u{bb}' | '\u{2018}'..='\u{201f}' | '\u{2039}' | '\u{203a}'
    )
}

/// A text without its closing quote: it ends at the end of the line, or of everything.
fn open_text(text: &str, token: Token) -> Trouble {
    let end = token.span.end;
    match spelling::read(&text[token.span.start + 1..end]) {
        _ if end == text.len() => (end, Cause::UnexpectedEnd),
        Err((inside, cause)) => (token.span.start + 1 + inside, cause),
        Ok(_) => (end, Cause::ControlCharacter),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, parse};

    #[track_caller]
    fn check(body: impl AsRef<[u8]>, place: (usize, usize, usize), message: &str) {
        let body = body.as_ref();
        let error = parse(body, &Limits::SERVER).unwrap_err();
        assert_eq!(error.cause.to_string(), message, "{}", body.escape_ascii());
        assert_eq!(
            (error.offset, error.line, error.column),
            place,
            "{}",
            body.escape_ascii()
        );
    }

    #[test]
    fn habits_of_people_are_named() {
        check("{\n  \"a\": 1,\n}", (10, 2, 9), "trailing comma");
        check("[1, ]", (2, 1, 3), "trailing comma");
        check("{} // done", (3, 1, 4), "comment");
        check("{/* a */}", (1, 1, 2), "comment");
        check("{“a”: 1}", (1, 1, 2), "smart quote");
        check("{\"a\": ‘x’}", (6, 1, 7), "smart quote");
        check("{'a': 1}", (1, 1, 2), "single quote");
        check("{a: 1}", (1, 1, 2), "a name in double quotes is due");
        check("{\"a\": True}", (6, 1, 7), "unknown word");
        check("{\"a\": NaN}", (6, 1, 7), "unknown word");
        check("{\"a\": +1}", (6, 1, 7), "not a JSON number");
        check("{\"a\": .5}", (6, 1, 7), "not a JSON number");
        check("[01]", (1, 1, 2), "not a JSON number");
        check("{\"a\": 0,99}", (8, 1, 9), "a name in double quotes is due");
        check("{\"a\" 1}", (5, 1, 6), "a colon is due");
        check("{\"a\": }", (6, 1, 7), "a value is due");
        check(
            "{\"a\": 1 \"b\": 2}",
            (8, 1, 9),
            "a comma or a closing bracket is due",
        );
        check("[1}", (2, 1, 3), "a comma or a closing bracket is due");
        check("{} {}", (3, 1, 4), "more after the end");
        check("<html>", (0, 1, 1), "a value is due");
    }

    #[test]
    fn what_was_cut_is_named() {
        check("", (0, 1, 1), "nothing there");
        check("\u{feff} \n", (5, 2, 1), "nothing there");
        check("{\"a\": [1,", (9, 1, 10), "unexpected end");
        check("{\"a\": \"x", (8, 1, 9), "unexpected end");
        check("[\"x\\", (4, 1, 5), "unexpected end");
    }
}
