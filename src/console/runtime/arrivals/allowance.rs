//! How much any program may put into the inboxes: so much at once, and then as much as time brings.
//!
//! A flood is turned away before it reaches the disk. What gets through in a day is less than the journal
//! keeps before the oldest goes.

use jiff::Timestamp;

use crate::exchange::Request;

/// Bytes at once: some thousands of notifications.
const MOST: u64 = 16 * 1024 * 1024;
/// Bytes that time brings: about 1 MiB a minute.
const IN_A_MILLISECOND: u64 = 16;
/// Bytes that an arrival takes besides its own: its columns and the indexes.
const BESIDES: u64 = 2 * 1024;

#[derive(Debug)]
pub struct Allowance {
    left: u64,
    counted: Timestamp,
}

impl Allowance {
    pub const fn new(now: Timestamp) -> Self {
        Self {
            left: MOST,
            counted: now,
        }
    }

    /// Whether there is room for this one, which then is taken.
    pub fn takes(&mut self, now: Timestamp, request: &Request) -> bool {
        let passed = now.duration_since(self.counted).as_millis();
        let brought = u64::try_from(passed)
            .unwrap_or(0)
            .saturating_mul(IN_A_MILLISECOND);
        self.left = self.left.saturating_add(brought).min(MOST);
        self.counted = now;
        match self.left.checked_sub(bytes(request)) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}

fn bytes(request: &Request) -> u64 {
    let headers = request.headers.iter();
    let head: usize = headers
        .map(|header| header.name.len() + header.value.len())
        .sum();
    BESIDES + (request.url.len() + head) as u64 + request.body.length
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::exchange::Body;

    fn request(bytes: usize) -> Request {
        Request {
            method: "POST".to_owned(),
            url: "/inbox/mine".to_owned(),
            headers: vec![],
            body: Body::whole(vec![b'x'; bytes]),
        }
    }

    /// How many of these are taken at this moment.
    fn taken(allowance: &mut Allowance, now: Timestamp, bytes: usize) -> usize {
        let request = request(bytes);
        (0..100_000)
            .take_while(|_| allowance.takes(now, &request))
            .count()
    }

    #[test]
    fn a_flood_ends_and_time_makes_room_again() {
        let start = Timestamp::UNIX_EPOCH;
        let mut allowance = Allowance::new(start);
        let at_once = taken(&mut allowance, start, 500);
        assert!((5_000..10_000).contains(&at_once), "{at_once}");
        let minute = start + SignedDuration::from_mins(1);
        let later = taken(&mut allowance, minute, 500);
        assert!((300..500).contains(&later), "{later}");
        let hours = start + SignedDuration::from_hours(9);
        assert_eq!(taken(&mut allowance, hours, 500), at_once);
    }

    #[test]
    fn bodies_count_by_their_length() {
        let start = Timestamp::UNIX_EPOCH;
        let mut allowance = Allowance::new(start);
        assert_eq!(taken(&mut allowance, start, 1024 * 1024), 15);
    }

    #[test]
    fn a_clock_that_is_set_back_brings_nothing_and_takes_nothing() {
        let start = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1);
        let mut allowance = Allowance::new(start);
        taken(&mut allowance, start, 500);
        assert_eq!(taken(&mut allowance, Timestamp::UNIX_EPOCH, 500), 0);
        assert!(taken(&mut allowance, start, 500) > 0);
    }
}
