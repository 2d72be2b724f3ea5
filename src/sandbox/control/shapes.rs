//! What there is, as JSON. Amounts are texts, as in the API; states have names in capitals.

use jiff::Timestamp;
use serde::Serialize;

use crate::api::{BangoUserId, ExternalTransactionId, SessionId, TransactionId};
use crate::exchange::Epoch;
use crate::money::Taxed;
use crate::sandbox::engine::session::Step;
use crate::sandbox::engine::{Payer, Payment, Session, State};
use crate::sandbox::store::Listed;

/// The life that begins.
#[derive(Serialize)]
pub struct Reset {
    pub epoch: Epoch,
}

/// A list and where it stands in the sandbox's life.
#[derive(Serialize)]
pub struct List<T> {
    epoch: Epoch,
    now: Timestamp,
    #[serde(flatten)]
    rows: T,
    /// To be sent as `after` for what follows; `null` at the end.
    next: Option<String>,
}

fn list<R, T>(epoch: Epoch, listed: &Listed<R>, rows: T) -> List<T> {
    List {
        epoch,
        now: listed.now,
        rows,
        next: listed.next.map(|next| next.to_string()),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Rows<T> {
    Payments(Vec<T>),
    Sessions(Vec<T>),
    Users(Vec<T>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentShape {
    /// `null` for a start that was refused: its id was never given away.
    transaction_id: Option<TransactionId>,
    external_transaction_id: Option<ExternalTransactionId>,
    bango_user_id: BangoUserId,
    state: &'static str,
    currency: String,
    authorized: Amounts,
    captured: Amounts,
    refunded: Amounts,
    /// When it is cancelled if nothing happens; `null` if never.
    expires_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct Amounts {
    gross: String,
    tax: String,
}

impl From<Taxed> for Amounts {
    fn from(taxed: Taxed) -> Self {
        Self {
            gross: taxed.gross.to_string(),
            tax: taxed.tax.to_string(),
        }
    }
}

pub fn payments(epoch: Epoch, listed: &Listed<Payment>) -> List<Rows<PaymentShape>> {
    let rows = listed.rows.iter().map(payment).collect();
    list(epoch, listed, Rows::Payments(rows))
}

fn payment(payment: &Payment) -> PaymentShape {
    let (state, authorized, waits) = match payment.state {
        State::AsksApproval | State::AsksZip => ("PENDING_REDIRECT", false, true),
        State::Authorized => ("AUTHORIZED", true, true),
        State::Captured => ("CAPTURED", true, false),
        State::PartiallyRefunded => ("PARTIALLY_REFUNDED", true, false),
        State::Refunded => ("REFUNDED", true, false),
        State::Cancelled => ("CANCELLED", true, false),
        State::PayerCancelled => ("USER_CANCELLED", false, false),
        State::Refused => ("REFUSED", false, false),
    };
    PaymentShape {
        transaction_id: (payment.state != State::Refused).then(|| payment.id.clone()),
        external_transaction_id: payment.external.clone(),
        bango_user_id: payment.payer.id.clone(),
        state,
        currency: payment.currency.to_string(),
        authorized: if authorized {
            payment.authorized.into()
        } else {
            Taxed::ZERO.into()
        },
        captured: payment.captured.into(),
        refunded: payment.refunded.into(),
        expires_at: waits.then_some(payment.expires_at),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionShape {
    session_id: SessionId,
    /// The `identificationMethodKey` that was asked for.
    key: Option<&'static str>,
    state: &'static str,
    /// Set once the payer is known.
    bango_user_id: Option<BangoUserId>,
    expires_at: Timestamp,
}

pub fn sessions(epoch: Epoch, listed: &Listed<Session>) -> List<Rows<SessionShape>> {
    let rows = listed.rows.iter().map(|row| session(row, listed.now));
    list(epoch, listed, Rows::Sessions(rows.collect()))
}

pub fn session(session: &Session, now: Timestamp) -> SessionShape {
    let state = match session.step {
        _ if session.has_expired(now) => "EXPIRED",
        Step::AsksNumber | Step::AsksPin { .. } => "REDIRECT",
        Step::AsksSms => "SEND_SMS",
        Step::AwaitsSms { .. } => "WAIT",
        Step::Identified(_) => "OK",
        Step::Closed => "CLOSED",
        Step::PayerCancelled => "USER_CANCELLED",
        Step::NoWayLeft => "NOT_AVAILABLE",
    };
    SessionShape {
        session_id: session.id.clone(),
        key: session.network.map(crate::testpay::NetworkKey::as_str),
        state,
        bango_user_id: session.identified().map(|(_, payer)| payer.id),
        expires_at: session.expires_at,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserShape {
    bango_user_id: BangoUserId,
    msisdn: String,
    key: &'static str,
    /// As `GET identity/{bangoUserId}` has it, or `CLOSED`.
    status: String,
}

pub fn users(epoch: Epoch, listed: &Listed<(Payer, bool)>) -> List<Rows<UserShape>> {
    let rows = listed
        .rows
        .iter()
        .map(|(payer, closed)| user(payer, *closed));
    list(epoch, listed, Rows::Users(rows.collect()))
}

pub fn user(payer: &Payer, closed: bool) -> UserShape {
    UserShape {
        bango_user_id: payer.id.clone(),
        msisdn: payer.msisdn.as_str().to_owned(),
        key: payer.key.as_str(),
        status: if closed {
            "CLOSED".to_owned()
        } else {
            payer.status().as_str().to_owned()
        },
    }
}
