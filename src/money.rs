//! Money as the API speaks it: whole hundredths and an ISO 4217 currency.
//!
//! Owns the strict reading and the exact arithmetic of amounts. It never rounds, never goes through a
//! float and knows nothing of transactions: what may be captured or refunded is decided elsewhere.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount in hundredths of its currency's main unit (`10.99` is 1099), JPY included: the API shows
/// two decimals for every currency.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Amount(u64);

/// Why a text is not an amount. The messages follow "grossAmount " or "could not read the amount: ".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    #[error("is empty")]
    Empty,
    #[error("must have no spaces")]
    Space,
    #[error("must have no sign")]
    Sign,
    #[error("takes a point, not a comma")]
    Comma,
    #[error("must have no exponent")]
    Exponent,
    #[error("needs a digit before the point")]
    NoInteger,
    #[error("needs one or two digits after the point")]
    NoDecimals,
    #[error("has more than two decimals")]
    TooManyDecimals,
    #[error("has more than twelve digits before the point")]
    TooManyDigits,
    #[error("must be ASCII digits with at most one point")]
    NotDigits,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount that can be written: twelve digits and two decimals.
    pub const MAX: Self = Self(99_999_999_999_999);

    pub const fn from_hundredths(hundredths: u64) -> Self {
        Self(hundredths)
    }

    pub const fn hundredths(self) -> u64 {
        self.0
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Reads `^[0-9]{1,12}(\.[0-9]{1,2})?$`, the form that the API documents for amounts, and names
    /// the rule that a text breaks.
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        if text.is_empty() {
            return Err(AmountError::Empty);
        }
        for character in text.chars() {
            match character {
                '0'..='9' | '.' => {}
                ',' => return Err(AmountError::Comma),
                '+' | '-' => return Err(AmountError::Sign),
                'e' | 'E' => return Err(AmountError::Exponent),
                c if c.is_whitespace() => return Err(AmountError::Space),
                _ => return Err(AmountError::NotDigits),
            }
        }
        let (integer, decimals) = match text.split_once('.') {
            None => (text, None),
            Some((integer, decimals)) => (integer, Some(decimals)),
        };
        if integer.is_empty() {
            return Err(AmountError::NoInteger);
        }
        if integer.len() > 12 {
            return Err(AmountError::TooManyDigits);
        }
        let hundredths = match decimals {
            None => 0,
            Some("") => return Err(AmountError::NoDecimals),
            Some(digits) if digits.contains('.') => return Err(AmountError::NotDigits),
            Some(digits) if digits.len() > 2 => return Err(AmountError::TooManyDecimals),
            Some(digits) if digits.len() == 1 => 10 * digits_value(digits),
            Some(digits) => digits_value(digits),
        };
        Ok(Self(digits_value(integer) * 100 + hundredths))
    }

    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(rest) => Some(Self(rest)),
            None => None,
        }
    }

    /// The difference, or nothing where `other` is larger: for what is *left*, never for a booking.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// The value of a text that is known to be at most twelve ASCII digits.
fn digits_value(digits: &str) -> u64 {
    digits
        .bytes()
        .fold(0, |value, digit| value * 10 + u64::from(digit - b'0'))
}

/// Always two decimals: `"1"` comes back as `"1.00"`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:02}", self.0 / 100, self.0 % 100))
    }
}

/// A gross amount and the tax inside it. The two move together: a capture or refund names both, and
/// both have to fit (guide 3.29 to 3.31). Tax may exceed gross: no source forbids it. Ordered by gross
/// amount first; whether both parts fit is for [`Taxed::fits_in`].
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Taxed {
    pub gross: Amount,
    pub tax: Amount,
}

impl Taxed {
    pub const ZERO: Self = Self {
        gross: Amount::ZERO,
        tax: Amount::ZERO,
    };

    pub const fn new(gross: Amount, tax: Amount) -> Self {
        Self { gross, tax }
    }

