//! The cast of Bango's test payment provider: which payer brings about which outcome, at which step.
//!
//! One table. The sandbox answers from it, the picker and the forms show it, and the guide's sections
//! are named in it. Rows that the guide leaves open (its number gaps, what a payer who fails at one
//! step does at the others) say so with a section in brackets or with the behaviour of payer 120.

use crate::api::{Msisdn, ResponseCode};

/// The `identificationMethodKey` values that lead to test payers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NetworkKey {
    /// UK numbers, payments without a redirect.
    GbrBango,
    /// UK numbers, payments that the payer approves on Bango's pages.
    GbrBangoRedirect,
    /// US numbers, payments without a redirect.
    UsaBango,
}

impl NetworkKey {
    pub const ALL: [Self; 3] = [Self::GbrBango, Self::GbrBangoRedirect, Self::UsaBango];

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.as_str() == text)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GbrBango => "GBR_BANGO",
            Self::GbrBangoRedirect => "GBR_BANGOREDIRECT",
            Self::UsaBango => "USA_BANGO",
        }
    }

    /// The key of a payer who was identified without one, by the number typed.
    pub fn of_number(number: &Msisdn) -> Self {
        if number.as_str().starts_with('1') {
            Self::UsaBango
        } else if number.as_str() == "447710900180" {
            Self::GbrBangoRedirect
        } else {
            Self::GbrBango
        }
    }

    /// What the test numbers of this key begin with; the last three digits tell them apart.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::GbrBango | Self::GbrBangoRedirect => "447710900",
            Self::UsaBango => "12025550",
        }
    }
}

/// What a payer brings about at one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It succeeds.
    Succeeds,
    /// The payer has to approve it on Bango's pages first (start only).
    Redirects,
    /// It is answered with this code, and nothing changes.
    Fails(Failure),
}

/// The codes that a test payer can bring about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    UserInsufficientCredit,
    UserBarred,
    UserNotEnabled,
    UserSuspended,
    UserExceededLimit,
    SpeedLimit,
    NotAvailable,
    PriceNotSupported,
    Declined,
    ConnectError,
    ConnectTimeout,
    Failure,
    InvalidBangoUserId,
    CantRefund,
}

impl Failure {
    pub const fn code(self) -> ResponseCode {
        match self {
            Self::UserInsufficientCredit => ResponseCode::UserInsufficientCredit,
            Self::UserBarred => ResponseCode::UserBarred,
            Self::UserNotEnabled => ResponseCode::UserNotEnabled,
            Self::UserSuspended => ResponseCode::UserSuspended,
            Self::UserExceededLimit => ResponseCode::UserExceededLimit,
            Self::SpeedLimit => ResponseCode::SpeedLimit,
            Self::NotAvailable => ResponseCode::NotAvailable,
            Self::PriceNotSupported => ResponseCode::PriceNotSupported,
            Self::Declined => ResponseCode::Declined,
            Self::ConnectError => ResponseCode::ConnectError,
            Self::ConnectTimeout => ResponseCode::ConnectTimeout,
            Self::Failure => ResponseCode::Failure,
            Self::InvalidBangoUserId => ResponseCode::InvalidBangoUserId,
            Self::CantRefund => ResponseCode::CantRefund,
        }
    }
}

/// One row of the cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payer {
    /// The last three digits of the number.
    pub suffix: &'static str,
    /// The guide's section; in brackets where the guide uses a stub header or leaves a gap.
    pub section: &'static str,
    /// What this payer is for, in a few words.
    pub title: &'static str,
    pub start: Step,
    pub capture: Step,
    pub cancel: Step,
    pub refund: Step,
}

/// A row of the cast under one key, with its whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    pub key: NetworkKey,
    pub payer: &'static Payer,
}

impl Role {
    pub fn msisdn(self) -> Msisdn {
        let number = format!("{}{}", self.key.prefix(), self.payer.suffix);
        Msisdn::parse(&number).expect("the table's numbers are numbers")
    }
}

