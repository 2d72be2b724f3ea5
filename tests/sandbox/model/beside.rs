//! Runs a history on a sandbox and on the reference model, and tells where they part.
//!
//! Compiled twice: for the sandbox over HTTP, and for its store and engine by themselves.

mod body;
pub mod history;
pub mod payers;
pub mod reference;
mod whole;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::Value;

use body::Money;
use history::{Step, amount, histories, position};
use payers::Payer;
use reference::{Answer, DOCUMENTED, Key, Model, Reading, Request, State, Verb};
use whole::{NEW_ID, NEW_PAGE, whole};

/// A sandbox under comparison.
pub trait Side {
    /// Forgets everything, and gives the `bangoUserId` of each of these payers.
    fn begin(&mut self, payers: &[Payer]) -> Vec<String>;
    /// Makes a call; all but a start are about a `transactionId`.
    fn send(&mut self, verb: Verb, id: &str, body: Option<&Value>) -> Said;
    /// The payer's pages at this URL come to an end: approved, or cancelled.
    fn finish(&mut self, url: &str, approves: bool);
    /// The payments there are, oldest first.
    fn rows(&mut self) -> Vec<Row>;
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Said {
    pub status: u16,
    pub body: Vec<u8>,
    /// Was it said to be the answer of before?
    pub replayed: bool,
}

impl Said {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("an answer is JSON")
    }

    fn text(&self, pointer: &str) -> Option<String> {
        self.json().pointer(pointer)?.as_str().map(str::to_owned)
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        write!(f, "{} {body}, replayed: {}", self.status, self.replayed)
    }
}

/// A payment as the sandbox keeps it. Amounts are texts, gross and tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `None` for a start that was refused.
    pub id: Option<String>,
    pub external: Option<String>,
    pub user: String,
    pub state: String,
    pub currency: String,
    pub authorized: [String; 2],
    pub captured: [String; 2],
    pub refunded: [String; 2],
}

/// How one history goes on both.
struct Comparison<'s, S> {
    side: &'s mut S,
    model: Model,
    sent: Vec<Request>,
    said: Vec<Said>,
    /// By the position of the payment: its id once it is known, and where its payer was sent.
    ids: BTreeMap<usize, String>,
    pages: BTreeMap<usize, String>,
}

impl<S: Side> Comparison<'_, S> {
    fn step(&mut self, step: &Step) -> Result<(), String> {
        if let Some(request) = step.request(&self.model, &self.sent) {
            self.exchange(request)?;
        } else if let Step::Pages(place, approves) = step {
            let payment = position(*place, &self.model);
            if let Some(url) = self.pages.get(&payment) {
                self.side.finish(url, *approves);
                self.model.leaves_the_pages(payment, *approves);
            }
        }
        self.check_rows()
    }

    fn exchange(&mut self, request: Request) -> Result<(), String> {
        let id = self.ids.get(&request.payment).map_or("1", String::as_str);
        let said = self.side.send(request.verb, id, request.body.as_ref());
        let answer = self.model.answer(self.sent.len(), &request);
        self.check(&request, &answer, &said)
            .map_err(|told| format!("{told}, and {request:?} was answered {said}"))?;
        if request.verb == Verb::Start && answer.replays.is_none() {
            let last = self.model.payments.len().saturating_sub(1);
            let id = said.text("/transactionId").map(|id| (last, id));
            self.ids.extend(id);
            let page = said.text("/parameters/url").map(|url| (last, url));
            self.pages.extend(page);
        }
        self.sent.push(request);
        self.said.push(said);
        Ok(())
    }

    fn check(&self, request: &Request, answer: &Answer, said: &Said) -> Result<(), String> {
        let code = said.text("/responseCode").unwrap_or_default();
        let is_first = |first: usize| self.said[first].body == said.body;
        if (said.status, code.as_str()) != (answer.status, answer.code)
            || said.replayed != answer.replays.is_some()
            || !answer.replays.is_none_or(is_first)
        {
            return Err(format!("expected {answer}"));
        }
        if answer.replays.is_some() {
            return Ok(());
        }
        let payment = self.model.payments.get(request.payment);
        let about = payment.zip(self.ids.get(&request.payment).map(String::as_str));
        let expected = whole(request.verb, answer, about);
        if self.named(said) == expected {
            Ok(())
        } else {
            Err(format!("expected {answer}, in full {expected}"))
        }
    }

    /// What was said, with names in place of what the sandbox has just made up.
    fn named(&self, said: &Said) -> Value {
        let mut body = said.json();
        for (pointer, known, name) in [
            ("/transactionId", &self.ids, NEW_ID),
            ("/parameters/url", &self.pages, NEW_PAGE),
        ] {
            let is_known = |text: &str| known.values().any(|other| other == text);
            let place = body.pointer_mut(pointer);
            let new = |place: &&mut Value| place.as_str().is_some_and(|text| !is_known(text));
            if let Some(place) = place.filter(new) {
                *place = name.into();
            }
        }
        body
    }

    /// Every payment is there, and where the model has it.
    fn check_rows(&mut self) -> Result<(), String> {
        let rows = self.side.rows();
        for (position, row) in rows.iter().enumerate() {
            if let Some(id) = &row.id {
                self.ids.entry(position).or_insert_with(|| id.clone());
            }
        }
        let payments = self.model.payments.iter().enumerate();
        let expected: Vec<_> = payments
            .map(|(position, payment)| Row {
                id: (payment.state != State::Refused)
                    .then(|| self.ids.get(&position).cloned().unwrap_or_default()),
                external: payment.external.clone(),
                user: payment.user.clone(),
                state: payment.state.name().to_owned(),
                currency: payment.currency.clone(),
                authorized: texts(payment.authorized()),
                captured: texts(payment.captured),
                refunded: texts(payment.refunded),
            })
            .collect();
        if rows == expected {
            Ok(())
        } else {
            Err(format!(
                "expected the payments {expected:#?}, not {rows:#?}"
            ))
        }
    }
}

