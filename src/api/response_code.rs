//! Every `responseCode` of the API, in one table.
//!
//! Judge an answer by its code, never by its HTTP status: most refusals arrive as 202.

use serde::{Deserialize, Serialize};

/// Who has to act after an answer, in the groups that the API's own skeletons use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// It happened.
    Success,
    /// The payer or somebody in the browser has something to do.
    MoreToDo,
    /// The payer or the operator said no; the same call will be refused again.
    Refused,
    /// The merchant's program sent something wrong; do not retry.
    Mistake,
    /// Probably passing; the same call may be sent again later.
    Transient,
    /// A code that is not in the list. Never success.
    Unrecognised,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident, $text:literal, $class:ident;)*) => {
        /// What became of a call. Only a byte-exact match counts as a known code.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum ResponseCode {
            $($(#[$doc])* $name,)*
            /// Not in the list: shown as it came, treated as an error.
            Unknown(String),
        }

        impl ResponseCode {
            /// The known codes, in the order of the list.
            pub const KNOWN: &[Self] = &[$(Self::$name),*];

            pub fn parse(text: &str) -> Self {
                match text {
                    $($text => Self::$name,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }

            /// The code as it travels.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Unknown(text) => text,
                }
            }

            pub fn class(&self) -> Class {
                match self {
                    $(Self::$name => Class::$class,)*
                    Self::Unknown(_) => Class::Unrecognised,
                }
            }
        }
    };
}

codes! {
    Ok, "OK", Success;
    /// A transaction was cancelled before its capture.
    Cancelled, "CANCELLED", Success;
    /// A captured transaction was refunded, wholly or in part.
    Refunded, "REFUNDED", Success;
    ClientActionRequired, "CLIENT_ACTION_REQUIRED", MoreToDo;
    UserCancelled, "USER_CANCELLED", Refused;
    NotAvailable, "NOT_AVAILABLE", Refused;
    UserInsufficientCredit, "USER_INSUFFICIENT_CREDIT", Refused;
    UserBarred, "USER_BARRED", Refused;
    UserNotEnabled, "USER_NOT_ENABLED", Refused;
    UserSuspended, "USER_SUSPENDED", Refused;
    UserExceededLimit, "USER_EXCEEDED_LIMIT", Refused;
    SpeedLimit, "SPEED_LIMIT", Refused;
    PriceNotSupported, "PRICE_NOT_SUPPORTED", Refused;
    Declined, "DECLINED", Refused;
    CantRefund, "CANT_REFUND", Refused;
    AlreadyRefunded, "ALREADY_REFUNDED", Refused;
    BadRequest, "BAD_REQUEST", Mistake;
    Unauthorized, "UNAUTHORIZED", Mistake;
    NotFound, "NOT_FOUND", Mistake;
    /// The payer's id is unknown or closed: identify again and start again (guide 2.1).
    InvalidBangoUserId, "INVALID_BANGOUSERID", Mistake;
    ConnectError, "CONNECT_ERROR", Transient;
    ConnectTimeout, "CONNECT_TIMEOUT", Transient;
    Failure, "FAILURE", Transient;
    InternalError, "INTERNAL_ERROR", Transient;
    ServiceUnavailable, "SERVICE_UNAVAILABLE", Transient;
}

impl From<String> for ResponseCode {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

impl From<ResponseCode> for String {
    fn from(code: ResponseCode) -> Self {
        code.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_code_reads_back_as_itself() {
        for code in ResponseCode::KNOWN {
            assert_eq!(&ResponseCode::parse(code.as_str()), code);
            assert_ne!(code.class(), Class::Unrecognised);
        }
    }

    #[test]
    fn a_look_alike_is_unrecognised() {
        for text in ["ok", "OK ", "\u{39f}K", "REFUND", ""] {
            assert_eq!(
                ResponseCode::parse(text).class(),
                Class::Unrecognised,
                "{text:?}"
            );
        }
    }
}
