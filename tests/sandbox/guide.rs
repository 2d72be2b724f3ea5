//! The scenarios of the Bango testing guide, one test each, under the guide's own numbers: `guide_…` those of
//! its single page, `page_…` those of the numbered pages that came after it.

mod failures;
mod idempotency;
mod pages;
mod redirect;
mod stubs;
mod success;

use serde_json::{Value, json};

use crate::harness::{Answer, Request, Sandbox, authorized, basic, refused, standard};

/// The guide's first step: a start over the standard amount that goes well.
#[track_caller]
fn started(sandbox: &Sandbox, user: &str) -> String {
    authorized(&sandbox.authorize(&standard(user, "your-transaction-id")))
}

/// The guide's optional step: the transaction is retrieved, and shown as it was asked for at the start.
#[track_caller]
fn is_shown(sandbox: &Sandbox, transaction: &str, user: &str, key: &str, price: &Value) {
    let retrieved = json!({
        "responseCode": "OK",
        "responseMessage": "Success.",
        "transaction": {
            "transactionId": transaction,
            "bangoUserId": user,
            "externalTransactionId": "your-transaction-id",
            "paymentMethod": {
                "type": "OPERATORBILLING",
                "key": key,
                "description": "Direct operator billing",
                "parameters": {},
            },
            "paymentItems": [{
                "price": price,
                "itemName": "Item title",
                "itemDescription": "Item description",
                "itemCategory": "1",
                "externalPaymentItemId": "item-1",
                "submerchantReferenceKey": "submerchant-1",
            }],
            "extensionData": {},
        },
    });
    refused(&sandbox.retrieve(transaction), 200, &retrieved);
}

/// A price as it is retrieved.
fn price(gross: &str, tax: &str) -> Value {
    json!({"grossAmount": gross, "taxAmount": tax, "currencyIso3": "USD"})
}

/// A call with stub headers, the second one unless it is empty.
#[track_caller]
fn stubbed(sandbox: &Sandbox, method: &str, path: &str, prefer: &str, extension: &str) -> Answer {
    let mut request = Request::new(method, &format!("/v5/{path}"))
        .header("Authorization", &basic("sandbox", "sandbox"))
        .header("Prefer", prefer);
    if !extension.is_empty() {
        request = request.header("preference-extension", extension);
    }
    if matches!(method, "POST" | "OPTIONS") {
        let user = sandbox.user_120();
        request = request
            .header("Content-Type", "application/json")
            .body(standard(&user, "your-transaction-id").to_string());
    }
    sandbox.send(&request)
}
