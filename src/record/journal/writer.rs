//! The one thread that writes.
//!
//! It takes what has come up to now, writes it in one database transaction with one sync, and replies
//! after the commit. Each append has a savepoint of its own: one that fails takes no other with it.

use std::sync::mpsc;

use jiff::Timestamp;
use rusqlite::Connection;
use uuid::Uuid;

use super::{
    JournalError, Place, Sync,
    append::{Changed, append_all, append_one, keep, put_line},
    begin, bell,
    command::{Command, Start},
    delete,
    facets::Facets,
    log::Log,
    others::{self, Hearing},
    read,
    retention::{Limits, Retention},
    rows::Tables,
    runs, schema,
};
use crate::{
    clock::Clock,
    exchange::{CallId, Cut, Epoch, Outcome, Phases},
    record::{NewEntry, Seq, entry::Ended, fold},
};

/// Appends that share a sync, at most.
const AT_ONCE: usize = 256;

/// Who writes, where, and when.
#[derive(Clone, Copy)]
struct Desk<'w> {
    place: &'w Place,
    run: Uuid,
    clock: &'w Clock,
}

type Batch<'c> = rusqlite::Transaction<'c>;

/// A reply that waits for the commit.
type Done = Box<dyn FnOnce(Result<(), JournalError>)>;

pub struct Writer {
    connection: Connection,
    log: Log,
    place: Place,
    run: Uuid,
    retention: Retention,
    hearing: Option<Hearing>,
    /// Held as long as calls of this process may be under way.
    _lock: Option<runs::Run>,
}

impl Writer {
    pub fn open(place: Place, run: Uuid, limits: Limits) -> Result<Self, JournalError> {
        let (connection, log) = schema::open(&place, run)?;
        let lock = match &place {
            Place::File(path) => Some(
                runs::Run::begin(path, run).map_err(|error| JournalError::folder(path, error))?,
            ),
            Place::Memory => None,
        };
        Ok(Self {
            connection,
            log,
            place,
            run,
            retention: Retention::new(limits),
            hearing: None,
            _lock: lock,
        })
    }

    /// Whether the rows are of this version of the fold.
    pub fn is_folded(&self) -> Result<bool, JournalError> {
        let fold = read::meta(&self.connection, "fold")?;
        Ok(fold.as_deref() == Some(schema::FOLD))
    }

    pub fn run(mut self, commands: &mpsc::Receiver<Command>, clock: &Clock) {
        let mut unfit = self.fold_anew_if_needed(clock).err();
        while let Some(first) = self.next(commands, clock) {
            let mut batch = vec![first];
            batch.extend(commands.try_iter().take(AT_ONCE - 1));
            if unfit.is_some() {
                unfit = self.fold_anew_if_needed(clock).err();
            }
            if let Some(error) = &unfit {
                for command in batch {
                    command.refuse(error);
                }
            } else {
                self.write(batch, clock);
                self.retention.look(&self.connection);
            }
        }
    }

    /// Waits for a command. While there is none, what the journal does not keep goes.
    fn next(&mut self, commands: &mpsc::Receiver<Command>, clock: &Clock) -> Option<Command> {
        while self.retention.is_due() {
            match commands.try_recv() {
                Ok(command) => return Some(command),
                Err(mpsc::TryRecvError::Disconnected) => return None,
                Err(mpsc::TryRecvError::Empty) => self.retain(clock),
            }
        }
        commands.recv().ok()
    }

    fn retain(&mut self, clock: &Clock) {
        let ready = self.synced(Sync::Batch).map(drop);
        let done = ready.and_then(|()| self.retention.step(&mut self.connection, clock.now()));
        if done.is_err() {
            self.retention.break_off();
            self.open_again();
        }
    }

    fn fold_anew_if_needed(&mut self, clock: &Clock) -> Result<(), JournalError> {
        if !self.is_folded()? {
            fold_anew(self.synced(Sync::Full)?)?;
            self.end_dead_calls(clock.now())?;
        }
        Ok(())
    }

