//! What the handlers of the API and of the control have in common: who asks, what a body says, and how an
//! answer leaves.

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use http_body_util::{BodyExt as _, Limited};

use super::engine::{Answer, Reason};
use super::server::Server;
use super::store::Merchant;
use crate::exchange;

/// Bytes of a request's body that are read.
const BODY_LIMIT: usize = 1024 * 1024;
/// Bytes of the header that says why.
const REASON_LIMIT: usize = 200;

pub fn authenticate(server: &Server, headers: &HeaderMap) -> Result<Merchant, Reason> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let first = given.next().map(HeaderValue::as_bytes);
    if given.next().is_some() {
        return Err(Reason::WrongCredentials);
    }
    server.credentials.check(first)
}

pub async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Reason> {
    let too_large = Reason::BodyTooLarge { limit: BODY_LIMIT };
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > BODY_LIMIT) {
        return Err(too_large);
    }
    match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(too_large),
        Err(_) => Err(Reason::BodyCut),
    }
}

/// A missing type is no mistake, parameters such as a charset do not matter, and several types may not
/// disagree.
pub fn has_json_type(headers: &HeaderMap) -> bool {
    headers.get_all(header::CONTENT_TYPE).iter().all(|value| {
        let essence = value.as_bytes().split(|&byte| byte == b';').next();
        essence.is_some_and(|essence| {
            essence
                .trim_ascii()
                .eq_ignore_ascii_case(b"application/json")
        })
    })
}

/// The header that a refusal needs besides its reason.
pub fn companion(reason: &Reason) -> Option<(HeaderName, HeaderValue)> {
    match reason {
        Reason::WrongVerb { allowed } => Some((header::ALLOW, HeaderValue::from_static(allowed))),
        Reason::NoCredentials | Reason::WrongCredentials => Some((
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"Bango sandbox\", charset=\"UTF-8\""),
        )),
        // What is left of the body is not read, so nothing more can come over this connection.
        Reason::BodyTooLarge { .. } | Reason::BodyCut => {
            Some((header::CONNECTION, HeaderValue::from_static("close")))
        }
        _ => None,
    }
}

pub fn respond(
    server: &Server,
    head: &Parts,
    answer: &Answer,
    extra: Option<(HeaderName, HeaderValue)>,
) -> Response {
    let length = answer.body.len();
    let body = if head.method == Method::HEAD {
        Body::empty()
    } else {
        Body::from(answer.body.clone())
    };
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, json);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    let epoch = server.store.epoch().0.to_string();
    insert(headers, exchange::EPOCH_HEADER, &epoch);
    if answer.replayed {
        insert(headers, exchange::REPLAYED_HEADER, "true");
    }
    if let Some(why) = &answer.why {
        insert(headers, exchange::REASON_HEADER, &printable(why));
    }
    headers.extend(extra.map(|(name, value)| (Some(name), value)));
    response
}

pub fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    let name = HeaderName::from_bytes(name.as_bytes()).expect("our header names are tokens");
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// A text that can stand in a header whatever it holds.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if matches!(c, ' '..='~') { c } else { '?' })
        .take(REASON_LIMIT)
        .collect()
}

/// The answer when not even an answer could be made.
pub fn broken() -> Response {
    let answer = Answer::refusal(&Reason::Bug("answer".to_owned()));
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
