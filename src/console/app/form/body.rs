//! The body of a form's call: the fields written into a document, and read back out of one.
//!
//! What has no field stays in the document as it is, so that the form and a body edited by hand can take
//! turns.

use serde_json::{Value, json};

use super::{Form, Name, Place, Problem, Purpose, adjust, identify};
use crate::api::call::Identify;
use crate::api::{Adjust, Item, Start};
use crate::json::{self, Limits};
use crate::money::{Amount, Currency};

/// Where older pages have the tax.
const FLAT_TAX: &str = "/paymentItems/0/priceList/0/taxAmount";
const BREAKDOWN: &str = "/paymentItems/0/priceList/0/financialBreakdown";
const ITEMS: &str = "/paymentItems";

/// What was read out of a text.
pub(super) struct Read {
    pub document: Value,
    pub values: Vec<(Name, String)>,
}

/// The body with every member for which the form has a field, in the API's usual order.
pub(super) fn template(purpose: &Purpose) -> Value {
    let some = || Some(String::new());
    let item = Item {
        name: some(),
        description: some(),
        category: some(),
        external_payment_item_id: some(),
        submerchant_reference_key: some(),
    };
    let bytes = match purpose {
        Purpose::Identify => {
            let body = Identify {
                identification_method_key: some(),
                third_party_user_id: some(),
                device_capability_send_sms: some(),
                merchant_reference_key: some(),
                mcc: some(),
                mnc: some(),
                callback_url: some(),
                notification_url: some(),
            };
            serde_json::to_vec(&body).expect("texts are always JSON")
        }
        Purpose::Authorize => Start {
            user: "".into(),
            external: Some("".into()),
            gross: Amount::ZERO,
            tax: Some(Amount::ZERO),
            currency: Currency::USD,
            item,
            callback_url: some(),
            notification_url: some(),
        }
        .to_json(),
        Purpose::Capture(_) | Purpose::Refund(_) => Adjust {
            external: Some("".into()),
            amounts: Some((Amount::ZERO, Some(Amount::ZERO), Currency::USD)),
            item,
        }
        .to_json(),
        Purpose::Draft(_) => b"{}".to_vec(),
    };
    let mut document = serde_json::from_slice(&bytes).expect("just written");
    for pointer in pointers(purpose, &document) {
        blank(&mut document, pointer);
    }
    document
}

/// The places of all fields that the body could have.
fn pointers(purpose: &Purpose, document: &Value) -> Vec<&'static str> {
    let names = Name::ALL.iter();
    names
        .filter_map(|name| pointer(purpose, *name, document))
        .collect()
}

/// Where a field stands in the body; the number travels in the callback address.
fn pointer(purpose: &Purpose, name: Name, document: &Value) -> Option<&'static str> {
    let in_extension = matches!(purpose, Purpose::Authorize);
    Some(match name {
        Name::Number => return None,
        Name::MethodKey => "/identificationMethodKey",
        Name::CountryCode => "/mcc",
        Name::NetworkCode => "/mnc",
        Name::SendsSms => "/deviceCapabilitySendSms",
        Name::ThirdPartyUser => "/thirdPartyUserId",
        Name::MerchantReference => "/merchantReferenceKey",
        Name::User => "/bangoUserId",
        Name::External => "/externalTransactionId",
        Name::Gross => "/paymentItems/0/priceList/0/grossAmount",
        Name::Currency => "/paymentItems/0/priceList/0/currencyIso3",
        Name::Tax if document.pointer(FLAT_TAX).is_some() => FLAT_TAX,
        Name::Tax => "/paymentItems/0/priceList/0/financialBreakdown/taxAmount",
        Name::ItemName => "/paymentItems/0/itemName",
        Name::ItemDescription => "/paymentItems/0/itemDescription",
        Name::ItemCategory => "/paymentItems/0/itemCategory",
        Name::ItemExternal => "/paymentItems/0/externalPaymentItemId",
        Name::Submerchant => "/paymentItems/0/submerchantReferenceKey",
        Name::CallbackUrl if in_extension => "/extensionData/callbackUrl",
        Name::NotificationUrl if in_extension => "/extensionData/notificationUrl",
        Name::CallbackUrl => "/callbackUrl",
        Name::NotificationUrl => "/notificationUrl",
    })
}

