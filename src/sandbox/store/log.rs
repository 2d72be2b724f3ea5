//! Where a commit goes first: into a write-ahead log or, where the file system refuses the shared memory
//! that one needs, into a rollback journal. Either way it is on the disk before its answer leaves.

use std::error::Error;

use rusqlite::{Connection, ffi};

/// How a file's commits survive a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Log {
    WriteAhead,
    Rollback,
}

impl Log {
    /// To be done before the first look into the file. What was left in a write-ahead log can only be
    /// read without shared memory by one who has the file alone.
    pub fn approach(self, connection: &Connection) -> rusqlite::Result<()> {
        match self {
            Self::WriteAhead => Ok(()),
            Self::Rollback => set(connection, "locking_mode", "EXCLUSIVE").map(drop),
        }
    }

    /// Has the file use this log, or the one that it can use, and syncs every commit.
    pub fn begin(self, connection: &Connection) -> rusqlite::Result<()> {
        let mode = match self {
            Self::WriteAhead => set(connection, "journal_mode", "WAL")?,
            Self::Rollback => {
                let mode = set(connection, "journal_mode", "DELETE")?;
                set(connection, "locking_mode", "NORMAL")?;
                mode
            }
        };
        connection.pragma_update(None, "synchronous", level(&mode))?;
        // A change of the log shows in the first look afterwards.
        connection.query_one("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
    }
}

/// The level of `synchronous` under which nothing committed is lost.
fn level(mode: &str) -> &'static str {
    if mode == "wal" { "FULL" } else { "EXTRA" }
}

/// Whether it was the shared memory that failed. Some file systems take the file and refuse to map it.
pub fn is_refused_memory(error: &(dyn Error + 'static)) -> bool {
    let refused = [
        ffi::SQLITE_IOERR_SHMOPEN,
        ffi::SQLITE_IOERR_SHMSIZE,
        ffi::SQLITE_IOERR_SHMLOCK,
        ffi::SQLITE_IOERR_SHMMAP,
    ];
    match error.downcast_ref() {
        Some(rusqlite::Error::SqliteFailure(failure, _)) => {
            refused.contains(&failure.extended_code)
        }
        _ => false,
    }
}

fn set(connection: &Connection, pragma: &str, value: &str) -> rusqlite::Result<String> {
    connection.pragma_update_and_check(None, pragma, value, |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rollback_journal_needs_the_strictest_sync() {
        assert_eq!(level("wal"), "FULL");
        for refused in ["delete", "memory", "off"] {
            assert_eq!(level(refused), "EXTRA", "{refused}");
        }
    }

    #[test]
    fn other_errors_are_not_taken_for_refused_memory() {
        let error = |code| rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        assert!(is_refused_memory(&error(ffi::SQLITE_IOERR_SHMMAP)));
        for other in [
            ffi::SQLITE_FULL,
            ffi::SQLITE_NOTADB,
            ffi::SQLITE_IOERR_FSYNC,
        ] {
            assert!(!is_refused_memory(&error(other)), "{other}");
        }
    }
}
