//! What an id leads to, whatever kind of id it is.

use rusqlite::OptionalExtension as _;
use uuid::Uuid;

use super::Reader;
use crate::record::{
    Origin, SessionKey, TransactionKey,
    filter::Key,
    journal::{
        JournalError, prepare,
        rows::{Listed, origin_at},
    },
    landing::{Kind, Landing, Row},
};

/// Columns that hold an id, and what it is there. The first that has it counts.
const COLUMNS: [(Listed, Kind, &str); 6] = [
    (
        Listed::Transactions,
        Kind::Transaction,
        "SELECT key FROM transaction_row WHERE tx = ?1 ORDER BY first DESC LIMIT 1",
    ),
    (
        Listed::Transactions,
        Kind::External,
        "SELECT key FROM transaction_row WHERE external = ?1 ORDER BY first DESC LIMIT 1",
    ),
    (
        Listed::Transactions,
        Kind::Refund,
        "SELECT transaction_key FROM entry WHERE external = ?1 AND transaction_key IS NOT NULL
         ORDER BY seq DESC LIMIT 1",
    ),
    (
        Listed::Sessions,
        Kind::Session,
        "SELECT key FROM session_row WHERE session = ?1 ORDER BY first DESC LIMIT 1",
    ),
    (
        Listed::Sessions,
        Kind::User,
        "SELECT key FROM session_row WHERE user = ?1 ORDER BY first DESC LIMIT 1",
    ),
    (
        Listed::Transactions,
        Kind::User,
        "SELECT key FROM transaction_row WHERE user = ?1 ORDER BY first DESC LIMIT 1",
    ),
];

impl Reader {
    /// The newest payment or identification that an id belongs to. Numbers and items are searched among
    /// the facts of the rows, everything else is looked up.
    pub fn whose(&self, id: &str) -> Result<Option<Landing>, JournalError> {
        for (list, kind, sql) in COLUMNS {
            let key: Option<String> = prepare(&self.connection, sql)?
                .query_row([id], |row| row.get(0))
                .optional()?;
            if let Some(key) = key.as_deref().and_then(Origin::parse) {
                return Ok(Some(landing(list, kind, key)));
            }
        }
        if let Ok(call) = id.parse()
            && let Some(landing) = self.whose_call(call)?
        {
            return Ok(Some(landing));
        }
        let number = id.strip_prefix('+').unwrap_or(id);
        let item = id.to_lowercase();
        for (list, kind, key, value) in [
            (Listed::Sessions, Kind::Msisdn, Key::Msisdn, number),
            (Listed::Transactions, Kind::Msisdn, Key::Msisdn, number),
            (Listed::Transactions, Kind::Item, Key::Id, &item),
        ] {
            let has_it = |known: &str| known == value;
            if let Some(row) = self.newest_where(list, |facts| facts.any(key, has_it))? {
                return Ok(Some(landing(list, kind, row)));
            }
        }
        Ok(None)
    }

    fn whose_call(&self, call: Uuid) -> Result<Option<Landing>, JournalError> {
        let sql = "SELECT transaction_key, session_key FROM entry WHERE call = ?1
                   ORDER BY transaction_key IS NULL, session_key IS NULL LIMIT 1";
        let mut statement = prepare(&self.connection, sql)?;
        let mut rows = statement.query([call.simple().to_string()])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let transaction = origin_at(row, 0)?;
        let session = origin_at(row, 1)?;
        let of_transaction = transaction.map(|key| landing(Listed::Transactions, Kind::Call, key));
        Ok(of_transaction.or(session.map(|key| landing(Listed::Sessions, Kind::Call, key))))
    }
}

fn landing(list: Listed, kind: Kind, key: Origin) -> Landing {
    let row = match list {
        Listed::Sessions => Row::Session(SessionKey(key)),
        Listed::Transactions | Listed::Lines => Row::Transaction(TransactionKey(key)),
    };
    Landing { row, kind }
}
