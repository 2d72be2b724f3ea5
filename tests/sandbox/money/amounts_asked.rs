//! How an amount must be written. Nothing is ever rounded or guessed.

use serde_json::{Value, json};

use crate::harness::{Sandbox, authorized, bad_request, changed, is, not_replayed, standard};

const GROSS: &str = "/paymentItems/0/priceList/0/grossAmount";
const TAX: &str = "/paymentItems/0/priceList/0/taxAmount";

/// What is no amount.
fn malformed() -> Vec<Value> {
    let texts = [
        "",
        " ",
        "0,99",
        ".99",
        "1.",
        "0.999",
        "+1",
        "-1",
        "-0.00",
        "1e2",
        "1E2",
        "0x10",
        " 1",
        "1 ",
        "1_000",
        "1,000.00",
        "$1",
        "1USD",
        "NaN",
        "Infinity",
        "null",
        "1.0.0",
        "1234567890123",
        "1.00\n",
        "\u{0661}\u{0662}",
        "\u{ff11}",
        "000000000000000000000000000001",
    ];
    let mut values: Vec<Value> = texts.iter().map(|text| json!(text)).collect();
    values.extend([
        json!(0.99),
        json!(1),
        json!(true),
        json!(["1"]),
        json!({"amount": "1"}),
    ]);
    values
}

#[test]
fn a_start_with_a_malformed_amount_is_a_bad_request_and_binds_nothing() {
    let sandbox = Sandbox::start();
    let body = standard(&sandbox.user_120(), "t-1");
    for value in malformed() {
        bad_request(&sandbox.authorize(&changed(&body, GROSS, value.clone())));
        bad_request(&sandbox.authorize(&changed(&body, TAX, value.clone())));
        let breakdown = json!({"taxAmount": "0.00", "shippingAmount": value});
        bad_request(&sandbox.authorize(&changed(
            &body,
            "/paymentItems/0/priceList/0/financialBreakdown",
            breakdown,
        )));
    }
    let answer = sandbox.authorize(&body);
    authorized(&answer);
    not_replayed(&answer);
}

#[test]
fn nothing_is_no_gross_amount_of_a_start() {
    let sandbox = Sandbox::start();
    let body = standard(&sandbox.user_120(), "t-1");
    for nothing in [json!("0"), json!("0.00"), json!("000.0"), json!(null)] {
        bad_request(&sandbox.authorize(&changed(&body, GROSS, nothing)));
    }
    authorized(&sandbox.authorize(&body));
}

#[test]
fn a_malformed_amount_neither_captures_nor_refunds() {
    let sandbox = Sandbox::start();
    let body = standard(&sandbox.user_120(), "t-1");
    let transaction = authorized(&sandbox.authorize(&body));
    for value in malformed() {
        bad_request(&sandbox.capture_with(&transaction, &changed(&body, GROSS, value)));
    }
    is(&sandbox.capture(&transaction), "OK");
    for value in malformed() {
        bad_request(&sandbox.delete_with(&transaction, &changed(&body, GROSS, value)));
    }
    is(&sandbox.delete(&transaction), "REFUNDED");
}
