//! How much a DELETE gives back, and which are refused.

use serde_json::json;

use super::exactly_left;
use crate::harness::{Sandbox, amounts, bad_request, gross_only, is, with_key};

#[test]
fn partial_refunds_shrink_what_is_left_to_the_cent() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("10.99", "1.00");
    is(
        &sandbox.delete_with(&transaction, &amounts("2.59", "0.20")),
        "REFUNDED",
    );
    is(
        &sandbox.delete_with(&transaction, &amounts("0.01", "0.00")),
        "REFUNDED",
    );
    is(
        &sandbox.delete_with(&transaction, &amounts("0.99", "0.13")),
        "REFUNDED",
    );
    exactly_left(&sandbox, &transaction, "7.40", "0.67");
}

#[test]
fn an_empty_body_refunds_the_remainder() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("10.99", "1.00");
    is(
        &sandbox.delete_with(&transaction, &amounts("2.59", "0.20")),
        "REFUNDED",
    );
    is(&sandbox.delete(&transaction), "REFUNDED");
    is(
        &sandbox.delete_with(&transaction, &amounts("0.01", "0.00")),
        "ALREADY_REFUNDED",
    );
}

#[test]
fn a_body_without_items_refunds_the_remainder() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("10.99", "1.00");
    is(
        &sandbox.delete_with(&transaction, &amounts("2.59", "0.20")),
        "REFUNDED",
    );
    is(
        &sandbox.delete_with(&transaction, &json!({"externalTransactionId": "r-1"})),
        "REFUNDED",
    );
    is(
        &sandbox.delete_with(&transaction, &amounts("0.01", "0.00")),
        "ALREADY_REFUNDED",
    );
}

#[test]
fn a_refund_takes_only_from_what_was_captured() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("10.99", "1.00");
    is(
        &sandbox.capture_with(&transaction, &amounts("10.59", "0.90")),
        "OK",
    );
    exactly_left(&sandbox, &transaction, "10.59", "0.90");
}

#[test]
fn too_much_is_cant_refund_however_often_and_changes_nothing() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("10.99", "1.00");
    for (gross, tax) in [
        ("11.00", "1.00"),
        ("10.99", "1.01"),
        ("0.01", "1.01"),
        ("999999999999.99", "0.00"),
    ] {
        for _ in 0..2 {
            is(
                &sandbox.delete_with(&transaction, &amounts(gross, tax)),
                "CANT_REFUND",
            );
        }
    }
    is(
        &sandbox.delete_with(&transaction, &gross_only("11.00")),
        "CANT_REFUND",
    );
    exactly_left(&sandbox, &transaction, "10.99", "1.00");
}

#[test]
fn nothing_left_is_already_refunded_whatever_is_asked() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("10.99", "1.00");
    is(&sandbox.delete(&transaction), "REFUNDED");
    for body in [
        amounts("0.01", "0.00"),
        amounts("10.98", "1.00"),
        amounts("11.00", "2.00"),
        json!({"externalTransactionId": "r-2"}),
    ] {
        is(
            &sandbox.delete_with(&transaction, &body),
            "ALREADY_REFUNDED",
        );
    }
}

#[test]
fn no_gross_left_is_already_refunded_although_tax_is_left() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("10.99", "1.00");
    is(
        &sandbox.delete_with(&transaction, &amounts("10.99", "0.40")),
        "REFUNDED",
    );
    is(
        &sandbox.delete_with(&transaction, &amounts("0.01", "0.60")),
        "ALREADY_REFUNDED",
    );
    is(&sandbox.delete(&transaction), "ALREADY_REFUNDED");
}

#[test]
fn a_refund_that_omits_the_tax_gives_none_of_it_back() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("10.99", "1.00");
    is(
        &sandbox.delete_with(&transaction, &gross_only("5.00")),
        "REFUNDED",
    );
    exactly_left(&sandbox, &transaction, "5.99", "1.00");
}

