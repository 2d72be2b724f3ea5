//! A merchant's payments in the fewest lines: which answer each call gets, and where the money is.
//!
//! Written from the API's documentation, and compiled into two crates of which neither can name what the
//! other is made of: so nothing of the sandbox can be used here. Where the documentation is silent:
//!
//! * a refund in another currency is a bad request, also when nothing is left to refund;
//! * the tax that the key of a partial refund speaks of is the one that is spelled, or none;
//! * a cancel of what is cancelled already is answered alike and not stored.

use std::fmt;

use serde_json::Value;

use super::body::{Asked, Money, prices, text};
use super::payers::Payer;

/// Where a payment stands, by the names of the state route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    PendingRedirect,
    Authorized,
    Captured,
    PartiallyRefunded,
    Refunded,
    Cancelled,
    UserCancelled,
    Refused,
}

impl State {
    pub const fn name(self) -> &'static str {
        match self {
            Self::PendingRedirect => "PENDING_REDIRECT",
            Self::Authorized => "AUTHORIZED",
            Self::Captured => "CAPTURED",
            Self::PartiallyRefunded => "PARTIALLY_REFUNDED",
            Self::Refunded => "REFUNDED",
            Self::Cancelled => "CANCELLED",
            Self::UserCancelled => "USER_CANCELLED",
            Self::Refused => "REFUSED",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Payment {
    pub user: String,
    pub payer: Payer,
    pub external: Option<String>,
    pub state: State,
    pub currency: String,
    /// What the start asked for.
    pub price: Money,
    pub captured: Money,
    pub refunded: Money,
    pub start: Value,
    /// The answers that hold for every repeat, by what a repeat has in common with the first.
    stored: Vec<(Key, Answer)>,
}

impl Payment {
    pub fn authorized(&self) -> Money {
        match self.state {
            State::PendingRedirect | State::UserCancelled | State::Refused => Money::default(),
            _ => self.price,
        }
    }

    pub fn left(&self) -> Money {
        self.captured.minus(self.refunded)
    }

    pub fn is_captured(&self) -> bool {
        self.captured.gross > 0
    }
}

/// What makes a request the repeat of another on the same payment.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Start,
    Capture(Option<Value>),
    Cancel(Option<Value>),
    Refund(Option<Value>),
    /// A partial refund under an `externalTransactionId`.
    Part(String, Money),
}

/// What a call is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub code: &'static str,
    /// The number of the exchange whose bytes come again.
    pub replays: Option<usize>,
}

impl Answer {
    const fn of(code: &'static str) -> Self {
        Self {
            status: match code.as_bytes() {
                b"OK" | b"CANCELLED" | b"REFUNDED" => 200,
                b"BAD_REQUEST" | b"INVALID_BANGOUSERID" => 400,
                b"NOT_FOUND" => 404,
                b"CONNECT_TIMEOUT" => 504,
                _ => 202,
            },
            code,
            replays: None,
        }
    }

    /// Is it the answer to every repeat? Passing troubles run again, and no mistake is stored.
    fn is_definite(self) -> bool {
        !matches!(self.status, 400 | 404)
            && !matches!(self.code, "CONNECT_ERROR" | "CONNECT_TIMEOUT" | "FAILURE")
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.code)?;
        match self.replays {
            None => f.write_str(" of its own"),
            Some(first) => write!(f, " with the bytes of exchange {first}"),
        }
    }
}

const BAD_REQUEST: Answer = Answer::of("BAD_REQUEST");
const NOT_FOUND: Answer = Answer::of("NOT_FOUND");

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Start,
    Retrieve,
    Capture,
    Delete,
}

/// A call, `payment` being the position of the payment that it is about; there may be none there.
#[derive(Clone, Debug)]
pub struct Request {
    pub verb: Verb,
    pub payment: usize,
    pub body: Option<Value>,
}

