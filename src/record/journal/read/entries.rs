//! Whole entries of one thing, with their bodies, for exports.

use super::{
    super::{JournalError, prepare},
    Reader, whole_entry,
};
use crate::record::{Entry, Kind, Origin, Seq, SessionKey, TransactionKey, entry::Seen};

impl Reader {
    /// Of a payment, oldest first.
    pub fn entries_of_transaction(&self, key: TransactionKey) -> Result<Vec<Entry>, JournalError> {
        self.entries_of("transaction_key", key.0)
    }

    /// Of an identification, oldest first.
    pub fn entries_of_session(&self, key: SessionKey) -> Result<Vec<Entry>, JournalError> {
        self.entries_of("session_key", key.0)
    }

    /// Of the call that an entry belongs to, or that entry alone.
    pub fn entries_around(&self, seq: Seq) -> Result<Vec<Entry>, JournalError> {
        let Some(entry) = self.entry(seq)? else {
            return Ok(vec![]);
        };
        let call = match &entry.kind {
            Kind::Sent(sent) => sent.call,
            Kind::Ended(ended) => ended.call,
            Kind::Seen(Seen::Own(own)) => own.call,
            _ => return Ok(vec![entry]),
        };
        self.entries_where("call = ?1", &call.0.simple().to_string())
    }

    fn entries_of(&self, column: &str, origin: Origin) -> Result<Vec<Entry>, JournalError> {
        self.entries_where(&format!("{column} = ?1"), &origin.to_string())
    }

    fn entries_where(&self, condition: &str, value: &str) -> Result<Vec<Entry>, JournalError> {
        let sql = format!(
            "SELECT seq, key, at, epoch, kind, payload FROM entry WHERE {condition} ORDER BY seq"
        );
        let mut statement = prepare(&self.connection, &sql)?;
        let mut rows = statement.query([value])?;
        let mut entries = vec![];
        while let Some(row) = rows.next()? {
            entries.push(whole_entry(&self.connection, row)?);
        }
        Ok(entries)
    }
}
