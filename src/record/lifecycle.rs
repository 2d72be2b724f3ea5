//! Which verbs are possible now, and why not otherwise.
//!
//! A verb that writes is possible exactly when it would move money or state for a payer without
//! mishaps and under a fresh `externalTransactionId`; one that reads, whenever it has its id. Written
//! from the API's rules alone, so that the sandbox's engine can be compared with it.

mod words;

use super::{
    Session, Transaction, session,
    transaction::{State, Unresolved},
};
use crate::{
    api::Operation,
    exchange::Epoch,
    money::{Amount, Currency},
};

/// What can be done with a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// A new payment like this one.
    Authorize,
    Capture,
    Refund,
    Cancel,
    Retrieve,
    /// The bytes of the oldest call whose outcome is unknown, once more.
    SendAgain,
}

impl Verb {
    pub const ALL: [Self; 6] = [
        Self::Authorize,
        Self::Capture,
        Self::Refund,
        Self::Cancel,
        Self::Retrieve,
        Self::SendAgain,
    ];
}

/// What can be done with an identification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionVerb {
    Continue,
    /// Say that what it asks for cannot be done.
    CancelStep,
    Authorize,
    Methods,
    Status,
    CloseAccount,
}

impl SessionVerb {
    pub const ALL: [Self; 6] = [
        Self::Continue,
        Self::CancelStep,
        Self::Authorize,
        Self::Methods,
        Self::Status,
        Self::CloseAccount,
    ];
}

/// Whether a verb is possible now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    Possible { note: Option<Note> },
    Not { because: Reason },
}

impl Availability {
    pub fn is_possible(&self) -> bool {
        matches!(self, Self::Possible { .. })
    }

    /// Whether a verb that is not possible would be refused by the API itself, with its state unharmed:
    /// then it can be sent to see how.
    pub fn can_be_forced(&self) -> bool {
        match self {
            Self::Possible { .. } => false,
            Self::Not { because } => because.is_the_api_s(),
        }
    }
}

impl Reason {
    /// Whether the API is who objects. While an outcome is unknown nobody knows what another call would
    /// do, without an id there is nothing to call, after a reset the id may be another payment's, and one
    /// DELETE is taken for the other: a cancel of what was captured refunds, a refund of what was not cancels.
    pub const fn is_the_api_s(&self) -> bool {
        match self {
            Self::WaitingForPayer
            | Self::NotAuthorized
            | Self::Refused
            | Self::UserCancelled
            | Self::Cancelled
            | Self::Expired
            | Self::Closed
            | Self::PayerClosed
            | Self::AlreadyCaptured
            | Self::NothingLeft
            | Self::Finished => true,
            Self::Replay
            | Self::Reset
            | Self::CapturedSoRefund
            | Self::NothingCaptured
            | Self::NoId
            | Self::NotSent
            | Self::NoPayer
            | Self::UnderWay(_)
            | Self::Unresolved(_)
            | Self::NothingUnknown => false,
        }
    }
}

/// What is good to know before a possible verb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// What can be taken.
    Authorized { gross: Amount, currency: Currency },
    /// What can be given back, of what was captured.
    Left {
        left: Amount,
        of: Amount,
        currency: Currency,
    },
    /// The payer came back: the next answer will say how it went.
    PayerIsBack,
    /// The request carries no key that would make the API recognise it.
    MayMoveTwice,
    /// A cancel of what was captured since.
    WouldRefund,
}

/// Why a verb is not possible now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It stands in a file that is shown again.
    Replay,
    /// It belongs to what was cleared since.
    Reset,
    /// No answer named its id.
    NoId,
    WaitingForPayer,
    NotAuthorized,
    NotSent,
    Refused,
    UserCancelled,
    Cancelled,
    /// Nobody captured it in time.
    Expired,
    /// There is one capture for each payment.
    AlreadyCaptured,
    /// Once captured, only a refund gives money back.
    CapturedSoRefund,
    NothingCaptured,
    NothingLeft,
    /// A write is under way.
    UnderWay(Operation),
    /// A write's outcome is unknown.
    Unresolved(Operation),
    /// Every outcome is known.
    NothingUnknown,
    NoPayer,
    /// The account of the payer who was identified was closed.
    Closed,
    /// The same, of a payment's payer.
    PayerClosed,
    /// An identification that came to its end.
    Finished,
}

