//! One lock for each process that writes a journal, so that a call under way in another console is not
//! mistaken for one whose process died.
//!
//! The kernel drops the lock with the process, however it ends.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use rustix::fs::{FlockOperation, flock};
use uuid::Uuid;

/// The lock of this process's run. Its file goes with it.
#[derive(Debug)]
pub struct Run {
    path: PathBuf,
    /// Held open: closing it ends the run.
    _file: File,
}

impl Run {
    pub fn begin(journal: &Path, run: Uuid) -> io::Result<Self> {
        let path = path(journal, run);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)?;
        flock(&file, FlockOperation::NonBlockingLockExclusive)?;
        Ok(Self { path, _file: file })
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether the process of a run is gone. Removes what a dead one left behind. In doubt it lives.
pub fn is_over(journal: &Path, run: Uuid) -> bool {
    let path = path(journal, run);
    let file = match OpenOptions::new().write(true).open(&path) {
        Ok(file) => file,
        Err(error) => return error.kind() == io::ErrorKind::NotFound,
    };
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {
            let _ = fs::remove_file(&path);
            true
        }
        Err(_) => false,
    }
}

fn path(journal: &Path, run: Uuid) -> PathBuf {
    let mut name = journal.as_os_str().to_owned();
    name.push(format!("-run-{run}"));
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_over_when_its_lock_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.db");
        let run = Uuid::from_u128(1);
        let held = Run::begin(&journal, run).unwrap();
        assert!(!is_over(&journal, run));
        drop(held);
        assert!(is_over(&journal, run));
        assert!(is_over(&journal, Uuid::from_u128(2)));
    }

    #[test]
    fn what_a_killed_process_left_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.db");
        let run = Uuid::from_u128(1);
        let left = path(&journal, run);
        fs::write(&left, "").unwrap();
        assert!(is_over(&journal, run));
        assert!(!left.exists());
    }
}
