//! Whatever a journal has lived through: what goes, goes whole, and what is left is as if the rest had
//! never been.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use rusqlite::{Connection, types::Value};

use super::{
    Bench, NINETY_DAYS, NOTHING,
    story::{Story, story, write},
};
use crate::clock::Clock;
use crate::record::{
    Kind, Seq, Transaction,
    entry::About,
    journal::{
        JournalError, Limits, delete,
        read::{self, whole_entry},
        retention::unit::Unit,
        writer::fold_anew,
    },
};

/// A table, its rows in order.
type Table = Vec<Vec<Value>>;

fn table(connection: &Connection, sql: &str) -> Table {
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map((), |row| (0..columns).map(|at| row.get(at)).collect());
    rows.unwrap().map(Result::unwrap).collect()
}

/// Everything that a journal holds.
struct Picture {
    /// Of each entry: its columns, and what it belongs to.
    entries: BTreeMap<u64, (Vec<Value>, Vec<Value>)>,
    bodies: Table,
    rows: [Table; 5],
    transactions: Vec<Transaction>,
    marked: Vec<About>,
    removed: i64,
}

impl Picture {
    fn of(connection: &Connection) -> Self {
        let mut entries = BTreeMap::new();
        for mut columns in table(connection, "SELECT * FROM entry") {
            let Value::Integer(seq) = columns[0] else {
                panic!("{columns:?}");
            };
            // The call, the payment's key and the session's.
            let links = columns[5..8].to_vec();
            columns.truncate(5);
            entries.insert(seq.unsigned_abs(), (columns, links));
        }
        let rows = [
            "SELECT * FROM transaction_row ORDER BY key",
            "SELECT * FROM session_row ORDER BY key",
            "SELECT * FROM total ORDER BY epoch, currency",
            "SELECT * FROM facet ORDER BY list, place",
            "SELECT * FROM meta WHERE name IN ('transactions', 'sessions') ORDER BY name",
        ]
        .map(|sql| table(connection, sql));
        let states = table(connection, "SELECT state FROM transaction_row");
        let text = |row: &Vec<Value>| match &row[0] {
            Value::Text(text) => text.clone(),
            other => panic!("{other:?}"),
        };
        let transactions = states
            .iter()
            .map(|row| serde_json::from_str(&text(row)).unwrap())
            .collect();
        let removed = table(connection, "SELECT value FROM meta WHERE name = 'removed'");
        Self {
            marked: marks(connection),
            entries,
            bodies: table(connection, "SELECT * FROM body ORDER BY entry, part"),
            rows,
            transactions,
            removed: text(&removed[0]).parse().unwrap(),
        }
    }

    /// Entries that share a call, a payment or a session, directly or by others.
    fn units(&self) -> Vec<BTreeSet<u64>> {
        let mut units: Vec<Joined> = vec![];
        for (seq, (_, links)) in &self.entries {
            let links = links.iter().cloned().enumerate();
            let mut joined = Joined {
                seqs: BTreeSet::from([*seq]),
                links: links.filter(|(_, link)| *link != Value::Null).collect(),
            };
            let (related, others): (Vec<_>, Vec<_>) = units
                .into_iter()
                .partition(|unit| unit.links.iter().any(|link| joined.links.contains(link)));
            for unit in related {
                joined.seqs.extend(unit.seqs);
                joined.links.extend(unit.links);
            }
            units = others;
            units.push(joined);
        }
        units.into_iter().map(|unit| unit.seqs).collect()
    }
}

/// Entries, and all that they share: values of the columns that link them.
struct Joined {
    seqs: BTreeSet<u64>,
    links: Vec<(usize, Value)>,
}

fn marks(connection: &Connection) -> Vec<About> {
    let mut seq = Seq(0);
    let mut marks = vec![];
    while let Some(entry) = read::next_entry(connection, seq).unwrap() {
        seq = entry.seq;
        if let Kind::Remark(remark) = entry.kind {
            marks.extend(remark.about);
        }
    }
    marks
}

