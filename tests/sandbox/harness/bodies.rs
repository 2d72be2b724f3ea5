//! Request bodies, in the shapes the guide prints.

use serde_json::{Value, json};

/// The guide's standard body: 0.99 USD without tax.
pub fn standard(user: &str, external: &str) -> Value {
    payment(user, external, "0.99", "0.00")
}

/// A start over `gross` and `tax` USD.
pub fn payment(user: &str, external: &str, gross: &str, tax: &str) -> Value {
    priced(
        user,
        external,
        &json!([{"grossAmount": gross, "taxAmount": tax, "currencyIso3": "USD"}]),
    )
}

/// A start with this price list.
pub fn priced(user: &str, external: &str, prices: &Value) -> Value {
    json!({
        "bangoUserId": user,
        "externalTransactionId": external,
        "paymentMethods": ["OPERATORBILLING"],
        "paymentItems": [{
            "priceList": prices,
            "itemName": "Item title",
            "itemDescription": "Item description",
            "itemCategory": "1",
            "externalPaymentItemId": "item-1",
            "submerchantReferenceKey": "submerchant-1",
        }],
        "extensionData": {
            "callbackUrl": "https://merchant.example/callback",
            "notificationUrl": "https://merchant.example/notification",
        },
    })
}

/// A part of a payment, for a capture or a refund, without a key of its own.
pub fn amounts(gross: &str, tax: &str) -> Value {
    part(&json!([{"grossAmount": gross, "taxAmount": tax, "currencyIso3": "USD"}]))
}

/// The same without `taxAmount`.
pub fn gross_only(gross: &str) -> Value {
    part(&json!([{"grossAmount": gross, "currencyIso3": "USD"}]))
}

fn part(prices: &Value) -> Value {
    json!({"paymentItems": [{"priceList": prices, "itemName": "Item title"}]})
}

/// `body` under this `externalTransactionId`.
pub fn with_key(body: &Value, external: &str) -> Value {
    changed(body, "/externalTransactionId", json!(external))
}

/// `body` with `value` at `pointer`, which may be new there.
#[track_caller]
pub fn changed(body: &Value, pointer: &str, value: Value) -> Value {
    let mut body = body.clone();
    if let Some(place) = body.pointer_mut(pointer) {
        *place = value;
        return body;
    }
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer with a slash");
    let parent = body.pointer_mut(parent).and_then(Value::as_object_mut);
    let parent = parent.unwrap_or_else(|| panic!("nothing to put {pointer} into"));
    parent.insert(name.to_owned(), value);
    body
}

/// `body` without the member at `pointer`.
#[track_caller]
pub fn without(body: &Value, pointer: &str) -> Value {
    let mut body = body.clone();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer with a slash");
    let parent = body.pointer_mut(parent).and_then(Value::as_object_mut);
    let removed = parent.and_then(|parent| parent.shift_remove(name));
    assert!(removed.is_some(), "nothing at {pointer} to leave out");
    body
}
