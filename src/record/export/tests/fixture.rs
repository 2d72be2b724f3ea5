//! Entries of every kind.

use jiff::Timestamp;
use uuid::Uuid;

use crate::api::Operation;
use crate::exchange::{
    Body, CallId, Cut, Delivery, Epoch, Header, NotSent, Outcome, Phases, Report, Request,
    Response, What,
};
use crate::record::entry::{Address, Arrived, Ended, Own, Sent};
use crate::record::{Entry, NewEntry, Seq};

const EPOCH: Epoch = Epoch(Uuid::from_u64_pair(0xe, 0xe));
const RUN: Uuid = Uuid::from_u64_pair(0xa, 1);
pub const USER: &str = "472156480";
pub const NUMBER: &str = "447710900120";

fn call(number: u64) -> CallId {
    CallId(Uuid::from_u64_pair(0xca11, number))
}

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn request(method: &str, url: &str, words: &[u8], body: &[u8]) -> Request {
    Request {
        method: method.into(),
        url: url.into(),
        headers: vec![
            Header::new("Authorization", "Basic c2FuZGJveDpzYW5kYm94"),
            Header::new("Content-Type", "application/json"),
            Header::new("X-Words", words),
        ],
        body: Body::whole(body),
    }
}

fn response(status: u16, words: &[u8], body: &[u8]) -> Response {
    Response {
        status,
        headers: vec![
            Header::new("content-type", "application/json"),
            Header::new("x-words", words),
        ],
        body: Body::whole(body),
    }
}

/// Entries in which `words` stand wherever words of others can stand. `json` is the same as a text of
/// JSON, without its quotes.
#[expect(clippy::too_many_lines, reason = "one entry of each kind")]
pub fn entries(words: &str, json: &str) -> Vec<Entry> {
    const BASE: &str = "http://127.0.0.1:2646/v5";
    let bytes = words.as_bytes();
    let start = format!(
        r#"{{"bangoUserId":"{USER}","externalTransactionId":"t-1","note":"{json}","paymentItems":[{{"itemName":"{json}"}}]}}"#
    );
    let answer = format!(
        r#"{{"responseCode":"OK","responseMessage":"{json}","transactionId":"2006721250"}}"#
    );
    let sent = |number, operation, request| Sent {
        call: call(number),
        operation,
        request,
        step: None,
    };
    let phases = Phases {
        connect: Some(200),
        first_byte: Some(2_900),
        total: 3_100,
    };
    let answered = |number, response| Ended {
        call: call(number),
        outcome: Outcome::Answered { response, phases },
    };
    let report = |number, what, why: Option<&str>| Report {
        run: RUN,
        number,
        epoch: EPOCH,
        at: at(0),
        call: None,
        what,
        why: why.map(str::to_owned),
    };
    let identified = What::Identified {
        session: None,
        user: USER.into(),
        msisdn: crate::api::Msisdn::parse(NUMBER).unwrap(),
        key: "GBR_BANGO".into(),
    };
    let foreign = What::Exchange {
        request: request(
            "POST",
            "/v5/transaction",
            bytes,
            &[b"\xff\xfe", bytes].concat(),
        ),
        response: response(202, bytes, bytes),
        micros: 900,
        transaction: None,
        standing: None,
    };
    let notified = What::Notified {
        url: format!(
            "http://127.0.0.1:9/n?msisdn={NUMBER}&x={}",
            words.escape_default()
        ),
        body: start.clone().into_bytes(),
        attempt: 2,
        result: Delivery::Failed {
            error: words.into(),
        },
        transaction: None,
        session: None,
    };
    let broken = Outcome::Cut {
        why: Cut::Broken {
            received: 7,
            expected: Some(9),
            error: words.into(),
        },
        phases: Phases {
            connect: None,
            ..phases
        },
    };
    let why = NotSent::NoConnection {
        error: words.into(),
    };
    let new = vec![
        NewEntry::seen(at(0), report(1, identified, None)),
        NewEntry::sent(
            at(1),
            EPOCH,
            sent(
                1,
                Operation::Authorize,
                request(
                    "POST",
                    &format!("{BASE}/transaction"),
                    bytes,
                    start.as_bytes(),
                ),
            ),
        ),
        NewEntry::ended(
            at(1),
            EPOCH,
            answered(1, response(200, bytes, answer.as_bytes())),
        ),
        NewEntry::own(
            at(1),
            EPOCH,
            Own {
                run: RUN,
                number: 2,
                call: call(1),
                why: Some(words.into()),
                transaction: None,
                standing: None,
            },
        ),
        NewEntry::sent(
            at(2),
            EPOCH,
            sent(
                2,
                Operation::Status,
                request("GET", &format!("{BASE}/identity/{USER}"), bytes, b""),
            ),
        ),
        NewEntry::ended(
            at(2),
            EPOCH,
            Ended {
                call: call(2),
                outcome: broken,
            },
        ),
        NewEntry::sent(
            at(3),
            EPOCH,
            sent(
                3,
                Operation::Capture,
                request("PUT", &format!("{BASE}/transaction/2006721250"), bytes, b""),
            ),
        ),
        NewEntry::ended(
            at(3),
            EPOCH,
            Ended {
                call: call(3),
                outcome: Outcome::NotSent { why },
            },
        ),
        NewEntry::sent(
            at(4),
            EPOCH,
            sent(
                4,
                Operation::Retrieve,
                request("GET", &format!("{BASE}/transaction/2006721250"), bytes, b""),
            ),
        ),
        NewEntry::seen(at(5), report(3, foreign, Some(words))),
        NewEntry::seen(at(6), report(4, notified, None)),
        NewEntry::arrived(
            at(7),
            EPOCH,
            Arrived {
                id: Uuid::from_u64_pair(0, 1),
                at: Address::Callback { key: "00".into() },
                request: request("GET", "/callback/00?responseCode=OK", bytes, b""),
            },
        ),
    ];
    (1..)
        .zip(new)
        .map(|(seq, entry)| entry.placed(Seq(seq)))
        .collect()
}
