//! One request as a curl command line that sends the same bytes.

use std::fmt::Write as _;

use crate::exchange::{CALL_HEADER, Header, Request, SECRET, header};
use crate::record::exchanged::Exchanged;
use crate::text::Foreign;

use super::words;

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

/// A line for a POSIX shell. Credentials are the sandbox's default or names of variables, never a
/// secret; of a body that was cut, what was kept.
pub fn command(request: &Request) -> String {
    let url = whole_url(request);
    let body = request.body.kept.as_slice();
    let mut line = String::new();
    if !body.is_empty() && !fits_in_a_word(body) {
        // No argument can carry these bytes; a pipe can.
        let _ = write!(line, "printf {} | ", word(&printf_format(body)));
    }
    let _ = write!(
        line,
        "curl -sS -g -X {} {}",
        word(&request.method),
        word(&url)
    );
    let _ = write!(line, " -u {}", credentials(request, &url));
    for header in request
        .headers
        .iter()
        .filter(|header| is_carried(header, &LEFT_OUT))
    {
        let _ = write!(line, " -H {}", header_word(header));
    }
    if !body.is_empty() {
        if header(&request.headers, "content-type").is_none() {
            // Or curl would call it a form.
            line.push_str(" -H 'Content-Type:'");
        }
        match str::from_utf8(body) {
            // Plain `--data` would read a file where the body begins with `@`.
            Ok(text) if fits_in_a_word(body) => {
                let _ = write!(line, " --data-raw {}", word(text));
            }
            _ => line.push_str(" --data-binary @-"),
        }
    }
    line
}

/// A script that sends these once more, in their order. What came to an address of ours is left out.
pub fn script(exchanges: &[Exchanged]) -> String {
    let mut script = String::from("#!/bin/sh\n");
    for exchanged in exchanges.iter().filter(|exchanged| !exchanged.is_one_way()) {
        // A newline would end the comment: there is none in a title.
        let title = words::title(exchanged);
        let _ = write!(script, "\n# {title}\n{}\n", command(&exchanged.request));
    }
    script
}

/// What another program sent names its host in a header.
pub(super) fn whole_url(request: &Request) -> String {
    match header(&request.headers, "host") {
        Some(host) if request.url.starts_with('/') => {
            format!("http://{}{}", String::from_utf8_lossy(host), request.url)
        }
        _ => request.url.clone(),
    }
}

/// Only a sandbox of ours is told call ids, and tells of other programs' calls; any other server on this
/// machine may be a gateway to somewhere else.
pub(super) fn credentials(request: &Request, url: &str) -> &'static str {
    let host = url
        .strip_prefix("http://")
        .and_then(|rest| rest.split(['/', ':']).next());
    let is_ours = header(&request.headers, CALL_HEADER).is_some() || request.url.starts_with('/');
    if is_ours && matches!(host, Some("127.0.0.1" | "localhost")) {
        SANDBOX
    } else {
        "\"$BANGO_USERNAME:$BANGO_PASSWORD\""
    }
}

/// Whether a line names the header: it holds no secret, and the program does not make it by itself.
pub(super) fn is_carried(header: &Header, left_out: &[&str]) -> bool {
    let left_out = left_out
        .iter()
        .any(|name| name.eq_ignore_ascii_case(&header.name));
    !left_out && header.value != SECRET.as_bytes()
}

fn header_word(header: &Header) -> String {
    if header.value.is_empty() {
        // With a colon curl would leave the header out.
        return word(&format!("{};", header.name));
    }
    let text = [header.name.as_bytes(), b": ", &header.value].concat();
    match str::from_utf8(&text) {
        Ok(text) if fits_in_a_word(text.as_bytes()) => word(text),
        _ => format!("\"$(printf {})\"", word(&printf_format(&text))),
    }
}

pub(super) fn fits_in_a_word(bytes: &[u8]) -> bool {
    !bytes.contains(&0) && str::from_utf8(bytes).is_ok()
}

/// One word of the shell, of a text without NUL.
pub(super) fn word(text: &str) -> String {
    let quoted = Foreign::from(text).for_shell().unwrap_or_default();
    String::from_utf8_lossy(&quoted).into_owned()
}

