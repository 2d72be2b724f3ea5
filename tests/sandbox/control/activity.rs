//! `GET /_sandbox/activity`: what happens, a line for each, for as long as somebody reads.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use super::post;
use crate::harness::{DEADLINE, Request, Sandbox, basic, is, sent_to_a_page};

/// A stream of lines that stays open.
pub struct Stream(BufReader<TcpStream>);

impl Stream {
    #[track_caller]
    pub fn open(sandbox: &Sandbox, query: &str) -> Self {
        let mut connection = TcpStream::connect(&sandbox.authority).expect("a connection");
        let timeout = connection.set_read_timeout(Some(DEADLINE));
        timeout.expect("a deadline");
        let credentials = basic("sandbox", "sandbox");
        let head = format!(
            "GET /_sandbox/activity{query} HTTP/1.0\r\nHost: {}\r\nAuthorization: {credentials}\r\n\r\n",
            sandbox.authority
        );
        connection.write_all(head.as_bytes()).expect("it was sent");
        let mut stream = Self(BufReader::new(connection));
        let mut kind = String::new();
        loop {
            let line = stream.line();
            if line.is_empty() {
                assert!(kind.contains("application/x-ndjson"), "{kind}");
                return stream;
            }
            kind.push_str(&line);
        }
    }

    #[track_caller]
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("a line in time");
        line.trim_end().to_owned()
    }

    #[track_caller]
    pub fn report(&mut self) -> Value {
        serde_json::from_str(&self.line()).expect("a line is JSON")
    }
}

#[test]
fn every_call_is_a_line_and_the_stream_stays_open() {
    let sandbox = Sandbox::start();
    sandbox.retrieve("1");
    let mut stream = Stream::open(&sandbox, "");
    let first = stream.report();
    assert_eq!(first["number"], 1);
    assert_eq!(first["why"], "no transaction has this id");
    let exchange = &first["what"]["exchange"];
    assert_eq!(exchange["request"]["url"], "/v5/transaction/1");
    assert_eq!(exchange["response"]["status"], 404);
    let credentials = exchange["request"]["headers"].to_string();
    assert!(!credentials.contains("Basic"), "{credentials}");

    // What happens while somebody reads arrives, too.
    let answer = sandbox.capture("1");
    let second = stream.report();
    assert_eq!(second["number"], 2);
    assert_eq!(
        (&second["run"], &second["epoch"]),
        (&first["run"], &first["epoch"])
    );
    assert_eq!(second["epoch"].as_str(), answer.header("bango-sandbox"));
}

#[test]
fn a_reader_goes_on_where_it_left_off() {
    let sandbox = Sandbox::start();
    for _ in 0..3 {
        sandbox.retrieve("1");
    }
    let run = Stream::open(&sandbox, "").report()["run"].clone();
    let run = run.as_str().expect("a text");
    let first = |query: &str| Stream::open(&sandbox, query).report()["number"].clone();
    assert_eq!(first(&format!("?run={run}&after=2")), 3);
    assert_eq!(first("?after=1"), 2);
    // Numbers of another run mean nothing here.
    assert_eq!(
        first("?run=00000000-0000-0000-0000-000000000000&after=2"),
        1
    );
    assert_eq!(first("?run=another&after=2"), 1);
}

#[test]
fn a_user_made_without_the_pages_is_reported() {
    let sandbox = Sandbox::start();
    let user = post(&sandbox, "users", &json!({"msisdn": "447710900120"}));
    let expected = json!({"identified": {
        "session": null,
        "user": user.text_at("/bangoUserId"),
        "msisdn": "447710900120",
        "key": "GBR_BANGO",
    }});
    assert_eq!(Stream::open(&sandbox, "").report()["what"], expected);
}

#[test]
fn a_reset_is_reported_with_the_life_that_it_begins() {
    let sandbox = Sandbox::start();
    sandbox.retrieve("1");
    let mut stream = Stream::open(&sandbox, "");
    let before = stream.report();
    let answer = post(&sandbox, "reset", &json!({}));
    let reset = stream.report();
    assert_eq!(reset["what"], "reset");
    assert_eq!(
        (&reset["run"], &reset["number"]),
        (&before["run"], &json!(2))
    );
    assert_eq!(reset["epoch"], answer.text_at("/epoch"));
    assert_ne!(reset["epoch"], before["epoch"]);
    sandbox.retrieve("1");
    assert_eq!(stream.report()["epoch"], reset["epoch"]);
}

#[test]
fn the_head_of_a_page_is_not_the_page_opened() {
    let sandbox = Sandbox::start();
    let (_, url) = sent_to_a_page(&sandbox.identity(&json!({})));
    let path = url::Url::parse(&url).expect("a URL").path().to_owned();
    let answer = |method: &str| sandbox.send(&Request::new(method, &path));
    let (head, get) = (answer("HEAD"), answer("GET"));
    assert_eq!((head.status, head.text()), (get.status, String::new()));
    for name in ["content-type", "content-length", "content-security-policy"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    sandbox.retrieve("1");
    let mut stream = Stream::open(&sandbox, "?after=1");
    let title = "/what/page/title";
    assert!(stream.report().pointer(title).is_some(), "the GET");
    assert_eq!(stream.report().pointer(title), None, "opened once");
}

#[test]
fn control_itself_is_no_call() {
    let sandbox = Sandbox::start();
    super::get(&sandbox, "state");
    sandbox.send(&super::request("GET", "nothing"));
    sandbox.retrieve("1");
    let first = Stream::open(&sandbox, "").report();
    assert_eq!(first["what"]["exchange"]["request"]["method"], "GET");
    assert_eq!(
        first["what"]["exchange"]["request"]["url"],
        "/v5/transaction/1"
    );
}

#[test]
fn readers_do_not_hinder_each_other_or_the_calls() {
    let sandbox = Sandbox::start();
    let mut streams: Vec<_> = (0..8).map(|_| Stream::open(&sandbox, "")).collect();
    let transaction = sandbox.authorized("1.00", "0.00");
    is(&sandbox.capture(&transaction), "OK");
    drop(streams.pop());
    is(&sandbox.delete(&transaction), "REFUNDED");
    for stream in &mut streams {
        let last = loop {
            let report = stream.report();
            if report["what"]["exchange"]["request"]["method"] == "DELETE" {
                break report;
            }
        };
        assert!(last["number"].as_u64() > Some(2));
    }
}
