//! A curl command line, read as a shell and curl would read it, as far as it says what is sent.

use std::iter::Peekable;
use std::str::Chars;

use super::DraftError;
use crate::exchange::{Body, Header, Request};

/// Options with a value that says nothing about the request.
const WITH_VALUE: [&str; 36] = [
    "-u",
    "--user",
    "-o",
    "--output",
    "-A",
    "--user-agent",
    "-m",
    "--max-time",
    "-w",
    "--write-out",
    "-b",
    "--cookie",
    "-c",
    "--cookie-jar",
    "-x",
    "--proxy",
    "-U",
    "--proxy-user",
    "--oauth2-bearer",
    "-E",
    "--cert",
    "--key",
    "-D",
    "--dump-header",
    "-e",
    "--referer",
    "--connect-timeout",
    "--retry",
    "--retry-delay",
    "--retry-max-time",
    "--max-redirs",
    "--limit-rate",
    "--resolve",
    "--connect-to",
    "--cacert",
    "--capath",
];

/// Options that make another request of it than the ones that are read here.
const OTHERWISE: [&str; 14] = [
    "-G",
    "--get",
    "-I",
    "--head",
    "-F",
    "--form",
    "-T",
    "--upload-file",
    "-K",
    "--config",
    "-:",
    "--next",
    "--data-urlencode",
    "--url-query",
];

/// What the command sends; its credentials are left out.
pub fn read(line: &str) -> Result<Request, DraftError> {
    let words = words(line)?;
    let mut words = words.into_iter().take_while(|word| word != "|");
    if words.next().as_deref() != Some("curl") {
        return Err(DraftError::NotCurl);
    }
    let (mut method, mut url, mut headers, mut body) = (None, None, Vec::new(), None);
    while let Some(word) = words.next() {
        for (option, mut attached) in options(&word) {
            let option = option.as_str();
            let mut value = || attached.take().or_else(|| words.next()).unwrap_or_default();
            match option {
                "-X" | "--request" => method = Some(value()),
                "-H" | "--header" => headers.push(header(&value())?),
                "-d" | "--data" | "--data-ascii" | "--data-binary" | "--json" => {
                    let text = value();
                    if let Some(file) = text.strip_prefix('@') {
                        return Err(DraftError::BodyElsewhere(file.to_owned()));
                    }
                    add(&mut body, &text);
                }
                "--data-raw" => add(&mut body, &value()),
                "--url" if url.is_none() => url = Some(value()),
                _ if OTHERWISE.contains(&option) => {
                    return Err(DraftError::Unclear(option.to_owned()));
                }
                _ if WITH_VALUE.contains(&option) => {
                    value();
                }
                _ if option.starts_with('-') && option != "--url" => {}
                _ if url.is_none() => url = Some(option.to_owned()),
                _ => return Err(DraftError::Stray),
            }
        }
    }
    let default = if body.is_some() { "POST" } else { "GET" };
    Ok(Request {
        method: method.unwrap_or_else(|| default.to_owned()),
        url: url.ok_or(DraftError::NoAddress)?,
        headers,
        body: Body::whole(body.unwrap_or_default()),
    })
}

/// The options of a word, the last one perhaps with its value: `-sSXPUT` is `-s -S -X PUT`. What is no
/// option stands for itself, and `--request=PUT` is none of curl's ways.
fn options(word: &str) -> Vec<(String, Option<String>)> {
    let letters = word.strip_prefix('-').unwrap_or_default();
    if letters.is_empty() || letters.starts_with('-') {
        return vec![(word.to_owned(), None)];
    }
    let mut options = vec![];
    for (at, letter) in letters.char_indices() {
        let option = format!("-{letter}");
        let takes_value =
            ["-X", "-H", "-d"].contains(&option.as_str()) || WITH_VALUE.contains(&option.as_str());
        let rest = &letters[at + letter.len_utf8()..];
        let value = Some(rest.to_owned()).filter(|rest| takes_value && !rest.is_empty());
        options.push((option, value));
        if takes_value {
            break;
        }
    }
    options
}

