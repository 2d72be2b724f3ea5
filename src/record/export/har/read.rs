//! The facts of a log that this program wrote.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::{Beside, Way};
use crate::exchange::{Body, CallId, Delivery, Header, Outcome, Report, Request, Response, What};
use crate::record::NewEntry;
use crate::record::entry::{Address, Arrived, Ended, Own, Sent};
use crate::record::export::words;

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

/// The facts of an entry of [`write()`](super::write()). `number` tells it from its neighbours.
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
            let own = beside.why.map(|why| own(number, call, why));
            entries.extend(own.map(|own| NewEntry::own(at, epoch, own)));
            entries
        }
        Way::Seen => {
            let what = What::Exchange {
                request,
                response,
                micros: phases.total,
                transaction: None,
                standing: None,
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

fn own(number: u64, call: CallId, why: String) -> Own {
    Own {
        run: Uuid::nil(),
        number,
        call,
        why: Some(why),
        transaction: None,
        standing: None,
    }
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
