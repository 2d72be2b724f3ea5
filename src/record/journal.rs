//! The journal on disk: an append-only SQLite file, and beside it the fold's results, written in the
//! same database transaction.
//!
//! One thread writes; readers have connections of their own. Other processes may append to the same
//! file: a fact that two of them saw is there once, and each can [hear](Journal::hear_others) what the
//! others append. Nothing here reads the whole journal, except to fold it anew after the fold has changed.

mod append;
mod bell;
mod check;
mod command;
mod delete;
mod facets;
mod log;
mod others;
mod read;
mod retention;
mod rows;
mod runs;
mod schema;
#[cfg(test)]
mod tests;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak, mpsc},
    thread::{self, JoinHandle},
};

use rusqlite::{CachedStatement, Connection, Transaction, TransactionBehavior};
use uuid::Uuid;

use super::{NewEntry, Recorded, Seq, TransactionKey, payload::PayloadError};
use crate::clock::Clock;
use bell::Bell;

pub use check::{Checked, check, sqlite};
use command::Command;
pub use command::Start;
pub use read::{Found, Reader};
pub use retention::Limits;
use writer::Writer;

/// Where a journal is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    File(PathBuf),
    /// Gone with the process.
    Memory,
}

/// How far an entry has come when its reply is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    /// On the platter: before a byte of a call that moves money leaves, and when it has ended.
    Full,
    /// With the operating system: a crash of ours loses nothing, a power cut the last moments.
    Batch,
}