/// `Name: value`, or `Name;` for one without a value. What is neither is not quoted: it may be a secret.
fn header(text: &str) -> Result<Header, DraftError> {
    let empty = || text.strip_suffix(';').map(|name| (name, ""));
    let pair = text.split_once(':').or_else(empty);
    let (name, value) = pair.ok_or_else(|| DraftError::Unclear("-H".to_owned()))?;
    Ok(Header::new(name.trim(), value.trim()))
}

/// Several bodies are joined, as forms would be.
fn add(body: &mut Option<String>, text: &str) {
    match body {
        Some(body) => {
            body.push('&');
            body.push_str(text);
        }
        None => *body = Some(text.to_owned()),
    }
}

/// The words of a shell command: quotes, backslashes, `$'…'` and lines that go on. Variables stay as they
/// are: whose they are is not known here.
fn words(line: &str) -> Result<Vec<String>, DraftError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => {
                let text = word.get_or_insert_default();
                loop {
                    match letters.next().ok_or(DraftError::OpenQuote)? {
                        '\'' => break,
                        letter => text.push(letter),
                    }
                }
            }
            '"' => {
                let text = word.get_or_insert_default();
                loop {
                    match letters.next().ok_or(DraftError::OpenQuote)? {
                        '"' => break,
                        '\\' => match letters.next().ok_or(DraftError::OpenQuote)? {
                            '\n' => {}
                            letter @ ('"' | '\\' | '$' | '`') => text.push(letter),
                            letter => text.extend(['\\', letter]),
                        },
                        letter => text.push(letter),
                    }
                }
            }
            '$' if letters.peek() == Some(&'\'') => {
                letters.next();
                word.get_or_insert_default()
                    .push_str(&escapes(&mut letters)?);
            }
            '\\' => match letters.next() {
                Some('\n') | None => {}
                Some('\r') if letters.next_if_eq(&'\n').is_some() => {}
                Some(letter) => word.get_or_insert_default().push(letter),
            },
            letter if letter.is_whitespace() => words.extend(word.take()),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Ok(words)
}

/// The rest of a `$'…'`. Its `\x` and `\341` are bytes, several of which may be one character.
fn escapes(letters: &mut Peekable<Chars<'_>>) -> Result<String, DraftError> {
    let mut bytes = Vec::new();
    loop {
        match letters.next().ok_or(DraftError::OpenQuote)? {
            '\'' => break,
            '\\' => escaped(letters, &mut bytes)?,
            letter => push(&mut bytes, letter),
        }
    }
    String::from_utf8(bytes).map_err(|_| unclear_escape())
}

/// What follows a backslash.
fn escaped(letters: &mut Peekable<Chars<'_>>, bytes: &mut Vec<u8>) -> Result<(), DraftError> {
    let letter = letters.next().ok_or(DraftError::OpenQuote)?;
    let hex = |letters: &mut Peekable<Chars<'_>>, most| {
        let digits = std::iter::from_fn(|| letters.next_if(char::is_ascii_hexdigit));
        let digits: String = digits.take(most).collect();
        u32::from_str_radix(&digits, 16).map_err(|_| unclear_escape())
    };
    match letter {
        'n' => bytes.push(b'\n'),
        'r' => bytes.push(b'\r'),
        't' => bytes.push(b'\t'),
        'a' => bytes.push(0x07),
        'b' => bytes.push(0x08),
        'e' | 'E' => bytes.push(0x1b),
        'f' => bytes.push(0x0c),
        'v' => bytes.push(0x0b),
        'x' => bytes.push(byte(hex(letters, 2)?)?),
        '0'..='7' => {
            let first = letter.to_digit(8).unwrap_or(0);
            let rest = std::iter::from_fn(|| letters.next_if(|letter| letter.is_digit(8)));
            let value = rest.take(2).fold(first, |value, digit| {
                value * 8 + digit.to_digit(8).unwrap_or(0)
            });
            bytes.push(byte(value)?);
        }
        'u' | 'U' => {
            let most = if letter == 'u' { 4 } else { 8 };
            let character = char::from_u32(hex(letters, most)?);
            push(bytes, character.ok_or_else(unclear_escape)?);
        }
        letter => push(bytes, letter),
    }
    Ok(())
}

fn byte(value: u32) -> Result<u8, DraftError> {
    u8::try_from(value).map_err(|_| unclear_escape())
}

