//! Calls that a process left open when it died are unknown; those of a living one are not.

use uuid::Uuid;

use super::{append, call, key, open, sent, start};
use crate::{
    exchange::{Cut, Outcome},
    record::{
        journal::{Journal, Place, runs::Run},
        transaction::Status,
    },
};

fn status(journal: &Journal) -> Status {
    let reader = journal.reader().unwrap();
    reader.transaction(key(1)).unwrap().unwrap().status()
}

#[test]
fn a_call_under_way_in_another_console_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::File(folder.path().join("journal.db"));
    let first = open(place.clone(), Uuid::from_u128(1)).unwrap();
    append(&first, vec![sent(call(1), &start(1))]).unwrap();
    let second = open(place, Uuid::from_u128(2)).unwrap();
    assert_eq!(status(&second), Status::Starting);
}

#[test]
fn a_call_whose_process_died_is_unknown_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::File(folder.path().join("journal.db"));
    let first = open(place.clone(), Uuid::from_u128(1)).unwrap();
    append(&first, vec![sent(call(1), &start(1))]).unwrap();
    drop(first);

    let second = open(place.clone(), Uuid::from_u128(2)).unwrap();
    assert_eq!(status(&second), Status::Unknown);
    let exchange = second.reader().unwrap().exchange(call(1)).unwrap().unwrap();
    assert!(matches!(
        exchange.outcome,
        Some(Outcome::Cut {
            why: Cut::ProcessDied,
            ..
        })
    ));
    drop(second);

    // And it is ended only once.
    let third = open(place, Uuid::from_u128(3)).unwrap();
    assert_eq!(
        third
            .reader()
            .unwrap()
            .lines_of_transaction(key(1), 9)
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_lock_held_elsewhere_keeps_a_run_alive() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let first = open(Place::File(path.clone()), Uuid::from_u128(1)).unwrap();
    append(&first, vec![sent(call(1), &start(1))]).unwrap();
    drop(first);
    // As if another process had the run: the kernel asks nobody whose lock it is.
    let held = Run::begin(&path, Uuid::from_u128(1)).unwrap();
    let second = open(Place::File(path.clone()), Uuid::from_u128(2)).unwrap();
    assert_eq!(status(&second), Status::Starting);
    drop(held);
    let third = open(Place::File(path), Uuid::from_u128(3)).unwrap();
    assert_eq!(status(&third), Status::Unknown);
}
