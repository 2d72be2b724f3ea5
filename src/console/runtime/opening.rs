//! What has to stand before the first frame: folders, journal, sandbox, listener and client.
//!
//! What cannot be had is said in one sentence. The console starts without it where that makes sense,
//! and ends here where it does not.

mod ours;
mod remote;

use std::collections::HashMap;
use std::path::PathBuf;

use jiff::tz::TimeZone;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::sync::oneshot;

use super::arrivals::{self, Keeping};
use super::calling::Calling;
use super::effects::{Outside, done, tell};
use super::life::Life;
use super::other_side::{Link, NotFound, Search, Side};
use super::reading::Reading;
use super::settings;
use super::themes::Themes;
use super::unrecorded::Unrecorded;
use crate::clock::{self, Clock, Ids};
use crate::config::profile::{self, NoProfile};
use crate::config::{ColorChoice, Config, Environment, Flags, Folders, Kind, Profile};
use crate::console::app::endpoint::{DeleteBody, Endpoint, Reachable};
use crate::console::app::event::{Done, What};
use crate::console::app::state::State;
use crate::console::clipboard::Clipboard;
use crate::exchange::Epoch;
use crate::record::journal::{Journal, JournalError, Place, Reader};
use crate::sandbox::StartError;
use crate::wire::client::{Client, ClientError};
use crate::wire::listener::{self, Listener};
use crate::wire::payer::{Payer, PayerError};
pub use remote::{RemoteError, client as remote_client, epoch as remote_epoch};

/// How the console is to start.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// Makes ids the same again.
    pub seed: Option<u64>,
    /// The endpoint, by its name in the configuration; without one the sandbox of the data folder.
    pub profile: Option<String>,
    /// Nothing that writes can be sent.
    pub read_only: bool,
    /// Whether the console comes from another endpoint: what is wrong with the settings was told there.
    pub again: bool,
    /// Something to be said at the start.
    pub notice: Option<String>,
    /// Keep everything in memory.
    pub no_journal: bool,
    /// A base URL under which the embedded sandbox is called instead of its own: for a recorder or a
    /// slow line between the two.
    pub through: Option<String>,
    /// Settings of the command line.
    pub flags: Flags,
    pub color: ColorChoice,
}

/// Everything the loop needs.
pub struct Opened {
    pub state: State,
    pub outside: Outside,
    pub events: UnboundedReceiver<What>,
    pub themes: Themes,
    /// Where the user's keys are.
    pub keymap: PathBuf,
    pub clock: Clock,
    /// Both stop when they are dropped.
    pub sandbox: Option<Link>,
    pub listener: Option<Listener>,
}

