//! What a merchant says about a payment: the bodies of authorize, methods, capture and refund.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{BangoUserId, ExternalTransactionId};
use crate::money::{Amount, Currency};

/// The one item of a payment. What is `None` is left out of the body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// May appear on the payer's bill.
    pub name: Option<String>,
    pub description: Option<String>,
    /// Agreed with Bango; mapped to the operator's category.
    pub category: Option<String>,
    pub external_payment_item_id: Option<String>,
    pub submerchant_reference_key: Option<String>,
}

/// The body of `POST transaction`, and of `OPTIONS transaction`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    pub user: BangoUserId,
    /// Without it a repeat is a new payment (guide 5.1).
    pub external: Option<ExternalTransactionId>,
    pub gross: Amount,
    pub tax: Option<Amount>,
    pub currency: Currency,
    pub item: Item,
    /// Where the payer's browser returns after a redirect.
    pub callback_url: Option<String>,
    /// Where Bango posts the outcome of a redirect.
    pub notification_url: Option<String>,
}

impl Start {
    pub fn to_json(&self) -> Vec<u8> {
        let mut body = Map::new();
        body.insert("bangoUserId".into(), self.user.as_str().into());
        if let Some(external) = &self.external {
            body.insert("externalTransactionId".into(), external.as_str().into());
        }
        body.insert("paymentMethods".into(), json!(["OPERATORBILLING"]));
        body.insert(
            "paymentItems".into(),
            payment_items(self.gross, self.tax, self.currency, &self.item),
        );
        let mut extension = Map::new();
        set(&mut extension, "callbackUrl", self.callback_url.as_ref());
        set(
            &mut extension,
            "notificationUrl",
            self.notification_url.as_ref(),
        );
        body.insert("extensionData".into(), extension.into());
        super::call::json(&body)
    }
}

/// The body of a capture or refund.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adjust {
    /// For a refund: makes two equal partial refunds one when the ids are equal, too.
    pub external: Option<ExternalTransactionId>,
    /// Gross, tax and currency of a part. `None` means everything that is left.
    pub amounts: Option<(Amount, Option<Amount>, Currency)>,
    pub item: Item,
}

impl Adjust {
    pub fn to_json(&self) -> Vec<u8> {
        let mut body = Map::new();
        if let Some(external) = &self.external {
            body.insert("externalTransactionId".into(), external.as_str().into());
        }
        if let Some((gross, tax, currency)) = self.amounts {
            body.insert(
                "paymentItems".into(),
                payment_items(gross, tax, currency, &self.item),
            );
        }
        super::call::json(&body)
    }
}

fn payment_items(gross: Amount, tax: Option<Amount>, currency: Currency, item: &Item) -> Value {
    let mut price = Map::new();
    price.insert("grossAmount".into(), gross.to_string().into());
    price.insert("currencyIso3".into(), currency.as_str().into());
    // Nested, as the current page on payment items has it; older pages print `taxAmount` flat in the
    // price, and the API takes both.
    if let Some(tax) = tax {
        price.insert(
            "financialBreakdown".into(),
            json!({"taxAmount": tax.to_string()}),
        );
    }

    let mut members = Map::new();
    members.insert("priceList".into(), json!([price]));
    set(&mut members, "itemName", item.name.as_ref());
    set(&mut members, "itemDescription", item.description.as_ref());
    set(&mut members, "itemCategory", item.category.as_ref());
    set(
        &mut members,
        "externalPaymentItemId",
        item.external_payment_item_id.as_ref(),
    );
    set(
        &mut members,
        "submerchantReferenceKey",
        item.submerchant_reference_key.as_ref(),
    );
    json!([members])
}

fn set(members: &mut Map<String, Value>, name: &str, value: Option<&String>) {
    if let Some(value) = value {
        members.insert(name.into(), value.clone().into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_has_its_tax_in_the_breakdown() {
        let start = Start {
            user: BangoUserId::from("123456789"),
            external: Some(ExternalTransactionId::from("t-1")),
            gross: Amount::from_hundredths(1099),
            tax: Some(Amount::from_hundredths(100)),
            currency: Currency::USD,
            item: Item {
                name: Some("Item title".into()),
                ..Item::default()
            },
            callback_url: Some("http://127.0.0.1:2647/callback/1".into()),
            notification_url: None,
        };
        let body: Value = serde_json::from_slice(&start.to_json()).unwrap();
        assert_eq!(
            body,
            json!({
                "bangoUserId": "123456789",
                "externalTransactionId": "t-1",
                "paymentMethods": ["OPERATORBILLING"],
                "paymentItems": [{
                    "priceList": [{"grossAmount": "10.99", "currencyIso3": "USD", "financialBreakdown": {"taxAmount": "1.00"}}],
                    "itemName": "Item title"
                }],
                "extensionData": {"callbackUrl": "http://127.0.0.1:2647/callback/1"}
            })
        );
    }

    #[test]
    fn a_whole_refund_carries_only_its_id() {
        let refund = Adjust {
            external: Some("r-1".into()),
            ..Adjust::default()
        };
        let body: Value = serde_json::from_slice(&refund.to_json()).unwrap();
        assert_eq!(body, json!({"externalTransactionId": "r-1"}));
    }
}
