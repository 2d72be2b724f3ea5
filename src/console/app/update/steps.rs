//! Steps of an identification that are no pages: shown, done, waited for.

use jiff::SignedDuration;

use crate::api::{Action, Call};
use crate::console::app::command::Command;
use crate::console::app::effect::{Control, Effect};
use crate::console::app::state::{Overlay, State, Tone};
use crate::console::app::step::{self, Step};
use crate::record::{Session, SessionKey};

use super::send::send_new;

/// A session was answered to us: what it asks for is shown where nothing else is, and a time to wait begins
/// to run where the answer `asks` for it. Nothing is sent again by itself after any other one.
pub fn answered(state: &mut State, session: &Session, asks: bool) -> Vec<Effect> {
    let due = step::due(session, state.at).filter(|_| asks);
    match due {
        Some(due) => state.waits.insert(session.key, due),
        None => state.waits.remove(&session.key),
    };
    match (&state.overlay, Step::of(session)) {
        (None, Some(step)) if asks => state.overlay = Some(Overlay::Step(step)),
        (Some(Overlay::Step(open)), None) if open.session == session.key => state.overlay = None,
        _ => {}
    }
    wake(state).into_iter().collect()
}

/// The sessions whose time is over are asked again.
pub fn go_on_when_due(state: &mut State) -> Vec<Effect> {
    let due: Vec<SessionKey> = state
        .waits
        .iter()
        .filter(|(_, due)| **due <= state.at)
        .map(|(key, _)| *key)
        .collect();
    let mut effects = Vec::new();
    for key in due {
        state.waits.remove(&key);
        let session = state
            .sessions
            .get(&key)
            .filter(|session| step::action(session).is_some());
        let id =
            session.filter(|session| session.epoch == state.epoch && session.in_flight.is_empty());
        if let Some(id) = id.and_then(|session| session.id.clone()) {
            effects.extend(send_new(state, Call::go_on(&id)));
        }
    }
    effects
}

/// The next time at which a waiting session is looked at: it is over, or its seconds have changed.
pub fn wake(state: &State) -> Option<Effect> {
    let first = *state.waits.values().min()?;
    if state.look.still {
        return Some(Effect::WakeAt(first));
    }
    let second = state.at + SignedDuration::from_secs(1);
    Some(Effect::WakeAt(first.min(second)))
}

/// Nothing is gone on with by itself any more.
pub fn stop(state: &mut State) -> bool {
    let stopped = !state.waits.is_empty();
    if stopped {
        state.waits.clear();
        state.say(
            Tone::Plain,
            "the identification does not go on by itself any more",
        );
    }
    stopped
}

/// A command to the popup of a step.
pub fn command(state: &mut State, key: SessionKey, command: Command) -> Vec<Effect> {
    let Some(session) = state.sessions.get(&key).cloned() else {
        state.overlay = None;
        return Vec::new();
    };
    let (Some(id), Some(action)) = (&session.id, step::action(&session)) else {
        return Vec::new();
    };
    let call = match (command, action) {
        (Command::CancelStep, _) | (Command::Open, Action::Unknown(_)) => Call::cancel_step(id),
        (Command::Open, _) => Call::go_on(id),
        (Command::SmsArrives, _) if state.endpoint.kind.is_remote() => return Vec::new(),
        (Command::SmsArrives, Action::SendSms { .. } | Action::Wait { .. }) => {
            return vec![Effect::Steer(Control::SmsArrives {
                session: key,
                id: id.clone(),
            })];
        }
        (Command::CopySms, Action::SendSms { text, .. }) => {
            return vec![Effect::Copy {
                what: "SMS text",
                bytes: text.as_str().into(),
            }];
        }
        _ => return Vec::new(),
    };
    if !session.in_flight.is_empty() {
        return Vec::new();
    }
    state.waits.remove(&key);
    send_new(state, call)
}

/// The sandbox has let the SMS arrive: the session can say so now.
pub fn steered(state: &mut State, key: SessionKey) -> Vec<Effect> {
    let session = state.sessions.get(&key);
    let open =
        session.filter(|session| step::action(session).is_some() && session.in_flight.is_empty());
    let Some(id) = open.and_then(|session| session.id.clone()) else {
        return Vec::new();
    };
    state.waits.remove(&key);
    send_new(state, Call::go_on(&id))
}
