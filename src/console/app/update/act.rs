//! The verbs put to work: forms opened, calls made, pages walked.

use jiff::SignedDuration;

use crate::api::{Call, Item, Operation, Start, TransactionId};
use crate::console::app::command::Command;
use crate::console::app::effect::{Effect, Visit};
use crate::console::app::form::adjust::{self, Target};
use crate::console::app::form::{Purpose, authorize, identify};
use crate::console::app::menu::Menu;
use crate::console::app::payer::{Payer, Step, Whose};
use crate::console::app::state::{Overlay, State, Subject, Tone, Waiting};
use crate::console::app::verbs::{self, Offer, Verb};
use crate::exchange::CallId;
use crate::money::{Amount, Currency};
use crate::record::entry::Origin;
use crate::record::transaction::State as Payment;
use crate::record::{Session, SessionKey, Transaction};

pub fn open_actions(state: &mut State) {
    let offers = verbs::offers(state);
    let next = verbs::next(&offers);
    let title = match state.subject {
        Subject::Session => "What to do with this payer",
        Subject::Transaction => "What to do with this payment",
    };
    state.overlay = Some(Overlay::Menu(Menu::new(title, verbs::items(&offers), next)));
}

/// An open popup of verbs tells what is possible now, whatever was when it was opened.
pub fn refresh_actions(state: &mut State) {
    let items = verbs::items(&verbs::offers(state));
    if let Some(Overlay::Menu(menu)) = &mut state.overlay {
        menu.refresh(items);
    }
}

/// The verb that usually comes next. Each asks once more, in a form or on a page; one that would send
/// at once is left to the popup.
///
/// While an answer is awaited it does nothing: a key that is held must not go on to the next form.
pub fn perform_next(state: &mut State) -> Vec<Effect> {
    if !state.calls.is_empty() {
        return Vec::new();
    }
    let offers = verbs::offers(state);
    let offer = &offers[verbs::next(&offers)];
    if offer.possible && offer.verb.asks_first() {
        return perform(state, offer.verb);
    }
    open_actions(state);
    Vec::new()
}

/// A verb chosen in the bar or the popup: done when possible, else its reason is said.
pub fn perform_offer(state: &mut State, offer: &Offer) -> Vec<Effect> {
    if offer.possible {
        return perform(state, offer.verb);
    }
    state.say(Tone::Bad, offer.sentence());
    Vec::new()
}

/// A verb with a key of its own.
pub fn perform_if_offered(state: &mut State, verb: Verb) -> Vec<Effect> {
    if let Some(offer) = verbs::offers(state)
        .into_iter()
        .find(|offer| offer.verb == verb)
    {
        perform_offer(state, &offer)
    } else {
        state.say(
            Tone::Plain,
            format!("{} is for another kind of row", verb.label()),
        );
        Vec::new()
    }
}

pub fn perform(state: &mut State, verb: Verb) -> Vec<Effect> {
    state.overlay = None;
    if verb == Verb::Identify {
        state.overlay = Some(Overlay::Picker(Box::default()));
        return Vec::new();
    }
    match state.subject {
        Subject::Session => match state.sessions.selected().cloned() {
            Some(session) => with_session(state, &session, verb),
            None => Vec::new(),
        },
        Subject::Transaction => match state.transactions.selected().cloned() {
            Some(transaction) => with_transaction(state, &transaction, verb),
            None => Vec::new(),
        },
    }
}

fn with_session(state: &mut State, session: &Session, verb: Verb) -> Vec<Effect> {
    match (verb, &session.id, session.user(), session.url()) {
        (Verb::Continue, Some(id), ..) => send_new(state, Call::go_on(id)),
        (Verb::Status, _, Some(user), _) => send_new(state, Call::status(user)),
        (Verb::Methods, _, Some(user), _) => send_new(state, Call::methods(&question(user))),
        (Verb::Authorize, _, Some(user), _) => {
            let prefill = state.prefill();
            state.overlay = Some(Overlay::Form(authorize::form(user, &prefill)));
            Vec::new()
        }
        (Verb::PlayPayer, .., Some(url)) => play(state, Whose::Session(session.key), url),
        _ => Vec::new(),
    }
}

/// Which methods there are for a small amount: the answer names them, nothing is started.
fn question(user: &crate::api::BangoUserId) -> Start {
    Start {
        user: user.clone(),
        external: None,
        gross: Amount::from_hundredths(99),
        tax: None,
        currency: Currency::USD,
        item: Item::default(),
        callback_url: None,
        notification_url: None,
    }
}

