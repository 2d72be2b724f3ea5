//! Why a request was refused, once: the answer's code, the header and the activity's *why* are all made
//! from the same value here.

use super::read::{Field, Rule};
use crate::api::{Operation, PreferError, ResponseCode};
use crate::json::{Cause, ParseError};
use crate::money::{Currency, Taxed};
use crate::testpay::{Failure, Payer};

/// Why a request was refused. The text is short, ASCII and fit for a header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    #[error("the request has no Basic credentials")]
    NoCredentials,
    #[error("the credentials are not this sandbox's")]
    WrongCredentials,
    #[error("the API has no such path")]
    UnknownPath,
    #[error("this path takes {allowed}")]
    WrongVerb { allowed: &'static str },
    #[error("{0}")]
    Preference(#[from] PreferError),
    /// Nothing was refused: the client wanted this answer.
    #[error("Prefer forced this answer")]
    Forced {
        code: ResponseCode,
        operation: Operation,
    },
    #[error("the body is over {limit} bytes")]
    BodyTooLarge { limit: usize },
    #[error("the body ended before its time")]
    BodyCut,
    #[error("the body's Content-Type is not application/json")]
    BodyType,
    #[error("Bango-Sandbox-Fault names a fault that there is not: shuffle is one")]
    UnknownFault,
    #[error("the request needs a body")]
    BodyMissing,
    /// With the cause and the place, and where it may come from.
    #[error("the body is not JSON: {0}{habit}", habit = habit(.0.cause))]
    NotJson(#[from] ParseError),
    /// A member of the body broke a rule.
    #[error("{field} {rule}")]
    Member { field: Field, rule: Rule },

    #[error("{0} in the query is not a number")]
    Query(&'static str),

    #[error("no session has this id")]
    UnknownSession,
    #[error("the session has expired")]
    SessionExpired,
    #[error("the session is not waiting for an SMS")]
    NoSmsAwaited,
    #[error("the account that the session led to was closed")]
    AccountClosed,
    #[error("no payment network has this identificationMethodKey")]
    UnknownNetwork,
    #[error("the client cancelled the last way to identify the payer")]
    NoWayLeft,
    #[error("the payer cancelled")]
    PayerCancelled,

    #[error("no payer has this bangoUserId")]
    UnknownAccount,
    #[error("bangoUserId was never issued here, or was closed")]
    UnknownPayer,
    #[error("the payer's only method is OPERATORBILLING")]
    OnlyOperatorBilling,
    #[error("externalTransactionId already belongs to a start with another body")]
    KeyBound,

    #[error("no transaction has this id")]
    UnknownTransaction,
    #[error("the payer has not approved the payment yet")]
    NotApproved,
    #[error("the transaction is cancelled")]
    Cancelled,
    #[error("the transaction is captured already, and a transaction has one capture")]
    Captured,
    #[error("only {left} {currency} of {part} can be {verb}", left = amount(.room, *.part), verb = .step.participle())]
    Above {
        step: Step,
        part: Part,
        room: Taxed,
        currency: Currency,
    },
    #[error("everything captured is refunded already")]
    NothingLeft,
    #[error("before its capture a transaction can only be cancelled as a whole")]
    PartialCancel,
    #[error("paymentItems[0].priceList has no price in {0}, the currency authorized")]
    OtherCurrency(Currency),

    #[error("test payer {suffix}: {title} (guide {section})", suffix = .payer.suffix, title = .payer.title, section = .payer.section)]
    TestPay {
        payer: &'static Payer,
        failure: Failure,
    },

    #[error("the sandbox could not {0}")]
    Storage(String),
    #[error("the sandbox has a bug: it could not {0}")]
    Bug(String),
}

/// What amounts were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Capture,
    Refund,
}

impl Step {
    const fn participle(self) -> &'static str {
        match self {
            Self::Capture => "captured",
            Self::Refund => "refunded",
        }
    }
}

/// Which of the two amounts was too high.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Gross,
    Tax,
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Gross => "gross",
            Self::Tax => "tax",
        })
    }
}

/// What the guide's own samples do, and whoever copies them.
const fn habit(cause: Cause) -> &'static str {
    match cause {
        Cause::TrailingComma => "; samples of the guide have one",
        _ => "",
    }
}

fn amount(room: &Taxed, part: Part) -> crate::money::Amount {
    match part {
        Part::Gross => room.gross,
        Part::Tax => room.tax,
    }
}

impl Reason {
    pub fn code(&self) -> ResponseCode {
        match self {
            Self::NoCredentials | Self::WrongCredentials => ResponseCode::Unauthorized,
            Self::UnknownPath
            | Self::UnknownSession
            | Self::SessionExpired
            | Self::AccountClosed
            | Self::UnknownAccount
            | Self::UnknownTransaction => ResponseCode::NotFound,
            Self::WrongVerb { .. }
            | Self::Preference(_)
            | Self::BodyTooLarge { .. }
            | Self::BodyCut
            | Self::BodyType
            | Self::UnknownFault
            | Self::BodyMissing
            | Self::NotJson(_)
            | Self::Member { .. }
            | Self::Query(_)
            | Self::NoSmsAwaited
            | Self::KeyBound
            | Self::NotApproved
            | Self::Cancelled
            | Self::Captured
            | Self::Above {
                step: Step::Capture,
                ..
            }
            | Self::PartialCancel
            | Self::OtherCurrency(_) => ResponseCode::BadRequest,
            Self::UnknownNetwork | Self::NoWayLeft | Self::OnlyOperatorBilling => {
                ResponseCode::NotAvailable
            }
            Self::PayerCancelled => ResponseCode::UserCancelled,
            Self::UnknownPayer => ResponseCode::InvalidBangoUserId,
            Self::Above {
                step: Step::Refund, ..
            } => ResponseCode::CantRefund,
            Self::NothingLeft => ResponseCode::AlreadyRefunded,
            Self::TestPay { failure, .. } => failure.code(),
            Self::Forced { code, .. } => code.clone(),
            Self::Storage(_) => ResponseCode::ServiceUnavailable,
            Self::Bug(_) => ResponseCode::InternalError,
        }
    }

