use jiff::Timestamp;
use secrecy::SecretString;

use super::*;
use crate::exchange::{Report, What};
use crate::wire::raw_server::{Play, RawServer};

const RUN: Uuid = Uuid::from_u128(0x5a);
const EPOCH: Epoch = Epoch(Uuid::from_u128(0xe));

fn credentials() -> Credentials {
    Credentials {
        username: "sandbox".into(),
        password: SecretString::from("sandbox"),
    }
}

fn report(number: u64) -> Line {
    Line::Report(Box::new(Report {
        run: RUN,
        number,
        epoch: EPOCH,
        at: Timestamp::UNIX_EPOCH,
        call: None,
        what: What::Reset,
        why: None,
    }))
}

/// An answer of this run that ends after these lines.
fn lines(lines: &[Line]) -> Play {
    answer("200 OK", RUN, &bytes(lines))
}

fn bytes(lines: &[Line]) -> String {
    let line = |line| serde_json::to_string(line).unwrap() + "\n";
    lines.iter().map(line).collect()
}

fn answer(status: &str, run: Uuid, body: &str) -> Play {
    let head = format!(
        "HTTP/1.1 {status}\r\n{RUN_HEADER}: {run}\r\n{EPOCH_HEADER}: {}\r\nConnection: close\r\n\r\n",
        EPOCH.0
    );
    Play::Answer((head + body).into_bytes())
}

async fn open(server: &RawServer, after: u64) -> Result<Activity, ActivityError> {
    Activity::open(server.address, &credentials(), RUN, after).await
}

/// Where each connection asked to begin.
fn asked(server: &RawServer) -> Vec<String> {
    let line = |request: Vec<u8>| {
        let text = String::from_utf8(request).unwrap();
        text.lines().next().unwrap().to_owned()
    };
    server.requests().into_iter().map(line).collect()
}

#[tokio::test]
async fn a_connection_that_drops_is_made_again_behind_the_last_number() {
    let server = RawServer::start_in_order(vec![
        lines(&[report(3), report(4)]),
        lines(&[Line::Missed { missed: 2 }, report(7)]),
        Play::Close,
    ])
    .await;
    let mut activity = open(&server, 2).await.unwrap();
    assert_eq!(activity.epoch(), EPOCH);
    let expected = [report(3), report(4), Line::Missed { missed: 2 }, report(7)];
    for line in expected {
        assert_eq!(activity.next().await.unwrap(), line);
    }
    assert!(activity.next().await.is_err());
    assert_eq!(activity.read(), 7);
    let at = |after| format!("GET /_sandbox/activity?run={RUN}&after={after} HTTP/1.1");
    assert_eq!(asked(&server), [2, 4, 7].map(at));
}

#[tokio::test]
async fn half_a_line_is_not_read_and_asked_for_again() {
    let whole = bytes(&[report(1), report(2)]);
    let (cut, _) = whole.split_at(whole.len() - 9);
    let server = RawServer::start_in_order(vec![
        answer("200 OK", RUN, cut),
        lines(&[report(2)]),
        Play::Close,
    ])
    .await;
    let mut activity = open(&server, 0).await.unwrap();
    for number in [1, 2] {
        assert_eq!(activity.next().await.unwrap(), report(number));
    }
}

/// A server that hangs up each time would be asked for ever.
#[tokio::test]
async fn a_server_that_only_hangs_up_is_the_end() {
    let server = RawServer::start(lines(&[])).await;
    let mut activity = open(&server, 0).await.unwrap();
    let ended = activity.next().await;
    assert!(
        matches!(ended, Err(ActivityError::Unreachable)),
        "{ended:?}"
    );
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn who_is_not_the_run_that_was_asked_for_is_not_listened_to() {
    let another = answer("200 OK", Uuid::from_u128(0xbad), &bytes(&[report(1)]));
    let refused = answer("401 Unauthorized", RUN, "");
    let page = Play::Answer(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html>".to_vec());
    for (play, expected) in [
        (another, "another program answers there"),
        (page, "another program answers there"),
        (refused, "it does not take our user name and password"),
        (Play::Close, "it does not answer there"),
    ] {
        let server = RawServer::start(play).await;
        let error = open(&server, 0).await.err().unwrap();
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn another_run_at_the_same_address_is_noticed_when_the_connection_is_made_again() {
    let another = answer("200 OK", Uuid::from_u128(0xbad), &bytes(&[report(1)]));
    let server = RawServer::start_in_order(vec![lines(&[report(1)]), another]).await;
    let mut activity = open(&server, 0).await.unwrap();
    activity.next().await.unwrap();
    let ended = activity.next().await;
    assert!(
        matches!(ended, Err(ActivityError::SomebodyElse)),
        "{ended:?}"
    );
}
