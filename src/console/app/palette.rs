//! Every command and every verb of what is selected, found by a few of its letters.

use std::cmp::Reverse;

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::command::Command;
use super::copy;
use super::editor::Editor;
use super::keymap::{self, Layer};
use super::narrowed::Cursor;
use super::state::State;
use super::verbs::{self, Offer, Verb};

/// The open palette.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    pub filter: Editor,
    /// Within the entries that match.
    pub cursor: Cursor,
}

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key, or the keys one after the other, that do the same.
    pub keys: String,
    /// May hold foreign text, as `note` may.
    pub words: String,
    /// What is good to know, or why it is not possible now.
    pub note: String,
    pub possible: bool,
    /// Its key works in another place only.
    is_for_elsewhere: bool,
    pub does: Does,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    Command(Command),
    Verb(Offer),
    /// Go to what has the id that was typed.
    GoTo(String),
}

impl Palette {
    /// What matches, best first. Without a filter what can be done now comes first, verbs before the rest.
    pub fn found(&self, state: &State) -> Vec<Entry> {
        let typed = self.filter.value().trim();
        let mut entries = entries(state);
        if typed.is_empty() {
            entries.sort_by_key(|entry| (!entry.possible, entry.is_for_elsewhere));
            return entries;
        }
        let mut found = matching(typed, entries);
        if !typed.contains(char::is_whitespace) {
            found.push(go_to(state, typed));
        }
        found
    }

    pub fn chosen(&self, state: &State) -> Option<Entry> {
        self.found(state).into_iter().nth(self.cursor.selected)
    }

    pub fn step(&mut self, by: isize, count: usize, height: usize) {
        self.cursor.step(by, count, height);
    }

    /// The filter has changed: the best match is the first.
    pub fn filtered(&mut self) {
        self.cursor = Cursor::default();
    }
}

/// All there is: the verbs of what is selected, then every command.
fn entries(state: &State) -> Vec<Entry> {
    let offers = verbs::offers(state);
    let verbs = offers.into_iter().map(|offer| of_verb(state, offer));
    let commands = Command::ALL.iter();
    verbs
        .chain(commands.map(|command| of_command(state, *command)))
        .collect()
}

fn of_verb(state: &State, offer: Offer) -> Entry {
    let opener = state.keymap.shown(Layer::App, Command::OpenActions);
    let opener = opener.map_or(String::new(), |key| format!("{key} "));
    Entry {
        keys: format!("{opener}{}", offer.verb.letter()),
        words: offer.verb.label().to_owned(),
        note: offer.words.clone(),
        possible: offer.possible,
        is_for_elsewhere: false,
        does: Does::Verb(offer),
    }
}

fn of_command(state: &State, command: Command) -> Entry {
    let why_not = why_not(state, command);
    // The key that works here, else that of the place where it does.
    let here = keymap::of_pane(state.focus).iter();
    let key = here
        .chain(&Layer::ALL)
        .find_map(|layer| state.keymap.shown(*layer, command));
    Entry {
        keys: key.map_or(String::new(), |key| key.to_string()),
        words: command.words().to_owned(),
        possible: why_not.is_none(),
        is_for_elsewhere: !is_here(state, command),
        note: why_not.unwrap_or_default(),
        does: Does::Command(command),
    }
}

fn go_to(state: &State, id: &str) -> Entry {
    let key = state.keymap.shown(Layer::App, Command::OpenGoTo);
    Entry {
        keys: key.map_or(String::new(), |key| key.to_string()),
        words: format!("go to what has the id {id}"),
        note: String::new(),
        possible: true,
        is_for_elsewhere: false,
        does: Does::GoTo(id.to_owned()),
    }
}

/// Why a command can do nothing while the focused pane has the keys.
pub fn why_not(state: &State, command: Command) -> Option<String> {
    if !is_here(state, command) {
        let mut bindings = state.keymap.bindings().iter();
        let elsewhere = bindings.find(|binding| binding.command == command)?;
        return Some(format!("only {}", lower(elsewhere.layer.title())));
    }
    match command {
        Command::OpenCopyMenu if copy::menu(state).is_none() => {
            Some("nothing to copy yet".to_owned())
        }
        Command::ShowLastCopied if state.copied.is_none() => {
            Some("nothing was copied yet".to_owned())
        }
        Command::DeletePayment => state.deletable().err().map(str::to_owned),
        Command::RetrieveSelected => not_offered(state, &[Verb::Retrieve]),
        Command::PlayPayer => not_offered(state, &[Verb::NextStep, Verb::PlayPayer]),
        _ => None,
    }
}

/// Whether a key of the focused pane asks for it.
fn is_here(state: &State, command: Command) -> bool {
    let mut layers = keymap::of_pane(state.focus).iter();
    layers.any(|layer| state.keymap.shown(*layer, command).is_some())
}

fn not_offered(state: &State, wanted: &[Verb]) -> Option<String> {
    let offers = verbs::offers(state);
    match offers.iter().find(|offer| wanted.contains(&offer.verb)) {
        Some(offer) => (!offer.possible).then(|| offer.words.clone()),
        None => Some("for another kind of row".to_owned()),
    }
}

/// A title in the middle of a sentence.
fn lower(title: &str) -> String {
    let mut letters = title.chars();
    let first = letters.next();
    first
        .into_iter()
        .flat_map(char::to_lowercase)
        .chain(letters)
        .collect()
}

/// The entries in which the letters stand in this order, the closest together first. What is for another
/// place comes last.
fn matching(typed: &str, entries: Vec<Entry>) -> Vec<Entry> {
    let pattern = Pattern::new(
        typed,
        CaseMatching::Ignore,
        Normalization::Smart,
        AtomKind::Fuzzy,
    );
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut scored: Vec<_> = entries
        .into_iter()
        .filter_map(|entry| {
            let id = match &entry.does {
                Does::Command(command) => command.id(),
                Does::Verb(_) | Does::GoTo(_) => "",
            };
            let text = format!("{} {id}", entry.words);
            let score = pattern.score(Utf32Str::new(&text, &mut buffer), &mut matcher)?;
            Some((score, entry))
        })
        .collect();
    scored.sort_by_key(|(score, entry)| (entry.is_for_elsewhere, Reverse(*score)));
    scored.into_iter().map(|(_, entry)| entry).collect()
}
