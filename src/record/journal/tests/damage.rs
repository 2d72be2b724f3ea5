//! A row that cannot be read: nothing else is hidden by it, and its entries bring it back.

use std::sync::mpsc;

use rusqlite::Connection;
use uuid::Uuid;

use super::{append, authorized, call, ended, open, sent, start};
use crate::{
    api::{Call, call::Identify},
    record::{
        Line, Session, Totals, Transaction,
        journal::{Journal, JournalError, Place},
        line,
        window::{self, Window},
    },
};

/// A journal in a file, with two payments, an identification, and a call under way.
struct Bench {
    folder: tempfile::TempDir,
    journal: Journal,
}

type Rows = (Vec<Transaction>, Vec<Session>, Vec<Totals>);

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::File(folder.path().join("journal.db"));
        let journal = open(place, Uuid::from_u128(1)).unwrap();
        for number in 1..=2 {
            append(&journal, vec![sent(call(number), &start(number))]).unwrap();
            let body = authorized(&number.to_string());
            append(&journal, vec![ended(call(number), &body)]).unwrap();
        }
        let identify = Call::identify(&Identify::default());
        append(&journal, vec![sent(call(3), &identify)]).unwrap();
        let body = r#"{"responseCode":"OK","sessionId":"s","bangoUserId":"u"}"#;
        append(&journal, vec![ended(call(3), body)]).unwrap();
        append(&journal, vec![sent(call(4), &capture())]).unwrap();
        Self { folder, journal }
    }

    fn place(&self) -> Place {
        Place::File(self.folder.path().join("journal.db"))
    }

    fn rows(&self) -> Result<Rows, JournalError> {
        let reader = self.journal.reader().unwrap();
        Ok((
            reader.transactions(newest())?.rows,
            reader.sessions(newest())?.rows,
            reader.totals(super::EPOCH)?,
        ))
    }

    fn damage(&self, table: &str, column: &str) {
        let file = Connection::open(self.folder.path().join("journal.db")).unwrap();
        let garbage = format!("UPDATE {table} SET {column} = '\u{fffd}{{\"half a'");
        assert!(file.execute(&garbage, ()).unwrap() > 0);
    }

    fn fold_anew(&self) {
        let (sender, receiver) = mpsc::channel();
        self.journal
            .fold_anew(move |folded| sender.send(folded).unwrap());
        receiver.recv().unwrap().unwrap();
    }
}

fn newest<Key>() -> Window<Key> {
    Window {
        place: window::Place::Newest,
        limit: 100,
    }
}

fn capture() -> Call {
    Call::capture(&"1".into(), None)
}

const ROWS: [(&str, &str); 3] = [
    ("transaction_row", "state"),
    ("session_row", "state"),
    ("total", "sums"),
];

#[test]
fn rows_that_are_damaged_are_made_anew_from_their_entries() {
    for (table, column) in ROWS {
        let bench = Bench::new();
        let whole = bench.rows().unwrap();
        bench.damage(table, column);
        assert!(matches!(bench.rows(), Err(JournalError::Damaged { .. })));
        bench.fold_anew();
        assert_eq!(bench.rows().unwrap(), whole, "{table}");
    }
}

#[test]
fn a_damaged_row_keeps_nothing_from_being_recorded() {
    for (table, column) in ROWS {
        let [bench, undamaged] = [Bench::new(), Bench::new()];
        bench.damage(table, column);
        for bench in [&bench, &undamaged] {
            let done = r#"{"responseCode":"OK"}"#;
            let status = Call::status(&"u".into());
            let entries = vec![
                ended(call(4), done),
                sent(call(5), &status),
                ended(call(5), r#"{"responseCode":"OK","status":"OK"}"#),
            ];
            assert_eq!(append(&bench.journal, entries).unwrap().entries.len(), 3);
        }
        assert_eq!(bench.rows().unwrap(), undamaged.rows().unwrap(), "{table}");
    }
}

#[test]
fn a_damaged_row_keeps_no_journal_from_opening() {
    let bench = Bench::new();
    bench.damage("transaction_row", "state");
    let place = bench.place();
    let Bench { folder, journal } = bench;
    drop(journal);
    let journal = open(place, Uuid::from_u128(2)).unwrap();
    let bench = Bench { folder, journal };
    let (transactions, ..) = bench.rows().unwrap();
    assert_eq!(transactions.len(), 2);
    let doubts = transactions.iter().filter_map(Transaction::unresolved);
    assert_eq!(
        doubts.map(|doubt| doubt.call).collect::<Vec<_>>(),
        [call(4)]
    );
}

/// Nothing tells what was in it: what is left of its entries is in the timeline.
#[test]
fn a_row_whose_entries_are_damaged_too_hides_no_other() {
    let bench = Bench::new();
    let (whole, ..) = bench.rows().unwrap();
    bench.damage("transaction_row", "state");
    let file = Connection::open(bench.folder.path().join("journal.db")).unwrap();
    file.execute("UPDATE entry SET payload = '' WHERE seq = 3", ())
        .unwrap();
    bench.fold_anew();
    assert_eq!(bench.rows().unwrap().0, whole[1..]);
    let lines = bench.journal.reader().unwrap().timeline(newest());
    let is_damaged = |line: &Line| match &line.what {
        line::What::Unknown { name } => name.contains("is damaged"),
        _ => false,
    };
    assert!(lines.unwrap().rows.iter().any(is_damaged));
}
