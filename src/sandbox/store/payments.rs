//! Payments as rows, each with its checksum.

use jiff::Timestamp;
use rusqlite::{Row, named_params};

use super::checksum::Checksum;
use super::ledger::{Ledger, loaded, stored};
use super::sessions::read_payer;
use super::{Merchant, StoreError};
use crate::api::{ExternalTransactionId, TransactionId};
use crate::money::{Amount, Currency, Taxed};
use crate::sandbox::engine::start::Earlier;
use crate::sandbox::engine::{Answer, Digest, Payment, State};

/// A payment with what is kept beside it.
pub struct PaymentRow {
    pub number: i64,
    pub merchant: Merchant,
    pub payment: Payment,
    pub digest: Digest,
    /// The start's answer, if it is the answer to every repeat.
    pub answer: Option<Answer>,
    /// The token of the payer's pages, if it has any.
    pub token: Option<String>,
}

impl PaymentRow {
    pub fn earlier(&self) -> Earlier {
        Earlier {
            digest: self.digest,
            answer: self.answer.clone(),
        }
    }

    fn details(&self) -> String {
        serde_json::to_string(&self.payment.details).expect("details are always JSON")
    }

    fn checksum(&self, payer: i64) -> i64 {
        let payment = &self.payment;
        let mut sum = Checksum::of("payment", self.number)
            .text(&self.merchant.0)
            .optional(external(payment))
            .integer(payer)
            .text(payment.state.as_str())
            .text(payment.currency.as_str())
            .bytes(&self.digest)
            .optional(self.token.as_deref())
            .text(&self.details())
            .integer(stored(payment.started_at))
            .integer(stored(payment.expires_at));
        for taxed in [payment.authorized, payment.captured, payment.refunded] {
            sum = sum
                .integer(hundredths(taxed.gross))
                .integer(hundredths(taxed.tax));
        }
        answered(sum, self.answer.as_ref()).finish()
    }
}

pub fn answered(sum: Checksum, answer: Option<&Answer>) -> Checksum {
    match answer {
        None => sum.integer(0),
        Some(answer) => sum
            .integer(answer.status.into())
            .bytes(&answer.body)
            .optional(answer.why.as_deref()),
    }
}

fn external(payment: &Payment) -> Option<&str> {
    payment.external.as_ref().map(ExternalTransactionId::as_str)
}

pub fn hundredths(amount: Amount) -> i64 {
    i64::try_from(amount.hundredths()).expect("the largest amount fits in 63 bits")
}

const SELECT: &str = "SELECT payment.*, payer.network, payer.msisdn
    FROM payment JOIN payer ON payer.number = payment.payer";

impl Ledger {
    pub fn payment(
        &self,
        merchant: &Merchant,
        id: &TransactionId,
    ) -> Result<Option<PaymentRow>, StoreError> {
        match self.ids().transaction_row(id) {
            None => Ok(None),
            Some(number) => self.one_payment(
                &format!("{SELECT} WHERE payment.number = ?1 AND payment.merchant = ?2"),
                (number, &merchant.0),
            ),
        }
    }

    pub fn payment_of_key(
        &self,
        merchant: &Merchant,
        external: &ExternalTransactionId,
    ) -> Result<Option<PaymentRow>, StoreError> {
        self.one_payment(
            &format!("{SELECT} WHERE payment.merchant = ?1 AND payment.external = ?2"),
            (&merchant.0, external.as_str()),
        )
    }

    pub fn payment_of_page(&self, token: &str) -> Result<Option<PaymentRow>, StoreError> {
        self.one_payment(&format!("{SELECT} WHERE payment.token = ?1"), (token,))
    }

    pub fn payment_numbered(&self, number: i64) -> Result<Option<PaymentRow>, StoreError> {
        self.one_payment(&format!("{SELECT} WHERE payment.number = ?1"), (number,))
    }

    /// A merchant's payments behind a row, oldest first.
    pub fn payments(
        &self,
        merchant: &Merchant,
        after: i64,
        limit: u32,
    ) -> Result<Vec<PaymentRow>, StoreError> {
        self.many_payments(
            &format!(
                "{SELECT} WHERE payment.merchant = ?1 AND payment.number > ?2
                 ORDER BY payment.number LIMIT ?3"
            ),
            (&merchant.0, after, limit),
        )
    }