/// The rules that a wrong reading may have otherwise.
#[derive(Clone, Copy)]
pub struct Reading {
    /// May so much be captured of what is authorized?
    pub capturable: fn(asked: Money, authorized: Money) -> bool,
    pub refund_key: fn(&Payment, Option<&Value>) -> Option<Key>,
    /// May there be another capture?
    pub open: fn(State) -> bool,
}

pub const DOCUMENTED: Reading = Reading {
    capturable: Money::fits,
    refund_key,
    open: |state| state == State::Authorized,
};

pub struct Model {
    reading: Reading,
    users: Vec<(String, Payer)>,
    pub payments: Vec<Payment>,
}

impl Model {
    pub const fn new(reading: Reading, users: Vec<(String, Payer)>) -> Self {
        Self {
            reading,
            users,
            payments: Vec::new(),
        }
    }

    pub fn user(&self, number: usize) -> &str {
        &self.users[number].0
    }

    /// The answer to exchange `number`.
    pub fn answer(&mut self, number: usize, request: &Request) -> Answer {
        if request.verb == Verb::Start {
            let body = request.body.as_ref().expect("a start has a body");
            return self.start(number, body);
        }
        let reading = self.reading;
        let Some(payment) = self.payments.get_mut(request.payment) else {
            return NOT_FOUND;
        };
        if matches!(payment.state, State::UserCancelled | State::Refused) {
            return NOT_FOUND;
        }
        let body = request.body.as_ref();
        let key = match request.verb {
            Verb::Start | Verb::Retrieve => return Answer::of("OK"),
            Verb::Capture => Some(Key::Capture(body.cloned())),
            Verb::Delete if payment.is_captured() => (reading.refund_key)(payment, body),
            Verb::Delete => Some(Key::Cancel(body.cloned())),
        };
        if let Some(stored) = key.as_ref().and_then(|key| payment.stored_under(key)) {
            return stored;
        }
        let was_cancelled = payment.state == State::Cancelled;
        let answer = match request.verb {
            Verb::Capture => payment.capture(body, reading),
            _ if payment.is_captured() => payment.refund(body),
            _ => payment.cancel(body),
        };
        if let Some(key) = key
            && answer.is_definite()
            && !was_cancelled
        {
            payment.store(key, answer, number);
        }
        answer
    }

    fn start(&mut self, number: usize, body: &Value) -> Answer {
        let external = text(body, "externalTransactionId");
        let same = |payment: &Payment| external.is_some() && payment.external == external;
        let known = self.payments.iter().position(same);
        if let Some(known) = known.map(|known| &self.payments[known]) {
            if known.start != *body {
                return BAD_REQUEST;
            }
            if let Some(stored) = known.stored_under(&Key::Start) {
                return stored;
            }
        }
        let user = text(body, "bangoUserId").expect("a start names its user");
        let Some((_, payer)) = self.users.iter().find(|(id, _)| *id == user) else {
            return Answer::of("INVALID_BANGOUSERID");
        };
        let answer = Answer::of(payer.start);
        if answer.status == 400 {
            return answer;
        }
        let prices = prices(body).expect("a start has prices");
        let home = prices.iter().find(|price| price.currency == payer.home());
        let price = home.unwrap_or(&prices[0]);
        let mut payment = Payment {
            user,
            payer: *payer,
            external,
            state: match payer.start {
                "OK" => State::Authorized,
                "CLIENT_ACTION_REQUIRED" => State::PendingRedirect,
                _ => State::Refused,
            },
            currency: price.currency.clone(),
            price: price.with_tax(0),
            captured: Money::default(),
            refunded: Money::default(),
            start: body.clone(),
            stored: Vec::new(),
        };
        if answer.is_definite() {
            payment.store(Key::Start, answer, number);
        }
        match known {
            Some(known) => self.payments[known] = payment,
            None => self.payments.push(payment),
        }
        answer
    }

