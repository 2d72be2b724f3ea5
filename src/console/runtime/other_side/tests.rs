use std::fs::File;

use jiff::Timestamp;
use secrecy::SecretString;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{self, UnboundedReceiver};

use super::*;
use crate::exchange;
use crate::record::entry::{Kind, Seen};
use crate::record::journal::Place;
use crate::record::{Seq, window};

const DEADLINE: Duration = Duration::from_secs(30);

fn credentials(password: &str) -> Credentials {
    Credentials {
        username: "sandbox".into(),
        password: SecretString::from(password),
    }
}

/// Looks for the sandbox of a folder, as one more process would.
fn search(folder: &TempDir) -> Search {
    let clock = Clock::System;
    let run = Uuid::from_bytes(crate::clock::random_bytes());
    let place = Place::File(folder.path().join("journal.db"));
    Search {
        elsewhere: None,
        database: Database::File(folder.path().join("sandbox.db")),
        seed: None,
        credentials: credentials("sandbox"),
        journal: Journal::open(place, run, &clock).unwrap(),
        clock,
    }
}

/// A console's end of it.
struct Console {
    link: Link,
    events: UnboundedReceiver<What>,
    journal: Journal,
}

impl Console {
    /// At a port that nobody else looks for.
    async fn serving(folder: &TempDir) -> Self {
        let search = search(folder);
        let listen = Listen::Exact(([127, 0, 0, 1], 0).into());
        let side = search.once(listen, None).await.unwrap();
        assert_eq!(side.process(), None);
        Self::with(side, search)
    }

    async fn attached(folder: &TempDir) -> Self {
        let search = search(folder);
        let side = search.first().await.unwrap();
        assert_eq!(side.process(), Some(std::process::id()));
        Self::with(side, search)
    }

    fn with(side: Side, search: Search) -> Self {
        let (events_in, events) = mpsc::unbounded_channel();
        let journal = search.journal.clone();
        let life = Life::new(side.epoch());
        let link = Link::keep(side, search, life, events_in);
        Self {
            link,
            events,
            journal,
        }
    }

    async fn next(&mut self) -> What {
        let what = tokio::time::timeout(DEADLINE, self.events.recv()).await;
        what.expect("something happens").unwrap()
    }

    /// Where the sandbox goes next.
    async fn turns(&mut self) -> Whereabouts {
        loop {
            if let What::Done(Done::Sandbox(whereabouts)) = self.next().await {
                return whereabouts;
            }
        }
    }

    /// Waits until so many reports of the address that it has now are told, recorded here or before.
    async fn hears(&mut self, count: usize) {
        let mut heard = 0;
        while heard < count {
            if let What::Recorded(_) = self.next().await {
                heard += 1;
            }
        }
    }
}

/// A call of another program.
async fn call(address: SocketAddr) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET /v5/transaction/1 HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Authorization: Basic c2FuZGJveDpzYW5kYm94\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(
        answer.contains("BAD_REQUEST") || answer.contains("NOT_FOUND"),
        "{answer}"
    );
}

fn kept(journal: &Journal) -> Vec<u64> {
    let reader = journal.reader().unwrap();
    let newest: window::Window<Seq> = window::Window {
        place: window::Place::Newest,
        limit: 100,
    };
    let lines = reader.timeline(newest).unwrap().rows;
    let number = |line: crate::record::Line| match reader.entry(line.seq).unwrap()?.kind {
        Kind::Seen(Seen::Report(report)) => Some(report.number),
        _ => None,
    };
    lines.into_iter().filter_map(number).collect()
}

#[tokio::test]
async fn what_the_first_serves_the_second_attaches_to_and_serves_on_at_the_same_port() {
    let folder = tempfile::tempdir().unwrap();
    let first = Console::serving(&folder).await;
    let mut second = Console::attached(&folder).await;
    let address = first.link.address();
    assert_eq!(second.link.address(), address);
    call(address).await;
    second.hears(1).await;

    drop(first);
    let process = Some(std::process::id());
    assert_eq!(second.turns().await, Whereabouts::Nowhere { process });
    let Whereabouts::At {
        process,
        address: now,
        ..
    } = second.turns().await
    else {
        panic!("it is gone");
    };
    assert_eq!((process, now), (None, address));
    call(address).await;
    // Each is the first of its run; the first one may be told once more before the second is.
    while kept(&second.journal) != [1, 1] {
        second.next().await;
    }
}