/// What must hold between a journal before and after something went.
fn check(before: &Picture, connection: &mut Connection) -> Result<(), String> {
    let after = Picture::of(connection);
    for unit in before.units() {
        let left = unit.iter().filter(|seq| after.entries.contains_key(seq));
        let left = left.count();
        if left != 0 && left != unit.len() {
            return Err(format!("half a unit is left: {left} of {unit:?}"));
        }
    }
    for (seq, entry) in &after.entries {
        if before.entries.get(seq).is_some_and(|known| known != entry) {
            return Err(format!("entry {seq} has changed: {entry:?}"));
        }
    }
    let is_left = |row: &&Vec<Value>| match row[0] {
        Value::Integer(seq) => after.entries.contains_key(&seq.unsigned_abs()),
        _ => false,
    };
    let bodies: Table = before.bodies.iter().filter(is_left).cloned().collect();
    if bodies != after.bodies {
        return Err("the bodies are not those of the entries".into());
    }
    check_kept(before, &after)?;
    check_folded(&after, connection)?;
    check_told(before, &after)
}

/// The rows that are left are those that the entries that are left fold to.
fn check_folded(after: &Picture, connection: &mut Connection) -> Result<(), String> {
    fold_anew(connection).unwrap();
    let folded = Picture::of(connection);
    if folded.rows != after.rows {
        return Err(format!(
            "what is left folds to\n{:?}\nand not to\n{:?}",
            folded.rows, after.rows
        ));
    }
    if folded.entries != after.entries {
        return Err("what is left belongs elsewhere".into());
    }
    Ok(())
}

/// What was marked or is unknown is still there.
fn check_kept(before: &Picture, after: &Picture) -> Result<(), String> {
    let is_left = |payment: &Transaction| {
        let mut left = after.transactions.iter();
        left.any(|other| other.key == payment.key)
    };
    for about in &before.marked {
        let is_kept = match about {
            About::Entry(seq) => {
                after.entries.contains_key(&seq.0) || !before.entries.contains_key(&seq.0)
            }
            About::Transaction(key) => {
                let mut payments = before.transactions.iter();
                payments.all(|payment| payment.key != *key || is_left(payment))
            }
            About::Deleted(_) => true,
        };
        if !is_kept {
            return Err(format!("{about:?} was marked"));
        }
    }
    let mut open = before
        .transactions
        .iter()
        .filter(|payment| payment.unresolved().is_some() || !payment.in_flight.is_empty());
    match open.find(|payment| !is_left(payment)) {
        Some(payment) => Err(format!("the outcome of {:?} is open", payment.key)),
        None => Ok(()),
    }
}

/// One remark, exactly where something went, and the count of what went.
fn check_told(before: &Picture, after: &Picture) -> Result<(), String> {
    let gone = before.entries.keys();
    let gone = gone.filter(|seq| !after.entries.contains_key(seq)).count();
    let new = after.entries.keys();
    let new = new.filter(|seq| !before.entries.contains_key(seq)).count();
    if (new, after.removed) == (usize::from(gone > 0), i64::try_from(gone).unwrap()) {
        Ok(())
    } else {
        Err(format!(
            "{gone} entries went: {new} remarks, {} counted",
            after.removed
        ))
    }
}

fn limits() -> impl Strategy<Value = Limits> {
    prop_oneof![Just(NINETY_DAYS), Just(NOTHING)]
}

/// A round over a story, some days after it ended.
fn retained(story: &Story, days: i64, round: impl Fn(&mut Bench, Timestamp)) -> Result<(), String> {
    let mut bench = Bench::new();
    let now = write(story, &bench) + SignedDuration::from_hours(24 * days);
    let before = Picture::of(&bench.connection);
    round(&mut bench, now);
    check(&before, &mut bench.connection)
}

proptest! {
    #![proptest_config(Config::with_cases(100))]
    #[test]
    fn what_is_left_is_whole_and_folds_to_its_rows(
        story in story(), days in 0..100_i64, limits in limits(),
    ) {
        let done = retained(&story, days, |bench, now| bench.retain(limits, now));
        prop_assert_eq!(done, Ok(()));
    }
}

