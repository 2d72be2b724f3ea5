//! Which price of a list is taken, and how a transaction shows it.

use serde_json::{Value, json};

use crate::harness::{Sandbox, amounts, authorized, bad_request, is, priced, without};

/// The price that a user under this key gets from this list, as the transaction shows it.
#[track_caller]
fn chosen(key: &str, number: &str, prices: &Value) -> Value {
    let sandbox = Sandbox::start();
    let user = sandbox.identify(key, number);
    shown(&sandbox, &priced(&user, "t-1", prices))
}

#[track_caller]
fn shown(sandbox: &Sandbox, body: &Value) -> Value {
    let transaction = authorized(&sandbox.authorize(body));
    sandbox.retrieve(&transaction).json()["transaction"]["paymentItems"][0]["price"].take()
}

fn list(prices: &[(&str, &str)]) -> Value {
    prices
        .iter()
        .map(|(gross, currency)| json!({"grossAmount": gross, "currencyIso3": currency}))
        .collect()
}

#[test]
fn a_british_user_pays_in_pounds_when_they_are_offered() {
    let price = chosen(
        "GBR_BANGO",
        "447710900120",
        &list(&[("10.00", "USD"), ("8.00", "GBP")]),
    );
    assert_eq!(
        price,
        json!({"grossAmount": "8.00", "taxAmount": "0.00", "currencyIso3": "GBP"})
    );
}

#[test]
fn an_american_user_pays_in_dollars_when_they_are_offered() {
    let price = chosen(
        "USA_BANGO",
        "12025550120",
        &list(&[("8.00", "GBP"), ("10.00", "USD")]),
    );
    assert_eq!(
        price,
        json!({"grossAmount": "10.00", "taxAmount": "0.00", "currencyIso3": "USD"})
    );
}

#[test]
fn without_the_home_currency_the_first_price_is_taken() {
    let price = chosen(
        "GBR_BANGO",
        "447710900120",
        &list(&[("9.00", "EUR"), ("10.00", "USD")]),
    );
    assert_eq!(price["currencyIso3"], "EUR");
    let price = chosen(
        "USA_BANGO",
        "12025550120",
        &list(&[("1500", "JPY"), ("9.00", "EUR")]),
    );
    assert_eq!(
        price,
        json!({"grossAmount": "1500.00", "taxAmount": "0.00", "currencyIso3": "JPY"})
    );
}

#[test]
fn the_chosen_currency_is_the_one_to_capture_and_refund() {
    let sandbox = Sandbox::start();
    let body = priced(
        &sandbox.user_120(),
        "t-1",
        &list(&[("10.00", "USD"), ("8.00", "GBP")]),
    );
    let transaction = authorized(&sandbox.authorize(&body));
    let part =
        |gross, currency| json!({"paymentItems": [{"priceList": list(&[(gross, currency)])}]});
    bad_request(&sandbox.capture_with(&transaction, &part("5.00", "USD")));
    is(
        &sandbox.capture_with(&transaction, &part("5.00", "GBP")),
        "OK",
    );
    bad_request(&sandbox.delete_with(&transaction, &amounts("1.00", "0.00")));
    is(
        &sandbox.delete_with(&transaction, &part("5.01", "GBP")),
        "CANT_REFUND",
    );
    is(
        &sandbox.delete_with(&transaction, &part("5.00", "GBP")),
        "REFUNDED",
    );
}

#[test]
fn amounts_are_shown_with_two_decimals() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    for (asked, answer) in [
        ("1", "1.00"),
        ("1.5", "1.50"),
        ("0.01", "0.01"),
        ("007.10", "7.10"),
        ("999999999999.99", "999999999999.99"),
    ] {
        let prices = json!([{"grossAmount": asked, "taxAmount": "0.1", "currencyIso3": "USD"}]);
        let price = shown(&sandbox, &priced(&user, asked, &prices));
        let expected = json!({"grossAmount": answer, "taxAmount": "0.10", "currencyIso3": "USD"});
        assert_eq!(price, expected);
    }
}

#[test]
fn a_financial_breakdown_is_shown_beside_the_flat_tax() {
    let prices = json!([{
        "grossAmount": "3.00",
        "financialBreakdown": {"taxAmount": "0.5", "shippingAmount": "0.25"},
        "currencyIso3": "USD",
    }]);
    let expected = json!({
        "grossAmount": "3.00",
        "taxAmount": "0.50",
        "currencyIso3": "USD",
        "financialBreakdown": {"taxAmount": "0.50", "shippingAmount": "0.25"},
    });
    assert_eq!(chosen("GBR_BANGO", "447710900120", &prices), expected);
}

#[test]
fn the_same_tax_in_both_places_is_accepted_and_two_taxes_are_not() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let both = |flat, nested| {
        let price = json!({
            "grossAmount": "3.00",
            "taxAmount": flat,
            "financialBreakdown": {"taxAmount": nested},
            "currencyIso3": "USD",
        });
        priced(&user, &format!("t-{flat}-{nested}"), &json!([price]))
    };
    authorized(&sandbox.authorize(&both("0.50", "0.50")));
    authorized(&sandbox.authorize(&both("0.5", "0.50")));
    bad_request(&sandbox.authorize(&both("0.50", "0.40")));
}

#[test]
fn what_the_start_did_not_say_is_shown_as_null() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let prices = json!([{"grossAmount": "3.00", "currencyIso3": "USD"}]);
    let body = json!({"bangoUserId": user, "paymentItems": [{"priceList": prices}]});
    let transaction = authorized(&sandbox.authorize(&body));
    let expected = json!({
        "transactionId": transaction,
        "bangoUserId": user,
        "externalTransactionId": null,
        "paymentMethod": {
            "type": "OPERATORBILLING",
            "key": "GBR_BANGO",
            "description": "Direct operator billing",
            "parameters": {},
        },
        "paymentItems": [{
            "price": {"grossAmount": "3.00", "taxAmount": "0.00", "currencyIso3": "USD"},
            "itemName": null,
            "itemDescription": null,
            "itemCategory": null,
            "externalPaymentItemId": null,
            "submerchantReferenceKey": null,
        }],
        "extensionData": {},
    });
    assert_eq!(
        sandbox.retrieve(&transaction).json()["transaction"],
        expected
    );
}

#[test]
fn extension_data_comes_back_without_the_two_urls() {
    let sandbox = Sandbox::start();
    let mut body = crate::harness::standard(&sandbox.user_120(), "t-1");
    body["extensionData"]["subscriptionFrequency"] = json!("monthly");
    body["extensionData"]["own"] = json!({"order": 7, "tags": ["a", null, 1.5]});
    let transaction = authorized(&sandbox.authorize(&body));
    let expected = without(
        &without(&body, "/extensionData/callbackUrl"),
        "/extensionData/notificationUrl",
    );
    assert_eq!(
        sandbox.retrieve(&transaction).json()["transaction"]["extensionData"],
        expected["extensionData"]
    );
}