#[test]
fn a_refund_of_all_gross_that_omits_the_tax_leaves_nothing() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("10.99", "1.00");
    is(
        &sandbox.delete_with(&transaction, &gross_only("5.00")),
        "REFUNDED",
    );
    is(
        &sandbox.delete_with(&transaction, &gross_only("6.00")),
        "CANT_REFUND",
    );
    is(
        &sandbox.delete_with(&transaction, &gross_only("5.99")),
        "REFUNDED",
    );
    is(&sandbox.delete(&transaction), "ALREADY_REFUNDED");
}

#[test]
fn the_tax_of_a_refund_may_stand_in_either_place() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("10.99", "1.00");
    let nested = json!({"grossAmount": "5.00", "financialBreakdown": {"taxAmount": "0.40"}, "currencyIso3": "USD"});
    let part = json!({"paymentItems": [{"priceList": [nested]}]});
    is(&sandbox.delete_with(&transaction, &part), "REFUNDED");
    exactly_left(&sandbox, &transaction, "5.99", "0.60");
}

#[test]
fn a_refund_in_another_currency_is_a_bad_request_and_changes_nothing() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("10.99", "1.00");
    let price = json!({"grossAmount": "5.00", "taxAmount": "0.00", "currencyIso3": "EUR"});
    let body = json!({"paymentItems": [{"priceList": [price]}]});
    bad_request(&sandbox.delete_with(&transaction, &body));
    exactly_left(&sandbox, &transaction, "10.99", "1.00");
}

#[test]
fn a_refund_of_nothing_is_a_bad_request_and_changes_nothing() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("10.99", "1.00");
    for (gross, tax) in [("0.00", "0.00"), ("0", "0"), ("0.00", "0.50")] {
        bad_request(&sandbox.delete_with(&transaction, &amounts(gross, tax)));
    }
    exactly_left(&sandbox, &transaction, "10.99", "1.00");
}

#[test]
fn a_cancel_may_name_all_of_the_amounts_but_no_part() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("10.99", "1.00");
    for (gross, tax) in [
        ("5.00", "0.50"),
        ("10.98", "1.00"),
        ("10.99", "0.99"),
        ("11.00", "1.00"),
    ] {
        bad_request(&sandbox.delete_with(&transaction, &amounts(gross, tax)));
    }
    is(
        &sandbox.delete_with(&transaction, &amounts("10.99", "1.00")),
        "CANCELLED",
    );
}

#[test]
fn a_refused_part_of_a_cancel_leaves_the_authorization_capturable() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("10.99", "1.00");
    bad_request(&sandbox.delete_with(&transaction, &amounts("5.00", "0.50")));
    is(&sandbox.capture(&transaction), "OK");
    exactly_left(&sandbox, &transaction, "10.99", "1.00");
}

#[test]
fn a_cancelled_transaction_is_cancelled_again_by_what_could_have_cancelled_it() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("10.99", "1.00");
    is(&sandbox.delete(&transaction), "CANCELLED");
    is(&sandbox.delete_with(&transaction, &json!({})), "CANCELLED");
    is(
        &sandbox.delete_with(&transaction, &amounts("10.99", "1.00")),
        "CANCELLED",
    );
    is(
        &sandbox.delete_with(&transaction, &json!({"externalTransactionId": "c-9"})),
        "CANCELLED",
    );
    bad_request(&sandbox.delete_with(&transaction, &amounts("10.98", "1.00")));
}

#[test]
fn a_refund_that_failed_leaves_everything_to_refund() {
    let sandbox = Sandbox::start();
    let user = sandbox.identify("GBR_BANGO", "447710900136");
    let body = crate::harness::payment(&user, "t-1", "10.99", "1.00");
    let transaction = sandbox.authorize(&body).text_at("/transactionId");
    is(&sandbox.capture(&transaction), "OK");
    for _ in 0..3 {
        is(
            &sandbox.delete_with(&transaction, &with_key(&amounts("6.00", "0.50"), "r-1")),
            "CONNECT_ERROR",
        );
    }
    is(
        &sandbox.delete_with(&transaction, &amounts("11.00", "1.00")),
        "CANT_REFUND",
    );
    is(
        &sandbox.delete_with(&transaction, &amounts("10.99", "1.00")),
        "CONNECT_ERROR",
    );
}
