use std::sync::mpsc;

use proptest::prelude::*;
use tokio::net::TcpListener;

use super::*;
use crate::api::{Method, Operation, SessionId, TransactionId};
use crate::exchange::{BODY_KEPT, CALL_HEADER, SECRET, header};
use crate::wire::raw_server::{Play, RawServer};

const ID: CallId = CallId(uuid::Uuid::from_u128(
    0x0197_0000_0000_7000_8123_4567_89ab_cdef,
));

fn client_at(base: &str, timeouts: Timeouts) -> Client {
    let credentials = Credentials {
        username: "sandbox".into(),
        password: "open sesame".into(),
    };
    Client::new(base, credentials, Peer::OurSandbox, timeouts).unwrap()
}

fn client(server: &RawServer) -> Client {
    client_at(&server.url("/v5"), Timeouts::default())
}

fn call(method: Method, path: &str, body: Option<&str>) -> Call {
    Call {
        operation: Operation::Authorize,
        method,
        path: path.into(),
        body: body.map(|body| body.as_bytes().to_vec()),
        stub: None,
        fault: None,
    }
}

fn retrieve() -> Call {
    call(Method::Get, "transaction/2006721250", None)
}

async fn send(client: &Client, call: &Call) -> Outcome {
    client.send(call, ID, CancellationToken::new()).await
}

fn why_cut(outcome: Outcome) -> Cut {
    match outcome {
        Outcome::Cut { why, .. } => why,
        other => panic!("not cut but {other:?}"),
    }
}

/// An address on which nobody listens: it was free a moment ago.
async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}/v5", listener.local_addr().unwrap())
}

#[tokio::test]
async fn an_answer_comes_back_whole_with_its_phases() {
    let server = RawServer::start(Play::Answer(
        b"HTTP/1.1 202 Accepted\r\nX-Odd: \x9b2J\xff\r\nSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\n{}"
            .to_vec(),
    ))
    .await;
    let Outcome::Answered { response, phases } = send(&client(&server), &retrieve()).await else {
        panic!("no answer");
    };
    assert_eq!(response.status, 202);
    assert_eq!(header(&response.headers, "x-odd"), Some(&b"\x9b2J\xff"[..]));
    assert_eq!(
        header(&response.headers, "set-cookie"),
        Some(SECRET.as_bytes())
    );
    assert_eq!(response.body.kept, b"{}");
    let connect = phases.connect.unwrap();
    let first_byte = phases.first_byte.unwrap();
    assert!(connect <= first_byte && first_byte <= phases.total);
}

#[tokio::test]
async fn a_refused_connection_is_not_sent() {
    let client = client_at(&nobody().await, Timeouts::default());
    let Outcome::NotSent {
        why: NotSent::NoConnection { error },
    } = send(&client, &retrieve()).await
    else {
        panic!("something was sent");
    };
    assert!(error.to_lowercase().contains("refused"), "{error}");
}

#[tokio::test]
async fn cancelling_a_silent_server_leaves_the_outcome_unknown() {
    let server = RawServer::start(Play::Silence).await;
    let cancel = CancellationToken::new();
    let (sender, outcomes) = mpsc::channel();
    let task = start(
        client(&server),
        retrieve(),
        ID,
        cancel.clone(),
        move |outcome| sender.send(outcome).unwrap(),
    );
    server.wait_for_requests(1).await;
    cancel.cancel();
    task.await.unwrap();
    let mut all: Vec<Outcome> = outcomes.iter().collect();
    assert_eq!(all.len(), 1);
    assert_eq!(why_cut(all.remove(0)), Cut::Cancelled);
}

/// A listener whose queue is full, so that a further connection stays under way for ever.
async fn full_queue() -> (String, Vec<tokio::net::TcpStream>, TcpListener) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    let patience = Duration::from_millis(100);
    while let Ok(stream) =
        tokio::time::timeout(patience, tokio::net::TcpStream::connect(address)).await
    {
        waiting.push(stream.unwrap());
    }
    (format!("http://{address}/v5"), waiting, listener)
}

