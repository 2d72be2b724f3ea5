//! A payment that the user wants gone is gone, and stays so.

use std::path::Path;
use std::sync::mpsc;

use uuid::Uuid;

use super::{ID, append, authorized, call, ended, exchange, key, open, report, seen, sent, start};
use crate::{
    api::{Call, TransactionId},
    record::{
        Kind, NewEntry, Recorded,
        entry::About,
        journal::{Journal, JournalError, Place},
    },
};

const CANARY: &str = "t-1-canary-41f9";

fn delete(journal: &Journal, number: u128) -> Result<Recorded, JournalError> {
    let (sender, receiver) = mpsc::channel();
    journal.delete(key(number), move |deleted| sender.send(deleted).unwrap());
    receiver.recv().unwrap()
}

/// Two payments, the first with a word that stands nowhere else.
fn two(place: Place) -> Journal {
    let journal = open(place, Uuid::from_u128(1)).unwrap();
    let told = format!(r#"{{"responseCode":"OK","transactionId":"{ID}","canary":"{CANARY}"}}"#);
    let entries = vec![
        sent(call(1), &start(1)),
        ended(call(1), &told),
        sent(call(2), &start(2)),
        ended(call(2), &authorized("2006721251")),
    ];
    append(&journal, entries).unwrap();
    journal
}

/// Whether a word stands anywhere in the files of a folder.
fn stands_in(folder: &Path, word: &str) -> bool {
    let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mut files = files.filter(|file| file.file_type().unwrap().is_file());
    files.any(|file| {
        let bytes = std::fs::read(file.path()).unwrap();
        bytes
            .windows(word.len())
            .any(|part| part == word.as_bytes())
    })
}

#[test]
fn what_is_deleted_stands_in_no_file_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let journal = two(Place::File(folder.path().join("journal.db")));
    assert!(stands_in(folder.path(), CANARY), "it could not fail");
    assert!(stands_in(folder.path(), ID), "it could not fail");

    let told = delete(&journal, 1).unwrap();
    assert!(!stands_in(folder.path(), CANARY));
    assert!(!stands_in(folder.path(), ID));
    let Kind::Remark(remark) = &told.entries[0].kind else {
        panic!("{told:?}");
    };
    assert_eq!(remark.about, Some(About::Deleted(key(1))));
    assert_eq!(remark.text, "deleted 1 payment: 2 entries");

    let reader = journal.reader().unwrap();
    assert_eq!(reader.transaction(key(1)).unwrap(), None);
    assert!(reader.transaction(key(2)).unwrap().is_some());
    let totals = reader.totals(super::EPOCH).unwrap();
    assert_eq!(totals[0].payments, 1);
    assert!(reader.find(ID).unwrap().entries.is_empty());
}

#[test]
fn what_is_under_way_stays_until_it_has_ended() {
    let journal = two(Place::Memory);
    let capture = Call::capture(&TransactionId::from(ID), None);
    append(&journal, vec![sent(call(3), &capture)]).unwrap();
    assert!(matches!(delete(&journal, 1), Err(JournalError::UnderWay)));
    append(&journal, vec![ended(call(3), r#"{"responseCode":"OK"}"#)]).unwrap();
    delete(&journal, 1).unwrap();
    assert!(matches!(
        delete(&journal, 1),
        Err(JournalError::NoSuchPayment)
    ));
}

#[test]
fn a_report_that_comes_again_does_not_bring_it_back() {
    let journal = two(Place::Memory);
    let reader = journal.reader().unwrap();
    let run = report(1, None, crate::exchange::What::Reset).run;
    let of_it = |number| {
        let what = exchange(&start(1), Some(call(1)), &authorized(ID));
        seen(number, Some(call(1)), what)
    };
    let of_others = |number| seen(number, None, exchange(&start(9), None, &authorized("77")));
    append(&journal, vec![of_it(1), of_others(2)]).unwrap();
    delete(&journal, 1).unwrap();
    assert_eq!(reader.last_report(run).unwrap(), 2);

    let told = append(&journal, vec![of_it(1), of_others(2)]).unwrap();
    assert_eq!(told.entries, []);
    let next = NewEntry::seen(
        jiff::Timestamp::UNIX_EPOCH,
        report(3, None, exchange(&start(8), None, &authorized("78"))),
    );
    assert_eq!(append(&journal, vec![next]).unwrap().entries.len(), 1);
    assert_eq!(reader.transaction(key(1)).unwrap(), None);
}

#[test]
fn another_process_hears_that_it_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::File(folder.path().join("journal.db"));
    let first = two(place.clone());
    let second = open(place, Uuid::from_u128(2)).unwrap();
    let (sender, heard) = mpsc::channel();
    second.hear_others(move |recorded| sender.send(recorded).unwrap());
    let (written, is_written) = mpsc::channel();
    second.when_written(move || written.send(()).unwrap());
    is_written.recv().unwrap();

    delete(&first, 1).unwrap();
    let told: Recorded = heard
        .recv_timeout(std::time::Duration::from_secs(30))
        .unwrap();
    assert!(told.elsewhere);
    let Kind::Remark(remark) = &told.entries[0].kind else {
        panic!("{told:?}");
    };
    assert_eq!(remark.about, Some(About::Deleted(key(1))));
}
