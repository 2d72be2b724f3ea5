//! What the handlers share: the store, the feed, the notifier, and what is said of the sandbox itself.

use std::sync::Arc;

use tokio::sync::RwLock;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::activity::Feed;
use super::credentials::Credentials;
use super::engine::{Payer, Reason};
use super::notify::Notifier;
use super::store::{End, Ended, Store, StoreError};
use crate::api::SessionId;
use crate::exchange::{Epoch, What};

/// The sandbox behind its handlers.
pub struct Server {
    pub store: Store,
    pub feed: Arc<Feed>,
    pub notifier: Notifier,
    pub credentials: Credentials,
    /// Work that goes on when the one who asked for it has gone.
    pub tasks: TaskTracker,
    /// Held by whatever is decided and reported, so that a reset finds nothing half done.
    pub life: RwLock<()>,
    /// Set off when it is to end.
    pub stop: CancellationToken,
}

impl Server {
    /// Tells of the end of a payer's pages or of an authorization, and has the merchant's server told. Returns when the first
    /// try is over.
    pub async fn ended(&self, end: End) {
        match end.about {
            Ended::Identified(session, payer) => {
                self.identified(end.epoch, Some(session), payer);
            }
            Ended::Session => {}
            Ended::Payment(payment) => {
                let what = What::Finished {
                    transaction: payment.id,
                    external: payment.external,
                    code: end.finished.code.as_str().to_owned(),
                };
                self.feed.report(end.epoch, None, what, None);
            }
            Ended::Authorization(payment) => {
                let what = What::Expired {
                    transaction: payment.id,
                    external: payment.external,
                };
                self.feed.report(end.epoch, None, what, None);
            }
        }
        if let Some(letter) = end.letter {
            self.notifier.deliver(letter).await;
        }
    }

    /// Tells who a payer turned out to be, and by which session, if by any.
    pub fn identified(&self, epoch: Epoch, session: Option<SessionId>, payer: Payer) {
        let what = What::Identified {
            session,
            user: payer.id,
            msisdn: payer.msisdn,
            key: payer.key.as_str().to_owned(),
        };
        self.feed.report(epoch, None, what, None);
    }
}

impl From<StoreError> for Reason {
    fn from(error: StoreError) -> Self {
        let mut text = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        match error {
            StoreError::Database(_) | StoreError::Stopped => Self::Storage(text),
            StoreError::Damaged { .. } | StoreError::Panicked => Self::Bug(text),
        }
    }
}
