//! What goes together or not at all: the entries of a payment or an identification, with every entry of
//! their calls; or a single one that belongs to nothing.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, types::Value};

use super::super::{
    JournalError, number, prepare, read,
    rows::{self, Tables},
};
use crate::{
    api::Operation,
    exchange::{CallId, Epoch, What},
    record::{
        Kind, Origin, Seq, SessionKey, TransactionKey,
        entry::{About, Seen, Sent},
        fold::Rows as _,
        target::Target,
    },
};

/// What people marked. It stays, and so does all that it belongs to.
pub struct Remarks {
    entries: HashSet<Seq>,
    transactions: HashSet<TransactionKey>,
}

impl Remarks {
    pub fn read(connection: &Connection) -> Result<Self, JournalError> {
        let mut remarks = Self {
            entries: HashSet::new(),
            transactions: HashSet::new(),
        };
        for (_, about) in abouts(connection)? {
            match about {
                About::Entry(seq) => drop(remarks.entries.insert(seq)),
                About::Transaction(key) => drop(remarks.transactions.insert(key)),
                About::Deleted(_) => {}
            }
        }
        Ok(remarks)
    }
}

/// What the remarks are about that are about something.
fn abouts(connection: &Connection) -> Result<Vec<(Seq, About)>, JournalError> {
    let mut statement = prepare(
        connection,
        "SELECT seq, key, at, epoch, kind, payload FROM entry WHERE kind = 'remark'",
    )?;
    let mut rows = statement.query(())?;
    let mut found = vec![];
    while let Some(row) = rows.next()? {
        let entry = read::light_entry(row)?;
        if let Kind::Remark(remark) = entry.kind {
            found.extend(remark.about.map(|about| (entry.seq, about)));
        }
    }
    Ok(found)
}

/// Entries that belong together, and the rows that are folded from them and from nothing else.
#[derive(Default)]
pub struct Unit {
    entries: BTreeMap<Seq, Piece>,
    transactions: Vec<TransactionKey>,
    sessions: Vec<SessionKey>,
}

/// As much of an entry as can be known without reading its payload.
struct Piece {
    at: Timestamp,
    kind: String,
}

impl Unit {
    /// All that goes with a payment. `None` where there is none with this key.
    pub fn of_payment(
        connection: &Connection,
        key: TransactionKey,
    ) -> Result<Option<Self>, JournalError> {
        match Tables(connection).transaction(key)? {
            Some(payment) => Self::around(connection, payment.first),
            None => Ok(None),
        }
    }

