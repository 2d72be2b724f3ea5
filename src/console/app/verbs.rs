//! The verbs of the selected thing, in the order of the bar, each with what stands in its way.

use crate::api::Operation;
use crate::record::lifecycle::{self, Availability, Reason, SessionVerb};
use crate::record::transaction::State as Payment;
use crate::record::{Session, Transaction, lifecycle::Verb as PaymentVerb};
use crate::text::cells;

use super::menu::{Does, Item};
use super::state::{State, Subject};
use super::step;

/// Everything the bar can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    Identify,
    /// Walk the pages that wait for the payer.
    PlayPayer,
    /// Resolve an unknown outcome.
    SendAgain,
    Continue,
    /// Say that what a session asks for cannot be done.
    CancelStep,
    /// Do what a session asks for, where that is no page.
    NextStep,
    Methods,
    Status,
    CloseAccount,
    Authorize,
    Capture,
    Refund,
    Cancel,
    Retrieve,
}

impl Verb {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Identify => "Identify",
            Self::PlayPayer => "Be the payer",
            Self::SendAgain => "Send the same again",
            Self::Continue => "Continue",
            Self::CancelStep => "Cancel step",
            Self::NextStep => "Next step",
            Self::CloseAccount => "Close account",
            Self::Methods => "Methods",
            Self::Status => "Status",
            Self::Authorize => "Authorize",
            Self::Capture => "Capture",
            Self::Refund => "Refund",
            Self::Cancel => "Cancel",
            Self::Retrieve => "Retrieve",
        }
    }

    /// The label in a sentence of keys: `enter capture`.
    pub const fn words_for_a_key(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::PlayPayer => "be the payer",
            Self::SendAgain => "send again",
            Self::Continue => "continue",
            Self::CancelStep => "cancel step",
            Self::NextStep => "next step",
            Self::CloseAccount => "close account",
            Self::Methods => "methods",
            Self::Status => "status",
            Self::Authorize => "authorize",
            Self::Capture => "capture",
            Self::Refund => "refund",
            Self::Cancel => "cancel",
            Self::Retrieve => "retrieve",
        }
    }

    /// The letter in the popup of actions.
    pub const fn letter(self) -> char {
        match self {
            Self::Identify => 'i',
            // Never on the same row, either: a session asks for one thing at a time.
            Self::PlayPayer | Self::NextStep => 'p',
            Self::Continue => 'n',
            Self::CancelStep => 'k',
            Self::CloseAccount => 'd',
            Self::Methods => 'm',
            // Never on the same row: the one is for payments, the other for payers.
            Self::SendAgain | Self::Status => 's',
            Self::Authorize => 'a',
            Self::Capture => 'c',
            Self::Refund => 'f',
            Self::Cancel => 'x',
            Self::Retrieve => 'r',
        }
    }

    /// Whether it opens a form or a page before anything is sent.
    pub const fn asks_first(self) -> bool {
        matches!(
            self,
            Self::Identify
                | Self::PlayPayer
                | Self::NextStep
                | Self::CloseAccount
                | Self::Authorize
                | Self::Capture
                | Self::Refund
        )
    }

    /// Whether it changes nothing on the other side.
    pub const fn only_reads(self) -> bool {
        matches!(self, Self::Methods | Self::Status | Self::Retrieve)
    }

    /// Whether it moves the money of the payment that it is chosen for.
    const fn writes_to_its_row(self) -> bool {
        matches!(
            self,
            Self::SendAgain | Self::Capture | Self::Refund | Self::Cancel
        )
    }

    /// What it does, where there is nothing more urgent to say.
    const fn words(self) -> &'static str {
        match self {
            Self::Identify => "find out who pays",
            Self::PlayPayer => "walk the waiting pages, and approve or cancel",
            Self::SendAgain => "the outcome is unknown: the same bytes once more will tell",
            Self::Continue => "ask what comes next",
            Self::CancelStep => "it cannot be done: have another way tried",
            Self::NextStep => "do what the answer asks for",
            Self::CloseAccount => "the payer's id is refused from then on",
            Self::Methods => "which payment methods this payer has",
            Self::Status => "the payer's status",
            Self::Authorize => "reserve an amount for a new payment",
            Self::Capture => "take what was authorized, or a part of it",
            Self::Refund => "give back what was captured, or a part of it",
            Self::Cancel => "give up the whole authorization",
            Self::Retrieve => "read the transaction",
        }
    }
}