#[tokio::test]
async fn what_was_cancelled_while_connecting_is_not_sent() {
    let (base, _waiting, _listener) = full_queue().await;
    let cancel = CancellationToken::new();
    let client = client_at(&base, Timeouts::default());
    let call = retrieve();
    let mut sending = Box::pin(client.send(&call, ID, cancel.clone()));
    let poll = |context: &mut std::task::Context<'_>| {
        std::task::Poll::Ready(sending.as_mut().poll(context).is_pending())
    };
    assert!(
        std::future::poll_fn(poll).await,
        "the connection is under way"
    );
    cancel.cancel();
    assert_eq!(
        sending.await,
        Outcome::NotSent {
            why: NotSent::Cancelled
        }
    );
}

#[tokio::test]
async fn a_connection_that_does_not_come_is_not_sent() {
    let (base, _waiting, _listener) = full_queue().await;
    let timeouts = Timeouts {
        connect: Duration::from_millis(50),
        ..Timeouts::default()
    };
    let outcome = send(&client_at(&base, timeouts), &retrieve()).await;
    assert!(
        matches!(
            outcome,
            Outcome::NotSent {
                why: NotSent::NoConnection { .. }
            }
        ),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_token_that_was_tripped_before_sends_nothing() {
    let server = RawServer::start(Play::Silence).await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let outcome = client(&server).send(&retrieve(), ID, cancel).await;
    assert_eq!(
        outcome,
        Outcome::NotSent {
            why: NotSent::Cancelled
        }
    );
    assert_eq!(server.requests(), Vec::<Vec<u8>>::new());
}

#[tokio::test]
async fn a_silent_server_times_out_with_an_unknown_outcome() {
    let server = RawServer::start(Play::Silence).await;
    let timeouts = Timeouts {
        first_byte: Duration::from_millis(500),
        ..Timeouts::default()
    };
    let outcome = send(&client_at(&server.url("/v5"), timeouts), &retrieve()).await;
    assert_eq!(why_cut(outcome), Cut::TimedOut);
}

#[tokio::test]
async fn an_answer_that_never_ends_times_out_with_an_unknown_outcome() {
    let start = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec();
    let server = RawServer::start(Play::AnswerEach(start)).await;
    let timeouts = Timeouts {
        total: Duration::from_millis(500),
        ..Timeouts::default()
    };
    let outcome = send(&client_at(&server.url("/v5"), timeouts), &retrieve()).await;
    assert_eq!(why_cut(outcome), Cut::TimedOut);
}

#[tokio::test]
async fn half_an_answer_says_how_much_of_it_came() {
    let server = RawServer::start(Play::Answer(
        b"HTTP/1.1 200 OK\r\nContent-Length: 980\r\n\r\n{\"half\":".to_vec(),
    ))
    .await;
    let Cut::Broken {
        received, expected, ..
    } = why_cut(send(&client(&server), &retrieve()).await)
    else {
        panic!("not broken");
    };
    assert_eq!((received, expected), (8, Some(980)));
}

#[tokio::test]
async fn a_huge_body_is_cut_and_its_true_length_kept() {
    let length = BODY_KEPT + 70_000;
    let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n").into_bytes();
    answer.resize(answer.len() + length, b'x');
    let server = RawServer::start(Play::Answer(answer)).await;
    let Outcome::Answered { response, .. } = send(&client(&server), &retrieve()).await else {
        panic!("no answer");
    };
    assert_eq!(response.body.length, length as u64);
    assert_eq!(response.body.kept.len(), BODY_KEPT);
}

#[tokio::test]
async fn contradictory_lengths_are_a_broken_answer() {
    let server = RawServer::start(Play::Answer(
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}".to_vec(),
    ))
    .await;
    let why = why_cut(send(&client(&server), &retrieve()).await);
    assert!(
        matches!(&why, Cut::Broken { error, .. } if error.contains("content-length")),
        "{why:?}"
    );
}

#[tokio::test]
async fn a_connection_closed_after_the_request_reaches_the_wire_once() {
    for play in [Play::Close, Play::CloseAtOnce] {
        let server = RawServer::start(play.clone()).await;
        let client = client(&server);
        let outcome = send(&client, &call(Method::Post, "transaction", Some("{}"))).await;
        assert!(
            matches!(why_cut(outcome), Cut::Broken { received: 0, .. }),
            "{play:?}"
        );
        assert_eq!(server.connections(), 1, "{play:?}");
    }
}

/// A kept connection is where the library sends again by itself. The control is the library as it comes.
#[tokio::test]
async fn every_call_has_a_connection_of_its_own() {
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec();
    let server = RawServer::start(Play::AnswerEach(answer.clone())).await;
    let client = client(&server);
    for _ in 0..3 {
        let outcome = send(&client, &retrieve()).await;
        assert!(matches!(outcome, Outcome::Answered { .. }), "{outcome:?}");
    }
    assert_eq!(server.connections(), 3);

    let server = RawServer::start(Play::AnswerEach(answer)).await;
    let control = reqwest::Client::builder().no_proxy().build().unwrap();
    for _ in 0..3 {
        let answer = control.get(server.url("/")).send().await.unwrap();
        answer.bytes().await.unwrap();
    }
    assert!(server.connections() < 3);
}

/// Runs itself once more with a proxy in the environment, on which nobody listens. The control is a
/// remote client, which honours it.
#[tokio::test]
async fn a_proxy_in_the_environment_is_not_on_the_way_to_a_sandbox() {
    const NAME: &str = "a_proxy_in_the_environment_is_not_on_the_way_to_a_sandbox";
    const PROXY: &str = "http://127.0.0.1:1";
    if std::env::var("HTTP_PROXY").is_ok_and(|proxy| proxy == PROXY) {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec();
        let server = RawServer::start(Play::Answer(answer)).await;
        let outcome = send(&client(&server), &retrieve()).await;
        assert!(matches!(outcome, Outcome::Answered { .. }), "{outcome:?}");

        let credentials = client(&server).credentials;
        let base = server.url("/v5");
        let control = Client::new(&base, credentials, Peer::Remote, Timeouts::default()).unwrap();
        let outcome = send(&control, &retrieve()).await;
        assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
        return;
    }
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            &format!("{}::{NAME}", module_path!().split_once("::").unwrap().1),
        ])
        .env("HTTP_PROXY", PROXY)
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

