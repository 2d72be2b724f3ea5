//! Files: owner-only, refused when newer, readable when old.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use rusqlite::Connection;
use uuid::Uuid;

use super::{append, authorized, call, ended, open, sent, start};
use crate::record::{
    Seq, Transaction,
    journal::{Journal, Place},
    line,
    transaction::Status,
    window::{self, Window},
};

fn place(folder: &Path) -> Place {
    Place::File(folder.join("data/journal.db"))
}

fn newest<Key>() -> Window<Key> {
    Window {
        place: window::Place::Newest,
        limit: 100,
    }
}

#[test]
fn only_the_owner_can_read_any_of_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(place(folder.path()), Uuid::from_u128(1)).unwrap();
    append(&journal, vec![sent(call(1), &start(1))]).unwrap();
    let data = folder.path().join("data");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    let files: Vec<_> = fs::read_dir(&data)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn what_was_written_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(place(folder.path()), Uuid::from_u128(1)).unwrap();
    append(&journal, vec![sent(call(1), &start(1))]).unwrap();
    append(&journal, vec![ended(call(1), &authorized("1"))]).unwrap();
    let before = journal.reader().unwrap().transactions(newest()).unwrap();
    drop(journal);

    let journal = open(place(folder.path()), Uuid::from_u128(2)).unwrap();
    assert_eq!(
        journal.reader().unwrap().transactions(newest()).unwrap(),
        before
    );
    assert_eq!(before.total, 1);
}

#[test]
fn two_programs_write_one_journal() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(place(folder.path()), Uuid::from_u128(1)).unwrap();
    let second = open(place(folder.path()), Uuid::from_u128(2)).unwrap();
    append(&first, vec![sent(call(1), &start(1))]).unwrap();
    append(&second, vec![ended(call(1), &authorized("1"))]).unwrap();
    append(&second, vec![sent(call(2), &start(2))]).unwrap();
    let rows = first.reader().unwrap().transactions(newest()).unwrap();
    assert_eq!(rows.total, 2);
    assert_eq!(rows.rows[1].entries, 2);
}

#[test]
fn a_file_from_a_later_version_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(place(folder.path()), Uuid::from_u128(1)).unwrap());
    let file = Connection::open(folder.path().join("data/journal.db")).unwrap();
    file.execute_batch(
        "PRAGMA user_version = 9; UPDATE meta SET value = '3.1.0' WHERE name = 'needs'",
    )
    .unwrap();
    let refused = open(place(folder.path()), Uuid::from_u128(2)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "it was written by a newer version of bango: this file needs 3.1.0"
    );
}

#[test]
fn something_else_than_a_journal_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    fs::write(
        &path,
        "not a database, and long enough to be read as one".repeat(100),
    )
    .unwrap();
    let refused = open(Place::File(path), Uuid::from_u128(1)).unwrap_err();
    assert!(refused.to_string().contains("not a database"), "{refused}");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("data"), "a file").unwrap();
    let refused = open(place(folder.path()), Uuid::from_u128(1)).unwrap_err();
    assert!(refused.to_string().contains("journal.db"), "{refused}");
}

#[test]
fn rows_of_another_fold_are_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(place(folder.path()), Uuid::from_u128(1)).unwrap();
    append(&journal, vec![sent(call(1), &start(1))]).unwrap();
    append(&journal, vec![ended(call(1), &authorized("1"))]).unwrap();
    let before = journal.reader().unwrap().transactions(newest()).unwrap();
    let totals = journal.reader().unwrap().totals(super::EPOCH).unwrap();
    drop(journal);

    let file = Connection::open(folder.path().join("data/journal.db")).unwrap();
    file.execute_batch(
        "UPDATE meta SET value = '0' WHERE name = 'fold'; UPDATE transaction_row SET state = '{}'",
    )
    .unwrap();
    drop(file);
    let journal = open(place(folder.path()), Uuid::from_u128(2)).unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    journal.when_written(move || sender.send(()).unwrap());
    receiver.recv().unwrap();
    assert_eq!(
        journal.reader().unwrap().transactions(newest()).unwrap(),
        before
    );
    assert_eq!(
        journal.reader().unwrap().totals(super::EPOCH).unwrap(),
        totals
    );
}

