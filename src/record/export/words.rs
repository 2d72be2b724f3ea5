//! What exports say of an exchange in our own words, with foreign ones in them only where they are
//! escaped afterwards.

use crate::exchange::{Cut, NotSent, Outcome, Request};
use crate::record::exchanged::Exchanged;
use crate::text::Foreign;

/// The verb or, of what is none of the API's, method and address.
pub fn name(exchanged: &Exchanged) -> String {
    match exchanged.operation {
        Some(operation) => operation.name().to_owned(),
        None => format!("{} {}", exchanged.request.method, exchanged.request.url),
    }
}

/// When it was, what it was and what became of it: one line, whatever is in it.
pub fn title(exchanged: &Exchanged) -> String {
    let (name, outcome) = (name(exchanged), outcome(exchanged));
    let title = format!("{:.3} {name}: {outcome}", exchanged.at);
    Foreign::from(title.as_str()).screen_text()
}

/// Milliseconds, as exactly as they were measured.
pub fn milliseconds(micros: u64) -> String {
    let (whole, rest) = (micros / 1000, micros % 1000);
    let text = format!("{whole}.{rest:03}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What became of it, in one line.
pub fn outcome(exchanged: &Exchanged) -> String {
    match &exchanged.outcome {
        Some(Outcome::Answered { response, phases }) => format!(
            "answered {} in {} ms",
            response.status,
            milliseconds(phases.total)
        ),
        Some(Outcome::Cut { why, .. }) => format!("outcome unknown: {}", cut(why)),
        Some(Outcome::NotSent { why }) => format!("not sent: {}", not_sent(why)),
        None if exchanged.is_one_way() => "one way: its answer is not recorded".to_owned(),
        None => "no answer recorded".to_owned(),
    }
}

fn cut(why: &Cut) -> String {
    match why {
        Cut::Cancelled => "the console stopped waiting for the answer".to_owned(),
        Cut::TimedOut => "no answer came within the time allowed".to_owned(),
        Cut::Broken {
            received,
            expected,
            error,
        } => {
            let whole = expected.map_or_else(String::new, |expected| format!(" of {expected}"));
            format!("cut after {received}{whole} bytes of the answer's body: {error}")
        }
        Cut::ProcessDied => "the console ended while it waited for the answer".to_owned(),
    }
}

fn not_sent(why: &NotSent) -> &str {
    match why {
        NotSent::NoConnection { error }
        | NotSent::Tls { error }
        | NotSent::Unbuildable { error } => error,
        NotSent::Cancelled => "cancelled while connecting",
    }
}

/// Scheme and host before the path, where the request names them.
pub fn split_url(request: &Request) -> (Option<&str>, &str) {
    let url = request.url.as_str();
    let Some((scheme, rest)) = url.split_once("://").filter(|_| !url.starts_with('/')) else {
        return (None, url);
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let target = &url[scheme.len() + 3 + host.len()..];
    (Some(host), if target.is_empty() { "/" } else { target })
}

/// The reason phrase of HTTP's registry, for the statuses that occur here.
pub const fn phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        302 => "Found",
        303 => "See Other",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}
