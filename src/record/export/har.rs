//! HTTP Archive 1.2: the log that browsers and HTTP tools read.
//!
//! What the format has no place for stands in `_bango`, so that [`read()`] gives back what [`write()`] was
//! given. Durations are in milliseconds, -1 where nobody measured.

mod read;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value, json};
use url::form_urlencoded;

use super::{curl::whole_url, words};
use crate::api::Operation;
use crate::exchange::{CallId, Epoch, Header, Outcome, Phases, Request, Response, header};
use crate::record::exchanged::Exchanged;

pub use read::read;

pub const CREATOR: &str = "bango";

/// Of a body whose type nobody named.
const UNKNOWN: &str = "x-unknown";

/// What a HAR cannot say of an exchange.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Beside {
    way: Way,
    epoch: Epoch,
    call: Option<CallId>,
    operation: Option<Operation>,
    why: Option<String>,
    /// Of a call without an answer.
    outcome: Option<Outcome>,
    /// Of one with an answer.
    phases: Option<Phases>,
}

/// Which way it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Way {
    /// A call of ours.
    Ours,
    /// Another program's call to our sandbox.
    Seen,
    /// It came to an address of ours.
    Arrived,
    /// Our sandbox told somebody.
    Notified,
}

pub fn write(exchanges: &[Exchanged]) -> Vec<u8> {
    let log = json!({"log": {
        "version": "1.2",
        "creator": {"name": CREATOR, "version": env!("CARGO_PKG_VERSION")},
        "entries": exchanges.iter().map(entry).collect::<Vec<_>>(),
        "comment": "Heads are rebuilt from the HTTP library; secrets are left out.",
    }});
    let mut text = serde_json::to_vec_pretty(&log).expect("texts, numbers and lists of them");
    text.push(b'\n');
    text
}

fn entry(exchanged: &Exchanged) -> Value {
    let (response, phases) = match &exchanged.outcome {
        Some(Outcome::Answered { response, phases }) => (answered(response), Some(*phases)),
        Some(Outcome::Cut { phases, .. }) => (nothing(exchanged), Some(*phases)),
        Some(Outcome::NotSent { .. }) | None => (nothing(exchanged), None),
    };
    let timings = Timings::of(phases.unwrap_or_default());
    json!({
        "startedDateTime": exchanged.at.to_string(),
        "time": number(timings.sum()),
        "request": request(&exchanged.request),
        "response": response,
        "cache": {},
        "timings": timings.json(),
        "_bango": beside(exchanged),
    })
}

fn beside(exchanged: &Exchanged) -> Beside {
    let way = match (exchanged.call, &exchanged.outcome) {
        (Some(_), _) => Way::Ours,
        (None, Some(_)) => Way::Seen,
        (None, None) if exchanged.request.url.starts_with('/') => Way::Arrived,
        (None, None) => Way::Notified,
    };
    let (outcome, phases) = match &exchanged.outcome {
        Some(Outcome::Answered { phases, .. }) => (None, Some(*phases)),
        other => (other.clone(), None),
    };
    Beside {
        way,
        epoch: exchanged.epoch,
        call: exchanged.call,
        operation: exchanged.operation,
        why: exchanged.why.clone(),
        outcome,
        phases,
    }
}

/// Microseconds.
struct Timings {
    connect: Option<u64>,
    wait: u64,
    receive: u64,
}

impl Timings {
    fn of(phases: Phases) -> Self {
        let connected = phases.connect.unwrap_or(0);
        let head = phases.first_byte.unwrap_or(phases.total);
        Self {
            connect: phases.connect,
            wait: head.saturating_sub(connected),
            receive: phases.total.saturating_sub(head),
        }
    }

    fn sum(&self) -> u64 {
        self.connect.unwrap_or(0) + self.wait + self.receive
    }

    fn json(&self) -> Value {
        json!({
            "blocked": -1,
            "dns": -1,
            "connect": self.connect.map_or(Number::from(-1), number),
            "ssl": -1,
            "send": 0,
            "wait": number(self.wait),
            "receive": number(self.receive),
        })
    }
}

fn number(micros: u64) -> Number {
    let text = words::milliseconds(micros);
    text.parse().expect("a decimal number is one of JSON")
}

fn request(request: &Request) -> Value {
    let mut url = whole_url(request);
    if url.starts_with('/') {
        // The format wants a host, and nobody named one.
        url.insert_str(0, "http://localhost");
    }
    let query = url
        .split_once('?')
        .map_or("", |(_, query)| query.split('#').next().unwrap_or_default());
    let query: Vec<_> = form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    let mut json = json!({
        "method": request.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&request.headers),
        "queryString": query,
    });
    if !request.body.is_empty() {
        let (text, encoding) = body_text(&request.body.kept);
        let mut post = json!({"mimeType": mime_type(&request.headers), "text": text});
        if let Some(encoding) = encoding {
            // The format knows it for answers only.
            post["_encoding"] = encoding.into();
        }
        json["postData"] = post;
    }
    json["headersSize"] = (-1).into();
    json["bodySize"] = request.body.length.into();
    json
}

fn answered(response: &Response) -> Value {
    let (text, encoding) = body_text(&response.body.kept);
    let mut content = json!({
        "size": response.body.length,
        "mimeType": mime_type(&response.headers),
        "text": text,
    });
    if let Some(encoding) = encoding {
        content["encoding"] = encoding.into();
    }
    let location = header(&response.headers, "location").unwrap_or_default();
    json!({
        "status": response.status,
        "statusText": words::phrase(response.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&response.headers),
        "content": content,
        "redirectURL": String::from_utf8_lossy(location),
        "headersSize": -1,
        "bodySize": response.body.length,
    })
}

/// In the place of an answer that nobody has.
fn nothing(exchanged: &Exchanged) -> Value {
    json!({
        "status": 0,
        "statusText": "",
        "httpVersion": "",
        "cookies": [],
        "headers": [],
        "content": {"size": 0, "mimeType": UNKNOWN},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
        "comment": words::outcome(exchanged),
    })
}

fn headers(headers: &[Header]) -> Vec<Value> {
    let value = |header: &Header| String::from_utf8_lossy(&header.value).into_owned();
    headers
        .iter()
        .map(|header| json!({"name": header.name, "value": value(header)}))
        .collect()
}

fn mime_type(headers: &[Header]) -> String {
    let named = header(headers, "content-type").map(String::from_utf8_lossy);
    named.map_or_else(|| UNKNOWN.to_owned(), std::borrow::Cow::into_owned)
}

fn body_text(bytes: &[u8]) -> (String, Option<&'static str>) {
    match str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        Err(_) => (BASE64_STANDARD.encode(bytes), Some("base64")),
    }
}
