//! The sandbox seen and steered from outside of the API, under `/_sandbox/` with the API's credentials:
//! what there is, payers without the pages, the SMS of an identification, the reset, and the activity as it
//! happens.
//!
//! Refusals come in the API's envelope; nothing here is reported as a call.

mod activity;
mod shapes;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Serialize;
use url::form_urlencoded;

use super::engine::{Answer, NewPayer, Reason, Sms};
use super::http::{authenticate, broken, companion, has_json_type, read, respond};
use super::server::Server;
use super::store::{Merchant, Stretch};
use crate::api::{SessionId, TransactionId};
use crate::exchange::{PageOf, What};
use crate::json::{self, Limits};

/// Every path below.
pub const ROUTE: &str = "/_sandbox/{*path}";
const BASE: &str = "/_sandbox/";

/// Rows of a list, when no other number is asked for.
const USUAL: u32 = 100;
/// The most rows of a list.
const MOST: u32 = 1000;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wish {
    Rows(Rows),
    Reset,
    Activity,
}

/// What of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Rows {
    Payments,
    Sessions,
    Users,
    NewUser,
    Sms(SessionId),
}

impl Wish {
    fn find(head: &Parts) -> Result<Self, Reason> {
        let verb = head.method.as_str();
        let only = |allowed| Err(Reason::WrongVerb { allowed });
        let reads = matches!(verb, "GET" | "HEAD");
        let path = head.uri.path().strip_prefix(BASE).unwrap_or_default();
        if let Some(session) = session_of_sms(path) {
            return match verb {
                "POST" => Ok(Self::Rows(Rows::Sms(session))),
                _ => only("POST"),
            };
        }
        match path {
            "state" if reads => Ok(Self::Rows(Rows::Payments)),
            "sessions" if reads => Ok(Self::Rows(Rows::Sessions)),
            "users" if reads => Ok(Self::Rows(Rows::Users)),
            "users" if verb == "POST" => Ok(Self::Rows(Rows::NewUser)),
            "reset" if verb == "POST" => Ok(Self::Reset),
            "activity" if verb == "GET" => Ok(Self::Activity),
            "state" | "sessions" => only("GET, HEAD"),
            "users" => only("GET, HEAD, POST"),
            "reset" => only("POST"),
            "activity" => only("GET"),
            _ => Err(Reason::UnknownPath),
        }
    }
}

/// The session in `sessions/{sessionId}/sms`.
fn session_of_sms(path: &str) -> Option<SessionId> {
    let id = path.strip_prefix("sessions/")?.strip_suffix("/sms")?;
    (!id.is_empty() && !id.contains('/')).then(|| SessionId::from(id))
}

/// Answers every call below `/_sandbox/`. As with the API, a task owns the call once it is read.
pub async fn handle(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let received = receive(&server, &head, body).await;
    let tasks = server.tasks.clone();
    let answered = tasks.spawn(async move {
        let granted = match received {
            Ok((merchant, wish, body)) => grant(&server, &head, merchant, wish, &body).await,
            Err(reason) => Err(reason),
        };
        granted.unwrap_or_else(|reason| {
            respond(
                &server,
                &head,
                &Answer::refusal(&reason),
                companion(&reason),
            )
        })
    });
    answered.await.unwrap_or_else(|_| broken())
}

async fn receive(
    server: &Server,
    head: &Parts,
    body: Body,
) -> Result<(Merchant, Wish, Vec<u8>), Reason> {
    let merchant = authenticate(server, &head.headers)?;
    let wish = Wish::find(head)?;
    let body = read(&head.headers, body).await?;
    if head.method == Method::POST && !body.is_empty() && !has_json_type(&head.headers) {
        return Err(Reason::BodyType);
    }
    Ok((merchant, wish, body.into()))
}

async fn grant(
    server: &Server,
    head: &Parts,
    merchant: Merchant,
    wish: Wish,
    body: &[u8],
) -> Result<Response, Reason> {
    let answer = match wish {
        Wish::Activity => return activity::stream(server, head),
        Wish::Reset => reset(server).await?,
        Wish::Rows(rows) => serve(server, head, merchant, rows, body).await?,
    };
    Ok(respond(server, head, &answer, None))
}

async fn serve(
    server: &Server,
    head: &Parts,
    merchant: Merchant,
    rows: Rows,
    body: &[u8],
) -> Result<Answer, Reason> {
    let _one_life = server.life.read().await;
    let (store, epoch) = (&server.store, server.store.epoch());
    Ok(match rows {
        Rows::Payments => {
            let only = query(head, "transaction").map(TransactionId::from);
            let listed = store.payments(merchant, only, stretch(head)?).await?;
            shown(&shapes::payments(epoch, &listed))
        }
        Rows::Sessions => {
            let listed = store.sessions(merchant, stretch(head)?).await?;
            shown(&shapes::sessions(epoch, &listed))
        }
        Rows::Users => {
            let listed = store.payers(merchant, stretch(head)?).await?;
            shown(&shapes::users(epoch, &listed))
        }
        Rows::NewUser => {
            let asked = NewPayer::read(parsed(body)?.as_ref())?;
            let payer = store.new_payer(merchant, asked).await?;
            server.identified(epoch, None, payer.clone());
            shown(&shapes::user(&payer, false))
        }
        Rows::Sms(id) => {
            let sms = Sms::read(parsed(body)?.as_ref())?;
            let (session, now) = store.receive_sms(merchant, id, sms).await??;
            let what = What::Page {
                of: PageOf::Session(session.id.clone()),
                title: "SMS".to_owned(),
                action: Some("send".to_owned()),
            };
            server.feed.report(epoch, None, what, None);
            if let Some((id, payer)) = session.identified() {
                server.identified(epoch, Some(id), payer);
            }
            shown(&shapes::session(&session, now))
        }
    })
}

/// Waits for what is under way, forgets everything, and says so.
async fn reset(server: &Server) -> Result<Answer, Reason> {
    let _alone = server.life.write().await;
    let epoch = server.store.reset().await?;
    server.feed.report(epoch, None, What::Reset, None);
    Ok(shown(&shapes::Reset { epoch }))
}

fn parsed(body: &[u8]) -> Result<Option<json::Value>, Reason> {
    if body.is_empty() {
        return Ok(None);
    }
    Ok(Some(json::parse(body, &Limits::SERVER)?))
}

fn shown(shape: &impl Serialize) -> Answer {
    Answer {
        status: 200,
        body: serde_json::to_vec(shape).expect("texts, numbers and lists are always JSON"),
        why: None,
        replayed: false,
    }
}

fn stretch(head: &Parts) -> Result<Stretch, Reason> {
    Ok(Stretch {
        after: number(head, "after")?.unwrap_or(0),
        limit: number(head, "limit")?.unwrap_or(USUAL).clamp(1, MOST),
    })
}

/// A parameter of the query; an empty one is none.
fn query(head: &Parts, name: &str) -> Option<String> {
    form_urlencoded::parse(head.uri.query()?.as_bytes())
        .find(|(other, _)| other == name)
        .map(|(_, value)| value.into_owned())
        .filter(|value| !value.is_empty())
}

fn number<N: std::str::FromStr>(head: &Parts, name: &'static str) -> Result<Option<N>, Reason> {
    let number = query(head, name).map(|text| text.parse());
    number.transpose().map_err(|_| Reason::Query(name))
}