/// A verb as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub verb: Verb,
    pub possible: bool,
    /// Whether it can be sent although it will be refused, to see how.
    pub can_be_forced: bool,
    /// A note, or the reason why it is not possible.
    pub words: String,
}

impl Offer {
    fn new(verb: Verb, available: &Availability) -> Self {
        Self::saying(verb, available, available.to_string())
    }

    /// The same where the endpoint is none of ours: there is no reset that could have happened.
    fn at(state: &State, verb: Verb, available: &Availability) -> Self {
        let because = Reason::Reset;
        let is_elsewhere = *available == Availability::Not { because };
        if is_elsewhere && state.endpoint.kind.is_remote() {
            let words = "made with other credentials, or at another address";
            return Self::saying(verb, available, words.to_owned());
        }
        Self::new(verb, available)
    }

    fn saying(verb: Verb, available: &Availability, said: String) -> Self {
        let words = if said.is_empty() {
            verb.words().to_owned()
        } else {
            said
        };
        Self {
            verb,
            possible: available.is_possible(),
            can_be_forced: available.can_be_forced(),
            words,
        }
    }

    fn always(verb: Verb) -> Self {
        Self {
            verb,
            possible: true,
            can_be_forced: false,
            words: verb.words().to_owned(),
        }
    }

    /// The line under the bar.
    pub fn sentence(&self) -> String {
        format!("{}: {}", self.verb.label(), self.words)
    }
}

/// The verbs for what is selected.
pub fn offers(state: &State) -> Vec<Offer> {
    if state.endpoint.replay {
        return only_reading(state.subject, &Reason::Replay);
    }
    let offers = match state.subject {
        Subject::Session => state
            .sessions
            .selected()
            .map(|session| of_session(state, session)),
        Subject::Transaction => state
            .transactions
            .selected()
            .map(|transaction| of_transaction(state, transaction)),
    };
    let mut offers = offers.unwrap_or_else(|| vec![Offer::always(Verb::Identify)]);
    if state.endpoint.read_only {
        offers.retain(|offer| offer.verb.only_reads());
    }
    if offers.is_empty() {
        return only_reading(state.subject, &Reason::NoPayer);
    }
    offers
}

/// Which of them usually comes next.
pub fn next(offers: &[Offer]) -> usize {
    const ORDER: [Verb; 7] = [
        Verb::SendAgain,
        Verb::PlayPayer,
        Verb::NextStep,
        Verb::Capture,
        Verb::Refund,
        Verb::Authorize,
        Verb::Identify,
    ];
    ORDER
        .iter()
        .find_map(|verb| {
            offers
                .iter()
                .position(|offer| offer.verb == *verb && offer.possible)
        })
        .unwrap_or(0)
}

/// The button under the cursor: where its verb has gone, the one that usually comes next.
pub fn under_cursor(state: &State, offers: &[Offer]) -> usize {
    offers
        .iter()
        .position(|offer| offer.verb == state.verb)
        .unwrap_or_else(|| next(offers))
}

/// The verbs that only read, which cannot be had either: those that write are absent.
fn only_reading(subject: Subject, because: &Reason) -> Vec<Offer> {
    let verbs: &[Verb] = match subject {
        Subject::Session => &[Verb::Status, Verb::Methods],
        Subject::Transaction => &[Verb::Retrieve],
    };
    let never = Availability::Not {
        because: because.clone(),
    };
    verbs.iter().map(|verb| Offer::new(*verb, &never)).collect()
}

