//! Opens the database: private from its first byte, of a version we know, with the settings under
//! which what was acknowledged survives a power cut.

use std::error::Error;
use std::fmt;
use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, MAIN_DB};
use uuid::Builder;

use super::log::{self, Log};
use crate::clock;
use crate::exchange::Epoch;

/// The tables, version by version: what is done to a file of the version before. Never to be changed,
/// only added to.
const STEPS: [&str; 4] = [
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
];
/// The version of the tables.
const VERSION: i64 = STEPS.len().cast_signed() as i64;
/// `BNGO`: marks the file as a sandbox's.
const APPLICATION: i64 = 0x424e_474f;
/// Before 3.51.3 two connections could damage a database in WAL mode.
const OLDEST_SQLITE: i32 = 3_051_003;

/// Where the sandbox keeps what it knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// Gone with the process.
    Memory,
    File(PathBuf),
}

/// How to open it.
#[derive(Clone, Debug)]
pub struct Settings {
    pub database: Database,
    /// Fixed with a new database. An old one keeps its own, and another is refused.
    pub seed: Option<u64>,
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("the database in memory"),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// Why a database was not opened. The messages follow its name.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot be created: {0}")]
    Create(#[source] io::Error),
    #[error("cannot be opened: {0}")]
    Database(#[source] Box<dyn Error + Send + Sync>),
    #[error("cannot be written; make it writable, or use another file")]
    ReadOnly,
    #[error("is not a sandbox's database; name another with --database")]
    Foreign,
    #[error(
        "has version {found}, and this program knows versions up to {VERSION}; use a newer bango"
    )]
    Newer { found: i64 },
    #[error("is not safe with SQLite {found}: 3.51.3 is the oldest that damages nothing")]
    OldSqlite { found: &'static str },
    #[error(
        "already has the seed {has}, not {asked}; leave --seed out, or name another with --database"
    )]
    OtherSeed { has: u64, asked: u64 },
    #[error("has nobody to write it, the thread cannot be started: {0}")]
    Thread(#[source] io::Error),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(Box::new(error))
    }
}

/// What the database knows of itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meta {
    pub seed: u64,
    /// Was the seed asked for, so that even tokens have to come out the same?
    pub seed_given: bool,
    pub epoch: Epoch,
    /// The port of the last time.
    pub port: Option<u16>,
}

/// An open database, before its writer has it.
pub struct OpenDatabase {
    pub(super) connection: Connection,
    pub(super) meta: Meta,
}

impl OpenDatabase {
    pub const fn epoch(&self) -> Epoch {
        self.meta.epoch
    }

    /// What its ids are made of.
    pub const fn seed(&self) -> u64 {
        self.meta.seed
    }

    /// The port on which it was served the last time.
    pub const fn last_port(&self) -> Option<u16> {
        self.meta.port
    }

    /// Remembers the port for the next time.
    pub fn keep_port(&mut self, port: u16) -> Result<(), OpenError> {
        if self.meta.port != Some(port) {
            self.connection
                .execute("UPDATE meta SET port = ?1", [port])?;
            self.meta.port = Some(port);
        }
        Ok(())
    }
}

/// Makes the folder of a database file, for its owner only, where it is missing.
pub fn create_folder(file: &Path) -> Result<(), OpenError> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(OpenError::Create),
        _ => Ok(()),
    }
}

pub fn open(settings: &Settings) -> Result<OpenDatabase, OpenError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        let found = rusqlite::version();
        return Err(OpenError::OldSqlite { found });
    }
    let connection = match connect(&settings.database, Log::WriteAhead) {
        Err(OpenError::Database(error)) if log::is_refused_memory(error.as_ref()) => {
            connect(&settings.database, Log::Rollback)?
        }
        connection => connection?,
    };
    // A table that is made anew must not take with it what refers to it.
    lift(&connection, settings.seed)?;
    connection.execute_batch("PRAGMA foreign_keys = ON;")?;
    let meta = read_meta(&connection)?;
    match settings.seed {
        Some(asked) if asked != meta.seed => Err(OpenError::OtherSeed {
            has: meta.seed,
            asked,
        }),
        _ => Ok(OpenDatabase { connection, meta }),
    }
}

