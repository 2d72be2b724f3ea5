//! The entries of an export, gathered thing by thing: each once, in the journal's order.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::exporting::ExportError;
use super::reading;
use super::unrecorded::Unrecorded;
use crate::console::app::export::What;
use crate::record::export::{Selection, reopened};
use crate::record::journal::Reader;
use crate::record::{Entry, Kind, Seq, Transaction, TransactionKey, payload};

/// What an export is about, with its bodies.
pub fn pick(
    reader: &Reader,
    unrecorded: &Unrecorded,
    what: &What,
    made_at: Timestamp,
) -> Result<Selection, ExportError> {
    let mut picking = Picking::new(reader);
    match what {
        What::Exchange(wanted) => {
            if let Some(exchanged) = reading::exchange(reader, *wanted)? {
                picking.add(reader.entries_around(exchanged.seq)?)?;
            }
        }
        What::Session(key) => picking.add(reader.entries_of_session(*key)?)?,
        What::Transaction(key) => picking.payment(*key)?,
        What::Listed(keys) => {
            for key in keys {
                picking.payment(*key)?;
            }
        }
    }
    Ok(picking.selection(unrecorded, made_at))
}

struct Picking<'r> {
    reader: &'r Reader,
    entries: BTreeMap<Seq, Entry>,
    transactions: Vec<Transaction>,
    /// Of the bodies.
    bytes: u64,
}

impl<'r> Picking<'r> {
    const fn new(reader: &'r Reader) -> Self {
        Self {
            reader,
            entries: BTreeMap::new(),
            transactions: Vec::new(),
            bytes: 0,
        }
    }

    fn add(&mut self, entries: Vec<Entry>) -> Result<(), ExportError> {
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
    fn payment(&mut self, key: TransactionKey) -> Result<(), ExportError> {
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

    fn selection(self, unrecorded: &Unrecorded, made_at: Timestamp) -> Selection {
        let mut entries: Vec<_> = self.entries.into_values().collect();
        // Ends that are not in the journal yet stand behind all that is.
        let last = entries.last().map_or(Seq(0), |entry| entry.seq);
        for (call, ended) in unrecorded.all() {
            let is_of_it =
                |entry: &Entry| matches!(&entry.kind, Kind::Sent(sent) if sent.call == call);
            if entries.iter().any(is_of_it) {
                entries.push(ended.placed(last));
            }
        }
        Selection {
            entries,
            transactions: self.transactions,
            made_at,
        }
    }
}
