//! The sandbox's memory: SQLite behind one writer thread.
//!
//! Commands are coarse (one per request) and nothing of SQL crosses this edge. A command runs in a
//! savepoint, many share one transaction, and its answer leaves only after their COMMIT. What a request
//! decides is the engine's; here it is loaded, kept and found again.

mod check;
mod checksum;
mod commands;
mod ids;
mod ledger;
mod lists;
mod log;
mod movements;
mod open;
mod outbox;
mod payments;
mod reset;
mod sessions;
mod stubs;
mod visits;
mod writer;

#[cfg(test)]
mod tests;

use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{mpsc, oneshot};

pub use check::{Checked, check};
pub use commands::Replied;
use ledger::Ledger;
pub use lists::{Listed, Stretch};
pub use open::{Database, OpenDatabase, OpenError, Settings, create_folder, open};
pub use outbox::{Fate, Letter};
pub use stubs::Stubbed;
pub use visits::{End, Ended, Submitted};
use writer::Job;

use super::engine::Rules;
use crate::clock::Clock;
use crate::exchange::Epoch;

/// Commands that may wait for the writer before their senders have to wait, too.
const QUEUE: usize = 1024;

/// Whose payers and payments: the name in the credentials. Nobody sees another's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Merchant(pub String);

/// A handle to the store. The writer thread ends with the last clone.
#[derive(Clone)]
pub struct Store {
    jobs: mpsc::Sender<Job>,
    epoch: CurrentEpoch,
    /// What the addresses of the payer's pages begin with.
    pages: Arc<str>,
}

/// The life that a database is in: another one after each reset. Clones see the same.
#[derive(Clone, Debug)]
pub struct CurrentEpoch(Arc<Mutex<Epoch>>);

impl CurrentEpoch {
    pub fn get(&self) -> Epoch {
        *self.lock()
    }

    fn set(&self, epoch: Epoch) {
        *self.lock() = epoch;
    }

    fn lock(&self) -> MutexGuard<'_, Epoch> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a command was not carried out. Nothing of it was kept.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    #[error("read or write the database")]
    Database(#[source] Arc<dyn Error + Send + Sync>),
    #[error("trust row {number} of the table {table}: its checksum is wrong")]
    Damaged { table: &'static str, number: i64 },
    #[error("carry out the command: it panicked")]
    Panicked,
    #[error("reach the store: it has stopped")]
    Stopped,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

/// A store that was started, with what goes along with it.
pub struct Running {
    pub store: Store,
    pub writer: Writer,
    pub expired: Expired,
    /// Notifications that an earlier run left undelivered.
    pub waiting: Vec<Letter>,
}

/// The writer thread, to be waited for once every [`Store`] is gone.
pub struct Writer(std::thread::JoinHandle<()>);

impl Writer {
    /// Waits until everything accepted is kept and the file is closed. Blocks.
    pub fn join(self) {
        // A panic of the thread was reported where it happened.
        let _ = self.0.join();
    }
}

/// What has expired, in batches, each payment once and after the commit that ended it.
pub type Expired = mpsc::UnboundedReceiver<Vec<End>>;

impl Store {
    /// Starts the writer of an opened database. `guard` is held until the file is closed.
    pub fn start(
        opened: OpenDatabase,
        rules: Rules,
        clock: Clock,
        guard: impl Send + 'static,
    ) -> Result<Running, OpenError> {
        let epoch = opened.epoch();
        let ledger = Ledger::new(opened, rules, clock);
        let waiting = ledger
            .waiting_letters()
            .map_err(|error| OpenError::Database(Box::new(error)))?;
        let (sender, receiver) = mpsc::channel(QUEUE);
        let (ends, expired) = mpsc::unbounded_channel();
        let thread = std::thread::Builder::new()
            .name("sandbox-store".to_owned())
            .spawn(move || {
                writer::serve(&ledger, receiver, &ends);
                drop(ledger);
                drop(guard);
            })
            .map_err(OpenError::Thread)?;
        let store = Self {
            jobs: sender,
            epoch: CurrentEpoch(Arc::new(Mutex::new(epoch))),
            pages: Arc::from(""),
        };
        Ok(Running {
            store,
            writer: Writer(thread),
            expired,
            waiting,
        })
    }

    /// The same store for a server whose payer's pages begin with `pages`.
    #[must_use]
    pub fn with_pages(self, pages: &str) -> Self {
        Self {
            pages: Arc::from(pages),
            ..self
        }
    }

    /// The life that the database is in.
    pub fn epoch(&self) -> Epoch {
        self.epoch.get()
    }

    /// The same for whoever does not keep the store alive.
    pub fn current_epoch(&self) -> CurrentEpoch {
        self.epoch.clone()
    }

    /// Has the writer carry out `command`, and waits for its commit. A caller that goes away does not
    /// stop it.
    async fn run<T, F>(&self, command: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Ledger) -> Result<T, StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |ledger| {
            let outcome = ledger.and_then(|ledger| ledger.in_savepoint(command));
            Box::new(move |committed| {
                // The one who asked may be gone.
                let _ = sender.send(committed.and(outcome));
            })
        });
        self.jobs.send(job).await.map_err(|_| StoreError::Stopped)?;
        receiver.await.map_err(|_| StoreError::Stopped)?
    }
}
