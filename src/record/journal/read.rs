//! Reading: windows of rows and of the timeline, whole exchanges, and what an id belongs to.

mod before;
mod entries;
mod lists;
mod matching;
mod whose;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

use super::{
    JournalError, delete, number, prepare,
    rows::{self, Tables},
};
use crate::{
    exchange::{CallId, Epoch, Standing},
    record::{
        Entry, Kind, Origin, Seq, Session, SessionKey, Totals, Transaction, TransactionKey,
        entry::Seen, exchanged::Exchanged, fold::Rows as _, payload,
    },
};

pub use lists::lines_between;
#[cfg(test)]
pub use matching::facts;

/// A connection for reading. It sees what is committed, whoever wrote it, and reads nothing whole.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
}

/// What an id stands for: payments and identifications of any epoch, newest first, and the newest
/// entries that name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub transactions: Vec<TransactionKey>,
    pub sessions: Vec<SessionKey>,
    pub entries: Vec<Seq>,
}

impl Reader {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection }
    }

    pub fn transaction(&self, key: TransactionKey) -> Result<Option<Transaction>, JournalError> {
        Tables(&self.connection).transaction(key)
    }

    pub fn session(&self, key: SessionKey) -> Result<Option<Session>, JournalError> {
        Tables(&self.connection).session(key)
    }

    /// The sums of an epoch, for each currency: of the payments that the journal still holds.
    pub fn totals(&self, epoch: Epoch) -> Result<Vec<Totals>, JournalError> {
        let mut statement = prepare(
            &self.connection,
            "SELECT currency, sums FROM total WHERE epoch = ?1 ORDER BY currency",
        )?;
        let mut rows = statement.query([rows::text(epoch)])?;
        let mut totals = vec![];
        while let Some(row) = rows.next()? {
            totals.push(rows::state_at(row, 0)?);
        }
        Ok(totals)
    }

    /// An entry with its bodies.
    pub fn entry(&self, seq: Seq) -> Result<Option<Entry>, JournalError> {
        entry_where(&self.connection, "seq = ?1", number(seq))
    }

    /// A call of ours, from its Sent, its Ended and the sandbox's word on it.
    pub fn exchange(&self, call: CallId) -> Result<Option<Exchanged>, JournalError> {
        let Some(entry) = self.with_key(format!("sent:{}", call.0))? else {
            return Ok(None);
        };
        let Kind::Sent(sent) = entry.kind else {
            return Ok(None);
        };
        let ended = self.with_key(format!("ended:{}", call.0))?;
        let (why, standing) = self.word(call)?;
        Ok(Some(Exchanged {
            seq: entry.seq,
            at: entry.at,
            epoch: ended.as_ref().map_or(entry.epoch, |ended| ended.epoch),
            request: sent.request,
            outcome: ended.and_then(|ended| match ended.kind {
                Kind::Ended(ended) => Some(ended.outcome),
                _ => None,
            }),
            call: Some(call),
            operation: Some(sent.operation),
            why,
            standing,
            step: sent.step,
        }))
    }

    /// The exchange that an entry belongs to: of a call of ours, of another program, of a notification,
    /// or an arrival.
    pub fn exchange_at(&self, seq: Seq) -> Result<Option<Exchanged>, JournalError> {
        let Some(entry) = self.entry(seq)? else {
            return Ok(None);
        };
        match &entry.kind {
            Kind::Sent(sent) => self.exchange(sent.call),
            Kind::Ended(ended) => self.exchange(ended.call),
            Kind::Seen(Seen::Own(own)) => self.exchange(own.call),
            _ => Ok(Exchanged::of(entry)),
        }
    }

    /// Whether a call of ours has callback addresses with this key.
    pub fn is_addressed(&self, key: &str) -> Result<bool, JournalError> {
        Ok(prepare(
            &self.connection,
            "SELECT 1 FROM entry WHERE kind = 'sent' AND substr(call, -16) = ?1",
        )?
        .exists([key])?)
    }

    /// What an id stands for: a `transactionId`, an `externalTransactionId`, a `sessionId`, a
    /// `bangoUserId`, a call id or an entry's key.
    pub fn find(&self, id: &str) -> Result<Found, JournalError> {
        let origins = |sql| -> Result<Vec<Origin>, JournalError> {
            let texts = self.column::<String>(sql, id)?;
            Ok(texts
                .iter()
                .filter_map(|text| Origin::parse(text))
                .collect())
        };
        let call = id.parse().map(|call: Uuid| call.simple().to_string());
        let mut entries = self.column::<i64>(
            "SELECT seq FROM (SELECT seq FROM entry WHERE key = ?1
             UNION SELECT seq FROM (SELECT seq FROM entry WHERE tx = ?1 ORDER BY seq DESC LIMIT 20)
             UNION SELECT seq FROM (SELECT seq FROM entry WHERE external = ?1 ORDER BY seq DESC LIMIT 20)
             UNION SELECT seq FROM (SELECT seq FROM entry WHERE session = ?1 ORDER BY seq DESC LIMIT 20)
             UNION SELECT seq FROM (SELECT seq FROM entry WHERE user = ?1 ORDER BY seq DESC LIMIT 20))
             ORDER BY seq DESC LIMIT 20",
            id,
        )?;
        if let Ok(call) = call {
            let sql = "SELECT seq FROM entry WHERE call = ?1 ORDER BY seq DESC";
            entries.extend(self.column::<i64>(sql, &call)?);
        }
        Ok(Found {
            transactions: origins(
                "SELECT key FROM (SELECT key, first FROM transaction_row WHERE tx = ?1
                 UNION SELECT key, first FROM transaction_row WHERE external = ?1)
                 ORDER BY first DESC LIMIT 20",
            )?
            .into_iter()
            .map(TransactionKey)
            .collect(),
            sessions: origins(
                "SELECT key FROM (SELECT key, first FROM session_row WHERE session = ?1
                 UNION SELECT key, first FROM session_row WHERE user = ?1)
                 ORDER BY first DESC LIMIT 20",
            )?
            .into_iter()
            .map(SessionKey)
            .collect(),
            entries: entries
                .into_iter()
                .map(|seq| Seq(seq.unsigned_abs()))
                .collect(),
        })
    }

    /// The number of the latest report of a sandbox's run that was recorded; 0 where there is none.
    pub fn last_report(&self, run: Uuid) -> Result<u64, JournalError> {
        // The keys of a run stand together, `;` being the character after `:`.
        let (from, to) = (format!("seen:{run}:"), format!("seen:{run};"));
        let sql = "SELECT max(CAST(substr(key, length(?1) + 1) AS INTEGER)) FROM entry
                   WHERE key > ?1 AND key < ?2";
        let last: Option<i64> =
            prepare(&self.connection, sql)?.query_row((&from, &to), |row| row.get(0))?;
        let deleted = delete::last_report(&self.connection, run)?;
        Ok(last.unwrap_or(0).unsigned_abs().max(deleted))
    }

    /// What [`Journal::remember`](super::Journal::remember) kept.
    pub fn remembered(&self, name: &str) -> Result<Option<String>, JournalError> {
        meta(&self.connection, name)
    }

    /// Our sandbox's word on a call of ours: why it was refused, and how the payment stood after it.
    fn word(&self, call: CallId) -> Result<(Option<String>, Option<Standing>), JournalError> {
        let call = call.0.simple().to_string();
        let own = prepare(
            &self.connection,
            "SELECT seq FROM entry WHERE call = ?1 AND kind = 'seen' LIMIT 1",
        )?
        .query_row([call], |row| row.get(0))
        .optional()?;
        let Some(own) = own else {
            return Ok((None, None));
        };
        let own: Option<Entry> = entry_where::<i64>(&self.connection, "seq = ?1", own)?;
        Ok(match own.map(|entry| entry.kind) {
            Some(Kind::Seen(Seen::Own(own))) => (own.why, own.standing),
            Some(Kind::Seen(Seen::Report(report))) => (report.why, report.what.standing()),
            _ => (None, None),
        })
    }

    fn with_key(&self, key: String) -> Result<Option<Entry>, JournalError> {
        entry_where(&self.connection, "key = ?1", key)
    }

    fn column<T: rusqlite::types::FromSql>(
        &self,
        sql: &str,
        value: &str,
    ) -> Result<Vec<T>, JournalError> {
        let mut statement = prepare(&self.connection, sql)?;
        let rows = statement.query_map([value], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

pub fn meta(connection: &Connection, name: &str) -> Result<Option<String>, JournalError> {
    Ok(
        prepare(connection, "SELECT value FROM meta WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?,
    )
}

/// The entry after `seq`, with its bodies.
pub fn next_entry(connection: &Connection, seq: Seq) -> Result<Option<Entry>, JournalError> {
    entry_where(connection, "seq > ?1 ORDER BY seq LIMIT 1", number(seq))
}

fn entry_where<T: rusqlite::ToSql>(
    connection: &Connection,
    condition: &str,
    value: T,
) -> Result<Option<Entry>, JournalError> {
    let sql = format!("SELECT seq, key, at, epoch, kind, payload FROM entry WHERE {condition}");
    let mut statement = prepare(connection, &sql)?;
    let mut rows = statement.query([value])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    whole_entry(connection, row).map(Some)
}

/// An entry with its bodies, from the columns of [`light_entry`].
pub fn whole_entry(connection: &Connection, row: &Row<'_>) -> Result<Entry, JournalError> {
    let mut entry = light_entry(row)?;
    fill(connection, &mut entry)?;
    Ok(entry)
}

/// An entry without bodies from the columns `seq, key, at, epoch, kind, payload`. One that cannot be read
/// is of an unknown kind, which says why: it must hide no other.
pub fn light_entry(row: &Row<'_>) -> Result<Entry, JournalError> {
    let (key, epoch): (String, String) = (row.get(1)?, row.get(3)?);
    let (kind, payload): (String, String) = (row.get(4)?, row.get(5)?);
    let epoch = epoch.parse().map(Epoch);
    let kind = match epoch {
        Ok(_) => {
            payload::read(&kind, &payload).map_err(|error| JournalError::of_payload(&key, error))
        }
        Err(_) => Err(JournalError::Damaged {
            key: key.clone(),
            why: "its epoch is no UUID".to_owned(),
        }),
    };
    Ok(Entry {
        seq: Seq(row.get::<_, i64>(0)?.unsigned_abs()),
        // Any number of nanoseconds is a time.
        at: Timestamp::from_nanosecond(row.get::<_, i64>(2)?.into()).unwrap_or_default(),
        epoch: epoch.unwrap_or(Epoch(Uuid::nil())),
        kind: kind.unwrap_or_else(|error| Kind::Unknown {
            name: error.to_string(),
        }),
        key,
    })
}

fn fill(connection: &Connection, entry: &mut Entry) -> Result<(), JournalError> {
    let seq = number(entry.seq);
    for (part, kept) in payload::bodies(&mut entry.kind) {
        let bytes = prepare(
            connection,
            "SELECT bytes FROM body WHERE entry = ?1 AND part = ?2",
        )?
        .query_row((seq, part), |row| row.get(0))
        .optional()?;
        *kept = bytes.unwrap_or_default();
    }
    Ok(())
}
