//! Section 3: failure scenarios, API only. Where the guide forces an answer by a stub header, the number
//! that TestPay keeps for it stands in.

use super::started;
use crate::harness::{Sandbox, amounts, authorized, bad_request, is, payment, standard};

/// The start is refused with this code.
#[track_caller]
pub fn start_is(number: &str, code: &str) {
    let sandbox = Sandbox::start();
    let key = if number.starts_with('1') {
        "USA_BANGO"
    } else {
        "GBR_BANGO"
    };
    let user = sandbox.identify(key, number);
    is(
        &sandbox.authorize(&standard(&user, "your-transaction-id")),
        code,
    );
}

/// The start goes well, the commit is refused with this code.
#[track_caller]
fn commit_is(number: &str, code: &str) {
    let sandbox = Sandbox::start();
    let transaction = started(&sandbox, &sandbox.identify("GBR_BANGO", number));
    is(&sandbox.capture(&transaction), code);
}

/// The start goes well, the cancel is refused with this code.
#[track_caller]
fn cancel_is(number: &str, code: &str) {
    let sandbox = Sandbox::start();
    let transaction = started(&sandbox, &sandbox.identify("GBR_BANGO", number));
    is(&sandbox.delete(&transaction), code);
}

/// Start and commit go well, the refund is refused with this code.
#[track_caller]
fn refund_is(number: &str, code: &str) {
    let sandbox = Sandbox::start();
    let transaction = started(&sandbox, &sandbox.identify("GBR_BANGO", number));
    is(&sandbox.capture(&transaction), "OK");
    is(&sandbox.delete(&transaction), code);
}

#[test]
fn guide_3_1_insufficient_credit() {
    start_is("447710900121", "USER_INSUFFICIENT_CREDIT");
}

#[test]
fn guide_3_2_user_barred() {
    start_is("447710900122", "USER_BARRED");
}

#[test]
fn guide_3_3_user_not_enabled() {
    start_is("447710900123", "USER_NOT_ENABLED");
}

#[test]
fn guide_3_4_user_suspended() {
    start_is("447710900124", "USER_SUSPENDED");
}

#[test]
fn guide_3_5_spend_limit() {
    start_is("447710900125", "USER_EXCEEDED_LIMIT");
}

#[test]
fn guide_3_6_speed_limit_by_its_number() {
    start_is("447710900126", "SPEED_LIMIT");
}

#[test]
fn guide_3_7_not_available() {
    start_is("447710900127", "NOT_AVAILABLE");
}

#[test]
fn guide_3_8_price_not_supported_by_its_number() {
    start_is("447710900128", "PRICE_NOT_SUPPORTED");
}

#[test]
fn guide_3_9_start_declined() {
    start_is("447710900129", "DECLINED");
}

#[test]
fn guide_3_10_commit_declined() {
    commit_is("447710900130", "DECLINED");
}

#[test]
fn guide_3_11_cancel_declined() {
    cancel_is("447710900130", "DECLINED");
}

#[test]
fn guide_3_12_refund_declined() {
    refund_is("447710900132", "DECLINED");
}

#[test]
fn guide_3_13_connect_error_on_start() {
    start_is("447710900133", "CONNECT_ERROR");
}

#[test]
fn guide_3_14_connect_error_on_commit() {
    commit_is("447710900134", "CONNECT_ERROR");
}

#[test]
fn guide_3_15_connect_error_on_cancel() {
    cancel_is("447710900135", "CONNECT_ERROR");
}

#[test]
fn guide_3_16_connect_error_on_refund() {
    refund_is("447710900136", "CONNECT_ERROR");
}

#[test]
fn guide_3_17_connect_timeout_on_start_by_its_number() {
    start_is("447710900137", "CONNECT_TIMEOUT");
}

#[test]
fn guide_3_18_connect_timeout_on_commit_by_its_number() {
    commit_is("447710900138", "CONNECT_TIMEOUT");
}

#[test]
fn guide_3_19_connect_timeout_on_cancel_by_its_number() {
    cancel_is("447710900139", "CONNECT_TIMEOUT");
}

#[test]
fn guide_3_20_connect_timeout_on_refund_by_its_number() {
    refund_is("447710900140", "CONNECT_TIMEOUT");
}

#[test]
fn guide_3_21_provider_error_on_start() {
    start_is("447710900141", "FAILURE");
}

#[test]
fn guide_3_22_provider_error_on_commit() {
    commit_is("447710900142", "FAILURE");
}

#[test]
fn guide_3_23_provider_error_on_cancel() {
    cancel_is("447710900143", "FAILURE");
}

#[test]
fn guide_3_24_provider_error_on_refund() {
    refund_is("447710900144", "FAILURE");
}

#[test]
fn guide_3_25_invalid_user_on_start() {
    start_is("447710900145", "INVALID_BANGOUSERID");
}

#[test]
fn guide_3_26_invalid_user_on_commit() {
    commit_is("447710900146", "INVALID_BANGOUSERID");
}

#[test]
fn guide_3_27_invalid_user_on_cancel() {
    cancel_is("447710900147", "INVALID_BANGOUSERID");
}

#[test]
fn guide_3_28_invalid_user_on_refund() {
    refund_is("447710900148", "INVALID_BANGOUSERID");
}

#[test]
fn guide_3_29_partial_commit_of_more_than_authorized() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let transaction = started(&sandbox, &user);
    let body = |gross, tax| payment(&user, "your-transaction-id", gross, tax);
    bad_request(&sandbox.capture_with(&transaction, &body("1.59", "0.00")));
    bad_request(&sandbox.capture_with(&transaction, &body("0.59", "0.01")));
    is(&sandbox.capture(&transaction), "OK");
}

#[test]
fn guide_3_30_partial_refund_of_too_much_at_the_first_attempt() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let body = |gross, tax| payment(&user, "your-transaction-id", gross, tax);
    let transaction = authorized(&sandbox.authorize(&body("10.99", "1.00")));
    is(&sandbox.capture(&transaction), "OK");
    is(
        &sandbox.delete_with(&transaction, &body("12.59", "1.20")),
        "CANT_REFUND",
    );
}

#[test]
fn guide_3_31_partial_refund_of_too_much_at_the_second_attempt() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let body = |gross, tax| payment(&user, "your-transaction-id", gross, tax);
    let transaction = authorized(&sandbox.authorize(&body("10.99", "1.00")));
    is(&sandbox.capture(&transaction), "OK");
    is(
        &sandbox.delete_with(&transaction, &body("2.59", "0.20")),
        "REFUNDED",
    );
    is(
        &sandbox.delete_with(&transaction, &body("8.50", "0.90")),
        "CANT_REFUND",
    );
    is(
        &sandbox.delete_with(&transaction, &body("8.40", "0.80")),
        "REFUNDED",
    );
}

#[test]
fn guide_3_32_refund_not_supported() {
    refund_is("447710900149", "CANT_REFUND");
    let sandbox = Sandbox::start();
    let transaction = started(&sandbox, &sandbox.identify("GBR_BANGO", "447710900149"));
    is(&sandbox.capture(&transaction), "OK");
    is(
        &sandbox.delete_with(&transaction, &amounts("0.10", "0.00")),
        "CANT_REFUND",
    );
}
