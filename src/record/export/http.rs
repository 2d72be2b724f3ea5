//! Requests and answers as HTTP/1.1 text.
//!
//! Bodies are exact. Heads are rebuilt from what was handed to and parsed by the HTTP library, and every
//! text says so. A line that begins with `#` is ours.

use super::words::{self, phrase};
use crate::exchange::{Body, Header, Outcome, Request, header};
use crate::record::exchanged::Exchanged;

const REBUILT: &str =
    "# Heads are rebuilt from the HTTP library, not the raw bytes; secrets are left out.\n";

/// Every exchange, each under a line of its own.
pub fn write(exchanges: &[Exchanged]) -> Vec<u8> {
    let mut text = REBUILT.as_bytes().to_vec();
    for exchanged in exchanges {
        let title = words::title(exchanged);
        text.extend_from_slice(format!("\n### {title}\n\n").as_bytes());
        text.extend_from_slice(&both(&exchanged.request, exchanged.outcome.as_ref()));
    }
    text
}

/// One exchange.
pub fn exchange(request: &Request, outcome: Option<&Outcome>) -> Vec<u8> {
    [REBUILT.as_bytes(), b"\n", &both(request, outcome)].concat()
}

fn both(request: &Request, outcome: Option<&Outcome>) -> Vec<u8> {
    let (host, target) = words::split_url(request);
    let mut text = line(&[
        request.method.as_bytes(),
        b" ",
        target.as_bytes(),
        b" HTTP/1.1",
    ]);
    if let Some(host) = host
        && header(&request.headers, "host").is_none()
    {
        text.extend(line(&[b"Host: ", host.as_bytes()]));
    }
    text.extend(rest(&request.headers, &request.body));
    if let Some(Outcome::Answered { response, .. }) = outcome {
        let status = response.status.to_string();
        let first = [
            b"HTTP/1.1 ",
            status.as_bytes(),
            b" ",
            phrase(response.status).as_bytes(),
        ];
        text.extend_from_slice(b"\r\n");
        text.extend(line(&first));
        text.extend(rest(&response.headers, &response.body));
    }
    text
}

fn rest(headers: &[Header], body: &Body) -> Vec<u8> {
    let mut text: Vec<u8> = headers
        .iter()
        .flat_map(|header| line(&[header.name.as_bytes(), b": ", &header.value]))
        .collect();
    text.extend_from_slice(b"\r\n");
    text.extend_from_slice(&body.kept);
    let missing = body.length.saturating_sub(body.kept.len() as u64);
    if missing > 0 {
        text.extend_from_slice(format!("\n# {missing} bytes more were not kept").as_bytes());
    }
    if !body.is_empty() {
        text.extend_from_slice(b"\r\n");
    }
    text
}

/// A line of a head, which nothing in it can end.
fn line(parts: &[&[u8]]) -> Vec<u8> {
    let mut line = parts.concat();
    for byte in &mut line {
        if matches!(byte, b'\r' | b'\n' | 0) {
            *byte = b' ';
        }
    }
    line.extend_from_slice(b"\r\n");
    line
}
