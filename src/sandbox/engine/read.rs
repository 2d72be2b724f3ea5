//! Reads the members of a request's body, and names field and rule where one is broken.
//!
//! A known member may stand once in its object and has its documented type; `null` means absent; other
//! members are ignored.

use std::fmt;

use super::reason::Reason;
use super::url::UrlError;
use crate::api::MsisdnError;
use crate::json::Value;
use crate::money::{AmountError, CurrencyError};

/// Where a member stands: `paymentItems[0].priceList[1].grossAmount`. Made of known names only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field(String);

impl Field {
    pub fn body() -> Self {
        Self(String::new())
    }

    pub fn member(&self, name: &str) -> Self {
        if self.0.is_empty() {
            Self(name.to_owned())
        } else {
            Self(format!("{}.{name}", self.0))
        }
    }

    pub fn entry(&self, position: usize) -> Self {
        Self(format!("{}[{position}]", self.0))
    }

    pub fn breaks(self, rule: impl Into<Rule>) -> Reason {
        Reason::Member {
            field: self,
            rule: rule.into(),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() {
            "the body"
        } else {
            &self.0
        })
    }
}

/// What a member has to be. The texts follow the member's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    #[error("is missing")]
    Missing,
    #[error("must be a JSON string")]
    Text,
    #[error("must be a JSON object")]
    Object,
    #[error("must be a JSON array")]
    List,
    #[error("stands there twice")]
    Repeated,
    #[error("must have exactly one member")]
    OneItem,
    #[error("must not be empty")]
    Empty,
    #[error(transparent)]
    Amount(#[from] AmountError),
    #[error("must be more than 0")]
    Positive,
    #[error(transparent)]
    Currency(#[from] CurrencyError),
    #[error("has a currency twice")]
    CurrencyTwice,
    #[error("differs from financialBreakdown.taxAmount")]
    TwoTaxes,
    #[error("must be OPERATORBILLING or INTERNET")]
    PaymentMethod,
    #[error(transparent)]
    Url(#[from] UrlError),
    #[error("must be \"true\" or \"false\"")]
    Flag,
    #[error("must be \"cancel\"")]
    Cancel,
    #[error(transparent)]
    Number(#[from] MsisdnError),
    #[error("must be GBR_BANGO, GBR_BANGOREDIRECT or USA_BANGO")]
    Network,
    #[error("needs a session in the path")]
    NeedsSession,
}

/// An object of the body, its known members standing once each.
pub struct Object<'v> {
    field: Field,
    members: &'v [(String, Value)],
}

impl<'v> Object<'v> {
    pub fn read(value: &'v Value, field: Field, known: &[&str]) -> Result<Self, Reason> {
        let Value::Object(members) = value else {
            return Err(field.breaks(Rule::Object));
        };
        for name in known {
            if members.iter().filter(|(other, _)| other == name).count() > 1 {
                return Err(field.member(name).breaks(Rule::Repeated));
            }
        }
        Ok(Self { field, members })
    }

    pub fn field(&self, name: &str) -> Field {
        self.field.member(name)
    }

    /// All members, known or not, in the order sent.
    pub fn members(&self) -> &'v [(String, Value)] {
        self.members
    }

    /// A member that is there and not `null`.
    pub fn get(&self, name: &str) -> Option<&'v Value> {
        self.members
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value)
            .filter(|value| !matches!(value, Value::Null))
    }

    pub fn text(&self, name: &str) -> Result<Option<&'v str>, Reason> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(self.field(name).breaks(Rule::Text)),
        }
    }

    pub fn owned(&self, name: &str) -> Result<Option<String>, Reason> {
        Ok(self.text(name)?.map(str::to_owned))
    }

    pub fn list(&self, name: &str) -> Result<Option<&'v [Value]>, Reason> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Array(entries)) => Ok(Some(entries)),
            Some(_) => Err(self.field(name).breaks(Rule::List)),
        }
    }

    pub fn object(&self, name: &str, known: &[&str]) -> Result<Option<Self>, Reason> {
        self.get(name)
            .map(|value| Self::read(value, self.field(name), known))
            .transpose()
    }
}
