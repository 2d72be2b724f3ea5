//! What a filter lets through is what it would let through row by row, in whatever window.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{append, authorized, call, ended, key, memory, others, sent, start};
use crate::api::{Call, TransactionId};
use crate::record::{
    SessionKey, Transaction, TransactionKey,
    filter::{Facts, Filter},
    journal::{Journal, Reader, read, rows::Listed, schema},
    window::{Place, Rows, Window},
};

pub fn filter(text: &str) -> Filter {
    Filter::parse(text, Timestamp::UNIX_EPOCH, &TimeZone::UTC)
}

/// Thirty payments: every third is captured, every fifth was refused.
fn thirty() -> (Journal, Reader) {
    let journal = memory();
    for number in 1..=30 {
        append(&journal, vec![sent(call(number), &start(number))]).unwrap();
        let body = match number % 5 {
            0 => r#"{"responseCode":"DECLINED"}"#.to_owned(),
            _ => authorized(&format!("id-{number}")),
        };
        append(&journal, vec![ended(call(number), &body)]).unwrap();
        if number % 3 == 0 && number % 5 != 0 {
            let id = TransactionId::from(format!("id-{number}").as_str());
            let capture = call(100 + number);
            let entry = sent(capture, &Call::capture(&id, None));
            append(&journal, vec![entry]).unwrap();
            append(&journal, vec![ended(capture, r#"{"responseCode":"OK"}"#)]).unwrap();
        }
    }
    append(&journal, others()).unwrap();
    let reader = journal.reader().unwrap();
    (journal, reader)
}

fn all<Key>() -> Window<Key> {
    Window {
        place: Place::Newest,
        limit: 1_000,
    }
}

/// The same window cut from all rows.
fn naive(
    rows: &[Transaction],
    window: Window<TransactionKey>,
    filter: &Filter,
) -> Rows<TransactionKey> {
    let lets_through = |row: &&Transaction| {
        let facts = Facts::of_transaction(row, None);
        filter.matches(facts.view(), None)
    };
    let found: Vec<_> = rows.iter().filter(lets_through).collect();
    let first = |key| rows.iter().find(|row| row.key == key).map(|row| row.first);
    let (from, to) = match window.place {
        Place::Around(key) if first(key).is_some() => {
            let pivot = found.partition_point(|row| Some(row.first) > first(key));
            let from = pivot.saturating_sub(window.limit / 2);
            (from, from.max(pivot) + window.limit - (pivot - from))
        }
        _ => (0, window.limit),
    };
    let to = to.min(found.len());
    Rows {
        rows: found[from..to].iter().map(|row| row.key).collect(),
        newer: from > 0,
        older: to < found.len(),
        total: found.len() as u64,
    }
}

#[test]
fn every_window_holds_what_matches_and_counts_the_rest() {
    let (_journal, reader) = thirty();
    let rows = reader.transactions(all()).unwrap().rows;
    for text in [
        "state:captured",
        "!state:captured",
        "code:DECLINED",
        "t-1",
        "amount>11",
        "id-2",
    ] {
        let filter = filter(text);
        let around = (0..32).map(|number| Place::Around(key(number)));
        for place in around.chain([Place::Newest]) {
            for limit in [1, 4, 5, 100] {
                let window = Window { place, limit };
                let found = reader.transactions_matching(window, &filter).unwrap();
                let found = Rows {
                    rows: found.rows.iter().map(|row| row.key).collect(),
                    newer: found.newer,
                    older: found.older,
                    total: found.total,
                };
                assert_eq!(found, naive(&rows, window, &filter), "{text} {window:?}");
            }
        }
    }
}

#[test]
fn a_window_on_either_side_of_a_row() {
    let (_journal, reader) = thirty();
    let captured = filter("state:captured");
    let numbers = |place, limit| {
        let window = Window { place, limit };
        let rows = reader.transactions_matching(window, &captured).unwrap();
        let number = |row: &Transaction| (1..=30).find(|number| key(*number) == row.key);
        let numbers: Vec<_> = rows.rows.iter().filter_map(number).collect();
        (numbers, rows.newer, rows.older)
    };
    assert_eq!(
        numbers(Place::OlderThan(key(12)), 2),
        (vec![9, 6], true, true)
    );
    assert_eq!(
        numbers(Place::NewerThan(key(12)), 2),
        (vec![21, 18], true, true)
    );
    assert_eq!(
        numbers(Place::NewerThan(key(24)), 9),
        (vec![27], false, true)
    );
}

#[test]
fn lines_are_found_by_their_own_words_and_their_payments_names() {
    let (_journal, reader) = thirty();
    let count = |text: &str| {
        let rows = reader.timeline_matching(all(), &filter(text)).unwrap();
        assert_eq!(rows.total, rows.rows.len() as u64);
        assert!(rows.rows.is_sorted_by_key(|line| line.seq), "{text}");
        rows.total
    };
    assert_eq!(count("capture"), 16);
    assert_eq!(count("code:DECLINED"), 6);
    assert_eq!(count("ext:t-30"), 2);
    // The answer of a payment's start, and start and answer of its capture.
    assert_eq!(count("id:id-27 authorize"), 2);
    assert_eq!(count("state:captured capture"), 16);
    assert_eq!(count("look"), 1);
}

/// However long the journal is: no entry, no row and no body is looked at to find what matches.
#[test]
fn a_search_walks_the_facts_alone() {
    let (journal, _) = thirty();
    let connection = schema::open_reader(&journal.shared.place, journal.shared.run).unwrap();
    for list in [Listed::Transactions, Listed::Sessions, Listed::Lines] {
        let sql = format!("EXPLAIN QUERY PLAN {}", read::facts(list));
        let mut statement = connection.prepare(&sql).unwrap();
        let steps = statement
            .query_map([1], |row| row.get::<_, String>(3))
            .unwrap();
        let tables: Vec<_> = steps
            .map(|step| step.unwrap().split(' ').nth(1).unwrap().to_owned())
            .collect();
        let owner = (list == Listed::Lines).then_some("owned");
        let expected: Vec<_> = ["f"].into_iter().chain(owner).collect();
        assert_eq!(tables, expected);
    }
}

/// A captured payment leaves the list of authorized ones, and identifications have a list of their own.
#[test]
fn what_changes_is_found_by_what_it_is_now() {
    let (journal, reader) = thirty();
    let authorized = filter("state:authorized");
    let total = || {
        reader
            .transactions_matching(all(), &authorized)
            .unwrap()
            .total
    };
    let before = total();
    let id = TransactionId::from("id-1");
    append(&journal, vec![sent(call(200), &Call::capture(&id, None))]).unwrap();
    append(&journal, vec![ended(call(200), r#"{"responseCode":"OK"}"#)]).unwrap();
    assert_eq!(total(), before - 1);
    let sessions = reader
        .sessions_matching(all::<SessionKey>(), &authorized)
        .unwrap();
    assert_eq!(sessions.total, 0);
}
