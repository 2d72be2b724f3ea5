//! One entry into the tables: its columns, its bodies, and what it changes.

use jiff::Timestamp;
use rusqlite::Connection;
use uuid::Uuid;

use super::{
    JournalError, delete,
    facets::Facets,
    number, prepare,
    rows::{self, Listed, Tables},
};
use crate::{
    clock::Clock,
    record::{
        Entry, Kind, Line, NewEntry, Recorded, Seq, Session, Totals, Transaction,
        filter::Facts,
        fold::{self, Folded, Rows},
        payload::Stored,
    },
};

pub fn append_all(
    connection: &Connection,
    entries: Vec<NewEntry>,
    run: Uuid,
    clock: &Clock,
) -> Result<Recorded, JournalError> {
    let mut changed = Changed::default();
    let mut written = vec![];
    let mut lines = vec![];
    for entry in entries {
        if let Some((entry, line, folded)) = append_one_and_fold(connection, entry, run)? {
            keep(connection, &entry, &folded, &mut changed)?;
            written.push(entry);
            lines.extend(line);
        }
    }
    Ok(Recorded {
        at: clock.now(),
        elsewhere: false,
        entries: written,
        lines,
        transactions: changed.transactions,
        sessions: changed.sessions,
        totals: changed.totals,
    })
}

pub fn append_one(connection: &Connection, entry: NewEntry, run: Uuid) -> Result<(), JournalError> {
    if let Some((entry, _, folded)) = append_one_and_fold(connection, entry, run)? {
        keep(connection, &entry, &folded, &mut Changed::default())?;
    }
    Ok(())
}

/// `None` where the journal has this fact already.
fn append_one_and_fold(
    connection: &Connection,
    entry: NewEntry,
    run: Uuid,
) -> Result<Option<(Entry, Option<Line>, Folded)>, JournalError> {
    let tables = Tables(connection);
    let entry = fold::prepare(entry, &tables)?;
    if delete::was_deleted(connection, &entry.key())? {
        return Ok(None);
    }
    let stored = Stored::of(entry.kind());
    let facets = Facets::of(entry.kind());
    let call = facets.call.map(|call| call.0.simple().to_string());
    let inserted = prepare(
        connection,
        "INSERT OR IGNORE INTO entry
             (key, at, epoch, kind, call, session, tx, external, user, code, payload)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute((
        entry.key(),
        nanoseconds(entry.at()),
        rows::text(entry.epoch()),
        stored.kind,
        &call,
        &facets.session,
        &facets.tx,
        &facets.external,
        &facets.user,
        &facets.code,
        &stored.payload,
    ))?;
    if inserted == 0 {
        return Ok(None);
    }
    let seq = connection.last_insert_rowid();
    for (part, bytes) in &stored.bodies {
        prepare(connection, "INSERT INTO body VALUES (?1, ?2, ?3)")?.execute((seq, part, bytes))?;
    }
    match entry.kind() {
        Kind::Sent(_) => prepare(connection, "INSERT OR IGNORE INTO flight VALUES (?1, ?2)")?
            .execute((&call, run.to_string()))?,
        Kind::Ended(_) => {
            prepare(connection, "DELETE FROM flight WHERE call = ?1")?.execute([&call])?
        }
        _ => 0,
    };
    let entry = entry.placed(Seq(seq.unsigned_abs()));
    let folded = fold::fold(&entry, &tables)?;
    let line = put_line(connection, &entry, &facets, &folded)?;
    Ok(Some((entry, line, folded)))
}

/// An entry's line in the timeline. Keeps what it can be found by.
pub fn put_line(
    connection: &Connection,
    entry: &Entry,
    named: &Facets,
    folded: &Folded,
) -> Result<Option<Line>, JournalError> {
    let tables = Tables(connection);
    let ours = match named.call {
        Some(call) => tables.ours(call)?,
        None => None,
    };
    let keys = (folded.transaction, folded.session);
    let line = Line::of(entry, keys, named.response_code(), ours.as_ref());
    if let Some(line) = &line {
        let transaction = folded.transaction.map(|key| key.0);
        let owner = transaction.or(folded.session.map(|key| key.0));
        let facts = Facts::of_line(line, named.ids());
        tables.put_facts(Listed::Lines, entry.seq, owner, &facts)?;
    }
    Ok(line)
}

/// The newest state of every row that was touched.
#[derive(Default)]
pub struct Changed {
    transactions: Vec<Transaction>,
    sessions: Vec<Session>,
    totals: Vec<Totals>,
}

pub fn keep(
    connection: &Connection,
    entry: &Entry,
    folded: &Folded,
    changed: &mut Changed,
) -> Result<(), JournalError> {
    let tables = Tables(connection);
    if folded.transaction.is_some() || folded.session.is_some() {
        prepare(
            connection,
            "UPDATE entry SET transaction_key = ?1, session_key = ?2 WHERE seq = ?3",
        )?
        .execute((
            folded.transaction.map(|key| key.0.to_string()),
            folded.session.map(|key| key.0.to_string()),
            number(entry.seq),
        ))?;
    }
    for transaction in &folded.transactions {
        for totals in tables.put_transaction(transaction)? {
            let same =
                |known: &Totals| (known.epoch, known.currency) == (totals.epoch, totals.currency);
            changed.totals.retain(|known| !same(known));
            changed.totals.push(totals);
        }
        changed
            .transactions
            .retain(|known| known.key != transaction.key);
        changed.transactions.push(transaction.clone());
    }
    for session in &folded.sessions {
        tables.put_session(session)?;
        changed.sessions.retain(|known| known.key != session.key);
        changed.sessions.push(session.clone());
    }
    Ok(())
}

/// The order of entries is their number; a clock beyond the year 2262 is not told apart.
fn nanoseconds(at: Timestamp) -> i64 {
    i64::try_from(at.as_nanosecond()).unwrap_or(i64::MAX)
}
