//! What the sandbox did, told to whoever wants to know. Reports are numbered without gaps and the last
//! ones are kept; the sandbox never waits for a reader.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use uuid::Uuid;

use crate::clock::Clock;
use crate::exchange::{CallId, Epoch, Report, What};

/// Reports that are kept for readers who come late or are slow.
const KEPT: usize = 10_000;
/// Bytes of bodies that are kept with them.
const KEPT_BYTES: u64 = 64 * 1024 * 1024;

/// The writing end.
pub struct Feed {
    run: Uuid,
    clock: Clock,
    reports: Mutex<Reports>,
    /// The number of the latest report.
    latest: watch::Sender<u64>,
}

#[derive(Default)]
struct Reports {
    /// The number of the latest one; the first is 1.
    latest: u64,
    kept: VecDeque<Arc<Report>>,
    /// Bytes of the bodies in them.
    bytes: u64,
}

impl Reports {
    fn push(&mut self, report: Report) {
        self.bytes += bytes(&report);
        self.kept.push_back(Arc::new(report));
        while self.kept.len() > KEPT || (self.bytes > KEPT_BYTES && self.kept.len() > 1) {
            if let Some(oldest) = self.kept.pop_front() {
                self.bytes -= bytes(&oldest);
            }
        }
    }
}

fn bytes(report: &Report) -> u64 {
    match &report.what {
        What::Exchange {
            request, response, ..
        } => request.body.length + response.body.length,
        _ => 0,
    }
}

impl Feed {
    pub fn new(run: Uuid, clock: Clock) -> Self {
        Self {
            run,
            clock,
            reports: Mutex::default(),
            latest: watch::Sender::new(0),
        }
    }

    /// The run that the numbers belong to.
    pub const fn run(&self) -> Uuid {
        self.run
    }

    /// Reports something that is already committed, of this life of the database.
    pub fn report(&self, epoch: Epoch, call: Option<CallId>, what: What, why: Option<String>) {
        let mut reports = self.reports();
        reports.latest += 1;
        let number = reports.latest;
        reports.push(Report {
            run: self.run,
            number,
            epoch,
            at: self.clock.now(),
            call,
            what,
            why,
        });
        self.latest.send_replace(number);
    }

    fn reports(&self) -> MutexGuard<'_, Reports> {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The oldest kept report behind number `after`, or how many there were that are gone.
    fn behind(&self, after: u64) -> Option<Told> {
        let reports = self.reports();
        let oldest = reports.kept.front()?.number;
        if after >= reports.latest {
            return None;
        }
        if after + 1 < oldest {
            let count = oldest - after - 1;
            return Some(Told::Missed { count });
        }
        let position = usize::try_from(after + 1 - oldest).ok()?;
        reports.kept.get(position).cloned().map(Told::Report)
    }
}

/// What a reader is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    Report(Arc<Report>),
    /// So many reports were made and thrown away before the reader came to them.
    Missed {
        count: u64,
    },
}

/// The reading end. Begins with the oldest report that is kept; clones go on by themselves.
#[derive(Clone)]
pub struct Activity {
    feed: Arc<Feed>,
    latest: watch::Receiver<u64>,
    read: u64,
}

impl Activity {
    pub fn new(feed: Arc<Feed>) -> Self {
        Self::after(feed, 0)
    }

    /// Begins behind the report with this number.
    pub fn after(feed: Arc<Feed>, read: u64) -> Self {
        Self {
            latest: feed.latest.subscribe(),
            feed,
            read,
        }
    }

    /// Waits for the next report. Nothing is lost when the caller stops waiting.
    pub async fn next(&mut self) -> Told {
        loop {
            self.latest.mark_unchanged();
            if let Some(told) = self.feed.behind(self.read) {
                self.read += match &told {
                    Told::Report(_) => 1,
                    Told::Missed { count } => *count,
                };
                return told;
            }
            // The feed lives as long as this reader holds it.
            let _ = self.latest.changed().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed() -> Arc<Feed> {
        let clock = Clock::settable(jiff::Timestamp::UNIX_EPOCH).0;
        Arc::new(Feed::new(Uuid::nil(), clock))
    }

    async fn numbers(reader: &mut Activity, count: usize) -> Vec<u64> {
        let mut numbers = Vec::new();
        while numbers.len() < count {
            match reader.next().await {
                Told::Report(report) => numbers.push(report.number),
                Told::Missed { count } => panic!("missed {count}"),
            }
        }
        numbers
    }

    #[tokio::test]
    async fn every_reader_gets_every_report_in_order() {
        let feed = feed();
        let mut early = Activity::new(feed.clone());
        let waiting = tokio::spawn(async move { numbers(&mut early, 3).await });
        for _ in 0..3 {
            feed.report(Epoch(Uuid::nil()), None, What::Reset, None);
        }
        assert_eq!(waiting.await.unwrap(), [1, 2, 3]);
        assert_eq!(numbers(&mut Activity::new(feed), 3).await, [1, 2, 3]);
    }

    #[tokio::test]
    async fn a_reader_that_lags_is_told_how_many_it_missed() {
        let feed = feed();
        let mut reader = Activity::new(feed.clone());
        for _ in 0..KEPT + 7 {
            feed.report(Epoch(Uuid::nil()), None, What::Reset, None);
        }
        assert_eq!(reader.next().await, Told::Missed { count: 7 });
        assert_eq!(numbers(&mut reader, 2).await, [8, 9]);
    }
}