#[tokio::test]
async fn bodies_of_options_and_delete_arrive_whole_and_the_record_is_what_left() {
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec();
    let server = RawServer::start(Play::Answer(answer)).await;
    let client = client(&server);
    let calls = [
        call(Method::Options, "transaction", Some("{ \"a\" : 1 }")),
        call(Method::Delete, "transaction/1", Some("{\"b\":\"\u{e9}\"}")),
        call(Method::Delete, "transaction/1", None),
        call(Method::Put, "transaction/1", None),
        Call::go_on(&SessionId::from("472156480")),
        retrieve(),
    ];
    for (position, call) in calls.iter().enumerate() {
        let record = client.request(call, ID).unwrap();
        send(&client, call).await;
        server.wait_for_requests(position + 1).await;
        let arrived = String::from_utf8(server.requests().remove(position)).unwrap();
        assert_eq!(arrived, as_wire(&client, &record));
    }
}

/// The bytes that a record claims to have left.
fn as_wire(client: &Client, record: &Request) -> String {
    use std::fmt::Write as _;
    let base = client.base.as_str().trim_end_matches("/v5");
    let mut wire = format!(
        "{} {} HTTP/1.1\r\n",
        record.method,
        record.url.strip_prefix(base).unwrap()
    );
    for header in &record.headers {
        let value = if header.value == SECRET.as_bytes() {
            "Basic c2FuZGJveDpvcGVuIHNlc2FtZQ=="
        } else {
            str::from_utf8(&header.value).unwrap()
        };
        write!(wire, "{}: {value}\r\n", header.name).unwrap();
    }
    wire + "\r\n" + str::from_utf8(&record.body.kept).unwrap()
}

