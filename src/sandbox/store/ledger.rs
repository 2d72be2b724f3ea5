//! What a command works on: the connection, the transaction around it, and the makers of ids.

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use super::StoreError;
use super::ids::PublicIds;
use super::open::{Meta, OpenDatabase};
use super::visits::End;
use crate::clock::{self, Clock};
use crate::exchange::Epoch;
use crate::sandbox::engine::Rules;

/// The writer's own things. Lives on its thread.
pub struct Ledger {
    pub connection: Connection,
    life: Cell<Life>,
    pub rules: Rules,
    clock: Clock,
    /// What was due up to this time has been ended.
    pub ended_until: Cell<Timestamp>,
    /// What has expired in the transaction that is open: to be told of once it is committed.
    pub expired: RefCell<Vec<End>>,
}

/// What changes with a reset.
#[derive(Clone, Copy)]
pub struct Life {
    pub epoch: Epoch,
    ids: PublicIds,
    /// Tokens are as predictable as ids when a seed was asked for, else nobody can guess them.
    token_seed: Option<u64>,
}

impl From<Meta> for Life {
    fn from(meta: Meta) -> Self {
        Self {
            epoch: meta.epoch,
            ids: PublicIds::new(meta.seed),
            token_seed: meta.seed_given.then_some(meta.seed),
        }
    }
}

impl Ledger {
    pub fn new(opened: OpenDatabase, rules: Rules, clock: Clock) -> Self {
        Self {
            life: Cell::new(opened.meta.into()),
            connection: opened.connection,
            rules,
            clock,
            ended_until: Cell::new(Timestamp::MIN),
            expired: RefCell::default(),
        }
    }

    pub fn ids(&self) -> PublicIds {
        self.life.get().ids
    }

    pub fn epoch(&self) -> Epoch {
        self.life.get().epoch
    }

    /// Goes on as another life, once it is committed.
    pub fn live(&self, life: Life) {
        self.life.set(life);
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn begin(&self) -> Result<(), StoreError> {
        Ok(self.connection.execute_batch("BEGIN IMMEDIATE")?)
    }

    pub fn commit(&self) -> Result<(), StoreError> {
        Ok(self.connection.execute_batch("COMMIT")?)
    }

    /// Gives up what is open, if anything.
    pub fn roll_back(&self) {
        if self.in_transaction() {
            // What cannot be rolled back is gone with the connection.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }

    pub fn in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// Runs a command so that an error or a panic undoes it and nothing else.
    pub fn in_savepoint<T>(
        &self,
        command: impl FnOnce(&Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.connection.execute_batch("SAVEPOINT command")?;
        let expired = self.expired.borrow().len();
        let outcome =
            catch_unwind(AssertUnwindSafe(|| command(self))).unwrap_or(Err(StoreError::Panicked));
        if outcome.is_err() {
            self.expired.borrow_mut().truncate(expired);
        }
        if outcome.is_err() && self.in_transaction() {
            self.connection.execute_batch("ROLLBACK TO command")?;
        }
        if self.in_transaction() {
            self.connection.execute_batch("RELEASE command")?;
        }
        outcome
    }

    /// The number of the next row. There is one writer, and rows go all at once
    /// or not at all.
    pub fn next_number(&self, table: &'static str) -> Result<i64, StoreError> {
        let sql = format!("SELECT coalesce(max(number), 0) + 1 FROM {table}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_one([], |row| row.get(0))?)
    }

    /// The token of a page: 32 hex digits.
    pub fn token(&self, table: &'static str, number: i64) -> String {
        let bytes: [u8; 16] = match self.life.get().token_seed {
            None => clock::random_bytes(),
            Some(seed) => {
                let digest = Sha256::new()
                    .chain_update(b"page")
                    .chain_update(seed.to_be_bytes())
                    .chain_update(table)
                    .chain_update(number.to_be_bytes())
                    .finalize();
                digest[..16].try_into().expect("a digest has 32 bytes")
            }
        };
        let mut token = String::with_capacity(32);
        for byte in bytes {
            let _ = write!(token, "{byte:02x}");
        }
        token
    }
}

/// A time as it is stored: microseconds since 1970.
pub fn stored(at: Timestamp) -> i64 {
    at.as_microsecond()
}

pub fn loaded(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::MAX)
}
