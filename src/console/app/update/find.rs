//! Finding: lists narrowed as somebody types, and ids that lead to their row.

use crate::console::app::editor::Editor;
use crate::console::app::effect::{Effect, Query};
use crate::console::app::input::Key;
use crate::console::app::list::Keyed;
use crate::console::app::prompt::{Prompt, Purpose};
use crate::console::app::state::{Pane, State, Tone};
use crate::record::filter::Filter;
use crate::record::landing::{Landing, Row};
use crate::text::cells;

use super::moves;

/// How many filters are kept to be used again.
const KEPT: usize = 10;
/// Bytes of the longest text that may be an id.
const LONGEST_ID: usize = 200;

/// Opens the line for the filter of the focused list, with the one that it has.
pub fn open_filter(state: &mut State) {
    let text = state.filter(state.focus).map(ToString::to_string);
    let purpose = Purpose::Filter(state.focus);
    state.toast = None;
    state.prompt = Some(Prompt::new(purpose, &text.unwrap_or_default()));
}

pub fn open_go_to(state: &mut State) {
    state.prompt = Some(Prompt::new(Purpose::GoTo, ""));
}

/// A key or a paste into the line.
pub fn edit(state: &mut State, edit: impl FnOnce(&mut Editor) -> bool) -> Vec<Effect> {
    let Some(prompt) = &mut state.prompt else {
        return Vec::new();
    };
    if !edit(&mut prompt.editor) {
        return Vec::new();
    }
    prompt.typed();
    narrow(state)
}

pub fn key(state: &mut State, key: Key) -> Vec<Effect> {
    edit(state, |editor| editor.key(key))
}

/// One of the filters used before.
pub fn recall(state: &mut State, by: isize) -> Vec<Effect> {
    let Some(prompt) = &mut state.prompt else {
        return Vec::new();
    };
    if !matches!(prompt.purpose, Purpose::Filter(_)) {
        return Vec::new();
    }
    prompt.recall(by, &state.filters);
    narrow(state)
}

/// Enter: the filter stays, or the id is looked for.
pub fn accept(state: &mut State) -> Vec<Effect> {
    let Some(prompt) = state.prompt.take() else {
        return Vec::new();
    };
    let text = prompt.editor.value().trim();
    match prompt.purpose {
        Purpose::Filter(pane) => {
            if state.filter(pane).is_none_or(Filter::is_empty) {
                return set(state, pane, Filter::default());
            }
            state.filters.retain(|used| used != text);
            state.filters.insert(0, text.to_owned());
            state.filters.truncate(KEPT);
            vec![Effect::KeepFilters(state.filters.clone())]
        }
        Purpose::GoTo if text.is_empty() => Vec::new(),
        Purpose::GoTo => vec![Effect::Read(Query::Whose(text.to_owned()))],
    }
}

/// Escape in the line: a filter goes, too.
pub fn leave(state: &mut State) -> Vec<Effect> {
    match state.prompt.take().map(|prompt| prompt.purpose) {
        Some(Purpose::Filter(pane)) => set(state, pane, Filter::default()),
        Some(Purpose::GoTo) | None => Vec::new(),
    }
}

/// Takes the filter of the focused list away. `None` where it has none.
pub fn clear(state: &mut State) -> Option<Vec<Effect>> {
    let pane = state.focus;
    let filter = state.filter(pane)?;
    (!filter.is_empty()).then(|| set(state, pane, Filter::default()))
}

/// What is pasted into a list is an id, if it is one word.
pub fn pasted(state: &mut State, text: &str) -> Vec<Effect> {
    let id = text.trim();
    let is_list = state.filter(state.focus).is_some();
    let is_one_word = !id.is_empty() && id.len() <= LONGEST_ID && !id.contains(char::is_whitespace);
    if !is_list {
        return Vec::new();
    }
    if !is_one_word {
        state.say(
            Tone::Plain,
            "pasted into a list: one id, and it is looked up",
        );
        return Vec::new();
    }
    vec![Effect::Read(Query::Whose(id.to_owned()))]
}

/// Goes to the row that an id belongs to, whatever its list is narrowed to.
pub fn land(state: &mut State, id: &str, landing: Option<Landing>) -> Vec<Effect> {
    let id = shortened(id);
    let Some(landing) = landing else {
        state.say(Tone::Bad, format!("nothing here has the id {id}"));
        return Vec::new();
    };
    state.say(Tone::Good, format!("{id} {}", landing.words()));
    match landing.row {
        Row::Transaction(key) => {
            moves::focus(state, Pane::Transactions);
            state.transactions.seek(key);
            if state.transactions.get(&key).is_some() {
                return Vec::new();
            }
            state.transactions.filter = Filter::default();
            vec![Effect::Read(Query::Transactions {
                around: Some(key),
                filter: Filter::default(),
            })]
        }
        Row::Session(key) => {
            moves::focus(state, Pane::Sessions);
            state.sessions.seek(key);
            if state.sessions.get(&key).is_some() {
                return Vec::new();
            }
            state.sessions.filter = Filter::default();
            vec![Effect::Read(Query::Sessions {
                around: Some(key),
                filter: Filter::default(),
            })]
        }
    }
}

/// Ids are short, but anything can be pasted.
fn shortened(id: &str) -> String {
    const LONGEST: usize = 40;
    if cells(id) <= LONGEST {
        return id.to_owned();
    }
    id.chars().take(LONGEST).chain(['\u{2026}']).collect()
}

/// The list shows what matches the line.
fn narrow(state: &mut State) -> Vec<Effect> {
    let Some(Prompt {
        purpose: Purpose::Filter(pane),
        editor,
        ..
    }) = &state.prompt
    else {
        return Vec::new();
    };
    let (pane, text) = (*pane, editor.value().to_owned());
    let filter = Filter::parse(&text, state.at, &state.zone);
    set(state, pane, filter)
}

fn set(state: &mut State, pane: Pane, filter: Filter) -> Vec<Effect> {
    let Some(known) = state.filter_mut(pane) else {
        return Vec::new();
    };
    if known.asks_the_same_as(&filter) {
        // The words may differ, and what there is to say about them.
        *known = filter;
        return Vec::new();
    }
    *known = filter;
    read(state, pane).into_iter().collect()
}

/// Asks for a list anew, around what is selected.
pub fn read(state: &State, pane: Pane) -> Option<Effect> {
    let query = match pane {
        Pane::Sessions => Query::Sessions {
            around: state.sessions.selected().map(Keyed::key),
            filter: state.sessions.filter.clone(),
        },
        Pane::Transactions => Query::Transactions {
            around: state.transactions.selected().map(Keyed::key),
            filter: state.transactions.filter.clone(),
        },
        Pane::Timeline => Query::Timeline {
            around: state
                .timeline
                .selected()
                .filter(|_| !state.following)
                .map(Keyed::key),
            filter: state.timeline.filter.clone(),
        },
        Pane::Verbs | Pane::Inspector => return None,
    };
    Some(Effect::Read(query))
}
