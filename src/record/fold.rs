//! Which payment and which identification an entry belongs to, and their state after it.
//!
//! Pure: what is known so far is looked up through [`Rows`], what has changed is returned. Ids are
//! looked up within an epoch only, since a sandbox gives the same ones again after a reset.

mod account;
mod prepare;
mod rows;
mod seen;
#[cfg(test)]
pub(super) mod tests;

use serde_json::Value;

use super::{
    Entry, Kind, Origin, Session, SessionKey, Transaction, TransactionKey,
    entry::{Address, Arrived, Ended, Seen, Sent},
    fact::{Ending, Fact, Reply, Return, is_stub, is_to_our_sandbox},
    target::Target,
    transaction::{Pending, State},
};
use crate::{
    api::{BangoUserId, ExternalTransactionId, Operation, ResponseCode, SessionId, TransactionId},
    exchange::{CallId, Outcome, Request, Standing},
};

pub use prepare::prepare;
pub use rows::{Ours, Rows};

/// What an entry changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Where the entry belongs.
    pub transaction: Option<TransactionKey>,
    pub session: Option<SessionKey>,
    pub transactions: Vec<Transaction>,
    pub sessions: Vec<Session>,
}

/// What `entry` changes.
pub fn fold<R: Rows>(entry: &Entry, rows: &R) -> Result<Folded, R::Error> {
    let mut step = Step {
        entry,
        rows,
        folded: Folded::default(),
    };
    match &entry.kind {
        Kind::Sent(sent) => step.sent(sent)?,
        Kind::Ended(ended) => step.ended(ended)?,
        Kind::Seen(Seen::Report(report)) => step.seen(report)?,
        Kind::Seen(Seen::Own(own)) => step.own(own)?,
        Kind::Arrived(arrived) => step.arrived(arrived)?,
        Kind::Seen(Seen::Missed(_)) | Kind::Remark(_) | Kind::Unknown { .. } => {}
    }
    Ok(step.folded)
}

struct Step<'f, R> {
    entry: &'f Entry,
    rows: &'f R,
    folded: Folded,
}

