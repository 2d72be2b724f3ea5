//! Windows of the rows that a filter lets through.
//!
//! A walk along the short texts that rows and lines are found by, never along the rows, the entries or
//! the bodies; of what is let through only the window is read.

use std::collections::VecDeque;

use super::{Reader, lists};
use crate::record::{
    Line, Origin, Seq, Session, SessionKey, Transaction, TransactionKey,
    filter::{Filter, View},
    fold::Rows as _,
    journal::{
        JournalError, number, prepare,
        rows::{Listed, Tables},
    },
    window::{Place, Rows, Window},
};

/// What the rows of a list can be found by, from the newest on.
const OF_ROWS: &str = "
    SELECT f.place, f.owner, f.facts, NULL FROM facet f
    WHERE f.list = ?1 ORDER BY f.place DESC";

/// The same of lines, with what the payment or identification can be found by that a line belongs to.
const OF_LINES: &str = "
    SELECT f.place, f.owner, f.facts, owned.facts FROM facet f
    LEFT JOIN facet owned ON owned.owner = f.owner AND owned.list < 3
    WHERE f.list = ?1 ORDER BY f.place DESC";

pub const fn facts(list: Listed) -> &'static str {
    match list {
        Listed::Transactions | Listed::Sessions => OF_ROWS,
        Listed::Lines => OF_LINES,
    }
}

/// Where something stands in its list, and the name of its row.
struct Found {
    place: i64,
    owner: Option<Origin>,
}

impl Reader {
    /// Payments that a filter lets through, newest first. `total` counts all of them.
    pub fn transactions_matching(
        &self,
        window: Window<TransactionKey>,
        filter: &Filter,
    ) -> Result<Rows<Transaction>, JournalError> {
        let list = Listed::Transactions;
        let place = |key: TransactionKey| self.place_of_row(key.0);
        let rows = self.matching(list, filter, window, place)?;
        fetched(rows, |found| match found.owner {
            Some(key) => Tables(&self.connection).transaction(TransactionKey(key)),
            None => Ok(None),
        })
    }

    /// The same for identifications.
    pub fn sessions_matching(
        &self,
        window: Window<SessionKey>,
        filter: &Filter,
    ) -> Result<Rows<Session>, JournalError> {
        let place = |key: SessionKey| self.place_of_row(key.0);
        let rows = self.matching(Listed::Sessions, filter, window, place)?;
        fetched(rows, |found| match found.owner {
            Some(key) => Tables(&self.connection).session(SessionKey(key)),
            None => Ok(None),
        })
    }

    /// The same for the timeline, oldest first.
    pub fn timeline_matching(
        &self,
        window: Window<Seq>,
        filter: &Filter,
    ) -> Result<Rows<Line>, JournalError> {
        let place = |seq| Ok(Some(number(seq)));
        let rows = self.matching(Listed::Lines, filter, window, place)?;
        let mut rows = fetched(rows, |found| {
            lists::line_at(&self.connection, Seq(found.place.unsigned_abs()))
        })?;
        rows.rows.reverse();
        Ok(rows)
    }

    /// The newest row of a list for which `holds` of its facts.
    pub(super) fn newest_where(
        &self,
        list: Listed,
        holds: impl Fn(View<'_>) -> bool,
    ) -> Result<Option<Origin>, JournalError> {
        let mut statement = prepare(&self.connection, facts(list))?;
        let mut rows = statement.query([list as i64])?;
        while let Some(row) = rows.next()? {
            if holds(View::of(row.get_ref(2)?.as_str().unwrap_or_default())) {
                let owner: Option<String> = row.get(1)?;
                return Ok(owner.as_deref().and_then(Origin::parse));
            }
        }
        Ok(None)
    }

    fn place_of_row(&self, key: Origin) -> Result<Option<i64>, JournalError> {
        let sql = "SELECT place FROM facet WHERE owner = ?1 AND list < 3";
        let mut statement = prepare(&self.connection, sql)?;
        let mut rows = statement.query([key.to_string()])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    }

    fn matching<Key: Copy>(
        &self,
        list: Listed,
        filter: &Filter,
        window: Window<Key>,
        place: impl Fn(Key) -> Result<Option<i64>, JournalError>,
    ) -> Result<Rows<Found>, JournalError> {
        let limit = window.limit;
        // Up to where something is newer, and how much of that belongs to the window.
        let (newest, newer_kept) = match window.place {
            Place::Newest => (None, 0),
            Place::OlderThan(key) => (place(key)?.map(|place| place - 1), 0),
            Place::NewerThan(key) => (place(key)?, limit),
            Place::Around(key) => (place(key)?, limit / 2),
        };
        let takes_older = !matches!((newest, window.place), (Some(_), Place::NewerThan(_)));
        let (mut newer, mut older) = (VecDeque::new(), vec![]);
        let (mut more_newer, mut more_older, mut total) = (false, false, 0);

        let mut statement = prepare(&self.connection, facts(list))?;
        let mut rows = statement.query([list as i64])?;
        while let Some(row) = rows.next()? {
            let own = row.get_ref(2)?.as_str().unwrap_or_default();
            let owned = row.get_ref(3)?.as_str().ok().map(View::of);
            if !filter.matches(View::of(own), owned) {
                continue;
            }
            total += 1;
            let place = row.get(0)?;
            if newest.is_some_and(|newest| place > newest) {
                newer.push_back(found(row, place)?);
                if newer.len() > newer_kept {
                    newer.pop_front();
                    more_newer = true;
                }
            } else if takes_older && older.len() + newer.len() < limit {
                older.push(found(row, place)?);
            } else {
                more_older = true;
            }
        }
        Ok(Rows {
            rows: newer.into_iter().chain(older).collect(),
            newer: more_newer,
            older: more_older,
            total,
        })
    }
}

fn found(row: &rusqlite::Row<'_>, place: i64) -> Result<Found, JournalError> {
    let owner: Option<String> = row.get(1)?;
    Ok(Found {
        place,
        owner: owner.as_deref().and_then(Origin::parse),
    })
}

/// The rows that were found. One may have gone since.
fn fetched<T>(
    found: Rows<Found>,
    fetch: impl Fn(&Found) -> Result<Option<T>, JournalError>,
) -> Result<Rows<T>, JournalError> {
    let Rows {
        rows: places,
        newer,
        older,
        total,
    } = found;
    let mut rows = vec![];
    for place in places {
        rows.extend(fetch(&place)?);
    }
    Ok(Rows {
        rows,
        newer,
        older,
        total,
    })
}