    fn write(&mut self, batch: Vec<Command>, clock: &Clock) {
        if let Some(hearing) = &mut self.hearing {
            // Most of it here, where nobody else has to wait for it.
            let _ = hearing.look(&self.connection, clock);
        }
        if batch.iter().all(|command| matches!(command, Command::Look)) {
            return;
        }
        let sync = if batch.iter().any(Command::wants_full_sync) {
            Sync::Full
        } else {
            Sync::Batch
        };
        let deletes = batch
            .iter()
            .any(|command| matches!(command, Command::Delete { .. }));
        let mut hearing = self.hearing.take();
        let (place, run) = (self.place.clone(), self.run);
        let desk = Desk {
            place: &place,
            run,
            clock,
        };
        let (written, replies) = match self
            .synced(sync)
            .and_then(|connection| Ok(begin(connection)?))
        {
            Ok(transaction) => write(transaction, batch, &mut hearing, desk),
            Err(error) => {
                for command in batch {
                    command.refuse(&error);
                }
                (Err(error), vec![])
            }
        };
        if deletes && written.is_ok() {
            // What was deleted still stands in the log. Where a reader is in the way the next checkpoint
            // clears it.
            let _ = self.log.empty(&self.connection);
        }
        for reply in replies {
            reply(written.clone().map(drop));
        }
        self.hearing = hearing;
        match (written, &place) {
            (Ok(true), Place::File(path)) => bell::ring(runs::bells_of_others(path, run)),
            (Ok(_), _) => {}
            (Err(_), _) => self.open_again(),
        }
    }

    fn synced(&mut self, sync: Sync) -> Result<&mut Connection, JournalError> {
        let level = self.log.level(sync);
        self.connection.pragma_update(None, "synchronous", level)?;
        Ok(&mut self.connection)
    }

    /// After an error of the disk nothing is known of what the old connection believes.
    fn open_again(&mut self) {
        if matches!(self.place, Place::File(_))
            && let Ok((connection, log)) = schema::open(&self.place, self.run)
        {
            self.connection = connection;
            self.log = log;
        }
    }

    /// Ends the calls that dead processes left open.
    pub fn end_dead_calls(&mut self, now: Timestamp) -> Result<(), JournalError> {
        match self.try_end_dead_calls(now) {
            Err(JournalError::Damaged { .. }) => {
                fold_anew(self.synced(Sync::Full)?)?;
                self.try_end_dead_calls(now)
            }
            ended => ended,
        }
    }

    fn try_end_dead_calls(&mut self, now: Timestamp) -> Result<(), JournalError> {
        let dead = ends_of_dead_calls(&self.connection, &self.place, self.run, now)?;
        if dead.is_empty() {
            return Ok(());
        }
        let run = self.run;
        let transaction = begin(self.synced(Sync::Full)?)?;
        for ended in dead {
            append_one(&transaction, ended, run)?;
        }
        transaction.commit()?;
        Ok(())
    }
}

/// For each call under way of a process that is gone: nobody knows what became of it.
fn ends_of_dead_calls(
    connection: &Connection,
    place: &Place,
    own: Uuid,
    now: Timestamp,
) -> Result<Vec<NewEntry>, JournalError> {
    let Place::File(path) = place else {
        return Ok(vec![]);
    };
    let mut dead = open_calls(connection)?;
    dead.retain(|(_, run, _)| *run != own && runs::is_over(path, *run));
    let cut = |(call, _, epoch)| {
        let outcome = Outcome::Cut {
            why: Cut::ProcessDied,
            phases: Phases::default(),
        };
        NewEntry::ended(now, epoch, Ended { call, outcome })
    };
    Ok(dead.into_iter().map(cut).collect())
}

/// Makes every row anew from the entries.
pub fn fold_anew(connection: &mut Connection) -> Result<(), JournalError> {
    let transaction = begin(connection)?;
    fold_all(&transaction)?;
    transaction.commit()?;
    Ok(())
}

fn fold_all(connection: &Connection) -> Result<(), JournalError> {
    connection.execute_batch(
        "DELETE FROM transaction_row; DELETE FROM session_row; DELETE FROM total;
         DELETE FROM facet;
         UPDATE entry SET transaction_key = NULL, session_key = NULL
         WHERE transaction_key IS NOT NULL OR session_key IS NOT NULL;
         UPDATE meta SET value = '0' WHERE name IN ('transactions', 'sessions');",
    )?;
    let mut last = Seq(0);
    while let Some(entry) = read::next_entry(connection, last)? {
        last = entry.seq;
        let folded = fold::fold(&entry, &Tables(connection))?;
        keep(connection, &entry, &folded, &mut Changed::default())?;
        put_line(connection, &entry, &Facets::of(&entry.kind), &folded)?;
    }
    Tables(connection).remember("fold", schema::FOLD)
}

/// Calls under way: whose they are, and in which epoch they were sent.
fn open_calls(connection: &Connection) -> Result<Vec<(CallId, Uuid, Epoch)>, JournalError> {
    let mut statement = connection.prepare(
        "SELECT flight.call, flight.run, entry.epoch FROM flight
         JOIN entry ON entry.call = flight.call AND entry.kind = 'sent'",
    )?;
    let rows = statement.query_map((), |row| {
        Ok([row.get(0)?, row.get(1)?, row.get::<_, String>(2)?])
    })?;
    let mut calls = vec![];
    for row in rows {
        let ids = row?.map(|id| id.parse().ok());
        if let [Some(call), Some(run), Some(epoch)] = ids {
            calls.push((CallId(call), run, Epoch(epoch)));
        }
    }
    Ok(calls)
}

