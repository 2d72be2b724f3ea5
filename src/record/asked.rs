//! What a payment's request asked for, read back from its bytes.
//!
//! Reads other programs' requests too, so nothing in it is certain to be there. Also tells when two
//! requests are the same to the API, which is what makes a repeat harmless.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    api::{BangoUserId, ExternalTransactionId, Item, Operation},
    exchange::Request,
    json::{self, Limits},
    money::{Amount, Currency, Taxed},
};

/// The members of a start, capture, cancel or refund that matter to the fold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub user: Option<BangoUserId>,
    pub external: Option<ExternalTransactionId>,
    /// The first price. `None` means everything there is.
    pub price: Option<Price>,
    pub item: Item,
}

/// An amount as a request names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    pub gross: Amount,
    /// What a missing tax means differs by verb.
    pub tax: Option<Amount>,
    pub currency: Currency,
}

impl Price {
    /// The tax may stand in the breakdown or, as older pages have it, beside the gross amount.
    pub fn read(price: &Value) -> Option<Self> {
        let tax = price
            .get("financialBreakdown")
            .and_then(|breakdown| amount(breakdown, "taxAmount"));
        Some(Self {
            gross: amount(price, "grossAmount")?,
            tax: tax.or_else(|| amount(price, "taxAmount")),
            currency: Currency::parse(price.get("currencyIso3")?.as_str()?).ok()?,
        })
    }

    /// At a start a missing tax is none.
    pub fn taxed(self) -> Taxed {
        Taxed::new(self.gross, self.tax.unwrap_or(Amount::ZERO))
    }
}

impl Asked {
    /// Whether the API recognises a repeat of such a request.
    pub fn is_recognised_again(&self, operation: Operation) -> bool {
        match operation {
            Operation::Authorize => self.external.is_some(),
            Operation::Refund | Operation::Cancel => {
                self.price.is_none() || self.external.is_some()
            }
            _ => true,
        }
    }

    /// Whatever can be read of a body.
    pub fn read(body: &[u8]) -> Self {
        parsed(body).map_or_else(Self::default, |body| Self::of(&body))
    }

    fn of(body: &Value) -> Self {
        let item = body.get("paymentItems").and_then(|items| items.get(0));
        Self {
            user: text(body, "bangoUserId").map(BangoUserId::new),
            external: text(body, "externalTransactionId").map(ExternalTransactionId::new),
            price: item
                .and_then(|item| item.get("priceList")?.get(0))
                .and_then(Price::read),
            item: item.map(self::item).unwrap_or_default(),
        }
    }
}

fn item(item: &Value) -> Item {
    Item {
        name: text(item, "itemName"),
        description: text(item, "itemDescription"),
        category: text(item, "itemCategory"),
        external_payment_item_id: text(item, "externalPaymentItemId"),
        submerchant_reference_key: text(item, "submerchantReferenceKey"),
    }
}

fn amount(object: &Value, name: &str) -> Option<Amount> {
    Amount::parse(object.get(name)?.as_str()?).ok()
}

fn text(object: &Value, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(str::to_owned)
}

fn parsed(body: &[u8]) -> Option<Value> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    serde_json::from_slice(body).ok()
}

/// What two requests share exactly when the API takes one for a repeat of the other: method, path and
/// the body as a JSON value. White space, member order and escape forms do not count.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// `path` stands below the base URL.
    pub fn of(request: &Request, path: &str) -> Self {
        let mut digest = Sha256::new();
        for part in [request.method.as_bytes(), path.as_bytes()] {
            digest.update(part);
            digest.update([0]);
        }
        match json::parse(&request.body.kept, &Limits::CLIENT) {
            Ok(body) => digest.update(body.canonical()),
            Err(_) => digest.update(&request.body.kept),
        }
        let digest = digest.finalize();
        let half = digest.first_chunk().expect("a SHA-256 has 32 bytes");
        Self(format!("{:032x}", u128::from_be_bytes(*half)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Body;

    fn fingerprint(body: &str) -> Fingerprint {
        let request = Request {
            method: "POST".into(),
            url: "http://x/v5/transaction".into(),
            headers: vec![],
            body: Body::whole(body),
        };
        Fingerprint::of(&request, "transaction")
    }

    #[test]
    fn both_places_of_a_tax_are_read() {
        let price = |price: &str| {
            let body = format!(r#"{{"paymentItems":[{{"priceList":[{price}]}}]}}"#);
            Asked::read(body.as_bytes()).price.unwrap().tax
        };
        let tax = Some(Amount::from_hundredths(20));
        assert_eq!(
            price(r#"{"grossAmount":"1.59","currencyIso3":"USD","taxAmount":"0.20"}"#),
            tax
        );
        assert_eq!(
            price(
                r#"{"grossAmount":"1.59","currencyIso3":"USD","financialBreakdown":{"taxAmount":"0.20"}}"#
            ),
            tax
        );
    }

    #[test]
    fn what_cannot_be_read_is_not_there() {
        for body in ["", "null", "[1]", r#"{"paymentItems":[{"priceList":[]}]}"#] {
            assert_eq!(Asked::read(body.as_bytes()), Asked::default(), "{body:?}");
        }
        let number =
            br#"{"paymentItems":[{"priceList":[{"grossAmount":1.5,"currencyIso3":"USD"}]}]}"#;
        assert_eq!(Asked::read(number).price, None);
    }

    #[test]
    fn order_and_white_space_make_no_other_request() {
        assert_eq!(
            fingerprint(r#"{"a":"1","b":{"c":"\u0032","d":[]}}"#),
            fingerprint("{ \"b\": {\"d\": [], \"c\": \"2\"},\n \"a\": \"1\" }")
        );
        assert_ne!(fingerprint(r#"{"a":"1"}"#), fingerprint(r#"{"a":"2"}"#));
        assert_ne!(
            fingerprint(r#"{"a":"1","a":"2"}"#),
            fingerprint(r#"{"a":"2"}"#)
        );
        assert_ne!(fingerprint("{}"), fingerprint(""));
    }
}
