//! What goes when a journal grows old or large, and when.
//!
//! Whole payments and identifications go, and entries that belong to none; what was only reported goes
//! first. The sums are then those of what is left, as if the rest had never been. It works in small steps
//! while the writer has nothing else to do, and one remark says what went. A list that was read before
//! may show a row that is gone: it is right again when it is read next.

pub mod gone;
pub mod unit;

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use uuid::{Builder, Uuid};

use super::{JournalError, append, begin, number, prepare, rows::Tables};
use crate::{
    clock,
    exchange::Epoch,
    record::{NewEntry, Seq, entry::Remark},
};
use gone::Gone;
use unit::{Remarks, Unit};

/// Entries that a step looks at, and about as many it removes: appending waits no longer than for these.
const AT_ONCE: usize = 64;

/// Pages that a step gives back to the file system.
const PAGES_AT_ONCE: u32 = 256;

/// After how many bytes that were appended it looks again.
const EVERY: u64 = 16 << 20;

/// How much a journal keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of the file, its free pages not counted.
    pub bytes: u64,
    /// Counted from the last entry of a payment or an identification.
    pub age: SignedDuration,
}

impl Default for Limits {
    /// 1 GiB and 90 days.
    fn default() -> Self {
        Self {
            bytes: 1 << 30,
            age: SignedDuration::from_hours(90 * 24),
        }
    }
}

/// How far a round has come.
#[derive(Clone, Copy, Debug)]
enum Stage {
    Walk { through: Through, after: Seq },
    Tell,
    GiveBack,
}

/// Which entries a walk is about, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Through {
    /// What has passed the age.
    Old,
    /// While there is too much: what only reports tell of.
    Reports,
    /// While there still is: everything.
    Rest,
}

/// The rounds of one writer.
#[derive(Debug)]
pub struct Retention {
    limits: Limits,
    stage: Option<Stage>,
    /// Bytes in use at the last round.
    used: Option<u64>,
}

impl Retention {
    pub const fn new(limits: Limits) -> Self {
        Self {
            limits,
            stage: None,
            used: None,
        }
    }

    /// Whether there is a step to do.
    pub const fn is_due(&self) -> bool {
        self.stage.is_some()
    }

    /// Begins a round after the first entries of this process, and whenever many have come since.
    pub fn look(&mut self, connection: &Connection) {
        if self.is_due() {
            return;
        }
        if let Ok(used) = used(connection)
            && self.used.is_none_or(|before| used >= before + EVERY)
        {
            self.used = Some(used);
            self.stage = Some(Stage::walk(Through::Old));
        }
    }

    /// Ends a round. What it has not come to is for the next one.
    pub fn break_off(&mut self) {
        self.stage = None;
    }

    /// Does the next step of a round.
    pub fn step(
        &mut self,
        connection: &mut Connection,
        now: Timestamp,
    ) -> Result<(), JournalError> {
        self.stage = match self.stage {
            Some(Stage::Walk { through, after }) => {
                Some(self.walk(connection, now, through, after)?)
            }
            Some(Stage::Tell) => {
                self.tell(connection, now)?;
                Some(Stage::GiveBack)
            }
            Some(Stage::GiveBack) => give_back(connection)?.then_some(Stage::GiveBack),
            None => None,
        };
        if self.stage.is_none() {
            self.used = Some(used(connection)?);
        }
        Ok(())
    }

    fn walk(
        &self,
        connection: &mut Connection,
        now: Timestamp,
        through: Through,
        mut after: Seq,
    ) -> Result<Stage, JournalError> {
        let limit = now
            .saturating_sub(self.limits.age)
            .unwrap_or(Timestamp::MIN);
        let transaction = begin(connection)?;
        let remarks = Remarks::read(&transaction)?;
        let mut gone = Gone::read(&transaction)?;
        let before = gone.entries();
        let candidates = candidates(&transaction, through, after)?;
        let mut is_over = match through {
            Through::Old => candidates.iter().all(|candidate| candidate.at >= limit),
            Through::Reports | Through::Rest => candidates.is_empty(),
        };
        for candidate in candidates {
            is_over |= through != Through::Old && used(&transaction)? <= self.limits.bytes;
            if is_over || gone.entries() - before >= AT_ONCE as u64 {
                break;
            }
            after = candidate.seq;
            if candidate.is_first
                && let Some(unit) = Unit::around(&transaction, candidate.seq)?
                && through.takes(&unit, limit)
                && !unit.is_kept(&transaction, &remarks)?
            {
                unit.remove(&transaction)?;
                gone.add(&unit, candidate.epoch);
            }
        }
        if gone.entries() > before {
            gone.keep(&transaction, gone.entries() - before)?;
        }
        transaction.commit()?;
        Ok(if is_over {
            through.next().map_or(Stage::Tell, Stage::walk)
        } else {
            Stage::Walk { through, after }
        })
    }

