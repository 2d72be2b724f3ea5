//! Public ids: a bijection of the seed and a row's number.
//!
//! Unique without an index of their own, the same again for the same seed, and not found by counting.

use crate::api::{BangoUserId, SessionId, TransactionId};
use crate::clock::mix;

/// Makes public ids of row numbers, and finds the row again.
#[derive(Clone, Copy, Debug)]
pub struct PublicIds {
    seed: u64,
}

/// Ten digits, the first not 0.
const TRANSACTION: Decimal = Decimal {
    purpose: 1,
    half: 17,
    lowest: 1_000_000_000,
    highest: 9_999_999_999,
};
/// Nine digits, the first not 0.
const USER: Decimal = Decimal {
    purpose: 2,
    half: 15,
    lowest: 100_000_000,
    highest: 999_999_999,
};
const SESSION: u64 = 3;

impl PublicIds {
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// Rows are numbered from 1.
    pub fn transaction(self, row: i64) -> TransactionId {
        TransactionId::new(TRANSACTION.id(self.seed, row))
    }

    pub fn transaction_row(self, id: &TransactionId) -> Option<i64> {
        TRANSACTION.row(self.seed, id.as_str())
    }

    pub fn user(self, row: i64) -> BangoUserId {
        BangoUserId::new(USER.id(self.seed, row))
    }

    pub fn user_row(self, id: &BangoUserId) -> Option<i64> {
        USER.row(self.seed, id.as_str())
    }

    /// Ids of rows that no table will ever reach, made of any 64 bits.
    pub fn fakes(self, bits: u64) -> (SessionId, BangoUserId, TransactionId) {
        let row = |lowest: i64, count: u64| lowest + (bits % count).cast_signed();
        (
            self.session(row(1 << 62, 1 << 62)),
            self.user(row(800_000_000, 100_000_000)),
            self.transaction(row(8_000_000_000, 1_000_000_000)),
        )
    }

    pub fn session(self, row: i64) -> SessionId {
        let network = self.session_network();
        SessionId::new(format!(
            "{:032x}",
            network.forward(row.unsigned_abs().into())
        ))
    }

    pub fn session_row(self, id: &SessionId) -> Option<i64> {
        let text = id.as_str();
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() != 32 || !text.bytes().all(hex) {
            return None;
        }
        let value = u128::from_str_radix(text, 16).ok()?;
        i64::try_from(self.session_network().back(value)).ok()
    }

    const fn session_network(self) -> Feistel {
        Feistel {
            key: mix(self.seed ^ SESSION),
            half: 64,
        }
    }
}

/// A range of decimal numbers that all have the same length.
struct Decimal {
    /// Keeps the ranges apart from each other under one seed.
    purpose: u64,
    /// Half the bits of the smallest network that holds the range.
    half: u32,
    lowest: u64,
    highest: u64,
}

impl Decimal {
    const fn network(&self, seed: u64) -> Feistel {
        Feistel {
            key: mix(seed ^ self.purpose),
            half: self.half,
        }
    }

    const fn size(&self) -> u128 {
        (self.highest - self.lowest + 1) as u128
    }

    fn id(&self, seed: u64, row: i64) -> String {
        let network = self.network(seed);
        // What falls outside the range is sent through again until it falls inside: still a bijection.
        let mut value = network.forward(row.unsigned_abs().into());
        while value >= self.size() {
            value = network.forward(value);
        }
        (value + u128::from(self.lowest)).to_string()
    }

    fn row(&self, seed: u64, id: &str) -> Option<i64> {
        let same_length = id.len() == self.highest.to_string().len();
        if !same_length || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let id: u64 = id.parse().ok()?;
        let network = self.network(seed);
        let mut value = network.back(id.checked_sub(self.lowest)?.into());
        while value >= self.size() {
            value = network.back(value);
        }
        i64::try_from(value).ok()
    }
}

/// A keyed permutation of `2 * half` bits.
#[derive(Clone, Copy)]
struct Feistel {
    key: u64,
    half: u32,
}

