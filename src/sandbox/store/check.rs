//! Whether a database is sound, for whoever asks without serving it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::OpenError;
use super::open::check_ours;

/// What a look at a database found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub payments: u64,
    pub payers: u64,
    /// What the database says of itself: nothing where it is sound.
    pub damage: Option<String>,
}

/// Reads all of it, and changes nothing. It may be served meanwhile.
pub fn check(path: &Path) -> Result<Checked, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.execute_batch("PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF;")?;
    check_ours(&connection)?;
    let said: String = connection.query_row("PRAGMA quick_check(1)", (), |row| row.get(0))?;
    let count = |sql| connection.query_row(sql, (), |row| row.get::<_, i64>(0));
    Ok(Checked {
        payments: count("SELECT count(*) FROM payment")?.unsigned_abs(),
        payers: count("SELECT count(*) FROM payer")?.unsigned_abs(),
        damage: (said != "ok").then_some(said),
    })
}