    /// Whether a call of it is under way, be it one that moves nothing.
    pub fn is_under_way(&self, connection: &Connection) -> Result<bool, JournalError> {
        let mut statement = prepare(
            connection,
            "SELECT 1 FROM entry JOIN flight ON flight.call = entry.call WHERE entry.seq = ?1",
        )?;
        for seq in self.entries.keys() {
            if statement.exists([number(*seq)])? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The places of its entries.
    pub fn entries(&self) -> impl Iterator<Item = Seq> {
        self.entries.keys().copied()
    }

    /// What people remarked on it.
    pub fn remarks(&self, connection: &Connection) -> Result<Vec<Seq>, JournalError> {
        let is_on_it = |about: &About| match about {
            About::Entry(seq) => self.entries.contains_key(seq),
            About::Transaction(key) => self.transactions.contains(key),
            About::Deleted(_) => false,
        };
        let mut remarks = abouts(connection)?;
        remarks.retain(|(_, about)| is_on_it(about));
        Ok(remarks.into_iter().map(|(seq, _)| seq).collect())
    }

    /// `None` where there is no such entry any more. An answer may belong to another payment than its
    /// call, after a reset while it was under way: then both payments are one unit. So are the
    /// identifications that the same end of an account has closed.
    pub fn around(connection: &Connection, seq: Seq) -> Result<Option<Self>, JournalError> {
        let mut unit = Self::default();
        let mut known = HashSet::new();
        let mut links = vec![("seq", Value::from(number(seq)))];
        while let Some((column, value)) = links.pop() {
            let sql = format!(
                "SELECT seq, at, kind, transaction_key, session_key, call
                 FROM entry WHERE {column} = ?1"
            );
            let mut statement = prepare(connection, &sql)?;
            let mut rows = statement.query([value])?;
            let mut found = vec![];
            while let Some(row) = rows.next()? {
                let (seq, piece) = piece(row)?;
                unit.entries.insert(seq, piece);
                for (at, column) in (3..).zip(["transaction_key", "session_key", "call"]) {
                    found.extend(row.get::<_, Option<String>>(at)?.map(|link| (column, link)));
                }
            }
            while let Some((column, link)) = found.pop() {
                if known.insert((column, link.clone())) {
                    found.extend(unit.reach(connection, column, &link)?);
                    links.push((column, link.into()));
                }
            }
        }
        Ok((!unit.entries.is_empty()).then_some(unit))
    }

    /// Takes a row in, and gives the others that go with it whatever their entries say.
    fn reach(
        &mut self,
        connection: &Connection,
        column: &str,
        link: &str,
    ) -> Result<Vec<(&'static str, String)>, JournalError> {
        let Some(origin) = Origin::parse(link) else {
            return Ok(vec![]);
        };
        match column {
            "transaction_key" => self.transactions.push(TransactionKey(origin)),
            "session_key" => {
                self.sessions.push(SessionKey(origin));
                return closed_with(connection, SessionKey(origin));
            }
            _ => {}
        }
        Ok(vec![])
    }

    pub fn earliest(&self) -> Timestamp {
        let times = self.entries.values().map(|piece| piece.at);
        times.min().unwrap_or_default()
    }

    pub fn latest(&self) -> Timestamp {
        let times = self.entries.values().map(|piece| piece.at);
        times.max().unwrap_or_default()
    }

    /// Payments, identifications and entries.
    pub fn sizes(&self) -> (u64, u64, u64) {
        let [transactions, sessions, entries] = [
            self.transactions.len(),
            self.sessions.len(),
            self.entries.len(),
        ]
        .map(|count| count as u64);
        (transactions, sessions, entries)
    }

    /// Whether all that is known of it was told by our sandbox.
    pub fn is_only_reported(&self) -> bool {
        self.entries.values().all(|piece| piece.kind == "seen")
    }

    /// Whether something speaks against its going. What cannot be read does: nobody knows what it is
    /// about.
    pub fn is_kept(
        &self,
        connection: &Connection,
        remarks: &Remarks,
    ) -> Result<bool, JournalError> {
        match self.is_needed(connection, remarks) {
            Err(JournalError::Damaged { .. } | JournalError::NewerEntry { .. }) => Ok(true),
            is_needed => is_needed,
        }
    }

    /// By a remark, by a report that rests on it, for an outcome that is open or unknown, or by a payment
    /// that knows its payer's number, or the end of the account, from it.
    fn is_needed(&self, connection: &Connection, remarks: &Remarks) -> Result<bool, JournalError> {
        for key in &self.transactions {
            if remarks.transactions.contains(key) || is_open(connection, *key)? {
                return Ok(true);
            }
        }
        for key in &self.sessions {
            let Some(session) = Tables(connection).session(*key)? else {
                continue;
            };
            if let Some(user) = session.user()
                && has_payments(connection, Some(session.epoch), user.as_str())?
            {
                return Ok(true);
            }
        }
        for (seq, piece) in &self.entries {
            let is_harmless = matches!(&*piece.kind, "ended" | "arrived");
            if remarks.entries.contains(seq) || (!is_harmless && keeps(connection, *seq)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub fn remove(&self, connection: &Connection) -> Result<(), JournalError> {
        let tables = Tables(connection);
        for key in &self.transactions {
            tables.drop_transaction(*key)?;
        }
        for key in &self.sessions {
            tables.drop_session(*key)?;
        }
        for seq in self.entries.keys() {
            remove_entry(connection, *seq)?;
        }
        Ok(())
    }
}

pub fn remove_entry(connection: &Connection, seq: Seq) -> Result<(), JournalError> {
    prepare(connection, "DELETE FROM body WHERE entry = ?1")?.execute([number(seq)])?;
    prepare(connection, "DELETE FROM entry WHERE seq = ?1")?.execute([number(seq)])?;
    Tables(connection).drop_line_facts(seq)
}

/// The identifications that were closed together with this one.
fn closed_with(
    connection: &Connection,
    key: SessionKey,
) -> Result<Vec<(&'static str, String)>, JournalError> {
    let tables = Tables(connection);
    let session = tables.session(key)?;
    let Some((session, user)) = session
        .as_ref()
        .filter(|session| session.is_closed())
        .and_then(|session| session.user().map(|user| (session, user)))
    else {
        return Ok(vec![]);
    };
    let others = tables.sessions_of_user(session.epoch, user)?;
    Ok(others
        .iter()
        .filter(|other| other.is_closed())
        .map(|other| ("session_key", other.key.0.to_string()))
        .collect())
}

/// Whether money may still move, or may have moved.
fn is_open(connection: &Connection, key: TransactionKey) -> Result<bool, JournalError> {
    let payment = Tables(connection).transaction(key)?;
    Ok(payment
        .is_some_and(|payment| !payment.in_flight.is_empty() || payment.unresolved().is_some()))
}

/// Whether an entry keeps itself and all that it belongs to.
fn keeps(connection: &Connection, seq: Seq) -> Result<bool, JournalError> {
    let mut statement = prepare(
        connection,
        "SELECT seq, key, at, epoch, kind, payload FROM entry WHERE seq = ?1",
    )?;
    let mut rows = statement.query([number(seq)])?;
    let Some(row) = rows.next()? else {
        return Ok(false);
    };
    let entry = read::light_entry(row)?;
    match &entry.kind {
        Kind::Sent(Sent { step: Some(_), .. }) | Kind::Remark(_) | Kind::Unknown { .. } => Ok(true),
        // What it may tell of a payer's account belongs to the life in which it was answered.
        Kind::Sent(sent)
            if matches!(sent.operation, Operation::Status | Operation::CloseAccount) =>
        {
            Ok(is_under_way(connection, sent.call)?
                || match Target::of(&sent.request) {
                    Some(Target::Identity(Some(user))) => has_payments(connection, None, &user)?,
                    _ => false,
                })
        }
        Kind::Sent(sent) => is_under_way(connection, sent.call),
        Kind::Seen(Seen::Report(report)) => match &report.what {
            What::Identified { user, .. } => {
                has_payments(connection, Some(entry.epoch), user.as_str())
            }
            What::Exchange { request, .. } => match Target::of(request) {
                Some(Target::Identity(Some(user))) if request.method != "POST" => {
                    has_payments(connection, Some(entry.epoch), &user)
                }
                _ => Ok(false),
            },
            _ => Ok(false),
        },
        Kind::Ended(_) | Kind::Seen(_) | Kind::Arrived(_) => Ok(false),
    }
}

fn is_under_way(connection: &Connection, call: CallId) -> Result<bool, JournalError> {
    let flight = prepare(connection, "SELECT 1 FROM flight WHERE call = ?1")?
        .query_row([call.0.simple().to_string()], |_| Ok(()))
        .optional()?;
    Ok(flight.is_some())
}

/// In one life, or in any.
fn has_payments(
    connection: &Connection,
    epoch: Option<Epoch>,
    user: &str,
) -> Result<bool, JournalError> {
    let payment = prepare(
        connection,
        "SELECT 1 FROM transaction_row WHERE user = ?1 AND epoch = coalesce(?2, epoch) LIMIT 1",
    )?
    .query_row((user, epoch.map(rows::text)), |_| Ok(()))
    .optional()?;
    Ok(payment.is_some())
}

fn piece(row: &Row<'_>) -> rusqlite::Result<(Seq, Piece)> {
    let at = Timestamp::from_nanosecond(row.get::<_, i64>(1)?.into());
    let piece = Piece {
        at: at.unwrap_or(Timestamp::MAX),
        kind: row.get(2)?,
    };
    Ok((Seq(row.get::<_, i64>(0)?.unsigned_abs()), piece))
}
