//! How a fact changes a payment.
//!
//! Believes the wire, books nothing twice in whatever order facts come, and never panics. A fact that
//! contradicts what is known already moves nothing.

use jiff::Timestamp;

use super::{
    Captured, Doubt, Last, Pending, Refund, State, Transaction, TransactionKey, Unresolved,
};
use crate::{
    api::{Class, Operation, ResponseCode, TransactionId},
    exchange::{CallId, Epoch},
    money::Taxed,
    record::{
        Seq,
        asked::Asked,
        fact::{Ending, Fact, Reply, Return},
    },
};

impl Transaction {
    /// A payment that nothing is known of but what its start asks for.
    pub fn begin(
        key: TransactionKey,
        epoch: Epoch,
        start: &Pending,
        seq: Seq,
        at: Timestamp,
    ) -> Self {
        Self {
            key,
            epoch,
            asked: start.asked.clone(),
            id: None,
            msisdn: None,
            payer_closed: false,
            state: State::Starting,
            expired: false,
            in_flight: vec![],
            unresolved: vec![],
            reported: None,
            unreported: vec![],
            last: None,
            start: start.asked.external.is_some().then(|| start.same.clone()),
            created_at: at,
            updated_at: at,
            first: seq,
            latest: seq,
            entries: 0,
        }
    }

    pub fn apply(&mut self, seq: Seq, at: Timestamp, fact: &Fact) {
        self.entries += 1;
        self.latest = seq;
        self.updated_at = at;
        match fact {
            Fact::Sent(pending) => self.sent(pending),
            Fact::Ended { call, end } => self.ended(*call, end),
            Fact::Exchange { asked, reply } => self.answered(asked, reply),
            Fact::Returned(outcome) => self.returned(outcome),
            Fact::Named(id) => self.name(Some(id)),
            Fact::Expired(id) => self.expire(id),
            Fact::Touched => {}
        }
        self.drop_what_is_known();
    }

    /// Gives up waiting for a call whose answer belongs to another payment.
    pub fn forget(&mut self, call: CallId) {
        self.in_flight.retain(|pending| pending.call != call);
    }

    fn sent(&mut self, pending: &Pending) {
        if self
            .in_flight
            .iter()
            .any(|known| known.call == pending.call)
        {
            return;
        }
        if pending.operation == Operation::Authorize && self.state == State::NotSent {
            self.state = State::Starting;
        }
        self.await_report(pending);
        self.in_flight.push(pending.clone());
    }

    fn ended(&mut self, call: CallId, end: &Ending) {
        let Some(position) = self
            .in_flight
            .iter()
            .position(|pending| pending.call == call)
        else {
            return;
        };
        let pending = self.in_flight.remove(position);
        match end {
            Ending::Answered(reply) => self.answered(&pending, reply),
            Ending::Unknown(doubt) => self.doubt(&pending, doubt.clone()),
            Ending::NotSent => {
                self.heard_of(call);
                self.never_left(&pending);
            }
        }
    }

    fn never_left(&mut self, pending: &Pending) {
        let is_only_start = pending.operation == Operation::Authorize
            && self.state == State::Starting
            && self.last.is_none()
            && self.unresolved.is_empty()
            && !self
                .in_flight
                .iter()
                .any(|other| other.operation == Operation::Authorize);
        if is_only_start {
            self.state = State::NotSent;
        }
    }

    fn doubt(&mut self, pending: &Pending, because: Doubt) {
        if !pending.operation.moves_money() {
            return;
        }
        let unresolved = Unresolved {
            call: pending.call,
            operation: pending.operation,
            asked: pending.asked.clone(),
            same: pending.same.clone(),
            because,
        };
        // A repeat that the API recognises is the same doubt, however often it is cut off.
        let known = unresolved.is_recognised_again()
            && self
                .unresolved
                .iter()
                .any(|other| other.same == unresolved.same);
        if !known {
            self.unresolved.push(unresolved);
        }
    }

