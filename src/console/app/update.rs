//! How every event changes the state, and what has to happen outside because of it.
//!
//! A thin match: keys, facts and the ends of effects each have their file. Late and unknown events are
//! ignored, never a panic.

mod act;
mod again;
mod answers;
mod deed;
mod done;
mod endpoints;
mod find;
mod guard;
mod inspect;
mod keys;
pub mod look;
mod mouse;
mod moves;
mod recorded;
mod send;
mod steps;
mod told;

pub use keys::layers;
pub use moves::distance;

use jiff::SignedDuration;

use crate::exchange::Epoch;

use super::command::Command;
use super::effect::{Effect, Query};
use super::event::{Event, What};
use super::input::Input;
use super::inspector::Wanted;
use super::state::{Overlay, Pane, State, Subject, Tone};
use crate::record::draft::Draft;
use crate::record::filter::Filter;

/// Bytes of the longest text in a body that the sandbox takes.
const LONGEST_PASTE: usize = 64 * 1024;

/// What to ask for at the start.
pub fn start(epoch: Epoch) -> Vec<Effect> {
    vec![
        Effect::Read(Query::Sessions {
            around: None,
            filter: Filter::default(),
        }),
        Effect::Read(Query::Transactions {
            around: None,
            filter: Filter::default(),
        }),
        Effect::Read(Query::Timeline {
            around: None,
            filter: Filter::default(),
        }),
        Effect::Read(Query::Totals(epoch)),
    ]
}

/// Takes one event.
pub fn update(state: &mut State, event: Event) -> Vec<Effect> {
    state.at = event.at;
    let mut effects = match event.what {
        What::Input(input) => take_input(state, input),
        What::Recorded(recorded) => recorded::take(state, &recorded),
        What::Done(done) => done::take(state, done),
    };
    act::refresh_actions(state);
    moves::keep_in_view(state);
    effects.extend(look(state));
    effects
}

fn take_input(state: &mut State, input: Input) -> Vec<Effect> {
    match input {
        Input::Key(key) => keys::take(state, key),
        Input::Paste(text) => paste(state, &text),
        Input::Resize { width, height } => {
            state.size = (width, height);
            Vec::new()
        }
        Input::Mouse(mouse) => mouse::take(state, mouse),
        Input::Entered => {
            state.pointing.entered = Some(state.at);
            Vec::new()
        }
        Input::Wake => wake(state),
        Input::Ended => vec![Effect::Quit],
    }
}

/// A paste by mistake would leave the field so long that every key waits for it.
fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    if text.len() > LONGEST_PASTE {
        let length = text.len();
        let words = format!("not pasted: {length} bytes, and the API takes {LONGEST_PASTE}");
        state.say(Tone::Bad, words);
        return Vec::new();
    }
    if inspect::is_typing(state) {
        state.inspector.paste(text);
        return Vec::new();
    }
    match &mut state.overlay {
        Some(Overlay::Form(form)) => form.paste(text),
        Some(Overlay::Stake(open)) => open.problem = Some("the amount is typed, not pasted"),
        Some(Overlay::Picker(picker)) => {
            picker.filter.paste(text);
            picker.filtered();
        }
        Some(Overlay::Stubs(stubs)) => {
            stubs.filter.paste(text);
            stubs.filtered();
        }
        Some(Overlay::Palette(palette)) => {
            palette.filter.paste(text);
            palette.filtered();
        }
        Some(Overlay::Help(help)) => {
            help.filter.paste(text);
            help.filtered();
        }
        Some(Overlay::Payer(payer)) => {
            if let super::payer::Step::Page(shown) = &mut payer.step {
                shown.paste(text);
            }
        }
        Some(_) => {}
        None if state.prompt.is_some() => {
            return find::edit(state, |editor| {
                editor.paste(text);
                true
            });
        }
        None if Draft::looks_like_curl(text) && !state.endpoint.replay => {
            match state.endpoint.bars(Command::EditAndSend) {
                None => again::paste(state, text),
                Some(why) => state.say(Tone::Plain, why),
            }
        }
        None => return find::pasted(state, text),
    }
    Vec::new()
}

/// The seconds of a call under way, or until a session is asked again, are shown, so they ask to be woken;
/// nothing else moves by itself, and with `NO_MOTION` not even they.
fn wake(state: &mut State) -> Vec<Effect> {
    let mut effects = steps::go_on_when_due(state);
    if !state.calls.is_empty() && !state.look.still {
        effects.push(Effect::WakeAt(state.at + SignedDuration::from_secs(1)));
    }
    effects.extend(steps::wake(state));
    effects
}

/// What the inspector should show, asked for when it is not what was asked for last.
fn look(state: &mut State) -> Option<Effect> {
    if again::is_open(state) {
        return None;
    }
    let wanted = wanted(state)?;
    if state.inspector.wanted == Some(wanted) && !state.inspector.stale {
        return None;
    }
    state.inspector.stale = false;
    state.inspector.wanted = Some(wanted);
    Some(Effect::Read(Query::Exchange(wanted)))
}

fn wanted(state: &State) -> Option<Wanted> {
    match (state.focus, state.subject) {
        (Pane::Timeline, _) => state
            .timeline
            .selected()
            .map(|line| Wanted::Entry(line.seq)),
        // Looking closer at a line of the timeline keeps that line.
        (Pane::Inspector, _) if matches!(state.inspector.wanted, Some(Wanted::Entry(_))) => {
            state.inspector.wanted
        }
        (_, Subject::Session) => state
            .sessions
            .selected()
            .map(|session| Wanted::Session(session.key)),
        (_, Subject::Transaction) => state
            .transactions
            .selected()
            .map(|transaction| Wanted::Transaction(transaction.key)),
    }
}
