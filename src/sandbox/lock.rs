//! One sandbox per database: a lock beside the file, which says who holds it and where they listen.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A held lock. The system releases it with the process at the latest.
#[derive(Debug)]
pub struct Lock(File);

/// Who holds a lock, as they wrote it down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub process: u32,
    pub address: SocketAddr,
    pub run: Uuid,
}

/// Why there is no lock.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// `None` while the holder has not yet written down who it is.
    #[error("somebody else holds the lock")]
    Held(Option<Holder>),
    #[error("its lock file {} cannot be used: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
}

/// `sandbox.lock` for `sandbox.db`. A file of its own: SQLite's locks do not bear a second handle on
/// the database.
pub fn path_beside(database: &Path) -> PathBuf {
    database.with_extension("lock")
}

impl Lock {
    pub fn take(path: &Path) -> Result<Self, LockError> {
        let failed = |source| LockError::File {
            path: path.to_owned(),
            source,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {
                // What an earlier holder wrote is not true any more.
                file.set_len(0).map_err(failed)?;
                Ok(Self(file))
            }
            Err(Errno::WOULDBLOCK) => {
                let mut text = String::new();
                let read = file.read_to_string(&mut text);
                let holder = read.ok().and_then(|_| serde_json::from_str(&text).ok());
                Err(LockError::Held(holder))
            }
            Err(error) => Err(failed(error.into())),
        }
    }

    /// Writes down who holds it.
    pub fn name(&mut self, holder: &Holder) -> io::Result<()> {
        let text = serde_json::to_string(holder).expect("a holder is always JSON");
        self.0.rewind()?;
        self.0.set_len(0)?;
        self.0.write_all(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_lock_is_told_who_holds_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = path_beside(&folder.path().join("sandbox.db"));
        assert_eq!(path.file_name().unwrap(), "sandbox.lock");

        let mut lock = Lock::take(&path).unwrap();
        assert!(matches!(Lock::take(&path), Err(LockError::Held(None))));
        let holder = Holder {
            process: 42,
            address: ([127, 0, 0, 1], 2646).into(),
            run: Uuid::nil(),
        };
        lock.name(&holder).unwrap();
        let Err(LockError::Held(found)) = Lock::take(&path) else {
            panic!("two locks at once");
        };
        assert_eq!(found, Some(holder));

        drop(lock);
        Lock::take(&path).unwrap();
    }
}
