//! A journal of every released version stays readable.

use std::{fs, path::PathBuf};

use rusqlite::Connection;
use uuid::Uuid;

use super::{append, call, open, others, play, sent, start};
use crate::record::{
    Seq, Session, Transaction,
    journal::{Journal, Place, read, schema, writer::fold_anew},
    transaction::Status,
    window::{self, Window},
};

fn fixture(version: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/journals")
        .join(version)
}

/// The fixture of this version.
fn newest_fixture() -> String {
    format!("v{}.db", schema::FORMAT)
}

/// A version that has none yet gets one here: a payment in part refunded, one whose process died, and an
/// entry of every other kind.
#[test]
fn this_version_has_a_fixture() {
    let path = fixture(&newest_fixture());
    if path.exists() {
        return;
    }
    let journal = open(Place::File(path.clone()), Uuid::from_u128(1)).unwrap();
    play(&journal);
    append(&journal, others()).unwrap();
    append(&journal, vec![sent(call(4), &start(4))]).unwrap();
    drop(journal);
    let file = Connection::open(&path).unwrap();
    file.execute_batch("PRAGMA journal_mode = DELETE; VACUUM")
        .unwrap();
    panic!("{} was missing and is written now: keep it", path.display());
}

fn newest<Key>() -> Window<Key> {
    Window {
        place: window::Place::Newest,
        limit: 100,
    }
}

fn rows(journal: &Journal) -> (Vec<Transaction>, Vec<Session>) {
    let reader = journal.reader().unwrap();
    let transactions = reader.transactions(newest()).unwrap().rows;
    (transactions, reader.sessions(newest()).unwrap().rows)
}

/// Opens a journal and waits until the rows of an older fold are made anew.
fn open_whole(place: Place, run: u128) -> Journal {
    let journal = open(place, Uuid::from_u128(run)).unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    journal.when_written(move || sender.send(()).unwrap());
    receiver.recv().unwrap();
    journal
}

fn copied(version: &str) -> (tempfile::TempDir, Place) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    fs::copy(fixture(version), &path).unwrap();
    (folder, Place::File(path))
}

#[test]
fn a_journal_of_every_version_opens() {
    for version in 1..=schema::FORMAT {
        opens(&format!("v{version}.db"));
    }
}

fn opens(version: &str) {
    let (_folder, place) = copied(version);
    let journal = open_whole(place, 2);
    let (transactions, _) = rows(&journal);
    let statuses: Vec<_> = transactions.iter().map(Transaction::status).collect();
    assert_eq!(statuses, [Status::Unknown, Status::PartiallyRefunded]);

    let reader = journal.reader().unwrap();
    let lines = reader.timeline(newest()).unwrap().rows;
    assert_eq!(lines.len(), 13);
    for line in lines {
        assert!(reader.entry(line.seq).unwrap().is_some());
    }
    let request = reader.exchange(call(1)).unwrap().unwrap().request;
    assert_eq!(request.body.kept, start(1).body.unwrap());
    assert_eq!(reader.exchange_at(Seq(7)).unwrap().unwrap().seq, Seq(7));
    let filter = super::matching::filter("state:part");
    let found = reader.transactions_matching(newest(), &filter).unwrap();
    assert_eq!((found.rows.len(), found.total), (1, 1));
    let found = reader.timeline_matching(newest(), &filter).unwrap();
    assert_eq!((found.rows.len(), found.total), (8, 8));
}

/// A fixture that another fold has made gets its rows anew here; its entries stay as they are.
#[test]
fn the_fixtures_rows_are_of_this_fold() {
    let path = fixture(&newest_fixture());
    let mut file = Connection::open(&path).unwrap();
    let made_by = read::meta(&file, "fold").unwrap();
    if made_by.as_deref() == Some(schema::FOLD) {
        return;
    }
    fold_anew(&mut file).unwrap();
    file.execute_batch("VACUUM").unwrap();
    panic!(
        "{} had rows of fold {made_by:?} and has new ones now: keep it",
        path.display()
    );
}

/// Fails when the fold changes and its version does not: old rows would stay as they were.
#[test]
fn the_fold_makes_the_rows_that_it_made() {
    let (_folder, place) = copied(&newest_fixture());
    let Place::File(path) = &place else {
        unreachable!("a copy is a file");
    };
    let file = Connection::open(path).unwrap();
    let made_by = read::meta(&file, "fold").unwrap();
    assert_eq!(made_by.as_deref(), Some(schema::FOLD), "it could not fail");
    drop(file);
    let stored = rows(&open_whole(place.clone(), 2));
    let file = Connection::open(path).unwrap();
    file.execute_batch("UPDATE meta SET value = 'other' WHERE name = 'fold'")
        .unwrap();
    drop(file);

    assert_eq!(rows(&open_whole(place, 3)), stored);
}
