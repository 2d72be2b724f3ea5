//! An answer as it leaves: status and exact body bytes, with the reason beside them.

use std::fmt::Write as _;

use super::reason::Reason;
use crate::api::ResponseCode;

/// What a request is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// JSON, as a single line.
    pub body: Vec<u8>,
    /// Why the request was refused, for the header and the activity.
    pub why: Option<String>,
    /// These are the stored bytes of an equal request.
    pub replayed: bool,
}

impl Answer {
    /// A success with the members that `extend` adds behind the envelope.
    pub(super) fn success(
        status: u16,
        code: &ResponseCode,
        message: &str,
        extend: impl FnOnce(Members) -> Members,
    ) -> Self {
        Self {
            status,
            body: extend(envelope(code, message)).finish(),
            why: None,
            replayed: false,
        }
    }

    /// A success that has nothing to tell.
    pub(super) fn done() -> Self {
        Self::success(200, &ResponseCode::Ok, "Success.", |members| members)
    }

    /// A refusal: the envelope and nothing else.
    pub fn refusal(reason: &Reason) -> Self {
        Self {
            status: reason.status(),
            body: envelope(&reason.code(), reason.message()).finish(),
            why: Some(reason.to_string()),
            replayed: false,
        }
    }

    /// The same bytes again.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            replayed: true,
            ..self.clone()
        }
    }
}

fn envelope(code: &ResponseCode, message: &str) -> Members {
    Members::new()
        .text("responseCode", code.as_str())
        .text("responseMessage", message)
}

/// Writes one JSON object, its members in the order given.
pub(super) struct Members(String);

impl Members {
    pub fn new() -> Self {
        Self(String::from("{"))
    }

    pub fn text(self, name: &str, value: &str) -> Self {
        self.raw(name, &quoted(value))
    }

    /// JSON `null` for `None`.
    pub fn optional(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self.raw(name, "null"),
        }
    }

    pub fn object(self, name: &str, members: Self) -> Self {
        let inner = members.close();
        self.raw(name, &inner)
    }

    /// A value that is JSON already.
    pub fn raw(mut self, name: &str, json: &str) -> Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        let _ = write!(self.0, "{}:{json}", quoted(name));
        self
    }

    pub fn close(mut self) -> String {
        self.0.push('}');
        self.0
    }

    fn finish(self) -> Vec<u8> {
        self.close().into_bytes()
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is always JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_holds_the_envelope_only() {
        let answer = Answer::refusal(&Reason::UnknownTransaction);
        assert_eq!(answer.status, 404);
        assert_eq!(
            String::from_utf8(answer.body).unwrap(),
            r#"{"responseCode":"NOT_FOUND","responseMessage":"Invalid transaction id."}"#
        );
    }

    #[test]
    fn members_keep_their_order_and_are_escaped() {
        let object = Members::new()
            .text("b", "\"\n")
            .optional("a", None)
            .object("parameters", Members::new());
        assert_eq!(object.close(), r#"{"b":"\"\n","a":null,"parameters":{}}"#);
    }
}
