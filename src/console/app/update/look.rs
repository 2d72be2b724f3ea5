//! Look and feel, changed while the console runs.

use crate::console::app::command::Command;
use crate::console::app::effect::Effect;
use crate::console::app::layout;
use crate::console::app::look::Themes;
use crate::console::app::state::{Overlay, State, Tone};

/// Under which names decisions are kept.
pub const THEME: &str = "look.theme";
pub const MOUSE: &str = "look.mouse";
pub const LEFT: &str = "look.left";

pub fn open_themes(state: &mut State) {
    state.overlay = Some(Overlay::Themes(Themes::open(&state.look)));
}

/// A command to the open list of themes: what is selected is painted with at once.
pub fn in_themes(state: &mut State, command: Command) -> Vec<Effect> {
    let rows = Themes::rows(layout::layout(state).overlay.inner());
    let Some(Overlay::Themes(themes)) = &mut state.overlay else {
        return Vec::new();
    };
    let count = state.look.themes.len();
    let at = match command {
        Command::Up => (themes.selected + count).saturating_sub(1) % count.max(1),
        Command::Down => (themes.selected + 1) % count.max(1),
        Command::First => 0,
        Command::Last => count,
        Command::Open => return keep_theme(state),
        _ => return Vec::new(),
    };
    themes.select(at, count, rows);
    let selected = themes.selected;
    show_theme(state, selected)
}

/// A click on a name shows its theme; on the one that is shown it keeps it.
pub fn click_theme(state: &mut State, row: usize) -> Vec<Effect> {
    let rows = Themes::rows(layout::layout(state).overlay.inner());
    let Some(Overlay::Themes(themes)) = &mut state.overlay else {
        return Vec::new();
    };
    let (at, count) = (row + themes.offset, state.look.themes.len());
    if row >= rows || at >= count {
        return Vec::new();
    }
    if at == themes.selected {
        return keep_theme(state);
    }
    themes.select(at, count, rows);
    show_theme(state, at)
}

fn show_theme(state: &mut State, selected: usize) -> Vec<Effect> {
    let Some(name) = state.look.themes.get(selected).cloned() else {
        return Vec::new();
    };
    state.look.theme.now.clone_from(&name);
    vec![Effect::Theme { name }]
}

fn keep_theme(state: &mut State) -> Vec<Effect> {
    state.overlay = None;
    let words = format!("the theme is {} from now on", state.look.theme.now);
    state.say(Tone::Plain, words);
    vec![Effect::Remember {
        name: THEME,
        value: state.look.theme.kept(),
    }]
}

/// The theme of before comes back.
pub fn leave_themes(state: &mut State, themes: Themes) -> Vec<Effect> {
    let name = themes.before;
    if state.look.theme.now == name {
        return Vec::new();
    }
    state.look.theme.now.clone_from(&name);
    vec![Effect::Theme { name }]
}

/// The mouse is ours or the terminal's from now on.
pub fn toggle_mouse(state: &mut State) -> Vec<Effect> {
    let ours = !state.look.mouse.now;
    state.look.mouse.now = ours;
    let words = if ours {
        "the mouse works here: hold shift to select text"
    } else {
        "the mouse is the terminal's: select text as anywhere"
    };
    state.say(Tone::Plain, words);
    let value = state.look.mouse.kept();
    vec![
        Effect::Mouse { ours },
        Effect::Remember { name: MOUSE, value },
    ]
}

/// Moves the divider of the columns, and keeps it there.
pub fn widen(state: &mut State, by: i16) -> Vec<Effect> {
    divide(state, layout::left_width(state).saturating_add_signed(by));
    keep_divider(state)
}

/// The left column has this many cells, as far as there is room.
pub fn divide(state: &mut State, width: u16) {
    state.look.left = Some(width);
    state.look.left = Some(layout::left_width(state));
}

pub fn keep_divider(state: &State) -> Vec<Effect> {
    let value = layout::left_width(state).to_string();
    vec![Effect::Remember { name: LEFT, value }]
}
