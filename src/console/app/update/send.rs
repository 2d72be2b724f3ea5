//! Calls on their way: ordered, asked about, awaited, given up.
//!
//! Every call goes through [`send`] or [`send_again`], whatever made it: what must not leave an endpoint is
//! stopped here, and on a live one money waits until its amount is typed.

use jiff::SignedDuration;

use crate::api::{Call, Method, Operation, TransactionId};
use crate::console::app::effect::Effect;
use crate::console::app::endpoint::{DeleteBody, READ_ONLY};
use crate::console::app::stake::{Order, Stake};
use crate::console::app::state::{Overlay, State, Tone, Waiting};
use crate::exchange::CallId;
use crate::record::asked::Asked;
use crate::record::moves::{self, Moves, Unclear};
use crate::record::{Origin, SessionKey, Transaction};

use super::guard;

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
    if let Some(why) = barred(state, &call) {
        state.say(Tone::Bad, format!("not sent: {why}"));
        return Vec::new();
    }
    let order = Order::Send {
        id,
        call,
        transaction,
    };
    ask_or_leave(state, order)
}

pub fn send_again(state: &mut State, transaction: &Transaction) -> Vec<Effect> {
    let refunds_a_part = transaction.unresolved().is_some_and(|open| {
        open.operation.method() == Method::Delete && open.asked.price.is_some()
    });
    let why = if state.endpoint.read_only {
        Some(READ_ONLY)
    } else if refunds_a_part && state.endpoint.delete_body == DeleteBody::IsDropped {
        Some(BODY_DROPPED)
    } else {
        None
    };
    if let Some(why) = why {
        state.say(Tone::Bad, format!("not sent: {why}"));
        return Vec::new();
    }
    ask_or_leave(state, Order::Again(transaction.key))
}

const BODY_DROPPED: &str =
    "the body of a DELETE is dropped on the way: all would be refunded (bango doctor)";
const MADE_TO_ORDER: &str = "a live endpoint is asked for no answer made to order";

/// Why a call never leaves for this endpoint.
fn barred(state: &State, call: &Call) -> Option<&'static str> {
    if state.endpoint.read_only && !call.method.only_reads() {
        Some(READ_ONLY)
    } else if state.endpoint.is_live() && call.stub.is_some() {
        Some(MADE_TO_ORDER)
    } else if state.endpoint.delete_body == DeleteBody::IsDropped && needs_its_body(call) {
        Some(BODY_DROPPED)
    } else {
        None
    }
}

/// Whether without its body a DELETE would be another one: of the whole, not of a part.
fn needs_its_body(call: &Call) -> bool {
    let names_amounts = || {
        let body = call.body.as_deref().unwrap_or_default();
        // What cannot be read is refused for its body, and not without it.
        Asked::read(body).price.is_some()
            || serde_json::from_slice::<serde_json::Value>(body).is_err()
    };
    call.method == Method::Delete && call.body.is_some() && names_amounts()
}

fn ask_or_leave(state: &mut State, order: Order) -> Vec<Effect> {
    if !state.endpoint.is_live() || !moves_money(&order) {
        return leave(state, order);
    }
    match at_stake(state, &order) {
        Ok(moves) => state.overlay = Some(Overlay::Stake(Box::new(Stake::new(moves, order)))),
        Err(why) => state.say(Tone::Bad, format!("not sent: {why}")),
    }
    Vec::new()
}

const fn moves_money(order: &Order) -> bool {
    match order {
        Order::Send { call, .. } => call.operation.moves_money(),
        // Only what moves money is ever in doubt.
        Order::Again(_) => true,
    }
}

/// What an order would move as things stand now.
fn at_stake(state: &State, order: &Order) -> Result<Moves, Unclear> {
    match order {
        Order::Send {
            call, transaction, ..
        } => {
            let payment = transaction
                .as_ref()
                .and_then(|id| guard::payment(state, id));
            moves::of_call(call, payment)
        }
        Order::Again(payment) => {
            let payment = state
                .transactions
                .get(payment)
                .ok_or("its payment has gone")?;
            let unresolved = payment.unresolved().ok_or("its outcome is known by now")?;
            moves::of_again(payment, unresolved)
        }
    }
}

/// The amount was typed, or something else. What it would move may have changed since it was asked: another
/// console captures, and the cancel becomes a refund.
pub fn typed(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Stake(mut open)) = state.overlay.take() else {
        return Vec::new();
    };
    if !open.is_typed() {
        open.problem = Some(if open.editor.value().trim().is_empty() {
            "the amount is not typed yet"
        } else {
            "that is not the amount"
        });
        state.overlay = Some(Overlay::Stake(open));
        return Vec::new();
    }
    let why = match at_stake(state, &open.order) {
        Ok(moves) if moves == open.moves => objection(state, &open.order),
        Ok(_) => Some("what it would do has changed meanwhile: look at the payment".to_owned()),
        Err(why) => Some(why.to_owned()),
    };
    match why {
        None => leave(state, open.order),
        Some(why) => {
            state.say(Tone::Bad, format!("not sent: {why}"));
            Vec::new()
        }
    }
}

/// What has come to stand against it while it was asked about.
fn objection(state: &State, order: &Order) -> Option<String> {
    match order {
        Order::Send {
            call, transaction, ..
        } => guard::objection(state, call, transaction.as_ref(), None),
        Order::Again(payment) => {
            let payment = state.transactions.get(payment)?;
            guard::objection_to_again(state, payment)
        }
    }
}

/// There is no way to here but through what stands above.
fn leave(state: &mut State, order: Order) -> Vec<Effect> {
    match order {
        Order::Send {
            id,
            call,
            transaction,
        } => {
            if call.operation == Operation::Identify {
                state.begun.insert(SessionKey(Origin::Call(id)));
            }
            let mut effects = wait_for(state, id, call.operation, transaction);
            effects.push(Effect::Send { id, call });
            effects
        }
        Order::Again(payment) => {
            let payment = state.transactions.get(&payment).cloned();
            let Some((payment, unresolved)) =
                payment.and_then(|payment| Some((payment.clone(), payment.unresolved()?.clone())))
            else {
                return Vec::new();
            };
            let id = state.new_call();
            let mut effects = wait_for(state, id, unresolved.operation, payment.id);
            let of = unresolved.call;
            effects.push(Effect::SendAgain { id, of });
            effects
        }
    }
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