/// Everything that can be chosen in a picker: the UK rows, then their US twins. The rows that need the
/// pages exist in the UK only.
pub fn cast() -> impl Iterator<Item = Role> {
    let british = CAST.iter().map(|payer| Role {
        key: if payer.suffix == REDIRECT.suffix {
            NetworkKey::GbrBangoRedirect
        } else {
            NetworkKey::GbrBango
        },
        payer,
    });
    let american = CAST
        .iter()
        .filter(|payer| !is_redirect_section(payer))
        .map(|payer| Role {
            key: NetworkKey::UsaBango,
            payer,
        });
    british.chain(american)
}

/// The payer of a key for whom everything succeeds.
pub fn plain(key: NetworkKey) -> Role {
    let payer = if key == NetworkKey::GbrBangoRedirect {
        REDIRECT
    } else {
        PLAIN
    };
    Role { key, payer }
}

/// The row that decides what a payer does. A number outside the table, or of the table under a key it
/// does not belong to, behaves as 120, or as 180 under the redirect key; 160 to 162 keep their row
/// under either UK key.
pub fn payer(key: NetworkKey, number: &Msisdn) -> &'static Payer {
    let fallback = plain(key).payer;
    let Some(suffix) = number.as_str().strip_prefix(key.prefix()) else {
        return fallback;
    };
    let Some(row) = CAST.iter().find(|row| row.suffix == suffix) else {
        return fallback;
    };
    let belongs = match key {
        NetworkKey::GbrBango => row.suffix != REDIRECT.suffix,
        NetworkKey::GbrBangoRedirect => is_redirect_section(row),
        NetworkKey::UsaBango => !is_redirect_section(row),
    };
    if belongs { row } else { fallback }
}

fn is_redirect_section(payer: &Payer) -> bool {
    payer.suffix >= "160"
}

const OK: Step = Step::Succeeds;

const fn fails(failure: Failure) -> Step {
    Step::Fails(failure)
}

const fn at_start(
    suffix: &'static str,
    section: &'static str,
    title: &'static str,
    failure: Failure,
) -> Payer {
    Payer {
        suffix,
        section,
        title,
        start: fails(failure),
        capture: OK,
        cancel: OK,
        refund: OK,
    }
}

const fn at_capture(
    suffix: &'static str,
    section: &'static str,
    title: &'static str,
    failure: Failure,
) -> Payer {
    Payer {
        suffix,
        section,
        title,
        start: OK,
        capture: fails(failure),
        cancel: OK,
        refund: OK,
    }
}

const fn at_cancel(
    suffix: &'static str,
    section: &'static str,
    title: &'static str,
    failure: Failure,
) -> Payer {
    Payer {
        suffix,
        section,
        title,
        start: OK,
        capture: OK,
        cancel: fails(failure),
        refund: OK,
    }
}

const fn at_refund(
    suffix: &'static str,
    section: &'static str,
    title: &'static str,
    failure: Failure,
) -> Payer {
    Payer {
        suffix,
        section,
        title,
        start: OK,
        capture: OK,
        cancel: OK,
        refund: fails(failure),
    }
}

const PLAIN: &Payer = &CAST[0];
const REDIRECT: &Payer = &CAST[CAST.len() - 1];