#[test]
fn the_call_id_goes_to_our_sandbox_only_and_the_password_nowhere() {
    let sandbox = client_at("http://127.0.0.1:2646/v5", Timeouts::default());
    let record = sandbox.request(&retrieve(), ID).unwrap();
    assert_eq!(
        header(&record.headers, CALL_HEADER),
        Some(ID.0.to_string().as_bytes())
    );
    assert!(header(&record.headers, "content-type").is_none());
    assert!(!format!("{record:?}{sandbox:?}").contains("sesame"));

    let credentials = Credentials {
        username: "kim".into(),
        password: "open sesame".into(),
    };
    let base = "http://payment.example/v5/";
    let remote = Client::new(base, credentials, Peer::Remote, Timeouts::default()).unwrap();
    let record = remote.request(&retrieve(), ID).unwrap();
    assert_eq!(header(&record.headers, CALL_HEADER), None);
    assert_eq!(
        record.url,
        "http://payment.example/v5/transaction/2006721250"
    );
}

#[test]
fn an_address_that_is_more_or_less_than_an_address_is_refused() {
    for base in [
        "",
        "127.0.0.1:2646",
        "file:///v5",
        "ftp://payment.example/v5",
        "http://kim:secret@127.0.0.1/v5",
        "http://127.0.0.1/v5?x=1",
        "http://127.0.0.1/v5#x",
    ] {
        let credentials = Credentials {
            username: "sandbox".into(),
            password: "sandbox".into(),
        };
        let refused = Client::new(base, credentials, Peer::OurSandbox, Timeouts::default());
        assert!(refused.is_err(), "{base}");
    }
}

#[tokio::test]
async fn an_id_of_dots_never_reaches_the_collection_above() {
    let server = RawServer::start(Play::Silence).await;
    for id in ["..", "."] {
        let call = Call::cancel(&TransactionId::from(id));
        let outcome = send(&client(&server), &call).await;
        assert!(
            matches!(
                outcome,
                Outcome::NotSent {
                    why: NotSent::Unbuildable { .. }
                }
            ),
            "{id}: {outcome:?}"
        );
    }
    assert_eq!(server.connections(), 0);
}

proptest! {
    #[test]
    fn any_id_stays_below_its_resource(id in "\\PC{1,24}") {
        let client = client_at("http://127.0.0.1:2646/v5", Timeouts::default());
        let call = Call::retrieve(&TransactionId::from(id));
        if let Ok(record) = client.request(&call, ID) {
            let path = record.url.strip_prefix("http://127.0.0.1:2646/v5/transaction/").unwrap();
            prop_assert!(!path.is_empty() && !path.contains(['/', '?', '#']));
        }
    }
}

#[test]
fn an_address_of_before_is_known_below_any_base() {
    let below = |base: &str, url: &'static str| {
        let credentials = Credentials {
            username: "kim".into(),
            password: "secret".into(),
        };
        let client = Client::new(base, credentials, Peer::OurSandbox, Timeouts::default());
        client.unwrap().below_base(url).map(str::to_owned)
    };
    let here = "http://127.0.0.1:2646/v5";
    let path = Some("transaction/a%2Fb".to_owned());
    assert_eq!(
        below(here, "http://127.0.0.1:9999/v5/transaction/a%2Fb"),
        path
    );
    let gateway = "http://localhost/v5/gateway/";
    assert_eq!(
        below(gateway, "http://localhost/v5/gateway/transaction/a%2Fb"),
        path
    );
    assert_eq!(below(gateway, "http://localhost/v5/transaction/1"), None);
    assert_eq!(below(here, "http://127.0.0.1:2646/v5"), None);
    assert_eq!(below(here, "/v5/transaction/1"), None);
}
