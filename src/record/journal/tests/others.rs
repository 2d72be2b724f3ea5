//! Two processes on one journal: each tells all of it, once and in order, whoever appended.

use std::{
    collections::BTreeMap,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::Duration,
};

use jiff::Timestamp;
use proptest::{prelude::*, test_runner::TestRunner};
use uuid::Uuid;

use super::{
    EPOCH, append, authorized, call, ended, exchange, open, report,
    retention::story::{Story, entries, story},
    seen, sent, start,
};
use crate::{
    clock::Clock,
    exchange::What,
    record::{
        Line, NewEntry, Recorded, Seq, Session, SessionKey, Transaction, TransactionKey,
        journal::{Journal, Place, Reader, Start, append::append_one, others::Hearing, schema},
        transaction::Status,
        window::{self, Window},
    },
};

const DEADLINE: Duration = Duration::from_secs(30);

fn newest<Key>() -> Window<Key> {
    Window {
        place: window::Place::Newest,
        limit: 1_000,
    }
}

/// What a screen that only hears of others would show.
#[derive(Debug, Default, PartialEq)]
struct Mirror {
    lines: Vec<Line>,
    transactions: BTreeMap<TransactionKey, Transaction>,
    sessions: BTreeMap<SessionKey, Session>,
}

impl Mirror {
    fn of(reader: &Reader) -> Self {
        let transactions = reader.transactions(newest()).unwrap().rows.into_iter();
        let sessions = reader.sessions(newest()).unwrap().rows.into_iter();
        Self {
            lines: reader.timeline(newest()).unwrap().rows,
            transactions: transactions.map(|row| (row.key, row)).collect(),
            sessions: sessions.map(|row| (row.key, row)).collect(),
        }
    }

    fn take(&mut self, recorded: Recorded) {
        self.lines.extend(recorded.lines);
        for row in recorded.transactions {
            self.transactions.insert(row.key, row);
        }
        for row in recorded.sessions {
            self.sessions.insert(row.key, row);
        }
    }

    /// The control: only the rows that a line belongs to.
    fn take_what_lines_name(&mut self, mut recorded: Recorded) {
        let named = |key| {
            recorded
                .lines
                .iter()
                .any(|line| line.transaction == Some(key))
        };
        recorded.transactions.retain(|row| named(row.key));
        self.take(recorded);
    }
}

/// Whether somebody who looks after every few entries hears all there is in a journal.
fn hears_all(story: &Story, take: fn(&mut Mirror, Recorded)) -> Result<(), TestCaseError> {
    let run = Uuid::from_bytes(crate::clock::random_bytes());
    let (connection, _) = schema::open(&Place::Memory, run).unwrap();
    let (clock, _) = Clock::settable(Timestamp::UNIX_EPOCH);
    let (sender, heard) = mpsc::channel();
    let tell = Box::new(move |recorded| sender.send(recorded).unwrap());
    let mut hearing = Hearing::begin(&connection, tell).unwrap();
    let mut mirror = Mirror::default();
    for (number, entry) in entries(story).0.into_iter().enumerate() {
        append_one(&connection, entry, run).unwrap();
        if number % 3 == 0 {
            hearing.look(&connection, &clock).unwrap();
        }
    }
    hearing.look(&connection, &clock).unwrap();
    for recorded in heard.try_iter() {
        take(&mut mirror, recorded);
    }
    let reader = Reader::new(schema::open_reader(&Place::Memory, run).unwrap());
    prop_assert_eq!(mirror, Mirror::of(&reader));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn who_hears_of_others_knows_every_row_and_line(story in story()) {
        hears_all(&story, Mirror::take)?;
    }
}

#[test]
fn control_rows_that_no_line_names_are_missed() {
    let check = |story| hears_all(&story, Mirror::take_what_lines_name);
    assert!(TestRunner::deterministic().run(&story(), check).is_err());
}

fn two(folder: &tempfile::TempDir) -> [Journal; 2] {
    [1, 2].map(|run| {
        let place = Place::File(folder.path().join("journal.db"));
        open(place, Uuid::from_u128(run)).unwrap()
    })
}

/// What it hears from now on, and the way to add what its own appends tell.
fn hear(journal: &Journal) -> (Sender<Recorded>, Receiver<Recorded>) {
    let (sender, told) = mpsc::channel();
    let heard = sender.clone();
    journal.hear_others(move |recorded| {
        let _ = heard.send(recorded);
    });
    wait_for(journal);
    (sender, told)
}

/// Waits until it has written what it was told to, and looked.
fn wait_for(journal: &Journal) {
    let (sender, written) = mpsc::channel();
    journal.when_written(move || sender.send(()).unwrap());
    written.recv().unwrap();
}

#[test]
fn what_one_appends_the_other_is_told_without_asking() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = two(&folder);
    let (_, heard) = hear(&second);
    append(&first, vec![sent(call(1), &start(1))]).unwrap();
    let told = heard.recv_timeout(DEADLINE).unwrap();
    assert!(told.elsewhere);
    assert_eq!(told.entries[0].key, format!("sent:{}", call(1).0));
    assert_eq!(told.transactions[0].status(), Status::Starting);
    append(&first, vec![ended(call(1), &authorized("1"))]).unwrap();
    let told = heard.recv_timeout(DEADLINE).unwrap();
    assert_eq!(told.transactions[0].status(), Status::Authorized);
    assert_eq!(told.totals.len(), 1);
}

