//! What goes when a journal grows old or large, and what has to stay.

mod property;
pub mod story;

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use uuid::Uuid;

use super::{Call, ID, TransactionId, authorized, call, start};
use crate::{
    api::call::Identify,
    clock::{self, Clock, Stopwatch},
    exchange::Outcome,
    record::{
        Kind, NewEntry, Seq,
        entry::{About, Remark, Step},
        journal::{
            Journal, Limits, Place, append,
            read::Reader,
            retention::{self, Retention},
            schema,
        },
        window::{self, Window},
    },
};

/// Only the age counts.
const NINETY_DAYS: Limits = Limits {
    bytes: 1 << 30,
    age: SignedDuration::from_hours(90 * 24),
};

/// Only the size counts, and everything is too much.
const NOTHING: Limits = Limits {
    bytes: 0,
    age: SignedDuration::MAX,
};

/// A journal without its thread.
pub struct Bench {
    connection: Connection,
    run: Uuid,
}

impl Bench {
    fn new() -> Self {
        let run = Uuid::from_bytes(clock::random_bytes());
        let (connection, _) = schema::open(&Place::Memory, run).unwrap();
        Self { connection, run }
    }

    fn append(&self, entry: NewEntry) {
        append::append_one(&self.connection, entry, self.run).unwrap();
    }

    /// One whole round.
    fn retain(&mut self, limits: Limits, now: Timestamp) {
        let mut retention = Retention::new(limits);
        retention.look(&self.connection);
        while retention.is_due() {
            retention.step(&mut self.connection, now).unwrap();
        }
    }

    fn reader(&self) -> Reader {
        Reader::new(schema::open_reader(&Place::Memory, self.run).unwrap())
    }

    fn payments(&self) -> usize {
        let limit = 1_000;
        let place = window::Place::Newest;
        let rows = self.reader().transactions(Window { place, limit }).unwrap();
        assert_eq!(rows.total, rows.rows.len() as u64);
        rows.rows.len()
    }

    /// The places of what is left, and the texts of the remarks among it.
    fn left(&self) -> (Vec<u64>, Vec<String>) {
        let (mut seqs, mut remarks) = (vec![], vec![]);
        let mut statement = self
            .connection
            .prepare("SELECT seq FROM entry ORDER BY seq")
            .unwrap();
        let mut rows = statement.query(()).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let seq = Seq(row.get::<_, i64>(0).unwrap().unsigned_abs());
            match self.reader().entry(seq).unwrap().unwrap().kind {
                Kind::Remark(remark) => remarks.push(remark.text),
                _ => seqs.push(seq.0),
            }
        }
        (seqs, remarks)
    }
}

fn day(number: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * number)
}

/// The same entry on another day.
fn on(number: i64, entry: &NewEntry) -> NewEntry {
    match entry.kind().clone() {
        Kind::Sent(sent) => NewEntry::sent(day(number), entry.epoch(), sent),
        Kind::Ended(ended) => NewEntry::ended(day(number), entry.epoch(), ended),
        other => panic!("{other:?}"),
    }
}

fn remark(number: i64, about: About) -> NewEntry {
    let remark = Remark {
        id: Uuid::from_bytes(clock::random_bytes()),
        about: Some(about),
        text: "look".into(),
    };
    NewEntry::remark(day(number), super::EPOCH, remark)
}

fn sent(number: u128, what: &Call) -> NewEntry {
    super::sent(call(number), what)
}

fn ended(number: u128, answer: &str) -> NewEntry {
    super::ended(call(number), answer)
}