impl<R: Rows> Step<'_, R> {
    fn sent(&mut self, sent: &Sent) -> Result<(), R::Error> {
        let pending = Pending::read(
            sent.call,
            sent.operation,
            &sent.request,
            is_to_our_sandbox(&sent.request),
        );
        let stub = is_stub(&sent.request);
        let origin = Origin::Call(sent.call);
        let (transaction, session) = self.place(&sent.request, &pending, None, origin, stub)?;
        let fact = if stub {
            Fact::Touched
        } else {
            Fact::Sent(pending)
        };
        self.keep(transaction, &fact);
        self.keep_session(session, Some(sent.operation), &fact);
        Ok(())
    }

    fn ended(&mut self, ended: &Ended) -> Result<(), R::Error> {
        let Some(ours) = self.rows.ours(ended.call)? else {
            return Ok(());
        };
        let fact = if ours.is_stub() {
            Fact::Touched
        } else {
            Fact::Ended {
                call: ended.call,
                end: Ending::read(&ended.outcome),
            }
        };
        if ours.transaction.is_none() && ours.session.is_none() {
            return self.ended_elsewhere(&ours, &ended.outcome);
        }
        if let Some(key) = ours.transaction
            && let Some(transaction) = self.rows.transaction(key)?
        {
            self.ended_in(transaction, ended.call, &fact)?;
        }
        if let Some(key) = ours.session
            && let Some(mut session) = self.rows.session(key)?
        {
            if session.key == SessionKey(Origin::Call(ended.call)) {
                session.epoch = self.entry.epoch;
            }
            let is_of_this_life = session.epoch == self.entry.epoch;
            self.keep_session(Some(session), Some(ours.sent.operation), &fact);
            if let (Fact::Ended { end, .. }, true) = (&fact, is_of_this_life)
                && let Ending::Answered(reply) = end
            {
                self.account(&ours.sent.request, ours.sent.operation, reply)?;
            }
        }
        Ok(())
    }

    /// When the call was sent, what it was about was not known: its epoch was believed to be another, or
    /// another program's start was not reported yet.
    fn ended_elsewhere(&mut self, ours: &Ours, outcome: &Outcome) -> Result<(), R::Error> {
        let Sent {
            call,
            operation,
            request,
            ..
        } = &ours.sent;
        let Ending::Answered(reply) = Ending::read(outcome) else {
            return Ok(());
        };
        if ours.is_stub() {
            return Ok(());
        }
        let asked = Pending::read(*call, *operation, request, ours.is_to_our_sandbox());
        let origin = Origin::Call(*call);
        let (transaction, session) = self.place(request, &asked, None, origin, false)?;
        let fact = Fact::Exchange {
            asked,
            reply: reply.clone(),
        };
        self.keep(transaction, &fact);
        self.keep_session(session, Some(*operation), &fact);
        self.account(request, *operation, &reply)
    }

    /// The sandbox may have been reset while the call was under way: then the answer is not about the
    /// payment that the call was made for.
    fn ended_in(
        &mut self,
        mut transaction: Transaction,
        call: CallId,
        fact: &Fact,
    ) -> Result<(), R::Error> {
        let began_it = transaction.key == TransactionKey(Origin::Call(call));
        let is_open = transaction.state == State::Starting && transaction.unresolved.is_empty();
        if began_it && is_open && transaction.epoch != self.entry.epoch {
            transaction.epoch = self.entry.epoch;
            transaction.forget_standing();
            // Another epoch gives the same id to another payer.
            self.know_payer(&mut transaction)?;
        }
        let pending = transaction
            .in_flight
            .iter()
            .find(|known| known.call == call)
            .cloned();
        let (
            Fact::Ended {
                end: Ending::Answered(reply),
                ..
            },
            Some(pending),
        ) = (fact, pending)
        else {
            self.keep(Some(transaction), fact);
            return Ok(());
        };
        if transaction.epoch == self.entry.epoch {
            self.keep(Some(transaction), fact);
            return Ok(());
        }
        let id = transaction.id.clone();
        transaction.forget(call);
        self.keep(Some(transaction), &Fact::Touched);
        let other = match pending.operation {
            Operation::Authorize => Some(self.started(&pending, Origin::Call(call))?),
            _ => match id {
                Some(id) => self.with_id(&id)?,
                None => None,
            },
        };
        let reply = reply.clone();
        self.keep(
            other,
            &Fact::Exchange {
                asked: pending,
                reply,
            },
        );
        Ok(())
    }

    fn arrived(&mut self, arrived: &Arrived) -> Result<(), R::Error> {
        let (key, outcome) = match &arrived.at {
            Address::Callback { key } => (key, Return::of_query(&arrived.request.url)),
            Address::Notification { key } => (key, Return::of_body(&arrived.request.body.kept)),
            Address::Inbox { .. } => return Ok(()),
        };
        let Some(ours) = self.rows.addressed(key)? else {
            return Ok(());
        };
        let fact = outcome.map_or(Fact::Touched, Fact::Returned);
        if let Some(key) = ours.transaction {
            let transaction = self.rows.transaction(key)?;
            self.keep(transaction, &fact);
        }
        if let Some(key) = ours.session {
            let session = self.rows.session(key)?;
            self.keep_session(session, None, &fact);
        }
        Ok(())
    }

    /// The rows that a request is about: begun by a start or an identify, found by id otherwise. A
    /// request with a stub header begins nothing.
    fn place(
        &self,
        request: &Request,
        pending: &Pending,
        named: Option<&TransactionId>,
        origin: Origin,
        stub: bool,
    ) -> Result<(Option<Transaction>, Option<Session>), R::Error> {
        let target = Target::of(request);
        Ok(match (pending.operation, target) {
            (Operation::Authorize | Operation::Identify, _) if stub => (None, None),
            (Operation::Authorize, _) => {
                let known = match named {
                    Some(id) => self.with_id(id)?,
                    None => None,
                };
                match known {
                    Some(known) => (Some(known), None),
                    None => (Some(self.started(pending, origin)?), None),
                }
            }
            (Operation::Identify, _) => (None, Some(self.opened(request, origin))),
            (Operation::Methods, _) => match &pending.asked.user {
                Some(user) => (None, self.rows.session_of_user(self.entry.epoch, user)?),
                None => (None, None),
            },
            (Operation::Status | Operation::CloseAccount, Some(Target::Identity(Some(user)))) => {
                let user = BangoUserId::new(user);
                (None, self.rows.session_of_user(self.entry.epoch, &user)?)
            }
            (_, Some(Target::Identity(Some(id)))) => {
                (None, self.session_with_id(&SessionId::new(id))?)
            }
            (_, Some(Target::Transaction(Some(id)))) => {
                (self.with_id(&TransactionId::new(id))?, None)
            }
            _ => (None, None),
        })
    }

    /// The payment of a start: a known one for a repeat, which the API recognises by its key.
    fn started(&self, pending: &Pending, origin: Origin) -> Result<Transaction, R::Error> {
        let (epoch, seq, at) = (self.entry.epoch, self.entry.seq, self.entry.at);
        if pending.asked.external.is_some()
            && let Some(known) = self.rows.transaction_with_start(epoch, &pending.same)?
        {
            return Ok(known);
        }
        let mut begun = Transaction::begin(TransactionKey(origin), epoch, pending, seq, at);
        self.know_payer(&mut begun)?;
        Ok(begun)
    }

    /// What identifications tell of a payment's payer.
    fn know_payer(&self, transaction: &mut Transaction) -> Result<(), R::Error> {
        let session = match transaction.user() {
            Some(user) => self.rows.session_of_user(self.entry.epoch, user)?,
            None => None,
        };
        transaction.payer_closed = session.as_ref().is_some_and(Session::is_closed);
        transaction.msisdn = session.and_then(|session| session.msisdn);
        Ok(())
    }

    fn opened(&self, request: &Request, origin: Origin) -> Session {
        let body: Option<Value> = serde_json::from_slice(&request.body.kept).ok();
        let method_key = body
            .as_ref()
            .and_then(|body| body.get("identificationMethodKey")?.as_str())
            .map(str::to_owned);
        let entry = self.entry;
        Session::begin(
            SessionKey(origin),
            entry.epoch,
            method_key,
            entry.seq,
            entry.at,
        )
    }

    fn with_id(&self, id: &TransactionId) -> Result<Option<Transaction>, R::Error> {
        self.rows.transaction_with_id(self.entry.epoch, id)
    }

    fn session_with_id(&self, id: &SessionId) -> Result<Option<Session>, R::Error> {
        self.rows.session_with_id(self.entry.epoch, id)
    }

    /// Two starts may carry the same id, of which the API refuses the second: the pages belong to one
    /// that can still be approved.
    fn waiting_with_external(
        &self,
        external: &ExternalTransactionId,
    ) -> Result<Option<Transaction>, R::Error> {
        let found = self
            .rows
            .transactions_with_external(self.entry.epoch, external)?;
        Ok(found.into_iter().find(|transaction| {
            transaction.id.is_none()
                && matches!(
                    transaction.state,
                    State::Starting | State::WaitingForPayer { .. }
                )
        }))
    }

    fn keep(&mut self, transaction: Option<Transaction>, fact: &Fact) {
        self.keep_told(transaction, fact, None);
    }

    /// With what our sandbox says of the payment beside the fact.
    fn keep_told(
        &mut self,
        transaction: Option<Transaction>,
        fact: &Fact,
        standing: Option<Standing>,
    ) {
        if let Some(mut transaction) = transaction {
            transaction.apply(self.entry.seq, self.entry.at, fact);
            if let Some(standing) = standing {
                transaction.told(standing);
            }
            self.folded.transaction = Some(transaction.key);
            self.folded.transactions.push(transaction);
        }
    }

    fn keep_session(
        &mut self,
        session: Option<Session>,
        operation: Option<Operation>,
        fact: &Fact,
    ) {
        if let Some(mut session) = session {
            session.apply(self.entry.seq, self.entry.at, operation, fact);
            self.folded.session = Some(session.key);
            self.folded.sessions.push(session);
        }
    }
}

/// What another program's request asked for; the answer tells a cancel from a refund.
pub fn operation_of(request: &Request, reply: Option<&Reply>) -> Option<Operation> {
    let operation = Target::of(request)?.operation(&request.method)?;
    let cancelled = reply.is_some_and(|reply| *reply.code() == ResponseCode::Cancelled);
    Some(if operation == Operation::Refund && cancelled {
        Operation::Cancel
    } else {
        operation
    })
}
