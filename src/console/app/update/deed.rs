//! What a verb comes to for the selected thing: a form, a call, a page, a question.

use crate::api::{BangoUserId, Call, Item, Start, TransactionId};
use crate::console::app::form::adjust::{self, Target};
use crate::console::app::form::{Form, Prefill, authorize, identify};
use crate::console::app::payer::Whose;
use crate::console::app::state::{Question, State, Subject};
use crate::console::app::step::Step;
use crate::console::app::verbs::Verb;
use crate::money::{Amount, Currency, Taxed};
use crate::record::transaction::State as Payment;
use crate::record::{Session, Transaction};

/// What is to be done.
pub enum Deed {
    /// Choose a payer.
    Pick,
    /// Fill in what will be sent.
    Fill(Box<Form>),
    /// Send this; `about` is the payment whose money it moves.
    Send {
        call: Call,
        about: Option<TransactionId>,
    },
    /// Send the bytes of the unresolved call once more.
    SendAgain(Box<Transaction>),
    /// Be the payer on this page.
    Play { whose: Whose, url: String },
    /// Do what a session asks for.
    Show(Step),
    /// Ask first.
    Ask(Question),
}

/// What `verb` comes to, whether or not it is legal now. `None` where there is nothing that it could be
/// done to.
pub fn deed(state: &mut State, verb: Verb) -> Option<Deed> {
    if verb == Verb::Identify && state.endpoint.is_live() {
        // There are no test payers.
        return Some(Deed::Fill(Box::new(identify::blank(&state.prefill()))));
    }
    if verb == Verb::Identify {
        return Some(Deed::Pick);
    }
    match state.subject {
        Subject::Session => {
            let session = state.sessions.selected()?.clone();
            of_session(state, &session, verb)
        }
        Subject::Transaction => {
            let transaction = state.transactions.selected()?.clone();
            of_transaction(state, &transaction, verb)
        }
    }
}

fn of_session(state: &mut State, session: &Session, verb: Verb) -> Option<Deed> {
    let (id, user) = (session.id.as_ref(), session.user());
    Some(match verb {
        Verb::Continue => send(Call::go_on(id?)),
        Verb::CancelStep => send(Call::cancel_step(id?)),
        Verb::Status => send(Call::status(user?)),
        Verb::Methods => send(Call::methods(&question(user?))),
        Verb::CloseAccount => Deed::Ask(Question::CloseAccount(user?.clone())),
        Verb::Authorize => Deed::Fill(Box::new(authorize::form(user?, &state.prefill()))),
        Verb::PlayPayer => Deed::Play {
            whose: Whose::Session(session.key),
            url: session.url()?.to_owned(),
        },
        Verb::NextStep => Deed::Show(Step::of(session)?),
        _ => return None,
    })
}

fn send(call: Call) -> Deed {
    Deed::Send { call, about: None }
}

/// Which methods there are for a small amount: the answer names them, nothing is started.
fn question(user: &BangoUserId) -> Start {
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

pub fn of_transaction(state: &mut State, transaction: &Transaction, verb: Verb) -> Option<Deed> {
    let id = transaction.id.as_ref();
    Some(match verb {
        Verb::SendAgain => {
            transaction.unresolved()?;
            Deed::SendAgain(Box::new(transaction.clone()))
        }
        Verb::Retrieve => send(Call::retrieve(id?)),
        Verb::Cancel => Deed::Send {
            call: Call::cancel(id?),
            about: id.cloned(),
        },
        Verb::Authorize => {
            let user = transaction.user()?;
            Deed::Fill(Box::new(authorize::form(user, &state.prefill())))
        }
        Verb::Capture => adjust(
            state,
            transaction,
            transaction.capturable(),
            adjust::capture_form,
        )?,
        Verb::Refund => adjust(
            state,
            transaction,
            transaction.refundable(),
            adjust::refund_form,
        )?,
        Verb::PlayPayer => match &transaction.state {
            Payment::WaitingForPayer { url: Some(url) } => Deed::Play {
                whose: Whose::Transaction(transaction.key),
                url: url.clone(),
            },
            _ => return None,
        },
        _ => return None,
    })
}

fn adjust(
    state: &mut State,
    transaction: &Transaction,
    left: Taxed,
    form: impl FnOnce(Target, &Prefill) -> Form,
) -> Option<Deed> {
    let of = match transaction.state {
        Payment::Captured(_) => transaction.captured(),
        _ => transaction.authorized(),
    };
    let target = Target {
        transaction: transaction.id.clone()?,
        currency: transaction.currency()?,
        left,
        of,
        item: transaction.item().clone(),
    };
    Some(Deed::Fill(Box::new(form(target, &state.prefill()))))
}