/// Three payments, authorized on the days 0, 10 and 20; the first was captured on day 15.
fn three() -> Bench {
    let bench = Bench::new();
    for number in 1..=3_u8 {
        let began = (i64::from(number) - 1) * 10;
        let number = u128::from(number);
        bench.append(on(began, &sent(number, &start(number))));
        let answer = authorized(&format!("{ID}{number}"));
        bench.append(on(began, &ended(number, &answer)));
    }
    let capture = Call::capture(&TransactionId::from(format!("{ID}1").as_str()), None);
    bench.append(on(15, &sent(11, &capture)));
    bench.append(on(15, &ended(11, r#"{"responseCode":"OK"}"#)));
    bench
}

#[test]
fn a_payment_goes_ninety_days_after_its_last_entry() {
    let mut bench = three();
    bench.retain(NINETY_DAYS, day(90));
    assert_eq!(bench.left().0, [1, 2, 3, 4, 5, 6, 7, 8]);
    bench.retain(NINETY_DAYS, day(102));
    assert_eq!(bench.left().0, [1, 2, 5, 6, 7, 8]);
    bench.retain(NINETY_DAYS, day(106));
    assert_eq!(bench.left().0, [5, 6]);
    assert_eq!(bench.payments(), 1);
}

#[test]
fn one_remark_says_what_went() {
    let mut bench = three();
    bench.retain(NINETY_DAYS, day(106));
    let told =
        "removed 2 payments of 1970-01-01 to 1970-01-16: the journal keeps 90 days and 1 GiB";
    assert_eq!(bench.left().1, [told]);
    bench.retain(NINETY_DAYS, day(107));
    assert_eq!(bench.left().1, [told]);
}

#[test]
fn the_sums_are_of_what_is_left() {
    let mut bench = three();
    let gross = |bench: &Bench| {
        let totals = bench.reader().totals(super::EPOCH).unwrap();
        totals.first().map(|totals| {
            let [authorized, captured] =
                [totals.authorized, totals.captured].map(|sum| sum.amount.gross.hundredths());
            (totals.payments, authorized, captured)
        })
    };
    assert_eq!(gross(&bench), Some((3, 3297, 1099)));
    bench.retain(NINETY_DAYS, day(106));
    assert_eq!(gross(&bench), Some((1, 1099, 0)));
    bench.retain(NINETY_DAYS, day(200));
    assert_eq!(gross(&bench), None);
}

#[test]
fn what_was_marked_stays() {
    for about in [
        About::Transaction(super::key(1)),
        // Its second capture's answer.
        About::Entry(Seq(8)),
    ] {
        let mut bench = three();
        bench.append(remark(1, about));
        bench.retain(NINETY_DAYS, day(1_000));
        assert_eq!(bench.left().0, [1, 2, 7, 8]);
    }
}

#[test]
fn the_evidence_of_a_report_stays() {
    let mut bench = three();
    let mut capture = sent(
        12,
        &Call::capture(&TransactionId::from("20067212502"), None),
    );
    if let Kind::Sent(mut sent) = capture.kind().clone() {
        sent.step = Some(Step {
            scenario: "success".into(),
            step: "capture".into(),
        });
        capture = capture.clone().with(super::EPOCH, Kind::Sent(sent));
    }
    bench.append(capture);
    bench.append(ended(12, r#"{"responseCode":"OK"}"#));
    bench.retain(NINETY_DAYS, day(1_000));
    assert_eq!(bench.left().0, [3, 4, 9, 10]);
}

#[test]
fn an_unknown_outcome_stays_until_it_is_known() {
    let mut bench = three();
    let capture = Call::capture(&TransactionId::from("20067212503"), None);
    bench.append(sent(12, &capture));
    bench.retain(NINETY_DAYS, day(1_000));
    assert_eq!(bench.left().0, [5, 6, 9], "the call is under way");

    let outcome = Outcome::Cut {
        why: crate::exchange::Cut::TimedOut,
        phases: crate::exchange::Phases::default(),
    };
    let cut = super::Ended {
        call: call(12),
        outcome,
    };
    bench.append(NewEntry::ended(day(30), super::EPOCH, cut));
    bench.retain(NINETY_DAYS, day(1_000));
    assert_eq!(bench.payments(), 1, "its outcome is unknown");

    bench.append(sent(13, &capture));
    bench.append(ended(13, r#"{"responseCode":"OK"}"#));
    bench.retain(NINETY_DAYS, day(1_000));
    assert_eq!(bench.payments(), 0);
}

#[test]
fn what_was_only_reported_goes_first_and_no_more_than_needed() {
    let mut bench = three();
    let paid = |number: u64| {
        let start = start(u128::from(number) + 100);
        let answer = authorized(&number.to_string());
        let what = crate::exchange::What::Exchange {
            request: super::request(&start, None),
            response: super::response(&answer),
            micros: 1,
            transaction: Some(number.to_string().as_str().into()),
            standing: None,
        };
        NewEntry::seen(day(30), super::report(number, None, what))
    };
    for number in 1..=500 {
        bench.append(paid(number));
    }
    let bytes = retention::used(&bench.connection).unwrap();
    let some = Limits {
        bytes: bytes - 20 * 4096,
        ..NOTHING
    };
    bench.retain(some, day(31));
    let left = bench.left().0;
    assert_eq!(left[..8], [1, 2, 3, 4, 5, 6, 7, 8]);
    assert!((100..500).contains(&left.len()), "{}", left.len());
    assert_eq!(left.last(), Some(&508), "the oldest go first");
    assert!(retention::used(&bench.connection).unwrap() <= some.bytes + 4096);

    bench.retain(NOTHING, day(31));
    assert_eq!(bench.left().0, Vec::<u64>::new());
}

#[test]
fn an_identification_stays_as_long_as_a_payment_of_its_payer() {
    let mut bench = Bench::new();
    let identify = Call::identify(&Identify::default());
    bench.append(sent(1, &identify));
    let known = r#"{"responseCode":"OK","sessionId":"s","bangoUserId":"472156480"}"#;
    bench.append(ended(1, known));
    bench.append(on(50, &sent(2, &start(2))));
    bench.append(on(50, &ended(2, &authorized(ID))));
    bench.retain(NINETY_DAYS, day(130));
    assert_eq!(bench.left().0, [1, 2, 3, 4]);
    // The payment goes, and with the next round its identification.
    bench.retain(NINETY_DAYS, day(150));
    bench.retain(NINETY_DAYS, day(150));
    assert_eq!(bench.left().0, Vec::<u64>::new());
}

#[test]
fn free_pages_are_given_back() {
    let mut bench = Bench::new();
    for number in 1..=50 {
        let mut long = start(number);
        long.body = Some(vec![b' '; 100_000]);
        bench.append(sent(number, &long));
        bench.append(ended(number, &authorized(&number.to_string())));
    }
    let pages = |bench: &Bench, which| retention::pragma(&bench.connection, which).unwrap();
    assert!(pages(&bench, "page_count") > 1_000);
    bench.retain(NINETY_DAYS, day(100));
    assert!(pages(&bench, "page_count") < 100);
    assert_eq!(pages(&bench, "freelist_count"), 0);
}

#[test]
fn the_writer_retains_when_it_has_nothing_else_to_do() {
    let run = Uuid::from_bytes(clock::random_bytes());
    let (clock, _) = Clock::settable(day(100));
    let journal = Journal::open_within(NINETY_DAYS, Place::Memory, run, &clock).unwrap();
    super::append(
        &journal,
        vec![sent(1, &start(1)), ended(1, &authorized(ID))],
    )
    .unwrap();
    let reader = journal.reader().unwrap();
    let waited = Stopwatch::start();
    while reader.transaction(super::key(1)).unwrap().is_some() {
        assert!(waited.micros() < 30_000_000, "the payment is still there");
        std::thread::yield_now();
    }
}

#[test]
fn a_list_that_was_read_before_finds_its_way() {
    let mut bench = three();
    bench.retain(NINETY_DAYS, day(106));
    let reader = bench.reader();
    let gone = super::key(1);
    assert_eq!(reader.transaction(gone).unwrap(), None);
    assert_eq!(reader.lines_of_transaction(gone, 9).unwrap(), []);
    assert_eq!(reader.exchange_at(Seq(1)).unwrap(), None);
    for place in [
        window::Place::Around(gone),
        window::Place::OlderThan(gone),
        window::Place::NewerThan(gone),
    ] {
        let rows = reader.transactions(Window { place, limit: 9 }).unwrap();
        assert_eq!((rows.rows.len(), rows.total), (1, 1), "{place:?}");
    }
    let timeline = reader.timeline(Window {
        place: window::Place::Around(Seq(1)),
        limit: 9,
    });
    let timeline = timeline.unwrap();
    assert_eq!((timeline.rows.len(), timeline.total), (3, 3));
}
