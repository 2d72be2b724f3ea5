//! One payment goes because the user wants it gone, with every entry that belongs to it.
//!
//! What is deleted is overwritten in the file. A remark says that something went, and not what. A report
//! of the sandbox that is told again does not bring it back: its key, which names a run and a number, is
//! all that is kept of it.

use rusqlite::{Connection, OptionalExtension as _};
use uuid::{Builder, Uuid};

use super::{
    JournalError, append, number, prepare, read,
    retention::{
        gone::counted,
        unit::{Unit, remove_entry},
    },
    rows::Tables,
};
use crate::{
    clock::{self, Clock},
    record::{
        NewEntry, Recorded, Seq, TransactionKey,
        entry::{About, Remark},
        fold::Rows as _,
    },
};

/// What the names of deleted reports begin with, where small facts are kept.
const DELETED: &str = "deleted ";

/// Deletes it, and tells of the remark that says so.
pub fn delete(
    connection: &Connection,
    key: TransactionKey,
    run: Uuid,
    clock: &Clock,
) -> Result<Recorded, JournalError> {
    let payment = Tables(connection).transaction(key)?;
    let unit = Unit::of_payment(connection, key)?;
    let (Some(payment), Some(unit)) = (payment, unit) else {
        return Err(JournalError::NoSuchPayment);
    };
    if unit.is_under_way(connection)? {
        return Err(JournalError::UnderWay);
    }
    for seq in unit.entries() {
        remember_report(connection, seq)?;
    }
    for seq in unit.remarks(connection)? {
        remove_entry(connection, seq)?;
    }
    unit.remove(connection)?;
    let remark = Remark {
        id: Builder::from_random_bytes(clock::random_bytes()).into_uuid(),
        about: Some(About::Deleted(key)),
        text: words(unit.sizes()),
    };
    let entry = NewEntry::remark(clock.now(), payment.epoch, remark);
    append::append_all(connection, vec![entry], run, clock)
}

/// One sentence for people, without its full stop.
fn words((payments, identifications, entries): (u64, u64, u64)) -> String {
    let payments = counted(payments, "payment", "payments");
    let entries = counted(entries, "entry", "entries");
    let also = match identifications {
        0 => String::new(),
        count => format!(
            " and {}",
            counted(count, "identification", "identifications")
        ),
    };
    format!("deleted {payments}{also}: {entries}")
}

fn remember_report(connection: &Connection, seq: Seq) -> Result<(), JournalError> {
    let key: Option<String> = prepare(connection, "SELECT key FROM entry WHERE seq = ?1")?
        .query_row([number(seq)], |row| row.get(0))
        .optional()?;
    match key.filter(|key| key.starts_with("seen:")) {
        Some(key) => Tables(connection).remember(&format!("{DELETED}{key}"), ""),
        None => Ok(()),
    }
}

/// Whether a report was recorded once and deleted since.
pub fn was_deleted(connection: &Connection, key: &str) -> Result<bool, JournalError> {
    Ok(key.starts_with("seen:") && read::meta(connection, &format!("{DELETED}{key}"))?.is_some())
}

/// The latest report of a run that was deleted; 0 where none was.
pub fn last_report(connection: &Connection, run: Uuid) -> Result<u64, JournalError> {
    // `;` is the character after `:`.
    let (from, to) = (
        format!("{DELETED}seen:{run}:"),
        format!("{DELETED}seen:{run};"),
    );
    let sql = "SELECT max(CAST(substr(name, length(?1) + 1) AS INTEGER)) FROM meta
               WHERE name > ?1 AND name < ?2";
    let last: Option<i64> = prepare(connection, sql)?.query_row((&from, &to), |row| row.get(0))?;
    Ok(last.unwrap_or(0).unsigned_abs())
}