/// A journal with two payments, its file then changed behind its back.
fn damaged_by(folder: &Path, sql: &str) -> Journal {
    let journal = open(place(folder), Uuid::from_u128(1)).unwrap();
    for number in [1, 2] {
        append(&journal, vec![sent(call(number), &start(number))]).unwrap();
        let id = number.to_string();
        append(&journal, vec![ended(call(number), &authorized(&id))]).unwrap();
    }
    drop(journal);
    let file = Connection::open(folder.join("data/journal.db")).unwrap();
    file.execute_batch(sql).unwrap();
    drop(file);
    open(place(folder), Uuid::from_u128(2)).unwrap()
}

const DAMAGES: [&str; 4] = [
    "UPDATE entry SET payload = '{' WHERE seq = 1",
    "UPDATE entry SET payload = replace(payload, '\"version\":1', '\"version\":9') WHERE seq = 1",
    "UPDATE entry SET epoch = 'x' WHERE seq = 1",
    "UPDATE entry SET payload = '' WHERE seq IN (1, 2)",
];

#[test]
fn a_damaged_entry_hides_no_other_and_says_so_in_its_place() {
    for damage in DAMAGES {
        let folder = tempfile::tempdir().unwrap();
        let journal = damaged_by(folder.path(), damage);
        let lines = journal.reader().unwrap().timeline(newest()).unwrap().rows;
        assert_eq!(lines.last().unwrap().seq, Seq(4), "{damage}");
        assert!(
            matches!(&lines[0].what, line::What::Unknown { name } if name.contains("sent:")),
            "{damage}: {:?}",
            lines[0]
        );
        let other = journal.reader().unwrap().exchange(call(2)).unwrap();
        assert!(other.unwrap().outcome.is_some(), "{damage}");
    }
}

#[test]
fn a_damaged_entry_keeps_no_other_from_being_folded_or_written() {
    for damage in DAMAGES {
        let folder = tempfile::tempdir().unwrap();
        let sql = format!("{damage}; UPDATE meta SET value = 'older' WHERE name = 'fold'");
        let journal = damaged_by(folder.path(), &sql);
        append(&journal, vec![sent(call(3), &start(3))]).expect(damage);
        let payments = journal.reader().unwrap().transactions(newest()).unwrap();
        let statuses: Vec<_> = payments.rows.iter().map(Transaction::status).collect();
        assert_eq!(statuses, [Status::Starting, Status::Authorized], "{damage}");
    }
}

/// A place that takes the file and refuses to share memory beside it, as some mounts do.
fn refuse_shared_memory(folder: &Path) {
    let made = std::process::Command::new("mkfifo")
        .arg(folder.join("data/journal.db-shm"))
        .status();
    assert!(made.unwrap().success());
}

fn journal_mode(folder: &Path) -> String {
    Connection::open(folder.join("data/journal.db"))
        .unwrap()
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .unwrap()
}

#[test]
fn without_shared_memory_the_journal_goes_on_with_a_rollback_journal() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(place(folder.path()), Uuid::from_u128(1)).unwrap();
    append(&journal, vec![sent(call(1), &start(1))]).unwrap();
    drop(journal);
    assert_eq!(journal_mode(folder.path()), "wal");

    refuse_shared_memory(folder.path());
    let first = open(place(folder.path()), Uuid::from_u128(2)).unwrap();
    let second = open(place(folder.path()), Uuid::from_u128(3)).unwrap();
    append(&first, vec![sent(call(2), &start(2))]).unwrap();
    append(&second, vec![sent(call(3), &start(3))]).unwrap();
    let rows = first.reader().unwrap().transactions(newest()).unwrap();
    assert_eq!(rows.total, 3);
    assert_eq!(journal_mode(folder.path()), "delete");
}

#[test]
fn a_new_journal_needs_no_shared_memory() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("data")).unwrap();
    refuse_shared_memory(folder.path());
    let journal = open(place(folder.path()), Uuid::from_u128(1)).unwrap();
    append(&journal, vec![sent(call(1), &start(1))]).unwrap();
    assert_eq!(journal_mode(folder.path()), "delete");
}
