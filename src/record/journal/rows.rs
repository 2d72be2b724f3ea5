//! The fold's rows in tables: what the fold asks, and where its results go.

use rusqlite::{Connection, OptionalExtension, Params, Row};
use serde::{Serialize, de::DeserializeOwned};

use super::{JournalError, number, prepare, read};
use crate::{
    api::{BangoUserId, ExternalTransactionId, SessionId, TransactionId},
    exchange::{CallId, Epoch},
    money::Currency,
    record::{
        Kind, Origin, Seq, Session, SessionKey, Totals, Transaction, TransactionKey,
        asked::Fingerprint,
        filter::Facts,
        fold::{Ours, Rows},
    },
};

/// The lists that a filter goes through, as the table of facts numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    Transactions = 1,
    Sessions = 2,
    Lines = 3,
}

/// The tables, as the fold sees them.
pub struct Tables<'c>(pub &'c Connection);

impl Tables<'_> {
    fn one<T: DeserializeOwned>(
        &self,
        sql: &str,
        params: impl Params,
    ) -> Result<Option<T>, JournalError> {
        let found: Option<(String, String)> = prepare(self.0, sql)?
            .query_row(params, |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        found.map(|(key, state)| state_of(&key, &state)).transpose()
    }

    fn many<T: DeserializeOwned>(
        &self,
        sql: &str,
        params: impl Params,
    ) -> Result<Vec<T>, JournalError> {
        let mut statement = prepare(self.0, sql)?;
        let mut rows = statement.query(params)?;
        let mut found = vec![];
        while let Some(row) = rows.next()? {
            found.push(state_at(row, 0)?);
        }
        Ok(found)
    }

    fn our_call(&self, condition: &str, value: &str) -> Result<Option<Ours>, JournalError> {
        let sql = format!(
            "SELECT seq, key, at, epoch, kind, payload, transaction_key, session_key
             FROM entry WHERE {condition}"
        );
        let mut statement = prepare(self.0, &sql)?;
        let mut rows = statement.query([value])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let entry = read::whole_entry(self.0, row)?;
        let transaction = origin_at(row, 6)?.map(TransactionKey);
        let session = origin_at(row, 7)?.map(SessionKey);
        Ok(match entry.kind {
            Kind::Sent(sent) => Some(Ours {
                sent,
                transaction,
                session,
            }),
            _ => None,
        })
    }

    /// Keeps a payment's new state, and gives the sums that it changed.
    pub fn put_transaction(&self, new: &Transaction) -> Result<Vec<Totals>, JournalError> {
        let old = self.transaction(new.key)?;
        if old.is_none() {
            self.count("transactions", 1)?;
        }
        prepare(
            self.0,
            "INSERT OR REPLACE INTO transaction_row VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute((
            new.key.0.to_string(),
            number(new.first),
            text(new.epoch),
            new.id.as_ref().map(TransactionId::as_str),
            new.external().map(ExternalTransactionId::as_str),
            new.start.as_ref().map(Fingerprint::as_str),
            new.user().map(BangoUserId::as_str),
            new.msisdn.as_ref().map(crate::api::Msisdn::as_str),
            json(new),
        ))?;
        let payer = match new.user() {
            Some(user) => self.session_of_user(new.epoch, user)?,
            None => None,
        };
        let method = payer.and_then(|payer| payer.method_key);
        let facts = Facts::of_transaction(new, method.as_deref());
        self.put_facts(Listed::Transactions, new.first, Some(new.key.0), &facts)?;
        let mut changed: Vec<Totals> = vec![];
        if let Some(old) = &old
            && let Some(mut totals) = self.totals_of(old)?
        {
            totals.take_back(old);
            self.put_totals(&totals)?;
            changed.push(totals);
        }
        if let Some(mut totals) = self.totals_of(new)? {
            totals.apply(new);
            self.put_totals(&totals)?;
            changed
                .retain(|known| (known.epoch, known.currency) != (totals.epoch, totals.currency));
            changed.push(totals);
        }
        Ok(changed)
    }

    pub fn put_session(&self, new: &Session) -> Result<(), JournalError> {
        if self.session(new.key)?.is_none() {
            self.count("sessions", 1)?;
        }
        prepare(
            self.0,
            "INSERT OR REPLACE INTO session_row VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            new.key.0.to_string(),
            number(new.first),
            text(new.epoch),
            new.id.as_ref().map(SessionId::as_str),
            new.user().map(BangoUserId::as_str),
            json(new),
        ))?;
        let facts = Facts::of_session(new);
        self.put_facts(Listed::Sessions, new.first, Some(new.key.0), &facts)
    }

    /// Keeps what a row or a line can be found by.
    pub fn put_facts(
        &self,
        list: Listed,
        place: Seq,
        owner: Option<Origin>,
        facts: &Facts,
    ) -> Result<(), JournalError> {
        let owner = owner.map(|owner| owner.to_string());
        prepare(
            self.0,
            "INSERT OR REPLACE INTO facet VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((list as i64, number(place), owner, facts.encode()))?;
        Ok(())
    }

    /// Forgets what an entry's line was found by.
    pub fn drop_line_facts(&self, line: Seq) -> Result<(), JournalError> {
        prepare(self.0, "DELETE FROM facet WHERE list = 3 AND place = ?1")?
            .execute([number(line)])?;
        Ok(())
    }

    fn drop_facts(&self, owner: Origin) -> Result<(), JournalError> {
        prepare(self.0, "DELETE FROM facet WHERE owner = ?1 AND list < 3")?
            .execute([owner.to_string()])?;
        Ok(())
    }

    pub fn remember(&self, name: &str, value: &str) -> Result<(), JournalError> {
        prepare(self.0, "INSERT OR REPLACE INTO meta VALUES (?1, ?2)")?.execute((name, value))?;
        Ok(())
    }

    pub fn forget(&self, name: &str) -> Result<(), JournalError> {
        prepare(self.0, "DELETE FROM meta WHERE name = ?1")?.execute([name])?;
        Ok(())
    }

    /// Counting the rows themselves would read them all.
    pub fn count(&self, name: &str, more: i64) -> Result<(), JournalError> {
        prepare(self.0, "UPDATE meta SET value = value + ?1 WHERE name = ?2")?
            .execute((more, name))?;
        Ok(())
    }

    /// Removes a payment's row, and takes it back from the sums.
    pub fn drop_transaction(&self, key: TransactionKey) -> Result<(), JournalError> {
        let Some(old) = self.transaction(key)? else {
            return Ok(());
        };
        if let Some(mut totals) = self.totals_of(&old)? {
            totals.take_back(&old);
            self.put_totals(&totals)?;
        }
        prepare(self.0, "DELETE FROM transaction_row WHERE key = ?1")?
            .execute([key.0.to_string()])?;
        self.drop_facts(key.0)?;
        self.count("transactions", -1)
    }

    pub fn drop_session(&self, key: SessionKey) -> Result<(), JournalError> {
        let dropped = prepare(self.0, "DELETE FROM session_row WHERE key = ?1")?
            .execute([key.0.to_string()])?;
        self.drop_facts(key.0)?;
        self.count("sessions", -i64::from(dropped > 0))
    }

    /// `None` for a payment whose price could not be read.
    fn totals_of(&self, transaction: &Transaction) -> Result<Option<Totals>, JournalError> {
        let Some(currency) = transaction.currency() else {
            return Ok(None);
        };
        let known = self.totals(transaction.epoch, currency)?;
        Ok(Some(known.unwrap_or_else(|| {
            Totals::new(transaction.epoch, currency)
        })))
    }

    pub fn totals(&self, epoch: Epoch, currency: Currency) -> Result<Option<Totals>, JournalError> {
        self.one(
            "SELECT currency, sums FROM total WHERE epoch = ?1 AND currency = ?2",
            (text(epoch), currency.as_str()),
        )
    }

    /// The sums of no payments are not kept.
    fn put_totals(&self, totals: &Totals) -> Result<(), JournalError> {
        if totals.payments == 0 {
            prepare(
                self.0,
                "DELETE FROM total WHERE epoch = ?1 AND currency = ?2",
            )?
            .execute((text(totals.epoch), totals.currency.as_str()))?;
            return Ok(());
        }
        prepare(self.0, "INSERT OR REPLACE INTO total VALUES (?1, ?2, ?3)")?.execute((
            text(totals.epoch),
            totals.currency.as_str(),
            json(totals),
        ))?;
        Ok(())
    }
}