/// Whether `verb` is possible for a payment, `now` being the sandbox's present epoch.
pub fn of_transaction(transaction: &Transaction, verb: Verb, now: Epoch) -> Availability {
    transaction_verb(transaction, verb, now).into()
}

/// Whether `verb` is possible for an identification.
pub fn of_session(session: &Session, verb: SessionVerb, now: Epoch) -> Availability {
    session_verb(session, verb, now).into()
}

impl From<Result<Option<Note>, Reason>> for Availability {
    fn from(result: Result<Option<Note>, Reason>) -> Self {
        match result {
            Ok(note) => Self::Possible { note },
            Err(because) => Self::Not { because },
        }
    }
}

fn transaction_verb(
    transaction: &Transaction,
    verb: Verb,
    now: Epoch,
) -> Result<Option<Note>, Reason> {
    if transaction.epoch != now {
        return Err(Reason::Reset);
    }
    match verb {
        Verb::Authorize if transaction.payer_closed => Err(Reason::PayerClosed),
        Verb::Authorize => transaction.user().map(|_| None).ok_or(Reason::NoPayer),
        Verb::Capture => capture(transaction),
        Verb::Refund => refund(transaction),
        Verb::Cancel => cancel(transaction),
        Verb::Retrieve => transaction.id.as_ref().map(|_| None).ok_or(Reason::NoId),
        Verb::SendAgain => send_again(transaction),
    }
}

fn capture(transaction: &Transaction) -> Result<Option<Note>, Reason> {
    settled(transaction)?;
    match &transaction.state {
        State::Authorized => with_id(transaction).map(|()| authorized(transaction)),
        State::Captured(_) => Err(Reason::AlreadyCaptured),
        _ => Err(never_authorized(transaction)),
    }
}

fn cancel(transaction: &Transaction) -> Result<Option<Note>, Reason> {
    settled(transaction)?;
    match &transaction.state {
        State::Authorized => with_id(transaction).map(|()| authorized(transaction)),
        State::Captured(_) => Err(Reason::CapturedSoRefund),
        _ => Err(never_authorized(transaction)),
    }
}

fn refund(transaction: &Transaction) -> Result<Option<Note>, Reason> {
    settled(transaction)?;
    match &transaction.state {
        State::Captured(_) if transaction.refundable().gross.is_zero() => Err(Reason::NothingLeft),
        State::Captured(_) => with_id(transaction).map(|()| {
            transaction.currency().map(|currency| Note::Left {
                left: transaction.refundable().gross,
                of: transaction.captured().gross,
                currency,
            })
        }),
        State::Authorized => Err(Reason::NothingCaptured),
        _ => Err(never_authorized(transaction)),
    }
}

fn send_again(transaction: &Transaction) -> Result<Option<Note>, Reason> {
    let unresolved = transaction.unresolved().ok_or(Reason::NothingUnknown)?;
    match transaction
        .in_flight
        .iter()
        .find(|call| call.same == unresolved.same)
    {
        Some(again) => Err(Reason::UnderWay(again.operation)),
        None if !unresolved.is_recognised_again() => Ok(Some(Note::MayMoveTwice)),
        None if unresolved.operation == Operation::Cancel
            && matches!(transaction.state, State::Captured(_)) =>
        {
            Ok(Some(Note::WouldRefund))
        }
        None => Ok(None),
    }
}

/// A write that may still take effect makes every other one a gamble: a second DELETE would refund
/// where the first meant to cancel.
fn settled(transaction: &Transaction) -> Result<(), Reason> {
    let under_way = transaction
        .in_flight
        .iter()
        .find(|call| call.operation.moves_money());
    if let Some(call) = under_way {
        return Err(Reason::UnderWay(call.operation));
    }
    match transaction.unresolved() {
        Some(Unresolved { operation, .. }) => Err(Reason::Unresolved(*operation)),
        None => Ok(()),
    }
}

