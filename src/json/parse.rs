//! The strict reader: RFC 8259 and not a byte more, except a byte order mark in front.

use super::diagnosis::{Trouble, diagnose};
use super::grammar::{Container, Grammar, Step};
use super::tokens::Lexer;
use super::{Cause, ParseError, Token, TokenKind, Value, spelling};

/// How large a body may be. The depth is a byte, so that no tree overflows the stack of whoever walks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Open brackets at one time.
    pub depth: u8,
    /// Values, containers too.
    pub nodes: usize,
    /// Bytes of one text, name or number.
    pub string: usize,
}

impl Limits {
    /// What a server takes from strangers.
    pub const SERVER: Self = Self {
        depth: 64,
        nodes: 20_000,
        string: 64 * 1024,
    };
    /// What a client takes from the server that it chose.
    pub const CLIENT: Self = Self {
        depth: 127,
        nodes: 500_000,
        string: usize::MAX,
    };
}

/// Reads one JSON value.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, ParseError> {
    check_encoding(bytes)
        .and_then(|text| Reader::new(text, limits).read())
        .map_err(|(offset, cause)| ParseError::new(bytes, offset, cause))
}

fn check_encoding(bytes: &[u8]) -> Result<&str, Trouble> {
    // JSON begins with two ASCII characters or is a single one: a zero byte among them gives UTF-16 away.
    let is_utf16 = matches!(
        bytes,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..]
    );
    match str::from_utf8(bytes) {
        _ if is_utf16 => Err((0, Cause::Utf16)),
        Ok(text) => Ok(text),
        Err(error) => Err((error.valid_up_to(), Cause::InvalidUtf8)),
    }
}

