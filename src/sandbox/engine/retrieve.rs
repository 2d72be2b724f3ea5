//! `GET transaction/{transactionId}`: what the start said, with the price that was chosen.
//!
//! The answer has no status and shows the authorized price whatever was captured or refunded since.

use super::answer::{Answer, Members};
use super::payer;
use super::payment::Payment;
use crate::api::{ExternalTransactionId, ResponseCode};

pub fn retrieve(payment: &Payment) -> Answer {
    let transaction = Members::new()
        .text("transactionId", payment.id.as_str())
        .text("bangoUserId", payment.payer.id.as_str())
        .optional(
            "externalTransactionId",
            payment.external.as_ref().map(ExternalTransactionId::as_str),
        )
        .object("paymentMethod", payer::method(&payment.payer))
        .raw("paymentItems", &format!("[{}]", item(payment).close()))
        .raw("extensionData", &payment.details.custom);
    Answer::success(200, &ResponseCode::Ok, "Success.", |members| {
        members.object("transaction", transaction)
    })
}

fn item(payment: &Payment) -> Members {
    let details = &payment.details;
    Members::new()
        .object("price", price(payment))
        .optional("itemName", details.name.as_deref())
        .optional("itemDescription", details.description.as_deref())
        .optional("itemCategory", details.category.as_deref())
        .optional(
            "externalPaymentItemId",
            details.external_payment_item_id.as_deref(),
        )
        .optional(
            "submerchantReferenceKey",
            details.submerchant_reference_key.as_deref(),
        )
}

fn price(payment: &Payment) -> Members {
    let tax = payment.authorized.tax.to_string();
    let price = Members::new()
        .text("grossAmount", &payment.authorized.gross.to_string())
        .text("taxAmount", &tax)
        .text("currencyIso3", payment.currency.as_str());
    match payment.details.breakdown {
        None => price,
        Some(breakdown) => {
            let shipping = breakdown.shipping.map(|amount| amount.to_string());
            let breakdown = Members::new()
                .text("taxAmount", &tax)
                .optional("shippingAmount", shipping.as_deref());
            price.object("financialBreakdown", breakdown)
        }
    }
}
