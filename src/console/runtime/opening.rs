//! What has to stand before the first frame: folders, journal, sandbox, listener and client.
//!
//! What cannot be had is said in one sentence. The console starts without it where that makes sense,
//! and ends here where it does not.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;

use super::arrivals;
use super::calling::Calling;
use super::effects::{Outside, done, tell};
use super::keymap_file;
use super::life::Life;
use super::other_side::{Link, NotFound, Search, Side};
use super::reading::{FILTERS, Reading};
use super::themes::Themes;
use super::unrecorded::Unrecorded;
use crate::clock::{self, Clock, Ids};
use crate::config::{ColorChoice, Colors, Config, Environment, Flags, Folders, Origin};
use crate::console::app::event::{Done, What};
use crate::console::app::exports;
use crate::console::app::keymap::Keymap;
use crate::console::app::look::{Choice, Look};
use crate::console::app::state::{Endpoint, State};
use crate::console::app::update::look;
use crate::console::clipboard::Clipboard;
use crate::record::journal::{Journal, JournalError, Place, Reader};
use crate::sandbox::{self, Database, OpenError, StartError};
use crate::wire::activity::ActivityError;
use crate::wire::client::{ClientError, Credentials};
use crate::wire::listener::{self, Listener};
use crate::wire::payer::{Payer, PayerError};

