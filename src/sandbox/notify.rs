//! Delivers notifications from the outbox: the first try while the payer's browser waits, the others
//! behind it. Loopback is served unasked, other hosts only when they were approved.

mod post;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::{Host, Url};

use super::activity::Feed;
use super::store::{Fate, Letter, Store};
use crate::exchange::{Delivery, What};

/// How long one try may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// What is waited before each further try. The last begins within 30 s of the first.
const PAUSES: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(10)];
/// Tries in all: one more than there are pauses.
const TRIES: u32 = 3;

/// Tells merchants' servers of outcomes. Cheap to clone.
#[derive(Clone)]
pub struct Notifier {
    pub store: Store,
    pub feed: Arc<Feed>,
    /// Hosts besides loopback, in small letters.
    pub approved: Arc<HashSet<String>>,
    pub tasks: TaskTracker,
    pub stop: CancellationToken,
}

impl Notifier {
    /// Makes the first try and comes back when it is over; any others are made behind it.
    pub async fn deliver(&self, mut letter: Letter) {
        if self.attempt(&mut letter).await == Fate::Waiting {
            self.go_on(letter);
        }
    }

    /// Takes up what an earlier run left waiting.
    pub fn resume(&self, letters: Vec<Letter>) {
        for letter in letters {
            let notifier = self.clone();
            self.tasks
                .spawn(async move { notifier.deliver(letter).await });
        }
    }

    /// Makes the further tries. A stop leaves the letter in the outbox, for the next run.
    fn go_on(&self, mut letter: Letter) {
        let notifier = self.clone();
        self.tasks.spawn(async move {
            let further = async {
                while let Some(pause) = pause(letter.tries) {
                    tokio::time::sleep(pause).await;
                    if notifier.attempt(&mut letter).await != Fate::Waiting {
                        break;
                    }
                }
            };
            tokio::select! {
                () = further => {}
                () = notifier.stop.cancelled() => {}
            }
        });
    }

    async fn attempt(&self, letter: &mut Letter) -> Fate {
        if letter.epoch != self.store.epoch() {
            return Fate::Failed;
        }
        let delivery = match self.target(&letter.url) {
            Target::Held => Delivery::Held,
            Target::Open { url, loopback } => {
                letter.tries += 1;
                let post = post::post(&url, loopback, &letter.body);
                match tokio::time::timeout(PATIENCE, post).await {
                    Ok(Ok(status)) => Delivery::Answered { status },
                    Ok(Err(error)) => Delivery::Failed {
                        error: error.to_string(),
                    },
                    Err(_) => Delivery::Failed {
                        error: format!("no answer within {} s", PATIENCE.as_secs()),
                    },
                }
            }
        };
        let fate = Fate::of(&delivery, letter.tries >= TRIES);
        // A try that cannot be recorded was made all the same: at worst it is made again.
        let recorded = self.store.tried(letter, fate).await;
        let what = What::Notified {
            url: letter.url.clone(),
            body: letter.body.clone(),
            attempt: letter.tries,
            result: delivery,
            transaction: letter.transaction.clone(),
            session: letter.session.clone(),
        };
        self.feed.report(letter.epoch, None, what, None);
        if recorded.is_ok() { fate } else { Fate::Failed }
    }

    fn target(&self, url: &str) -> Target {
        let Ok(url) = Url::parse(url) else {
            return Target::Held;
        };
        let loopback = url.host().is_some_and(|host| is_loopback(&host));
        let approved = url
            .host_str()
            .is_some_and(|host| self.approved.contains(&host.to_ascii_lowercase()));
        if loopback || approved {
            Target::Open { url, loopback }
        } else {
            Target::Held
        }
    }
}

enum Target {
    Open { url: Url, loopback: bool },
    Held,
}

fn pause(tries: u32) -> Option<Duration> {
    let position = usize::try_from(tries).ok()?.checked_sub(1)?;
    PAUSES.get(position).copied()
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => {
            let name = name.to_ascii_lowercase();
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, loopback: bool) {
        let url = Url::parse(url).unwrap();
        assert_eq!(is_loopback(&url.host().unwrap()), loopback, "{url}");
    }

    #[test]
    fn loopback_is_known_by_its_address_or_its_name() {
        check("http://127.0.0.1:2647/x", true);
        check("http://127.9.8.7/", true);
        check("http://[::1]/", true);
        check("http://LOCALHOST/", true);
        check("http://shop.localhost./", true);
        check("http://0x7f000001/", true);
        check("http://localhost.example/", false);
        check("http://127.0.0.1.example/", false);
        check("http://10.0.0.1/", false);
        check("http://169.254.169.254/", false);
    }

    #[test]
    fn there_are_three_tries_and_the_last_begins_within_30_seconds() {
        assert_eq!(
            (pause(1), pause(2), pause(3)),
            (Some(PAUSES[0]), Some(PAUSES[1]), None)
        );
        let worst: Duration = PAUSES.iter().map(|pause| *pause + PATIENCE).sum();
        assert!(worst <= Duration::from_secs(30));
    }
}
