//! What our sandbox reports, folded: other programs' calls, the payer's way, and its word on ours.

use super::{Rows, Step, operation_of};
use crate::{
    api::{BangoUserId, ExternalTransactionId, Msisdn, ResponseCode, SessionId, TransactionId},
    exchange::{CallId, PageOf, Report, Request, Response, Standing, Stands, What},
    record::{
        Origin, Transaction,
        entry::Own,
        fact::{Fact, Reply, Return, is_stub},
        transaction::{Pending, State},
    },
};

impl<R: Rows> Step<'_, R> {
    pub(super) fn seen(&mut self, report: &Report) -> Result<(), R::Error> {
        match &report.what {
            What::Exchange {
                request,
                response,
                transaction,
                standing,
                ..
            } => self.exchange(report, request, response, transaction.as_ref(), *standing),
            What::Page { of, .. } => {
                let (transaction, session) = match of {
                    PageOf::Transaction(id) => (self.with_id(id)?, None),
                    PageOf::Session(id) => (None, self.session_with_id(id)?),
                };
                self.keep(transaction, &Fact::Touched);
                self.keep_session(session, None, &Fact::Touched);
                Ok(())
            }
            What::Identified {
                session,
                user,
                msisdn,
                key,
            } => self.identified(session.as_ref(), user, msisdn, key),
            What::Finished {
                transaction,
                external,
                code,
            } => self.finished(transaction, external.as_ref(), code),
            What::Expired {
                transaction: id,
                external,
            } => {
                let transaction = self.reported(id, external.as_ref())?;
                let standing = Standing::without_money(Stands::Cancelled);
                self.keep_told(transaction, &Fact::Expired(id.clone()), Some(standing));
                Ok(())
            }
            What::Notified {
                transaction,
                session,
                ..
            } => {
                if let Some(id) = transaction {
                    let transaction = self.with_id(id)?;
                    self.keep(transaction, &Fact::Touched);
                }
                if let Some(id) = session {
                    let session = self.session_with_id(id)?;
                    self.keep_session(session, None, &Fact::Touched);
                }
                Ok(())
            }
            What::Reset => Ok(()),
        }
    }

    fn exchange(
        &mut self,
        report: &Report,
        request: &Request,
        response: &Response,
        named: Option<&TransactionId>,
        standing: Option<Standing>,
    ) -> Result<(), R::Error> {
        let reply = Reply::read(response);
        let Some(operation) = operation_of(request, reply.as_ref()) else {
            return Ok(());
        };
        let call = report.call.unwrap_or(CallId(uuid::Uuid::nil()));
        let asked = Pending::read(call, operation, request, true);
        let stub = is_stub(request);
        let origin = Origin::Report {
            run: report.run,
            number: report.number,
        };
        let (mut transaction, session) = self.place(request, &asked, named, origin, stub)?;
        if let (Some(transaction), Some(id)) = (&mut transaction, named) {
            transaction.id.get_or_insert_with(|| id.clone());
        }
        let fact = match reply {
            Some(reply) if !stub => Fact::Exchange {
                asked,
                reply: Box::new(reply),
            },
            _ => Fact::Touched,
        };
        self.keep_told(transaction, &fact, standing);
        self.keep_session(session, Some(operation), &fact);
        match &fact {
            Fact::Exchange { reply, .. } => self.account(request, operation, reply),
            _ => Ok(()),
        }
    }

    pub(super) fn own(&mut self, own: &Own) -> Result<(), R::Error> {
        let Some(ours) = self.rows.ours(own.call)? else {
            return Ok(());
        };
        self.folded.session = ours.session;
        self.folded.transaction = ours.transaction;
        let Some(key) = ours.transaction else {
            return Ok(());
        };
        let Some(mut transaction) = self.rows.transaction(key)? else {
            return Ok(());
        };
        let is_of_this_life = transaction.epoch == self.entry.epoch;
        transaction.heard_of(own.call);
        if let Some(standing) = own.standing.filter(|_| is_of_this_life) {
            transaction.told(standing);
        }
        let fact = match &own.transaction {
            Some(id) if is_of_this_life || transaction.state == State::Starting => {
                Fact::Named(id.clone())
            }
            _ => Fact::Touched,
        };
        self.keep(Some(transaction), &fact);
        Ok(())
    }

    fn identified(
        &mut self,
        session: Option<&SessionId>,
        user: &BangoUserId,
        msisdn: &Msisdn,
        key: &str,
    ) -> Result<(), R::Error> {
        let session = session.map(|id| self.session_with_id(id)).transpose()?;
        if let Some(mut session) = session.flatten() {
            session.identified(msisdn, key);
            self.keep_session(Some(session), None, &Fact::Touched);
        }
        let mut unnumbered = self
            .rows
            .transactions_without_number(self.entry.epoch, user)?;
        for transaction in &mut unnumbered {
            transaction.msisdn = Some(msisdn.clone());
        }
        self.folded.transactions.append(&mut unnumbered);
        Ok(())
    }

    fn finished(
        &mut self,
        id: &TransactionId,
        external: Option<&ExternalTransactionId>,
        code: &str,
    ) -> Result<(), R::Error> {
        let transaction = self.reported(id, external)?;
        let code = ResponseCode::parse(code);
        let standing = match &code {
            ResponseCode::Ok => Stands::Authorized,
            ResponseCode::UserCancelled => Stands::UserCancelled,
            _ => Stands::Refused,
        };
        let outcome = Return {
            transaction: Some(id.clone()),
            external: external.cloned(),
            session: None,
            code,
        };
        let standing = Standing::without_money(standing);
        self.keep_told(transaction, &Fact::Returned(outcome), Some(standing));
        Ok(())
    }

    /// A payment whose id nobody may have told yet.
    fn reported(
        &self,
        id: &TransactionId,
        external: Option<&ExternalTransactionId>,
    ) -> Result<Option<Transaction>, R::Error> {
        match (self.with_id(id)?, external) {
            (None, Some(external)) => self.waiting_with_external(external),
            (known, _) => Ok(known),
        }
    }
}
