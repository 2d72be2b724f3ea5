//! A checker of HAR 1.2, written from the format's own text: every member it demands, with its type.

use serde_json::Value;

use super::*;

/// What a member has to be.
#[derive(Clone, Copy)]
enum Must {
    Text,
    /// A time of ISO 8601 with its zone.
    Time,
    /// A whole number.
    Integer,
    /// No less than nothing.
    Duration,
    /// The same, or -1.
    DurationOrUnknown,
    Object(&'static [Member]),
    Array(&'static [Member]),
}

struct Member(&'static str, bool, Must);

const NEEDED: bool = true;
const OPTIONAL: bool = false;

const NAMED: &[Member] = &[
    Member("name", NEEDED, Must::Text),
    Member("value", NEEDED, Must::Text),
    Member("comment", OPTIONAL, Must::Text),
];

const COOKIE: &[Member] = NAMED;

const LOG: &[Member] = &[
    Member("version", NEEDED, Must::Text),
    Member(
        "creator",
        NEEDED,
        Must::Object(&[
            Member("name", NEEDED, Must::Text),
            Member("version", NEEDED, Must::Text),
        ]),
    ),
    Member("pages", OPTIONAL, Must::Array(&[])),
    Member("entries", NEEDED, Must::Array(ENTRY)),
    Member("comment", OPTIONAL, Must::Text),
];

const ENTRY: &[Member] = &[
    Member("startedDateTime", NEEDED, Must::Time),
    Member("time", NEEDED, Must::Duration),
    Member(
        "request",
        NEEDED,
        Must::Object(&[
            Member("method", NEEDED, Must::Text),
            Member("url", NEEDED, Must::Text),
            Member("httpVersion", NEEDED, Must::Text),
            Member("cookies", NEEDED, Must::Array(COOKIE)),
            Member("headers", NEEDED, Must::Array(NAMED)),
            Member("queryString", NEEDED, Must::Array(NAMED)),
            Member(
                "postData",
                OPTIONAL,
                Must::Object(&[
                    Member("mimeType", NEEDED, Must::Text),
                    Member("text", NEEDED, Must::Text),
                ]),
            ),
            Member("headersSize", NEEDED, Must::Integer),
            Member("bodySize", NEEDED, Must::Integer),
            Member("comment", OPTIONAL, Must::Text),
        ]),
    ),
    Member(
        "response",
        NEEDED,
        Must::Object(&[
            Member("status", NEEDED, Must::Integer),
            Member("statusText", NEEDED, Must::Text),
            Member("httpVersion", NEEDED, Must::Text),
            Member("cookies", NEEDED, Must::Array(COOKIE)),
            Member("headers", NEEDED, Must::Array(NAMED)),
            Member(
                "content",
                NEEDED,
                Must::Object(&[
                    Member("size", NEEDED, Must::Integer),
                    Member("mimeType", NEEDED, Must::Text),
                    Member("text", OPTIONAL, Must::Text),
                    Member("encoding", OPTIONAL, Must::Text),
                ]),
            ),
            Member("redirectURL", NEEDED, Must::Text),
            Member("headersSize", NEEDED, Must::Integer),
            Member("bodySize", NEEDED, Must::Integer),
            Member("comment", OPTIONAL, Must::Text),
        ]),
    ),
    Member("cache", NEEDED, Must::Object(&[])),
    Member(
        "timings",
        NEEDED,
        Must::Object(&[
            Member("blocked", OPTIONAL, Must::DurationOrUnknown),
            Member("dns", OPTIONAL, Must::DurationOrUnknown),
            Member("connect", OPTIONAL, Must::DurationOrUnknown),
            Member("ssl", OPTIONAL, Must::DurationOrUnknown),
            Member("send", NEEDED, Must::Duration),
            Member("wait", NEEDED, Must::Duration),
            Member("receive", NEEDED, Must::Duration),
        ]),
    ),
];

impl Must {
    fn check(self, value: &Value) -> Result<(), String> {
        let number = || {
            value
                .as_f64()
                .ok_or_else(|| format!("{value} is no number"))
        };
        let holds = match self {
            Self::Text => value.is_string(),
            Self::Time => value
                .as_str()
                .is_some_and(|text| text.parse::<Timestamp>().is_ok()),
            Self::Integer => value.is_i64(),
            Self::Duration => number()? >= 0.0,
            Self::DurationOrUnknown => number()? >= 0.0 || value.as_i64() == Some(-1),
            Self::Object(members) => return object(value, members),
            Self::Array(members) => {
                let items = value.as_array().ok_or("no array")?;
                return items.iter().try_for_each(|item| object(item, members));
            }
        };
        holds.then_some(()).ok_or_else(|| format!("it is {value}"))
    }
}

/// Members of other programs begin with an underscore.
fn object(value: &Value, members: &[Member]) -> Result<(), String> {
    let object = value.as_object().ok_or("no object")?;
    for Member(name, needed, must) in members {
        match object.get(*name) {
            Some(value) => must.check(value).map_err(|why| format!("{name}: {why}"))?,
            None if *needed => return Err(format!("{name} is missing")),
            None => {}
        }
    }
    let known = |name: &String| {
        name.starts_with('_') || members.iter().any(|Member(known, ..)| known == name)
    };
    object
        .keys()
        .find(|name| !known(name))
        .map_or(Ok(()), |name| Err(format!("{name} is not in the format")))
}

/// A log as HAR 1.2 has it, or what is wrong.
fn valid(file: &Value) -> Result<(), String> {
    object(file, &[Member("log", NEEDED, Must::Object(LOG))])?;
    if file["log"]["version"] != "1.2" {
        return Err("another version".into());
    }
    for entry in file["log"]["entries"].as_array().ok_or("no entries")? {
        let timings = entry["timings"].as_object().ok_or("no timings")?;
        // `ssl` is a part of `connect`.
        let known = timings.iter().filter(|(name, _)| *name != "ssl");
        let sum: f64 = known
            .filter_map(|(_, value)| value.as_f64())
            .filter(|ms| *ms >= 0.0)
            .sum();
        let time = entry["time"].as_f64().ok_or("no time")?;
        if (sum - time).abs() > 0.0005 {
            return Err(format!("the timings make {sum}, not {time}"));
        }
        let url = entry["request"]["url"].as_str().ok_or("no url")?;
        url::Url::parse(url).map_err(|why| format!("{url}: {why}"))?;
    }
    Ok(())
}

fn log(words: &str) -> Value {
    let written = file(entries(words, &in_json(words)), Format::Har, People::Named);
    serde_json::from_slice(&written).unwrap()
}

#[test]
fn a_log_is_valid_whatever_the_words() {
    for text in corpus() {
        assert_eq!(valid(&log(&text)), Ok(()), "{}", text.escape_unicode());
    }
}

#[test]
fn a_pooled_connection_has_no_time_to_connect_and_no_answer_no_status() {
    let log = log("x");
    let entry = |number: usize| &log["log"]["entries"][number];
    assert_eq!(entry(0)["timings"]["connect"], serde_json::json!(0.2));
    assert_eq!(entry(0)["time"], serde_json::json!(3.1));
    assert_eq!(entry(1)["timings"]["connect"], -1);
    assert_eq!(entry(1)["response"]["status"], 0);
    assert_eq!(entry(2)["response"]["comment"], "not sent: x");
}

#[test]
fn control_a_log_that_breaks_the_format_is_caught() {
    for (pointer, wrong) in [
        ("/log/version", serde_json::json!("1.1")),
        ("/log/entries/0/time", serde_json::json!(7)),
        ("/log/entries/0/startedDateTime", serde_json::json!("today")),
        ("/log/entries/0/timings/wait", serde_json::json!(-1)),
        (
            "/log/entries/0/request/url",
            serde_json::json!("/v5/transaction"),
        ),
        (
            "/log/entries/0/response/content",
            serde_json::json!({"size": 1}),
        ),
        ("/log/entries/0/cache", Value::Null),
    ] {
        let mut log = log("x");
        *log.pointer_mut(pointer).unwrap() = wrong;
        assert!(valid(&log).is_err(), "{pointer}");
    }
}
