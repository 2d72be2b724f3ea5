//! Time and chance, handed in everywhere else.
//!
//! This is the only file that reads the system clock or the system's randomness. The sandbox's clock
//! can be settable; [`Ids`] gives the same ids again for the same seed and number of draws.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use uuid::{Builder, Uuid};

/// Where the time of day comes from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands still until it is moved.
    Settable(Settable),
}

/// The hand of a settable clock. Clones move the same hand.
#[derive(Clone, Debug)]
pub struct Settable(Arc<Mutex<Timestamp>>);

impl Clock {
    /// A clock that stands still at `start`, and its hand.
    pub fn settable(start: Timestamp) -> (Self, Settable) {
        let hand = Settable(Arc::new(Mutex::new(start)));
        (Self::Settable(hand.clone()), hand)
    }

    pub fn now(&self) -> Timestamp {
        match self {
            #[expect(
                clippy::disallowed_methods,
                reason = "the one reading of the system clock"
            )]
            Self::System => Timestamp::now(),
            Self::Settable(hand) => *hand.0.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }
}

impl Settable {
    /// Moves the clock forward.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.saturating_add(by).unwrap_or(*now);
    }
}

/// A stopwatch for the phases of a call: monotonic, so a clock that jumps cannot make it negative.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one reading of the monotonic clock"
    )]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Microseconds since the start.
    pub fn micros(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// A seed nobody can guess.
pub fn random_seed() -> u64 {
    u64::from_ne_bytes(random_bytes())
}

/// Bytes nobody can guess, from the operating system.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A seeded source of ids. It knows how many draws it has given, so that a restart can go on where it
/// stopped and never repeat one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ids {
    seed: u64,
    given: u64,
}

impl Ids {
    pub const fn new(seed: u64) -> Self {
        Self { seed, given: 0 }
    }

    /// Goes on after `given` draws of an earlier run.
    pub const fn resume(seed: u64, given: u64) -> Self {
        Self { seed, given }
    }

    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// How many draws were given so far.
    pub const fn given(&self) -> u64 {
        self.given
    }

    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.given += 1;
        mix(self
            .seed
            .wrapping_add(self.given.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// A UUID v7 of the moment `at`: sorts by time, unique by the draws.
    pub fn uuid(&mut self, at: Timestamp) -> Uuid {
        let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.draw().to_be_bytes());
        random[8..].copy_from_slice(&self.draw().to_be_bytes()[..2]);
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// `length` characters of `a-z2-9` without the look-alikes `l`, `o`, `0` and `1`.
    pub fn word(&mut self, length: usize) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let mut bits = self.draw();
        (0..length)
            .map(|position| {
                if position > 0 && position % 12 == 0 {
                    bits = self.draw();
                }
                let letter = LETTERS[(bits & 31) as usize];
                bits >>= 5;
                char::from(letter)
            })
            .collect()
    }
}

/// `SplitMix64`'s finalizer: every input bit reaches every output bit, and it is a bijection.
pub const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_settable_clock_stands_still_until_moved() {
        let (clock, hand) = Clock::settable(Timestamp::UNIX_EPOCH);
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH);
        hand.advance(SignedDuration::from_mins(30));
        assert_eq!(clock.now().as_second(), 1800);
    }

    #[test]
    fn the_same_seed_gives_the_same_ids_and_a_restart_goes_on() {
        let mut first = Ids::new(7);
        let all: Vec<_> = (0..20).map(|_| first.uuid(Timestamp::UNIX_EPOCH)).collect();

        let mut second = Ids::new(7);
        let head: Vec<_> = (0..8).map(|_| second.uuid(Timestamp::UNIX_EPOCH)).collect();
        let mut resumed = Ids::resume(second.seed(), second.given());
        let tail: Vec<_> = (0..12)
            .map(|_| resumed.uuid(Timestamp::UNIX_EPOCH))
            .collect();

        assert_eq!(all, [head, tail].concat());
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        assert!(all.iter().all(|uuid| uuid.get_version_num() == 7));
    }

    #[test]
    fn a_word_has_the_length_asked_for() {
        let word = Ids::new(1).word(30);
        assert_eq!(word.len(), 30);
        assert!(
            word.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        );
    }
}
