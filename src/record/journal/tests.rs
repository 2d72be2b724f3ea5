//! The journal as its users see it: what is appended is there, once, and reads back.

mod crash;
mod damage;
mod delete;
mod files;
mod fixture;
mod lists;
mod matching;
mod others;
pub mod plan;
mod retention;
mod whose;

use std::{collections::HashMap, sync::mpsc};

use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

use super::{Journal, JournalError, Place, Reader, Sync};
use crate::{
    api::{Adjust, Call, Item, Start, TransactionId},
    clock::Clock,
    exchange::{
        Body, CALL_HEADER, CallId, Epoch, Header, Outcome, Phases, Report, Request, Response, What,
    },
    money::{Amount, Currency},
    record::{
        Kind, NewEntry, Origin, Recorded, Seq, Transaction, TransactionKey,
        entry::{Address, Arrived, Ended, Missed, Own, Remark, Seen, Sent},
        fold::tests::{property::moves, server::World},
        line,
        transaction::Status,
        window::{self, Window},
    },
};

pub const EPOCH: Epoch = Epoch(Uuid::from_u128(0xe));
const ID: &str = "2006721250";

pub fn call(number: u128) -> CallId {
    CallId(Uuid::from_u128(0xca11_0000 + number))
}

pub fn memory() -> Journal {
    open(
        Place::Memory,
        Uuid::from_bytes(crate::clock::random_bytes()),
    )
    .unwrap()
}

pub fn open(place: Place, run: Uuid) -> Result<Journal, JournalError> {
    let (clock, _) = Clock::settable(Timestamp::UNIX_EPOCH);
    Journal::open(place, run, &clock)
}

pub fn append(journal: &Journal, entries: Vec<NewEntry>) -> Result<Recorded, JournalError> {
    let (sender, receiver) = mpsc::channel();
    journal.append(entries, Sync::Full, move |recorded| {
        sender.send(recorded).unwrap();
    });
    receiver.recv().unwrap()
}

pub fn start(number: u128) -> Call {
    Call::authorize(&Start {
        user: "472156480".into(),
        external: Some(format!("t-{number}").into()),
        gross: Amount::from_hundredths(1099),
        tax: None,
        currency: Currency::USD,
        item: Item::default(),
        callback_url: None,
        notification_url: None,
    })
}

pub fn request(call: &Call, id: Option<CallId>) -> Request {
    let headers = id.map(|id| Header::new(CALL_HEADER, id.0.to_string()));
    Request {
        method: call.method.as_str().into(),
        url: format!("http://127.0.0.1:2646/v5/{}", call.path),
        headers: headers.into_iter().collect(),
        body: Body::whole(call.body.clone().unwrap_or_default()),
    }
}

pub fn sent(id: CallId, call: &Call) -> NewEntry {
    let sent = Sent {
        call: id,
        operation: call.operation,
        request: request(call, Some(id)),
        step: None,
    };
    NewEntry::sent(Timestamp::UNIX_EPOCH, EPOCH, sent)
}

pub fn response(body: &str) -> Response {
    Response {
        status: 200,
        headers: vec![Header::new("Content-Type", "application/json")],
        body: Body::whole(body),
    }
}

pub fn ended(id: CallId, body: &str) -> NewEntry {
    let ended = Ended {
        call: id,
        outcome: Outcome::Answered {
            response: response(body),
            phases: Phases::default(),
        },
    };
    NewEntry::ended(Timestamp::UNIX_EPOCH, EPOCH, ended)
}

