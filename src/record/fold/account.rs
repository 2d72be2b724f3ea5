//! The end of a payer's account: it is one for every identification and payment of that payer.

use super::{Rows, Step};
use crate::{
    api::{BangoUserId, Operation, ResponseCode},
    exchange::Request,
    record::{fact::Reply, target::Target},
};

/// Whose account an answer says is no more.
fn closed(request: &Request, operation: Operation, reply: &Reply) -> Option<BangoUserId> {
    let is_closed = matches!(
        (operation, reply.code()),
        (Operation::CloseAccount, ResponseCode::Ok)
            | (
                Operation::CloseAccount | Operation::Status,
                ResponseCode::NotFound
            )
    );
    match Target::of(request) {
        Some(Target::Identity(Some(user))) if is_closed => Some(BangoUserId::new(user)),
        _ => None,
    }
}

impl<R: Rows> Step<'_, R> {
    /// Takes an answer for all that its payer has, where it says that the account is closed.
    pub(super) fn account(
        &mut self,
        request: &Request,
        operation: Operation,
        reply: &Reply,
    ) -> Result<(), R::Error> {
        let Some(user) = closed(request, operation, reply) else {
            return Ok(());
        };
        let epoch = self.entry.epoch;
        for mut session in self.rows.sessions_of_user(epoch, &user)? {
            match self
                .folded
                .sessions
                .iter_mut()
                .find(|folded| folded.key == session.key)
            {
                Some(folded) => folded.close(),
                None if session.is_closed() => {}
                None => {
                    session.close();
                    self.folded.sessions.push(session);
                }
            }
        }
        for mut transaction in self.rows.transactions_of_user(epoch, &user)? {
            if !transaction.payer_closed {
                transaction.payer_closed = true;
                self.folded.transactions.push(transaction);
            }
        }
        Ok(())
    }
}
