//! What a request's body asks for, read as the model needs it.

use serde_json::Value;

/// Hundredths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Money {
    pub gross: u64,
    pub tax: u64,
}

impl Money {
    pub const fn fits(self, room: Self) -> bool {
        self.gross <= room.gross && self.tax <= room.tax
    }

    pub const fn plus(self, other: Self) -> Self {
        Self {
            gross: self.gross + other.gross,
            tax: self.tax + other.tax,
        }
    }

    pub const fn minus(self, other: Self) -> Self {
        Self {
            gross: self.gross - other.gross,
            tax: self.tax - other.tax,
        }
    }
}

/// What a body asks for.
pub enum Asked {
    Everything,
    Part(Price),
    OtherCurrency,
}

pub struct Price {
    pub currency: String,
    pub gross: u64,
    tax: Option<u64>,
}

impl Price {
    /// `omitted` is the tax where none is named.
    pub fn with_tax(&self, omitted: u64) -> Money {
        Money {
            gross: self.gross,
            tax: self.tax.unwrap_or(omitted),
        }
    }
}

pub fn prices(body: &Value) -> Option<Vec<Price>> {
    let list = body.pointer("/paymentItems/0/priceList")?.as_array()?;
    let price = |price: &Value| Price {
        currency: text(price, "currencyIso3").expect("a currency"),
        gross: cents(price, "grossAmount").expect("an amount"),
        tax: cents(price, "taxAmount").or_else(|| cents(&price["financialBreakdown"], "taxAmount")),
    };
    Some(list.iter().map(price).collect())
}

pub fn text(object: &Value, name: &str) -> Option<String> {
    object[name].as_str().map(str::to_owned)
}

/// An amount with two decimals.
fn cents(object: &Value, name: &str) -> Option<u64> {
    let digits = text(object, name)?.replace('.', "");
    Some(digits.parse().expect("an amount with two decimals"))
}