    /// The numbers of the payments whose pages or authorizations have expired.
    pub fn payments_left_alone(&self, now: Timestamp) -> Result<Vec<i64>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT number FROM payment WHERE state IN ('asks-approval', 'asks-zip', 'authorized')
             AND expires_at <= ?1 ORDER BY expires_at, number",
        )?;
        let numbers = statement.query_map([stored(now)], |row| row.get(0))?;
        Ok(numbers.collect::<rusqlite::Result<_>>()?)
    }

    /// When the first payment expires that can still. What was due before could not be ended.
    pub fn next_expiry(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT min(expires_at) FROM payment
             WHERE state IN ('asks-approval', 'asks-zip', 'authorized')
             AND expires_at > ?1",
        )?;
        let until = stored(self.ended_until.get());
        let at: Option<i64> = statement.query_one([until], |row| row.get(0))?;
        Ok(at.map(loaded))
    }

    fn one_payment(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<Option<PaymentRow>, StoreError> {
        Ok(self.many_payments(sql, parameters)?.pop())
    }

    fn many_payments(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<Vec<PaymentRow>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut found = statement.query(parameters)?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let (payer, checksum) = (row.get("payer")?, row.get::<_, i64>("checksum")?);
            match self.read_payment(row)? {
                Some(row) if row.checksum(payer) == checksum => rows.push(row),
                Some(row) => return Err(damaged("payment", row.number)),
                None => return Err(damaged("payment", 0)),
            }
        }
        Ok(rows)
    }

    /// `None` where a column holds what no program of ours wrote.
    fn read_payment(&self, row: &Row<'_>) -> rusqlite::Result<Option<PaymentRow>> {
        let number = row.get("number")?;
        let state = State::parse(row.get_ref("state")?.as_str()?);
        let currency = Currency::parse(row.get_ref("currency")?.as_str()?);
        let details = serde_json::from_str(row.get_ref("details")?.as_str()?);
        let payer = read_payer(self.ids(), row, "payer")?;
        let (Some(state), Ok(currency), Ok(details), Some(payer)) =
            (state, currency, details, payer)
        else {
            return Ok(None);
        };
        Ok(Some(PaymentRow {
            number,
            merchant: Merchant(row.get("merchant")?),
            payment: Payment {
                id: self.ids().transaction(number),
                payer,
                external: row
                    .get::<_, Option<String>>("external")?
                    .map(ExternalTransactionId::new),
                state,
                currency,
                authorized: taxed(row, "authorized_gross", "authorized_tax")?,
                captured: taxed(row, "captured_gross", "captured_tax")?,
                refunded: taxed(row, "refunded_gross", "refunded_tax")?,
                started_at: loaded(row.get("started_at")?),
                expires_at: loaded(row.get("expires_at")?),
                details,
            },
            digest: row.get("digest")?,
            answer: read_answer(row)?,
            token: row.get("token")?,
        }))
    }

    /// Keeps a payment: a new one, or all that has changed of one that is there.
    pub fn keep_payment(&self, row: &PaymentRow) -> Result<(), StoreError> {
        let payment = &row.payment;
        let payer = self
            .ids()
            .user_row(&payment.payer.id)
            .expect("a payment's payer was loaded from a row");
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO payment (number, merchant, external, payer, state, currency,
                authorized_gross, authorized_tax, captured_gross, captured_tax,
                refunded_gross, refunded_tax, digest, status, answer, why, details, token,
                started_at, expires_at, checksum)
             VALUES (:number, :merchant, :external, :payer, :state, :currency,
                :authorized_gross, :authorized_tax, :captured_gross, :captured_tax,
                :refunded_gross, :refunded_tax, :digest, :status, :answer, :why, :details, :token,
                :started_at, :expires_at, :checksum)
             ON CONFLICT (number) DO UPDATE SET
                state = :state, currency = :currency,
                authorized_gross = :authorized_gross, authorized_tax = :authorized_tax,
                captured_gross = :captured_gross, captured_tax = :captured_tax,
                refunded_gross = :refunded_gross, refunded_tax = :refunded_tax,
                status = :status, answer = :answer, why = :why, details = :details,
                token = :token, started_at = :started_at, expires_at = :expires_at,
                checksum = :checksum",
        )?;
        let answer = row.answer.as_ref();
        statement.execute(named_params! {
            ":number": row.number,
            ":merchant": row.merchant.0,
            ":external": external(payment),
            ":payer": payer,
            ":state": payment.state.as_str(),
            ":currency": payment.currency.as_str(),
            ":authorized_gross": hundredths(payment.authorized.gross),
            ":authorized_tax": hundredths(payment.authorized.tax),
            ":captured_gross": hundredths(payment.captured.gross),
            ":captured_tax": hundredths(payment.captured.tax),
            ":refunded_gross": hundredths(payment.refunded.gross),
            ":refunded_tax": hundredths(payment.refunded.tax),
            ":digest": row.digest,
            ":status": answer.map(|answer| answer.status),
            ":answer": answer.map(|answer| &answer.body),
            ":why": answer.and_then(|answer| answer.why.as_ref()),
            ":details": row.details(),
            ":token": row.token,
            ":started_at": stored(payment.started_at),
            ":expires_at": stored(payment.expires_at),
            ":checksum": row.checksum(payer),
        })?;
        Ok(())
    }
}

pub fn taxed(row: &Row<'_>, gross: &str, tax: &str) -> rusqlite::Result<Taxed> {
    let amount = |name| {
        let hundredths: i64 = row.get(name)?;
        Ok::<_, rusqlite::Error>(Amount::from_hundredths(hundredths.unsigned_abs()))
    };
    Ok(Taxed::new(amount(gross)?, amount(tax)?))
}

pub fn read_answer(row: &Row<'_>) -> rusqlite::Result<Option<Answer>> {
    let status: Option<u16> = row.get("status")?;
    let Some(status) = status else {
        return Ok(None);
    };
    Ok(Some(Answer {
        status,
        body: row.get("answer")?,
        why: row.get("why")?,
        replayed: false,
    }))
}

pub fn damaged(table: &'static str, number: i64) -> StoreError {
    StoreError::Damaged { table, number }
}