fn texts(money: Money) -> [String; 2] {
    [money.gross, money.tax].map(amount)
}

fn compare(side: &mut impl Side, reading: Reading, history: &[Step]) -> Result<(), String> {
    let ids = side.begin(&Payer::ALL);
    let users = ids.into_iter().zip(Payer::ALL).collect();
    let mut comparison = Comparison {
        side,
        model: Model::new(reading, users),
        sent: Vec::new(),
        said: Vec::new(),
        ids: BTreeMap::new(),
        pages: BTreeMap::new(),
    };
    for (number, step) in history.iter().enumerate() {
        comparison
            .step(step)
            .map_err(|told| format!("step {number}: {told}"))?;
    }
    Ok(())
}

fn run(side: &mut impl Side, reading: Reading, mut runner: TestRunner) -> Result<(), String> {
    let side = RefCell::new(side);
    runner
        .run(&histories(), |history| {
            compare(*side.borrow_mut(), reading, &history).map_err(TestCaseError::fail)
        })
        .map_err(|error| error.to_string())
}

/// Random histories go alike on both.
#[track_caller]
pub fn agrees(side: &mut impl Side, histories: u32) {
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(histories)
    };
    let outcome = run(side, DOCUMENTED, TestRunner::new(config));
    assert_eq!(outcome, Ok(()));
}

/// A model that is wrong on purpose is told apart, over histories that are always the same.
#[track_caller]
pub fn tells_apart(side: &mut impl Side, wrong: Reading, expected: &str) {
    let config = Config {
        failure_persistence: None,
        max_shrink_iters: 0,
        ..Config::with_cases(200)
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let told = run(side, wrong, TestRunner::new_with_rng(config, rng));
    let told = told.expect_err("nothing was noticed");
    assert!(told.contains(expected), "{told}");
}

/// Takes an equal part for a repeat also where it carries no id.
pub const PARTS_REPEAT: Reading = Reading {
    refund_key: |payment, body| {
        let key = (DOCUMENTED.refund_key)(payment, body);
        key.or_else(|| Some(Key::Refund(body.cloned())))
    },
    ..DOCUMENTED
};

/// Looks at the gross amount of a capture only.
pub const TAX_IS_FREE: Reading = Reading {
    capturable: |asked, authorized| asked.gross <= authorized.gross,
    ..DOCUMENTED
};

/// Captures what was captured before.
pub const CAPTURES_AGAIN: Reading = Reading {
    open: |state| matches!(state, State::Authorized | State::Captured),
    ..DOCUMENTED
};
