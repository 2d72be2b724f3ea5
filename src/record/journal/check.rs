//! Whether a journal is sound, for whoever asks without a console.

use std::path::Path;

use uuid::Uuid;

use super::{JournalError, Place, schema};

/// What a look at a journal found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub entries: u64,
    pub transactions: u64,
    /// What the database says of itself: nothing where it is sound.
    pub damage: Option<String>,
}

/// The version of the database library.
pub fn sqlite() -> &'static str {
    rusqlite::version()
}

/// Reads all of it, and changes nothing.
pub fn check(path: &Path) -> Result<Checked, JournalError> {
    let connection = schema::open_reader(&Place::File(path.to_owned()), Uuid::nil())?;
    let said: String = connection.query_row("PRAGMA quick_check(1)", (), |row| row.get(0))?;
    let count = |sql| connection.query_row(sql, (), |row| row.get::<_, i64>(0));
    Ok(Checked {
        entries: count("SELECT count(*) FROM entry")?.unsigned_abs(),
        transactions: count("SELECT count(*) FROM transaction_row")?.unsigned_abs(),
        damage: (said != "ok").then_some(said),
    })
}
