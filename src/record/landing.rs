//! What an id that somebody has at hand leads to.

use super::{SessionKey, TransactionKey};

/// Where an id leads, and what it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Landing {
    pub row: Row,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    Transaction(TransactionKey),
    Session(SessionKey),
}

/// What kind of id it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Transaction,
    External,
    /// Of a refund.
    Refund,
    Session,
    User,
    Msisdn,
    Item,
    Call,
}

impl Landing {
    /// To follow the id: `is the external id of this payment`.
    pub fn words(&self) -> String {
        let what = match self.kind {
            Kind::Transaction => "the transaction id of",
            Kind::External => "the external id of",
            Kind::Refund => "the external id of a refund of",
            Kind::Session => "the session id of",
            Kind::User => "the user id of",
            Kind::Msisdn => "the number of",
            Kind::Item => "an item id of",
            Kind::Call => "a call of",
        };
        let whose = match self.row {
            Row::Transaction(_) => "this payment",
            Row::Session(_) => "this payer",
        };
        format!("is {what} {whose}")
    }
}