#[test]
fn what_both_saw_is_told_to_both_and_stands_once() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = two(&folder);
    let (_, heard) = hear(&second);
    let report = || seen(1, None, exchange(&start(1), None, &authorized("1")));
    assert_eq!(append(&first, vec![report()]).unwrap().entries.len(), 1);
    assert_eq!(append(&second, vec![report()]).unwrap().entries.len(), 0);
    let told = heard.recv_timeout(DEADLINE).unwrap();
    assert_eq!(told.transactions.len(), 1);
}

/// Everything that a journal tells, its own replies and what it hears, as the screen gets it.
fn write_at_once(journals: &[Journal; 2]) -> [Vec<Recorded>; 2] {
    let told = journals.each_ref().map(hear);
    thread::scope(|scope| {
        for (writer, (journal, (sender, _))) in (0..).zip(journals.iter().zip(&told)) {
            scope.spawn(move || {
                for number in 0..50 {
                    let id = 100 * writer + number;
                    for entry in of_one_call(id) {
                        let sender = sender.clone();
                        journal.append(vec![entry], super::Sync::Batch, move |recorded| {
                            let _ = sender.send(recorded.unwrap());
                        });
                    }
                }
            });
        }
    });
    // Whoever has written everything hears what the other wrote when it looks once more.
    for journal in [&journals[0], &journals[1], &journals[0]] {
        wait_for(journal);
    }
    told.map(|(_, told)| told.try_iter().collect())
}

/// What two processes write down of a call of one of them: the report is seen by both.
fn of_one_call(id: u128) -> [NewEntry; 3] {
    let of = call(id);
    let number = u64::try_from(id).unwrap() + 1;
    [
        sent(of, &start(id)),
        seen(
            number,
            Some(of),
            exchange(&start(id), Some(of), &authorized(&id.to_string())),
        ),
        ended(of, &authorized(&id.to_string())),
    ]
}

#[test]
fn two_that_write_at_once_tell_the_same_in_the_same_order() {
    let folder = tempfile::tempdir().unwrap();
    let journals = two(&folder);
    for told in write_at_once(&journals) {
        let entries: Vec<Seq> = told
            .iter()
            .flat_map(|recorded| recorded.entries.iter().map(|entry| entry.seq))
            .collect();
        assert_eq!(entries, (1..=300).map(Seq).collect::<Vec<_>>());
        let mut mirror = Mirror::default();
        for recorded in told {
            mirror.take(recorded);
        }
        assert_eq!(mirror, Mirror::of(&journals[0].reader().unwrap()));
        assert_eq!(mirror.transactions.len(), 100);
    }
    let totals = journals[0].reader().unwrap().totals(EPOCH).unwrap();
    assert_eq!((totals[0].payments, totals[0].authorized.count), (100, 100));
}

#[test]
fn starts_at_once_have_one_seed_and_no_number_twice() {
    let folder = tempfile::tempdir().unwrap();
    let journals = two(&folder);
    let (sender, starts) = mpsc::channel();
    thread::scope(|scope| {
        for (seed, journal) in (7..).zip(&journals) {
            for _ in 0..25 {
                let sender = sender.clone();
                scope.spawn(move || {
                    journal.count_start(seed, move |start| sender.send(start.unwrap()).unwrap());
                });
            }
        }
    });
    let starts: Vec<Start> = starts.iter().take(50).collect();
    let mut numbers: Vec<_> = starts.iter().map(|start| start.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<_>>());
    assert!(starts.iter().all(|start| start.seed == starts[0].seed));
}

#[test]
fn a_journal_that_is_closed_leaves_no_thread_and_no_file_of_its_run() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = two(&folder);
    let (own, heard) = hear(&second);
    drop((second, own));
    // The writer's end of the channel is gone with it.
    assert_eq!(
        heard.recv_timeout(DEADLINE),
        Err(RecvTimeoutError::Disconnected)
    );
    append(&first, vec![sent(call(1), &start(1))]).unwrap();
    let runs = std::fs::read_dir(folder.path()).unwrap();
    let runs = runs.filter(|file| {
        let name = file.as_ref().unwrap().file_name();
        name.to_string_lossy().contains("-run-")
    });
    assert_eq!(runs.count(), 1);
}

#[test]
fn a_call_of_a_process_that_ends_meanwhile_is_cut_off_and_that_of_a_living_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = two(&folder);
    let third = open(
        Place::File(folder.path().join("journal.db")),
        Uuid::from_u128(3),
    );
    append(&first, vec![sent(call(1), &start(1))]).unwrap();
    append(&third.unwrap(), vec![sent(call(2), &start(2))]).unwrap();
    let (sender, ended) = mpsc::channel();
    second.end_dead_calls(move |recorded| sender.send(recorded.unwrap()).unwrap());
    let ended = ended.recv().unwrap();
    assert_eq!(ended.entries.len(), 1);
    assert_eq!(ended.entries[0].key, format!("ended:{}", call(2).0));
    assert_eq!(ended.transactions[0].status(), Status::Unknown);
}

#[test]
fn the_last_report_of_a_run_is_the_one_with_the_highest_number() {
    let journal = super::memory();
    let run = report(1, None, What::Reset).run;
    let last = || journal.reader().unwrap().last_report(run).unwrap();
    assert_eq!(last(), 0);
    for number in [9, 10, 2] {
        append(&journal, vec![seen(number, None, What::Reset)]).unwrap();
    }
    let mut of_another = report(77, None, What::Reset);
    of_another.run = Uuid::from_u128(0x5b);
    let of_another = NewEntry::seen(Timestamp::UNIX_EPOCH, of_another);
    append(&journal, vec![of_another]).unwrap();
    assert_eq!(last(), 10);
}
