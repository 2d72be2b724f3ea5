//! A row's own checksum. SQLite has none for its pages: a byte flipped in a row that holds money would
//! go unnoticed.

use sha2::{Digest as _, Sha256};

/// Adds up the columns of one row, in their order.
pub struct Checksum(Sha256);

impl Checksum {
    pub fn of(table: &str, number: i64) -> Self {
        Self(Sha256::new()).text(table).integer(number)
    }

    #[must_use]
    pub fn text(self, value: &str) -> Self {
        self.bytes(value.as_bytes())
    }

    #[must_use]
    pub fn integer(mut self, value: i64) -> Self {
        self.0.update(value.to_be_bytes());
        self
    }

    #[must_use]
    pub fn bytes(mut self, value: &[u8]) -> Self {
        self.0.update(value.len().to_be_bytes());
        self.0.update(value);
        self
    }

    /// A column that may be NULL, as a text.
    #[must_use]
    pub fn optional(self, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.integer(1).text(value),
            None => self.integer(0),
        }
    }

    pub fn finish(self) -> i64 {
        let digest = self.0.finalize();
        i64::from_be_bytes(digest[..8].try_into().expect("a digest has 32 bytes"))
    }
}