fn with_transaction(state: &mut State, transaction: &Transaction, verb: Verb) -> Vec<Effect> {
    match (verb, &transaction.id) {
        (Verb::SendAgain, _) => send_again(state, transaction),
        (Verb::Retrieve, Some(id)) => send_new(state, Call::retrieve(id)),
        (Verb::Cancel, Some(id)) => {
            let call = state.new_call();
            send(state, call, Call::cancel(id), Some(id.clone()))
        }
        (Verb::Authorize, _) => {
            if let Some(user) = transaction.user() {
                let prefill = state.prefill();
                state.overlay = Some(Overlay::Form(authorize::form(user, &prefill)));
            }
            Vec::new()
        }
        (Verb::Capture, Some(id)) => open_adjust(
            state,
            transaction,
            id.clone(),
            transaction.capturable(),
            adjust::capture_form,
        ),
        (Verb::Refund, Some(id)) => open_adjust(
            state,
            transaction,
            id.clone(),
            transaction.refundable(),
            adjust::refund_form,
        ),
        (Verb::PlayPayer, _) => match &transaction.state {
            Payment::WaitingForPayer { url: Some(url) } => {
                play(state, Whose::Transaction(transaction.key), url)
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn open_adjust(
    state: &mut State,
    transaction: &Transaction,
    id: TransactionId,
    left: crate::money::Taxed,
    form: impl FnOnce(Target, &crate::console::app::form::Prefill) -> crate::console::app::form::Form,
) -> Vec<Effect> {
    let Some(currency) = transaction.currency() else {
        return Vec::new();
    };
    let of = match transaction.state {
        Payment::Captured(_) => transaction.captured(),
        _ => transaction.authorized(),
    };
    let target = Target {
        transaction: id,
        currency,
        left,
        of,
        item: transaction.item().clone(),
    };
    let prefill = state.prefill();
    state.overlay = Some(Overlay::Form(form(target, &prefill)));
    Vec::new()
}

fn send_again(state: &mut State, transaction: &Transaction) -> Vec<Effect> {
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

/// The picked payer goes into the identify form.
pub fn pick(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Picker(picker)) = &state.overlay else {
        return Vec::new();
    };
    let Some((number, key)) = picker.chosen() else {
        return Vec::new();
    };
    let prefill = state.prefill();
    state.overlay = Some(Overlay::Form(identify::form(
        number.as_str(),
        key,
        &prefill,
    )));
    Vec::new()
}

pub fn submit(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Form(form)) = &mut state.overlay else {
        return Vec::new();
    };
    let Some(call) = form.submit() else {
        return Vec::new();
    };
    let id = form.call;
    let transaction = match &form.purpose {
        Purpose::Capture(target) | Purpose::Refund(target) => Some(target.transaction.clone()),
        Purpose::Identify | Purpose::Authorize => None,
    };
    if !state.unrecorded.is_empty() && call.operation.moves_money() {
        state.say(Tone::Bad, "not sent: the journal cannot be written");
        return Vec::new();
    }
    if form.has_external() {
        state.externals += 1;
    }
    state.overlay = None;
    send(state, id, call, transaction)
}

pub fn send_new(state: &mut State, call: Call) -> Vec<Effect> {
    let id = state.new_call();
    send(state, id, call, None)
}

/// `transaction` is the payment whose money the call moves.
fn send(
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
    if first {
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

pub fn play(state: &mut State, whose: Whose, url: &str) -> Vec<Effect> {
    let (payer, visit) = Payer::open(whose, url);
    state.overlay = Some(Overlay::Payer(payer));
    vec![Effect::Visit(visit)]
}

pub fn in_payer(state: &mut State, command: Command) -> Vec<Effect> {
    let Some(Overlay::Payer(payer)) = &mut state.overlay else {
        return Vec::new();
    };
    if let (Command::NextField | Command::PreviousField, Step::Page(shown)) =
        (command, &mut payer.step)
    {
        shown.step(if command == Command::NextField { 1 } else { -1 });
    }
    let over = match &payer.step {
        Step::Page(shown) => shown.page.done || shown.page.actions.is_empty(),
        Step::Failed(_) => true,
        Step::Loading => false,
    };
    let visit: Option<Visit> = match command {
        Command::Submit if over => {
            state.overlay = None;
            None
        }
        Command::Submit => payer.submit(),
        Command::CancelAsPayer => payer.cancel(),
        Command::OpenInBrowser => {
            return vec![Effect::Open {
                url: payer.url.clone(),
            }];
        }
        Command::CopyPage => {
            return vec![Effect::Copy {
                what: "page address",
                bytes: payer.url.as_str().into(),
            }];
        }
        _ => None,
    };
    visit.map(Effect::Visit).into_iter().collect()
}
