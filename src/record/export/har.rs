//! HTTP Archive 1.2: the log that browsers and HTTP tools read.
//!
//! What the format has no place for stands in `_bango`, so that [`read`] gives back what [`write`] was
//! given. Durations are in milliseconds, -1 where nobody measured.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value, json};
use url::form_urlencoded;
use uuid::Uuid;

use super::{curl::whole_url, words};
use crate::api::Operation;
use crate::exchange::{
    Body, CallId, Delivery, Epoch, Header, Outcome, Phases, Report, Request, Response, What, header,
};
use crate::record::NewEntry;
use crate::record::entry::{Address, Arrived, Ended, Own, Sent};
use crate::record::exchanged::Exchanged;

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

/// What is read of an entry.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    started_date_time: Timestamp,
    request: ReadRequest,
    response: ReadResponse,
    #[serde(rename = "_bango")]
    beside: Beside,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReadRequest {
    method: String,
    url: String,
    headers: Vec<ReadHeader>,
    #[serde(default)]
    post_data: Content,
    body_size: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReadResponse {
    status: u16,
    headers: Vec<ReadHeader>,
    content: Content,
    body_size: i64,
}

#[derive(Deserialize)]
struct ReadHeader {
    name: String,
    value: String,
}

#[derive(Default, Deserialize)]
struct Content {
    #[serde(default)]
    text: String,
    #[serde(alias = "_encoding")]
    encoding: Option<String>,
}

/// The facts of an entry of [`write`]. `number` tells it from its neighbours.
pub fn read(entry: Value, number: u64) -> Result<Vec<NewEntry>, String> {
    let read: Read = serde_json::from_value(entry).map_err(|error| error.to_string())?;
    let (at, beside) = (read.started_date_time, read.beside);
    let request = Request {
        method: read.request.method,
        url: read.request.url,
        headers: read_headers(read.request.headers),
        body: read.request.post_data.body(read.request.body_size)?,
    };
    let phases = beside.phases.unwrap_or_default();
    let response = Response {
        status: read.response.status,
        headers: read_headers(read.response.headers),
        body: read
            .response
            .content
            .body(read.response.body_size.max(0).unsigned_abs())?,
    };
    let epoch = beside.epoch;
    let report = |what, why| {
        let run = Uuid::nil();
        let report = Report {
            run,
            number,
            epoch,
            at,
            call: None,
            what,
            why,
        };
        vec![NewEntry::seen(at, report)]
    };
    Ok(match beside.way {
        Way::Ours => {
            let call = beside.call.ok_or("a call has no id")?;
            let operation = beside.operation.ok_or("a call has no operation")?;
            let outcome = match beside.phases {
                Some(phases) => Some(Outcome::Answered { response, phases }),
                None => beside.outcome,
            };
            let sent = Sent {
                call,
                operation,
                request,
                step: None,
            };
            let mut entries = vec![NewEntry::sent(at, epoch, sent)];
            if let Some(outcome) = outcome {
                let took = i64::try_from(phases.total).unwrap_or(i64::MAX);
                let end = at.saturating_add(SignedDuration::from_micros(took));
                let ended = Ended { call, outcome };
                entries.push(NewEntry::ended(end.unwrap_or(at), epoch, ended));
            }
            if let Some(why) = beside.why {
                let own = Own {
                    run: Uuid::nil(),
                    number,
                    call,
                    why: Some(why),
                    transaction: None,
                };
                entries.push(NewEntry::own(at, epoch, own));
            }
            entries
        }
        Way::Seen => {
            let what = What::Exchange {
                request,
                response,
                micros: phases.total,
                transaction: None,
            };
            report(what, beside.why)
        }
        Way::Notified => {
            let result = match beside.why {
                Some(error) => Delivery::Failed { error },
                None => Delivery::Answered { status: 200 },
            };
            let what = What::Notified {
                url: request.url,
                body: request.body.kept,
                attempt: 1,
                result,
                transaction: None,
                session: None,
            };
            report(what, None)
        }
        Way::Arrived => {
            let (_, path) = words::split_url(&request);
            let (url, at_address) = (path.to_owned(), address(path));
            let arrived = Arrived {
                id: Uuid::from_u64_pair(0, number),
                at: at_address,
                request: Request { url, ..request },
            };
            vec![NewEntry::arrived(at, epoch, arrived)]
        }
    })
}

fn address(path: &str) -> Address {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut segments = path.trim_start_matches('/').splitn(2, '/');
    let (first, rest) = (
        segments.next(),
        segments.next().unwrap_or_default().to_owned(),
    );
    match first {
        Some("callback") => Address::Callback { key: rest },
        Some("notification") => Address::Notification { key: rest },
        _ => Address::Inbox { name: rest },
    }
}

fn read_headers(headers: Vec<ReadHeader>) -> Vec<Header> {
    let header = |read: ReadHeader| Header::new(read.name, read.value);
    headers.into_iter().map(header).collect()
}

impl Content {
    fn body(self, length: u64) -> Result<Body, String> {
        let kept = match self.encoding.as_deref() {
            None => self.text.into_bytes(),
            Some("base64") => BASE64_STANDARD
                .decode(self.text)
                .map_err(|error| error.to_string())?,
            Some(other) => return Err(format!("the encoding {other} of a body is not known")),
        };
        let length = length.max(kept.len() as u64);
        Ok(Body { kept, length })
    }
}
