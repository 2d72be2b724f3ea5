//! What the fold asks about the past.

use crate::{
    api::{BangoUserId, ExternalTransactionId, SessionId, TransactionId},
    exchange::{CallId, Epoch},
    record::{
        Session, SessionKey, Transaction, TransactionKey,
        asked::Fingerprint,
        entry::Sent,
        fact::{is_stub, is_to_our_sandbox},
    },
};

/// What is known before an entry. Every question is answered from an index.
pub trait Rows {
    type Error;

    /// A call of ours, its request whole.
    fn ours(&self, call: CallId) -> Result<Option<Ours>, Self::Error>;
    /// The call of ours whose callback address has this key.
    fn addressed(&self, key: &str) -> Result<Option<Ours>, Self::Error>;
    fn transaction(&self, key: TransactionKey) -> Result<Option<Transaction>, Self::Error>;
    fn transaction_with_id(
        &self,
        epoch: Epoch,
        id: &TransactionId,
    ) -> Result<Option<Transaction>, Self::Error>;
    fn transaction_with_start(
        &self,
        epoch: Epoch,
        start: &Fingerprint,
    ) -> Result<Option<Transaction>, Self::Error>;
    /// Newest first, and no more than a handful.
    fn transactions_with_external(
        &self,
        epoch: Epoch,
        external: &ExternalTransactionId,
    ) -> Result<Vec<Transaction>, Self::Error>;
    /// Payments of a payer whose number was not known when they began.
    fn transactions_without_number(
        &self,
        epoch: Epoch,
        user: &BangoUserId,
    ) -> Result<Vec<Transaction>, Self::Error>;
    /// The newest payments of a payer: so many that others need not be looked at.
    fn transactions_of_user(
        &self,
        epoch: Epoch,
        user: &BangoUserId,
    ) -> Result<Vec<Transaction>, Self::Error>;
    fn session(&self, key: SessionKey) -> Result<Option<Session>, Self::Error>;
    fn session_with_id(&self, epoch: Epoch, id: &SessionId)
    -> Result<Option<Session>, Self::Error>;
    /// All that identified this payer, newest first; of very many the newest.
    fn sessions_of_user(
        &self,
        epoch: Epoch,
        user: &BangoUserId,
    ) -> Result<Vec<Session>, Self::Error>;
    /// The newest that identified this payer.
    fn session_of_user(
        &self,
        epoch: Epoch,
        user: &BangoUserId,
    ) -> Result<Option<Session>, Self::Error>;
}

/// A call of ours that is in the journal, and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ours {
    pub sent: Sent,
    pub transaction: Option<TransactionKey>,
    pub session: Option<SessionKey>,
}

impl Ours {
    pub fn is_stub(&self) -> bool {
        is_stub(&self.sent.request)
    }

    /// Whether it went to a sandbox of ours, whose headers may be believed.
    pub fn is_to_our_sandbox(&self) -> bool {
        is_to_our_sandbox(&self.sent.request)
    }
}