fn of_session(state: &State, session: &Session) -> Vec<Offer> {
    let offer = |verb, lifecycle| {
        Offer::at(
            state,
            verb,
            &lifecycle::of_session(session, lifecycle, state.epoch),
        )
    };
    let mut offers = Vec::new();
    if session.url().is_some() && session.epoch == state.epoch {
        offers.push(Offer::always(Verb::PlayPayer));
    }
    if step::action(session).is_some() && session.epoch == state.epoch {
        offers.push(Offer::always(Verb::NextStep));
    }
    offers.extend([
        offer(Verb::Authorize, SessionVerb::Authorize),
        offer(Verb::Continue, SessionVerb::Continue),
        offer(Verb::CancelStep, SessionVerb::CancelStep),
        offer(Verb::Methods, SessionVerb::Methods),
        offer(Verb::Status, SessionVerb::Status),
        offer(Verb::CloseAccount, SessionVerb::CloseAccount),
        Offer::always(Verb::Identify),
    ]);
    // There is room for a few: those that can be done come first.
    offers.sort_by_key(|offer| !offer.possible);
    state.guard_journal(offers)
}

fn of_transaction(state: &State, transaction: &Transaction) -> Vec<Offer> {
    let leaving = leaving(state, transaction);
    let offer = |verb: Verb, lifecycle| {
        let available = match leaving {
            Some(operation) if verb.writes_to_its_row() => Availability::Not {
                because: Reason::UnderWay(operation),
            },
            _ => lifecycle::of_transaction(transaction, lifecycle, state.epoch),
        };
        Offer::at(state, verb, &available)
    };
    let mut offers = Vec::new();
    if transaction.unresolved().is_some() {
        offers.push(offer(Verb::SendAgain, PaymentVerb::SendAgain));
    }
    if matches!(transaction.state, Payment::WaitingForPayer { url: Some(_) })
        && transaction.epoch == state.epoch
    {
        offers.push(Offer::always(Verb::PlayPayer));
    }
    offers.extend([
        offer(Verb::Authorize, PaymentVerb::Authorize),
        offer(Verb::Capture, PaymentVerb::Capture),
        offer(Verb::Refund, PaymentVerb::Refund),
        offer(Verb::Cancel, PaymentVerb::Cancel),
        offer(Verb::Retrieve, PaymentVerb::Retrieve),
    ]);
    state.guard_journal(offers)
}

/// A write on this payment that was just ordered: the payment itself is told of it only once it is in
/// the journal.
fn leaving(state: &State, transaction: &Transaction) -> Option<Operation> {
    let id = transaction.id.as_ref()?;
    let waiting = state.calls.values().find(|waiting| {
        waiting.transaction.as_ref() == Some(id) && waiting.operation.moves_money()
    });
    waiting.map(|waiting| waiting.operation)
}

/// What our sandbox says, where that is otherwise than what the answers told.
pub fn differs(transaction: &Transaction) -> Option<String> {
    let words = transaction.differs()?.words(transaction.currency());
    Some(format!("In the sandbox: {words}"))
}

/// Where the buttons of the bar stand in `width` cells: the first cell of each, and how many it takes.
/// Those that do not fit are left out.
pub fn placed(offers: &[Offer], width: usize) -> Vec<(usize, usize)> {
    let mut placed = Vec::new();
    let mut from = 1;
    for (at, offer) in offers.iter().enumerate() {
        let button = cells(offer.verb.label()) + 2;
        // The sign that there are more takes one.
        let more = usize::from(at + 1 < offers.len());
        if from + button + more > width {
            break;
        }
        placed.push((from, button));
        from += button;
    }
    placed
}

/// The popup's items: the bar's verbs and, last, a new payer.
pub fn items(state: &State) -> Vec<Item> {
    let mut offers = offers(state);
    let can_identify = !state.endpoint.replay && !state.endpoint.read_only;
    if can_identify && offers.iter().all(|offer| offer.verb != Verb::Identify) {
        offers.push(Offer::always(Verb::Identify));
    }
    offers
        .into_iter()
        .map(|offer| Item {
            letter: offer.verb.letter(),
            label: offer.verb.label(),
            note: offer.words,
            enabled: offer.possible,
            does: Does::Verb(offer.verb),
        })
        .collect()
}