impl Rows for Tables<'_> {
    type Error = JournalError;

    fn ours(&self, call: CallId) -> Result<Option<Ours>, JournalError> {
        self.our_call("key = ?1", &format!("sent:{}", call.0))
    }

    fn addressed(&self, key: &str) -> Result<Option<Ours>, JournalError> {
        self.our_call("kind = 'sent' AND substr(call, -16) = ?1", key)
    }

    fn transaction(&self, key: TransactionKey) -> Result<Option<Transaction>, JournalError> {
        self.one(
            "SELECT key, state FROM transaction_row WHERE key = ?1",
            [key.0.to_string()],
        )
    }

    fn transaction_with_id(
        &self,
        epoch: Epoch,
        id: &TransactionId,
    ) -> Result<Option<Transaction>, JournalError> {
        self.one(
            "SELECT key, state FROM transaction_row WHERE tx = ?1 AND epoch = ?2",
            (id.as_str(), text(epoch)),
        )
    }

    fn transaction_with_start(
        &self,
        epoch: Epoch,
        start: &Fingerprint,
    ) -> Result<Option<Transaction>, JournalError> {
        self.one(
            "SELECT key, state FROM transaction_row WHERE start = ?1 AND epoch = ?2",
            (start.as_str(), text(epoch)),
        )
    }

    fn transactions_with_external(
        &self,
        epoch: Epoch,
        external: &ExternalTransactionId,
    ) -> Result<Vec<Transaction>, JournalError> {
        self.many(
            "SELECT key, state FROM transaction_row WHERE external = ?1 AND epoch = ?2
             ORDER BY first DESC LIMIT 10",
            (external.as_str(), text(epoch)),
        )
    }

    fn transactions_without_number(
        &self,
        epoch: Epoch,
        user: &BangoUserId,
    ) -> Result<Vec<Transaction>, JournalError> {
        self.many(
            "SELECT key, state FROM transaction_row
             WHERE user = ?1 AND epoch = ?2 AND msisdn IS NULL LIMIT 100",
            (user.as_str(), text(epoch)),
        )
    }

    fn transactions_of_user(
        &self,
        epoch: Epoch,
        user: &BangoUserId,
    ) -> Result<Vec<Transaction>, JournalError> {
        self.many(
            "SELECT key, state FROM transaction_row WHERE user = ?1 AND epoch = ?2
             ORDER BY msisdn DESC, key DESC LIMIT 1000",
            (user.as_str(), text(epoch)),
        )
    }

    fn session(&self, key: SessionKey) -> Result<Option<Session>, JournalError> {
        self.one(
            "SELECT key, state FROM session_row WHERE key = ?1",
            [key.0.to_string()],
        )
    }

    fn session_with_id(
        &self,
        epoch: Epoch,
        id: &SessionId,
    ) -> Result<Option<Session>, JournalError> {
        self.one(
            "SELECT key, state FROM session_row WHERE session = ?1 AND epoch = ?2",
            (id.as_str(), text(epoch)),
        )
    }

    fn sessions_of_user(
        &self,
        epoch: Epoch,
        user: &BangoUserId,
    ) -> Result<Vec<Session>, JournalError> {
        self.many(
            "SELECT key, state FROM session_row WHERE user = ?1 AND epoch = ?2
             ORDER BY first DESC LIMIT 1000",
            (user.as_str(), text(epoch)),
        )
    }

    fn session_of_user(
        &self,
        epoch: Epoch,
        user: &BangoUserId,
    ) -> Result<Option<Session>, JournalError> {
        self.one(
            "SELECT key, state FROM session_row WHERE user = ?1 AND epoch = ?2
             ORDER BY first DESC LIMIT 1",
            (user.as_str(), text(epoch)),
        )
    }
}

/// What began a row, from a column that may be empty.
pub fn origin_at(row: &Row<'_>, at: usize) -> Result<Option<Origin>, JournalError> {
    let text: Option<String> = row.get(at)?;
    Ok(text.as_deref().and_then(Origin::parse))
}

/// Columns `at` and the next: a row's name and its state.
pub fn state_at<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> Result<T, JournalError> {
    let (key, state): (String, String) = (row.get(at)?, row.get(at + 1)?);
    state_of(&key, &state)
}

fn state_of<T: DeserializeOwned>(key: &str, state: &str) -> Result<T, JournalError> {
    serde_json::from_str(state).map_err(|error| JournalError::Damaged {
        key: key.to_owned(),
        why: error.to_string(),
    })
}

fn json(state: &impl Serialize) -> String {
    serde_json::to_string(state).expect("a row is texts, numbers and lists of them")
}

pub fn text(epoch: Epoch) -> String {
    epoch.0.to_string()
}
