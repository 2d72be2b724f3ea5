//! Focus, selection and scrolling.

use crate::console::app::effect::{Effect, Query};
use crate::console::app::layout::{self, Rect};
use crate::console::app::state::{Overlay, Pane, State, Subject};
use crate::console::app::{command::Command, list::Keyed, list::List, verbs};

/// Rows left in a window before more are asked for.
const MARGIN: usize = 50;

/// How many rows a pane shows.
fn height(rect: Rect) -> usize {
    usize::from(rect.inner().height)
}

/// The rows that each list has room for: sessions, transactions (less its heading), timeline.
fn heights(state: &State) -> (usize, usize, usize) {
    let layout = layout::layout(state);
    (
        height(layout.sessions),
        height(layout.transactions).saturating_sub(1),
        height(layout.timeline),
    )
}

/// Columns and rows for the inspector's text: one column is its margin, one row are the tabs.
fn inspector_size(state: &State) -> (usize, usize) {
    let inner = layout::layout(state).inspector.inner();
    (
        usize::from(inner.width).saturating_sub(1),
        usize::from(inner.height).saturating_sub(1),
    )
}

/// The rows that a form's text has room for: less what is wrong with it (two rows) and the keys.
pub fn text_rows(state: &State) -> usize {
    height(layout::layout(state).overlay)
        .saturating_sub(4)
        .max(1)
}

/// Selections and cursors stay visible, whatever changed.
pub fn keep_in_view(state: &mut State) {
    let rows = text_rows(state);
    if let Some(Overlay::Form(form)) = &mut state.overlay {
        form.scroll_to_cursor(rows);
    }
    // Payments of other programs come while nobody has looked at the list: one begins with the newest.
    if state.subject == Subject::Session {
        state.transactions.rest_on_the_first();
    }
    let (sessions, transactions, timeline) = heights(state);
    state.sessions.scroll_to_selection(sessions);
    state.transactions.scroll_to_selection(transactions);
    state.timeline.scroll_to_selection(timeline);
    let size = inspector_size(state);
    state.inspector.keep_in_view(size);
}

pub fn focus(state: &mut State, pane: Pane) {
    state.focus = pane;
    match pane {
        Pane::Sessions => state.subject = Subject::Session,
        Pane::Transactions => {
            state.transactions.choose();
            state.subject = Subject::Transaction;
        }
        Pane::Verbs => {
            let offers = verbs::offers(state);
            state.verb = offers[verbs::next(&offers)].verb;
        }
        Pane::Inspector | Pane::Timeline => {}
    }
}

pub fn focus_step(state: &mut State, by: isize) {
    let count = Pane::ALL.len();
    let at = Pane::ALL
        .iter()
        .position(|pane| *pane == state.focus)
        .unwrap_or(0);
    focus(
        state,
        Pane::ALL[(at + count).saturating_add_signed(by) % count],
    );
}

/// A command that moves within the focused pane.
pub fn step(state: &mut State, command: Command) -> Vec<Effect> {
    let (sessions, transactions, timeline) = heights(state);
    match state.focus {
        Pane::Sessions => step_list(&mut state.sessions, command, sessions),
        Pane::Transactions => step_list(&mut state.transactions, command, transactions),
        Pane::Timeline => step_list(&mut state.timeline, command, timeline),
        Pane::Inspector => step_inspector(state, command),
        Pane::Verbs => {}
    }
    settle(state, state.focus)
}

/// What follows from another selection in a list.
pub fn settle(state: &mut State, pane: Pane) -> Vec<Effect> {
    match pane {
        Pane::Sessions => {
            turn_timeline(state);
            let filter = state.sessions.filter.clone();
            more(&state.sessions, |around| Query::Sessions { around, filter })
        }
        Pane::Transactions => {
            turn_timeline(state);
            let filter = state.transactions.filter.clone();
            more(&state.transactions, |around| Query::Transactions {
                around,
                filter,
            })
        }
        Pane::Timeline => {
            state.following = state
                .timeline
                .position()
                .is_none_or(|at| at + 1 == state.timeline.rows.len());
            let filter = state.timeline.filter.clone();
            more(&state.timeline, |around| Query::Timeline { around, filter })
        }
        Pane::Inspector | Pane::Verbs => Vec::new(),
    }
}

/// The wheel over a pane, which need not have the focus.
pub fn scroll(state: &mut State, pane: Pane, by: isize) -> Vec<Effect> {
    let (sessions, transactions, timeline) = heights(state);
    match pane {
        Pane::Sessions => state.sessions.scroll(by, sessions),
        Pane::Transactions => state.transactions.scroll(by, transactions),
        Pane::Timeline => state.timeline.scroll(by, timeline),
        Pane::Inspector => {
            let command = if by < 0 { Command::Up } else { Command::Down };
            for _ in 0..by.unsigned_abs() {
                step_inspector(state, command);
            }
        }
        Pane::Verbs => {}
    }
    settle(state, pane)
}

/// Another row was selected: the timeline shows its latest line, and what was said of another is gone.
fn turn_timeline(state: &mut State) {
    state.toast = None;
    let latest = match state.subject {
        Subject::Session => state.sessions.selected().and_then(|session| {
            let lines = state.timeline.rows.iter().rev();
            lines
                .into_iter()
                .find(|line| line.session == Some(session.key))
        }),
        Subject::Transaction => state.transactions.selected().and_then(|payment| {
            let lines = state.timeline.rows.iter().rev();
            lines
                .into_iter()
                .find(|line| line.transaction == Some(payment.key))
        }),
    };
    if let Some(seq) = latest.map(|line| line.seq) {
        state.timeline.select(&seq);
        let newest = state.timeline.rows.last().map(|line| line.seq);
        state.following = newest == Some(seq);
    }
}

fn step_list<T: Keyed>(list: &mut List<T>, command: Command, height: usize) {
    match distance(command, height) {
        Some(by) => list.step(by),
        None if command == Command::First => list.select_at(0),
        None if command == Command::Last => list.select_at(usize::MAX),
        None => {}
    }
}

fn step_inspector(state: &mut State, command: Command) {
    match distance(command, inspector_size(state).1) {
        Some(by) => state.inspector.step(by),
        None if command == Command::First => state.inspector.step(isize::MIN),
        None if command == Command::Last => state.inspector.step(isize::MAX),
        None => {}
    }
}

/// How far a command moves in a pane of `height` rows.
pub fn distance(command: Command, height: usize) -> Option<isize> {
    let page = isize::try_from(height.max(2) - 1).unwrap_or(isize::MAX);
    Some(match command {
        Command::Up => -1,
        Command::Down => 1,
        Command::PageUp => -page,
        Command::PageDown => page,
        Command::HalfPageUp => -(page / 2).max(1),
        Command::HalfPageDown => (page / 2).max(1),
        _ => return None,
    })
}

/// Asks for rows around the selection where it has come near an end of the window that is not the end
/// of the list.
fn more<T: Keyed>(list: &List<T>, query: impl FnOnce(Option<T::Key>) -> Query) -> Vec<Effect> {
    let Some(at) = list.position() else {
        return Vec::new();
    };
    let near_top = at < MARGIN && list.before;
    let near_end = at + MARGIN >= list.rows.len() && list.after;
    if near_top || near_end {
        vec![Effect::Read(query(list.rows.get(at).map(Keyed::key)))]
    } else {
        Vec::new()
    }
}
