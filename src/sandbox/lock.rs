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
    /// Of the database; nobody else can look while it is held.
    #[serde(default)]
    pub seed: Option<u64>,
}

/// More bytes than a holder writes.
const HOLDER: usize = 1024;

/// Why there is no lock.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// `None` while the holder has not yet written down who it is.
    #[error("somebody else holds the lock")]
    Held(Option<Holder>),
    #[error("its lock file {} cannot be used: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("its lock file would be {}, which another program wrote; name another database with --database", path.display())]
    Foreign { path: PathBuf },
}

/// `sandbox.lock` for `sandbox.db`, and `NAME.lock` for any other name. A file of its own: SQLite's locks
/// do not bear a second handle on the database.
pub fn path_beside(database: &Path) -> PathBuf {
    if database
        .extension()
        .is_some_and(|extension| extension == "db")
    {
        return database.with_extension("lock");
    }
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    name.into()
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
            Ok(()) if !is_ours(&mut file).map_err(failed)? => Err(LockError::Foreign {
                path: path.to_owned(),
            }),
            Ok(()) => {
                // What an earlier holder wrote is not true any more.
                file.set_len(0).map_err(failed)?;
                Ok(Self(file))
            }
            Err(Errno::WOULDBLOCK) => {
                let text = beginning(&mut file).unwrap_or_default();
                Err(LockError::Held(serde_json::from_slice(&text).ok()))
            }
            Err(error) => Err(failed(error.into())),
        }
    }

    /// Who holds it, without taking it.
    pub fn holder(path: &Path) -> Option<Holder> {
        let mut file = File::open(path).ok()?;
        match flock(&file, FlockOperation::NonBlockingLockShared) {
            Err(Errno::WOULDBLOCK) => {
                serde_json::from_slice(&beginning(&mut file).unwrap_or_default()).ok()
            }
            _ => None,
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

/// Whether a file is empty or was written by a holder, which a power cut may have turned into zeros.
fn is_ours(file: &mut File) -> io::Result<bool> {
    let text = beginning(file)?;
    let is_holder = serde_json::from_slice::<Holder>(&text).is_ok();
    let is_zeros = text.len() < HOLDER && text.iter().all(|&byte| byte == 0);
    Ok(is_holder || is_zeros)
}

fn beginning(file: &mut File) -> io::Result<Vec<u8>> {
    let mut text = vec![];
    file.take(HOLDER as u64).read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_never_its_database() {
        let beside = |database: &str| path_beside(Path::new(database)).display().to_string();
        assert_eq!(beside("/data/sandbox.db"), "/data/sandbox.lock");
        assert_eq!(beside("/data/sandbox"), "/data/sandbox.lock");
        assert_eq!(beside("/data/sandbox.lock"), "/data/sandbox.lock.lock");
        assert_eq!(beside("/data/a.sqlite"), "/data/a.sqlite.lock");
    }

    #[test]
    fn only_what_a_holder_wrote_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Cargo.lock");
        for foreign in [
            "version = 4\n",
            "{}",
            &"\0".repeat(2000),
            "SQLite format 3\0",
        ] {
            std::fs::write(&path, foreign).unwrap();
            let taken = Lock::take(&path);
            assert!(
                matches!(taken, Err(LockError::Foreign { .. })),
                "{foreign:?}"
            );
            assert_eq!(std::fs::read_to_string(&path).unwrap(), foreign);
        }
        std::fs::write(&path, "\0".repeat(90)).unwrap();
        Lock::take(&path).unwrap();
    }

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
            seed: Some(7),
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