/// Why something could not be read from or written to the journal.
#[derive(Clone, Debug, thiserror::Error)]
pub enum JournalError {
    #[error("{} cannot be made or opened: {source}", path.display())]
    Folder {
        path: PathBuf,
        #[source]
        source: Arc<std::io::Error>,
    },
    #[error("no thread could be started for it")]
    Thread(#[source] Arc<std::io::Error>),
    #[error("it was written by a newer version of bango: this file needs {needs}")]
    Newer { needs: String },
    #[error("entry {key} has format {version}, which needs a later version of bango")]
    NewerEntry { key: String, version: u64 },
    #[error("entry {key} is damaged: {why}")]
    Damaged { key: String, why: String },
    #[error("the database says: {0}")]
    Database(#[source] Arc<rusqlite::Error>),
    #[error("there is no such payment any more")]
    NoSuchPayment,
    #[error("a call of it is under way")]
    UnderWay,
    #[error("its writer has ended: start bango again")]
    Closed,
}

impl JournalError {
    /// The trouble of the entry with this key.
    fn of_payload(key: &str, error: PayloadError) -> Self {
        let key = key.to_owned();
        match error {
            PayloadError::Newer { version } => Self::NewerEntry { key, version },
            PayloadError::Damaged { why } => Self::Damaged { key, why },
        }
    }

    fn folder(path: &Path, source: std::io::Error) -> Self {
        Self::Folder {
            path: path.to_owned(),
            source: Arc::new(source),
        }
    }
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

/// A journal open for writing. Clones write to the same one; with the last, what was appended is
/// written and the file closed.
#[derive(Clone, Debug)]
pub struct Journal {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    place: Place,
    run: Uuid,
    commands: Mutex<Option<mpsc::Sender<Command>>>,
    writer: Option<JoinHandle<()>>,
    /// The port of the bell that others ring.
    bell: OnceLock<u16>,
}

impl Journal {
    /// `run` names this process and is used once. Calls that a dead process left open are ended here,
    /// as cut off, so that the first look at the rows shows them as unknown.
    pub fn open(place: Place, run: Uuid, clock: &Clock) -> Result<Self, JournalError> {
        Self::open_within(Limits::default(), place, run, clock)
    }

    /// The same with other limits than the usual ones.
    pub fn open_within(
        limits: Limits,
        place: Place,
        run: Uuid,
        clock: &Clock,
    ) -> Result<Self, JournalError> {
        let mut writer = Writer::open(place.clone(), run, limits)?;
        if writer.is_folded()? {
            writer.end_dead_calls(clock.now())?;
        }
        let (sender, receiver) = mpsc::channel();
        let clock = clock.clone();
        let writer = thread::Builder::new()
            .name("journal".into())
            .spawn(move || writer.run(&receiver, &clock))
            .map_err(|error| JournalError::Thread(Arc::new(error)))?;
        Ok(Self {
            shared: Arc::new(Shared {
                place,
                run,
                commands: Mutex::new(Some(sender)),
                writer: Some(writer),
                bell: OnceLock::new(),
            }),
        })
    }

    /// Appends facts, all or none, and tells what they changed. What the journal had already is left
    /// out. `reply` runs on the writer's thread: it should only pass the result on.
    pub fn append(
        &self,
        entries: Vec<NewEntry>,
        sync: Sync,
        reply: impl FnOnce(Result<Recorded, JournalError>) + Send + 'static,
    ) {
        self.shared.submit(Command::Append {
            entries,
            sync,
            reply: Box::new(reply),
        });
    }

    /// Keeps a small fact of the console's own, like the port it had last.
    pub fn remember(
        &self,
        name: impl Into<String>,
        value: impl Into<String>,
        reply: impl FnOnce(Result<(), JournalError>) + Send + 'static,
    ) {
        self.shared.submit(Command::Remember {
            name: name.into(),
            value: value.into(),
            reply: Box::new(reply),
        });
    }

    /// Makes every row anew from the entries, where one of them turned out to be damaged.
    pub fn fold_anew(&self, reply: impl FnOnce(Result<(), JournalError>) + Send + 'static) {
        self.shared.submit(Command::FoldAnew(Box::new(reply)));
    }

    /// Counts one more start of a program with ids of its own, with `seed` where the journal has none yet.
    /// No two starts get the same number, be they of different processes at the same moment.
    pub fn count_start(
        &self,
        seed: u64,
        reply: impl FnOnce(Result<Start, JournalError>) + Send + 'static,
    ) {
        self.shared.submit(Command::CountStart {
            seed,
            reply: Box::new(reply),
        });
    }

    /// Deletes a payment with all that belongs to it, and tells of the remark that says so. What it held
    /// is overwritten in the file.
    pub fn delete(
        &self,
        key: TransactionKey,
        reply: impl FnOnce(Result<Recorded, JournalError>) + Send + 'static,
    ) {
        let reply = Box::new(reply);
        self.shared.submit(Command::Delete { key, reply });
    }

    /// Ends the calls that processes left open which have ended since this journal was opened, as cut off.
    pub fn end_dead_calls(
        &self,
        reply: impl FnOnce(Result<Recorded, JournalError>) + Send + 'static,
    ) {
        let reply = Box::new(reply);
        self.shared.submit(Command::EndDeadCalls { reply });
    }

    /// From now on tells what other processes append, among what this one appends and in the same order.
    /// To be called once. `tell` runs on the writer's thread: it should only pass on what it gets.
    pub fn hear_others(&self, tell: impl FnMut(Recorded) + Send + 'static) {
        if let Place::File(path) = &self.shared.place {
            // Without a bell it is heard when this process appends something.
            let _ = self.hang_bell(path);
        }
        self.shared.submit(Command::Hear(Box::new(tell)));
    }

    /// The thread ends with the journal, which rings for the last time.
    fn hang_bell(&self, path: &Path) -> std::io::Result<()> {
        let bell = Bell::hang()?;
        let port = bell.port()?;
        runs::name_bell(path, self.shared.run, port)?;
        let shared = Arc::downgrade(&self.shared);
        thread::Builder::new()
            .name("journal-bell".into())
            .spawn(move || answer(&bell, &shared))?;
        let _ = self.shared.bell.set(port);
        Ok(())
    }

    /// Runs `reply` once everything appended before is written, and the rows of an older fold are made
    /// anew: what was read before that is to be read again.
    pub fn when_written(&self, reply: impl FnOnce() + Send + 'static) {
        self.shared.submit(Command::Tell(Box::new(reply)));
    }

    /// A connection of its own for reading.
    pub fn reader(&self) -> Result<Reader, JournalError> {
        schema::open_reader(&self.shared.place, self.shared.run).map(Reader::new)
    }
}

fn answer(bell: &Bell, journal: &Weak<Shared>) {
    while bell.wait().is_ok() {
        match journal.upgrade() {
            Some(journal) => journal.submit(Command::Look),
            None => return,
        }
    }
}

impl Shared {
    fn submit(&self, command: Command) {
        let commands = self.commands.lock().unwrap_or_else(PoisonError::into_inner);
        let refused = match &*commands {
            Some(sender) => sender.send(command).map_err(|refused| refused.0).err(),
            None => Some(command),
        };
        drop(commands);
        if let Some(command) = refused {
            command.refuse(&JournalError::Closed);
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let commands = self
            .commands
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        drop(commands.take());
        bell::ring(self.bell.get().copied());
        if let Some(writer) = self.writer.take() {
            // A reply may hold the last clone: the writer cannot wait for itself.
            if writer.thread().id() != thread::current().id() {
                let _ = writer.join();
            }
        }
    }
}

/// A writing transaction: it waits for its turn now, not when it first writes.
fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

/// A place in the order, as a database holds it.
fn number(seq: Seq) -> i64 {
    i64::try_from(seq.0).unwrap_or(i64::MAX)
}

/// The one way to a statement, so that the tests can look at every question's plan.
fn prepare<'c>(connection: &'c Connection, sql: &str) -> rusqlite::Result<CachedStatement<'c>> {
    #[cfg(test)]
    tests::plan::check(connection, sql);
    connection.prepare_cached(sql)
}
