//! One request as a curl command line that sends the same bytes.

use crate::exchange::{CALL_HEADER, Request};
use crate::text::Foreign;

/// Headers that curl makes by itself, and the one that names a call of ours.
const LEFT_OUT: [&str; 5] = [
    "authorization",
    "host",
    "content-length",
    "accept",
    CALL_HEADER,
];

/// The credentials of every sandbox that was not told others.
const SANDBOX: &str = "sandbox:sandbox";

/// A POSIX shell line. Credentials are the sandbox's default or names of variables, never a secret.
pub fn command(request: &Request) -> String {
    let mut line = format!(
        "curl -sS -X {} {}",
        word(&request.method),
        word(&request.url)
    );
    let loopback =
        request.url.starts_with("http://127.0.0.1") || request.url.starts_with("http://localhost");
    line.push_str(" -u ");
    line.push_str(if loopback {
        SANDBOX
    } else {
        "\"$BANGO_USERNAME:$BANGO_PASSWORD\""
    });
    for header in &request.headers {
        if LEFT_OUT
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&header.name))
        {
            continue;
        }
        let mut text = format!("{}: ", header.name).into_bytes();
        text.extend(&header.value);
        line.push_str(" -H ");
        line.push_str(&word(text));
    }
    if !request.body.is_empty() {
        line.push_str(" --data-binary ");
        line.push_str(&word(request.body.kept.as_slice()));
    }
    line
}

/// One word of the shell. What no argument can hold (a NUL) ends it.
fn word(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref();
    let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    let quoted = Foreign::new(bytes).for_shell().unwrap_or_default();
    String::from_utf8_lossy(&quoted).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Body, Header};

    #[test]
    fn the_line_carries_everything_but_the_secret() {
        let request = Request {
            method: "DELETE".into(),
            url: "http://127.0.0.1:2646/v5/transaction/1".into(),
            headers: vec![
                Header::new("Authorization", "Basic c2VjcmV0"),
                Header::new("Content-Type", "application/json"),
                Header::new(CALL_HEADER, "0"),
            ],
            body: Body::whole(r#"{"a":"it's"}"#),
        };
        assert_eq!(
            command(&request),
            "curl -sS -X 'DELETE' 'http://127.0.0.1:2646/v5/transaction/1' -u sandbox:sandbox \
             -H 'Content-Type: application/json' --data-binary '{\"a\":\"it'\\''s\"}'"
        );
    }
}
