//! Windows of the long lists. Each is one or two short walks along an index, however long the list.

use rusqlite::{Connection, OptionalExtension, Row, types::Value};
use serde::de::DeserializeOwned;

use super::{super::rows, Reader, light_entry, meta};
use crate::{
    api::ResponseCode,
    record::{
        Kind, Line, Origin, Seq, Session, SessionKey, Transaction, TransactionKey,
        fold::Ours,
        journal::{JournalError, number, prepare},
        payload,
        window::{Place, Rows, Window},
    },
};

/// What a line is made of. The sandbox's word on a call of ours is shown with the call.
const LINES: &str = "
    SELECT e.seq, e.key, e.at, e.epoch, e.kind, e.payload,
           e.transaction_key, e.session_key, e.code, s.payload
    FROM entry e LEFT JOIN entry s ON s.call = e.call AND s.kind = 'sent' AND e.kind = 'ended'
    WHERE NOT (e.kind = 'seen' AND e.call IS NOT NULL
               AND EXISTS (SELECT 1 FROM entry o WHERE o.call = e.call AND o.kind = 'sent'))";

impl Reader {
    /// Payments, newest first.
    pub fn transactions(
        &self,
        window: Window<TransactionKey>,
    ) -> Result<Rows<Transaction>, JournalError> {
        let list = List {
            connection: &self.connection,
            table: "transaction_row",
            count: "transactions",
        };
        list.rows(window, |key| key.0)
    }

    /// Identifications, newest first.
    pub fn sessions(&self, window: Window<SessionKey>) -> Result<Rows<Session>, JournalError> {
        let list = List {
            connection: &self.connection,
            table: "session_row",
            count: "sessions",
        };
        list.rows(window, |key| key.0)
    }

    /// The timeline, oldest first. Its length counts entries, of which a few are shown with others.
    pub fn timeline(&self, window: Window<Seq>) -> Result<Rows<Line>, JournalError> {
        let walk = |newer: bool, seq: i64, limit: usize| {
            let (side, order) = if newer { (">", "ASC") } else { ("<", "DESC") };
            let sql = format!("{LINES} AND e.seq {side} ?1 ORDER BY e.seq {order} LIMIT ?2");
            self.lines(&sql, vec![seq.into(), bound(limit)])
        };
        let mut rows = match window.place {
            Place::Newest => newest(window.limit, |limit| walk(false, i64::MAX, limit))?,
            Place::OlderThan(seq) => {
                let mut rows = newest(window.limit, |limit| walk(false, number(seq), limit))?;
                rows.newer = true;
                rows
            }
            Place::NewerThan(seq) => nearest(window.limit, |limit| walk(true, number(seq), limit))?,
            Place::Around(seq) => around(window.limit, |newer, limit| {
                let from = number(seq) + i64::from(!newer);
                walk(newer, from, limit)
            })?,
        };
        rows.rows.reverse();
        let sql = "SELECT seq FROM sqlite_sequence WHERE name = 'entry'";
        let last: Option<i64> = prepare(&self.connection, sql)?
            .query_row((), |row| row.get(0))
            .optional()?;
        let removed = meta(&self.connection, "removed")?;
        let removed = removed.and_then(|count| count.parse().ok()).unwrap_or(0);
        rows.total = last.unwrap_or(0).unsigned_abs().saturating_sub(removed);
        Ok(rows)
    }

    /// The newest lines of a payment, oldest first.
    pub fn lines_of_transaction(
        &self,
        key: TransactionKey,
        limit: usize,
    ) -> Result<Vec<Line>, JournalError> {
        self.lines_of("transaction_key", key.0, limit)
    }

    /// The newest lines of an identification, oldest first.
    pub fn lines_of_session(
        &self,
        key: SessionKey,
        limit: usize,
    ) -> Result<Vec<Line>, JournalError> {
        self.lines_of("session_key", key.0, limit)
    }

    fn lines_of(
        &self,
        column: &str,
        origin: Origin,
        limit: usize,
    ) -> Result<Vec<Line>, JournalError> {
        let sql = format!("{LINES} AND e.{column} = ?1 ORDER BY e.seq DESC LIMIT ?2");
        let mut lines = self.lines(&sql, vec![origin.to_string().into(), bound(limit)])?;
        lines.reverse();
        Ok(lines)
    }

