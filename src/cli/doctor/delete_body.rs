//! Whether the body of a DELETE gets to an endpoint, found out with calls that move nothing.
//!
//! A broken body to a transaction that does not exist is refused for its body, 400, wherever it arrives; and
//! where it does not, for the transaction. That the endpoint looks at bodies first is tried with a PUT.

use std::sync::mpsc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::report::Report;
use crate::api::{Call, Operation};
use crate::clock::{self, Clock, Ids};
use crate::config::{Environment, Folders, Profile};
use crate::console::app::endpoint::DeleteBody;
use crate::console::runtime::{remote_client, remote_epoch};
use crate::exchange::{CallId, Cut, Epoch, NotSent, Outcome};
use crate::record::NewEntry;
use crate::record::entry::{Ended, Sent};
use crate::record::journal::{Journal, JournalError, Place, Sync};
use crate::wire::client::Client;

/// Nobody's: the API gives ids of ten digits.
const NOBODYS: &str = "0";
const BROKEN: &[u8] = b"{";
const PATIENCE: Duration = Duration::from_secs(30);

/// What an answer says about the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    /// For its body.
    Body,
    /// For something else.
    Otherwise(u16),
}

/// Why it could not be found out. Each message is a sentence without its full stop.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("the journal cannot be used, so nothing was sent: {0}")]
    Journal(#[from] JournalError),
    #[error("not sent: {0}")]
    NotSent(String),
    #[error("no answer: {0}")]
    Cut(&'static str),
    #[error("the credentials were refused: check profile {0}")]
    Unauthorized(String),
}

/// Tries it, and keeps what was found for the console.
pub async fn check(
    profile: &Profile,
    folders: &Folders,
    environment: &Environment,
    report: &mut Report,
) {
    report.heading(&format!("way to {}", profile.name));
    let client = match remote_client(profile, profile.read_only.value, environment) {
        Ok(client) => client,
        Err(error) => return report.wrong("address", &error.to_string()),
    };
    let (client, username) = client;
    let probe = Probe::open(profile, folders, client, remote_epoch(profile, &username));
    let mut probe = match probe {
        Ok(probe) => probe,
        Err(error) => return report.wrong("journal", &error.to_string()),
    };
    match probe.body_of_a_delete().await {
        Ok(Some(DeleteBody::IsDropped)) => report.wrong(
            "DELETE",
            "its body is dropped on the way: a refund of a part would be one of the whole",
        ),
        Ok(Some(_)) => report.fine("DELETE", "its body arrives: a part can be refunded"),
        Ok(None) => report.wrong(
            "DELETE",
            "it cannot be told whether its body arrives: look at a refund of a part before you trust it",
        ),
        Err(error) => report.wrong("calls", &error.to_string()),
    }
}

struct Probe {
    profile: String,
    client: Client,
    journal: Journal,
    epoch: Epoch,
    clock: Clock,
    ids: Ids,
}

impl Probe {
    fn open(
        profile: &Profile,
        folders: &Folders,
        client: Client,
        epoch: Epoch,
    ) -> Result<Self, Trouble> {
        let clock = Clock::System;
        let mut ids = Ids::new(clock::random_seed());
        let run = ids.uuid(clock.now());
        let name = format!("journal-{}.db", profile.name);
        let place = Place::File(folders.data.join(name));
        Ok(Self {
            profile: profile.name.clone(),
            client,
            journal: Journal::open(place, run, &clock)?,
            epoch,
            clock,
            ids,
        })
    }

    /// `None` where it cannot be told.
    async fn body_of_a_delete(&mut self) -> Result<Option<DeleteBody>, Trouble> {
        let put = self.refused(Operation::Capture).await?;
        let delete = self.refused(Operation::Refund).await?;
        let found = match (delete, put) {
            (Refused::Body, _) => Some(DeleteBody::Arrives),
            (Refused::Otherwise(_), Refused::Body) => Some(DeleteBody::IsDropped),
            (Refused::Otherwise(_), Refused::Otherwise(_)) => None,
        };
        if let Some(found) = found {
            let (kept_in, kept) = mpsc::channel();
            self.journal
                .remember(DeleteBody::NAME, found.word(), move |done| {
                    let _ = kept_in.send(done);
                });
            kept.recv_timeout(PATIENCE)
                .map_err(|_| JournalError::Closed)??;
        }
        Ok(found)
    }

    /// Sends a broken body about nobody's transaction, like any other call: what leaves stands in the journal
    /// first.
    async fn refused(&mut self, operation: Operation) -> Result<Refused, Trouble> {
        let call = Call::new(operation, Some(NOBODYS), Some(BROKEN.to_vec()));
        let id = CallId(self.ids.uuid(self.clock.now()));
        let request = self
            .client
            .request(&call, id)
            .map_err(|why| not_sent(&why))?;
        let sent = Sent {
            call: id,
            operation,
            request,
            step: None,
        };
        self.append(NewEntry::sent(self.clock.now(), self.epoch, sent))?;
        let outcome = self.client.send(&call, id, CancellationToken::new()).await;
        let ended = Ended {
            call: id,
            outcome: outcome.clone(),
        };
        self.append(NewEntry::ended(self.clock.now(), self.epoch, ended))?;
        match outcome {
            Outcome::Answered { response, .. } => match response.status {
                400 => Ok(Refused::Body),
                401 | 403 => Err(Trouble::Unauthorized(self.profile.clone())),
                status => Ok(Refused::Otherwise(status)),
            },
            Outcome::Cut { why, .. } => Err(Trouble::Cut(match why {
                Cut::TimedOut => "it took too long",
                _ => "the connection broke",
            })),
            Outcome::NotSent { why } => Err(not_sent(&why)),
        }
    }

    fn append(&self, entry: NewEntry) -> Result<(), Trouble> {
        let (done_in, done) = mpsc::channel();
        self.journal
            .append(vec![entry], Sync::Full, move |recorded| {
                let _ = done_in.send(recorded.map(drop));
            });
        let written = done.recv_timeout(PATIENCE);
        Ok(written.map_err(|_| JournalError::Closed)??)
    }
}

fn not_sent(why: &NotSent) -> Trouble {
    Trouble::NotSent(match why {
        NotSent::NoConnection { error }
        | NotSent::Tls { error }
        | NotSent::Unbuildable { error } => error.clone(),
        NotSent::Cancelled => "cancelled".to_owned(),
    })
}