/// Writes a batch. Answers whether there are new entries, with the replies to its commands.
fn write(
    mut transaction: Batch<'_>,
    batch: Vec<Command>,
    hearing: &mut Option<Hearing>,
    desk: Desk<'_>,
) -> (Result<bool, JournalError>, Vec<Done>) {
    if let Some(hearing) = hearing {
        // Now nobody can come between these and what follows. A file that cannot be read is no reason
        // not to write.
        let _ = hearing.look(&transaction, desk.clock);
    }
    let before = transaction.total_changes();
    let mut waiting: Vec<Done> = vec![];
    let mut rest = batch.into_iter();
    for command in rest.by_ref() {
        waiting.push(obey(&mut transaction, command, hearing, desk));
        // On some errors, like a full disk, the database gives up all that was not committed.
        if transaction.is_autocommit() {
            break;
        }
    }
    let changed = transaction.total_changes() > before;
    let last = others::last(&transaction);
    let written = transaction.commit().map_err(JournalError::from);
    if let (Some(hearing), Ok(()), Ok(last)) = (hearing, &written, last) {
        hearing.pass(last);
    }
    if let Err(error) = &written {
        for command in rest {
            command.refuse(error);
        }
    }
    (written.map(|()| changed), waiting)
}

/// A row that cannot be read keeps nothing from being recorded: its entries are there, and it is made anew.
fn healed<T>(
    transaction: &mut Batch<'_>,
    write: impl Fn(&Connection) -> Result<T, JournalError>,
) -> Result<T, JournalError> {
    match in_savepoint(transaction, &write) {
        Err(JournalError::Damaged { .. }) => in_savepoint(transaction, |connection| {
            fold_all(connection)?;
            write(connection)
        }),
        done => done,
    }
}

/// Does what a command asks inside the batch, and gives the reply for after the commit.
fn obey(
    transaction: &mut Batch<'_>,
    command: Command,
    hearing: &mut Option<Hearing>,
    Desk { place, run, clock }: Desk<'_>,
) -> Done {
    match command {
        Command::Append { entries, reply, .. } => {
            let done = healed(transaction, |connection| {
                append_all(connection, entries.clone(), run, clock)
            });
            Box::new(|written| reply(written.and(done)))
        }
        Command::FoldAnew(reply) => {
            let done = in_savepoint(transaction, fold_all);
            Box::new(|written| reply(written.and(done)))
        }
        Command::EndDeadCalls { reply } => {
            let done = healed(transaction, |connection| {
                let dead = ends_of_dead_calls(connection, place, run, clock.now())?;
                append_all(connection, dead, run, clock)
            });
            Box::new(|written| reply(written.and(done)))
        }
        Command::Delete { key, reply } => {
            let done = healed(transaction, |connection| {
                delete::delete(connection, key, run, clock)
            });
            Box::new(|written| reply(written.and(done)))
        }
        Command::Remember { name, value, reply } => {
            let done = Tables(transaction).remember(&name, &value);
            Box::new(|written| reply(written.and(done)))
        }
        Command::CountStart { seed, reply } => {
            let done = in_savepoint(transaction, |connection| count_start(connection, seed));
            Box::new(|written| reply(written.and(done)))
        }
        Command::Tell(reply) => Box::new(|_| reply()),
        Command::Hear(tell) => {
            *hearing = Hearing::begin(transaction, tell).ok();
            Box::new(drop)
        }
        Command::Look => Box::new(drop),
    }
}

fn count_start(connection: &Connection, seed: u64) -> Result<Start, JournalError> {
    let tables = Tables(connection);
    let known = |name| -> Result<Option<u64>, JournalError> {
        Ok(read::meta(connection, name)?.and_then(|value| value.parse().ok()))
    };
    let start = Start {
        seed: known("ids.seed")?.unwrap_or(seed),
        number: known("ids.starts")?.unwrap_or(0) + 1,
    };
    tables.remember("ids.seed", &start.seed.to_string())?;
    tables.remember("ids.starts", &start.number.to_string())?;
    Ok(start)
}

fn in_savepoint<T>(
    transaction: &mut Batch<'_>,
    work: impl FnOnce(&Connection) -> Result<T, JournalError>,
) -> Result<T, JournalError> {
    let savepoint = transaction.savepoint()?;
    let done = work(&savepoint)?;
    savepoint.commit()?;
    Ok(done)
}
