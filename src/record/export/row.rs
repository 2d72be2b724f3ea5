//! A payment as one JSON object, for people who copy a row.

use serde_json::{Value, json};

use crate::api::{BangoUserId, ExternalTransactionId, Msisdn, TransactionId};
use crate::money::Taxed;
use crate::record::Transaction;

/// Amounts as the API writes them: a text with two decimals.
pub fn row(transaction: &Transaction) -> Value {
    let item = transaction.item();
    json!({
        "status": transaction.status().word(),
        "transactionId": transaction.id.as_ref().map(TransactionId::as_str),
        "externalTransactionId": transaction.external().map(ExternalTransactionId::as_str),
        "bangoUserId": transaction.user().map(BangoUserId::as_str),
        "msisdn": transaction.msisdn.as_ref().map(Msisdn::as_str),
        "currencyIso3": transaction.currency().map(|currency| currency.to_string()),
        "asked": sums(transaction.price()),
        "authorized": sums(transaction.authorized()),
        "captured": sums(transaction.captured()),
        "refunded": sums(transaction.refunded()),
        "itemName": item.name,
        "externalPaymentItemId": item.external_payment_item_id,
        "responseCode": transaction.last.as_ref().map(|last| last.code.as_str()),
        "createdAt": transaction.created_at.to_string(),
        "updatedAt": transaction.updated_at.to_string(),
        "epoch": transaction.epoch.0.to_string(),
    })
}

fn sums(sum: Taxed) -> Value {
    json!({"grossAmount": sum.gross.to_string(), "taxAmount": sum.tax.to_string()})
}
