//! `paymentItems`: the one item, its prices, and which of them counts.

use serde::{Deserialize, Serialize};

use super::read::{Field, Object, Rule};
use super::reason::Reason;
use crate::api::Item;
use crate::json::Value;
use crate::money::{Amount, Currency, Taxed};

/// The item of a request, with the prices offered for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedItem {
    pub item: Item,
    /// At least one; each currency once.
    prices: Vec<Price>,
}

/// One price of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    pub currency: Currency,
    pub gross: Amount,
    pub tax: Option<Amount>,
    /// Was `financialBreakdown` used? Retrieve shows it only then.
    pub breakdown: Option<Breakdown>,
}

/// What `financialBreakdown` said, apart from the tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakdown {
    pub shipping: Option<Amount>,
}

impl Price {
    /// Tax that was not given is none at all.
    pub fn taxed(self) -> Taxed {
        Taxed::new(self.gross, self.tax.unwrap_or(Amount::ZERO))
    }
}

impl PricedItem {
    /// The price to charge: the payer's home currency where it is offered, else the first.
    pub fn price_for(&self, home: Currency) -> Price {
        self.price_in(home).unwrap_or(self.prices[0])
    }

    pub fn price_in(&self, currency: Currency) -> Option<Price> {
        self.prices
            .iter()
            .copied()
            .find(|price| price.currency == currency)
    }
}

/// Reads `paymentItems` of `body`, where it is there.
pub(super) fn read(body: &Object<'_>) -> Result<Option<PricedItem>, Reason> {
    let Some(entries) = body.list("paymentItems")? else {
        return Ok(None);
    };
    let field = body.field("paymentItems");
    let [entry] = entries else {
        return Err(field.breaks(Rule::OneItem));
    };
    read_item(entry, field.entry(0)).map(Some)
}

fn read_item(entry: &Value, field: Field) -> Result<PricedItem, Reason> {
    const KNOWN: &[&str] = &[
        "priceList",
        "itemName",
        "itemDescription",
        "itemCategory",
        "externalPaymentItemId",
        "submerchantReferenceKey",
    ];
    let object = Object::read(entry, field, KNOWN)?;
    let field = object.field("priceList");
    let entries = object
        .list("priceList")?
        .ok_or_else(|| field.clone().breaks(Rule::Missing))?;
    let mut prices = Vec::<Price>::with_capacity(entries.len().min(4));
    for (position, entry) in entries.iter().enumerate() {
        let price = read_price(entry, field.entry(position))?;
        if prices.iter().any(|other| other.currency == price.currency) {
            return Err(field.breaks(Rule::CurrencyTwice));
        }
        prices.push(price);
    }
    if prices.is_empty() {
        return Err(field.breaks(Rule::Empty));
    }
    Ok(PricedItem {
        item: Item {
            name: object.owned("itemName")?,
            description: object.owned("itemDescription")?,
            category: object.owned("itemCategory")?,
            external_payment_item_id: object.owned("externalPaymentItemId")?,
            submerchant_reference_key: object.owned("submerchantReferenceKey")?,
        },
        prices,
    })
}

fn read_price(entry: &Value, field: Field) -> Result<Price, Reason> {
    const KNOWN: &[&str] = &[
        "currencyIso3",
        "grossAmount",
        "taxAmount",
        "financialBreakdown",
    ];
    let object = Object::read(entry, field, KNOWN)?;
    let missing = |name| object.field(name).breaks(Rule::Missing);

    let currency = object
        .text("currencyIso3")?
        .ok_or_else(|| missing("currencyIso3"))?;
    let currency =
        Currency::parse(currency).map_err(|error| object.field("currencyIso3").breaks(error))?;

    let gross = amount(&object, "grossAmount")?.ok_or_else(|| missing("grossAmount"))?;
    if gross.is_zero() {
        return Err(object.field("grossAmount").breaks(Rule::Positive));
    }

    let flat = amount(&object, "taxAmount")?;
    let mut nested = None;
    let mut breakdown = None;
    if let Some(object) = object.object("financialBreakdown", &["taxAmount", "shippingAmount"])? {
        nested = amount(&object, "taxAmount")?;
        breakdown = Some(Breakdown {
            shipping: amount(&object, "shippingAmount")?,
        });
    }
    if flat
        .zip(nested)
        .is_some_and(|(flat, nested)| flat != nested)
    {
        return Err(object.field("taxAmount").breaks(Rule::TwoTaxes));
    }
    Ok(Price {
        currency,
        gross,
        tax: nested.or(flat),
        breakdown,
    })
}

fn amount(object: &Object<'_>, name: &str) -> Result<Option<Amount>, Reason> {
    object
        .text(name)?
        .map(|text| Amount::parse(text).map_err(|error| object.field(name).breaks(error)))
        .transpose()
}
