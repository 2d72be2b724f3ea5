//! What was sent before, once more: the same bytes, under a new key, or edited first. Each is a choice of
//! its own.

use crate::api::{Class, Operation, TransactionId};
use crate::console::app::effect::Effect;
use crate::console::app::form::{Form, Prefill, authorize, identify};
use crate::console::app::menu::{Does, How, Item, Menu};
use crate::console::app::state::{Overlay, State, Tone};
use crate::console::app::verbs::Verb;
use crate::exchange::Outcome;
use crate::record::draft::{Draft, DraftError};
use crate::record::fact::Reply;
use crate::record::lifecycle;
use crate::record::transaction::{Pending, State as Payment};

use super::deed::{Deed, of_transaction};
use super::guard;
use super::send::send;

/// The popup of ways to send it again.
pub fn open(state: &mut State) {
    let Some(draft) = shown(state) else {
        return;
    };
    let (name, key) = (draft.operation.name(), has_key(&draft));
    let same = if draft.stub.is_some() {
        "the same bytes: the same answer made to order"
    } else if draft.operation.moves_money() && is_of_an_old_life(state) {
        "the same bytes: after a reset the API knows no repeat"
    } else if draft.operation.moves_money() && was_not_done(state) {
        "the same bytes: it was not done then, and may be now"
    } else if is_recognised(&draft) {
        "the same bytes: the API knows a repeat, and says the same"
    } else {
        "the same bytes: without a key it happens once more"
    };
    let item = |letter, label, note: String, enabled, how| Item {
        letter,
        label,
        note,
        enabled,
        does: Does::Again(how),
    };
    let new_key = if key {
        format!("another externalTransactionId: another {name}")
    } else {
        "it carries no externalTransactionId".to_owned()
    };
    let items = vec![
        item('s', "The same again", same.to_owned(), true, How::Same),
        item('n', "With a new key", new_key, key, How::NewKey),
        item(
            'e',
            "Edit first",
            "the body as JSON".to_owned(),
            true,
            How::Edit,
        ),
    ];
    state.overlay = Some(Overlay::Menu(Menu::new("Send it again", items, 0)));
}

/// Whether it is being chosen: then what is shown stays, for it is what will be sent.
pub fn is_open(state: &State) -> bool {
    let Some(Overlay::Menu(menu)) = &state.overlay else {
        return false;
    };
    let mut items = menu.items.iter();
    items.any(|item| matches!(item.does, Does::Again(_)))
}

/// The way that was chosen.
pub fn perform(state: &mut State, how: How) -> Vec<Effect> {
    let Some(draft) = shown(state) else {
        return Vec::new();
    };
    state.overlay = None;
    match how {
        How::Same => same(state, &draft),
        How::NewKey | How::Edit => {
            edit(state, draft, how == How::NewKey);
            Vec::new()
        }
    }
}

/// A draft of a curl line that was pasted.
pub fn paste(state: &mut State, line: &str) {
    match Draft::of_curl(line) {
        Ok(draft) => {
            edit(state, draft, false);
            let endpoint = format!("{} {}", state.endpoint.badge(), state.endpoint.address);
            state.say(
                Tone::Plain,
                format!("from curl; it goes to {endpoint}, with its credentials"),
            );
        }
        Err(error) => refuse(state, &error),
    }
}

/// A draft of the exchange that is shown.
fn shown(state: &mut State) -> Option<Draft> {
    let Some(shown) = &state.inspector.shown else {
        state.say(Tone::Plain, "nothing to send again yet");
        return None;
    };
    if shown.arrived {
        state.say(
            Tone::Plain,
            "that came to us: it cannot be sent again from here",
        );
        return None;
    }
    if state.endpoint.kind.is_remote() && is_of_an_old_life(state) {
        state.say(
            Tone::Bad,
            "it was sent with other credentials, or to another address",
        );
        return None;
    }
    match Draft::of_request(&shown.request) {
        Ok(draft) if is_about_money_of_an_old_life(state, &draft) => {
            state.say(
                Tone::Bad,
                "the sandbox was reset since: its id may be another payment's",
            );
            None
        }
        Ok(draft) => Some(draft),
        Err(error) => {
            refuse(state, &error);
            None
        }
    }
}

fn is_about_money_of_an_old_life(state: &State, draft: &Draft) -> bool {
    let moves = draft.operation.moves_money() && draft.stub.is_none();
    moves && draft.id.is_some() && is_of_an_old_life(state)
}

