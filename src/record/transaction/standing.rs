//! A payment by the answers that came, beside what our sandbox says of it.
//!
//! The fold believes the wire. Where an answer was lost or altered on its way the two differ, and the
//! user is told.

use super::{Pending, State, Transaction};
use crate::exchange::{CallId, Standing, Stands};

impl Transaction {
    /// What our sandbox says, where that is otherwise than what the answers told. Nothing is said while a
    /// write is under way or its report is awaited: the two do not come together.
    pub fn differs(&self) -> Option<Standing> {
        let is_at_rest = self.unreported.is_empty()
            && !self
                .in_flight
                .iter()
                .any(|call| call.operation.moves_money());
        self.reported
            .filter(|reported| is_at_rest && self.standing() != Some(*reported))
    }

    /// Our sandbox says how it stands. Reports may overtake each other.
    pub fn told(&mut self, standing: Standing) {
        self.reported = self.reported.max(Some(standing));
    }

    /// Our sandbox reported a call.
    pub fn heard_of(&mut self, call: CallId) {
        self.unreported.retain(|awaited| *awaited != call);
    }

    /// What was told belongs to another life of the sandbox.
    pub fn forget_standing(&mut self) {
        self.reported = None;
    }

    /// A report of this call will come. Those of calls that are over came before it, or never will.
    pub(super) fn await_report(&mut self, pending: &Pending) {
        if !pending.ours || !pending.operation.moves_money() {
            return;
        }
        if self.in_flight.is_empty() {
            self.unreported.clear();
        }
        self.unreported.push(pending.call);
    }

    /// The payer came back, and our sandbox has not told yet what it knew before we did.
    pub(super) fn outdate_waiting(&mut self) {
        self.reported
            .take_if(|reported| reported.state == Stands::WaitingForPayer);
    }

    /// As the answers told it.
    fn standing(&self) -> Option<Standing> {
        let state = match &self.state {
            State::Starting | State::NotSent => return None,
            State::WaitingForPayer { .. } => Stands::WaitingForPayer,
            State::Authorized => Stands::Authorized,
            State::Captured(_) => Stands::Captured,
            State::Cancelled => Stands::Cancelled,
            State::Refused { .. } => Stands::Refused,
            State::UserCancelled => Stands::UserCancelled,
        };
        Some(Standing {
            state,
            captured: self.captured(),
            refunded: self.refunded(),
        })
    }
}
