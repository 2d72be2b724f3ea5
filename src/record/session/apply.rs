//! How a fact changes an identification. Believes the wire; an end state stays.

use jiff::Timestamp;

use super::{Session, SessionKey, State};
use crate::{
    api::{Action, Class, Msisdn, Operation, ResponseCode},
    exchange::{CallId, Epoch},
    record::{
        Seq,
        fact::{Ending, Fact, Reply},
        transaction::Pending,
    },
};

impl Session {
    /// An identification that nothing is known of but what it asks for.
    pub fn begin(
        key: SessionKey,
        epoch: Epoch,
        method_key: Option<String>,
        seq: Seq,
        at: Timestamp,
    ) -> Self {
        Self {
            key,
            epoch,
            id: None,
            method_key,
            state: State::Starting,
            msisdn: None,
            returned: None,
            user_status: None,
            in_flight: vec![],
            last: None,
            created_at: at,
            updated_at: at,
            first: seq,
            latest: seq,
            entries: 0,
        }
    }

    /// `operation` is that of the call which `fact` tells of.
    pub fn apply(&mut self, seq: Seq, at: Timestamp, operation: Option<Operation>, fact: &Fact) {
        self.entries += 1;
        self.latest = seq;
        self.updated_at = at;
        match fact {
            Fact::Sent(Pending { call, .. }) => self.sent(*call),
            Fact::Ended { call, end } => {
                self.in_flight.retain(|known| known != call);
                match end {
                    Ending::Answered(reply) => self.answered(operation, reply),
                    Ending::Unknown(_) => self.no_answer(State::Unknown),
                    Ending::NotSent => self.no_answer(State::NotSent),
                }
            }
            Fact::Exchange { reply, .. } => self.answered(operation, reply),
            Fact::Returned(outcome) => {
                if outcome.code.class() != Class::Unrecognised {
                    self.returned = Some(outcome.code.clone());
                }
            }
            Fact::Named(_) | Fact::Expired(_) | Fact::Touched => {}
        }
    }

    /// Our sandbox tells who the payer is, and by which key.
    pub fn identified(&mut self, msisdn: &Msisdn, key: &str) {
        self.msisdn = Some(msisdn.clone());
        self.method_key.get_or_insert_with(|| key.to_owned());
        self.returned = Some(ResponseCode::Ok);
    }

    /// The payer's account is no more.
    pub fn close(&mut self) {
        if let State::Identified { user } = &self.state {
            self.state = State::Closed { user: user.clone() };
        }
    }

    fn sent(&mut self, call: CallId) {
        if !self.in_flight.contains(&call) {
            self.in_flight.push(call);
        }
    }

    fn no_answer(&mut self, state: State) {
        if self.state == State::Starting && self.in_flight.is_empty() {
            self.state = state;
        }
    }

    fn answered(&mut self, operation: Option<Operation>, reply: &Reply) {
        let code = reply.code();
        self.last = Some(code.clone());
        if operation == Some(Operation::Status) && *code == ResponseCode::Ok {
            self.user_status.clone_from(&reply.answer.user_status);
        }
        if !matches!(operation, Some(Operation::Identify | Operation::Continue)) {
            return;
        }
        if self.id.is_none() {
            self.id.clone_from(&reply.answer.session);
        }
        if !self.is_open() {
            return;
        }
        if let Some(state) = self.after(operation, reply) {
            self.state = state;
        }
    }

    fn is_open(&self) -> bool {
        matches!(
            self.state,
            State::Starting | State::NotSent | State::Unknown | State::Waiting { .. }
        )
    }

    fn after(&self, operation: Option<Operation>, reply: &Reply) -> Option<State> {
        let code = reply.code();
        Some(match code {
            ResponseCode::Ok => match reply.user().cloned() {
                Some(user) => State::Identified { user },
                None => State::Failed { code: code.clone() },
            },
            ResponseCode::ClientActionRequired => State::Waiting {
                action: reply
                    .answer
                    .action
                    .clone()
                    .unwrap_or_else(|| Action::Unknown(String::new())),
            },
            ResponseCode::UserCancelled => State::Cancelled,
            ResponseCode::NotAvailable => State::NotAvailable,
            ResponseCode::Unknown(_) if self.state == State::Starting => State::Unknown,
            ResponseCode::Unknown(_) => return None,
            // A refusal on the way does not end the conversation, unless the server has lost it.
            ResponseCode::NotFound => State::Failed { code: code.clone() },
            _ if operation == Some(Operation::Continue) => return None,
            _ => State::Failed { code: code.clone() },
        })
    }
}
