//! The past: a payment as it was when a call on it left.

use super::{Reader, whole_entry};
use crate::{
    api::{BangoUserId, ExternalTransactionId, SessionId, TransactionId},
    exchange::{CallId, Epoch},
    record::{
        Seq, Session, SessionKey, Transaction, TransactionKey,
        asked::Fingerprint,
        exchanged::Exchanged,
        fold::{Ours, Rows, fold},
        journal::{JournalError, number, prepare, rows, rows::Tables},
    },
};

/// Entries folded at most. A payment that is older than that has no past.
const MOST: usize = 500;

impl Reader {
    /// The payment that a call was about, folded up to the call. None where it began with the call, or
    /// where that would take long.
    pub fn payment_before(
        &self,
        exchanged: &Exchanged,
    ) -> Result<Option<Transaction>, JournalError> {
        let sql = "SELECT transaction_key FROM entry WHERE seq = ?1";
        let seq = number(exchanged.seq);
        let key = prepare(&self.connection, sql)?.query_row([seq], |row| {
            Ok(rows::origin_at(row, 0).ok().flatten().map(TransactionKey))
        })?;
        match key {
            Some(key) => self.payment_at(key, exchanged.seq),
            None => Ok(None),
        }
    }

    /// A payment as it was before an entry.
    fn payment_at(
        &self,
        key: TransactionKey,
        seq: Seq,
    ) -> Result<Option<Transaction>, JournalError> {
        let sql = "SELECT seq, key, at, epoch, kind, payload FROM entry
             WHERE transaction_key = ?1 AND seq < ?2 ORDER BY seq LIMIT ?3";
        let mut statement = prepare(&self.connection, sql)?;
        let limit = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
        let mut found = statement.query((key.0.to_string(), number(seq), limit))?;
        let mut past = Past {
            tables: Tables(&self.connection),
            payment: None,
        };
        let mut count = 0;
        while let Some(row) = found.next()? {
            count += 1;
            if count > MOST {
                return Ok(None);
            }
            let entry = whole_entry(&self.connection, row)?;
            let folded = fold(&entry, &past)?;
            let now = folded.transactions.into_iter().rfind(|now| now.key == key);
            past.payment = now.or(past.payment);
        }
        Ok(past.payment)
    }
}

/// What was known at a moment of one payment. What is known of calls and payers does not change.
struct Past<'c> {
    tables: Tables<'c>,
    payment: Option<Transaction>,
}

impl Past<'_> {
    fn payment_if(&self, is_it: impl Fn(&Transaction) -> bool) -> Option<Transaction> {
        self.payment.clone().filter(|payment| is_it(payment))
    }
}

impl Rows for Past<'_> {
    type Error = JournalError;

    fn ours(&self, call: CallId) -> Result<Option<Ours>, JournalError> {
        self.tables.ours(call)
    }

    fn addressed(&self, key: &str) -> Result<Option<Ours>, JournalError> {
        self.tables.addressed(key)
    }

    fn transaction(&self, key: TransactionKey) -> Result<Option<Transaction>, JournalError> {
        Ok(self.payment_if(|payment| payment.key == key))
    }

    fn transaction_with_id(
        &self,
        epoch: Epoch,
        id: &TransactionId,
    ) -> Result<Option<Transaction>, JournalError> {
        Ok(self.payment_if(|payment| payment.epoch == epoch && payment.id.as_ref() == Some(id)))
    }

    fn transaction_with_start(
        &self,
        epoch: Epoch,
        start: &Fingerprint,
    ) -> Result<Option<Transaction>, JournalError> {
        let is_it =
            |payment: &Transaction| payment.epoch == epoch && payment.start.as_ref() == Some(start);
        Ok(self.payment_if(is_it))
    }

    fn transactions_with_external(
        &self,
        epoch: Epoch,
        external: &ExternalTransactionId,
    ) -> Result<Vec<Transaction>, JournalError> {
        let is_it =
            |payment: &Transaction| payment.epoch == epoch && payment.external() == Some(external);
        Ok(self.payment_if(is_it).into_iter().collect())
    }

    fn transactions_without_number(
        &self,
        _: Epoch,
        _: &BangoUserId,
    ) -> Result<Vec<Transaction>, JournalError> {
        Ok(Vec::new())
    }

    fn transactions_of_user(
        &self,
        epoch: Epoch,
        user: &BangoUserId,
    ) -> Result<Vec<Transaction>, JournalError> {
        let is_it = |payment: &Transaction| payment.epoch == epoch && payment.user() == Some(user);
        Ok(self.payment_if(is_it).into_iter().collect())
    }

    fn session(&self, key: SessionKey) -> Result<Option<Session>, JournalError> {
        self.tables.session(key)
    }

    fn session_with_id(
        &self,
        epoch: Epoch,
        id: &SessionId,
    ) -> Result<Option<Session>, JournalError> {
        self.tables.session_with_id(epoch, id)
    }

    fn sessions_of_user(&self, _: Epoch, _: &BangoUserId) -> Result<Vec<Session>, JournalError> {
        Ok(Vec::new())
    }

    fn session_of_user(
        &self,
        epoch: Epoch,
        user: &BangoUserId,
    ) -> Result<Option<Session>, JournalError> {
        self.tables.session_of_user(epoch, user)
    }
}
