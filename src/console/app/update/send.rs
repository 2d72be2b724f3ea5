//! Calls on their way: ordered, awaited, given up.

use jiff::SignedDuration;

use crate::api::{Call, Operation, TransactionId};
use crate::console::app::effect::Effect;
use crate::console::app::state::{State, Waiting};
use crate::exchange::CallId;
use crate::record::{Origin, SessionKey, Transaction};

pub fn send_new(state: &mut State, call: Call) -> Vec<Effect> {
    let id = state.new_call();
    send(state, id, call, None)
}

/// `transaction` is the payment whose money the call moves.
pub fn send(
    state: &mut State,
    id: CallId,
    call: Call,
    transaction: Option<TransactionId>,
) -> Vec<Effect> {
    if call.operation == Operation::Identify {
        state.begun.insert(SessionKey(Origin::Call(id)));
    }
    let mut effects = wait_for(state, id, call.operation, transaction);
    effects.push(Effect::Send { id, call });
    effects
}

pub fn send_again(state: &mut State, transaction: &Transaction) -> Vec<Effect> {
    let Some(unresolved) = transaction.unresolved() else {
        return Vec::new();
    };
    let id = state.new_call();
    let mut effects = wait_for(state, id, unresolved.operation, transaction.id.clone());
    effects.push(Effect::SendAgain {
        id,
        of: unresolved.call,
    });
    effects
}

/// Notes a call under way. The first one asks for the wake-ups that show its seconds.
fn wait_for(
    state: &mut State,
    id: CallId,
    operation: Operation,
    transaction: Option<TransactionId>,
) -> Vec<Effect> {
    // What comes of it is seen at the end of the timeline.
    state.following = true;
    let first = state.calls.is_empty();
    state.calls.insert(
        id,
        Waiting {
            operation,
            transaction,
            since: state.at,
            cancelled: false,
        },
    );
    state.toast = None;
    if first && !state.look.still {
        vec![Effect::WakeAt(state.at + SignedDuration::from_secs(1))]
    } else {
        Vec::new()
    }
}

/// Stops waiting for every answer that is still awaited.
pub fn stop_waiting(state: &mut State) -> Vec<Effect> {
    let waiting = state
        .calls
        .iter_mut()
        .filter(|(_, waiting)| !waiting.cancelled);
    waiting
        .map(|(call, waiting)| {
            waiting.cancelled = true;
            Effect::Cancel(*call)
        })
        .collect()
}
