//! The entries of an export, gathered thing by thing: each once, in the journal's order.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::exporting::ExportError;
use crate::record::export::{Selection, reopened};
use crate::record::journal::Reader;
use crate::record::{Entry, Seq, Transaction, TransactionKey, payload};

pub struct Picking<'r> {
    reader: &'r Reader,
    entries: BTreeMap<Seq, Entry>,
    transactions: Vec<Transaction>,
    /// Of the bodies.
    bytes: u64,
}

impl<'r> Picking<'r> {
    pub const fn new(reader: &'r Reader) -> Self {
        Self {
            reader,
            entries: BTreeMap::new(),
            transactions: Vec::new(),
            bytes: 0,
        }
    }

    pub fn add(&mut self, entries: Vec<Entry>) -> Result<(), ExportError> {
        for mut entry in entries {
            let bodies = payload::bodies(&mut entry.kind);
            let bytes: usize = bodies.iter().map(|(_, bytes)| bytes.len()).sum();
            if self.entries.insert(entry.seq, entry).is_none() {
                self.bytes += bytes as u64;
            }
            if self.bytes > reopened::LONGEST {
                return Err(ExportError::TooLong);
            }
        }
        Ok(())
    }

    /// A payment, and how its payer was identified.
    pub fn payment(&mut self, key: TransactionKey) -> Result<(), ExportError> {
        let Some(transaction) = self.reader.transaction(key)? else {
            return Ok(());
        };
        if let Some(user) = transaction.user() {
            for session in self.reader.find(user.as_str())?.sessions {
                let row = self.reader.session(session)?;
                let is_of_it = row.is_some_and(|row| {
                    row.epoch == transaction.epoch
                        && row.first < transaction.latest
                        && row.user() == Some(user)
                });
                if is_of_it {
                    self.add(self.reader.entries_of_session(session)?)?;
                }
            }
        }
        self.add(self.reader.entries_of_transaction(key)?)?;
        self.transactions.push(transaction);
        Ok(())
    }

    pub fn selection(self, made_at: Timestamp) -> Selection {
        Selection {
            entries: self.entries.into_values().collect(),
            transactions: self.transactions,
            made_at,
        }
    }
}
