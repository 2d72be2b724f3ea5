//! A client that hangs up, at every point where its handler waits: what was committed is reported.
//! A handler that does everything by itself is run, too, and has to be noticed.

use std::collections::HashSet;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Waker};

use axum::body::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::*;
use crate::clock::Clock;
use crate::sandbox::activity::{Activity, Feed, Told};
use crate::sandbox::credentials::Credentials;
use crate::sandbox::engine::Rules;
use crate::sandbox::engine::form::Submission;
use crate::sandbox::notify::Notifier;
use crate::sandbox::store::{self, Database, Settings, Store};

fn server() -> Arc<Server> {
    let settings = Settings {
        database: Database::Memory,
        seed: Some(7),
    };
    let opened = store::open(&settings).unwrap();
    let store = Store::start(opened, Rules::default(), Clock::System, ())
        .unwrap()
        .store;
    let feed = Arc::new(Feed::new(Uuid::nil(), Clock::System));
    let tasks = TaskTracker::new();
    Arc::new(Server {
        notifier: Notifier {
            store: store.clone(),
            feed: feed.clone(),
            approved: Arc::new(HashSet::new()),
            tasks: tasks.clone(),
            stop: CancellationToken::new(),
        },
        store,
        feed,
        credentials: Credentials::default(),
        tasks,
        life: tokio::sync::RwLock::default(),
        stop: CancellationToken::new(),
    })
}

/// A call whose body arrives in pieces, each after a wait.
fn call(verb: &str, path: &str, body: &Value) -> Request {
    let bytes = body.to_string().into_bytes();
    let pieces: Vec<Bytes> = bytes.chunks(64).map(Bytes::copy_from_slice).collect();
    let pieces = stream::unfold(pieces.into_iter(), |mut pieces| async {
        tokio::task::yield_now().await;
        let piece = pieces.next()?;
        Some((Ok::<_, Infallible>(Frame::data(piece)), pieces))
    });
    Request::builder()
        .method(verb)
        .uri(format!("/v5/{path}"))
        .header("Authorization", "Basic c2FuZGJveDpzYW5kYm94")
        .body(Body::new(StreamBody::new(pieces)))
        .unwrap()
}

async fn said(response: Response) -> Value {
    let body = response.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&body).unwrap()
}

async fn identified(server: &Arc<Server>) -> String {
    let first = call("POST", "identity", &json!({}));
    let begun = said(handle(State(server.clone()), first).await).await;
    let url = begun["parameters"]["url"].as_str().unwrap();
    let token = url.rsplit('/').next().unwrap();
    for (action, name, value) in [
        ("continue", "msisdn", "447710900120"),
        ("confirm", "pin", "1234"),
    ] {
        let submission = Submission {
            action: Some(action.to_owned()),
            fields: vec![(name.to_owned(), value.to_owned())],
        };
        let submitted = server.store.submit_page(token.to_owned(), submission);
        submitted.await.unwrap();
    }
    let path = format!("identity/{}", begun["sessionId"].as_str().unwrap());
    let go_on = call("POST", &path, &json!({}));
    let user = said(handle(State(server.clone()), go_on).await).await;
    user["bangoUserId"].as_str().unwrap().to_owned()
}

type Handler = fn(Arc<Server>, Request) -> Pin<Box<dyn Future<Output = Response> + Send>>;

fn ours(server: Arc<Server>, request: Request) -> Pin<Box<dyn Future<Output = Response> + Send>> {
    Box::pin(handle(State(server), request))
}

/// Does all of it in the future that goes away with the client.
fn alone(server: Arc<Server>, request: Request) -> Pin<Box<dyn Future<Output = Response> + Send>> {
    Box::pin(async move {
        let stopwatch = Stopwatch::start();
        let (head, body) = request.into_parts();
        let (body, asked) = receive(&server, &head, body).await.unwrap();
        let replied = decide(&server, asked, &body).await;
        let response = respond(&server, &head, &replied.answer, None);
        report(&server, &head, body, &replied, &response, &stopwatch);
        response
    })
}

/// How many starts were reported since the reader last looked.
async fn reported_starts(server: &Server, reader: &mut Activity) -> usize {
    // The marker is the last there is.
    let epoch = server.store.epoch();
    server.feed.report(epoch, None, What::Reset, None);
    let mut starts = 0;
    loop {
        let Told::Report(report) = reader.next().await else {
            panic!("reports were missed");
        };
        match &report.what {
            What::Reset => return starts,
            What::Exchange { request, .. } if request.url.ends_with("/transaction") => starts += 1,
            _ => {}
        }
    }
}