    fn answered(&mut self, pending: &Pending, reply: &Reply) {
        let code = reply.code();
        self.last = Some(Last {
            operation: pending.operation,
            code: code.clone(),
        });
        if !pending.ours && is_unknown_at_operator(code) {
            self.doubt(pending, Doubt::AtOperator(code.clone()));
            return;
        }
        if code.class() == Class::Unrecognised {
            return;
        }
        match pending.operation {
            Operation::Authorize => self.start_answered(pending, reply),
            Operation::Capture if *code == ResponseCode::Ok => self.capture(&pending.asked),
            Operation::Cancel | Operation::Refund if *code == ResponseCode::Cancelled => {
                self.cancel();
            }
            Operation::Cancel | Operation::Refund if *code == ResponseCode::Refunded => {
                self.refund(&pending.asked, reply.replayed);
            }
            Operation::Retrieve if *code == ResponseCode::Ok => self.adopt_price(reply),
            _ => {}
        }
        if settles(code) && pending.operation.moves_money() {
            self.resolve(pending);
        }
    }

    fn start_answered(&mut self, pending: &Pending, reply: &Reply) {
        let code = reply.code();
        if *code == ResponseCode::Ok {
            self.name(reply.answer.transaction.as_ref());
            self.authorize();
        } else if !self.awaits_start() {
            // A repeat: its outcome is known.
        } else if *code == ResponseCode::ClientActionRequired {
            self.state = State::WaitingForPayer { url: reply.url() };
        } else if self.settles(pending, code) {
            self.state = State::Refused { code: code.clone() };
        }
    }

    /// An answer to the same bytes tells what became of them the first time.
    fn resolve(&mut self, answered: &Pending) {
        self.unresolved
            .retain(|open| open.same != answered.same || !open.is_recognised_again());
    }

    /// A refusal that may have come before the request was looked at says nothing about a start that is
    /// in doubt.
    fn settles(&self, pending: &Pending, code: &ResponseCode) -> bool {
        settles(code) || !self.unresolved.iter().any(|open| open.same == pending.same)
    }

    fn returned(&mut self, outcome: &Return) {
        let foreign = outcome.external.is_some() && outcome.external != self.asked.external;
        if foreign || outcome.code.class() == Class::Unrecognised {
            return;
        }
        self.name(outcome.transaction.as_ref());
        self.outdate_waiting();
        if !self.awaits_payer() {
            return;
        }
        match &outcome.code {
            ResponseCode::Ok => self.authorize(),
            ResponseCode::UserCancelled => self.state = State::UserCancelled,
            ResponseCode::ClientActionRequired => {}
            code => self.state = State::Refused { code: code.clone() },
        }
    }

    fn name(&mut self, id: Option<&TransactionId>) {
        if self.id.is_none() {
            self.id = id.cloned();
        }
    }

    /// Whether an answer to its start would be news. A start that was refused in passing runs again
    /// when it is repeated.
    fn awaits_start(&self) -> bool {
        matches!(
            self.state,
            State::Starting | State::NotSent | State::Refused { .. }
        )
    }

    fn awaits_payer(&self) -> bool {
        self.awaits_start() || matches!(self.state, State::WaitingForPayer { .. })
    }

    fn authorize(&mut self) {
        if self.awaits_payer() {
            self.state = State::Authorized;
        }
    }

    /// It was authorized, also where that was not told.
    fn expire(&mut self, id: &TransactionId) {
        self.name(Some(id));
        if self.awaits_payer() || self.state == State::Authorized {
            self.state = State::Cancelled;
            self.expired = true;
        }
    }

    fn cancel(&mut self) {
        if !matches!(self.state, State::Captured(_)) {
            self.state = State::Cancelled;
        }
    }

    /// There is one capture for each payment; only a capture that was assumed can still be told.
    fn capture(&mut self, asked: &Asked) {
        let sum = self.capture_of(asked);
        match &mut self.state {
            State::Captured(captured) if captured.assumed => {
                let refunds = std::mem::take(&mut captured.refunds);
                *captured = Captured::new(sum, false);
                for refund in refunds {
                    captured.book(refund);
                }
            }
            State::Captured(_) | State::Cancelled => {}
            _ => self.state = State::Captured(Captured::new(sum, false)),
        }
    }

    /// Never more than was authorized; a missing tax means all of it.
    fn capture_of(&self, asked: &Asked) -> Taxed {
        let authorized = self.price();
        asked.price.map_or(authorized, |price| {
            Taxed::new(
                price.gross.min(authorized.gross),
                price.tax.unwrap_or(authorized.tax).min(authorized.tax),
            )
        })
    }

