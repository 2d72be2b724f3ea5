//! One lock for each process that writes a journal, so that a call under way in another console is not
//! mistaken for one whose process died.
//!
//! The kernel drops the lock with the process, however it ends.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
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
    /// Also removes what earlier processes left behind: one that ends at once has no time to.
    pub fn begin(journal: &Path, run: Uuid) -> io::Result<Self> {
        remove_left_behind(journal);
        let path = path(journal, run);
        loop {
            let file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .open(&path)?;
            // Another process that tidies up may hold it for a moment, and remove it.
            flock(&file, FlockOperation::LockExclusive)?;
            if is_at(&file, &path)? {
                return Ok(Self { path, _file: file });
            }
        }
    }
}

fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(found) => Ok(found.ino() == file.metadata()?.ino()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// What cannot be removed now does no harm.
fn remove_left_behind(journal: &Path) {
    for run in runs(journal) {
        is_over(journal, run);
    }
}

/// The runs that have a file, dead ones among them.
fn runs(journal: &Path) -> Vec<Uuid> {
    let nobodys = path(journal, Uuid::nil());
    let (Some(folder), Some(name)) = (nobodys.parent(), nobodys.file_name()) else {
        return vec![];
    };
    let name = name.to_string_lossy();
    let beginning = name.trim_end_matches(&Uuid::nil().to_string());
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let run = |entry: fs::DirEntry| {
        let name = entry.file_name();
        name.to_str()?.strip_prefix(beginning)?.parse().ok()
    };
    entries.filter_map(run).collect()
}

/// Writes down where this run's [bell](super::bell) is.
pub fn name_bell(journal: &Path, run: Uuid, port: u16) -> io::Result<()> {
    fs::write(path(journal, run), port.to_string())
}

/// The bells of all living runs but this one.
pub fn bells_of_others(journal: &Path, own: Uuid) -> impl Iterator<Item = u16> {
    let others = runs(journal).into_iter().filter(move |run| *run != own);
    let living = others.filter(|run| !is_over(journal, *run));
    living.filter_map(|run| fs::read_to_string(path(journal, run)).ok()?.parse().ok())
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
    // A file that was removed and made anew belongs to a process that just begins.
    let is_nobodys = flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok()
        && is_at(&file, &path).unwrap_or(false);
    if is_nobodys {
        let _ = fs::remove_file(&path);
    }
    is_nobodys
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
    fn the_next_process_removes_what_dead_ones_left_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.db");
        let living = Run::begin(&journal, Uuid::from_u128(1)).unwrap();
        let dead = path(&journal, Uuid::from_u128(2));
        let others = [
            folder.path().join("journal.db-run-notes.txt"),
            path(&folder.path().join("other.db"), Uuid::from_u128(3)),
        ];
        for file in others.iter().chain([&dead]) {
            fs::write(file, "").unwrap();
        }

        let next = Run::begin(&journal, Uuid::from_u128(4)).unwrap();
        assert!(!dead.exists());
        assert!(living.path.exists() && next.path.exists());
        assert!(others.iter().all(|file| file.exists()));
    }

    /// A file that is removed between its making and its lock would let a living run pass for a dead one.
    #[test]
    fn runs_that_begin_at_once_are_all_found_living() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.db");
        for round in 0..50 {
            let held: Vec<_> = std::thread::scope(|scope| {
                let begin = |run| Run::begin(&journal, Uuid::from_u128(run)).unwrap();
                let runs: Vec<_> = (0..4)
                    .map(|run| scope.spawn(move || begin(10 * round + run)))
                    .collect();
                runs.into_iter().map(|run| run.join().unwrap()).collect()
            });
            assert!(held.iter().all(|run| run.path.exists()));
            assert!((0..4).all(|run| !is_over(&journal, Uuid::from_u128(10 * round + run))));
        }
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
