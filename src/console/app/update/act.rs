//! The verbs put to work: forms opened, calls made, pages walked.

use crate::api::{Call, TransactionId};
use crate::console::app::command::Command;
use crate::console::app::effect::{Effect, Visit};
use crate::console::app::endpoint::READ_ONLY;
use crate::console::app::form::{Purpose, identify};
use crate::console::app::menu::Menu;
use crate::console::app::payer::{Payer, Step, Whose};
use crate::console::app::preview::{Preview, Told};
use crate::console::app::state::{Overlay, Question, State, Subject, Tone};
use crate::console::app::verbs::{self, Offer, Verb};

use crate::record::SessionKey;
use crate::record::export::curl;
use crate::record::lifecycle::Reason;

use super::deed::{Deed, deed};
use super::guard;
use super::send::{send, send_again, send_new};

pub fn open_actions(state: &mut State) {
    let next = verbs::next(&verbs::offers(state));
    let title = match state.subject {
        Subject::Session => "What to do with this payer",
        Subject::Transaction => "What to do with this payment",
    };
    state.overlay = Some(Overlay::Menu(Menu::new(title, verbs::items(state), next)));
}

/// An open popup of verbs tells what is possible now, whatever was when it was opened.
pub fn refresh_actions(state: &mut State) {
    let items = verbs::items(state);
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

/// Has the open popup's export written.
pub fn export(state: &mut State, letter: Option<char>) -> Vec<Effect> {
    let Some(Overlay::Export(export)) = &state.overlay else {
        return Vec::new();
    };
    let Some(order) = export.order(letter) else {
        return Vec::new();
    };
    state.overlay = None;
    state.say(
        Tone::Plain,
        format!("writing {}\u{2026}", order.format.title()),
    );
    vec![Effect::Export(order)]
}

pub fn perform(state: &mut State, verb: Verb) -> Vec<Effect> {
    if state.endpoint.replay {
        state.say(Tone::Plain, Reason::Replay.to_string());
        return Vec::new();
    }
    if state.endpoint.read_only && !verb.only_reads() {
        state.say(Tone::Plain, READ_ONLY);
        return Vec::new();
    }
    state.overlay = None;
    match deed(state, verb) {
        None => {
            state.say(
                Tone::Bad,
                format!("{}: there is no id to call yet", verb.label()),
            );
            Vec::new()
        }
        Some(Deed::Pick) => {
            state.overlay = Some(Overlay::Picker(Box::default()));
            Vec::new()
        }
        Some(Deed::Fill(form)) => {
            state.overlay = Some(Overlay::Form(form));
            Vec::new()
        }
        Some(Deed::Send { call, about }) => {
            let id = state.new_call();
            send(state, id, call, about)
        }
        Some(Deed::SendAgain(transaction)) => send_again(state, &transaction),
        Some(Deed::Play { whose, url }) => play(state, whose, &url),
        Some(Deed::Show(step)) => {
            state.overlay = Some(Overlay::Step(step));
            Vec::new()
        }
        Some(Deed::Ask(question)) => {
            state.overlay = Some(Overlay::Confirm(question));
            Vec::new()
        }
    }
}

/// A verb that is not possible now, done all the same, to see how it is refused.
pub fn perform_anyway(state: &mut State, offer: &Offer) -> Vec<Effect> {
    if let Some(why) = state
        .endpoint
        .bars(Command::SendAnyway)
        .filter(|_| !offer.possible)
    {
        state.say(Tone::Plain, why);
        return Vec::new();
    }
    if offer.possible || offer.can_be_forced {
        return perform(state, offer.verb);
    }
    state.say(Tone::Bad, format!("not even so: {}", offer.words));
    Vec::new()
}

/// Asks whether the selected payment is to be deleted from the journal.
pub fn ask_to_delete(state: &mut State) {
    match state.deletable() {
        Ok(key) => state.overlay = Some(Overlay::Confirm(Question::Delete(key))),
        Err(why) => state.say(Tone::Plain, why),
    }
}

/// Yes to a question.
pub fn confirmed(state: &mut State) -> Vec<Effect> {
    match state.overlay.take() {
        Some(Overlay::Confirm(Question::Quit)) => vec![Effect::Quit],
        Some(Overlay::Confirm(Question::CloseAccount(user))) => {
            send_new(state, Call::close_account(&user))
        }
        Some(Overlay::Confirm(Question::Delete(payment))) => vec![Effect::Delete(payment)],
        other => {
            state.overlay = other;
            Vec::new()
        }
    }
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
    let form = identify::form(number.as_str(), key, &prefill);
    state.overlay = Some(Overlay::Form(Box::new(form)));
    Vec::new()
}

/// Sends what the form says; `anyway` also what the API would refuse. A key that is held opens one form after
/// the other, and must not send the money of each.
pub fn submit(state: &mut State, anyway: bool) -> Vec<Effect> {
    let is_held = state.is_held();
    let Some(Overlay::Form(form)) = &mut state.overlay else {
        return Vec::new();
    };
    let call = if anyway {
        Some(form.as_it_stands())
    } else {
        form.submit()
    };
    let Some(call) = call else {
        return Vec::new();
    };
    if is_held && call.operation.moves_money() && call.stub.is_none() {
        return Vec::new();
    }
    let id = form.call;
    let transaction = match &form.purpose {
        Purpose::Capture(target) | Purpose::Refund(target) => Some(target.transaction.clone()),
        Purpose::Draft(draft) if draft.operation.moves_money() => {
            draft.id.as_deref().map(TransactionId::from)
        }
        Purpose::Identify | Purpose::Authorize | Purpose::Draft(_) => None,
    };
    let (meant, has_external) = (guard::meant(form), form.has_external());
    if let Some(why) = guard::objection(state, &call, transaction.as_ref(), meant) {
        state.say(Tone::Bad, format!("not sent: {why}"));
        return Vec::new();
    }
    if has_external {
        state.externals += 1;
    }
    let form = state.overlay.take();
    let effects = send(state, id, call, transaction);
    if let Some(Overlay::Stake(open)) = &mut state.overlay {
        open.under = form.map(Box::new);
    }
    effects
}

/// Asks how the form's call would leave.
pub fn preview(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Form(form)) = state.overlay.take() else {
        return Vec::new();
    };
    let (id, call) = (form.call, Box::new(form.as_it_stands()));
    state.overlay = Some(Overlay::Preview(Box::new(Preview::new(form))));
    vec![Effect::Preview { id, call }]
}