fn with_id(transaction: &Transaction) -> Result<(), Reason> {
    transaction.id.as_ref().map(|_| ()).ok_or(Reason::NoId)
}

fn authorized(transaction: &Transaction) -> Option<Note> {
    transaction.currency().map(|currency| Note::Authorized {
        gross: transaction.capturable().gross,
        currency,
    })
}

fn never_authorized(transaction: &Transaction) -> Reason {
    match transaction.state {
        State::Cancelled if transaction.expired => Reason::Expired,
        State::WaitingForPayer { .. } => Reason::WaitingForPayer,
        State::NotSent => Reason::NotSent,
        State::Refused { .. } => Reason::Refused,
        State::UserCancelled => Reason::UserCancelled,
        State::Cancelled => Reason::Cancelled,
        State::Starting | State::Authorized | State::Captured(_) => Reason::NotAuthorized,
    }
}

fn session_verb(session: &Session, verb: SessionVerb, now: Epoch) -> Result<Option<Note>, Reason> {
    if session.epoch != now {
        return Err(Reason::Reset);
    }
    match verb {
        SessionVerb::Authorize
        | SessionVerb::Methods
        | SessionVerb::Status
        | SessionVerb::CloseAccount
            if session.is_closed() =>
        {
            Err(Reason::Closed)
        }
        SessionVerb::Authorize
        | SessionVerb::Methods
        | SessionVerb::Status
        | SessionVerb::CloseAccount => session.user().map(|_| None).ok_or(Reason::NoPayer),
        SessionVerb::CancelStep => match &session.state {
            _ if !session.in_flight.is_empty() => Err(Reason::UnderWay(Operation::Identify)),
            _ if session.id.is_none() => Err(Reason::NoId),
            session::State::Waiting { .. } => Ok(None),
            _ => Err(Reason::Finished),
        },
        SessionVerb::Continue => match &session.state {
            _ if !session.in_flight.is_empty() => Err(Reason::UnderWay(Operation::Identify)),
            _ if session.id.is_none() => Err(Reason::NoId),
            session::State::Waiting { .. } | session::State::Unknown => {
                Ok(session.returned.as_ref().map(|_| Note::PayerIsBack))
            }
            _ => Err(Reason::Finished),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::{Call, TransactionId, call::Identify},
        exchange::What,
        record::fold::tests::{
            adjust,
            book::{Book, EPOCH, Told},
            start, taxed,
        },
    };

    fn id() -> TransactionId {
        "2006721250".into()
    }

    fn authorized() -> Book {
        let mut book = Book::default();
        let told = Told::new(r#"{"responseCode":"OK","transactionId":"2006721250"}"#);
        book.say(&start(Some("t-1")), &told);
        book
    }

    fn captured() -> Book {
        let mut book = authorized();
        book.say(&Call::capture(&id(), None), &Told::code("OK"));
        book
    }

    /// `Ok` is the note of a possible verb, `Err` the reason against it.
    #[track_caller]
    fn check(book: &Book, verb: Verb, expected: Result<&str, &str>) {
        let available = of_transaction(book.only(), verb, EPOCH);
        let words = available.to_string();
        let found = if available.is_possible() {
            Ok(words.as_str())
        } else {
            Err(words.as_str())
        };
        assert_eq!(found, expected, "{verb:?}");
    }

    #[test]
    fn an_authorized_payment_can_be_captured_or_cancelled() {
        let book = authorized();
        check(&book, Verb::Authorize, Ok(""));
        check(&book, Verb::Capture, Ok("10.99 USD authorized"));
        check(&book, Verb::Cancel, Ok("10.99 USD authorized"));
        check(&book, Verb::Refund, Err("nothing captured yet"));
        check(&book, Verb::Retrieve, Ok(""));
        check(&book, Verb::SendAgain, Err("every outcome is known"));
    }

    #[test]
    fn a_captured_payment_can_be_refunded_until_nothing_is_left() {
        let mut book = captured();
        check(
            &book,
            Verb::Capture,
            Err("it was captured, and there is only one capture"),
        );
        check(
            &book,
            Verb::Cancel,
            Err("it was captured: refund it instead"),
        );
        let part = adjust(Some("r-1"), Some(taxed(159, 20)));
        book.say(&Call::refund(&id(), Some(&part)), &Told::code("REFUNDED"));
        check(&book, Verb::Refund, Ok("9.40 of 10.99 USD left"));
        book.say(&Call::refund(&id(), None), &Told::code("REFUNDED"));
        check(&book, Verb::Refund, Err("nothing is left to refund"));
    }

    #[test]
    fn a_payment_whose_authorization_expired_says_so() {
        let mut book = authorized();
        book.report(
            None,
            What::Expired {
                transaction: id(),
                external: None,
            },
        );
        for verb in [Verb::Capture, Verb::Cancel, Verb::Refund] {
            check(&book, verb, Err("its authorization expired"));
        }
        check(&book, Verb::Authorize, Ok(""));
    }

    #[test]
    fn a_payment_without_approval_waits() {
        let mut book = Book::default();
        let told = Told::new(r#"{"responseCode":"CLIENT_ACTION_REQUIRED","parameters":{}}"#);
        book.say(&start(Some("t-1")), &told);
        for verb in [Verb::Capture, Verb::Cancel, Verb::Refund] {
            check(&book, verb, Err("waiting for the payer"));
        }
        check(&book, Verb::Retrieve, Err("it has no id yet"));
    }

    #[test]
    fn while_a_capture_is_unknown_only_its_repeat_is_offered() {
        let mut book = authorized();
        let call = book.send(&Call::capture(&id(), None));
        check(&book, Verb::Cancel, Err("a capture is under way"));
        book.cut(call);
        let first = "a capture is unresolved: send it again first (a cancel might refund)";
        for verb in [Verb::Capture, Verb::Cancel, Verb::Refund] {
            check(&book, verb, Err(first));
        }
        check(&book, Verb::SendAgain, Ok(""));
    }

    #[test]
    fn a_repeat_that_the_api_does_not_recognise_is_named_dangerous() {
        let mut book = captured();
        let part = adjust(None, Some(taxed(159, 20)));
        let call = book.send(&Call::refund(&id(), Some(&part)));
        book.cut(call);
        let note = "it carries no key: sending it again may move money twice";
        check(&book, Verb::SendAgain, Ok(note));
    }

    #[test]
    fn a_cancel_whose_payment_was_captured_by_others_would_refund() {
        let mut book = authorized();
        let call = book.send(&Call::cancel(&id()));
        book.cut(call);
        book.exchange(
            None,
            &Call::capture(&id(), None),
            &Told::code("OK"),
            Some("2006721250"),
        );
        let note = "it was captured since: sending the cancel again refunds what is left";
        check(&book, Verb::SendAgain, Ok(note));
    }

    #[test]
    fn nothing_is_asked_for_a_payer_whose_account_was_closed() {
        let mut book = Book::default();
        let told = r#"{"responseCode":"OK","sessionId":"s","bangoUserId":"472156480"}"#;
        book.say(&Call::identify(&Identify::default()), &Told::new(told));
        let told = Told::new(r#"{"responseCode":"OK","transactionId":"2006721250"}"#);
        book.say(&start(Some("t-1")), &told);
        let offered = |book: &Book| {
            let asked = [
                SessionVerb::Authorize,
                SessionVerb::Methods,
                SessionVerb::Status,
            ];
            asked.map(|verb| of_session(&book.sessions[0], verb, EPOCH).to_string())
        };
        assert_eq!(offered(&book), ["", "", ""]);

        book.say(&Call::close_account(&"472156480".into()), &Told::code("OK"));
        assert_eq!(offered(&book), ["its account was closed"; 3]);
        check(
            &book,
            Verb::Authorize,
            Err("its payer's account was closed"),
        );
        // What was begun goes on.
        check(&book, Verb::Capture, Ok("10.99 USD authorized"));
    }

    #[test]
    fn nothing_is_possible_after_a_reset() {
        let book = authorized();
        let later = Epoch(uuid::Uuid::from_u128(0xaf));
        for verb in Verb::ALL {
            let reset = Availability::Not {
                because: Reason::Reset,
            };
            assert_eq!(of_transaction(book.only(), verb, later), reset);
        }
    }
}