pub fn authorized(transaction: &str) -> String {
    format!(r#"{{"responseCode":"OK","transactionId":"{transaction}"}}"#)
}

pub fn report(number: u64, of: Option<CallId>, what: What) -> Report {
    Report {
        run: Uuid::from_u128(0x5a),
        number,
        epoch: EPOCH,
        at: Timestamp::UNIX_EPOCH,
        call: of,
        what,
        why: Some("because".into()),
    }
}

fn exchange(call: &Call, of: Option<CallId>, body: &str) -> What {
    What::Exchange {
        request: request(call, of),
        response: response(body),
        micros: 7,
        transaction: Some(ID.into()),
        standing: None,
    }
}

fn seen(number: u64, of: Option<CallId>, what: What) -> NewEntry {
    NewEntry::seen(Timestamp::UNIX_EPOCH, report(number, of, what))
}

/// A journal with one payment, started, captured and in part refunded.
fn played() -> (Journal, Reader) {
    let journal = memory();
    play(&journal);
    let reader = journal.reader().unwrap();
    (journal, reader)
}

fn play(journal: &Journal) {
    let id = TransactionId::from(ID);
    let part = Adjust {
        external: Some("r-1".into()),
        amounts: Some((Amount::from_hundredths(159), None, Currency::USD)),
        item: Item::default(),
    };
    let calls = [
        (start(1), authorized(ID)),
        (
            Call::capture(&id, None),
            r#"{"responseCode":"OK"}"#.to_owned(),
        ),
        (
            Call::refund(&id, Some(&part)),
            r#"{"responseCode":"REFUNDED"}"#.to_owned(),
        ),
    ];
    for (number, (what, answer)) in (1..).zip(calls) {
        append(journal, vec![sent(call(number), &what)]).unwrap();
        append(journal, vec![ended(call(number), &answer)]).unwrap();
    }
}

fn key(number: u128) -> TransactionKey {
    TransactionKey(Origin::Call(call(number)))
}

#[test]
fn what_was_appended_comes_back_with_what_it_changed() {
    let journal = memory();
    append(&journal, vec![sent(call(1), &start(1))]).unwrap();
    let recorded = append(&journal, vec![ended(call(1), &authorized(ID))]).unwrap();
    assert_eq!(recorded.entries[0].seq, Seq(2));
    assert_eq!(recorded.transactions[0].status(), Status::Authorized);
    assert_eq!(recorded.lines[0].transaction, Some(key(1)));
    assert_eq!(recorded.totals[0].authorized.count, 1);
    assert!(matches!(recorded.lines[0].what, line::What::Ended { .. }));
}

/// What other programs, our listener and people add: an entry of every kind but our own calls.
fn others() -> Vec<NewEntry> {
    let other = Call::retrieve(&TransactionId::from(ID));
    let arrived = Arrived {
        id: Uuid::from_u128(9),
        at: Address::Notification { key: call(1).key() },
        request: request(&start(9), None),
    };
    let remark = Remark {
        id: Uuid::from_u128(8),
        about: None,
        text: "look".into(),
    };
    let missed = Missed {
        run: Uuid::from_u128(0x5a),
        from: 9,
        count: 3,
    };
    let at = Timestamp::UNIX_EPOCH;
    vec![
        seen(1, None, exchange(&other, None, "{}")),
        seen(2, None, What::Reset),
        NewEntry::missed(at, EPOCH, missed),
        NewEntry::arrived(at, EPOCH, arrived),
        NewEntry::remark(at, EPOCH, remark),
    ]
}

#[test]
fn every_kind_reads_back_as_it_was() {
    let (journal, reader) = played();
    let recorded = append(&journal, others()).unwrap();
    assert_eq!(recorded.entries.len(), 5);
    for entry in recorded.entries {
        assert_eq!(reader.entry(entry.seq).unwrap(), Some(entry));
    }
}

#[test]
fn a_fact_that_two_saw_is_there_once() {
    let journal = memory();
    let twice = vec![sent(call(1), &start(1)), sent(call(1), &start(1))];
    assert_eq!(append(&journal, twice).unwrap().entries.len(), 1);
    let again = append(&journal, vec![sent(call(1), &start(1))]).unwrap();
    assert_eq!((again.entries, again.transactions), (vec![], vec![]));
}

#[test]
fn a_report_about_our_own_call_adds_only_its_why() {
    let (journal, reader) = played();
    let what = exchange(&start(1), Some(call(1)), &authorized(ID));
    let recorded = append(&journal, vec![seen(1, Some(call(1)), what)]).unwrap();
    let own = Own {
        run: Uuid::from_u128(0x5a),
        number: 1,
        call: call(1),
        why: Some("because".into()),
        transaction: Some(ID.into()),
        standing: None,
    };
    assert_eq!(recorded.entries[0].kind, Kind::Seen(Seen::Own(own)));
    assert_eq!(recorded.lines, []);
    let why = reader.exchange(call(1)).unwrap().unwrap().why;
    assert_eq!(why.as_deref(), Some("because"));
}

#[test]
fn a_report_with_a_call_of_somebody_elses_is_an_exchange() {
    let journal = memory();
    let what = exchange(&start(1), Some(call(7)), &authorized(ID));
    let recorded = append(&journal, vec![seen(1, Some(call(7)), what)]).unwrap();
    assert_eq!(recorded.transactions[0].status(), Status::Authorized);
    assert_eq!(recorded.lines.len(), 1);
}

#[test]
fn the_sums_follow_the_payments() {
    let (_journal, reader) = played();
    let totals = reader.totals(EPOCH).unwrap();
    assert_eq!(totals.len(), 1);
    assert_eq!(totals[0].payments, 1);
    assert_eq!(totals[0].captured.amount.gross.hundredths(), 1099);
    assert_eq!(totals[0].refunded.amount.gross.hundredths(), 159);
}

#[test]
fn a_whole_exchange_has_request_and_answer() {
    let (_journal, reader) = played();
    let exchange = reader.exchange(call(1)).unwrap().unwrap();
    assert_eq!(exchange.request, request(&start(1), Some(call(1))));
    let Some(Outcome::Answered {
        response: answer, ..
    }) = &exchange.outcome
    else {
        panic!("{exchange:?}");
    };
    assert_eq!(*answer, response(&authorized(ID)));
    assert_eq!(reader.exchange_at(Seq(2)).unwrap(), Some(exchange));
    assert_eq!(reader.exchange(call(99)).unwrap(), None);
}

#[test]
fn a_body_is_cut_and_its_true_length_kept() {
    let journal = memory();
    let mut long = start(1);
    long.body = Some(vec![b'x'; crate::exchange::BODY_KEPT + 5]);
    append(&journal, vec![sent(call(1), &long)]).unwrap();
    let reader = journal.reader().unwrap();
    let body = reader.exchange(call(1)).unwrap().unwrap().request.body;
    assert_eq!(body.kept.len(), crate::exchange::BODY_KEPT);
    assert_eq!(body.length, crate::exchange::BODY_KEPT as u64 + 5);
}

#[test]
fn every_id_finds_what_it_stands_for() {
    let (_journal, reader) = played();
    for id in [ID, "t-1"] {
        assert_eq!(reader.find(id).unwrap().transactions, [key(1)], "{id}");
    }
    assert_eq!(reader.find("r-1").unwrap().entries, [Seq(5)]);
    assert_eq!(reader.find("472156480").unwrap().entries, [Seq(1)]);
    let call = reader.find(&call(2).0.to_string()).unwrap();
    assert_eq!(call.entries, [Seq(4), Seq(3)]);
    assert_eq!(reader.find("nobody").unwrap(), super::Found::default());
}

#[test]
fn a_callback_finds_the_call_by_its_key() {
    let journal = memory();
    append(&journal, vec![sent(call(1), &start(1))]).unwrap();
    let redirect = r#"{"responseCode":"CLIENT_ACTION_REQUIRED","parameters":{"action":"REDIRECT","url":"http://x/"}}"#;
    append(&journal, vec![ended(call(1), redirect)]).unwrap();
    let key = call(1).key();
    let mut request = request(&Call::retrieve(&ID.into()), None);
    request.url = format!("/callback/{key}?transactionId={ID}&responseCode=OK");
    let arrived = Arrived {
        id: Uuid::from_u128(9),
        at: Address::Callback { key },
        request,
    };
    let new = NewEntry::arrived(Timestamp::UNIX_EPOCH, EPOCH, arrived);
    let recorded = append(&journal, vec![new]).unwrap();
    assert_eq!(recorded.transactions[0].status(), Status::Authorized);
}

#[test]
fn small_facts_are_remembered() {
    let (journal, reader) = played();
    let (sender, receiver) = mpsc::channel();
    journal.remember("port", "2646", move |kept| sender.send(kept).unwrap());
    receiver.recv().unwrap().unwrap();
    assert_eq!(reader.remembered("port").unwrap().as_deref(), Some("2646"));
    assert_eq!(reader.remembered("ports").unwrap(), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_tables_hold_what_the_fold_makes_in_memory(moves in moves()) {
        let mut world = World::default();
        world.play(&moves);
        let journal = memory();
        for entry in world.book.appended {
            append(&journal, vec![entry]).unwrap();
        }
        let place = window::Place::Newest;
        let reader = journal.reader().unwrap();
        let mut rows = reader.transactions(Window { place, limit: 100 }).unwrap().rows;
        rows.reverse();
        prop_assert_eq!(rows, world.book.transactions);
    }

    #[test]
    fn a_payment_before_a_call_is_what_its_row_was_then(moves in moves()) {
        let mut world = World::default();
        world.play(&moves);
        let journal = memory();
        let mut rows: HashMap<TransactionKey, Transaction> = HashMap::new();
        let mut known = vec![];
        for entry in world.book.appended {
            let recorded = append(&journal, vec![entry]).unwrap();
            let belongs = recorded.lines.first().and_then(|line| line.transaction);
            known.push((recorded.entries[0].seq, belongs.and_then(|key| rows.get(&key).cloned())));
            rows.extend(recorded.transactions.into_iter().map(|row| (row.key, row)));
        }
        let reader = journal.reader().unwrap();
        let stands = |row: Option<Transaction>| row.map(|row| (row.state, row.unresolved));
        for (seq, before) in known {
            let exchanged = reader.exchange_at(seq).unwrap();
            if let Some(exchanged) = exchanged.filter(|exchanged| exchanged.seq == seq) {
                let told = reader.payment_before(&exchanged).unwrap();
                prop_assert_eq!(stands(told), stands(before), "{:?}", seq);
            }
        }
    }
}

#[test]
fn what_cannot_be_written_is_an_error_and_takes_nothing_else_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let journal = open(Place::File(path.clone()), Uuid::from_u128(1)).unwrap();
    let other = rusqlite::Connection::open(path).unwrap();
    other
        .execute_batch("ALTER TABLE flight RENAME TO lost")
        .unwrap();

    let both = vec![others().remove(4), sent(call(1), &start(1))];
    let error = append(&journal, both).unwrap_err();
    assert!(error.to_string().contains("flight"), "{error}");
    assert_eq!(append(&journal, others()).unwrap().entries.len(), 5);

    other
        .execute_batch("ALTER TABLE lost RENAME TO flight")
        .unwrap();
    assert!(append(&journal, vec![sent(call(1), &start(1))]).is_ok());
}

#[test]
fn sqlite_has_no_write_ahead_log_race() {
    assert!(rusqlite::version_number() >= 3_051_003);
}