/// Copies what an open preview shows.
pub fn copy_as_curl(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Preview(preview)) = &state.overlay else {
        return Vec::new();
    };
    let Told::Request(request) = &preview.request else {
        return Vec::new();
    };
    vec![Effect::Copy {
        what: "curl command",
        bytes: curl::command(request).as_str().into(),
    }]
}

/// The form's fields as JSON, or back.
pub fn turn_form(state: &mut State) {
    let Some(Overlay::Form(form)) = &mut state.overlay else {
        return;
    };
    if let Err(problem) = form.turn() {
        state.say(Tone::Bad, format!("no fields for this: {}", problem.words));
    }
}

pub fn play(state: &mut State, whose: Whose, url: &str) -> Vec<Effect> {
    if state.endpoint.kind.is_remote() {
        let payer = Payer::elsewhere(whose, url);
        state.overlay = Some(Overlay::Payer(Box::new(payer)));
        return Vec::new();
    }
    let (payer, visit) = Payer::open(whose, url);
    state.overlay = Some(Overlay::Payer(Box::new(payer)));
    vec![Effect::Visit(visit)]
}

/// Asks what became of an identification that went on elsewhere.
fn go_on(state: &mut State, key: SessionKey) -> Vec<Effect> {
    let session = state.sessions.get(&key);
    let open = session.filter(|session| session.in_flight.is_empty());
    match open.and_then(|session| session.id.clone()) {
        Some(id) => send_new(state, Call::go_on(&id)),
        None => Vec::new(),
    }
}

pub fn in_payer(state: &mut State, command: Command) -> Vec<Effect> {
    let Some(Overlay::Payer(payer)) = &mut state.overlay else {
        return Vec::new();
    };
    if command == Command::ShowCode {
        if !payer.turn() {
            state.say(Tone::Bad, "no QR code can be made of this address");
        }
        return Vec::new();
    }
    // What is not seen is not pressed.
    let hidden = payer.code.is_some();
    if hidden && command == Command::Submit {
        payer.turn_back();
    }
    if hidden && !matches!(command, Command::OpenInBrowser | Command::CopyPage) {
        return Vec::new();
    }
    if let (Command::NextField | Command::PreviousField, Step::Page(shown)) =
        (command, &mut payer.step)
    {
        shown.step(if command == Command::NextField { 1 } else { -1 });
    }
    let over = match &payer.step {
        Step::Page(shown) => shown.page.done || shown.page.actions.is_empty(),
        Step::Failed(_) | Step::Elsewhere => true,
        Step::Loading => false,
    };
    let visit: Option<Visit> = match command {
        Command::Submit if over => {
            let whose = payer.whose;
            let elsewhere = matches!(payer.step, Step::Elsewhere);
            state.overlay = None;
            return match whose {
                Whose::Session(key) if elsewhere => go_on(state, key),
                _ => Vec::new(),
            };
        }
        Command::Submit => payer.submit(),
        Command::CancelAsPayer => payer.cancel(),
        Command::OpenInBrowser if !payer.is_web() => {
            state.say(Tone::Bad, "not opened: the address is none of a web page");
            None
        }
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
