//! What went, counted until a remark has said it, also across a restart.

use jiff::Timestamp;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::{super::rows::Tables, Limits, Unit};
use crate::{
    exchange::Epoch,
    record::journal::{JournalError, read},
};

/// Where it is kept.
pub const NAME: &str = "gone";

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Gone {
    payments: u64,
    identifications: u64,
    /// Entries that belonged to neither.
    others: u64,
    entries: u64,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    /// Of what went last.
    epoch: Option<Epoch>,
}

impl Gone {
    pub fn read(connection: &Connection) -> Result<Self, JournalError> {
        let kept = read::meta(connection, NAME)?;
        Ok(kept
            .and_then(|kept| serde_json::from_str(&kept).ok())
            .unwrap_or_default())
    }

    /// Keeps the count, of which `new` entries have just gone.
    pub fn keep(&self, connection: &Connection, new: u64) -> Result<(), JournalError> {
        let tables = Tables(connection);
        let text = serde_json::to_string(self).expect("counts and times are JSON");
        tables.remember(NAME, &text)?;
        tables.count("removed", i64::try_from(new).unwrap_or(i64::MAX))
    }

    pub const fn entries(&self) -> u64 {
        self.entries
    }

    /// `None` where nothing went.
    pub const fn epoch(&self) -> Option<Epoch> {
        self.epoch
    }

    pub fn add(&mut self, unit: &Unit, epoch: Epoch) {
        let (payments, identifications, entries) = unit.sizes();
        self.payments += payments;
        self.identifications += identifications;
        self.entries += entries;
        if payments + identifications == 0 {
            self.others += entries;
        }
        self.epoch = Some(epoch);
        let earlier = |known: Timestamp| known.min(unit.earliest());
        let later = |known: Timestamp| known.max(unit.latest());
        self.from = Some(self.from.map_or(unit.earliest(), earlier));
        self.to = Some(self.to.map_or(unit.latest(), later));
    }

    /// One sentence for people, without its full stop.
    pub fn words(&self, limits: &Limits) -> String {
        let counts = [
            (self.payments, "payment", "payments"),
            (self.identifications, "identification", "identifications"),
            (self.others, "other entry", "other entries"),
        ];
        let parts: Vec<String> = counts
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| counted(count, one, many))
            .collect();
        let day = |at: Option<Timestamp>| at.unwrap_or_default().strftime("%Y-%m-%d");
        format!(
            "removed {} of {} to {}: the journal keeps {} and {}",
            parts.join(", "),
            day(self.from),
            day(self.to),
            counted(limits.age.as_hours().unsigned_abs() / 24, "day", "days"),
            size(limits.bytes),
        )
    }
}

pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn size(bytes: u64) -> String {
    match bytes {
        _ if bytes >= 1 << 30 && bytes.is_multiple_of(1 << 30) => format!("{} GiB", bytes >> 30),
        _ if bytes >= 1 << 20 => format!("{} MiB", bytes >> 20),
        _ => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn the_remark_says_what_went_and_why() {
        let at = |text: &str| Some(text.parse().unwrap());
        let mut gone = Gone {
            payments: 12,
            identifications: 1,
            others: 340,
            entries: 400,
            from: at("2026-01-02T03:04:05Z"),
            to: at("2026-03-04T05:06:07Z"),
            epoch: None,
        };
        assert_eq!(
            gone.words(&Limits::default()),
            "removed 12 payments, 1 identification, 340 other entries of 2026-01-02 to 2026-03-04: \
             the journal keeps 90 days and 1 GiB"
        );
        gone.payments = 1;
        gone.identifications = 0;
        gone.others = 0;
        let limits = Limits {
            bytes: 5 << 20,
            age: SignedDuration::from_hours(25),
        };
        assert_eq!(
            gone.words(&limits),
            "removed 1 payment of 2026-01-02 to 2026-03-04: the journal keeps 1 day and 5 MiB"
        );
    }
}
