//! Windows stay where their key is.

use super::{append, authorized, call, ended, key, memory, sent, start};
use crate::record::{
    Seq, TransactionKey,
    journal::{Journal, Reader},
    window::{Place, Rows, Window},
};

fn ten() -> (Journal, Reader) {
    let journal = memory();
    for number in 1..=10 {
        append(&journal, vec![sent(call(number), &start(number))]).unwrap();
        let body = authorized(&number.to_string());
        append(&journal, vec![ended(call(number), &body)]).unwrap();
    }
    let reader = journal.reader().unwrap();
    (journal, reader)
}

fn window(reader: &Reader, place: Place<TransactionKey>) -> (Vec<u128>, bool, bool) {
    let rows = reader.transactions(Window { place, limit: 3 }).unwrap();
    assert_eq!(rows.total, 10);
    let number = |key: TransactionKey| (1..=10).find(|&number| super::key(number) == key);
    let numbers = rows.rows.iter().filter_map(|row| number(row.key)).collect();
    (numbers, rows.newer, rows.older)
}

#[test]
fn a_window_of_payments_is_newest_first() {
    let (_journal, reader) = ten();
    let window = |place| window(&reader, place);
    assert_eq!(window(Place::Newest), (vec![10, 9, 8], false, true));
    assert_eq!(
        window(Place::OlderThan(key(8))),
        (vec![7, 6, 5], true, true)
    );
    assert_eq!(window(Place::OlderThan(key(3))), (vec![2, 1], true, false));
    assert_eq!(
        window(Place::NewerThan(key(3))),
        (vec![6, 5, 4], true, true)
    );
    assert_eq!(window(Place::NewerThan(key(8))), (vec![10, 9], false, true));
    assert_eq!(window(Place::Around(key(5))), (vec![6, 5, 4], true, true));
    assert_eq!(
        window(Place::Around(key(10))),
        (vec![10, 9, 8], false, true)
    );
    assert_eq!(
        window(Place::Around(key(99))),
        (vec![10, 9, 8], false, true)
    );
}

fn seqs(reader: &Reader, place: Place<Seq>) -> (Vec<u64>, bool, bool) {
    let Rows {
        rows, newer, older, ..
    } = reader.timeline(Window { place, limit: 4 }).unwrap();
    (rows.iter().map(|line| line.seq.0).collect(), newer, older)
}

#[test]
fn the_timeline_is_in_order() {
    let (_journal, reader) = ten();
    assert_eq!(
        seqs(&reader, Place::Newest),
        (vec![17, 18, 19, 20], false, true)
    );
    assert_eq!(
        seqs(&reader, Place::OlderThan(Seq(4))),
        (vec![1, 2, 3], true, false)
    );
    assert_eq!(
        seqs(&reader, Place::NewerThan(Seq(18))),
        (vec![19, 20], false, true)
    );
    assert_eq!(
        seqs(&reader, Place::Around(Seq(9))),
        (vec![8, 9, 10, 11], true, true)
    );
    let lines = reader.lines_of_transaction(key(3), 10).unwrap();
    let of_third: Vec<_> = lines.iter().map(|line| line.seq.0).collect();
    assert_eq!(of_third, [5, 6]);
}

#[test]
fn the_timeline_says_what_the_writer_said() {
    let journal = memory();
    let mut told = append(&journal, vec![sent(call(1), &start(1))])
        .unwrap()
        .lines;
    told.extend(
        append(&journal, vec![ended(call(1), &authorized("1"))])
            .unwrap()
            .lines,
    );
    let reader = journal.reader().unwrap();
    let place = Place::Newest;
    assert_eq!(
        reader.timeline(Window { place, limit: 9 }).unwrap().rows,
        told
    );
}
