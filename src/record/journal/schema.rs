//! The journal's file: made owner-only, opened with care, refused when it is from a later version.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
    thread,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};
use uuid::Uuid;

use super::{
    JournalError, Place,
    log::{self, Log},
};
use crate::clock::Stopwatch;

/// The file's format. A change to the tables raises it.
pub const FORMAT: i64 = 2;

/// The version of the fold. A change to what the folds make of the same entries raises it, and the rows
/// of an older one are made anew.
pub const FOLD: &str = "6";

/// How long another process is waited for, and after which pause it is tried again.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(10);

/// Opens for writing, making what is not there yet. Where several processes make it at once, SQLite may refuse
/// one without waiting, since to wait inside it could be a deadlock.
pub fn open(place: &Place, run: Uuid) -> Result<(Connection, Log), JournalError> {
    let watch = Stopwatch::start();
    loop {
        match open_now(place, run) {
            Err(JournalError::Database(error))
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && u128::from(watch.micros()) < PATIENCE.as_micros() =>
            {
                thread::sleep(PAUSE);
            }
            opened => return opened,
        }
    }
}

fn open_now(place: &Place, run: Uuid) -> Result<(Connection, Log), JournalError> {
    match open_with(Log::WriteAhead, place, run) {
        Err(JournalError::Database(error)) if log::is_refused_memory(&error) => {
            open_with(Log::Rollback, place, run)
        }
        opened => opened,
    }
}

fn open_with(wanted: Log, place: &Place, run: Uuid) -> Result<(Connection, Log), JournalError> {
    let mut connection = match place {
        Place::File(path) => {
            make_owner_only(path).map_err(|error| JournalError::folder(path, error))?;
            Connection::open(path)?
        }
        Place::Memory => Connection::open_with_flags(memory(run), flags(false))?,
    };
    connection.busy_timeout(PATIENCE)?;
    wanted.approach(&connection)?;
    check_format(&connection)?;
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
    let is_new = pages == 0;
    if is_new {
        // Pages that are no longer needed can be given back in small steps.
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    let log = wanted.begin(&connection, is_new)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // What is deleted is not to be found in the file by whoever looks for it.
    connection.pragma_update(None, "secure_delete", true)?;
    // Where a plain sync does not reach the platter.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    make_tables(&mut connection)?;
    Ok((connection, log))
}

/// Opens for reading beside the writer.
pub fn open_reader(place: &Place, run: Uuid) -> Result<Connection, JournalError> {
    let connection = match place {
        Place::File(path) => Connection::open_with_flags(path, flags(true))?,
        Place::Memory => Connection::open_with_flags(memory(run), flags(true))?,
    };
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    check_format(&connection)?;
    Ok(connection)
}

/// A database that lives as long as somebody has it open, and is found by its name.
fn memory(run: Uuid) -> String {
    format!("file:/journal-{run}?vfs=memdb")
}

fn flags(read_only: bool) -> OpenFlags {
    let access = if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    access | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// The database's helpers take its permissions, so it has to have them before it is opened.
fn make_owner_only(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let made = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Ok(_) => Ok(()),
        // Never opened here: closing it would drop the database's locks of this process.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::set_permissions(path, fs::Permissions::from_mode(0o600))
        }
        Err(error) => Err(error),
    }
}

fn check_format(connection: &Connection) -> Result<(), JournalError> {
    let format: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if format <= FORMAT {
        return Ok(());
    }
    let needs = connection
        .query_row("SELECT value FROM meta WHERE name = 'needs'", (), |row| {
            row.get(0)
        })
        .optional()
        .unwrap_or_default();
    Err(JournalError::Newer {
        needs: needs.unwrap_or_else(|| "a later one".to_owned()),
    })
}

fn make_tables(connection: &mut Connection) -> Result<(), JournalError> {
    let transaction = super::begin(connection)?;
    let format: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if format == 0 {
        transaction.execute_batch(include_str!("schema.sql"))?;
        let facts = [
            ("needs", ""),
            ("fold", FOLD),
            ("transactions", "0"),
            ("sessions", "0"),
            ("removed", "0"),
        ];
        for (name, value) in facts {
            transaction.execute("INSERT INTO meta VALUES (?1, ?2)", (name, value))?;
        }
    }
    if format < 2 {
        // Empty until the rows are made anew, which the version of their fold brings about.
        transaction.execute_batch(include_str!("facet.sql"))?;
    }
    if format < FORMAT {
        transaction.execute(
            "UPDATE meta SET value = ?1 WHERE name = 'needs'",
            [env!("CARGO_PKG_VERSION")],
        )?;
        transaction.pragma_update(None, "user_version", FORMAT)?;
    }
    transaction.commit()?;
    Ok(())
}