/// The whole cast, by number.
#[rustfmt::skip]
pub static CAST: [Payer; 34] = [
    Payer { suffix: "120", section: "1", title: "everything succeeds", start: OK, capture: OK, cancel: OK, refund: OK },
    at_start("121", "3.1", "not enough credit", Failure::UserInsufficientCredit),
    at_start("122", "3.2", "payer is barred", Failure::UserBarred),
    at_start("123", "3.3", "payer is not enabled", Failure::UserNotEnabled),
    at_start("124", "3.4", "payer is suspended", Failure::UserSuspended),
    at_start("125", "3.5", "spending limit reached", Failure::UserExceededLimit),
    at_start("126", "(3.6)", "too soon after another", Failure::SpeedLimit),
    at_start("127", "3.7", "no payment method available", Failure::NotAvailable),
    at_start("128", "(3.8)", "price is not supported", Failure::PriceNotSupported),
    at_start("129", "3.9", "authorize is declined", Failure::Declined),
    Payer { suffix: "130", section: "3.10/11", title: "capture and cancel declined", start: OK,
            capture: fails(Failure::Declined), cancel: fails(Failure::Declined), refund: OK },
    at_cancel("131", "(3.11)", "cancel is declined", Failure::Declined),
    at_refund("132", "3.12", "refund is declined", Failure::Declined),
    at_start("133", "3.13", "authorize: connection error", Failure::ConnectError),
    at_capture("134", "3.14", "capture: connection error", Failure::ConnectError),
    at_cancel("135", "3.15", "cancel: connection error", Failure::ConnectError),
    at_refund("136", "3.16", "refund: connection error", Failure::ConnectError),
    at_start("137", "(3.17)", "authorize: operator timeout", Failure::ConnectTimeout),
    at_capture("138", "(3.18)", "capture: operator timeout", Failure::ConnectTimeout),
    at_cancel("139", "(3.19)", "cancel: operator timeout", Failure::ConnectTimeout),
    at_refund("140", "(3.20)", "refund: operator timeout", Failure::ConnectTimeout),
    at_start("141", "3.21", "authorize: provider failure", Failure::Failure),
    at_capture("142", "3.22", "capture: provider failure", Failure::Failure),
    at_cancel("143", "3.23", "cancel: provider failure", Failure::Failure),
    at_refund("144", "3.24", "refund: provider failure", Failure::Failure),
    at_start("145", "3.25", "authorize: invalid payer id", Failure::InvalidBangoUserId),
    at_capture("146", "3.26", "capture: invalid payer id", Failure::InvalidBangoUserId),
    at_cancel("147", "3.27", "cancel: invalid payer id", Failure::InvalidBangoUserId),
    at_refund("148", "3.28", "refund: invalid payer id", Failure::InvalidBangoUserId),
    at_refund("149", "3.32", "refunds are not supported", Failure::CantRefund),
    Payer { suffix: "160", section: "4.1", title: "web pages: then cancel", start: Step::Redirects,
            capture: OK, cancel: OK, refund: OK },
    at_start("161", "4.2", "web pages: no credit", Failure::UserInsufficientCredit),
    at_start("162", "4.3", "web pages: payer is barred", Failure::UserBarred),
    Payer { suffix: "180", section: "2", title: "web pages: then approve", start: Step::Redirects,
            capture: OK, cancel: OK, refund: OK },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Msisdn {
        Msisdn::parse(text).unwrap()
    }

    #[track_caller]
    fn check(key: NetworkKey, msisdn: &str, expected: &str) {
        assert_eq!(
            payer(key, &number(msisdn)).suffix,
            expected,
            "{key:?} {msisdn}"
        );
    }

    #[test]
    fn numbers_of_the_table_have_their_row() {
        check(NetworkKey::GbrBango, "447710900149", "149");
        check(NetworkKey::UsaBango, "12025550129", "129");
        check(NetworkKey::GbrBangoRedirect, "447710900180", "180");
    }

    #[test]
    fn the_redirect_payers_160_to_162_work_under_either_key() {
        check(NetworkKey::GbrBango, "447710900160", "160");
        check(NetworkKey::GbrBangoRedirect, "447710900162", "162");
    }

    #[test]
    fn any_other_number_behaves_as_120_or_180() {
        check(NetworkKey::GbrBango, "447700900999", "120");
        check(NetworkKey::GbrBango, "447710900180", "120");
        check(NetworkKey::GbrBangoRedirect, "447710900121", "180");
        check(NetworkKey::UsaBango, "12025550160", "120");
        check(NetworkKey::UsaBango, "447710900121", "120");
    }

    #[test]
    fn suffixes_are_distinct_and_in_order() {
        assert!(CAST.windows(2).all(|pair| pair[0].suffix < pair[1].suffix));
    }

    #[test]
    fn every_role_leads_back_to_its_own_row() {
        for role in cast() {
            assert_eq!(payer(role.key, &role.msisdn()), role.payer);
        }
    }
}
