//! The other side for the fold's properties: one payment with the API's rules for repeats, and a
//! program that talks to it over a bad line.

use std::collections::VecDeque;

use super::{
    super::super::asked::Asked,
    adjust,
    book::{Book, Told},
    start, taxed,
};
use crate::{
    api::{Call, Operation, TransactionId},
    exchange::CallId,
    money::Taxed,
};

pub const ID: &str = "2006721250";

/// What the server knows to be true.
#[derive(Default)]
pub struct Server {
    started: bool,
    cancelled: bool,
    capture: Option<(Taxed, Option<Vec<u8>>)>,
    refunds: Vec<(Asked, Taxed)>,
}

impl Server {
    pub fn sums(&self) -> [Taxed; 3] {
        let authorized = if self.started {
            taxed(1099, 100)
        } else {
            Taxed::ZERO
        };
        [authorized, self.captured(), self.refunded()]
    }

    fn captured(&self) -> Taxed {
        self.capture.as_ref().map_or(Taxed::ZERO, |(sum, _)| *sum)
    }

    fn refunded(&self) -> Taxed {
        self.refunds.iter().fold(Taxed::ZERO, |sum, (_, booked)| {
            sum.checked_add(*booked).unwrap()
        })
    }

    pub fn hear(&mut self, call: &Call) -> Told {
        let asked = Asked::read(call.body.as_deref().unwrap_or_default());
        match call.operation {
            Operation::Authorize => {
                let told = Told::new(r#"{"responseCode":"OK","transactionId":"2006721250"}"#);
                if std::mem::replace(&mut self.started, true) {
                    told.again()
                } else {
                    told
                }
            }
            _ if !self.started => Told::code("NOT_FOUND"),
            Operation::Capture => self.capture(&asked, call.body.as_ref()),
            _ if self.cancelled && asked.price.is_none() => Told::code("CANCELLED").again(),
            _ if self.capture.is_some() => self.refund(asked),
            _ if self.cancelled || asked.price.is_some() => Told::code("BAD_REQUEST"),
            _ => {
                self.cancelled = true;
                Told::code("CANCELLED")
            }
        }
    }

    fn capture(&mut self, asked: &Asked, body: Option<&Vec<u8>>) -> Told {
        let sum = asked
            .price
            .map_or(taxed(1099, 100), crate::record::asked::Price::taxed);
        match &self.capture {
            Some((_, first)) if first.as_ref() == body => Told::code("OK").again(),
            None if !self.cancelled && sum.fits_in(taxed(1099, 100)) => {
                self.capture = Some((sum, body.cloned()));
                Told::code("OK")
            }
            _ => Told::code("BAD_REQUEST"),
        }
    }

    fn refund(&mut self, asked: Asked) -> Told {
        let left = self.captured().checked_sub(self.refunded()).unwrap();
        let repeated = self.refunds.iter().any(|(known, _)| {
            known.price == asked.price
                && known.external == asked.external
                && (asked.price.is_none() || asked.external.is_some())
        });
        let amount = asked.price.map_or(left, crate::record::asked::Price::taxed);
        if repeated && (asked.price.is_some() || left.gross.is_zero()) {
            Told::code("REFUNDED").again()
        } else if left.gross.is_zero() {
            Told::code("ALREADY_REFUNDED")
        } else if !amount.fits_in(left) {
            Told::code("CANT_REFUND")
        } else {
            self.refunds.push((asked, amount));
            Told::code("REFUNDED")
        }
    }
}

/// One thing that happens on the line.
#[derive(Clone, Debug)]
pub struct Move {
    pub what: Say,
    pub fate: Fate,
    /// How many reports of the sandbox arrive after it.
    pub reports: usize,
}

#[derive(Clone, Copy, Debug)]
pub enum Say {
    Start,
    Capture {
        amount: Option<Taxed>,
    },
    Cancel,
    Refund {
        key: Option<u8>,
        amount: Option<Taxed>,
    },
}

#[derive(Clone, Copy, Debug)]
pub enum Fate {
    Answered,
    /// The server did it, and its answer was lost.
    LostAnswer,
    LostRequest,
    NotSent,
    /// Another program's call: all that is known of it is the report.
    Others,
}

impl Say {
    pub fn call(self) -> Call {
        let id = TransactionId::from(ID);
        match self {
            Self::Start => start(Some("t-1")),
            Self::Capture { amount } => {
                let body = amount.map(|amount| adjust(None, Some(amount)));
                Call::capture(&id, body.as_ref())
            }
            Self::Cancel => Call::cancel(&id),
            Self::Refund { key, amount } => {
                let key = key.map(|key| format!("r-{key}"));
                Call::refund(&id, Some(&adjust(key.as_deref(), amount)))
            }
        }
    }
}

/// Server, line and book, and beside the book a sum that counts every answer.
#[derive(Default)]
pub struct World {
    pub server: Server,
    pub book: Book,
    /// What a fold that counts repeats would take for refunded.
    pub counted: Taxed,
    reports: VecDeque<(Option<CallId>, Call, Told)>,
}

impl World {
    pub fn play(&mut self, moves: &[Move]) {
        for one in moves {
            self.play_one(&one.what.call(), one.fate);
            for _ in 0..one.reports {
                self.report();
            }
        }
        while self.report() {}
    }

    fn play_one(&mut self, call: &Call, fate: Fate) {
        if matches!(fate, Fate::Others) {
            let told = self.server.hear(call);
            self.reports.push_back((None, call.clone(), told));
            return;
        }
        let knows_id = self
            .book
            .transactions
            .first()
            .is_some_and(|payment| payment.id.is_some());
        if call.operation != Operation::Authorize && !knows_id {
            return;
        }
        let sent = self.book.send(call);
        if matches!(fate, Fate::Answered | Fate::LostAnswer) {
            let told = self.server.hear(call);
            self.reports
                .push_back((Some(sent), call.clone(), told.clone()));
            if matches!(fate, Fate::Answered) {
                self.count(call, &told);
                self.book.answer(sent, &told);
                return;
            }
        }
        if matches!(fate, Fate::NotSent) {
            self.book.not_sent(sent);
        } else {
            self.book.cut(sent);
        }
    }

    fn report(&mut self) -> bool {
        let Some((of, call, told)) = self.reports.pop_front() else {
            return false;
        };
        if of.is_none() {
            self.count(&call, &told);
        }
        self.book.exchange(of, &call, &told, Some(ID));
        true
    }

    fn count(&mut self, call: &Call, told: &Told) {
        if told.body.contains("REFUNDED") && !told.body.contains("ALREADY") {
            let price = Asked::read(call.body.as_deref().unwrap_or_default()).price;
            let amount = price.map_or(taxed(1099, 100), crate::record::asked::Price::taxed);
            self.counted = self.counted.checked_add(amount).unwrap();
        }
    }
}
