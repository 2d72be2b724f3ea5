//! Notifications waiting to be delivered. A row is written in the transaction that decided the outcome,
//! so none is lost with the process; each try is recorded when it is over.

use rusqlite::Row;

use super::ledger::Ledger;
use super::{Store, StoreError};
use crate::api::{SessionId, TransactionId};
use crate::exchange::{Delivery, Epoch};
use crate::sandbox::engine::Notification;

/// The number of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LetterId(i64);

/// A notification on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub id: LetterId,
    /// The life that it tells of. In another one nobody waits for it.
    pub epoch: Epoch,
    pub url: String,
    /// The same bytes at every try.
    pub body: Vec<u8>,
    /// How many tries were made.
    pub tries: u32,
    pub transaction: Option<TransactionId>,
    pub session: Option<SessionId>,
}

/// Whom a notification speaks of: a row of `payment` or of `session`.
#[derive(Clone, Copy, Debug)]
pub enum About {
    Payment(i64),
    Session(i64),
}

/// What is to become of a letter after a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Delivered,
    /// It is tried again.
    Waiting,
    /// It was tried often enough.
    Failed,
    /// Its host is not approved.
    Held,
}

impl Fate {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Waiting => "waiting",
            Self::Failed => "failed",
            Self::Held => "held",
        }
    }

    /// By what the try came to, and whether it was the last.
    pub const fn of(delivery: &Delivery, last: bool) -> Self {
        match delivery {
            Delivery::Answered {
                status: 200..=299, ..
            } => Self::Delivered,
            Delivery::Held => Self::Held,
            _ if last => Self::Failed,
            _ => Self::Waiting,
        }
    }
}

impl Ledger {
    pub fn send(&self, about: About, notification: &Notification) -> Result<Letter, StoreError> {
        let number = self.next_number("outbox")?;
        let (payment, session) = match about {
            About::Payment(number) => (Some(number), None),
            About::Session(number) => (None, Some(number)),
        };
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO outbox (number, payment, session, url, body, state, tries)
             VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', 0)",
        )?;
        let url = notification.url.as_str();
        statement.execute((number, payment, session, url, &notification.body))?;
        Ok(Letter {
            id: LetterId(number),
            epoch: self.epoch(),
            url: url.to_owned(),
            body: notification.body.clone(),
            tries: 0,
            transaction: payment.map(|number| self.ids().transaction(number)),
            session: session.map(|number| self.ids().session(number)),
        })
    }

    /// What an earlier run left undelivered, oldest first.
    pub fn waiting_letters(&self) -> Result<Vec<Letter>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT * FROM outbox WHERE state = 'waiting' ORDER BY number")?;
        let letters = statement
            .query_map([], |row| self.read_letter(row))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(letters)
    }

    fn read_letter(&self, row: &Row<'_>) -> rusqlite::Result<Letter> {
        let payment: Option<i64> = row.get("payment")?;
        let session: Option<i64> = row.get("session")?;
        Ok(Letter {
            id: LetterId(row.get("number")?),
            epoch: self.epoch(),
            url: row.get("url")?,
            body: row.get("body")?,
            tries: row.get("tries")?,
            transaction: payment.map(|number| self.ids().transaction(number)),
            session: session.map(|number| self.ids().session(number)),
        })
    }
}

impl Store {
    /// Records a try that is over.
    pub async fn tried(&self, letter: &Letter, fate: Fate) -> Result<(), StoreError> {
        let (id, epoch, tries) = (letter.id, letter.epoch, letter.tries);
        self.run(move |ledger| {
            if ledger.epoch() != epoch {
                return Ok(());
            }
            let mut statement = ledger
                .connection
                .prepare_cached("UPDATE outbox SET state = ?2, tries = ?3 WHERE number = ?1")?;
            statement.execute((id.0, fate.as_str(), tries))?;
            Ok(())
        })
        .await
    }
}
