//! A file shown again: a console over a journal in memory, with no sandbox, no listener and no client.

use std::collections::HashMap;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::effects::{Outside, done};
use super::life::Life;
use super::opening::{Opened, Opening, OpeningError};
use super::reading::Reading;
use super::settings;
use super::unrecorded::Unrecorded;
use crate::clock::{self, Clock, Ids};
use crate::config::Environment;
use crate::console::app::endpoint::Endpoint;
use crate::console::app::event::Done;
use crate::console::app::state::State;
use crate::console::clipboard::Clipboard;
use crate::exchange::Epoch;
use crate::record::NewEntry;
use crate::record::journal::{Journal, Limits, Place, Sync};

/// What is shown again.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The file's name.
    pub name: String,
    pub entries: Vec<NewEntry>,
}

/// Whatever is old or long in it stays.
const LIMITS: Limits = Limits {
    bytes: u64::MAX,
    age: SignedDuration::MAX,
};

/// Opens a console that can look, and nothing else.
pub fn open(replay: Replay, environment: &Environment) -> Result<Opened, OpeningError> {
    let clock = Clock::System;
    let mut notices = Vec::new();
    let folders = settings::usable_folders(environment, &mut notices);
    let opening = Opening::default();
    let (config, themes, keymap_file) =
        settings::read(&opening, folders.as_ref(), environment, &mut notices);
    let keymap = settings::keymap(&keymap_file, &mut notices);

    let mut ids = Ids::new(clock::random_seed());
    let journal_error = |source| OpeningError::Replay {
        name: replay.name.clone(),
        source,
    };
    let run = ids.uuid(clock.now());
    let journal =
        Journal::open_within(LIMITS, Place::Memory, run, &clock).map_err(journal_error)?;
    let reader = journal.reader().map_err(journal_error)?;
    let searcher = journal.reader().map_err(journal_error)?;
    let look = settings::look(&config, &themes, environment, &reader);

    let (events_in, events) = mpsc::unbounded_channel();
    for notice in notices {
        done(&events_in, Done::Notice(notice));
    }
    let epoch = replay
        .entries
        .last()
        .map_or(Epoch(Uuid::nil()), NewEntry::epoch);
    let trouble = events_in.clone();
    journal.append(replay.entries, Sync::Batch, move |read| {
        if let Err(error) = read {
            let words = format!("the file could not be shown: {error}");
            done(&trouble, Done::Notice(words));
        }
    });

    let endpoint = Endpoint {
        address: replay.name,
        replay: true,
        ..Endpoint::default()
    };
    let mut state = State::new(ids, clock.now(), TimeZone::system(), endpoint, epoch);
    state.keymap = keymap;
    state.look = look;
    let unrecorded = Unrecorded::default();
    let outside = Outside {
        journal,
        reading: Reading::new(reader, searcher, unrecorded.clone()),
        unrecorded,
        client: None,
        calling: None,
        payer: None,
        clipboard: Clipboard::start(config.clipboard.value, environment.clone()),
        folder: settings::here(),
        events: events_in,
        clock: clock.clone(),
        life: Life::new(epoch),
        calls: HashMap::new(),
        filter: None,
        tasks: Handle::current(),
    };
    Ok(Opened {
        state,
        outside,
        events,
        themes,
        keymap: keymap_file,
        clock,
        sandbox: None,
        listener: None,
    })
}