/// Whether what is shown is of before a reset.
fn is_of_an_old_life(state: &State) -> bool {
    let shown = state.inspector.shown.as_ref();
    let epoch = shown.and_then(|shown| shown.epoch);
    epoch.is_some_and(|epoch| epoch != state.epoch)
}

/// Whether what is shown ended so that the API keeps no answer to repeat.
fn was_not_done(state: &State) -> bool {
    let shown = state.inspector.shown.as_ref();
    match shown.and_then(|shown| shown.outcome.as_ref()) {
        Some(Outcome::Answered { response, .. }) => {
            let reply = Reply::read(response);
            let class = reply.map(|reply| reply.code().class());
            matches!(class, Some(Class::Mistake | Class::Transient))
        }
        Some(Outcome::NotSent { .. }) => true,
        Some(Outcome::Cut { .. }) | None => false,
    }
}

/// Whether the draft has the bytes whose repeat tells what became of them.
fn tells(state: &State, draft: &Draft) -> bool {
    let (Some(shown), Some(id)) = (&state.inspector.shown, &draft.id) else {
        return false;
    };
    let payment = guard::payment(state, &TransactionId::from(id.as_str()));
    let unresolved = payment.and_then(|payment| payment.unresolved());
    unresolved.is_some_and(|open| {
        Pending::read(open.call, draft.operation, &shown.request, true).same == open.same
    })
}

fn refuse(state: &mut State, error: &DraftError) {
    state.say(Tone::Bad, format!("no draft of this: {error}"));
}

fn same(state: &mut State, draft: &Draft) -> Vec<Effect> {
    let moves = draft.operation.moves_money() && draft.stub.is_none();
    let about = draft
        .id
        .as_deref()
        .filter(|_| moves)
        .map(TransactionId::from);
    let call = draft.call();
    let meant = tells(state, draft).then_some(lifecycle::Verb::SendAgain);
    if let Some(why) = guard::objection(state, &call, about.as_ref(), meant) {
        state.say(Tone::Bad, format!("not sent: {why}"));
        return Vec::new();
    }
    let id = state.new_call();
    send(state, id, call, about)
}

fn edit(state: &mut State, draft: Draft, new_key: bool) {
    let prefill = state.prefill();
    let own = own_form(state, &draft, &prefill);
    let Some(mut form) = Form::of_draft(draft, own, prefill.call) else {
        state.say(Tone::Bad, "its body is not text, and cannot be edited here");
        return;
    };
    if new_key && let Err(problem) = form.set_external(&prefill.external) {
        state.say(Tone::Bad, format!("no new key: {}", problem.words));
    }
    state.overlay = Some(Overlay::Form(Box::new(form)));
}

/// The form of the operation, where it has one here.
fn own_form(state: &mut State, draft: &Draft, prefill: &Prefill) -> Option<Form> {
    let verb = match draft.operation {
        Operation::Identify => return Some(identify::blank(prefill)),
        Operation::Authorize => return Some(authorize::form(&"".into(), prefill)),
        Operation::Capture => Verb::Capture,
        Operation::Cancel | Operation::Refund => Verb::Refund,
        _ => return None,
    };
    let id = TransactionId::from(draft.id.as_deref()?);
    let payment = guard::payment(state, &id)?.clone();
    let fits = match verb {
        Verb::Capture => payment.state == Payment::Authorized,
        _ => matches!(payment.state, Payment::Captured(_)),
    };
    match of_transaction(state, &payment, verb).filter(|_| fits)? {
        Deed::Fill(form) => Some(*form),
        _ => None,
    }
}

fn has_key(draft: &Draft) -> bool {
    let body: Option<serde_json::Value> = draft
        .body
        .as_deref()
        .and_then(|body| serde_json::from_slice(body).ok());
    let key = body
        .as_ref()
        .and_then(|body| body.get("externalTransactionId"));
    let takes_one = matches!(
        draft.operation,
        Operation::Authorize | Operation::Refund | Operation::Cancel
    );
    takes_one && key.is_some_and(|key| key.as_str().is_some_and(|key| !key.is_empty()))
}

/// Whether the API knows a repeat of it: a start and a partial refund by their key, a capture and a whole
/// DELETE by themselves. Calls that only read may be repeated anyway.
fn is_recognised(draft: &Draft) -> bool {
    let names_amounts = draft.body.as_deref().is_some_and(|body| {
        let body: Option<serde_json::Value> = serde_json::from_slice(body).ok();
        body.is_some_and(|body| body.get("paymentItems").is_some())
    });
    match draft.operation {
        Operation::Authorize => has_key(draft),
        Operation::Refund | Operation::Cancel => !names_amounts || has_key(draft),
        Operation::Identify => false,
        _ => true,
    }
}
