//! The other side: the one sandbox of the data folder.
//!
//! Nobody has it: this process serves it. Somebody does: this process attaches to theirs over HTTP. And
//! when that one ends, whoever is first serves it on, at the same port where that can be had, and the
//! others attach again. The lock beside the database decides, so there are never two.

use std::net::SocketAddr;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use super::effects::{done, tell};
use super::life::Life;
use crate::clock::{Clock, Stopwatch};
use crate::console::app::event::{Done, What, Whereabouts};
use crate::exchange::{Epoch, Line};
use crate::record::NewEntry;
use crate::record::entry::Missed;
use crate::record::journal::{Journal, Sync};
use crate::sandbox::activity::{self, Told};
use crate::sandbox::{self, Database, Holder, Listen, Sandbox, StartError};
use crate::wire::activity::{Activity, ActivityError};
use crate::wire::client::Credentials;

/// How long a sandbox is looked for at the start that somebody is just starting, or leaving.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(100);
/// Between two tries when it is no matter of moments.
const LONG_PAUSE: Duration = Duration::from_secs(2);

/// How the sandbox of a folder is found, and where what it does is recorded.
#[derive(Clone)]
pub struct Search {
    /// A sandbox of somebody else's, named by its address: nobody is served here in its place.
    pub elsewhere: Option<SocketAddr>,
    pub database: Database,
    /// Asked for by the user.
    pub seed: Option<u64>,
    pub credentials: Credentials,
    pub journal: Journal,
    pub clock: Clock,
}

/// The sandbox as this process has it.
pub enum Side {
    /// Served here.
    Here(Sandbox),
    /// Served by another process.
    There {
        /// Known of one on this machine.
        process: Option<u32>,
        address: SocketAddr,
        activity: Box<Activity>,
    },
}

/// Why there is none. Each message is a sentence without its full stop.
#[derive(Debug, thiserror::Error)]
pub enum NotFound {
    #[error(transparent)]
    Failed(StartError),
    #[error("process {} serves this data folder's sandbox at {}, but {source}", .holder.process, .holder.address)]
    There {
        holder: Holder,
        source: ActivityError,
    },
    #[error("the sandbox at {address} cannot be used: {source}")]
    Elsewhere {
        address: SocketAddr,
        source: ActivityError,
    },
}

impl NotFound {
    /// Whether it may be otherwise in a moment: the other process is just starting, or ending.
    const fn is_passing(&self) -> bool {
        match self {
            Self::Failed(StartError::Held { holder }) => holder.is_none(),
            Self::Failed(_) => false,
            Self::There { source, .. } | Self::Elsewhere { source, .. } => {
                !matches!(source, ActivityError::Refused)
            }
        }
    }
}

impl Search {
    /// Finds the sandbox for a console that starts.
    pub async fn first(&self) -> Result<Side, NotFound> {
        let watch = Stopwatch::start();
        let in_time = || u128::from(watch.micros()) < PATIENCE.as_micros();
        loop {
            match self.once(Listen::Usual, self.seed).await {
                Err(error) if error.is_passing() && in_time() => {
                    tokio::time::sleep(PAUSE).await;
                }
                found => return found,
            }
        }
    }

    /// Serves it where nobody does, else attaches to who does.
    async fn once(&self, listen: Listen, seed: Option<u64>) -> Result<Side, NotFound> {
        if let Some(address) = self.elsewhere {
            let attached = self.attach(address).await;
            return attached.map_err(|source| NotFound::Elsewhere { address, source });
        }
        let mut config = sandbox::Config::new(self.database.clone());
        let password = self.credentials.password.expose_secret();
        config.credentials = sandbox::Credentials::new(&self.credentials.username, password);
        config.clock = self.clock.clone();
        config.listen = listen;
        config.seed = seed;
        let holder = match sandbox::start(config).await {
            Ok(sandbox) => return Ok(Side::Here(sandbox)),
            Err(StartError::Held {
                holder: Some(holder),
            }) => holder,
            Err(error) => return Err(NotFound::Failed(error)),
        };
        if let (Some(asked), Some(has)) = (seed, holder.seed)
            && asked != has
        {
            return Err(NotFound::Failed(StartError::Open {
                database: self.database.clone(),
                source: sandbox::OpenError::OtherSeed { has, asked },
            }));
        }
        let after = self.last_report(holder.run);
        match Activity::open(holder.address, &self.credentials, holder.run, after).await {
            Ok(activity) => Ok(Side::There {
                process: Some(holder.process),
                address: holder.address,
                activity: Box::new(activity),
            }),
            Err(source) => Err(NotFound::There { holder, source }),
        }
    }

    async fn attach(&self, address: SocketAddr) -> Result<Side, ActivityError> {
        let run = Activity::run_at(address, &self.credentials).await?;
        let after = self.last_report(run);
        let activity = Activity::open(address, &self.credentials, run, after).await?;
        Ok(Side::There {
            process: None,
            address,
            activity: Box::new(activity),
        })
    }

    /// What was reported before may be recorded already, by a console that was there.
    fn last_report(&self, run: Uuid) -> u64 {
        let reader = self.journal.reader();
        let last = reader.and_then(|reader| reader.last_report(run));
        // What is recorded twice stands there once.
        last.unwrap_or(0)
    }

