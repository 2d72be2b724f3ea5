//! One request as an HTTPie command line that sends the same bytes.

use std::fmt::Write as _;

use super::curl::{credentials, fits_in_a_word, is_carried, printf_format, whole_url, word};
use crate::exchange::{CALL_HEADER, Header, Request, header};

/// Headers that HTTPie makes by itself, and the one that names a call of ours.
const LEFT_OUT: [&str; 4] = ["authorization", "host", "content-length", CALL_HEADER];

/// What can stand between a name and a value: a header's value must not begin so, and a backslash before
/// one of them is taken away.
const SEPARATORS: [char; 4] = [':', '=', '@', ';'];

/// A line for a POSIX shell, under the rules of the [curl line](super::curl::command). `None` where the
/// method or a header is one that HTTPie cannot be given.
pub fn command(request: &Request) -> Option<String> {
    // Anything else it would take for the address.
    let is_method = |byte: u8| byte.is_ascii_alphabetic();
    if request.method.is_empty() || !request.method.bytes().all(is_method) {
        return None;
    }
    let url = whole_url(request);
    let body = request.body.kept.as_slice();
    let by_pipe = !body.is_empty() && !fits_in_a_word(body);
    let mut line = String::new();
    if by_pipe {
        let _ = write!(line, "printf {} | ", word(&printf_format(body)));
    }
    line.push_str("http");
    if !by_pipe {
        line.push_str(" --ignore-stdin");
    }
    let _ = write!(
        line,
        " --path-as-is -a {} {} {}",
        credentials(request, &url),
        word(&request.method),
        word(&url)
    );
    for header in request
        .headers
        .iter()
        .filter(|header| is_carried(header, &LEFT_OUT))
    {
        let _ = write!(line, " {}", word(&item(header)?));
    }
    if !body.is_empty() && header(&request.headers, "content-type").is_none() {
        // Or HTTPie would call it JSON.
        line.push_str(" 'Content-Type:'");
    }
    if let Some(text) = str::from_utf8(body).ok().filter(|text| !text.is_empty())
        && !by_pipe
    {
        let _ = write!(line, " --raw={}", word(text));
    }
    Some(line)
}

fn item(header: &Header) -> Option<String> {
    let value = str::from_utf8(&header.value).ok()?;
    let is_taken_away = |pair: &[char]| pair[0] == '\\' && SEPARATORS.contains(&pair[1]);
    let characters: Vec<char> = value.chars().collect();
    // A name that begins so would be an option.
    if header.name.starts_with('-')
        || value.contains('\0')
        || characters.windows(2).any(is_taken_away)
    {
        return None;
    }
    let name = &header.name;
    Some(if value.is_empty() {
        // With a colon HTTPie would leave the header out.
        format!("{name};")
    } else if value.starts_with(SEPARATORS) {
        format!("{name}:\\{value}")
    } else {
        format!("{name}:{value}")
    })
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::exchange::Body;

    fn request(headers: Vec<Header>, body: &[u8]) -> Request {
        Request {
            method: "POST".into(),
            url: "http://127.0.0.1:2646/v5/transaction".into(),
            headers,
            body: Body::whole(body),
        }
    }

    #[test]
    fn the_line_carries_everything_but_the_secret() {
        let headers = vec![
            Header::new("Authorization", "Basic c2VjcmV0"),
            Header::new("Accept", "application/json"),
            Header::new("Content-Type", "application/json"),
            Header::new("Prefer", "status=504"),
            Header::new("X-Empty", ""),
            Header::new("X-Odd", "=@a: b"),
            Header::new(CALL_HEADER, "0"),
        ];
        assert_eq!(
            command(&request(headers, br#"{"a":"it's"}"#)).unwrap(),
            "http --ignore-stdin --path-as-is -a sandbox:sandbox 'POST' \
             'http://127.0.0.1:2646/v5/transaction' 'Accept:application/json' \
             'Content-Type:application/json' 'Prefer:status=504' 'X-Empty;' 'X-Odd:\\=@a: b' \
             --raw='{\"a\":\"it'\\''s\"}'"
        );
        let mut elsewhere = request(vec![], b"");
        elsewhere.url = "https://api.bango.net/v5/transaction".into();
        let line = command(&elsewhere).unwrap();
        assert!(line.contains(" -a \"$BANGO_USERNAME:$BANGO_PASSWORD\" "));
    }

    #[test]
    fn what_httpie_cannot_be_given_has_no_line() {
        for value in [&b"a\\:b"[..], b"\xff", b"a\0"] {
            let headers = vec![Header::new("X-Note", value)];
            assert_eq!(command(&request(headers, b"")), None);
        }
        let option = vec![Header::new("-h", "1")];
        assert_eq!(command(&request(option, b"")), None);
        for method in ["", "M-SEARCH", "--help"] {
            let mut odd = request(vec![], b"");
            odd.method = method.into();
            assert_eq!(command(&odd), None);
        }
    }

    #[test]
    fn a_shell_gives_httpie_the_same_bytes() {
        let every: Vec<u8> = (0..=255).collect();
        let texts: [&[u8]; 5] = [
            b"it's\n%d\\n$(id)\r\n",
            b"-h",
            b"@/etc/passwd",
            "caf\u{e9} \u{202e}".as_bytes(),
            &every,
        ];
        let stub = "http() { case \"$*\" in *--ignore-stdin*) for last; do :; done; \
                    printf %s \"${last#--raw=}\";; *) cat;; esac; }; ";
        for body in texts {
            let line = command(&request(vec![], body)).unwrap();
            let script = format!("{stub}{line}");
            let output = Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(output.stdout, body, "{line}");
        }
    }
}