fn connect(database: &Database, log: Log) -> Result<Connection, OpenError> {
    let connection = match database {
        Database::Memory => Connection::open_in_memory()?,
        Database::File(path) => {
            create_folder(path)?;
            create_private(path).map_err(OpenError::Create)?;
            Connection::open(path)?
        }
    };
    connection.execute_batch(
        "PRAGMA busy_timeout = 5000;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA mmap_size = 0;
         PRAGMA foreign_keys = OFF;",
    )?;
    check_writable(&connection)?;
    log.approach(&connection)?;
    check_ours(&connection)?;
    connection.execute_batch(
        "PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;",
    )?;
    log.begin(&connection)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Makes the file, empty and for its owner only, before SQLite opens it: SQLite gives its companions
/// the same mode. An existing file is not opened here, which would drop SQLite's locks on it.
fn create_private(path: &Path) -> io::Result<()> {
    let created = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match created {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

pub(super) fn check_ours(connection: &Connection) -> Result<(), OpenError> {
    let application: i64 = connection.query_one("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 =
        connection.query_one("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let found = read_version(connection)?;
    if application != APPLICATION && (tables > 0 || found > 0) {
        return Err(OpenError::Foreign);
    }
    if found > VERSION {
        return Err(OpenError::Newer { found });
    }
    Ok(())
}

/// SQLite opens what it cannot write for reading only: every call would then fail, one by one.
fn check_writable(connection: &Connection) -> Result<(), OpenError> {
    if connection.is_readonly(MAIN_DB)? {
        return Err(OpenError::ReadOnly);
    }
    Ok(())
}

fn read_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_one("PRAGMA user_version", [], |row| row.get(0))
}

/// Brings the tables to this version, all at once: those of an empty file, too.
fn lift(connection: &Connection, seed: Option<u64>) -> Result<(), OpenError> {
    let found = read_version(connection)?;
    if found == VERSION {
        return Ok(());
    }
    let transaction = connection.unchecked_transaction()?;
    for step in STEPS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    if found == 0 {
        transaction.execute(
            "INSERT INTO meta (only_row, seed, seed_given, epoch) VALUES (1, ?1, ?2, ?3)",
            (
                seed.unwrap_or_else(clock::random_seed).cast_signed(),
                seed.is_some(),
                new_epoch().0.to_string(),
            ),
        )?;
    }
    transaction.execute_batch(&format!(
        "PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};"
    ))?;
    transaction.commit()?;
    Ok(())
}

/// A life that nobody has lived yet.
pub(super) fn new_epoch() -> Epoch {
    Epoch(Builder::from_random_bytes(clock::random_bytes()).into_uuid())
}

pub(super) fn read_meta(connection: &Connection) -> Result<Meta, OpenError> {
    let sql = "SELECT seed, seed_given, epoch, port FROM meta";
    let (seed, seed_given, epoch, port) = connection.query_one(sql, [], |row| {
        let (seed, epoch): (i64, String) = (row.get(0)?, row.get(2)?);
        Ok((seed, row.get(1)?, epoch, row.get(3)?))
    })?;
    Ok(Meta {
        seed: seed.cast_unsigned(),
        seed_given,
        epoch: Epoch(
            epoch
                .parse()
                .map_err(|error| OpenError::Database(Box::new(error)))?,
        ),
        port,
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::OpenFlags;

    use super::*;

    /// Whoever runs the tests may be allowed to write everything, so the file's permissions are not asked.
    #[test]
    fn what_can_only_be_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sandbox.db");
        let writable = Connection::open(&path).unwrap();
        writable.execute_batch("CREATE TABLE t (a)").unwrap();
        assert!(check_writable(&writable).is_ok());

        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let read_only = Connection::open_with_flags(&path, flags).unwrap();
        let refused = check_writable(&read_only).unwrap_err();
        assert!(matches!(refused, OpenError::ReadOnly));
    }
}
