//! Answers made to order: a call that names its own (`Prefer`).

use crate::api::Call;
use crate::console::app::effect::Effect;
use crate::console::app::state::{Overlay, Question, State, Tone};
use crate::console::app::stubs::{Stubs, Then};
use crate::console::app::verbs::Verb;

use super::deed::{Deed, deed};
use super::send::send;

/// The list of answers that a verb's call can name itself.
pub fn of_verb(state: &mut State, verb: Verb) {
    let then = match deed(state, verb) {
        Some(Deed::Fill(form)) => Then::Form(form),
        Some(Deed::Send { call, about }) => Then::Send {
            call: Box::new(call),
            transaction: about,
        },
        Some(Deed::Ask(Question::CloseAccount(user))) => Then::Send {
            call: Box::new(Call::close_account(&user)),
            transaction: None,
        },
        Some(Deed::Pick) => {
            state.say(
                Tone::Plain,
                "choose a payer first: its form can name the answer",
            );
            return;
        }
        _ => {
            state.say(
                Tone::Plain,
                format!("{}: only a new call can name its answer", verb.label()),
            );
            return;
        }
    };
    state.overlay = Some(Overlay::Stubs(Box::new(Stubs::new(then))));
}

/// The same from an open form.
pub fn of_form(state: &mut State) {
    if let Some(Overlay::Form(form)) = state.overlay.take() {
        state.overlay = Some(Overlay::Stubs(Box::new(Stubs::new(Then::Form(form)))));
    }
}

/// Takes the answer that was chosen from the list.
pub fn take(state: &mut State) -> Vec<Effect> {
    let chosen = match &state.overlay {
        Some(Overlay::Stubs(stubs)) => stubs.chosen(),
        _ => None,
    };
    let Some(stub) = chosen else {
        return Vec::new();
    };
    let Some(Overlay::Stubs(stubs)) = state.overlay.take() else {
        return Vec::new();
    };
    match stubs.then {
        Then::Form(mut form) => {
            form.stub = stub;
            state.overlay = Some(Overlay::Form(form));
            Vec::new()
        }
        Then::Send { call, transaction } => {
            let id = state.new_call();
            send(state, id, call.answered_by(stub), transaction)
        }
    }
}
