//! A sandbox of the API over real HTTP, with real storage: the other side of the conversation.
//!
//! A request goes through `routes` and `api` to one command of the `store`, which has the `engine`
//! decide; the payer's `pages` go the same way. Every fact is reported to `activity` after its commit.

pub mod activity;
mod api;
mod control;
mod credentials;
mod engine;
mod faults;
mod http;
mod keeper;
mod listen;
mod lock;
mod notify;
mod pages;
mod routes;
mod server;
mod store;

#[cfg(test)]
mod tests;

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::any;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::RwLock;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::clock::{self, Clock, Ids};
use crate::exchange::Epoch;
use activity::{Activity, Feed};
pub use credentials::Credentials;
pub use engine::Rules;
pub use listen::{Listen, PORT};
pub use lock::Holder;
use lock::{Lock, LockError};
use notify::Notifier;
use server::Server;
pub use store::{Checked, Database, OpenError, check};
use store::{CurrentEpoch, Settings, Store, Writer};

/// Who serves this database now, if anybody does.
pub fn holder(database: &Path) -> Option<Holder> {
    Lock::holder(&lock::path_beside(database))
}

/// How long a stop waits for requests under way.
const STOP: Duration = Duration::from_secs(5);

/// How a sandbox is to run.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: Listen,
    pub database: Database,
    /// Makes ids and page tokens the same again. A database in use keeps the seed it has.
    pub seed: Option<u64>,
    pub credentials: Credentials,
    /// Hosts, besides loopback, that notifications may go to.
    pub notify_hosts: Vec<String>,
    pub rules: Rules,
    pub clock: Clock,
}

impl Config {
    /// The usual sandbox on this database.
    pub fn new(database: Database) -> Self {
        Self {
            listen: Listen::Usual,
            database,
            seed: None,
            credentials: Credentials::default(),
            notify_hosts: Vec::new(),
            rules: Rules::default(),
            clock: Clock::System,
        }
    }
}

/// Why a sandbox did not start. The messages follow "could not start the sandbox: " and are complete.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another sandbox has this database: call that one.
    #[error("{}", held(.holder.as_ref()))]
    Held {
        /// `None` while it is just starting.
        holder: Option<Holder>,
    },
    #[error("{0}")]
    Lock(#[source] LockError),
    #[error("{database} {source}")]
    Open {
        database: Database,
        source: OpenError,
    },
    #[error("it cannot listen on {address}: {}", busy(.source))]
    Listen {
        address: SocketAddr,
        source: io::Error,
    },
}

fn held(holder: Option<&Holder>) -> String {
    match holder {
        Some(Holder {
            process, address, ..
        }) => format!("process {process} already serves this database at http://{address}/v5"),
        None => "another process is just starting a sandbox on this database".to_owned(),
    }
}

fn busy(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::AddrInUse {
        "the port is in use; name another with --listen, or use port 0 for a free one".to_owned()
    } else {
        error.to_string()
    }
}

/// A running sandbox. It stops when this is dropped; [`Sandbox::stop`] also waits for it.
pub struct Sandbox {
    address: SocketAddr,
    epoch: CurrentEpoch,
    run: Uuid,
    feed: Arc<Feed>,
    stop: CancellationToken,
    tasks: TaskTracker,
    serving: Option<JoinHandle<()>>,
    writer: Option<Writer>,
}