#[tokio::test]
async fn what_both_see_is_kept_once_and_a_late_reader_has_missed_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Console::serving(&folder).await;
    let mut second = Console::attached(&folder).await;
    for _ in 0..3 {
        call(first.link.address()).await;
    }
    first.hears(3).await;
    second.hears(3).await;
    let mut third = Console::attached(&folder).await;
    call(first.link.address()).await;
    for console in [&mut first, &mut second, &mut third] {
        // The third has the others' three from the journal and is told of the last one only.
        console.hears(1).await;
    }
    assert_eq!(kept(&third.journal), [1, 2, 3, 4]);
}

#[tokio::test]
async fn of_those_left_one_serves_and_the_others_attach_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let first = Console::serving(&folder).await;
    let address = first.link.address();
    let mut left = Vec::new();
    for _ in 0..3 {
        left.push(Console::attached(&folder).await);
    }
    drop(first);
    let mut serving = 0;
    for console in &mut left {
        assert!(matches!(console.turns().await, Whereabouts::Nowhere { .. }));
        let found = console.turns().await;
        let Whereabouts::At {
            process,
            address: now,
            ..
        } = found
        else {
            panic!("{found:?}");
        };
        serving += usize::from(process.is_none());
        assert_eq!(now, address);
    }
    assert_eq!(serving, 1);
    call(address).await;
    for console in &mut left {
        console.hears(1).await;
    }
    assert_eq!(kept(&left[0].journal), [1]);
}

#[tokio::test]
async fn who_has_other_credentials_is_told_so_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let _first = Console::serving(&folder).await;
    let mut other = search(&folder);
    other.credentials = credentials("another");
    let error = other.first().await.err().unwrap();
    let words = error.to_string();
    assert!(
        words.ends_with("but it does not take our user name and password"),
        "{words}"
    );
}

/// A process that holds the folder, and serves nothing.
fn hold(folder: &TempDir) -> File {
    let lock = File::create(folder.path().join("sandbox.lock")).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).unwrap();
    lock
}

#[tokio::test]
async fn who_looks_for_it_again_says_what_does_not_pass_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let lock = hold(&folder);
    let search = search(&folder);
    let (told, mut events) = mpsc::unbounded_channel();
    let looking = tokio::spawn(async move { search.again(0, &told).await });
    let what = tokio::time::timeout(DEADLINE, events.recv()).await.unwrap();
    let Some(What::Done(Done::Notice(words))) = what else {
        panic!("{what:?}");
    };
    assert!(words.starts_with("there is no sandbox: "), "{words}");
    drop(lock);
    let found = tokio::time::timeout(DEADLINE, looking).await;
    assert_eq!(found.unwrap().unwrap().process(), None);
}

#[tokio::test]
async fn another_seed_is_refused_and_the_same_one_attached_to() {
    let folder = tempfile::tempdir().unwrap();
    let mut search = search(&folder);
    let listen = Listen::Exact(([127, 0, 0, 1], 0).into());
    let _first = search.once(listen, Some(7)).await.unwrap();
    search.seed = Some(7);
    assert!(search.first().await.unwrap().process().is_some());
    search.seed = Some(8);
    let error = search.first().await.err().unwrap();
    assert!(
        error.to_string().contains("already has the seed 7, not 8"),
        "{error}"
    );
}

#[tokio::test]
async fn a_gap_is_recorded_as_one_and_numbers_go_on_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let search = search(&folder);
    let (events, mut told) = mpsc::unbounded_channel();
    let mut record = Record {
        journal: search.journal.clone(),
        clock: search.clock.clone(),
        events,
        life: Life::new(Epoch(Uuid::nil())),
    };
    let run = Uuid::from_u128(0x5a);
    let read = record.line(run, 4, Line::Missed { missed: 3 });
    assert_eq!(read, 7);
    let report = exchange::Report {
        run,
        number: 8,
        epoch: Epoch(Uuid::max()),
        at: Timestamp::UNIX_EPOCH,
        call: None,
        what: exchange::What::Reset,
        why: None,
    };
    assert_eq!(record.line(run, read, Line::Report(Box::new(report))), 8);
    let What::Recorded(recorded) = told.recv().await.unwrap() else {
        panic!("something else happened");
    };
    assert_eq!(recorded.entries[0].key, format!("missed:{run}:5"));
    // Another life has begun: what is missed from now on belongs to that.
    assert_eq!(record.life.epoch(), Epoch(Uuid::max()));
}
