//! What each click and turn of the wheel does: resolved against the rectangles that the painter fills.
//!
//! A click selects, and a click on what is selected does what enter does there. One that brings the focus,
//! to a pane or to the terminal's window, does not act.

use jiff::SignedDuration;

use crate::console::app::command::Command;
use crate::console::app::effect::Effect;
use crate::console::app::input::{Code, Key, Mouse, Pointer};
use crate::console::app::inspector::{self, Tab};
use crate::console::app::layout::{self, Layout, Rect};
use crate::console::app::list::{Keyed, List};
use crate::console::app::state::{Overlay, Pane, State};
use crate::console::app::verbs;

use super::{keys, look, moves};

/// Rows for a turn of the wheel.
const WHEEL: isize = 3;

/// How soon after the window got the focus a click counts as the one that gave it.
const ENTERING: SignedDuration = SignedDuration::from_millis(300);

pub fn take(state: &mut State, mouse: Mouse) -> Vec<Effect> {
    let Mouse { kind, column, row } = mouse;
    match kind {
        Pointer::Press if is_entering(state) => Vec::new(),
        Pointer::Press => {
            let effects = press(state, column, row);
            state.interrupted = false;
            if !matches!(state.overlay, Some(Overlay::Notices)) {
                state.notices = None;
            }
            effects
        }
        Pointer::Drag if state.pointing.divides => {
            look::divide(state, column.saturating_add(1));
            Vec::new()
        }
        Pointer::Release if state.pointing.divides => {
            state.pointing.divides = false;
            look::keep_divider(state)
        }
        Pointer::Drag | Pointer::Release => Vec::new(),
        Pointer::WheelUp => wheel(state, column, row, -1),
        Pointer::WheelDown => wheel(state, column, row, 1),
    }
}

/// Whether this click is the one that gave the window its focus. There is only one.
fn is_entering(state: &mut State) -> bool {
    let entered = state.pointing.entered.take();
    entered.is_some_and(|entered| state.at.duration_since(entered) < ENTERING)
}

fn press(state: &mut State, column: u16, row: u16) -> Vec<Effect> {
    let layout = layout::layout(state);
    if state.overlay.is_some() {
        return press_in_popup(state, layout.overlay, column, row);
    }
    if layout.divides(column, row) {
        state.pointing.divides = true;
        return Vec::new();
    }
    let Some((pane, area)) = pane_at(&layout, column, row) else {
        return Vec::new();
    };
    let had_focus = state.focus == pane;
    if !had_focus {
        moves::focus(state, pane);
    }
    let inner = area.inner();
    if !inner.contains(column, row) {
        return Vec::new();
    }
    let (column, row) = (column - inner.x, usize::from(row - inner.y));
    let selected = match pane {
        Pane::Sessions => select(&mut state.sessions, Some(row)),
        // The headings take a row.
        Pane::Transactions => select(&mut state.transactions, row.checked_sub(1)),
        Pane::Timeline => select(&mut state.timeline, Some(row)),
        Pane::Verbs => return press_verb(state, had_focus, inner.width, column, row),
        Pane::Inspector => {
            if let Some(tab) =
                inspector::tab_at(usize::from(column)).filter(|_| had_focus && row == 0)
            {
                turn_to(state, tab);
            }
            return Vec::new();
        }
    };
    match selected {
        Selected::Again if had_focus => keys::run(state, Command::Open),
        Selected::Again | Selected::Nothing => Vec::new(),
        Selected::Another => moves::settle(state, pane),
    }
}

/// The pane at a cell, with its rectangle.
fn pane_at(layout: &Layout, column: u16, row: u16) -> Option<(Pane, Rect)> {
    [
        (Pane::Sessions, layout.sessions),
        (Pane::Transactions, layout.transactions),
        (Pane::Verbs, layout.verbs),
        (Pane::Inspector, layout.inspector),
        (Pane::Timeline, layout.timeline),
    ]
    .into_iter()
    .find(|(_, area)| area.contains(column, row))
}

/// What a click on a row of a list came to.
enum Selected {
    /// There is no row.
    Nothing,
    /// It was selected before.
    Again,
    Another,
}

fn select<T: Keyed>(list: &mut List<T>, row: Option<usize>) -> Selected {
    let at = row.map(|row| row + list.offset);
    match at.filter(|at| *at < list.rows.len()) {
        None => Selected::Nothing,
        at if list.position() == at => Selected::Again,
        Some(at) => {
            list.select_at(at);
            Selected::Another
        }
    }
}

