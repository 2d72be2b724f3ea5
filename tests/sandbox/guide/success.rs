//! Section 1: success scenarios, API only, user 447710900120.

use serde_json::json;

use super::{is_shown, price, started};
use crate::harness::{
    Sandbox, amounts, authorized, changed, is, payment, refused, standard, with_key,
};

/// The answer to the optional retrieve that follows every start here.
#[track_caller]
fn is_retrieved(sandbox: &Sandbox, transaction: &str, user: &str, gross: &str, tax: &str) {
    let price = price(gross, tax);
    is_shown(sandbox, transaction, user, "GBR_BANGO", &price);
}

#[test]
fn guide_1_1_check_for_payment_options() {
    let sandbox = Sandbox::start();
    let body = standard(&sandbox.user_120(), "your-transaction-id");
    let answer = sandbox.options(&changed(&body, "/extensionData", json!({})));
    let options = json!({
        "responseCode": "OK",
        "responseMessage": "Success.",
        "availablePaymentMethods": [{
            "type": "OPERATORBILLING",
            "key": "GBR_BANGO",
            "description": "Direct operator billing",
            "parameters": {},
        }],
    });
    refused(&answer, 200, &options);
}

#[test]
fn guide_1_2_start_then_commit() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let transaction = started(&sandbox, &user);
    is_retrieved(&sandbox, &transaction, &user, "0.99", "0.00");
    is(&sandbox.capture(&transaction), "OK");
    is_retrieved(&sandbox, &transaction, &user, "0.99", "0.00");
}

#[test]
fn guide_1_3_start_then_cancel() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let transaction = started(&sandbox, &user);
    is_retrieved(&sandbox, &transaction, &user, "0.99", "0.00");
    is(&sandbox.delete(&transaction), "CANCELLED");
}

#[test]
fn guide_1_4_start_commit_then_refund() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let transaction = started(&sandbox, &user);
    is_retrieved(&sandbox, &transaction, &user, "0.99", "0.00");
    is(&sandbox.capture(&transaction), "OK");
    is(&sandbox.delete(&transaction), "REFUNDED");
}

#[test]
fn guide_1_5_start_and_partially_commit() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let transaction = started(&sandbox, &user);
    is_retrieved(&sandbox, &transaction, &user, "0.99", "0.00");
    let part = payment(&user, "your-transaction-id", "0.59", "0.00");
    is(&sandbox.capture_with(&transaction, &part), "OK");
}

#[test]
fn guide_1_6_partial_commit_then_refund() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let transaction = started(&sandbox, &user);
    is_retrieved(&sandbox, &transaction, &user, "0.99", "0.00");
    let part = payment(&user, "your-transaction-id", "0.59", "0.00");
    is(&sandbox.capture_with(&transaction, &part), "OK");
    is(&sandbox.delete(&transaction), "REFUNDED");
    // The committed amount was returned, so nothing is left of it.
    is(
        &sandbox.delete_with(&transaction, &amounts("0.01", "0.00")),
        "ALREADY_REFUNDED",
    );
}

#[test]
fn guide_1_7_commit_then_partial_refunds() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let body = |gross, tax| payment(&user, "your-transaction-id", gross, tax);
    let transaction = authorized(&sandbox.authorize(&body("10.99", "1.00")));
    is_retrieved(&sandbox, &transaction, &user, "10.99", "1.00");
    is(&sandbox.capture(&transaction), "OK");
    for refund in [
        with_key(&body("1.59", "0.20"), "first-refund"),
        with_key(&body("2.40", "0.30"), "second-refund"),
        with_key(&body("7.00", "0.50"), "third-refund"),
    ] {
        is(&sandbox.delete_with(&transaction, &refund), "REFUNDED");
    }
    is(
        &sandbox.delete_with(&transaction, &body("0.01", "0.00")),
        "ALREADY_REFUNDED",
    );
}

#[test]
fn guide_1_7_with_the_payments_own_id_in_every_refund() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let body = |gross, tax| payment(&user, "your-transaction-id", gross, tax);
    let transaction = authorized(&sandbox.authorize(&body("10.99", "1.00")));
    is_retrieved(&sandbox, &transaction, &user, "10.99", "1.00");
    is(&sandbox.capture(&transaction), "OK");
    for (gross, tax) in [("1.59", "0.20"), ("2.40", "0.30"), ("7.00", "0.50")] {
        is(
            &sandbox.delete_with(&transaction, &body(gross, tax)),
            "REFUNDED",
        );
    }
    is(
        &sandbox.delete_with(&transaction, &body("0.01", "0.00")),
        "ALREADY_REFUNDED",
    );
}

#[test]
fn guide_1_8_partial_commit_then_partial_refunds() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let body = |gross, tax| payment(&user, "your-transaction-id", gross, tax);
    let transaction = authorized(&sandbox.authorize(&body("10.99", "1.00")));
    is_retrieved(&sandbox, &transaction, &user, "10.99", "1.00");
    is(
        &sandbox.capture_with(&transaction, &body("10.59", "0.90")),
        "OK",
    );
    is(
        &sandbox.delete_with(&transaction, &body("1.59", "0.20")),
        "REFUNDED",
    );
    is(
        &sandbox.delete_with(&transaction, &body("9.01", "0.70")),
        "CANT_REFUND",
    );
    is(
        &sandbox.delete_with(&transaction, &body("9.00", "0.70")),
        "REFUNDED",
    );
    is(
        &sandbox.delete_with(&transaction, &body("0.01", "0.00")),
        "ALREADY_REFUNDED",
    );
}
