//! From one endpoint to another.

use crate::config::Kind;
use crate::console::app::effect::Effect;
use crate::console::app::endpoint::Reachable;
use crate::console::app::menu::{Does, Item, Menu};
use crate::console::app::state::{Overlay, State, Tone};

/// The endpoints to choose from.
pub fn open(state: &mut State) {
    let here = |choice: &Reachable| choice.name == state.endpoint.name;
    let items: Vec<Item> = state
        .reachable
        .iter()
        .zip('1'..)
        .map(|(choice, letter)| Item {
            letter,
            label: choice.kind.map_or("unknown", Kind::word),
            note: if here(choice) {
                format!("{}  you are here", choice.name)
            } else {
                format!("{}  {}", choice.name, choice.words)
            },
            enabled: choice.possible,
            does: Does::GoTo(choice.name.clone()),
        })
        .collect();
    let first = items.iter().position(|item| {
        let goes = matches!(&item.does, Does::GoTo(name) if *name != state.endpoint.name);
        item.enabled && goes
    });
    let Some(first) = first else {
        state.say(
            Tone::Plain,
            "there is no other endpoint: config.toml names them ([profile.NAME])",
        );
        return;
    };
    state.overlay = Some(Overlay::Menu(Menu::new(
        "Go to another endpoint",
        items,
        first,
    )));
}

/// Everything that is about this endpoint stays behind: the console is opened anew on the other one.
pub fn go_to(state: &mut State, possible: bool, profile: &str) -> Vec<Effect> {
    if profile == state.endpoint.name {
        state.say(Tone::Plain, "you are here");
        return Vec::new();
    }
    if !possible {
        let mut others = state.reachable.iter();
        let why = others.find(|choice| choice.name == profile);
        let why = why.map_or_else(String::new, |choice| choice.words.clone());
        state.say(Tone::Plain, why);
        return Vec::new();
    }
    state.overlay = None;
    if !state.calls.is_empty() {
        state.say(
            Tone::Bad,
            "a call is under way: its answer comes first, or esc stops waiting for it",
        );
        return Vec::new();
    }
    vec![Effect::Switch {
        profile: profile.to_owned(),
    }]
}
