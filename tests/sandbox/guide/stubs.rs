//! The scenarios that force their answer by stub headers: 3.6, 3.8 and 3.17 to 3.20 of the guide, and
//! those of its pages "Check user status" to "Billing - get transaction info".

use serde_json::json;

use super::started;
use crate::harness::{Answer, Request, Sandbox, basic, is, payment, refused, standard};

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

#[track_caller]
fn start_is(code: &str) {
    let sandbox = Sandbox::start();
    let extension = format!("responseCode={code}");
    let answer = stubbed(&sandbox, "POST", "transaction", "status=202", &extension);
    is(&answer, code);
}

#[test]
fn guide_3_6_speed_limit() {
    start_is("SPEED_LIMIT");
}

#[test]
fn guide_3_8_price_not_supported() {
    start_is("PRICE_NOT_SUPPORTED");
}

#[test]
fn guide_3_17_connect_timeout_on_start() {
    let sandbox = Sandbox::start();
    let answer = stubbed(&sandbox, "POST", "transaction", "status=504", "");
    is(&answer, "CONNECT_TIMEOUT");
}

#[test]
fn guide_3_18_connect_timeout_on_commit() {
    let sandbox = Sandbox::start();
    let path = format!("transaction/{}", started(&sandbox, &sandbox.user_120()));
    is(
        &stubbed(&sandbox, "PUT", &path, "status=504", ""),
        "CONNECT_TIMEOUT",
    );
}

#[test]
fn guide_3_19_connect_timeout_on_cancel() {
    let sandbox = Sandbox::start();
    let path = format!("transaction/{}", started(&sandbox, &sandbox.user_120()));
    let answer = stubbed(&sandbox, "DELETE", &path, "status=504", "");
    is(&answer, "CONNECT_TIMEOUT");
}

#[test]
fn guide_3_20_connect_timeout_on_refund() {
    let sandbox = Sandbox::start();
    let transaction = started(&sandbox, &sandbox.user_120());
    is(&sandbox.capture(&transaction), "OK");
    let path = format!("transaction/{transaction}");
    let answer = stubbed(&sandbox, "DELETE", &path, "status=504", "");
    is(&answer, "CONNECT_TIMEOUT");
}

#[test]
fn page_9_1_payment_options_are_available() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let answer = sandbox.options(&payment(&user, "your-transaction-id", "3.00", "0.00"));
    assert_eq!(
        (answer.status, answer.text_at("/responseCode")),
        (200, "OK".to_owned())
    );
}

#[test]
fn page_9_2_payment_options_are_not_available() {
    let sandbox = Sandbox::start();
    let answer = stubbed(
        &sandbox,
        "OPTIONS",
        "transaction",
        "status=202",
        "responseCode=NOT_AVAILABLE",
    );
    is(&answer, "NOT_AVAILABLE");
}

#[test]
fn page_10_2_to_10_4_get_transaction_info_fails() {
    let sandbox = Sandbox::start();
    let path = format!("transaction/{}", started(&sandbox, &sandbox.user_120()));
    for (prefer, status, code, message) in [
        ("status=404", 404, "NOT_FOUND", "Invalid transaction id."),
        ("status=400", 400, "BAD_REQUEST", "Invalid request."),
        (
            "status=401",
            401,
            "UNAUTHORIZED",
            "Invalid access credentials.",
        ),
    ] {
        let answer = stubbed(&sandbox, "GET", &path, prefer, "");
        let expected = json!({"responseCode": code, "responseMessage": message});
        refused(&answer, status, &expected);
    }
}

#[test]
fn page_3_1_and_3_2_an_account_is_closed_and_then_unknown() {
    let sandbox = Sandbox::start();
    let path = format!("identity/{}", sandbox.user_120());
    is(&sandbox.bare("DELETE", &path), "OK");
    let message = "A MerchantUserAccount with the given id does not exist.";
    let expected = json!({"responseCode": "NOT_FOUND", "responseMessage": message});
    refused(&sandbox.bare("DELETE", &path), 404, &expected);
}

#[test]
fn page_3_3_to_3_5_closing_an_account_fails() {
    let sandbox = Sandbox::start();
    let path = format!("identity/{}", sandbox.user_120());
    let maintenance =
        "The server is undergoing maintenance and is not available. Please, try again later.";
    for (prefer, extension, status, code, message) in [
        (
            "status=401",
            "",
            401,
            "UNAUTHORIZED",
            "Invalid access credentials.",
        ),
        (
            "status=502",
            "responseCode=SERVICE_UNAVAILABLE",
            502,
            "SERVICE_UNAVAILABLE",
            maintenance,
        ),
        ("status=503", "", 503, "SERVICE_UNAVAILABLE", maintenance),
        (
            "status=500",
            "",
            500,
            "INTERNAL_ERROR",
            "An internal error occurred.",
        ),
    ] {
        let answer = stubbed(&sandbox, "DELETE", &path, prefer, extension);
        let expected = json!({"responseCode": code, "responseMessage": message});
        refused(&answer, status, &expected);
    }
    is(&sandbox.bare("DELETE", &path), "OK");
}