    /// Finds it again after the process that served it has ended. Tells what keeps it from that, once.
    async fn again(&self, port: u16, events: &UnboundedSender<What>) -> Side {
        let (mut told, watch) = (String::new(), Stopwatch::start());
        loop {
            let error = match self.once(Listen::After(port), None).await {
                Ok(side) => return side,
                Err(error) => error,
            };
            // What has not passed by now is told, and needs somebody who ends it.
            if error.is_passing() && u128::from(watch.micros()) < PATIENCE.as_micros() {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            let words = format!("there is no sandbox: {error}; trying again");
            if words != told {
                done(events, Done::Notice(words.clone()));
                told = words;
            }
            tokio::time::sleep(LONG_PAUSE).await;
        }
    }
}

impl Side {
    pub fn address(&self) -> SocketAddr {
        match self {
            Self::Here(sandbox) => sandbox.address(),
            Self::There { address, .. } => *address,
        }
    }

    pub fn epoch(&self) -> Epoch {
        match self {
            Self::Here(sandbox) => sandbox.epoch(),
            Self::There { activity, .. } => activity.epoch(),
        }
    }

    /// The other process that serves it, where that is known.
    pub const fn process(&self) -> Option<u32> {
        match self {
            Self::Here(_) => None,
            Self::There { process, .. } => *process,
        }
    }

    fn whereabouts(&self) -> Whereabouts {
        Whereabouts::At {
            process: self.process(),
            address: self.address(),
            epoch: self.epoch(),
        }
    }
}

/// The console's hold on its sandbox. One that is served here stops when this is dropped.
pub struct Link {
    address: watch::Receiver<SocketAddr>,
    /// Of the sandbox that was served here from the start.
    activity: Option<activity::Activity>,
    _stop: DropGuard,
}

impl Link {
    /// Records everything that the sandbox does, and looks after it from now on: where it goes is told.
    pub fn keep(side: Side, search: Search, life: Life, events: UnboundedSender<What>) -> Self {
        let stop = CancellationToken::new();
        let (address_in, address) = watch::channel(side.address());
        let activity = match &side {
            Side::Here(sandbox) => Some(sandbox.activity()),
            Side::There { .. } => None,
        };
        let stopped = stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = stopped.cancelled() => {}
                () = keep(side, search, life, events, address_in) => {}
            }
        });
        Self {
            address,
            activity,
            _stop: stop.drop_guard(),
        }
    }

    /// Where the sandbox is or, while there is none, where it was.
    pub fn address(&self) -> SocketAddr {
        *self.address.borrow()
    }

    /// A reader of what the sandbox does, from its first report, where it was served here from the start.
    pub fn activity(&self) -> Option<activity::Activity> {
        self.activity.clone()
    }

    pub fn base_url(&self) -> String {
        base_url(self.address())
    }
}

pub fn base_url(address: SocketAddr) -> String {
    format!("http://{address}/v5")
}

async fn keep(
    mut side: Side,
    search: Search,
    life: Life,
    events: UnboundedSender<What>,
    address: watch::Sender<SocketAddr>,
) {
    loop {
        let process = follow(&mut side, &search, &life, &events).await;
        let whereabouts = Whereabouts::Nowhere { process };
        done(&events, Done::Sandbox(whereabouts));
        side = search.again(side.address().port(), &events).await;
        address.send_replace(side.address());
        let unknown = events.clone();
        search.journal.end_dead_calls(move |recorded| {
            // Usually there is none.
            if let Ok(recorded) = recorded
                && !recorded.entries.is_empty()
            {
                tell(&unknown, What::Recorded(recorded));
            }
        });
        done(&events, Done::Sandbox(side.whereabouts()));
    }
}

/// Records what the sandbox does until the process that serves it has ended. Answers which that was.
async fn follow(
    side: &mut Side,
    search: &Search,
    life: &Life,
    events: &UnboundedSender<What>,
) -> Option<u32> {
    let mut record = Record {
        journal: search.journal.clone(),
        clock: search.clock.clone(),
        events: events.clone(),
        life: life.clone(),
    };
    match side {
        Side::Here(sandbox) => {
            let (run, mut read) = (sandbox.run(), 0);
            let mut activity = sandbox.activity();
            loop {
                let told = match activity.next().await {
                    Told::Report(report) => Line::Report(Box::new((*report).clone())),
                    Told::Missed { count } => Line::Missed { missed: count },
                };
                read = record.line(run, read, told);
            }
        }
        Side::There {
            process, activity, ..
        } => loop {
            let (run, read) = (activity.run(), activity.read());
            match activity.next().await {
                Ok(told) => record.line(run, read, told),
                Err(_) => return *process,
            };
        },
    }
}

/// Everything the sandbox does goes into the journal; what a console did itself is told apart there.
struct Record {
    journal: Journal,
    clock: Clock,
    events: UnboundedSender<What>,
    life: Life,
}

impl Record {
    /// Appends the line behind number `read` of a run. Answers its number.
    fn line(&mut self, run: Uuid, read: u64, line: Line) -> u64 {
        let (entry, number) = match line {
            Line::Report(report) => {
                self.life.hear(&report);
                let number = report.number;
                (NewEntry::seen(self.clock.now(), *report), number)
            }
            Line::Missed { missed: count } => {
                let from = read + 1;
                let missed = Missed { run, from, count };
                let entry = NewEntry::missed(self.clock.now(), self.life.epoch(), missed);
                (entry, read + count)
            }
        };
        let events = self.events.clone();
        self.journal
            .append(vec![entry], Sync::Batch, move |recorded| match recorded {
                Ok(recorded) => tell(&events, What::Recorded(recorded)),
                Err(error) => {
                    let words = format!("the sandbox's report was not recorded: {error}");
                    done(&events, Done::Notice(words));
                }
            });
        number
    }
}

#[cfg(test)]
mod tests;