/// The body that the fields describe, right or wrong; an empty field is left out.
pub(super) fn render(form: &Form) -> Option<Vec<u8>> {
    let mut document = form.document.clone();
    let bare = !matches!(form.purpose, Purpose::Identify | Purpose::Authorize);
    for field in &form.fields {
        let Some(pointer) = pointer(&form.purpose, field.name, &document) else {
            continue;
        };
        let value = match (&form.purpose, field.name) {
            (Purpose::Identify, Name::CallbackUrl) => identify::callback(form),
            _ => field.editor.value().to_owned(),
        };
        if value.is_empty() {
            blank(&mut document, pointer);
        } else {
            set(&mut document, pointer, value);
        }
    }
    for pointer in pointers(&form.purpose, &document) {
        if document.pointer(pointer) == Some(&Value::Null) {
            remove(&mut document, pointer);
        }
    }
    if document.pointer(BREAKDOWN) == Some(&json!({})) {
        remove(&mut document, BREAKDOWN);
    }
    // Where a text named them, they stay named.
    let items = form.document.pointer(ITEMS);
    let are_ours = items.is_none() || items == template(&form.purpose).pointer(ITEMS);
    if adjust::is_whole(form) && are_ours {
        remove(&mut document, ITEMS);
    }
    if bare && document == json!({}) {
        return None;
    }
    Some(serde_json::to_vec_pretty(&document).expect("a value is always JSON"))
}

/// The fields that a body written by hand stands for.
pub(super) fn read(form: &Form, text: &str) -> Result<Read, Problem> {
    let bare = !matches!(form.purpose, Purpose::Identify | Purpose::Authorize);
    let text = if bare && text.trim().is_empty() {
        "{}"
    } else {
        text
    };
    let value = json::parse(text.as_bytes(), &Limits::SERVER).map_err(|error| Problem {
        at: Place::Text {
            line: error.line,
            column: error.column,
        },
        words: format!("not JSON: {error}"),
    })?;
    if value.as_object().is_none() {
        return Err(Problem {
            at: Place::Text { line: 1, column: 1 },
            words: "a body is one JSON object".to_owned(),
        });
    }
    let text = text.trim_start_matches('\u{feff}');
    let document: Value = serde_json::from_str(text).map_err(|error| Problem {
        at: Place::Text {
            line: error.line(),
            column: error.column(),
        },
        words: format!("not JSON: {error}"),
    })?;
    let mut values = Vec::new();
    for field in &form.fields {
        if let Some(pointer) = pointer(&form.purpose, field.name, &document) {
            values.push((field.name, member(&value, pointer, field.name)?));
        }
    }
    match &form.purpose {
        Purpose::Identify if identify::is_test(form) => identify::split_callback(&mut values),
        Purpose::Capture(target) | Purpose::Refund(target)
            if document.get("paymentItems").is_none() =>
        {
            adjust::fill_whole(&mut values, target);
        }
        _ => {}
    }
    Ok(Read { document, values })
}

/// The text at a place; empty where there is none.
fn member(value: &json::Value, pointer: &str, name: Name) -> Result<String, Problem> {
    let mut place = value;
    for step in pointer.split('/').skip(1) {
        let next = match place {
            json::Value::Object(members) if step != "0" => {
                let mut same = members.iter().filter(|(known, _)| known == step);
                let found = same.next().map(|(_, value)| value);
                if same.next().is_some() {
                    return Err(Problem::new(
                        name,
                        format!("is unclear: {step} stands twice"),
                    ));
                }
                found
            }
            json::Value::Array(items) if step == "0" => items.first(),
            json::Value::Null => None,
            _ => {
                let words = match step {
                    "0" => "has no place: a list is due around it",
                    _ => "has no place: an object is due around it",
                };
                return Err(Problem::new(name, words));
            }
        };
        match next {
            Some(next) => place = next,
            None => return Ok(String::new()),
        }
    }
    match place {
        json::Value::Null => Ok(String::new()),
        json::Value::Text(text) if !text.contains(['\n', '\r']) => Ok(text.clone()),
        json::Value::Text(_) => Err(Problem::new(name, "has a line break, as no field can")),
        json::Value::Number(_) => Err(Problem::new(name, "must be a text in quotes, not a number")),
        _ => Err(Problem::new(name, "must be a text")),
    }
}

/// Makes the way there, and puts the text at its end.
fn set(document: &mut Value, pointer: &str, text: String) {
    let mut place = document;
    for step in pointer.split('/').skip(1) {
        place = if step == "0" {
            if !place.is_array() {
                *place = json!([]);
            }
            let items = place.as_array_mut().expect("just made");
            if items.is_empty() {
                items.push(Value::Null);
            }
            &mut items[0]
        } else {
            if !place.is_object() {
                *place = json!({});
            }
            let members = place.as_object_mut().expect("just made");
            members.entry(step).or_insert(Value::Null)
        };
    }
    *place = text.into();
}

/// Leaves an empty place, which keeps the order of the members.
fn blank(document: &mut Value, pointer: &str) {
    if let Some(place) = document.pointer_mut(pointer) {
        *place = Value::Null;
    }
}

fn remove(document: &mut Value, pointer: &str) {
    let Some((parent, name)) = pointer.rsplit_once('/') else {
        return;
    };
    if let Some(members) = document.pointer_mut(parent).and_then(Value::as_object_mut) {
        // Keeps the order of the others.
        members.shift_remove(name);
    }
}
