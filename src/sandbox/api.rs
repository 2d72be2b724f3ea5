//! The API's calls over HTTP: a handler reads the request, submits one command, and shapes the answer.
//!
//! Until the body is read a client that hangs up ends the handler. From then on a task owns the call, so
//! that what was committed is also reported.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use http_body_util::{BodyExt as _, Limited};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::engine::{Adjust, Answer, Identify, Reason, Start};
use super::routes::Route;
use super::server::Server;
use super::store::{Merchant, Replied, Stubbed};
use crate::api::{Preference, prefer};
use crate::clock::Stopwatch;
use crate::exchange::{self, CallId, What};
use crate::json::{self, Limits};

/// Bytes of a request's body that are read.
const BODY_LIMIT: usize = 1024 * 1024;
/// Bytes of the header that says why.
const REASON_LIMIT: usize = 200;

/// Answers every call but those to the payer's pages.
pub async fn handle(State(server): State<Arc<Server>>, request: Request) -> Response {
    let stopwatch = Stopwatch::start();
    let (head, body) = request.into_parts();
    let received = receive(&server, &head, body).await;
    let tasks = server.tasks.clone();
    let answered = tasks.spawn(async move {
        let (body, asked) = match received {
            Ok((body, asked)) => (body, Ok(asked)),
            Err((body, reason)) => (body, Err(reason)),
        };
        let (replied, extra) = match asked {
            Ok(asked) => (decide(&server, asked, &body).await, None),
            Err(reason) => (refused(&reason), companion(&reason)),
        };
        let response = respond(&server, &head, &replied.answer, extra);
        if let Some((session, payer)) = replied.identified.clone() {
            server.identified(session, payer);
        }
        report(&server, &head, body, &replied, &response, &stopwatch);
        response
    });
    answered.await.unwrap_or_else(|_| broken())
}

/// What a call asks for, as far as its head says.
struct Asked {
    merchant: Merchant,
    route: Route,
    /// The answer that it wants to be given, whatever it asks for.
    preference: Option<Preference>,
}

/// Credentials, path, verb, stub headers and body, in this order. Where the answer is forced the body
/// does not matter.
async fn receive(
    server: &Server,
    head: &Parts,
    body: Body,
) -> Result<(exchange::Body, Asked), (exchange::Body, Reason)> {
    let unread = |reason| (exchange::Body::default(), reason);
    let merchant = authenticate(server, &head.headers).map_err(unread)?;
    let route = Route::find(head.method.as_str(), head.uri.path()).map_err(unread)?;
    let preference = preference(&head.headers).map_err(unread)?;
    let asked = Asked {
        merchant,
        route,
        preference,
    };
    if asked.preference.is_some() {
        let body = read(&head.headers, body).await.unwrap_or_default();
        return Ok((exchange::Body::whole(body), asked));
    }
    let body = read(&head.headers, body).await.map_err(unread)?;
    let is_json = body.is_empty() || !asked.route.reads_body() || has_json_type(&head.headers);
    let body = exchange::Body::whole(body);
    if is_json {
        Ok((body, asked))
    } else {
        Err((body, Reason::BodyType))
    }
}

fn authenticate(server: &Server, headers: &HeaderMap) -> Result<Merchant, Reason> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let first = given.next().map(HeaderValue::as_bytes);
    if given.next().is_some() {
        return Err(Reason::WrongCredentials);
    }
    server.credentials.check(first)
}

