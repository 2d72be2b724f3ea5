//! Callbacks and notifications on their way into the journal.

use tokio::sync::mpsc::{self, UnboundedSender};

use super::effects::{done, tell};
use super::life::Life;
use crate::clock::{self, Clock, Ids};
use crate::console::app::event::{Done, What};
use crate::record::NewEntry;
use crate::record::entry::{Address, Arrived};
use crate::record::journal::{Journal, Reader, Sync};
use crate::wire::listener::{Arrival, To};

/// An arrival is answered once it is in the journal: who sent it tries again otherwise. One for no call of
/// ours is not recorded: any web page can have the user's browser send such ones.
pub async fn keep(
    journal: Journal,
    known: Reader,
    life: Life,
    clock: Clock,
    events: UnboundedSender<What>,
    mut arrivals: mpsc::Receiver<Arrival>,
) {
    let mut ids = Ids::new(clock::random_seed());
    while let Some(Arrival {
        to,
        key,
        request,
        kept,
    }) = arrivals.recv().await
    {
        // Where the journal cannot tell, recording will fail, and say why.
        if !known.is_addressed(&key).unwrap_or(true) {
            kept.unknown();
            continue;
        }
        let at = clock.now();
        let address = match to {
            To::Callback => Address::Callback { key },
            To::Notification => Address::Notification { key },
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
    use crate::exchange::{Body, CallId, Epoch, Request};
    use crate::record::entry::Sent;
    use crate::record::journal::Place;
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

    async fn status(url: &str) -> String {
        let (address, path) = url
            .strip_prefix("http://")
            .unwrap()
            .split_once('/')
            .unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET /{path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    }

    #[tokio::test]
    async fn only_what_is_addressed_to_a_call_of_ours_is_recorded() {
        let (clock, _) = Clock::settable(Timestamp::UNIX_EPOCH);
        let journal = Journal::open(Place::Memory, Uuid::max(), &clock).unwrap();
        let (arrivals_in, arrived) = mpsc::channel(8);
        let listener = Listener::start(&[], arrivals_in).await.unwrap();
        let (events_in, mut events) = mpsc::unbounded_channel();
        let known = journal.reader().unwrap();
        tokio::spawn(keep(
            journal.clone(),
            known,
            Life::new(EPOCH),
            clock,
            events_in,
            arrived,
        ));

        let ours = CallId(Uuid::from_u128(0xca11));
        let (recorded_in, recorded) = std::sync::mpsc::channel();
        journal.append(vec![sent(ours)], Sync::Full, move |sent| {
            recorded_in.send(sent.is_ok()).unwrap();
        });
        assert!(recorded.recv().unwrap());

        let nobodys = CallId(Uuid::from_u128(0xbad));
        assert_eq!(status(&listener.callback_url(nobodys)).await, "404");
        assert_eq!(status(&listener.callback_url(ours)).await, "200");
        let What::Recorded(recorded) = events.recv().await.unwrap() else {
            panic!("something else happened");
        };
        assert_eq!(recorded.entries.len(), 1);
        assert!(events.is_empty());
        let newest = journal.reader().unwrap().entry(crate::record::Seq(3));
        assert_eq!(newest.unwrap(), None);
    }
}