/// Starts a sandbox on the current runtime; when this returns it accepts connections.
pub async fn start(config: Config) -> Result<Sandbox, StartError> {
    let unopened = |source| StartError::Open {
        database: config.database.clone(),
        source,
    };
    let run = Ids::new(clock::random_seed()).uuid(config.clock.now());
    let mut lock = take_lock(&config.database)?;
    let settings = Settings {
        database: config.database.clone(),
        seed: config.seed,
    };
    let mut opened = store::open(&settings).map_err(unopened)?;
    let (listener, bound) = listen::bind(config.listen, opened.last_port())
        .await
        .map_err(|(address, source)| StartError::Listen { address, source })?;
    let address = listen::reachable(bound);
    opened.keep_port(address.port()).map_err(unopened)?;
    if let Some(lock) = &mut lock {
        let holder = Holder {
            process: std::process::id(),
            address,
            run,
            seed: Some(opened.seed()),
        };
        // Whoever finds the lock held without a name only knows less.
        let _ = lock.name(&holder);
    }
    let running =
        Store::start(opened, config.rules, config.clock.clone(), lock).map_err(unopened)?;
    let pages = format!("http://{address}{}", pages::BASE);
    let store = running.store.with_pages(&pages);

    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    let current_epoch = store.current_epoch();
    let feed = Arc::new(Feed::new(run, config.clock.clone()));
    let notifier = Notifier {
        store: store.clone(),
        feed: feed.clone(),
        approved: Arc::new(
            config
                .notify_hosts
                .iter()
                .map(|host| host.to_ascii_lowercase())
                .collect(),
        ),
        tasks: tasks.clone(),
        stop: stop.clone(),
    };
    notifier.resume(running.waiting);
    let server = Arc::new(Server {
        store,
        feed: feed.clone(),
        notifier,
        credentials: config.credentials,
        tasks: tasks.clone(),
        life: RwLock::default(),
        stop: stop.clone(),
    });
    tasks.spawn(keeper::keep(
        server.clone(),
        running.expired,
        config.clock,
        config.rules,
        stop.clone(),
    ));
    let serving = tokio::spawn(serve(listener, server, stop.clone()));
    Ok(Sandbox {
        address,
        epoch: current_epoch,
        run,
        feed,
        stop,
        tasks,
        serving: Some(serving),
        writer: Some(running.writer),
    })
}

fn take_lock(database: &Database) -> Result<Option<Lock>, StartError> {
    let Database::File(path) = database else {
        return Ok(None);
    };
    store::create_folder(path).map_err(|source| StartError::Open {
        database: database.clone(),
        source,
    })?;
    match Lock::take(&lock::path_beside(path)) {
        Ok(lock) => Ok(Some(lock)),
        Err(LockError::Held(holder)) => Err(StartError::Held { holder }),
        Err(error) => Err(StartError::Lock(error)),
    }
}

async fn serve(listener: TcpListener, server: Arc<Server>, stop: CancellationToken) {
    let listener = listener.tap_io(|connection| {
        // Without it small answers wait for the client's acknowledgement.
        let _ = connection.set_nodelay(true);
    });
    let router = Router::new()
        .merge(pages::router())
        .route(control::ROUTE, any(control::handle))
        .fallback(api::handle)
        .with_state(server);
    // It ends by a stop only: errors of single connections stay with them.
    let _ = axum::serve(listener, router)
        .with_graceful_shutdown(stop.cancelled_owned())
        .await;
}

impl Sandbox {
    /// Where programs of this machine reach it.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What clients are given: `http://127.0.0.1:2646/v5`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v5", self.address)
    }

    /// The life that its database is in; another one after a reset.
    pub fn epoch(&self) -> Epoch {
        self.epoch.get()
    }

    /// This run of it, named in every report.
    pub const fn run(&self) -> Uuid {
        self.run
    }

    /// A reader of everything it does, from the first report that is kept.
    pub fn activity(&self) -> Activity {
        Activity::new(self.feed.clone())
    }

    /// Lets requests under way finish, closes the database and releases its lock: up to 5 s in all. What
    /// takes longer keeps both until it ends or the process does.
    pub async fn stop(mut self) {
        self.stop.cancel();
        self.tasks.close();
        let (mut serving, writer) = (self.serving.take(), self.writer.take());
        let finishing = async {
            if let Some(serving) = &mut serving {
                let _ = serving.await;
            }
            self.tasks.wait().await;
            if let Some(writer) = writer {
                let _ = tokio::task::spawn_blocking(move || writer.join()).await;
            }
        };
        if timeout(STOP, finishing).await.is_err()
            && let Some(serving) = serving
        {
            serving.abort();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
