//! What an answer says in full: its words and all its members.

use serde_json::{Value, json};

use super::reference::{Answer, Payment, Verb};
use super::texts;

/// Stands for an id that the sandbox makes up, and that nothing had before.
pub const NEW_ID: &str = "(a new id)";
/// Stands for the address of a page that nobody was sent to before.
pub const NEW_PAGE: &str = "(a new page)";

/// An answer that is nobody's replay, about this payment where there is one.
pub fn whole(verb: Verb, answer: &Answer, about: Option<(&Payment, &str)>) -> Value {
    let mut body = json!({
        "responseCode": answer.code,
        "responseMessage": message(answer.code),
    });
    match (verb, answer.code) {
        (Verb::Start, "OK") => body["transactionId"] = json!(NEW_ID),
        (Verb::Start, "CLIENT_ACTION_REQUIRED") => {
            body["transactionId"] = Value::Null;
            body["parameters"] = json!({"action": "REDIRECT", "url": NEW_PAGE});
        }
        (Verb::Retrieve, "OK") => {
            let (payment, id) = about.expect("what is retrieved is there");
            body["transaction"] = transaction(payment, id);
        }
        _ => {}
    }
    body
}

fn message(code: &str) -> &'static str {
    match code {
        "OK" => "Success.",
        "CLIENT_ACTION_REQUIRED" => "An action is required in the client.",
        "CANCELLED" => "The transaction was cancelled successfully.",
        "REFUNDED" => "The transaction was refunded successfully.",
        "USER_INSUFFICIENT_CREDIT" => "The user does not have enough credit for this payment",
        "DECLINED" => "The biller declined the payment request",
        "CONNECT_ERROR" => "Connection error submitting the payment request to the biller",
        "CONNECT_TIMEOUT" => "Connection timeout submitting the payment request to the biller",
        "FAILURE" => "The biller returned an unspecified failure",
        "INVALID_BANGOUSERID" => "Invalid bangoUserId.",
        "BAD_REQUEST" => "Invalid request.",
        "CANT_REFUND" => "It\u{2019}s not possible to refund this transaction.",
        "ALREADY_REFUNDED" => "The transaction has already been refunded.",
        "NOT_FOUND" => "Invalid transaction id.",
        _ => panic!("no words for {code}"),
    }
}

/// What the start said, with the price that was chosen, whatever has become of the payment since.
fn transaction(payment: &Payment, id: &str) -> Value {
    let item = &payment.start["paymentItems"][0];
    let [gross, tax] = texts(payment.price);
    let mut price = json!({
        "grossAmount": gross,
        "taxAmount": tax,
        "currencyIso3": payment.currency,
    });
    let breakdown = &item["priceList"][0]["financialBreakdown"];
    if breakdown.is_object() {
        let shipping = &breakdown["shippingAmount"];
        price["financialBreakdown"] = json!({"taxAmount": tax, "shippingAmount": shipping});
    }
    let custom = payment.start.get("extensionData");
    json!({
        "transactionId": id,
        "bangoUserId": payment.user,
        "externalTransactionId": payment.external,
        "paymentMethod": {
            "type": "OPERATORBILLING",
            "key": payment.payer.key,
            "description": "Direct operator billing",
            "parameters": {},
        },
        "paymentItems": [{
            "price": price,
            "itemName": item["itemName"],
            "itemDescription": item["itemDescription"],
            "itemCategory": item["itemCategory"],
            "externalPaymentItemId": item["externalPaymentItemId"],
            "submerchantReferenceKey": item["submerchantReferenceKey"],
        }],
        "extensionData": custom.unwrap_or(&json!({})),
    })
}
