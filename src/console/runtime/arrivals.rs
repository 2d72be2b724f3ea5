//! Callbacks and notifications on their way into the journal.

mod allowance;

use tokio::sync::mpsc::{self, UnboundedSender};

use self::allowance::Allowance;
use super::effects::{done, tell};
use super::life::Life;
use crate::clock::{self, Clock, Ids};
use crate::console::app::event::{Done, What};
use crate::exchange::Header;
use crate::record::NewEntry;
use crate::record::entry::{Address, Arrived};
use crate::record::journal::{Journal, Reader, Sync};
use crate::wire::listener::{Arrival, To};

/// Where arrivals are recorded.
pub struct Keeping {
    pub journal: Journal,
    /// Tells which calls are ours.
    pub known: Reader,
    pub life: Life,
    pub clock: Clock,
    pub events: UnboundedSender<What>,
    /// Further headers whose values are secret.
    pub secret_headers: Vec<String>,
}

/// An arrival is answered once it is in the journal: who sent it tries again otherwise. One for no call of
/// ours is not recorded: any web page can have the user's browser send such ones. Any program may use an
/// inbox, so there is a limit to what those take.
pub async fn keep(keeping: Keeping, mut arrivals: mpsc::Receiver<Arrival>) {
    let Keeping {
        journal,
        known,
        life,
        clock,
        events,
        secret_headers,
    } = keeping;
    let mut ids = Ids::new(clock::random_seed());
    let mut allowance = Allowance::new(clock.now());
    while let Some(Arrival {
        to,
        key,
        mut request,
        kept,
    }) = arrivals.recv().await
    {
        for header in &mut request.headers {
            let (name, value) = (header.name.clone(), std::mem::take(&mut header.value));
            *header = Header::with_secrets(name, value, &secret_headers);
        }
        let at = clock.now();
        if to == To::Inbox && !allowance.takes(at, &request) {
            kept.too_much();
            continue;
        }
        // Where the journal cannot tell, recording will fail, and say why.
        if to != To::Inbox && !known.is_addressed(&key).unwrap_or(true) {
            kept.unknown();
            continue;
        }
        let address = match to {
            To::Callback => Address::Callback { key },
            To::Notification => Address::Notification { key },
            To::Inbox => Address::Inbox { name: key },
        };
        let arrived = Arrived {
            id: ids.uuid(at),
            at: address,
            request,
        };
        let events = events.clone();
        journal.append(
            vec![NewEntry::arrived(at, life.epoch(), arrived)],
            Sync::Full,
            move |recorded| match recorded {
                Ok(recorded) => {
                    kept.confirm();
                    tell(&events, What::Recorded(recorded));
                }
                Err(error) => done(
                    &events,
                    Done::Notice(format!("an arrival was not recorded: {error}")),
                ),
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use uuid::Uuid;

    use super::*;
    use crate::api::Operation;
    use crate::exchange::{self, Body, CallId, Epoch, Request};
    use crate::record::entry::{Kind, Sent};
    use crate::record::journal::Place;
    use crate::record::{Recorded, Seq, window};
    use crate::wire::listener::Listener;

    const EPOCH: Epoch = Epoch(Uuid::nil());

    fn sent(call: CallId) -> NewEntry {
        let request = Request {
            method: "POST".to_owned(),
            url: "http://127.0.0.1:2646/v5/identity".to_owned(),
            headers: vec![],
            body: Body::default(),
        };
        let sent = Sent {
            call,
            operation: Operation::Identify,
            request,
            step: None,
        };
        NewEntry::sent(Timestamp::UNIX_EPOCH, EPOCH, sent)
    }

    /// The listener in front of a journal, while the clock stands still.
    struct Setup {
        listener: Listener,
        journal: Journal,
        events: mpsc::UnboundedReceiver<What>,
    }

    impl Setup {
        async fn start() -> Self {
            let (clock, _) = Clock::settable(Timestamp::UNIX_EPOCH);
            // Memory is found by the run's name: two of one name would be one journal.
            let run = Uuid::from_bytes(clock::random_bytes());
            let journal = Journal::open(Place::Memory, run, &clock).unwrap();
            let (arrivals_in, arrived) = mpsc::channel(8);
            let listener = Listener::start(&[], arrivals_in).await.unwrap();
            let (events_in, events) = mpsc::unbounded_channel();
            let known = journal.reader().unwrap();
            let keeping = Keeping {
                journal: journal.clone(),
                known,
                life: Life::new(EPOCH),
                clock,
                events: events_in,
                secret_headers: vec!["x-api-key".to_owned()],
            };
            tokio::spawn(keep(keeping, arrived));
            Self {
                listener,
                journal,
                events,
            }
        }

        /// What is said of the next arrival that is recorded.
        async fn recorded(&mut self) -> Recorded {
            match self.events.recv().await.unwrap() {
                What::Recorded(recorded) => recorded,
                other => panic!("{other:?}"),
            }
        }

        fn entries(&self) -> u64 {
            let newest: window::Window<Seq> = window::Window {
                place: window::Place::Newest,
                limit: 1,
            };
            self.journal
                .reader()
                .unwrap()
                .timeline(newest)
                .unwrap()
                .total
        }
    }

    async fn status(method: &str, url: &str, body: &[u8]) -> String {
        let (address, path) = url
            .strip_prefix("http://")
            .unwrap()
            .split_once('/')
            .unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let length = body.len();
        let head = format!(
            "{method} /{path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\n\
             X-Api-Key: canary\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    }

    #[tokio::test]
    async fn only_what_is_addressed_to_a_call_of_ours_is_recorded() {
        let mut setup = Setup::start().await;
        let ours = CallId(Uuid::from_u128(0xca11));
        let (recorded_in, recorded) = std::sync::mpsc::channel();
        setup
            .journal
            .append(vec![sent(ours)], Sync::Full, move |sent| {
                recorded_in.send(sent.is_ok()).unwrap();
            });
        assert!(recorded.recv().unwrap());

        let nobodys = CallId(Uuid::from_u128(0xbad));
        let url = setup.listener.callback_url(nobodys);
        assert_eq!(status("GET", &url, b"").await, "404");
        let url = setup.listener.callback_url(ours);
        assert_eq!(status("GET", &url, b"").await, "200");
        assert_eq!(setup.recorded().await.entries.len(), 1);
        assert!(setup.events.is_empty());
        assert_eq!(setup.entries(), 2);
    }

    #[tokio::test]
    async fn an_inbox_is_anybodys_and_a_flood_of_it_is_turned_away_unrecorded() {
        let mut setup = Setup::start().await;
        let url = format!("http://{}/inbox/my-shop", setup.listener.address());
        assert_eq!(status("GET", &url, b"").await, "200");
        let entries = setup.recorded().await.entries;
        let Kind::Arrived(arrived) = &entries[0].kind else {
            panic!("{entries:?}");
        };
        let name = "my-shop".to_owned();
        assert_eq!(arrived.at, Address::Inbox { name });
        let key = exchange::header(&arrived.request.headers, "x-api-key");
        assert_eq!(key, Some(exchange::SECRET.as_bytes()));

        let long = vec![b'x'; 1024 * 1024];
        let mut taken = 0;
        while status("POST", &url, &long).await == "200" {
            taken += 1;
        }
        assert_eq!(taken, 15);
        assert_eq!(status("POST", &url, &long).await, "429");
        assert_eq!(setup.entries(), 16);
        let huge = vec![b'x'; 1024 * 1024 + 1];
        assert_eq!(status("POST", &url, &huge).await, "413");
    }
}