/// Whether the check notices a round that is wrong.
fn is_caught(words: &str, round: impl Fn(&mut Bench, Timestamp)) -> bool {
    let mut runner = TestRunner::new_with_rng(
        Config {
            failure_persistence: None,
            max_shrink_iters: 0,
            ..Config::with_cases(500)
        },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let caught = runner.run(&(story(), 0..100_i64), |(story, days)| {
        match retained(&story, days, &round) {
            Err(told) if told.contains(words) => Err(TestCaseError::fail(told)),
            _ => Ok(()),
        }
    });
    caught.is_err()
}

#[test]
fn reports_that_go_by_themselves_are_noticed() {
    assert!(is_caught("half a unit", |bench, _| {
        let sql = "DELETE FROM body WHERE entry IN (SELECT seq FROM entry WHERE kind = 'seen');
                   DELETE FROM entry WHERE kind = 'seen'";
        bench.connection.execute_batch(sql).unwrap();
    }));
}

#[test]
fn sums_that_stay_are_noticed() {
    assert!(is_caught("folds to", |bench, now| {
        let keep = "CREATE TEMP TABLE kept AS SELECT * FROM total";
        bench.connection.execute_batch(keep).unwrap();
        bench.retain(NOTHING, now);
        let put_back = "DELETE FROM total; INSERT INTO total SELECT * FROM kept";
        bench.connection.execute_batch(put_back).unwrap();
    }));
}

#[test]
fn a_round_that_spares_nothing_is_noticed() {
    for words in ["was marked", "is open"] {
        assert!(
            is_caught(words, |bench, _| remove(bench, |_| true)),
            "{words}"
        );
    }
}

#[test]
fn identifications_that_go_before_their_payments_are_noticed() {
    let is_session = |unit: &Unit| unit.sizes().1 > 0;
    assert!(is_caught("folds to", |bench, now| {
        remove(bench, is_session);
        bench.retain(NINETY_DAYS, now);
    }));
}

/// Deletes payments of a story, one after the other, and looks at what is left each time.
fn delete_some(story: &Story, chosen: &[prop::sample::Index]) -> Result<u64, String> {
    let mut bench = Bench::new();
    write(story, &bench);
    let (clock, _) = Clock::settable(Timestamp::UNIX_EPOCH);
    let mut deleted = 0;
    for index in chosen {
        let payments = Picture::of(&bench.connection).transactions;
        if payments.is_empty() {
            break;
        }
        let key = payments[index.index(payments.len())].key;
        match delete::delete(&bench.connection, key, bench.run, &clock) {
            Ok(_) => deleted += 1,
            Err(JournalError::UnderWay) => continue,
            Err(error) => return Err(error.to_string()),
        }
        let after = Picture::of(&bench.connection);
        if after.transactions.iter().any(|payment| payment.key == key) {
            return Err("it is still there".into());
        }
        check_folded(&after, &mut bench.connection)?;
    }
    Ok(deleted)
}

#[test]
fn whatever_is_deleted_the_rest_is_as_if_it_had_never_been() {
    let deleted = std::cell::Cell::new(0);
    let chosen = prop::collection::vec(any::<prop::sample::Index>(), 1..6);
    let mut runner = TestRunner::new(Config {
        cases: 150,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&(story(), chosen), |(story, chosen)| {
            let some = delete_some(&story, &chosen).map_err(TestCaseError::fail)?;
            deleted.set(deleted.get() + some);
            Ok(())
        })
        .unwrap();
    assert!(deleted.get() > 60, "it could not fail: {}", deleted.get());
}

/// Removes whole units without asking what speaks against it.
fn remove(bench: &mut Bench, which: impl Fn(&Unit) -> bool) {
    let sql = "SELECT seq, key, at, epoch, kind, payload FROM entry";
    let mut seqs = vec![];
    let mut statement = bench.connection.prepare(sql).unwrap();
    let mut rows = statement.query(()).unwrap();
    while let Some(row) = rows.next().unwrap() {
        seqs.push(whole_entry(&bench.connection, row).unwrap().seq);
    }
    for seq in seqs {
        if let Some(unit) = Unit::around(&bench.connection, seq).unwrap()
            && which(&unit)
        {
            unit.remove(&bench.connection).unwrap();
        }
    }
}
