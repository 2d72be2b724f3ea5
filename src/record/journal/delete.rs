//! One payment goes because the user wants it gone, with every entry that belongs to it.
//!
//! What is deleted is overwritten in the file. A remark says that something went, and not what. Nothing
//! that the sandbox reports twice brings it back.

use rusqlite::Connection;
use uuid::{Builder, Uuid};

use super::{JournalError, append, number, prepare, read, retention::unit::Unit, rows::Tables};
use crate::{
    clock::{self, Clock},
    record::{
        Kind, NewEntry, Recorded, Seq, TransactionKey,
        entry::{About, Remark},
        fold::Rows as _,
    },
};

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
    unit.remove(connection)?;
    forget_remarks(connection, &unit)?;
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
    let counted = |count: u64, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    };
    let also = if identifications > 0 {
        format!(
            " and {}",
            counted(identifications, "identification", "identifications")
        )
    } else {
        String::new()
    };
    format!(
        "deleted {}{also}: {}",
        counted(payments, "payment", "payments"),
        counted(entries, "entry", "entries"),
    )
}

/// Keeps how far the reports of a run were recorded: one that is told again must not come back.
fn remember_report(connection: &Connection, seq: Seq) -> Result<(), JournalError> {
    let mut statement = prepare(connection, "SELECT key FROM entry WHERE seq = ?1")?;
    let mut rows = statement.query([number(seq)])?;
    let Some(row) = rows.next()? else {
        return Ok(());
    };
    let key: String = row.get(0)?;
    let Some((run, _)) = report(&key) else {
        return Ok(());
    };
    let heard = read::last_report(connection, run)?;
    Tables(connection).remember(&name(run), &heard.to_string())
}

/// Whether a report was recorded once and deleted since.
pub fn was_deleted(connection: &Connection, key: &str) -> Result<bool, JournalError> {
    let Some((run, number)) = report(key) else {
        return Ok(false);
    };
    Ok(number <= heard(connection, run)?)
}

/// How far the reports of a run were recorded when some of them were deleted.
pub fn heard(connection: &Connection, run: Uuid) -> Result<u64, JournalError> {
    let kept = read::meta(connection, &name(run))?;
    Ok(kept.and_then(|kept| kept.parse().ok()).unwrap_or(0))
}

fn name(run: Uuid) -> String {
    format!("heard.{run}")
}

/// The run and the number in a report's key.
fn report(key: &str) -> Option<(Uuid, u64)> {
    let (run, number) = key.strip_prefix("seen:")?.split_once(':')?;
    Some((run.parse().ok()?, number.parse().ok()?))
}

/// What people remarked on it goes along.
fn forget_remarks(connection: &Connection, unit: &Unit) -> Result<(), JournalError> {
    let mut found = vec![];
    let mut statement = prepare(
        connection,
        "SELECT seq, key, at, epoch, kind, payload FROM entry WHERE kind = 'remark'",
    )?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let entry = read::light_entry(row)?;
        let Kind::Remark(remark) = entry.kind else {
            continue;
        };
        let goes = match remark.about {
            Some(About::Entry(seq)) => unit.entries().any(|gone| gone == seq),
            Some(About::Transaction(key)) => unit.transactions().contains(&key),
            Some(About::Deleted(_)) | None => false,
        };
        if goes {
            found.push(entry.seq);
        }
    }
    for seq in found {
        prepare(connection, "DELETE FROM entry WHERE seq = ?1")?.execute([number(seq)])?;
        Tables(connection).drop_line_facts(seq)?;
    }
    Ok(())
}
