//! From a request to an arrival, and to the answer after it was kept.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
    REFERRER_POLICY, RETRY_AFTER,
};
use hyper::{Method, StatusCode};
use tokio::sync::{mpsc, oneshot};

use super::{Arrival, Fate, Kept, To, origin};
use crate::exchange::{Body, Header, Request};

const BODY_BYTES: usize = 1024 * 1024;
const BODY_DEADLINE: Duration = Duration::from_secs(15);
/// How long an arrival may take to be kept.
const KEEPING: Duration = Duration::from_secs(4);

const BACK: &str = "<!doctype html><html lang=en><meta charset=utf-8>\
<meta name=viewport content=\"width=device-width\"><title>Back to the console</title>\
<p>This is done. You can close this window and go back to the console.</p>";
const NOT_KEPT: &str = "<!doctype html><html lang=en><meta charset=utf-8>\
<meta name=viewport content=\"width=device-width\"><title>Not recorded</title>\
<p>The console could not record that you came back. Please load this page again.</p>";

type Response = hyper::Response<Full<Bytes>>;

pub(super) async fn answer(
    request: hyper::Request<Incoming>,
    own: SocketAddr,
    arrivals: mpsc::Sender<Arrival>,
) -> Result<Response, Infallible> {
    let Some((to, key)) = address(request.uri().path()) else {
        return Ok(bare(StatusCode::NOT_FOUND));
    };
    let (takes, allowed): (&[Method], _) = match to {
        To::Callback => (&[Method::GET], "GET"),
        To::Notification => (&[Method::POST], "POST"),
        To::Inbox => (&[Method::GET, Method::POST], "GET, POST"),
    };
    if !takes.contains(request.method()) {
        return Ok(bare_with(
            StatusCode::METHOD_NOT_ALLOWED,
            (ALLOW, HeaderValue::from_static(allowed)),
        ));
    }
    if to == To::Inbox && origin::is_foreign(&request, own) {
        return Ok(bare(StatusCode::FORBIDDEN));
    }
    let wants_page = request.method() == Method::GET;
    let key = key.to_owned();
    let request = match record(request).await {
        Ok(request) => request,
        Err(status) => return Ok(bare(status)),
    };
    let fate = hand_over(to, key, request, &arrivals).await;
    Ok(match fate {
        Some(Fate::Unknown) => bare(StatusCode::NOT_FOUND),
        Some(Fate::TooMuch) => bare_with(
            StatusCode::TOO_MANY_REQUESTS,
            (RETRY_AFTER, HeaderValue::from_static("60")),
        ),
        Some(Fate::Kept) if wants_page => page(StatusCode::OK, BACK),
        Some(Fate::Kept) => bare(StatusCode::OK),
        None if wants_page => page(StatusCode::SERVICE_UNAVAILABLE, NOT_KEPT),
        None => bare(StatusCode::SERVICE_UNAVAILABLE),
    })
}

/// The address and key that a path names, when both are ours.
fn address(path: &str) -> Option<(To, &str)> {
    let (name, key) = path.strip_prefix('/')?.split_once('/')?;
    let to = match name {
        "callback" => To::Callback,
        "notification" => To::Notification,
        "inbox" => return is_name(key).then_some((To::Inbox, key)),
        _ => return None,
    };
    let is_key = key.len() == 16
        && key
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    is_key.then_some((to, key))
}

fn is_name(name: &str) -> bool {
    let is_one = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=64).contains(&name.len()) && name.bytes().all(is_one)
}

async fn record(request: hyper::Request<Incoming>) -> Result<Request, StatusCode> {
    let (head, body) = request.into_parts();
    let whole = Limited::new(body, BODY_BYTES).collect();
    let body = tokio::time::timeout(BODY_DEADLINE, whole)
        .await
        .map_err(|_| StatusCode::REQUEST_TIMEOUT)?
        .map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?
        .to_bytes();
    Ok(Request {
        method: head.method.as_str().to_owned(),
        url: head.uri.to_string(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| Header::new(name.as_str(), value.as_bytes()))
            .collect(),
        body: Body::whole(body),
    })
}

/// What became of the arrival, where that was said in time.
async fn hand_over(
    to: To,
    key: String,
    request: Request,
    arrivals: &mpsc::Sender<Arrival>,
) -> Option<Fate> {
    let (kept, confirmed) = oneshot::channel();
    let arrival = Arrival {
        to,
        key,
        request,
        kept: Kept(kept),
    };
    let fate = async {
        arrivals.send(arrival).await.ok()?;
        confirmed.await.ok()
    };
    tokio::time::timeout(KEEPING, fate).await.ok().flatten()
}

fn bare(status: StatusCode) -> Response {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}

fn bare_with(status: StatusCode, (name, value): (HeaderName, HeaderValue)) -> Response {
    let mut response = bare(status);
    response.headers_mut().insert(name, value);
    response
}

/// A page without scripts, kept by nobody, that tells no other site where it came from: its address
/// holds the outcome of a payment.
fn page(status: StatusCode, html: &'static str) -> Response {
    const HEADERS: [(HeaderName, &str); 4] = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    let mut response = Response::new(Full::new(Bytes::from_static(html.as_bytes())));
    *response.status_mut() = status;
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_key_of_sixteen_hex_digits_is_ours() {
        assert_eq!(
            address("/callback/0123456789abcdef"),
            Some((To::Callback, "0123456789abcdef"))
        );
        assert_eq!(
            address("/notification/0123456789abcdef"),
            Some((To::Notification, "0123456789abcdef"))
        );
        for path in [
            "/",
            "/callback",
            "/callback/",
            "/callback/0123456789abcde",
            "/callback/0123456789abcdeff",
            "/callback/0123456789ABCDEF",
            "/callback/0123456789abcdeg",
            "/callback/0123456789abcdef/",
            "callback/0123456789abcdef",
        ] {
            assert_eq!(address(path), None, "{path}");
        }
    }

    #[test]
    fn an_inbox_has_a_plain_name_of_at_most_sixty_four_characters() {
        let longest = "x".repeat(64);
        for name in ["a", "my-shop_2.test", "0123456789abcdef", "..", &longest] {
            let path = format!("/inbox/{name}");
            assert_eq!(address(&path), Some((To::Inbox, name)));
        }
        let too_long = "x".repeat(65);
        for name in ["", "a/b", "a%20b", "ü", "a b", "a\"b", &too_long] {
            assert_eq!(address(&format!("/inbox/{name}")), None, "{name}");
        }
        assert_eq!(address("/inbox"), None);
    }
}