/// A format from which `printf` makes these bytes.
pub(super) fn printf_format(bytes: &[u8]) -> String {
    let mut format = String::with_capacity(bytes.len());
    for (position, &byte) in bytes.iter().enumerate() {
        match byte {
            // Or it would begin an option.
            b'-' if position == 0 => format.push_str("\\055"),
            b'%' => format.push_str("%%"),
            b'\\' => format.push_str("\\\\"),
            b' '..=b'~' => format.push(char::from(byte)),
            _ => {
                let _ = write!(format, "\\{byte:03o}");
            }
        }
    }
    format
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;
    use crate::exchange::Body;

    fn request(headers: Vec<Header>, body: &[u8]) -> Request {
        Request {
            method: "DELETE".into(),
            url: "http://127.0.0.1:2646/v5/transaction/1".into(),
            headers,
            body: Body::whole(body),
        }
    }

    #[test]
    fn the_line_carries_everything_but_the_secret() {
        let headers = vec![
            Header::new("Authorization", "Basic c2VjcmV0"),
            Header::new("Cookie", "c=1"),
            Header::new("Content-Type", "application/json"),
            Header::new(CALL_HEADER, "0"),
        ];
        assert_eq!(
            command(&request(headers, br#"{"a":"it's"}"#)),
            "curl -sS -g -X 'DELETE' 'http://127.0.0.1:2646/v5/transaction/1' -u sandbox:sandbox \
             -H 'Content-Type: application/json' --data-raw '{\"a\":\"it'\\''s\"}'"
        );
    }

    #[test]
    fn another_host_gets_the_names_of_variables() {
        for url in [
            "https://api.bango.net/v5/identity",
            "http://127.0.0.1.example/v5",
        ] {
            let mut request = request(vec![], b"");
            request.url = url.into();
            assert!(command(&request).contains(" -u \"$BANGO_USERNAME:$BANGO_PASSWORD\""));
        }
    }

    #[test]
    fn another_programs_request_goes_to_the_host_that_it_named() {
        let mut request = request(vec![Header::new("Host", "localhost:2646")], b"");
        request.url = "/v5/transaction/1".into();
        assert!(command(&request).contains("'http://localhost:2646/v5/transaction/1'"));
    }

    /// What a real shell gives to curl: its arguments and, where the body comes by pipe, the body.
    fn run(shell: &str, line: &str) -> (Vec<Vec<u8>>, Vec<u8>) {
        let stub =
            r#"curl() { printf '%s\0' "$@"; case "$*" in *" @-") printf '\n--\n'; cat;; esac; }; "#;
        let output = Command::new(shell)
            .arg("-c")
            .arg(format!("{stub}{line}"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{line}");
        let (arguments, body) = if line.ends_with(" @-") {
            let last = b"@-\0\n--\n";
            let start = output
                .stdout
                .windows(last.len())
                .position(|window| window == last);
            let (arguments, body) = output.stdout.split_at(start.unwrap() + 3);
            (arguments.to_vec(), body[4..].to_vec())
        } else {
            (output.stdout, vec![])
        };
        let mut words: Vec<_> = arguments
            .split(|&byte| byte == 0)
            .map(<[u8]>::to_vec)
            .collect();
        words.pop();
        (words, body)
    }

    fn check(body: &[u8], value: &[u8]) {
        for shell in ["sh", "bash", "zsh"] {
            let is_there = Command::new(shell).args(["-c", "exit"]).status().is_ok();
            if is_there || shell == "sh" {
                check_in(shell, body, value);
            }
        }
    }

    fn check_in(shell: &str, body: &[u8], value: &[u8]) {
        let headers = vec![
            Header::new("Content-Type", "application/json"),
            Header::new("X-Note", value),
        ];
        let (words, piped) = run(shell, &command(&request(headers, body)));
        let after = |option: &[u8]| {
            words
                .iter()
                .skip_while(|word| *word != option)
                .nth(1)
                .cloned()
        };
        let sent = after(b"--data-raw").unwrap_or(piped);
        assert_eq!(sent, body);
        let note = if value.is_empty() {
            b"X-Note;".to_vec()
        } else {
            [b"X-Note: ", value].concat()
        };
        assert!(words.contains(&note), "{words:?}");
    }

    #[test]
    fn a_shell_gives_curl_the_same_bytes() {
        let every: Vec<u8> = (0..=255).collect();
        check(&every, b"");
        check(b"@/etc/passwd", b"$HOME `id` \"'\\");
        check(b"it's\n%d\\n$(id)\r\n", &every[128..]);
        check("caf\u{e9} \u{202e}".as_bytes(), b"%s %% \\033");
        check(b"-\x80", b"a");
        check(b"", b"a");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn any_body_survives(body in proptest::collection::vec(any::<u8>(), 0..60)) {
            check(&body, b"x");
        }
    }
}
