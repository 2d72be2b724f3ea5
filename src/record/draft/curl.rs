//! A curl command line, read as a shell and curl would read it, as far as it says what is sent.

use super::DraftError;
use crate::exchange::{Body, Header, Request};

/// Options with a value that says nothing about the request.
const WITH_VALUE: [&str; 13] = [
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
    "-c",
    "-x",
];

/// What the command sends; its credentials are left out.
pub fn read(line: &str) -> Result<Request, DraftError> {
    let words = words(line)?;
    let mut words = words.into_iter();
    if words.next().as_deref() != Some("curl") {
        return Err(DraftError::NotCurl);
    }
    let (mut method, mut url, mut headers, mut body) = (None, None, Vec::new(), None);
    while let Some(word) = words.next() {
        let (option, mut attached) = split(&word);
        let mut value = || attached.take().or_else(|| words.next()).unwrap_or_default();
        match option {
            "-X" | "--request" => method = Some(value()),
            "-H" | "--header" => headers.extend(header(&value())),
            "-d" | "--data" | "--data-ascii" | "--data-binary" | "--json" => {
                let text = value();
                if let Some(file) = text.strip_prefix('@') {
                    return Err(DraftError::BodyElsewhere(file.to_owned()));
                }
                add(&mut body, &text);
            }
            "--data-raw" => add(&mut body, &value()),
            "--url" => url = Some(value()),
            _ if WITH_VALUE.contains(&option) => {
                value();
            }
            _ if option.starts_with('-') => {}
            _ => url = url.or(Some(word.clone())),
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

/// `-XPUT` is `-X PUT`, `--request=PUT` is none of curl's ways.
fn split(word: &str) -> (&str, Option<String>) {
    let short = word.len() > 2 && word.starts_with('-') && !word.starts_with("--");
    match word.get(..2).filter(|_| short) {
        Some(option @ ("-X" | "-H" | "-d" | "-u" | "-o" | "-A" | "-m")) => {
            (option, Some(word[2..].to_owned()))
        }
        _ => (word, None),
    }
}

fn header(text: &str) -> Option<Header> {
    let (name, value) = text.split_once(':')?;
    Some(Header::new(name.trim(), value.trim()))
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
                let text = word.get_or_insert_default();
                loop {
                    match letters.next().ok_or(DraftError::OpenQuote)? {
                        '\'' => break,
                        '\\' => text.push(escaped(letters.next().ok_or(DraftError::OpenQuote)?)),
                        letter => text.push(letter),
                    }
                }
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

const fn escaped(letter: char) -> char {
    match letter {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        letter => letter,
    }
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
            "curl -o /dev/null -w '%{http_code}' http://h/x",
            "GET",
            "http://h/x",
            "",
        );
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
        ] {
            assert_eq!(read(line), Err(error), "{line}");
        }
    }
}