impl Feistel {
    const ROUNDS: u64 = 6;

    fn forward(self, value: u128) -> u128 {
        let (mut left, mut right) = self.split(value);
        for round in 0..Self::ROUNDS {
            (left, right) = (right, left ^ self.scramble(round, right));
        }
        self.join(left, right)
    }

    fn back(self, value: u128) -> u128 {
        let (mut left, mut right) = self.split(value);
        for round in (0..Self::ROUNDS).rev() {
            (left, right) = (right ^ self.scramble(round, left), left);
        }
        self.join(left, right)
    }

    fn scramble(self, round: u64, half: u64) -> u64 {
        mix(mix(self.key.wrapping_add(round)) ^ half) & self.mask()
    }

    const fn mask(self) -> u64 {
        u64::MAX >> (64 - self.half)
    }

    fn split(self, value: u128) -> (u64, u64) {
        let low = |value: u128| {
            u64::try_from(value & u128::from(self.mask())).expect("a half is at most 64 bits")
        };
        (low(value >> self.half), low(value))
    }

    fn join(self, left: u64, right: u64) -> u128 {
        u128::from(left) << self.half | u128::from(right)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_id_has_its_shape_and_leads_back_to_its_row(
            seed: u64,
            row in 1..800_000_000_i64,
        ) {
            let ids = PublicIds::new(seed);

            let transaction = ids.transaction(row);
            prop_assert_eq!(transaction.as_str().len(), 10);
            prop_assert!(!transaction.as_str().starts_with('0'));
            prop_assert_eq!(ids.transaction_row(&transaction), Some(row));

            let user = ids.user(row);
            prop_assert_eq!(user.as_str().len(), 9);
            prop_assert!(!user.as_str().starts_with('0'));
            prop_assert_eq!(ids.user_row(&user), Some(row));

            let session = ids.session(row);
            prop_assert_eq!(session.as_str().len(), 32);
            prop_assert_eq!(ids.session_row(&session), Some(row));
        }

        #[test]
        fn a_fake_id_has_the_shape_of_a_real_one_and_the_row_of_none(seed: u64, bits: u64) {
            let ids = PublicIds::new(seed);
            let (session, user, transaction) = ids.fakes(bits);
            prop_assert_eq!(session.as_str().len(), 32);
            prop_assert_eq!(user.as_str().len(), 9);
            prop_assert_eq!(transaction.as_str().len(), 10);
            prop_assert!(ids.session_row(&session).unwrap() >= 1 << 62);
            prop_assert!(ids.user_row(&user).unwrap() >= 800_000_000);
            prop_assert!(ids.transaction_row(&transaction).unwrap() >= 8_000_000_000);
        }

        #[test]
        fn no_text_makes_the_search_panic(seed: u64, text in "[0-9a-f+]{0,33}") {
            let ids = PublicIds::new(seed);
            ids.transaction_row(&TransactionId::from(text.as_str()));
            ids.user_row(&BangoUserId::from(text.as_str()));
            ids.session_row(&SessionId::from(text.as_str()));
        }
    }

    #[test]
    fn ids_of_one_seed_are_distinct_and_another_seed_gives_others() {
        let (first, second) = (PublicIds::new(7), PublicIds::new(8));
        let of = |ids: PublicIds| (1..5000).map(move |row| ids.transaction(row).into_string());
        let all: HashSet<_> = of(first).collect();
        assert_eq!(all.len(), 4999);
        assert!(of(second).filter(|id| all.contains(id)).count() < 5);
    }

    #[test]
    fn another_spelling_of_an_id_is_another_id() {
        let ids = PublicIds::new(7);
        let id = ids.transaction(1).into_string();
        assert_eq!(
            ids.transaction_row(&TransactionId::new(format!("0{id}"))),
            None
        );
        assert_eq!(
            ids.transaction_row(&TransactionId::new(format!("+{}", &id[1..]))),
            None
        );
        let id = ids.session(1).into_string().to_uppercase();
        assert_eq!(ids.session_row(&SessionId::new(id)), None);
    }
}
