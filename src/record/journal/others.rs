//! What other processes append to the same journal, told as one's own is.
//!
//! The writer looks before it appends, and whenever the [bell](super::bell) rings. So every process tells
//! all entries in their order, whoever wrote them.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row};

use super::{
    JournalError, number, prepare,
    read::{light_entry, lines_between},
    rows::{Tables, origin_at, text},
};
use crate::{
    api::BangoUserId,
    clock::Clock,
    exchange::{Epoch, Request, What},
    record::{
        Entry, Kind, Origin, Recorded, Seq, SessionKey, Totals, TransactionKey,
        entry::{Ended, Seen},
        fold::Rows as _,
        target::Target,
    },
};

/// Entries that are told at a time.
const AT_ONCE: u32 = 256;
/// Payments and identifications of one payer that are looked at, the newest.
const OF_A_PAYER: u32 = 1000;

/// Who is told of other processes' entries, and how far.
pub struct Hearing {
    told: Seq,
    tell: Box<dyn FnMut(Recorded) + Send>,
}

impl Hearing {
    /// Begins behind what is there now.
    pub fn begin(
        connection: &Connection,
        tell: Box<dyn FnMut(Recorded) + Send>,
    ) -> Result<Self, JournalError> {
        let told = last(connection)?;
        Ok(Self { told, tell })
    }

    /// Tells what has come since. Whoever appends next does it in the transaction of the look.
    pub fn look(&mut self, connection: &Connection, clock: &Clock) -> Result<(), JournalError> {
        while let Some(recorded) = since(connection, self.told, clock)? {
            if let Some(entry) = recorded.entries.last() {
                self.told = entry.seq;
            }
            (self.tell)(recorded);
        }
        Ok(())
    }

    /// What stands up to here was told, or is this process's own.
    pub const fn pass(&mut self, told: Seq) {
        self.told = told;
    }
}

/// The latest entry that there ever was.
pub fn last(connection: &Connection) -> Result<Seq, JournalError> {
    let sql = "SELECT seq FROM sqlite_sequence WHERE name = 'entry'";
    let last: Option<i64> = prepare(connection, sql)?
        .query_row((), |row| row.get(0))
        .optional()?;
    Ok(Seq(last.unwrap_or(0).unsigned_abs()))
}

/// The next entries behind `told`, and the rows that they touched as they are now.
fn since(
    connection: &Connection,
    told: Seq,
    clock: &Clock,
) -> Result<Option<Recorded>, JournalError> {
    let mut touched = Touched::default();
    let mut entries = vec![];
    let mut statement = prepare(
        connection,
        "SELECT seq, key, at, epoch, kind, payload, transaction_key, session_key
         FROM entry WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let mut rows = statement.query((number(told), AT_ONCE))?;
    while let Some(row) = rows.next()? {
        let entry = light_entry(row)?;
        touched.add(row, 6)?;
        touched.add_beyond(connection, &entry)?;
        entries.push(entry);
    }
    let Some(last) = entries.last().map(|entry: &Entry| entry.seq) else {
        return Ok(None);
    };
    let tables = Tables(connection);
    let mut recorded = Recorded {
        at: clock.now(),
        elsewhere: true,
        lines: lines_between(connection, told, last)?,
        entries,
        transactions: vec![],
        sessions: vec![],
        totals: vec![],
    };
    for key in touched.transactions {
        // A row may have gone meanwhile.
        let Some(transaction) = tables.transaction(key)? else {
            continue;
        };
        if let Some(currency) = transaction.currency()
            && let Some(totals) = tables.totals(transaction.epoch, currency)?
        {
            let same = |known: &Totals| (known.epoch, known.currency) == (totals.epoch, currency);
            recorded.totals.retain(|known| !same(known));
            recorded.totals.push(totals);
        }
        recorded.transactions.push(transaction);
    }
    for key in touched.sessions {
        recorded.sessions.extend(tables.session(key)?);
    }
    Ok(Some(recorded))
}

/// The rows that entries may have changed.
#[derive(Default)]
struct Touched {
    transactions: BTreeSet<TransactionKey>,
    sessions: BTreeSet<SessionKey>,
}

impl Touched {
    /// The rows that an entry belongs to, from its columns at `at` and behind.
    fn add(&mut self, row: &Row<'_>, at: usize) -> Result<(), JournalError> {
        let transaction = origin_at(row, at)?.map(TransactionKey);
        let session = origin_at(row, at + 1)?.map(SessionKey);
        self.transactions.extend(transaction);
        self.sessions.extend(session);
        Ok(())
    }

    /// Rows that an entry changes and does not belong to: of the call that it ends, which was made for
    /// another payment where the sandbox was reset meanwhile; of the payer whose number it tells, or whose
    /// account it may say is closed.
    fn add_beyond(&mut self, connection: &Connection, entry: &Entry) -> Result<(), JournalError> {
        match &entry.kind {
            Kind::Ended(Ended { call, .. }) => {
                let sql = "SELECT seq, key, at, epoch, kind, payload, transaction_key, session_key
                           FROM entry WHERE key = ?1";
                let mut statement = prepare(connection, sql)?;
                let mut rows = statement.query([format!("sent:{}", call.0)])?;
                if let Some(row) = rows.next()? {
                    self.add(row, 6)?;
                    if let Kind::Sent(sent) = light_entry(row)?.kind
                        && let Some(user) = account(&sent.request)
                    {
                        self.add_payer(connection, entry.epoch, &user)?;
                    }
                }
            }
            Kind::Seen(Seen::Report(report)) => {
                let user = match &report.what {
                    What::Identified { user, .. } => Some(user.clone()),
                    What::Exchange { request, .. } => account(request),
                    _ => None,
                };
                if let Some(user) = user {
                    self.add_payer(connection, entry.epoch, &user)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn add_payer(
        &mut self,
        connection: &Connection,
        epoch: Epoch,
        user: &BangoUserId,
    ) -> Result<(), JournalError> {
        let keys = |table: &str| -> Result<Vec<Origin>, JournalError> {
            let sql = format!(
                "SELECT key FROM {table} WHERE user = ?1 AND epoch = ?2
                 ORDER BY first DESC LIMIT ?3"
            );
            let mut statement = prepare(connection, &sql)?;
            let parameters = (user.as_str(), text(epoch), OF_A_PAYER);
            let keys = statement.query_map(parameters, |row| row.get::<_, String>(0))?;
            Ok(keys.filter_map(|key| Origin::parse(&key.ok()?)).collect())
        };
        let transactions = keys("transaction_row")?.into_iter().map(TransactionKey);
        self.transactions.extend(transactions);
        self.sessions
            .extend(keys("session_row")?.into_iter().map(SessionKey));
        Ok(())
    }
}

/// Whose account a request asks for or closes.
fn account(request: &Request) -> Option<BangoUserId> {
    match Target::of(request)? {
        Target::Identity(Some(user)) if request.method != "POST" => Some(BangoUserId::new(user)),
        _ => None,
    }
}
