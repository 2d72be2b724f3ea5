//! Captures, cancels and refunds as rows, each with the answer that an equal request gets again.

use rusqlite::{OptionalExtension as _, named_params};

use super::StoreError;
use super::checksum::Checksum;
use super::ledger::{Ledger, stored};
use super::payments::{answered, damaged, hundredths, read_answer, taxed};
use crate::api::ExternalTransactionId;
use crate::sandbox::engine::{Answer, Digest, Kind, Movement};

impl Ledger {
    /// The answer that an equal capture, cancel or refund was given.
    pub fn movement_answer(
        &self,
        payment: i64,
        kind: Kind,
        key: &Digest,
    ) -> Result<Option<Answer>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT * FROM movement WHERE payment = ?1 AND kind = ?2 AND key = ?3",
        )?;
        let found = statement
            .query_row((payment, kind.as_str(), key), |row| {
                let movement = Movement {
                    kind,
                    amounts: taxed(row, "gross", "tax")?,
                    external: row
                        .get::<_, Option<String>>("external")?
                        .map(ExternalTransactionId::new),
                    key: row.get("key")?,
                    answer: read_answer(row)?.ok_or(rusqlite::Error::InvalidQuery)?,
                };
                Ok((
                    row.get::<_, i64>("number")?,
                    row.get::<_, i64>("at")?,
                    row.get::<_, i64>("checksum")?,
                    movement,
                ))
            })
            .optional()?;
        match found {
            None => Ok(None),
            Some((number, at, checksum, movement))
                if movement_checksum(number, payment, &movement, at) == checksum =>
            {
                Ok(Some(movement.answer))
            }
            Some((number, ..)) => Err(damaged("movement", number)),
        }
    }

    pub fn keep_movement(&self, payment: i64, movement: &Movement) -> Result<(), StoreError> {
        let number = self.next_number("movement")?;
        let at = stored(self.now());
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO movement (number, payment, kind, gross, tax, external, key, status,
                answer, why, at, checksum)
             VALUES (:number, :payment, :kind, :gross, :tax, :external, :key, :status,
                :answer, :why, :at, :checksum)",
        )?;
        statement.execute(named_params! {
            ":number": number,
            ":payment": payment,
            ":kind": movement.kind.as_str(),
            ":gross": hundredths(movement.amounts.gross),
            ":tax": hundredths(movement.amounts.tax),
            ":external": movement.external.as_ref().map(ExternalTransactionId::as_str),
            ":key": movement.key,
            ":status": movement.answer.status,
            ":answer": movement.answer.body,
            ":why": movement.answer.why,
            ":at": at,
            ":checksum": movement_checksum(number, payment, movement, at),
        })?;
        Ok(())
    }
}

fn movement_checksum(number: i64, payment: i64, movement: &Movement, at: i64) -> i64 {
    let sum = Checksum::of("movement", number)
        .integer(payment)
        .text(movement.kind.as_str())
        .integer(hundredths(movement.amounts.gross))
        .integer(hundredths(movement.amounts.tax))
        .optional(
            movement
                .external
                .as_ref()
                .map(ExternalTransactionId::as_str),
        )
        .bytes(movement.key.as_ref().map_or(&[], Digest::as_slice))
        .integer(at);
    answered(sum, Some(&movement.answer)).finish()
}