struct Reader<'t> {
    text: &'t str,
    limits: &'t Limits,
    grammar: Grammar,
    nodes: usize,
    /// The containers that are open, outermost first.
    open: Vec<Value>,
    /// The names of the members whose values are still open.
    names: Vec<String>,
    /// The outermost value, once it is complete.
    whole: Option<Value>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, limits: &'t Limits) -> Self {
        Self {
            text,
            limits,
            grammar: Grammar::new(),
            nodes: 0,
            open: Vec::new(),
            names: Vec::new(),
            whole: None,
        }
    }

    fn read(mut self) -> Result<Value, Trouble> {
        let mut before = None;
        for token in Lexer::new(self.text.as_bytes()) {
            let Some(step) = self.grammar.step(token.kind) else {
                return Err(diagnose(self.text, self.grammar.due(), token, before));
            };
            self.take(step, token)?;
            before = Some(token);
        }
        let cause = if before.is_none() {
            Cause::Empty
        } else {
            Cause::UnexpectedEnd
        };
        self.whole.ok_or((self.text.len(), cause))
    }

    fn take(&mut self, step: Step, token: Token) -> Result<(), Trouble> {
        match step {
            Step::Open(container) => {
                self.count(token)?;
                let limit = self.limits.depth;
                if self.grammar.depth() > usize::from(limit) {
                    return Err((token.span.start, Cause::TooDeep { limit }));
                }
                self.open.push(match container {
                    Container::Object => Value::Object(Vec::new()),
                    Container::Array => Value::Array(Vec::new()),
                });
            }
            Step::Close => {
                if let Some(closed) = self.open.pop() {
                    self.put(closed);
                }
            }
            Step::Name => {
                let name = self.string(token)?;
                self.names.push(name);
            }
            Step::Scalar => {
                self.count(token)?;
                let value = self.scalar(token)?;
                self.put(value);
            }
            Step::Colon | Step::Comma => {}
        }
        Ok(())
    }

    /// Puts a complete value where it belongs.
    fn put(&mut self, value: Value) {
        match self.open.last_mut() {
            Some(Value::Array(items)) => items.push(value),
            Some(Value::Object(members)) => {
                members.extend(self.names.pop().map(|name| (name, value)));
            }
            _ => self.whole = Some(value),
        }
    }

    fn count(&mut self, token: Token) -> Result<(), Trouble> {
        self.nodes += 1;
        let limit = self.limits.nodes;
        if self.nodes > limit {
            return Err((token.span.start, Cause::TooManyValues { limit }));
        }
        Ok(())
    }

    fn scalar(&self, token: Token) -> Result<Value, Trouble> {
        Ok(match (token.kind, self.spelled(token)) {
            (TokenKind::Text, _) => Value::Text(self.string(token)?),
            (_, "true") => Value::Bool(true),
            (_, "false") => Value::Bool(false),
            (_, "null") => Value::Null,
            (_, number) => {
                self.check_length(token, number)?;
                Value::Number(number.to_owned())
            }
        })
    }

    fn string(&self, token: Token) -> Result<String, Trouble> {
        let spelled = self.spelled(token);
        let text = spelling::read(&spelled[1..spelled.len() - 1])
            .map_err(|(inside, cause)| (token.span.start + 1 + inside, cause))?;
        self.check_length(token, &text)?;
        Ok(text)
    }

    fn check_length(&self, token: Token, text: &str) -> Result<(), Trouble> {
        let limit = self.limits.string;
        if text.len() > limit {
            return Err((token.span.start, Cause::TextTooLong { limit }));
        }
        Ok(())
    }

    fn spelled(&self, token: Token) -> &'t str {
        &self.text[token.span.start..token.span.end]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{Whim, messy_bytes, spell, value};
    use super::*;

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
    fn a_value_is_read_as_it_was_meant() {
        let body = "\u{feff}{\"b\": [1.50, \"\\u20ac\"],\r\n\t\"a\": null, \"b\": {\"c\": true}}";
        let value = parse(body.as_bytes(), &Limits::SERVER).unwrap();
        let text = |text: &str| text.to_owned();
        assert_eq!(
            value,
            Value::Object(vec![
                (
                    text("b"),
                    Value::Array(vec![Value::Number(text("1.50")), Value::Text(text("€"))])
                ),
                (text("a"), Value::Null),
                (
                    text("b"),
                    Value::Object(vec![(text("c"), Value::Bool(true))])
                ),
            ])
        );
        let last = value.get("b").and_then(|last| last.get("c"));
        assert_eq!(
            last,
            Some(&Value::Bool(true)),
            "the last of the repeated names"
        );
        assert_eq!(value.get("d"), None);
    }

    #[test]
    fn text_that_is_no_text_is_named() {
        check(
            "{\"€\": \"\\ud800\"}",
            (9, 1, 8),
            "half of a surrogate pair",
        );
        check(
            "[\"\\udc00\\ud800\"]",
            (2, 1, 3),
            "half of a surrogate pair",
        );
        check("[\"\\x41\"]", (2, 1, 3), "unknown escape");
        check("[\"\x1b[2J\"]", (2, 1, 3), "control character in text");
        check("[\"a\nb\"]", (3, 1, 4), "control character in text");
        assert!(parse("[\"\u{7f}\u{9b}2J\"]".as_bytes(), &Limits::SERVER).is_ok());
    }

    #[test]
    fn bytes_that_are_not_utf8_are_named() {
        for wrong in [
            b"\xed\xa0\x80".as_slice(),
            b"\xed\xa0\xbd\xed\xb8\x80",
            b"\xc0\x80",
            b"\xc0\xaf",
            b"\xf4\x90\x80\x80",
            b"\xf8\x88\x80\x80\x80",
            b"\xe2\x82",
            b"\x80",
            b"\xfe",
            b"\xff",
            b"\x9b2J",
        ] {
            check([b"[\"", wrong, b"\"]"].concat(), (2, 1, 3), "invalid UTF-8");
        }
        check(b"\xff\xfe{\0}\0", (0, 1, 1), "UTF-16, not UTF-8");
        check(b"\0{\0}", (0, 1, 1), "UTF-16, not UTF-8");
        check(b"{\0}\0", (0, 1, 1), "UTF-16, not UTF-8");
    }

    #[test]
    fn limits_are_kept_to_the_last_one() {
        let limits = Limits {
            depth: 3,
            nodes: 5,
            string: 4,
        };
        let outcome =
            |body: &str| parse(body.as_bytes(), &limits).map_err(|error| error.to_string());
        assert!(outcome("[[[]]]").is_ok());
        assert_eq!(
            outcome("[[[[]]]]"),
            Err("too deep: more than 3 levels, line 1 column 4".to_owned())
        );
        assert!(outcome("[1,2,3,4]").is_ok());
        assert_eq!(
            outcome("[1,2,3,4,5]"),
            Err("too many values: more than 5, line 1 column 10".to_owned())
        );
        assert!(outcome("[\"\\u20acx\"]").is_ok());
        for long in ["[\"abcde\"]", "{\"abcde\":1}", "[12345]"] {
            let error = outcome(long).unwrap_err();
            assert!(
                error.starts_with("text too long: more than 4 bytes"),
                "{error}"
            );
        }
    }

    #[test]
    fn no_depth_overflows_the_stack() {
        let limits = Limits {
            depth: u8::MAX,
            ..Limits::CLIENT
        };
        for opening in ["[", "{\"a\":"] {
            let body = opening.repeat(100_000);
            let error = parse(body.as_bytes(), &limits).unwrap_err();
            assert_eq!(error.cause, Cause::TooDeep { limit: 255 });
        }
        let deepest = "[".repeat(255) + &"]".repeat(255);
        let value = parse(deepest.as_bytes(), &limits).unwrap();
        assert_eq!(value.canonical(), deepest.as_bytes());
    }

    #[test]
    fn a_large_token_is_read() {
        let body = format!("[\"{}\"]", "9".repeat(16 << 20));
        let value = parse(body.as_bytes(), &Limits::CLIENT).unwrap();
        assert_eq!(
            value.as_array().unwrap()[0].as_text().unwrap().len(),
            16 << 20
        );
    }

    proptest! {
        #[test]
        fn what_is_spelled_is_read_back(
            value in value(),
            whims in prop::collection::vec(any::<u8>(), 1..64),
        ) {
            let spelled = spell(&value, &mut Whim::new(&whims));
            prop_assert_eq!(parse(spelled.as_bytes(), &Limits::CLIENT), Ok(value));
        }

        /// Two readers that know nothing of each other agree. They may differ in a mark in front, in
        /// numbers that no float holds, and in what the limits cut.
        #[test]
        fn it_takes_exactly_what_another_strict_reader_takes(bytes in messy_bytes()) {
            let without_mark = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
            let other = serde_json::from_slice::<serde_json::Value>(without_mark);
            match (parse(&bytes, &Limits::CLIENT), other) {
                (Ok(_), Err(error)) => {
                    prop_assert!(error.to_string().contains("number out of range"), "{error}");
                }
                (Err(error), Ok(_)) => prop_assert!(false, "{error}"),
                (Ok(_), Ok(_)) => {}
                (Err(error), Err(_)) => prop_assert!(error.offset <= bytes.len()),
            }
        }
    }
}
