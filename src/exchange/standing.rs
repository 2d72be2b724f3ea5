//! How a payment stands in a sandbox of ours: its word on what an answer may have told otherwise.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::money::{Currency, Taxed};

/// A payment's state and money. A payment only ever moves to a greater one, so that of two reports the
/// greater is the later one, in whatever order they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Standing {
    pub state: Stands,
    pub captured: Taxed,
    pub refunded: Taxed,
}

/// A payment's state, in the order of its life: a refused start may run again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stands {
    Refused,
    WaitingForPayer,
    UserCancelled,
    Authorized,
    Cancelled,
    /// Also once parts of it, or all, were refunded.
    Captured,
}

impl Standing {
    /// Before anything was captured.
    pub const fn without_money(state: Stands) -> Self {
        Self {
            state,
            captured: Taxed::ZERO,
            refunded: Taxed::ZERO,
        }
    }

    /// In words, with the amounts that tell it from others.
    pub fn words(self, currency: Option<Currency>) -> String {
        let Self {
            captured, refunded, ..
        } = self;
        let unit = currency.map_or_else(String::new, |currency| format!(" {currency}"));
        let tax = |sum: Taxed| {
            if sum.tax.is_zero() {
                String::new()
            } else {
                format!(" (tax {})", sum.tax)
            }
        };
        match self.state {
            Stands::Captured if refunded == Taxed::ZERO => {
                format!("captured {}{unit}{}", captured.gross, tax(captured))
            }
            Stands::Captured => format!(
                "refunded {} of {}{unit}{}",
                refunded.gross,
                captured.gross,
                tax(refunded)
            ),
            state => state.to_string(),
        }
    }
}

impl fmt::Display for Stands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused => "refused",
            Self::WaitingForPayer => "waiting for the payer",
            Self::UserCancelled => "cancelled by the payer",
            Self::Authorized => "authorized",
            Self::Cancelled => "cancelled",
            Self::Captured => "captured",
        })
    }
}
