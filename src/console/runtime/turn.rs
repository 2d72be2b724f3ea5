//! A turn of the console: an event goes in, and what follows from it is done.
//!
//! Needs no terminal. What only the loop can do is handed back to it.

use jiff::Timestamp;

use super::effects::{ForLoop, Outside};
use crate::console::app::effect::Effect;
use crate::console::app::event::{Event, What};
use crate::console::app::state::State;
use crate::console::app::update;

/// Asks for what the first frame shows.
pub fn begin(outside: &mut Outside) -> Vec<ForLoop> {
    let asked = update::start(outside.life.epoch());
    perform(outside, asked)
}

/// Takes one event that happened now.
pub fn turn(state: &mut State, outside: &mut Outside, at: Timestamp, what: What) -> Vec<ForLoop> {
    outside.notice(&what);
    perform(outside, update::update(state, Event { at, what }))
}

fn perform(outside: &mut Outside, effects: Vec<Effect>) -> Vec<ForLoop> {
    effects
        .into_iter()
        .filter_map(|effect| outside.perform(effect))
        .collect()
}