    fn refund(&mut self, asked: &Asked, replayed: bool) {
        if self.state == State::Cancelled {
            return;
        }
        if !matches!(self.state, State::Captured(_)) {
            // It was captured without our knowing: by the capture in doubt if there is one.
            let capture = self
                .unresolved
                .iter()
                .find(|open| open.operation == Operation::Capture)
                .map_or_else(Asked::default, |open| open.asked.clone());
            self.state = State::Captured(Captured::new(self.capture_of(&capture), true));
        }
        let State::Captured(captured) = &mut self.state else {
            return;
        };
        let refund = Refund {
            external: asked.external.clone(),
            asked: asked.price,
            booked: Taxed::ZERO,
        };
        if !captured.has(&refund, replayed) {
            captured.book(refund);
        }
    }

    /// A start may offer several prices: the server says which one it took.
    fn adopt_price(&mut self, reply: &Reply) {
        let differs = reply
            .price
            .is_some_and(|held| self.currency() != Some(held.currency));
        if differs && !matches!(self.state, State::Captured(_)) {
            self.asked.price = reply.price;
        }
    }

    /// What has come since may answer a doubt: a payment that waits was started, a cancelled one was not
    /// captured, and where nothing is left no refund is open, unless the sum is only assumed. A cancel of
    /// what turns out to be captured stays in doubt: it may have been taken for a refund.
    fn drop_what_is_known(&mut self) {
        let started = !self.awaits_start();
        let nothing_left = self.refundable().gross.is_zero();
        let state = &self.state;
        self.unresolved
            .retain(|open| match (open.operation, state) {
                (Operation::Authorize, _) => !started,
                (_, State::Cancelled) => false,
                (Operation::Capture, State::Captured(captured)) => captured.assumed,
                (_, State::Captured(captured)) => captured.assumed || !nothing_left,
                _ => true,
            });
    }
}

impl Captured {
    fn new(sum: Taxed, assumed: bool) -> Self {
        Self {
            sum,
            assumed,
            refunds: vec![],
        }
    }

    fn left(&self) -> Taxed {
        self.sum.saturating_sub(self.refunded())
    }

    /// Whether an answer to this refund tells of one that is booked already (the rule of the API for
    /// repeats): whole ones are, once nothing is left; parts are when both key and amounts are equal.
    fn has(&self, refund: &Refund, replayed: bool) -> bool {
        let Some(asked) = refund.asked else {
            return false;
        };
        refund.external.is_some()
            && self.refunds.iter().any(|known| {
                known.external == refund.external
                    && known.asked.is_some_and(|before| {
                        (before.taxed() == asked.taxed() && before.currency == asked.currency)
                            || (replayed && before.gross == asked.gross)
                    })
            })
    }

    /// Never more than is left; a missing tax means all that is left with the last of the gross amount,
    /// and none before. While the sum is only assumed, a refund for which nothing is left waits to be booked:
    /// there was more than that.
    fn book(&mut self, mut refund: Refund) {
        let left = self.left();
        if left.gross.is_zero() && !self.assumed {
            return;
        }
        refund.booked = refund.asked.map_or(left, |price| {
            let missing = if price.gross == left.gross {
                left.tax
            } else {
                Taxed::ZERO.tax
            };
            Taxed::new(
                price.gross.min(left.gross),
                price.tax.unwrap_or(missing).min(left.tax),
            )
        });
        self.refunds.push(refund);
    }
}

/// Whether an answer tells what became of equal bytes that were sent before it. Some are given before
/// the request is looked at.
fn settles(code: &ResponseCode) -> bool {
    !matches!(
        code,
        ResponseCode::Unauthorized
            | ResponseCode::InternalError
            | ResponseCode::ServiceUnavailable
            | ResponseCode::Unknown(_)
    )
}

/// From a real operator these mean that nobody knows. Our sandbox has no operator behind it.
fn is_unknown_at_operator(code: &ResponseCode) -> bool {
    matches!(
        code,
        ResponseCode::ConnectTimeout | ResponseCode::ConnectError
    )
}