    /// Writes the remark, also for a round that was broken off.
    fn tell(&self, connection: &mut Connection, now: Timestamp) -> Result<(), JournalError> {
        let transaction = begin(connection)?;
        let gone = Gone::read(&transaction)?;
        if let Some(epoch) = gone.epoch() {
            let remark = Remark {
                id: Builder::from_random_bytes(clock::random_bytes()).into_uuid(),
                about: None,
                text: gone.words(&self.limits),
            };
            append::append_one(
                &transaction,
                NewEntry::remark(now, epoch, remark),
                Uuid::nil(),
            )?;
            Tables(&transaction).forget(gone::NAME)?;
        }
        transaction.commit()?;
        Ok(())
    }
}

impl Stage {
    const fn walk(through: Through) -> Self {
        Self::Walk {
            through,
            after: Seq(0),
        }
    }
}

impl Through {
    const fn next(self) -> Option<Self> {
        match self {
            Self::Old => Some(Self::Reports),
            Self::Reports => Some(Self::Rest),
            Self::Rest => None,
        }
    }

    fn takes(self, unit: &Unit, limit: Timestamp) -> bool {
        match self {
            Self::Old => unit.latest() < limit,
            Self::Reports => unit.is_only_reported(),
            Self::Rest => true,
        }
    }
}

/// An entry at which something that goes together may begin.
struct Candidate {
    seq: Seq,
    at: Timestamp,
    epoch: Epoch,
    is_first: bool,
}

/// The next entries, and whether each is the first of its row and of its call.
fn candidates(
    connection: &Connection,
    through: Through,
    after: Seq,
) -> Result<Vec<Candidate>, JournalError> {
    let walk = match through {
        Through::Old | Through::Rest => "entry WHERE seq > ?1",
        Through::Reports => "entry WHERE kind = 'seen' AND call IS NULL AND seq > ?1",
    };
    let sql = format!(
        "SELECT seq, at, epoch,
             (transaction_key IS NULL OR EXISTS (SELECT 1 FROM transaction_row r WHERE r.first = next.seq))
             AND (session_key IS NULL OR EXISTS (SELECT 1 FROM session_row r WHERE r.first = next.seq))
             AND (call IS NULL OR NOT EXISTS
                 (SELECT 1 FROM entry o WHERE o.call = next.call AND o.seq < next.seq))
         FROM (SELECT seq, at, epoch, transaction_key, session_key, call FROM {walk} ORDER BY seq LIMIT ?2) next"
    );
    let mut statement = prepare(connection, &sql)?;
    let mut rows = statement.query((number(after), i64::try_from(AT_ONCE).unwrap_or(i64::MAX)))?;
    let mut found = vec![];
    while let Some(row) = rows.next()? {
        found.push(Candidate {
            seq: Seq(row.get::<_, i64>(0)?.unsigned_abs()),
            at: Timestamp::from_nanosecond(row.get::<_, i64>(1)?.into()).unwrap_or(Timestamp::MAX),
            epoch: Epoch(row.get::<_, String>(2)?.parse().unwrap_or_default()),
            is_first: row.get(3)?,
        });
    }
    Ok(found)
}

/// Gives some of the free pages back to the file system. Answers whether there are more.
fn give_back(connection: &Connection) -> Result<bool, JournalError> {
    let before = pragma(connection, "freelist_count")?;
    let mut statement =
        connection.prepare(&format!("PRAGMA incremental_vacuum({PAGES_AT_ONCE})"))?;
    let mut rows = statement.query(())?;
    while rows.next()?.is_some() {}
    let left = pragma(connection, "freelist_count")?;
    Ok(0 < left && left < before)
}

pub fn used(connection: &Connection) -> rusqlite::Result<u64> {
    let pages = pragma(connection, "page_count")? - pragma(connection, "freelist_count")?;
    Ok(pages * pragma(connection, "page_size")?)
}

pub fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<u64> {
    let value = connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0))?;
    Ok(value.unsigned_abs())
}