    fn lines(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Line>, JournalError> {
        lines(&self.connection, sql, values)
    }
}

/// The line of one entry; `None` for one that is shown with another.
pub fn line_at(connection: &Connection, seq: Seq) -> Result<Option<Line>, JournalError> {
    let sql = format!("{LINES} AND e.seq = ?1");
    Ok(lines(connection, &sql, vec![number(seq).into()])?.pop())
}

/// The lines behind `after`, up to `last`.
pub fn lines_between(
    connection: &Connection,
    after: Seq,
    last: Seq,
) -> Result<Vec<Line>, JournalError> {
    let sql = format!("{LINES} AND e.seq > ?1 AND e.seq <= ?2 ORDER BY e.seq");
    lines(
        connection,
        &sql,
        vec![number(after).into(), number(last).into()],
    )
}

fn lines(
    connection: &Connection,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<Line>, JournalError> {
    let mut statement = prepare(connection, sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut lines = vec![];
    while let Some(row) = rows.next()? {
        lines.extend(line(row)?);
    }
    Ok(lines)
}

fn line(row: &Row<'_>) -> Result<Option<Line>, JournalError> {
    let entry = light_entry(row)?;
    let keys = (
        rows::origin_at(row, 6)?.map(TransactionKey),
        rows::origin_at(row, 7)?.map(SessionKey),
    );
    let code: Option<String> = row.get(8)?;
    let stored: Option<String> = row.get(9)?;
    let ours = match stored.map(|stored| payload::read("sent", &stored)) {
        Some(Ok(Kind::Sent(sent))) => Some(Ours {
            sent,
            transaction: keys.0,
            session: keys.1,
        }),
        _ => None,
    };
    let code = code.as_deref().map(ResponseCode::parse);
    Ok(Line::of(&entry, keys, code, ours.as_ref()))
}

/// A table of rows in the order in which they began.
struct List<'c> {
    connection: &'c Connection,
    table: &'static str,
    /// Where its length is kept.
    count: &'static str,
}

impl List<'_> {
    fn rows<Key: Copy, T: DeserializeOwned>(
        &self,
        window: Window<Key>,
        origin: impl Fn(Key) -> Origin,
    ) -> Result<Rows<T>, JournalError> {
        let limit = window.limit;
        let first = |key| self.first(origin(key));
        let from_newest = || newest(limit, |limit| self.walk(false, i64::MAX, limit));
        let mut rows = match window.place {
            Place::Newest => from_newest()?,
            Place::OlderThan(key) => match first(key)? {
                Some(first) => {
                    let mut rows = newest(limit, |limit| self.walk(false, first, limit))?;
                    rows.newer = true;
                    rows
                }
                None => from_newest()?,
            },
            Place::NewerThan(key) => match first(key)? {
                Some(first) => nearest(limit, |limit| self.walk(true, first, limit))?,
                None => from_newest()?,
            },
            Place::Around(key) => match first(key)? {
                Some(first) => around(limit, |newer, limit| {
                    self.walk(newer, first + i64::from(!newer), limit)
                })?,
                None => from_newest()?,
            },
        };
        let total = meta(self.connection, self.count)?;
        rows.total = total.and_then(|total| total.parse().ok()).unwrap_or(0);
        Ok(rows)
    }

    fn first(&self, origin: Origin) -> Result<Option<i64>, JournalError> {
        let sql = format!("SELECT first FROM {} WHERE key = ?1", self.table);
        Ok(prepare(self.connection, &sql)?
            .query_row([origin.to_string()], |row| row.get(0))
            .optional()?)
    }

    fn walk<T: DeserializeOwned>(
        &self,
        newer: bool,
        first: i64,
        limit: usize,
    ) -> Result<Vec<T>, JournalError> {
        let (side, order) = if newer { (">", "ASC") } else { ("<", "DESC") };
        let table = self.table;
        let sql = format!(
            "SELECT key, state FROM {table} WHERE first {side} ?1 ORDER BY first {order} LIMIT ?2"
        );
        let mut statement = prepare(self.connection, &sql)?;
        let mut rows = statement.query((first, bound(limit)))?;
        let mut found = vec![];
        while let Some(row) = rows.next()? {
            found.push(rows::state_at(row, 0)?);
        }
        Ok(found)
    }
}

/// A window at the newer end of a walk towards older ones.
fn newest<T>(
    limit: usize,
    walk: impl FnOnce(usize) -> Result<Vec<T>, JournalError>,
) -> Result<Rows<T>, JournalError> {
    let mut rows = walk(limit + 1)?;
    let older = rows.len() > limit;
    rows.truncate(limit);
    Ok(Rows {
        rows,
        newer: false,
        older,
        total: 0,
    })
}

/// A window at the older end of a walk towards newer ones.
fn nearest<T>(
    limit: usize,
    walk: impl FnOnce(usize) -> Result<Vec<T>, JournalError>,
) -> Result<Rows<T>, JournalError> {
    let mut rows = walk(limit + 1)?;
    let newer = rows.len() > limit;
    rows.truncate(limit);
    rows.reverse();
    Ok(Rows {
        rows,
        newer,
        older: true,
        total: 0,
    })
}

/// A window with a row in its middle: the older half begins with it.
fn around<T>(
    limit: usize,
    walk: impl Fn(bool, usize) -> Result<Vec<T>, JournalError>,
) -> Result<Rows<T>, JournalError> {
    let half = limit / 2;
    let newer = nearest(half, |limit| walk(true, limit))?;
    let older = newest(limit - newer.rows.len().min(half), |limit| {
        walk(false, limit)
    })?;
    Ok(Rows {
        rows: newer.rows.into_iter().chain(older.rows).collect(),
        newer: newer.newer,
        older: older.older,
        total: 0,
    })
}

fn bound(limit: usize) -> Value {
    i64::try_from(limit).unwrap_or(i64::MAX).into()
}