    /// The payer comes to an end of the pages. Their first outcome is final.
    pub fn leaves_the_pages(&mut self, payment: usize, approves: bool) {
        let payment = self.payments.get_mut(payment);
        if let Some(payment) = payment.filter(|row| row.state == State::PendingRedirect) {
            payment.state = if approves {
                State::Authorized
            } else {
                State::UserCancelled
            };
        }
    }
}

impl Payment {
    fn stored_under(&self, key: &Key) -> Option<Answer> {
        let of_key = self.stored.iter().find(|(other, _)| other == key);
        of_key.map(|(_, answer)| *answer)
    }

    fn store(&mut self, key: Key, answer: Answer, number: usize) {
        let replay = Answer {
            replays: Some(number),
            ..answer
        };
        self.stored.push((key, replay));
    }

    /// The price that a body names, in this payment's currency.
    fn asked(&self, body: Option<&Value>) -> Asked {
        match body.and_then(prices) {
            None => Asked::Everything,
            Some(prices) => prices
                .into_iter()
                .find(|price| price.currency == self.currency)
                .map_or(Asked::OtherCurrency, Asked::Part),
        }
    }

    fn capture(&mut self, body: Option<&Value>, reading: Reading) -> Answer {
        if !(reading.open)(self.state) {
            return BAD_REQUEST;
        }
        let amounts = match self.asked(body) {
            Asked::OtherCurrency => return BAD_REQUEST,
            Asked::Everything => self.price,
            Asked::Part(price) => price.with_tax(self.price.tax),
        };
        if !(reading.capturable)(amounts, self.price) {
            return BAD_REQUEST;
        }
        let answer = Answer::of(self.payer.capture);
        if answer.code == "OK" {
            self.state = State::Captured;
            self.captured = amounts;
        }
        answer
    }

    fn cancel(&mut self, body: Option<&Value>) -> Answer {
        if self.state == State::PendingRedirect {
            return BAD_REQUEST;
        }
        let is_whole = match self.asked(body) {
            Asked::OtherCurrency => false,
            Asked::Everything => true,
            Asked::Part(price) => price.with_tax(self.price.tax) == self.price,
        };
        if !is_whole {
            return BAD_REQUEST;
        }
        if self.state == State::Cancelled {
            return Answer::of("CANCELLED");
        }
        let answer = Answer::of(self.payer.cancel);
        if answer.code == "CANCELLED" {
            self.state = State::Cancelled;
        }
        answer
    }

    fn refund(&mut self, body: Option<&Value>) -> Answer {
        let left = self.left();
        let amounts = match self.asked(body) {
            Asked::OtherCurrency => return BAD_REQUEST,
            Asked::Everything => left,
            Asked::Part(price) if price.gross == left.gross => price.with_tax(left.tax),
            Asked::Part(price) => price.with_tax(0),
        };
        if left.gross == 0 {
            return Answer::of("ALREADY_REFUNDED");
        }
        if !amounts.fits(left) {
            return Answer::of("CANT_REFUND");
        }
        let answer = Answer::of(self.payer.refund);
        if answer.code == "REFUNDED" {
            self.refunded = self.refunded.plus(amounts);
            self.state = if self.left().gross == 0 {
                State::Refunded
            } else {
                State::PartiallyRefunded
            };
        }
        answer
    }
}

/// A whole refund repeats by its body. A part repeats by its id and amounts; without an id an equal one
/// is a further refund.
fn refund_key(payment: &Payment, body: Option<&Value>) -> Option<Key> {
    let whole = Key::Refund(body.cloned());
    match payment.asked(body) {
        Asked::Everything => Some(whole),
        Asked::OtherCurrency => None,
        Asked::Part(price) => match body.and_then(|body| text(body, "externalTransactionId")) {
            Some(external) => Some(Key::Part(external, price.with_tax(0))),
            None => (price.with_tax(payment.captured.tax) == payment.captured).then_some(whole),
        },
    }
}