fn push(bytes: &mut Vec<u8>, letter: char) {
    bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
}

fn unclear_escape() -> DraftError {
    DraftError::Unclear("an escape in $'…'".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, method: &str, url: &str, body: &str) {
        let request = read(line).unwrap();
        let sent = String::from_utf8(request.body.kept).unwrap();
        assert_eq!(
            (request.method.as_str(), request.url.as_str(), sent.as_str()),
            (method, url, body)
        );
    }

    #[test]
    fn lines_as_people_and_documents_write_them() {
        check(
            "curl http://h/v5/transaction/1",
            "GET",
            "http://h/v5/transaction/1",
            "",
        );
        check(
            "curl -XPUT 'http://h/v5/transaction/1' -u a:b",
            "PUT",
            "http://h/v5/transaction/1",
            "",
        );
        check(
            "curl -sS --request POST \\\n  --url http://h/v5/identity \\\n  -d '{\"a\": \"it'\\''s\"}'",
            "POST",
            "http://h/v5/identity",
            "{\"a\": \"it's\"}",
        );
        check(
            "curl \"http://h/v5/identity\" --data-raw $'{\"a\":\\'\\n\\'}' --compressed",
            "POST",
            "http://h/v5/identity",
            "{\"a\":'\n'}",
        );
        check(
            "curl -o /dev/null -w '%{http_code}' http://h/x | jq .responseCode",
            "GET",
            "http://h/x",
            "",
        );
        check(
            "curl http://h/v5/transaction/1 -sSX DELETE --connect-timeout 5",
            "DELETE",
            "http://h/v5/transaction/1",
            "",
        );
        check(
            "curl http://h/x -kd $'{\"a\":\"\\u0021\\x41B\"}'",
            "POST",
            "http://h/x",
            "{\"a\":\"!AB\"}",
        );
        check(
            "curl http://h/x -d $'\\xc3\\xa9 \\303\\251 \\e'",
            "POST",
            "http://h/x",
            "é é \u{1b}",
        );
        check(
            "curl http://h/x --cookie SECRET --oauth2-bearer SECRET --proxy p:1 -X PUT",
            "PUT",
            "http://h/x",
            "",
        );
    }

    #[test]
    fn a_header_without_a_value_stays() {
        let request = read("curl http://h/x -H 'Prefer;'").unwrap();
        assert_eq!(request.headers, [Header::new("Prefer", "")]);
    }

    #[test]
    fn headers_are_kept_and_credentials_are_not() {
        let request =
            read("curl http://h/x -H 'Prefer: status=504' -H 'Authorization: Basic eDp5'");
        let headers = request.unwrap().headers;
        assert_eq!(headers[0], Header::new("Prefer", "status=504"));
        assert!(!format!("{headers:?}").contains("eDp5"));
    }

    #[test]
    fn a_header_among_letters_is_not_lost() {
        let request = read("curl http://h/x -X PUT -sH 'Prefer: status=504'").unwrap();
        assert_eq!(request.headers, [Header::new("Prefer", "status=504")]);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (line, error) in [
            ("wget http://h/x", DraftError::NotCurl),
            ("curl 'http://h/x", DraftError::OpenQuote),
            (
                "curl -d @body.json http://h/x",
                DraftError::BodyElsewhere("body.json".into()),
            ),
            (
                "curl --data-binary @- http://h/x",
                DraftError::BodyElsewhere("-".into()),
            ),
            ("curl -X PUT", DraftError::NoAddress),
            (
                "curl -G http://h/x -d a=1",
                DraftError::Unclear("-G".into()),
            ),
            (
                "curl -H @headers http://h/x",
                DraftError::Unclear("-H".into()),
            ),
            (
                "curl -H 'Authorization Basic eDp5' http://h/x",
                DraftError::Unclear("-H".into()),
            ),
            ("curl http://h/x && curl http://h/y", DraftError::Stray),
            (
                "curl http://h/x -d $'\\xc3'",
                DraftError::Unclear("an escape in $'…'".into()),
            ),
            (
                "curl http://h/x -d $'\\ud83d\\ude00'",
                DraftError::Unclear("an escape in $'…'".into()),
            ),
        ] {
            assert_eq!(read(line), Err(error), "{line}");
        }
    }
}
