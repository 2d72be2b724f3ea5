//! The keys of the inspector, and the comparison of two exchanges.

use crate::console::app::command::Command;
use crate::console::app::compare::Compare;
use crate::console::app::copy::Bytes;
use crate::console::app::effect::{Effect, Query};
use crate::console::app::inspector::{Ask, Shown};
use crate::console::app::state::{Overlay, Pane, State, Tone};
use crate::record::compare::Comparison;

/// Exchanges that can be marked at a time.
const MARKS: usize = 2;

/// Whether printable keys go to a line in the inspector's border.
pub fn is_typing(state: &State) -> bool {
    state.overlay.is_none() && state.focus == Pane::Inspector && state.inspector.prompt.is_some()
}

/// Shows an exchange; one with long bodies is laid out elsewhere.
pub fn show(state: &mut State, shown: Option<Box<Shown>>) -> Vec<Effect> {
    let long = state.inspector.show(shown);
    long.map(Effect::LayOut).into_iter().collect()
}

/// A command that is the inspector's own.
pub fn command(state: &mut State, command: Command) -> Vec<Effect> {
    let inspector = &mut state.inspector;
    let has_body = inspector.page().body.is_some();
    match command {
        Command::Search => inspector.open(Ask::Search),
        Command::NextMatch | Command::PreviousMatch if !inspector.search.is_on() => {
            state.say(Tone::Plain, "nothing is searched for: / begins");
        }
        Command::NextMatch => inspector.go_to_match(1),
        Command::PreviousMatch => inspector.go_to_match(-1),
        Command::ToggleWrap => inspector.look.wrap = !inspector.look.wrap,
        Command::AskQuery if inspector.turn_to_a_body() => inspector.open(Ask::Query),
        _ if !has_body => state.say(Tone::Plain, "there is no body here"),
        Command::ToggleNumbers => inspector.look.numbers = !inspector.look.numbers,
        Command::TurnRaw if inspector.has_raw() => inspector.turn_raw(),
        Command::TurnRaw => state.say(Tone::Plain, "it is shown as it came: it is not JSON"),
        Command::ToggleFold => inspector.toggle_fold(),
        Command::FoldMore => inspector.fold_level(true),
        Command::FoldLess => inspector.fold_level(false),
        Command::CopyValue => match inspector.under_cursor() {
            Some((_, bytes)) => {
                return vec![Effect::Copy {
                    what: "value",
                    bytes: Bytes(bytes),
                }];
            }
            None => state.say(Tone::Plain, "there is no value on this line"),
        },
        _ => {}
    }
    Vec::new()
}

/// A command in the open line.
pub fn in_line(state: &mut State, command: Command) -> Vec<Effect> {
    let inspector = &mut state.inspector;
    match (command, inspector.prompt) {
        (Command::Submit, Some(Ask::Query)) => {
            let asked = inspector.ask();
            let filter = inspector.query.filter().to_owned();
            return vec![match asked {
                Some((number, body)) => Effect::Query {
                    number,
                    filter,
                    body,
                },
                None => Effect::StopQuery,
            }];
        }
        (Command::Submit, _) => inspector.prompt = None,
        (Command::Up, Some(Ask::Query)) => inspector.query.recall(-1),
        (Command::Down, Some(Ask::Query)) => inspector.query.recall(1),
        _ => {}
    }
    Vec::new()
}

/// Marks the selected line of the timeline, or not any more. A third mark takes the place of the oldest.
pub fn mark(state: &mut State) {
    let selected = state.timeline.selected().map(|line| line.seq);
    let Some(seq) = selected.filter(|_| state.focus == Pane::Timeline) else {
        state.say(Tone::Plain, "marks are for lines of the timeline (4)");
        return;
    };
    let marks = &mut state.marks;
    if let Some(at) = marks.iter().position(|marked| *marked == seq) {
        marks.remove(at);
        return;
    }
    if marks.len() == MARKS {
        marks.remove(0);
    }
    marks.push(seq);
    let words = match marks.len() {
        1 => "one is marked: mark another, and d compares them",
        _ => "two are marked: d compares them",
    };
    state.say(Tone::Plain, words);
}

pub fn compare(state: &mut State) -> Vec<Effect> {
    match state.marks[..] {
        // The older one is the left one.
        [one, other] => vec![Effect::Read(Query::Compare(one.min(other), one.max(other)))],
        [_] => {
            state.say(
                Tone::Plain,
                "only one is marked: space in the timeline marks another",
            );
            Vec::new()
        }
        _ => {
            state.say(
                Tone::Plain,
                "mark two exchanges with space in the timeline first",
            );
            Vec::new()
        }
    }
}

pub fn compared(state: &mut State, comparison: Option<Box<Comparison>>) {
    match comparison {
        // What was opened meanwhile is not covered.
        Some(_) if state.overlay.is_some() => {}
        Some(comparison) => {
            state.overlay = Some(Overlay::Compare(Box::new(Compare::new(*comparison))));
        }
        None => state.say(Tone::Bad, "one of the two marked lines is no exchange"),
    }
}