fn preference(headers: &HeaderMap) -> Result<Option<Preference>, Reason> {
    let values = |name| headers.get_all(name).iter().map(HeaderValue::as_bytes);
    let preference = Preference::read(values(prefer::PREFER), values(prefer::EXTENSION))?;
    Ok(preference)
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Reason> {
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

/// A missing type is no mistake; parameters such as a charset do not matter.
fn has_json_type(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_none_or(|value| {
        let essence = value.as_bytes().split(|&byte| byte == b';').next();
        essence.is_some_and(|essence| {
            essence
                .trim_ascii()
                .eq_ignore_ascii_case(b"application/json")
        })
    })
}

async fn decide(server: &Server, asked: Asked, body: &exchange::Body) -> Replied {
    let Asked {
        merchant,
        route,
        preference,
    } = asked;
    let replied = match preference {
        Some(preference) => stub(server, merchant, &route, preference, &body.kept).await,
        None => submit(server, merchant, route, &body.kept).await,
    };
    replied.unwrap_or_else(|reason| refused(&reason))
}

async fn stub(
    server: &Server,
    merchant: Merchant,
    route: &Route,
    preference: Preference,
    body: &[u8],
) -> Result<Replied, Reason> {
    let digest = Sha256::new()
        .chain_update(format!("{route:?}"))
        .chain_update(body);
    let stubbed = Stubbed {
        preference,
        operation: route.operation(),
        id: route.id().map(str::to_owned),
        digest: digest.finalize().into(),
    };
    Ok(server.store.stub(merchant, stubbed).await?)
}

async fn submit(
    server: &Server,
    merchant: Merchant,
    route: Route,
    body: &[u8],
) -> Result<Replied, Reason> {
    let body = if body.is_empty() || !route.reads_body() {
        None
    } else {
        let parsed = json::parse(body, &Limits::SERVER);
        Some(parsed.map_err(|error| Reason::NotJson(error.to_string()))?)
    };
    let body = body.as_ref();
    let store = &server.store;
    let replied = match route {
        Route::Identify => store.identify(merchant, Identify::read_first(body)?).await,
        Route::GoOn(session) => store.go_on(merchant, session, Identify::read(body)?).await,
        Route::Status(user) => store.status(merchant, user).await,
        Route::Close(user) => store.close(merchant, user).await,
        Route::Methods => store.methods(merchant, Start::read(body)?).await,
        Route::Authorize => store.authorize(merchant, Start::read(body)?).await,
        Route::Retrieve(id) => store.retrieve(merchant, id).await,
        Route::Capture(id) => store.capture(merchant, id, Adjust::read(body)?).await,
        Route::Reverse(id) => store.reverse(merchant, id, Adjust::read(body)?).await,
    };
    Ok(replied?)
}

fn refused(reason: &Reason) -> Replied {
    Answer::refusal(reason).into()
}

/// The header that a refusal needs besides its reason.
fn companion(reason: &Reason) -> Option<(HeaderName, HeaderValue)> {
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

fn respond(
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

fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    let name = HeaderName::from_bytes(name.as_bytes()).expect("our header names are tokens");
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// A text that can stand in a header whatever it holds.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if matches!(c, ' '..='~') { c } else { '?' })
        .take(REASON_LIMIT)
        .collect()
}

fn report(
    server: &Server,
    head: &Parts,
    body: exchange::Body,
    replied: &Replied,
    response: &Response,
    stopwatch: &Stopwatch,
) {
    let call = head
        .headers
        .get(exchange::CALL_HEADER)
        .and_then(|value| Uuid::try_parse_ascii(value.as_bytes()).ok())
        .map(CallId);
    let answer = &replied.answer;
    let is_head = head.method == Method::HEAD;
    let what = What::Exchange {
        request: exchange::Request {
            method: head.method.as_str().to_owned(),
            url: head.uri.to_string(),
            headers: listed(&head.headers),
            body,
        },
        response: exchange::Response {
            status: answer.status,
            headers: listed(response.headers()),
            body: if is_head {
                exchange::Body::default()
            } else {
                exchange::Body::whole(answer.body.clone())
            },
        },
        micros: stopwatch.micros(),
        transaction: replied.transaction.clone(),
    };
    let why = answer.why.as_deref().map(printable);
    server.feed.report(call, what, why);
}

fn listed(headers: &HeaderMap) -> Vec<exchange::Header> {
    headers
        .iter()
        .map(|(name, value)| exchange::Header::new(name.as_str(), value.as_bytes()))
        .collect()
}

/// The answer when not even an answer could be made.
fn broken() -> Response {
    let answer = Answer::refusal(&Reason::Bug("answer".to_owned()));
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
