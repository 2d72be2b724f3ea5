//! How much a capture takes, and which captures are refused.

use serde_json::{Value, json};

use super::exactly_left;
use crate::harness::{Sandbox, amounts, bad_request, changed, gross_only, is, with_key};

#[test]
fn a_capture_without_a_body_takes_everything() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("10.99", "1.00");
    is(&sandbox.capture(&transaction), "OK");
    exactly_left(&sandbox, &transaction, "10.99", "1.00");
}

#[test]
fn a_capture_whose_body_names_no_items_takes_everything() {
    let sandbox = Sandbox::start();
    for body in [
        json!({}),
        json!({"externalTransactionId": "c-1"}),
        json!({"paymentItems": null}),
    ] {
        let transaction = sandbox.captured_by(|sandbox, id| sandbox.capture_with(id, &body));
        exactly_left(&sandbox, &transaction, "10.99", "1.00");
    }
}

#[test]
fn a_partial_capture_takes_what_it_names_and_releases_the_rest() {
    let sandbox = Sandbox::start();
    for (gross, tax) in [
        ("10.98", "1.00"),
        ("10.99", "0.99"),
        ("0.01", "0.00"),
        ("0.01", "1.00"),
    ] {
        let part = amounts(gross, tax);
        let transaction = sandbox.captured_by(|sandbox, id| sandbox.capture_with(id, &part));
        exactly_left(&sandbox, &transaction, gross, tax);
    }
}

#[test]
fn a_capture_of_both_authorized_amounts_is_a_whole_one() {
    let sandbox = Sandbox::start();
    let whole = amounts("10.99", "1.00");
    let transaction = sandbox.captured_by(|sandbox, id| sandbox.capture_with(id, &whole));
    exactly_left(&sandbox, &transaction, "10.99", "1.00");
}

#[test]
fn a_capture_that_omits_the_tax_takes_all_of_it() {
    let sandbox = Sandbox::start();
    let part = gross_only("5.00");
    let transaction = sandbox.captured_by(|sandbox, id| sandbox.capture_with(id, &part));
    exactly_left(&sandbox, &transaction, "5.00", "1.00");
}

#[test]
fn tax_omitted_at_the_start_is_none() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let body = with_key(
        &changed(&gross_only("3.00"), "/bangoUserId", json!(user)),
        "t-1",
    );
    let transaction = sandbox.authorize(&body).text_at("/transactionId");
    bad_request(&sandbox.capture_with(&transaction, &amounts("3.00", "0.01")));
    is(&sandbox.capture(&transaction), "OK");
    exactly_left(&sandbox, &transaction, "3.00", "0.00");
}

#[test]
fn tax_may_be_higher_than_gross() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("1.00", "2.00");
    is(
        &sandbox.capture_with(&transaction, &amounts("0.50", "1.50")),
        "OK",
    );
    exactly_left(&sandbox, &transaction, "0.50", "1.50");
}

#[test]
fn the_tax_of_a_capture_may_stand_in_either_place() {
    let sandbox = Sandbox::start();
    let nested = json!({"grossAmount": "5.00", "financialBreakdown": {"taxAmount": "0.40"}, "currencyIso3": "USD"});
    let part = json!({"paymentItems": [{"priceList": [nested]}]});
    let transaction = sandbox.captured_by(|sandbox, id| sandbox.capture_with(id, &part));
    exactly_left(&sandbox, &transaction, "5.00", "0.40");
}

#[test]
fn more_than_authorized_is_a_bad_request_and_changes_nothing() {
    refused_and_still_capturable(&[
        amounts("11.00", "1.00"),
        amounts("10.99", "1.01"),
        amounts("5.00", "1.01"),
        amounts("999999999999.99", "0.00"),
        gross_only("11.00"),
    ]);
}

#[test]
fn a_capture_in_another_currency_is_a_bad_request_and_changes_nothing() {
    let price = json!({"grossAmount": "5.00", "taxAmount": "0.00", "currencyIso3": "EUR"});
    refused_and_still_capturable(&[json!({"paymentItems": [{"priceList": [price]}]})]);
}

#[test]
fn among_several_currencies_the_authorized_one_is_captured() {
    let sandbox = Sandbox::start();
    let prices = json!([
        {"grossAmount": "99.00", "currencyIso3": "EUR"},
        {"grossAmount": "5.00", "taxAmount": "0.40", "currencyIso3": "USD"},
    ]);
    let part = json!({"paymentItems": [{"priceList": prices}]});
    let transaction = sandbox.captured_by(|sandbox, id| sandbox.capture_with(id, &part));
    exactly_left(&sandbox, &transaction, "5.00", "0.40");
}

#[test]
fn a_capture_of_nothing_is_a_bad_request_and_changes_nothing() {
    refused_and_still_capturable(&[
        amounts("0.00", "0.00"),
        amounts("0", "0"),
        amounts("0.00", "0.50"),
    ]);
}

#[test]
fn only_one_capture_is_made() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("10.99", "1.00");
    is(
        &sandbox.capture_with(&transaction, &amounts("5.00", "0.50")),
        "OK",
    );
    bad_request(&sandbox.capture(&transaction));
    bad_request(&sandbox.capture_with(&transaction, &amounts("5.99", "0.50")));
    bad_request(&sandbox.capture_with(&transaction, &amounts("5.00", "0.49")));
    exactly_left(&sandbox, &transaction, "5.00", "0.50");
}

#[test]
fn a_cancelled_transaction_is_not_captured() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("10.99", "1.00");
    is(&sandbox.delete(&transaction), "CANCELLED");
    bad_request(&sandbox.capture(&transaction));
    bad_request(&sandbox.capture_with(&transaction, &amounts("5.00", "0.50")));
    is(&sandbox.delete(&transaction), "CANCELLED");
}

#[test]
fn a_refunded_transaction_is_not_captured_again() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("10.99", "1.00");
    is(&sandbox.delete(&transaction), "REFUNDED");
    bad_request(&sandbox.capture_with(&transaction, &amounts("5.00", "0.50")));
}

#[test]
fn a_transaction_shows_the_authorized_price_also_after_a_partial_capture() {
    let sandbox = Sandbox::start();
    let part = amounts("5.00", "0.50");
    let transaction = sandbox.captured_by(|sandbox, id| sandbox.capture_with(id, &part));
    let answer = sandbox.retrieve(&transaction).json();
    let price = json!({"grossAmount": "10.99", "taxAmount": "1.00", "currencyIso3": "USD"});
    assert_eq!(answer["transaction"]["paymentItems"][0]["price"], price);
}

/// Each body is refused on an authorization of 10.99 with 1.00 of tax, which can then still be captured
/// whole.
#[track_caller]
fn refused_and_still_capturable(bodies: &[Value]) {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("10.99", "1.00");
    for body in bodies {
        bad_request(&sandbox.capture_with(&transaction, body));
    }
    is(&sandbox.capture(&transaction), "OK");
    exactly_left(&sandbox, &transaction, "10.99", "1.00");
}