/// Hangs up after every number of polls. `None` where the test itself saw too little: no client that
/// was gone before the commit, or none after it.
async fn what_is_committed_is_reported(handler: Handler) -> Option<bool> {
    let server = server();
    let user = identified(&server).await;
    let mut reader = Activity::new(server.feed.clone());
    let (mut nothing, mut something) = (false, false);
    for polls in 0..24 {
        let body = json!({
            "bangoUserId": user,
            "externalTransactionId": format!("t-{polls}"),
            "paymentItems": [{"priceList": [{"currencyIso3": "USD", "grossAmount": "1.00"}]}]
        });
        let start = || call("POST", "transaction", &body);
        reported_starts(&server, &mut reader).await;
        let mut answering = handler(server.clone(), start());
        for _ in 0..polls {
            let mut context = Context::from_waker(Waker::noop());
            if answering.as_mut().poll(&mut context).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(answering);
        server.tasks.close();
        server.tasks.wait().await;
        server.tasks.reopen();

        let reported = reported_starts(&server, &mut reader).await;
        let again = handle(State(server.clone()), start()).await;
        let committed = again.headers().contains_key(exchange::REPLAYED_HEADER);
        if usize::from(committed) != reported {
            return Some(false);
        }
        nothing |= !committed;
        something |= committed;
    }
    (nothing && something).then_some(true)
}

#[tokio::test]
async fn what_is_committed_is_reported_whenever_the_client_hangs_up() {
    assert_eq!(what_is_committed_is_reported(ours).await, Some(true));
}

/// Resets at every moment of a call. Is the payment there exactly when the answer names the life that goes
/// on? `None` where the test saw no payment of the old life, or none of the new.
async fn an_answer_belongs_to_its_life(handler: Handler) -> Option<bool> {
    let (mut old, mut new) = (false, false);
    for polls in 0..24 {
        let server = server();
        // After the reset the same seed makes the same one again.
        let user = identified(&server).await;
        let body = json!({
            "bangoUserId": user,
            "paymentItems": [{"priceList": [{"currencyIso3": "USD", "grossAmount": "1.00"}]}]
        });
        let mut answering = handler(server.clone(), call("POST", "transaction", &body));
        for _ in 0..polls {
            let mut context = Context::from_waker(Waker::noop());
            if answering.as_mut().poll(&mut context).is_ready() {
                answering = Box::pin(std::future::ready(Response::default()));
                break;
            }
            tokio::task::yield_now().await;
        }
        let reset = control(&server, "POST", "reset").await["epoch"].clone();
        identified(&server).await;
        let response = answering.await;
        let Some(epoch) = response.headers().get(exchange::EPOCH_HEADER) else {
            old = true;
            continue;
        };
        let goes_on = epoch.to_str().unwrap() == reset;
        let state = control(&server, "GET", "state").await;
        let there = state["payments"].as_array().unwrap().len() == 1;
        let refused = said(response).await["transactionId"].is_null();
        if goes_on && !there && !refused || !goes_on && there {
            return Some(false);
        }
        old |= !goes_on;
        new |= goes_on;
    }
    (old && new).then_some(true)
}

async fn control(server: &Arc<Server>, verb: &str, path: &str) -> Value {
    let request = Request::builder()
        .method(verb)
        .uri(format!("/_sandbox/{path}"))
        .header("Authorization", "Basic c2FuZGJveDpzYW5kYm94")
        .body(Body::empty())
        .unwrap();
    said(crate::sandbox::control::handle(State(server.clone()), request).await).await
}

#[tokio::test]
async fn an_answer_belongs_to_one_life_whenever_the_reset_comes() {
    assert_eq!(an_answer_belongs_to_its_life(ours).await, Some(true));
}

#[tokio::test]
async fn a_handler_that_a_reset_does_not_wait_for_is_noticed() {
    assert_eq!(an_answer_belongs_to_its_life(alone).await, Some(false));
}

#[tokio::test]
async fn a_handler_that_goes_away_with_its_client_is_noticed() {
    assert_eq!(what_is_committed_is_reported(alone).await, Some(false));
}