fn press_verb(
    state: &mut State,
    had_focus: bool,
    width: u16,
    column: u16,
    row: usize,
) -> Vec<Effect> {
    let offers = verbs::offers(state);
    let placed = verbs::placed(&offers, usize::from(width));
    let at = placed
        .iter()
        .position(|(from, cells)| (*from..from + cells).contains(&usize::from(column)));
    let Some(at) = at.filter(|_| row == 0) else {
        return Vec::new();
    };
    if had_focus && verbs::under_cursor(state, &offers) == at {
        return keys::run(state, Command::Open);
    }
    state.verb = offers[at].verb;
    Vec::new()
}

fn turn_to(state: &mut State, tab: Tab) {
    let place = |tab: Tab| Tab::ALL.iter().position(|other| *other == tab).unwrap_or(0);
    let by = place(tab).cast_signed() - place(state.inspector.tab).cast_signed();
    state.inspector.turn(by);
}

/// A click beside a popup leaves it, where nothing was typed that would be lost.
fn press_in_popup(state: &mut State, area: Rect, column: u16, row: u16) -> Vec<Effect> {
    if !area.contains(column, row) {
        return match state.overlay {
            Some(
                Overlay::Form(_) | Overlay::Preview(_) | Overlay::Payer(_) | Overlay::Stake(_),
            ) => Vec::new(),
            _ => keys::run(state, Command::Leave),
        };
    }
    let inner = area.inner();
    if !inner.contains(column, row) {
        return Vec::new();
    }
    let row = usize::from(row - inner.y);
    let height = usize::from(inner.height);
    match &mut state.overlay {
        Some(Overlay::Menu(menu)) => {
            let Some(item) = menu.items.get(row).cloned() else {
                return Vec::new();
            };
            if menu.selected == row {
                return keys::choose(state, &item);
            }
            menu.selected = row;
        }
        Some(Overlay::Themes(_)) => return look::click_theme(state, row),
        // What is typed and the headings take two rows, and two more are below.
        Some(Overlay::Picker(picker)) => {
            let (rows, count) = (height.saturating_sub(4), picker.choices().len());
            match place_in_list(row, rows, picker.cursor.offset, count) {
                Some(at) if at == picker.cursor.selected => return keys::run(state, Command::Open),
                Some(at) => picker.cursor.selected = at,
                None => {}
            }
        }
        Some(Overlay::Stubs(stubs)) => {
            let (rows, count) = (height.saturating_sub(4), stubs.choices().len());
            match place_in_list(row, rows, stubs.cursor.offset, count) {
                Some(at) if at == stubs.cursor.selected => return keys::run(state, Command::Open),
                Some(at) => stubs.cursor.selected = at,
                None => {}
            }
        }
        Some(Overlay::Form(form)) if !form.is_text() => {
            // What is said and the keys take four rows; in a low window the fields scroll.
            let rows = height.saturating_sub(4).max(1);
            let at = row + (form.selected + 1).saturating_sub(rows);
            if row < rows && at < form.fields.len() {
                form.go_to(at);
            }
        }
        Some(Overlay::Copied(under)) => state.overlay = under.take().map(|under| *under),
        Some(Overlay::Money | Overlay::Notices) => state.overlay = None,
        _ => {}
    }
    Vec::new()
}

/// The place in a filtered list of the row that was clicked, below the two rows above it.
fn place_in_list(row: usize, rows: usize, offset: usize, count: usize) -> Option<usize> {
    let row = row.checked_sub(2).filter(|row| *row < rows)?;
    Some(row + offset).filter(|at| *at < count)
}

fn wheel(state: &mut State, column: u16, row: u16, direction: isize) -> Vec<Effect> {
    let layout = layout::layout(state);
    let command = if direction < 0 {
        Command::Up
    } else {
        Command::Down
    };
    let times = match &mut state.overlay {
        None => {
            let pane = pane_at(&layout, column, row);
            return pane.map_or_else(Vec::new, |(pane, _)| {
                moves::scroll(state, pane, direction * WHEEL)
            });
        }
        Some(_) if !layout.overlay.contains(column, row) => 0,
        Some(Overlay::Form(form)) => {
            let code = if direction < 0 { Code::Up } else { Code::Down };
            let page = usize::from(layout.overlay.height);
            if form.is_text() {
                (0..WHEEL).for_each(|_| form.key(Key::plain(code), page));
            }
            0
        }
        Some(Overlay::Menu(_) | Overlay::Themes(_)) => 1,
        Some(Overlay::Payer(_) | Overlay::Step(_) | Overlay::Stake(_)) => 0,
        Some(_) => WHEEL,
    };
    let mut effects = Vec::new();
    for _ in 0..times {
        effects.extend(keys::run(state, command));
    }
    effects
}