/// Why the console cannot start. Each message is a whole sentence without its full stop.
#[derive(Debug, thiserror::Error)]
pub enum OpeningError {
    #[error("the journal {path} cannot be used: {source}; --no-journal starts without it")]
    Journal { path: String, source: JournalError },
    #[error("{name} cannot be shown: {source}")]
    Replay { name: String, source: JournalError },
    #[error("{0}; leave out --seed, or set BANGO_DATA_DIR to another folder")]
    OtherSeed(String),
    #[error("{0}; use that one, or set BANGO_DATA_DIR to another folder")]
    Held(StartError),
    #[error(
        "{0}; set BANGO_SANDBOX_USERNAME and BANGO_SANDBOX_PASSWORD as it has them, or BANGO_DATA_DIR to another folder"
    )]
    Refused(NotFound),
    #[error("{0}; end that process, or set BANGO_DATA_DIR to another folder")]
    Silent(NotFound),
    #[error("could not start the sandbox: {0}")]
    Sandbox(StartError),
    #[error(transparent)]
    Elsewhere(NotFound),
    #[error(transparent)]
    Profile(#[from] NoProfile),
    #[error("the profile {name} cannot be used: {source}")]
    Remote { name: String, source: RemoteError },
    #[error("could not use the sandbox's address: {0}")]
    Client(#[from] ClientError),
    #[error("could not make the payer's browser: {0}")]
    Payer(#[from] PayerError),
}

/// The other side, found.
struct Other {
    client: Client,
    /// How calls are made when it is somewhere else; `None` where it never is.
    calling: Option<Calling>,
    /// Who walks its payer's pages; `None` where they are for a browser.
    payer: Option<Payer>,
    epoch: Epoch,
    endpoint: Endpoint,
    /// Whether it is on this machine, so that it finds our listener.
    is_near: bool,
    /// Where the world reaches our listener.
    callback_base: Option<String>,
    /// Further headers whose values are secret.
    secret_headers: Vec<String>,
    /// The sandbox, to be kept.
    keep: Option<Keep>,
}

struct Keep {
    side: Side,
    search: Search,
}

/// Opens everything, in the order in which one needs the other.
pub async fn open(opening: &Opening, environment: &Environment) -> Result<Opened, OpeningError> {
    let clock = Clock::System;
    let mut notices: Vec<String> = opening.notice.iter().cloned().collect();
    let folders = settings::usable_folders(environment, &mut notices);
    let (config, themes, keymap_file) =
        settings::read(opening, folders.as_ref(), environment, &mut notices);
    let keymap = settings::keymap(&keymap_file, &mut notices);
    let profile = named(opening, &config, folders.as_ref())?;
    // What may be refused without anything written is looked at first.
    let (mut remote, mut elsewhere) = (None, None);
    match &profile {
        None => {}
        Some(profile) if profile.kind.is_remote() => {
            remote = Some(remote::reach(profile, opening.read_only, environment)?);
        }
        Some(profile) => elsewhere = Some(remote::sandbox(profile, environment)?),
    }

    let kept = folders.as_ref().filter(|_| !opening.no_journal);
    let Books {
        journal,
        reader,
        searcher,
        known,
    } = books(kept, profile.as_ref(), &clock)?;
    let other = if let Some(other) = remote {
        other
    } else {
        let wanted = ours::Wanted {
            elsewhere,
            folders: kept,
            seed: opening.seed,
            through: opening.through.as_deref(),
        };
        ours::find(wanted, environment, &journal, &clock, &mut notices).await?
    };
    let Other {
        client,
        calling,
        payer,
        epoch,
        mut endpoint,
        is_near,
        callback_base,
        secret_headers,
        keep,
    } = other;
    let ids = this_start(&journal, opening.seed).await;
    let life = Life::new(epoch);

    let (events_in, events) = mpsc::unbounded_channel();
    let others = events_in.clone();
    journal.hear_others(move |recorded| tell(&others, What::Recorded(recorded)));
    let keeping = Keeping {
        journal: journal.clone(),
        known,
        life: life.clone(),
        clock: clock.clone(),
        events: events_in.clone(),
        secret_headers,
    };
    let listener = listen(keeping, &mut notices).await;
    for notice in notices {
        done(&events_in, Done::Notice(notice));
    }
    endpoint.is_notified = listener.is_some() && (is_near || callback_base.is_some());
    hears(&mut endpoint, callback_base, listener.as_ref());
    endpoint.read_only |= opening.read_only;
    endpoint.delete_body = delete_body(&endpoint, &reader);
    let mut state = State::new(ids, clock.now(), TimeZone::system(), endpoint, epoch);
    state.keymap = keymap;
    state.reachable = reachable(&config);
    state.look = settings::look(&config, &themes, environment, &reader);
    state.filters = settings::filters(&reader);
    let unrecorded = Unrecorded::default();
    let outside = Outside {
        journal,
        reading: Reading::new(reader, searcher, unrecorded.clone()),
        unrecorded,
        client: Some(client),
        calling,
        payer,
        clipboard: Clipboard::start(config.clipboard.value, environment.clone()),
        folder: settings::here(),
        events: events_in.clone(),
        clock: clock.clone(),
        life: life.clone(),
        calls: HashMap::new(),
        tasks: Handle::current(),
        filter: None,
    };
    let sandbox = keep.map(|Keep { side, search }| Link::keep(side, search, life, events_in));
    Ok(Opened {
        state,
        outside,
        events,
        themes,
        keymap: keymap_file,
        clock,
        sandbox,
        listener,
    })
}

/// The profile that the console is to open on; `None` for the sandbox.
fn named(
    opening: &Opening,
    config: &Config,
    folders: Option<&Folders>,
) -> Result<Option<Profile>, NoProfile> {
    match opening.profile.as_deref() {
        None | Some(profile::SANDBOX) => Ok(None),
        Some(name) => {
            let file = folders.map(Folders::config_file).unwrap_or_default();
            profile::find(&config.profiles, name, &file).map(Some)
        }
    }
}

/// The sandbox, and every profile of the user's.
fn reachable(config: &Config) -> Vec<Reachable> {
    let sandbox = Reachable {
        name: profile::SANDBOX.to_owned(),
        kind: Some(Kind::Sandbox),
        words: "the sandbox of this machine".to_owned(),
        possible: true,
    };
    let profiles = config.profiles.iter().map(|found| match &found.profile {
        Ok(profile) => Reachable {
            name: profile.name.clone(),
            kind: Some(profile.kind),
            words: profile.base_url.value.clone(),
            possible: true,
        },
        Err(problems) => Reachable {
            name: found.name.clone(),
            kind: None,
            words: problems
                .first()
                .map(|problem| problem.problem.clone())
                .unwrap_or_default(),
            possible: false,
        },
    });
    std::iter::once(sandbox).chain(profiles).collect()
}

/// A journal and who reads it.
struct Books {
    journal: Journal,
    reader: Reader,
    /// For what may take a while.
    searcher: Reader,
    /// Tells which calls are ours.
    known: Reader,
}

/// The profile's journal, where there are folders for it; else one in memory.
fn books(
    folders: Option<&Folders>,
    profile: Option<&Profile>,
    clock: &Clock,
) -> Result<Books, OpeningError> {
    let name = profile.map_or(profile::SANDBOX, |profile| profile.name.as_str());
    let place = folders.map_or(Place::Memory, |folders| {
        Place::File(folders.data.join(format!("journal-{name}.db")))
    });
    let run = Ids::new(clock::random_seed()).uuid(clock.now());
    let failed = |source| OpeningError::Journal {
        path: shown(&place),
        source,
    };
    let journal = Journal::open(place.clone(), run, clock).map_err(failed)?;
    let reader = || journal.reader().map_err(failed);
    Ok(Books {
        reader: reader()?,
        searcher: reader()?,
        known: reader()?,
        journal,
    })
}

/// Where callbacks and notifications are sent to.
fn hears(endpoint: &mut Endpoint, base: Option<String>, listener: Option<&Listener>) {
    let Some(listener) = listener else { return };
    let own = || format!("http://{}", listener.address());
    endpoint.listener = Some(base.unwrap_or_else(own));
}

/// What was found out in earlier starts about the way there.
fn delete_body(endpoint: &Endpoint, reader: &Reader) -> DeleteBody {
    if !endpoint.kind.is_remote() {
        return DeleteBody::Arrives;
    }
    let known = reader.remembered(DeleteBody::NAME).ok().flatten();
    let known = known.as_deref().and_then(DeleteBody::of);
    known.unwrap_or(DeleteBody::Unchecked)
}

/// The ids of this start: a stream of their own for each start on a journal, so that none is given twice
/// and the same seed and number of starts give the same ids again.
async fn this_start(journal: &Journal, asked: Option<u64>) -> Ids {
    let (start_in, start) = oneshot::channel();
    let seed = asked.unwrap_or_else(clock::random_seed);
    journal.count_start(seed, move |start| drop(start_in.send(start)));
    match start.await {
        Ok(Ok(start)) => Ids::new(clock::mix(start.seed ^ clock::mix(start.number))),
        // Not the same again, and nobody else's.
        Ok(Err(_)) | Err(_) => Ids::new(clock::random_seed()),
    }
}

/// Our own listener, and its arrivals on their way into the journal.
async fn listen(keeping: Keeping, notices: &mut Vec<String>) -> Option<Listener> {
    let last = keeping
        .known
        .remembered("listener.port")
        .ok()
        .flatten()
        .and_then(|port| port.parse().ok());
    let ports: Vec<u16> = [listener::PORT].into_iter().chain(last).collect();
    let (arrivals_in, arrived) = mpsc::channel(64);
    match Listener::start(&ports, arrivals_in).await {
        Ok(listener) => {
            let port = listener.address().port().to_string();
            keeping.journal.remember("listener.port", port, |_| {});
            tokio::spawn(arrivals::keep(keeping, arrived));
            Some(listener)
        }
        Err(error) => {
            notices.push(format!("callbacks are not heard: {error}"));
            None
        }
    }
}

fn shown(place: &Place) -> String {
    match place {
        Place::File(path) => path.display().to_string(),
        Place::Memory => "in memory".to_owned(),
    }
}
