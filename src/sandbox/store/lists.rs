//! What there is, for whoever looks in from outside of the API. Reads only.

use jiff::Timestamp;

use super::{Merchant, Store, StoreError};
use crate::api::TransactionId;
use crate::sandbox::engine::{NewPayer, Payer, Payment, Session, approval};

/// A stretch of a list: so many rows behind one.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// The number of the row before the first, from an earlier stretch.
    pub after: i64,
    pub limit: u32,
}

/// Rows of a list, oldest first, as they stood at one moment.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    pub now: Timestamp,
    pub rows: Vec<T>,
    /// What the next stretch begins after, unless this was the last.
    pub next: Option<i64>,
}

impl<T> Listed<T> {
    /// Of rows with their numbers, read with one more than the stretch has.
    fn of(now: Timestamp, mut rows: Vec<(i64, T)>, stretch: Stretch) -> Self {
        let limit = usize::try_from(stretch.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        Self {
            now,
            next: rows.last().map(|(number, _)| *number).filter(|_| more),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
        }
    }
}

impl Store {
    /// Payments as they stand now: an authorization that has expired is cancelled.
    pub async fn payments(
        &self,
        merchant: Merchant,
        only: Option<TransactionId>,
        stretch: Stretch,
    ) -> Result<Listed<Payment>, StoreError> {
        self.run(move |ledger| {
            let now = ledger.now();
            let rows = match only {
                None => ledger.payments(&merchant, stretch.after, stretch.limit + 1)?,
                Some(id) => ledger.payment(&merchant, &id)?.into_iter().collect(),
            };
            let current = |payment: Payment| approval::release(&payment, now).unwrap_or(payment);
            let rows = rows
                .into_iter()
                .map(|row| (row.number, current(row.payment)))
                .collect();
            Ok(Listed::of(now, rows, stretch))
        })
        .await
    }

    pub async fn sessions(
        &self,
        merchant: Merchant,
        stretch: Stretch,
    ) -> Result<Listed<Session>, StoreError> {
        self.run(move |ledger| {
            let rows = ledger.sessions(&merchant, stretch.after, stretch.limit + 1)?;
            let rows = rows.into_iter().map(|row| (row.number, row.session));
            Ok(Listed::of(ledger.now(), rows.collect(), stretch))
        })
        .await
    }

    /// Payers, and whether their accounts are closed.
    pub async fn payers(
        &self,
        merchant: Merchant,
        stretch: Stretch,
    ) -> Result<Listed<(Payer, bool)>, StoreError> {
        self.run(move |ledger| {
            let rows = ledger.payers(&merchant, stretch.after, stretch.limit + 1)?;
            let rows = rows
                .into_iter()
                .map(|(number, payer, closed)| (number, (payer, closed)));
            Ok(Listed::of(ledger.now(), rows.collect(), stretch))
        })
        .await
    }

    /// The payer behind a number, without the pages.
    pub async fn new_payer(
        &self,
        merchant: Merchant,
        asked: NewPayer,
    ) -> Result<Payer, StoreError> {
        self.run(move |ledger| ledger.payer_of_number(&merchant, asked.key, &asked.msisdn))
            .await
    }
}
