//! What must not leave, however much it is wanted: a call that moves money while nobody knows what it would
//! do.

use crate::api::{Call, Operation, TransactionId};
use crate::console::app::form::{Form, Purpose};
use crate::console::app::state::{Overlay, Question, State, Tone};
use crate::console::app::stubs::Then;
use crate::exchange::Epoch;
use crate::record::Transaction;
use crate::record::lifecycle::{self, Availability, Verb};
use crate::record::transaction::State as Payment;

/// What stands against this call, `meant` as what the user was told that it is. The API's own objections do
/// not: it may be sent to see them. Neither does anything where the call names its answer, for it moves
/// nothing.
pub fn objection(
    state: &State,
    call: &Call,
    about: Option<&TransactionId>,
    meant: Option<Verb>,
) -> Option<String> {
    if !call.operation.moves_money() || call.stub.is_some() {
        return None;
    }
    if !state.unrecorded.is_empty() {
        return Some("the journal cannot be written".to_owned());
    }
    let about = about?;
    let mut waiting = state.calls.values();
    if waiting.any(|waiting| waiting.transaction.as_ref() == Some(about)) {
        return Some("another call on this payment is under way".to_owned());
    }
    let Some(payment) = payment(state, about) else {
        // Where all payments are at hand it is none of ours, and the API says what it thinks of the id.
        return state
            .transactions
            .is_part()
            .then(|| "its payment is not in the list: go to it first".to_owned());
    };
    let verb = meant.or_else(|| verb(call, payment))?;
    match lifecycle::of_transaction(payment, verb, state.epoch) {
        Availability::Not { because } if !because.is_the_api_s() => Some(because.to_string()),
        _ => None,
    }
}

/// The same against sending the unresolved call of a payment once more.
pub fn objection_to_again(state: &State, payment: &Transaction) -> Option<String> {
    if !state.unrecorded.is_empty() {
        return Some("the journal cannot be written".to_owned());
    }
    match lifecycle::of_transaction(payment, Verb::SendAgain, state.epoch) {
        Availability::Not { because } => Some(because.to_string()),
        Availability::Possible { .. } => None,
    }
}

/// The payment of now that has this id: after a reset it may be another one's.
pub fn payment<'s>(state: &'s State, id: &TransactionId) -> Option<&'s Transaction> {
    let mut rows = state.transactions.rows.iter();
    rows.find(|row| row.epoch == state.epoch && row.id.as_ref() == Some(id))
}

/// A DELETE is what the payment makes of it.
const fn verb(call: &Call, payment: &Transaction) -> Option<Verb> {
    match call.operation {
        Operation::Capture => Some(Verb::Capture),
        Operation::Cancel | Operation::Refund => Some(match payment.state {
            Payment::Captured(_) => Verb::Refund,
            _ => Verb::Cancel,
        }),
        _ => None,
    }
}

/// What a form is for, in the words of the lifecycle. A DELETE that was drafted may be either.
pub const fn meant(form: &Form) -> Option<Verb> {
    match form.purpose {
        Purpose::Capture(_) => Some(Verb::Capture),
        Purpose::Refund(_) => Some(Verb::Refund),
        Purpose::Identify | Purpose::Authorize | Purpose::Draft(_) => None,
    }
}

/// The sandbox is in this life. Where that is another one, what is open for something of the old one goes:
/// its ids may be given again.
pub fn enter(state: &mut State, epoch: Epoch) {
    if std::mem::replace(&mut state.epoch, epoch) == epoch {
        return;
    }
    state.totals.clear();
    let is_of_the_old = |form: &Form| match &form.purpose {
        Purpose::Capture(_) | Purpose::Refund(_) => true,
        Purpose::Draft(draft) => draft.id.is_some(),
        Purpose::Identify | Purpose::Authorize => false,
    };
    let open = match &state.overlay {
        Some(Overlay::Copied(under)) => under.as_deref(),
        open => open.as_ref(),
    };
    let goes = match open {
        Some(Overlay::Form(form)) => is_of_the_old(form),
        Some(Overlay::Preview(preview)) => is_of_the_old(&preview.form),
        Some(Overlay::Stubs(stubs)) => match &stubs.then {
            Then::Form(form) => is_of_the_old(form),
            Then::Send { .. } => true,
        },
        Some(Overlay::Confirm(Question::CloseAccount(_))) => true,
        _ => false,
    };
    if goes {
        state.overlay = None;
        state.say(
            Tone::Bad,
            "the sandbox was reset: what this was for is gone",
        );
    }
}