/// How the console is to start.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// Makes ids the same again.
    pub seed: Option<u64>,
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
    #[error("could not use the sandbox's address: {0}")]
    Client(#[from] ClientError),
    #[error("could not make the payer's browser: {0}")]
    Payer(#[from] PayerError),
}

/// Opens everything, in the order in which one needs the other.
pub async fn open(opening: &Opening, environment: &Environment) -> Result<Opened, OpeningError> {
    let clock = Clock::System;
    let mut notices = Vec::new();
    let folders = usable_folders(environment, &mut notices);
    let (config, themes, keymap_file) =
        settings(opening, folders.as_ref(), environment, &mut notices);
    let keymap = keymap(&keymap_file, &mut notices);

    let in_memory = opening.no_journal || folders.is_none();
    let place = match (&folders, in_memory) {
        (Some(folders), false) => Place::File(folders.data.join("journal-sandbox.db")),
        _ => Place::Memory,
    };
    let run = Ids::new(clock::random_seed()).uuid(clock.now());
    let journal_error = |source| OpeningError::Journal {
        path: shown(&place),
        source,
    };
    let journal = Journal::open(place.clone(), run, &clock).map_err(journal_error)?;
    let reader = journal.reader().map_err(journal_error)?;
    let searcher = journal.reader().map_err(journal_error)?;

    let database = match &folders {
        Some(folders) if !in_memory => Database::File(folders.data.join("sandbox.db")),
        _ => Database::Memory,
    };
    let search = Search {
        database,
        seed: opening.seed,
        credentials: credentials(environment),
        journal: journal.clone(),
        clock: clock.clone(),
    };
    let side = find_sandbox(&search).await?;
    let ids = this_start(&journal, opening.seed).await;
    let life = Life::new(side.epoch());

    let (events_in, events) = mpsc::unbounded_channel();
    let others = events_in.clone();
    journal.hear_others(move |recorded| tell(&others, What::Recorded(recorded)));
    let listener = listen(&journal, &reader, &life, &clock, &events_in, &mut notices).await;
    let (address, epoch) = (side.address(), side.epoch());
    let link_life = life.clone();
    if let Some(process) = side.process() {
        notices.push(format!("attached to the sandbox of process {process}"));
    } else if address.port() != sandbox::PORT {
        notices.push(format!(
            "port {} is taken: the sandbox is at {address}",
            sandbox::PORT,
        ));
    }
    for notice in notices {
        done(&events_in, Done::Notice(notice));
    }

    let calling = Calling {
        credentials: search.credentials.clone(),
        through: opening.through.clone(),
    };
    let client = calling.client(address)?;
    let endpoint = Endpoint {
        badge: "sandbox".to_owned(),
        address: format!("{address}/v5"),
        listener: listener
            .as_ref()
            .map(|listener| format!("http://{}", listener.address())),
        credentials: Some(exports::Credentials::new(
            search.credentials.username.as_str(),
            search.credentials.password.expose_secret(),
        )),
        replay: false,
    };
    let mut state = State::new(ids, clock.now(), TimeZone::system(), endpoint, epoch);
    state.keymap = keymap;
    state.look = look(&config, &themes, environment, &reader);
    state.filters = filters(&reader);
    let unrecorded = Unrecorded::default();
    let outside = Outside {
        journal,
        reading: Reading::new(reader, searcher, unrecorded.clone()),
        unrecorded,
        client: Some(client),
        calling,
        payer: Some(Payer::new()?),
        clipboard: Clipboard::start(config.clipboard.value, environment.clone()),
        folder: here(),
        events: events_in.clone(),
        clock: clock.clone(),
        life,
        calls: HashMap::new(),
        tasks: Handle::current(),
        filter: None,
    };
    Ok(Opened {
        state,
        outside,
        events,
        themes,
        keymap: keymap_file,
        clock,
        sandbox: Some(Link::keep(side, search, link_life, events_in)),
        listener,
    })
}

/// Where exports go: the folder that the program was started in.
pub(super) fn here() -> PathBuf {
    std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."))
}

/// The folders, if they can be used; without them everything stays in memory, and the user is told.
pub(super) fn usable_folders(
    environment: &Environment,
    notices: &mut Vec<String>,
) -> Option<Folders> {
    let usable = Folders::find(environment).and_then(|folders| folders.prepare().map(|()| folders));
    match usable {
        Ok(folders) => Some(folders),
        Err(error) => {
            notices.push(format!("nothing is kept: {error}"));
            None
        }
    }
}

/// Settings and where themes are; what is wrong with the settings is told and the default used.
pub(super) fn settings(
    opening: &Opening,
    folders: Option<&Folders>,
    environment: &Environment,
    notices: &mut Vec<String>,
) -> (Config, Themes, PathBuf) {
    let nowhere = Folders::all_in(Path::new("/nonexistent"));
    let folders = folders.unwrap_or(&nowhere);
    let (config, warnings) = Config::load(folders, environment, &opening.flags);
    notices.extend(warnings.iter().map(ToString::to_string));
    let colors = Colors::decide(opening.color, environment);
    (config, Themes::new(folders, colors), folders.keymap_file())
}

/// The user's keys; what is wrong with them is told and the default used.
pub(super) fn keymap(file: &Path, notices: &mut Vec<String>) -> Keymap {
    match keymap_file::read(file) {
        Ok((keymap, warnings)) => {
            notices.extend(warnings.iter().map(ToString::to_string));
            keymap
        }
        Err(problem) => {
            notices.push(problem);
            Keymap::default()
        }
    }
}

/// Look and feel as the settings have them, and as they were changed in an earlier start.
pub(super) fn look(
    config: &Config,
    themes: &Themes,
    environment: &Environment,
    reader: &Reader,
) -> Look {
    let kept = |name| reader.remembered(name).ok().flatten();
    let theme = Choice::of(config.theme.value.as_str().to_owned());
    // Who says it with a flag or a variable means this start.
    let kept_theme = kept(look::THEME).filter(|_| config.theme.origin >= Origin::File);
    let mouse = Choice::of(config.mouse.value);
    let kept_mouse = kept(look::MOUSE).filter(|_| config.mouse.origin >= Origin::File);
    Look {
        theme: theme.after(kept_theme.as_deref()),
        themes: themes.names(),
        ascii: config.ascii.value,
        still: environment.is_set("NO_MOTION"),
        mouse: mouse.after(kept_mouse.as_deref()),
        left: kept(look::LEFT).and_then(|width| width.parse().ok()),
    }
}

/// The filters used in earlier starts, before a key can ask for one.
fn filters(reader: &Reader) -> Vec<String> {
    let kept = reader.remembered(FILTERS).ok().flatten();
    kept.and_then(|kept| serde_json::from_str(&kept).ok())
        .unwrap_or_default()
}

/// What the embedded sandbox asks for, and what our calls carry.
fn credentials(environment: &Environment) -> Credentials {
    let word = |variable| {
        environment
            .text(variable)
            .unwrap_or_else(|| "sandbox".to_owned())
    };
    Credentials {
        username: word("BANGO_SANDBOX_USERNAME"),
        password: SecretString::from(word("BANGO_SANDBOX_PASSWORD")),
    }
}

/// Serves the sandbox, or attaches to who does.
async fn find_sandbox(search: &Search) -> Result<Side, OpeningError> {
    search.first().await.map_err(|error| match error {
        NotFound::Failed(error @ StartError::Held { .. }) => OpeningError::Held(error),
        NotFound::Failed(
            error @ StartError::Open {
                source: OpenError::OtherSeed { .. },
                ..
            },
        ) => OpeningError::OtherSeed(error.to_string()),
        NotFound::Failed(error) => OpeningError::Sandbox(error),
        NotFound::There {
            source: ActivityError::Refused,
            ..
        } => OpeningError::Refused(error),
        NotFound::There { .. } => OpeningError::Silent(error),
    })
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
async fn listen(
    journal: &Journal,
    reader: &Reader,
    life: &Life,
    clock: &Clock,
    events: &UnboundedSender<What>,
    notices: &mut Vec<String>,
) -> Option<Listener> {
    let known = match journal.reader() {
        Ok(known) => known,
        Err(error) => {
            notices.push(format!("callbacks are not heard: {error}"));
            return None;
        }
    };
    let last = reader
        .remembered("listener.port")
        .ok()
        .flatten()
        .and_then(|port| port.parse().ok());
    let ports: Vec<u16> = [listener::PORT].into_iter().chain(last).collect();
    let (arrivals_in, arrived) = mpsc::channel(64);
    match Listener::start(&ports, arrivals_in).await {
        Ok(listener) => {
            journal.remember(
                "listener.port",
                listener.address().port().to_string(),
                |_| {},
            );
            tokio::spawn(arrivals::keep(
                journal.clone(),
                known,
                life.clone(),
                clock.clone(),
                events.clone(),
                arrived,
            ));
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
