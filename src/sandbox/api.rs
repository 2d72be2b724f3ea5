//! The API's calls over HTTP: a handler reads the request, submits one command, and shapes the answer.
//!
//! Until the body is read a client that hangs up ends the handler. From then on a task owns the call, so
//! that what was committed is also reported.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::Response;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::engine::{Adjust, Answer, Identify, Reason, Start};
use super::faults;
use super::http::{authenticate, broken, companion, has_json_type, printable, read, respond};
use super::routes::Route;
use super::server::Server;
use super::store::{Merchant, Replied, Stubbed};
use crate::api::{Fault, Preference, prefer};
use crate::clock::Stopwatch;
use crate::exchange::{self, CallId, What};
use crate::json::{self, Limits};

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
        let _one_life = server.life.read().await;
        let (replied, extra) = match asked {
            Ok(asked) => (decide(&server, asked, &body).await, None),
            Err(reason) => (refused(&reason), companion(&reason)),
        };
        let response = respond(&server, &head, &replied.answer, extra);
        if let Some((session, payer)) = replied.identified.clone() {
            server.identified(server.store.epoch(), Some(session), payer);
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
    /// What is to be done to the answer.
    fault: Option<Fault>,
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
    let fault = faults::asked(&head.headers).map_err(unread)?;
    let asked = Asked {
        merchant,
        route,
        preference,
        fault,
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

fn preference(headers: &HeaderMap) -> Result<Option<Preference>, Reason> {
    let values = |name| headers.get_all(name).iter().map(HeaderValue::as_bytes);
    let preference = Preference::read(values(prefer::PREFER), values(prefer::EXTENSION))?;
    Ok(preference)
}

async fn decide(server: &Server, asked: Asked, body: &exchange::Body) -> Replied {
    let Asked {
        merchant,
        route,
        preference,
        fault,
    } = asked;
    let replied = match preference {
        Some(preference) => stub(server, merchant, &route, preference, &body.kept).await,
        None => submit(server, merchant, route, &body.kept).await,
    };
    let mut replied = replied.unwrap_or_else(|reason| refused(&reason));
    // What is kept for a repeat is the answer itself.
    if let Some(fault) = fault {
        replied.answer.body = faults::apply(fault, &replied.answer.body);
    }
    replied
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
        Some(json::parse(body, &Limits::SERVER)?)
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
        standing: replied.standing,
    };
    let why = answer.why.as_deref().map(printable);
    server.feed.report(server.store.epoch(), call, what, why);
}

fn listed(headers: &HeaderMap) -> Vec<exchange::Header> {
    headers
        .iter()
        .map(|(name, value)| exchange::Header::new(name.as_str(), value.as_bytes()))
        .collect()
}
