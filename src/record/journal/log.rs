//! Where a commit goes first: into a write-ahead log or, where the file system refuses the shared memory
//! that one needs (FUSE, 9p and virtiofs mounts do), into a rollback journal.

use rusqlite::{Connection, Error, ffi};

use super::Sync;

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

    /// Has the file use this log, and tells which one it uses. A file that was refused shared memory once
    /// keeps its rollback journal: to try again would take it from another process that has it open.
    pub fn begin(self, connection: &Connection, is_new: bool) -> rusqlite::Result<Self> {
        match self {
            Self::WriteAhead if is_new => {
                set(connection, "journal_mode", "WAL").map(|mode| Self::of(&mode))
            }
            Self::WriteAhead => connection
                .pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0))
                .map(|mode| Self::of(&mode)),
            Self::Rollback => {
                set(connection, "journal_mode", "DELETE")?;
                set(connection, "locking_mode", "NORMAL")?;
                Ok(Self::Rollback)
            }
        }
    }

    fn of(mode: &str) -> Self {
        if mode == "wal" {
            Self::WriteAhead
        } else {
            Self::Rollback
        }
    }

    /// Brings all of the log into the file, and leaves nothing of it behind.
    pub fn empty(self, connection: &Connection) -> rusqlite::Result<()> {
        match self {
            Self::WriteAhead => {
                connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
            }
            // It is emptied by every commit.
            Self::Rollback => Ok(()),
        }
    }

    /// The level of `synchronous` for a commit. Of a rollback journal less than `EXTRA` loses commits,
    /// and can damage the file.
    pub const fn level(self, sync: Sync) -> &'static str {
        match (self, sync) {
            (Self::Rollback, _) => "EXTRA",
            (Self::WriteAhead, Sync::Full) => "FULL",
            (Self::WriteAhead, Sync::Batch) => "NORMAL",
        }
    }
}

/// Whether it was the shared memory that failed. Some file systems take the file and refuse to map it.
pub fn is_refused_memory(error: &Error) -> bool {
    let refused = [
        ffi::SQLITE_IOERR_SHMOPEN,
        ffi::SQLITE_IOERR_SHMSIZE,
        ffi::SQLITE_IOERR_SHMLOCK,
        ffi::SQLITE_IOERR_SHMMAP,
    ];
    match error {
        Error::SqliteFailure(failure, _) => refused.contains(&failure.extended_code),
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
    fn only_a_write_ahead_log_may_leave_a_sync_for_later() {
        assert_eq!(Log::of("wal"), Log::WriteAhead);
        for refused in ["delete", "memory", "off"] {
            let log = Log::of(refused);
            assert_eq!(
                [Sync::Full, Sync::Batch].map(|sync| log.level(sync)),
                ["EXTRA"; 2]
            );
        }
        assert_eq!(Log::WriteAhead.level(Sync::Full), "FULL");
        assert_eq!(Log::WriteAhead.level(Sync::Batch), "NORMAL");
    }

    #[test]
    fn other_errors_are_not_taken_for_refused_memory() {
        let error = |code| Error::SqliteFailure(ffi::Error::new(code), None);
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
