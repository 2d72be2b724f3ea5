//! Answers that stub headers force. They look like real ones and tell of nothing that is there: the ids
//! in them belong to nobody and nothing is kept.

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use super::answer::{Answer, Members};
use super::payer::{self, Payer};
use super::payment::{Details, Payment, State};
use super::reason::Reason;
use super::{retrieve, reversal, session, start};
use crate::api::{
    BangoUserId, Msisdn, Operation, ResponseCode, SessionId, Stub, StubAction, TransactionId,
};
use crate::money::{Amount, Currency, Taxed};
use crate::testpay::NetworkKey;

/// Ids and an address that lead nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fakes {
    pub session: SessionId,
    pub user: BangoUserId,
    pub transaction: TransactionId,
    pub page: String,
}

impl Fakes {
    /// The same, where the request itself named what it is about.
    #[must_use]
    pub fn about(mut self, operation: Operation, id: String) -> Self {
        match operation {
            Operation::Continue => self.session = id.into(),
            Operation::Status => self.user = id.into(),
            Operation::Retrieve => self.transaction = id.into(),
            _ => {}
        }
        self
    }
}

/// The forced answer.
pub fn answer(stub: &Stub, operation: Operation, fakes: &Fakes) -> Answer {
    let answer = match &stub.code {
        ResponseCode::Ok => success(operation, fakes),
        ResponseCode::Cancelled => reversal::cancelled(),
        ResponseCode::Refunded => reversal::refunded(),
        ResponseCode::ClientActionRequired => match operation {
            Operation::Identify | Operation::Continue => {
                session::required(&fakes.session, action(stub.action, fakes))
            }
            _ => start::redirected(&fakes.page),
        },
        code => Answer::refusal(&Reason::Forced {
            code: code.clone(),
            operation,
        }),
    };
    Answer {
        status: stub.status,
        ..answer
    }
}

fn action(action: Option<StubAction>, fakes: &Fakes) -> Members {
    match action {
        None | Some(StubAction::Redirect) => session::redirect(&fakes.page),
        Some(StubAction::SendSms) => session::send_sms(&fakes.session),
        Some(StubAction::Wait) => session::wait(3000),
    }
}

fn success(operation: Operation, fakes: &Fakes) -> Answer {
    match operation {
        Operation::Identify | Operation::Continue => {
            session::identified(&fakes.session, &fakes.user)
        }
        Operation::Status => payer::status(Some(&nobody(fakes))),
        Operation::Methods => payer::available(&nobody(fakes)),
        Operation::Authorize => start::authorized(&fakes.transaction),
        Operation::Retrieve => retrieve::retrieve(&nothing(fakes)),
        Operation::CloseAccount | Operation::Capture | Operation::Cancel | Operation::Refund => {
            Answer::done()
        }
    }
}

/// The payer for whom everything succeeds, under an id that was never issued.
fn nobody(fakes: &Fakes) -> Payer {
    Payer {
        id: fakes.user.clone(),
        key: NetworkKey::GbrBango,
        msisdn: Msisdn::parse("447710900120").expect("a test number is a number"),
    }
}

/// The guide's standard payment, which nobody made.
fn nothing(fakes: &Fakes) -> Payment {
    Payment {
        id: fakes.transaction.clone(),
        payer: nobody(fakes),
        external: None,
        state: State::Authorized,
        currency: Currency::USD,
        authorized: Taxed::new(Amount::from_hundredths(99), Amount::ZERO),
        captured: Taxed::ZERO,
        refunded: Taxed::ZERO,
        started_at: Timestamp::UNIX_EPOCH,
        expires_at: Timestamp::UNIX_EPOCH,
        details: Details {
            name: Some("Item title".to_owned()),
            description: Some("Item description".to_owned()),
            category: Some("1".to_owned()),
            external_payment_item_id: None,
            submerchant_reference_key: None,
            breakdown: None,
            custom: "{}".to_owned(),
            callback_url: None,
            notification_url: None,
        },
    }
}
