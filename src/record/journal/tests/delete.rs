//! A payment that the user wants gone is gone, and stays so.

use std::path::Path;
use std::sync::mpsc;

use uuid::Uuid;

use super::{ID, append, authorized, call, ended, exchange, key, open, report, seen, sent, start};
use crate::{
    api::{Call, ResponseCode, Stub, TransactionId},
    clock, exchange as wire,
    record::{
        Kind, NewEntry, Recorded,
        entry::{About, Remark},
        journal::{Journal, JournalError, Place},
        line::What,
        window::{self, Window},
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
    // Memory is found by the run's name: two of one name would be one journal.
    let run = Uuid::from_bytes(clock::random_bytes());
    let journal = open(place, run).unwrap();
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

/// Not even one that moves nothing: its end would have nothing to belong to.
#[test]
fn a_stub_that_is_under_way_holds_it_as_well() {
    let journal = two(Place::Memory);
    let stub = Stub {
        status: 202,
        code: ResponseCode::Declined,
        action: None,
    };
    let capture = Call::capture(&TransactionId::from(ID), None).answered_by(Some(stub));
    append(&journal, vec![sent(call(3), &capture)]).unwrap();
    assert!(matches!(delete(&journal, 1), Err(JournalError::UnderWay)));
}

#[test]
fn a_report_that_was_not_heard_before_is_recorded_whatever_its_number() {
    let journal = two(Place::Memory);
    let of_it = || seen(7, Some(call(1)), exchange(&start(1), Some(call(1)), ""));
    let earlier = seen(5, None, exchange(&start(9), None, &authorized("77")));
    append(&journal, vec![of_it()]).unwrap();
    delete(&journal, 1).unwrap();
    let told = append(&journal, vec![earlier, of_it()]).unwrap();
    assert_eq!(told.entries.len(), 1);
}

#[test]
fn what_was_remarked_on_it_goes_along() {
    let journal = two(Place::Memory);
    let remark = |about| {
        let remark = Remark {
            id: Uuid::from_bytes(clock::random_bytes()),
            about: Some(about),
            text: CANARY.into(),
        };
        NewEntry::remark(jiff::Timestamp::UNIX_EPOCH, super::EPOCH, remark)
    };
    let first = journal
        .reader()
        .unwrap()
        .transaction(key(1))
        .unwrap()
        .unwrap()
        .first;
    let on_others = remark(About::Transaction(key(2)));
    let kept = on_others.key();
    append(
        &journal,
        vec![
            remark(About::Transaction(key(1))),
            remark(About::Entry(first)),
            on_others,
        ],
    )
    .unwrap();
    delete(&journal, 1).unwrap();
    let newest = Window {
        place: window::Place::Newest,
        limit: 100,
    };
    let lines = journal.reader().unwrap().timeline(newest).unwrap().rows;
    let told = lines
        .iter()
        .filter(|line| matches!(line.what, What::Remark { .. }));
    assert_eq!(told.count(), 2, "the other one, and that something went");
    assert_eq!(
        journal.reader().unwrap().find(&kept).unwrap().entries.len(),
        1
    );
}

#[test]
fn a_report_that_comes_again_does_not_bring_it_back() {
    let journal = two(Place::Memory);
    let reader = journal.reader().unwrap();
    let run = report(1, None, wire::What::Reset).run;
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