    /// The HTTP status, most often the one that its code has anyway.
    pub fn status(&self) -> u16 {
        match self {
            Self::WrongVerb { .. } => 405,
            Self::BodyTooLarge { .. } => 413,
            Self::BodyType => 415,
            _ => status(&self.code()),
        }
    }

    /// The `responseMessage`.
    pub fn message(&self) -> &'static str {
        match self {
            Self::UnknownPath => "Invalid request.",
            Self::UnknownSession | Self::SessionExpired | Self::AccountClosed => NO_SESSION,
            Self::UnknownAccount => NO_ACCOUNT,
            Self::UnknownNetwork | Self::NoWayLeft => NO_IDENTIFICATION,
            Self::Forced { code, operation } => match (code, operation) {
                (ResponseCode::NotFound, Operation::Identify | Operation::Continue) => NO_SESSION,
                (ResponseCode::NotFound, Operation::Status | Operation::CloseAccount) => NO_ACCOUNT,
                (ResponseCode::NotAvailable, Operation::Identify | Operation::Continue) => {
                    NO_IDENTIFICATION
                }
                _ => message(code),
            },
            _ => message(&self.code()),
        }
    }
}

const NO_SESSION: &str = "Invalid session id.";
const NO_ACCOUNT: &str = "A MerchantUserAccount with the given id does not exist.";
const NO_IDENTIFICATION: &str = "No valid identification methods were found.";

/// The HTTP status of a refusal by its code. Most refusals are 202: judge by the code.
const fn status(code: &ResponseCode) -> u16 {
    match code {
        ResponseCode::BadRequest | ResponseCode::InvalidBangoUserId => 400,
        ResponseCode::Unauthorized => 401,
        ResponseCode::NotFound => 404,
        ResponseCode::InternalError => 500,
        ResponseCode::ServiceUnavailable => 503,
        ResponseCode::ConnectTimeout => 504,
        _ => 202,
    }
}

/// The message of a refusal by its code, as the guide prints it.
const fn message(code: &ResponseCode) -> &'static str {
    match code {
        ResponseCode::UserCancelled => "The user cancelled the identification process.",
        ResponseCode::NotAvailable => "No valid payment methods were found.",
        ResponseCode::UserInsufficientCredit => {
            "The user does not have enough credit for this payment"
        }
        ResponseCode::UserBarred => "The user is not allowed to use this payment method",
        ResponseCode::UserNotEnabled => "The biller has not enabled this user for payments",
        ResponseCode::UserSuspended => {
            "The user is temporarily not allowed to use this payment method"
        }
        ResponseCode::UserExceededLimit => "User exceeded limit on suggested payment methods.",
        ResponseCode::SpeedLimit => {
            "The biller has rejected a payment request too soon after the previous one for this user"
        }
        ResponseCode::PriceNotSupported => "Price not supported on suggested payment methods.",
        ResponseCode::Declined => "The biller declined the payment request",
        ResponseCode::ConnectError => {
            "Connection error submitting the payment request to the biller"
        }
        ResponseCode::ConnectTimeout => {
            "Connection timeout submitting the payment request to the biller"
        }
        ResponseCode::Failure => "The biller returned an unspecified failure",
        ResponseCode::InvalidBangoUserId => "Invalid bangoUserId.",
        ResponseCode::CantRefund => "It\u{2019}s not possible to refund this transaction.",
        ResponseCode::AlreadyRefunded => "The transaction has already been refunded.",
        ResponseCode::Unauthorized => "Invalid access credentials.",
        ResponseCode::NotFound => "Invalid transaction id.",
        ResponseCode::ServiceUnavailable => {
            "The server is undergoing maintenance and is not available. Please, try again later."
        }
        ResponseCode::InternalError => "An internal error occurred.",
        _ => "Invalid request.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Amount;

    #[track_caller]
    fn check(reason: &Reason, status: u16, code: &str, why: &str) {
        assert_eq!(
            (reason.status(), reason.code().as_str()),
            (status, code),
            "{reason:?}"
        );
        assert_eq!(reason.to_string(), why);
        assert!(why.is_ascii() && why.len() < 200);
    }

    #[test]
    fn too_much_is_a_mistake_on_capture_and_a_refusal_on_refund() {
        let room = Taxed::new(Amount::from_hundredths(840), Amount::from_hundredths(80));
        let above = |step, part| Reason::Above {
            step,
            part,
            room,
            currency: Currency::USD,
        };
        check(
            &above(Step::Capture, Part::Gross),
            400,
            "BAD_REQUEST",
            "only 8.40 USD of gross can be captured",
        );
        check(
            &above(Step::Refund, Part::Tax),
            202,
            "CANT_REFUND",
            "only 0.80 USD of tax can be refunded",
        );
    }

    #[test]
    fn a_refusal_outside_the_bodies_keeps_its_own_status() {
        let verb = Reason::WrongVerb { allowed: "POST" };
        check(&verb, 405, "BAD_REQUEST", "this path takes POST");
        check(
            &Reason::UnknownPath,
            404,
            "NOT_FOUND",
            "the API has no such path",
        );
        assert_eq!(Reason::UnknownPath.message(), "Invalid request.");
    }
}