    /// Whether both parts fit into `other`.
    pub fn fits_in(self, other: Self) -> bool {
        self.gross <= other.gross && self.tax <= other.tax
    }

    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self {
            gross: self.gross.checked_add(other.gross)?,
            tax: self.tax.checked_add(other.tax)?,
        })
    }

    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Some(Self {
            gross: self.gross.checked_sub(other.gross)?,
            tax: self.tax.checked_sub(other.tax)?,
        })
    }

    #[must_use]
    pub fn saturating_sub(self, other: Self) -> Self {
        Self {
            gross: self.gross.saturating_sub(other.gross),
            tax: self.tax.saturating_sub(other.tax),
        }
    }
}

/// An ISO 4217 code, three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// Why a text is not a currency. The messages follow "currencyIso3 ".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CurrencyError {
    #[error("must be three capital letters")]
    Shape,
    #[error("is not in ISO 4217")]
    Unknown,
}

impl Currency {
    /// United States dollar, what the testing guide charges in.
    pub const USD: Self = Self(*b"USD");
    /// Pound sterling.
    pub const GBP: Self = Self(*b"GBP");

    pub fn parse(text: &str) -> Result<Self, CurrencyError> {
        let code: [u8; 3] = text
            .as_bytes()
            .try_into()
            .map_err(|_| CurrencyError::Shape)?;
        if !code.iter().all(u8::is_ascii_uppercase) {
            return Err(CurrencyError::Shape);
        }
        iso_currency::Currency::from_code(text).ok_or(CurrencyError::Unknown)?;
        Ok(Self(code))
    }

    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).expect("a currency is three ASCII letters")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Currency {
    type Error = CurrencyError;

    fn try_from(text: String) -> Result<Self, CurrencyError> {
        Self::parse(&text)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<u64, AmountError>) {
        assert_eq!(
            Amount::parse(text).map(Amount::hundredths),
            expected,
            "{text:?}"
        );
    }

    #[test]
    fn an_amount_is_digits_and_at_most_two_decimals() {
        check("0", Ok(0));
        check("1", Ok(100));
        check("0.5", Ok(50));
        check("10.99", Ok(1099));
        check("007.00", Ok(700));
        check("999999999999.99", Ok(Amount::MAX.hundredths()));
    }

    #[test]
    fn anything_else_names_the_rule_it_breaks() {
        check("", Err(AmountError::Empty));
        check(" 1", Err(AmountError::Space));
        check("1\u{a0}", Err(AmountError::Space));
        check("+1", Err(AmountError::Sign));
        check("-0.00", Err(AmountError::Sign));
        check("0,99", Err(AmountError::Comma));
        check("1e3", Err(AmountError::Exponent));
        check(".5", Err(AmountError::NoInteger));
        check("5.", Err(AmountError::NoDecimals));
        check("1.234", Err(AmountError::TooManyDecimals));
        check("1.2.3", Err(AmountError::NotDigits));
        check("1000000000000", Err(AmountError::TooManyDigits));
        check("\u{661}\u{662}", Err(AmountError::NotDigits));
        check("NaN", Err(AmountError::NotDigits));
        check("$1", Err(AmountError::NotDigits));
    }

    #[test]
    fn a_currency_is_three_capital_letters_of_the_list() {
        assert_eq!(Currency::parse("USD"), Ok(Currency::USD));
        assert_eq!(Currency::parse("usd"), Err(CurrencyError::Shape));
        assert_eq!(Currency::parse("USDT"), Err(CurrencyError::Shape));
        assert_eq!(Currency::parse("XQQ"), Err(CurrencyError::Unknown));
    }

    #[test]
    fn both_parts_have_to_fit() {
        let taxed =
            |gross, tax| Taxed::new(Amount::from_hundredths(gross), Amount::from_hundredths(tax));
        assert!(taxed(840, 80).fits_in(taxed(840, 80)));
        assert!(!taxed(850, 80).fits_in(taxed(840, 80)));
        assert!(!taxed(840, 90).fits_in(taxed(840, 80)));
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back_as_the_same_amount(hundredths in 0..=Amount::MAX.hundredths()) {
            let amount = Amount::from_hundredths(hundredths);
            prop_assert_eq!(Amount::parse(&amount.to_string()), Ok(amount));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".*") {
            let _ = Amount::parse(&text);
        }
    }
}
