//! A type per id. None has `Display`: an id may come from anywhere, so a screen shows it as
//! [`Foreign`](crate::text::Foreign) text.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }

            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }
    };
}

id! {
    /// An anonymous token for one payer: a positive integer, sent as a string.
    BangoUserId
}
id! {
    /// One identification conversation: 32 lower-case hex digits.
    SessionId
}
id! {
    /// Bango's id of a transaction: opaque and unique.
    TransactionId
}
id! {
    /// The merchant's own id of a transaction or refund; what makes a repeat recognisable.
    ExternalTransactionId
}

/// A mobile number with country code: 8 to 15 digits, the first not 0. Shown and sent without `+`.
///
/// Numbering plans are not checked: the test payers' numbers belong to none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Msisdn(String);

/// Why a text is not a mobile number. The messages follow "the number ".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MsisdnError {
    #[error("must be digits only, with an optional + in front")]
    NotDigits,
    #[error("needs 8 to 15 digits")]
    Length,
    #[error("starts with the country code, which never begins with 0")]
    LeadingZero,
}

impl Msisdn {
    pub fn parse(text: &str) -> Result<Self, MsisdnError> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(MsisdnError::NotDigits);
        }
        if !(8..=15).contains(&digits.len()) {
            return Err(MsisdnError::Length);
        }
        if digits.starts_with('0') {
            return Err(MsisdnError::LeadingZero);
        }
        Ok(Self(digits.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last three digits, which tell the test payers apart.
    pub fn last_three(&self) -> &str {
        &self.0[self.0.len() - 3..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, MsisdnError>) {
        assert_eq!(
            Msisdn::parse(text).as_ref().map(Msisdn::as_str),
            expected.as_ref().map(|s| *s),
            "{text:?}"
        );
    }

    #[test]
    fn a_number_is_8_to_15_digits_with_a_country_code() {
        check("447710900120", Ok("447710900120"));
        check("+12025550120", Ok("12025550120"));
        check("4477109", Err(MsisdnError::Length));
        check("4477109001201234", Err(MsisdnError::Length));
        check("07710900120", Err(MsisdnError::LeadingZero));
        check("44 7710 900120", Err(MsisdnError::NotDigits));
        check("++447710900120", Err(MsisdnError::NotDigits));
        check("", Err(MsisdnError::Length));
    }
}
