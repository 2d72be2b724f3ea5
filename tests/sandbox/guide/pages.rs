//! The numbered pages of the guide. Of each only the beginning is public, so some scenarios are known by
//! their titles; those of pages 5 to 8 repeat the single page's and are done here with the American twins
//! or with what the pages print differently.

use serde_json::{Value, json};

use super::{failures, is_shown, redirect, started, stubbed};
use crate::harness::{
    Answer, Listener, Payer, Sandbox, authorized, changed, is, is_replay_of, not_found, payment,
    refused, sent_to_a_page, standard,
};

const AMERICAN: &str = "12025550120";

/// A price as the pages print it: 3.00 USD, the tax in a breakdown.
fn broken_down(user: &str) -> Value {
    let price = json!([{
        "grossAmount": "3.00",
        "currencyIso3": "USD",
        "financialBreakdown": {"taxAmount": "0.00", "shippingAmount": "0.00"},
    }]);
    changed(
        &standard(user, "your-transaction-id"),
        "/paymentItems/0/priceList",
        price,
    )
}

/// The same as it is retrieved.
fn retrieved_price() -> Value {
    json!({
        "grossAmount": "3.00",
        "taxAmount": "0.00",
        "currencyIso3": "USD",
        "financialBreakdown": {"taxAmount": "0.00", "shippingAmount": "0.00"},
    })
}

// Page 1: user identification.

#[track_caller]
fn identifies_by_redirect(key: &str, number: &str) {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    let answer = sandbox.identity(&json!({
        "deviceCapabilitySendSms": "true",
        "identificationMethodKey": key,
        "callbackUrl": merchant.url("/callback"),
        "notificationUrl": merchant.url("/notification"),
    }));
    let (session, url) = sent_to_a_page(&answer);
    let payer = Payer::browser();
    payer.follows(payer.identifies(&url, number));
    let (notification, callback) = merchant.outcome();
    assert_eq!(
        notification,
        json!({"sessionId": session, "responseCode": "OK"})
    );
    assert_eq!(
        callback,
        format!("/callback?sessionId={session}&responseCode=OK")
    );
    let answer = sandbox.go_on(&session);
    let user = answer.text_at("/bangoUserId");
    let expected = json!({
        "responseCode": "OK",
        "responseMessage": "Success.",
        "sessionId": session,
        "bangoUserId": user,
        "parameters": {},
    });
    refused(&answer, 200, &expected);
}

#[test]
fn page_1_1_redirect_via_the_mt_flow_then_identified() {
    identifies_by_redirect("GBR_BANGO", "447710900120");
}

#[test]
fn page_1_1_under_the_redirect_key() {
    identifies_by_redirect("GBR_BANGOREDIRECT", "447710900180");
}

// Page 2: check user status. The page prints payer 120 for every status; here 122 to 124 have theirs.

#[track_caller]
fn status_is(key: &str, number: &str, status: &str) {
    let sandbox = Sandbox::start();
    let user = sandbox.identify(key, number);
    let expected = json!({
        "responseCode": "OK",
        "responseMessage": "Success",
        "bangoUserId": user,
        "identificationMethodKey": key,
        "status": status,
    });
    refused(&sandbox.user(&user), 200, &expected);
}

#[test]
fn page_2_1_user_status_ok() {
    status_is("GBR_BANGO", "447710900120", "OK");
    status_is("USA_BANGO", AMERICAN, "OK");
}

#[test]
fn page_2_2_user_status_barred() {
    status_is("GBR_BANGO", "447710900122", "USER_BARRED");
    status_is("USA_BANGO", "12025550122", "USER_BARRED");
}

#[test]
fn page_2_3_user_status_suspended() {
    status_is("GBR_BANGO", "447710900124", "USER_SUSPENDED");
    status_is("USA_BANGO", "12025550124", "USER_SUSPENDED");
}

#[test]
fn page_2_4_user_status_not_enabled() {
    status_is("GBR_BANGO", "447710900123", "USER_NOT_ENABLED");
    status_is("USA_BANGO", "12025550123", "USER_NOT_ENABLED");
}

// Page 3: close user account.

const NO_ACCOUNT: &str = "A MerchantUserAccount with the given id does not exist.";

fn close(sandbox: &Sandbox, user: &str) -> Answer {
    sandbox.bare("DELETE", &format!("identity/{user}"))
}

#[test]
fn page_3_1_close_user_account() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    is(&close(&sandbox, &user), "OK");
    not_found(&sandbox.user(&user), NO_ACCOUNT);
}

#[test]
fn page_3_2_close_with_an_invalid_user_id() {
    let sandbox = Sandbox::start();
    not_found(&close(&sandbox, "123456789"), NO_ACCOUNT);
    let user = sandbox.user_120();
    is(&close(&sandbox, &user), "OK");
    not_found(&close(&sandbox, &user), NO_ACCOUNT);
}

/// Closing is answered so because it was asked for, and closes nothing.
#[track_caller]
fn closing_is(prefer: &str, extension: &str, status: u16, code: &str, message: &str) {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let path = format!("identity/{user}");
    let answer = stubbed(&sandbox, "DELETE", &path, prefer, extension);
    let expected = json!({"responseCode": code, "responseMessage": message});
    refused(&answer, status, &expected);
    assert_eq!(sandbox.user(&user).text_at("/status"), "OK");
}

#[test]
fn page_3_3_close_unauthorized() {
    let message = "Invalid access credentials.";
    closing_is("status=401", "", 401, "UNAUTHORIZED", message);
    let named = "responseCode=UNAUTHORIZED";
    closing_is("status=401", named, 401, "UNAUTHORIZED", message);
}

#[test]
fn page_3_4_close_service_unavailable() {
    let message =
        "The server is undergoing maintenance and is not available. Please, try again later.";
    let named = "responseCode=SERVICE_UNAVAILABLE";
    closing_is("status=502", named, 502, "SERVICE_UNAVAILABLE", message);
    closing_is("status=503", "", 503, "SERVICE_UNAVAILABLE", message);
}

#[test]
fn page_3_5_close_internal_error() {
    let message = "An internal error occurred.";
    closing_is("status=500", "", 500, "INTERNAL_ERROR", message);
}

// Page 4: billing and refund success, API only.

#[test]
fn page_4_1_start_then_commit() {
    let sandbox = Sandbox::start();
    for (key, number) in [("GBR_BANGO", "447710900120"), ("USA_BANGO", AMERICAN)] {
        let body = broken_down(&sandbox.identify(key, number));
        let body = changed(&body, "/externalTransactionId", json!(number));
        let transaction = authorized(&sandbox.authorize(&body));
        let price =
            sandbox.retrieve(&transaction).json()["transaction"]["paymentItems"][0]["price"]
                .clone();
        assert_eq!(price, retrieved_price());
        is(&sandbox.capture(&transaction), "OK");
    }
}

// Page 5: billing and refund failure, API only.

#[test]
fn page_5_1_insufficient_credit() {
    failures::start_is("12025550121", "USER_INSUFFICIENT_CREDIT");
}

#[test]
fn page_5_2_user_barred() {
    failures::start_is("12025550122", "USER_BARRED");
}

#[test]
fn page_5_3_user_not_enabled() {
    failures::start_is("12025550123", "USER_NOT_ENABLED");
}

#[test]
fn page_5_4_user_suspended() {
    failures::start_is("12025550124", "USER_SUSPENDED");
}

// Pages 6 and 7: with a redirect, 447710900180 under GBR_BANGOREDIRECT.

#[test]
fn page_6_1_start_redirect_user_then_commit() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    let user = sandbox.identify("GBR_BANGOREDIRECT", "447710900180");
    let body = changed(
        &broken_down(&user),
        "/extensionData",
        json!({
            "callbackUrl": merchant.url("/callback"),
            "notificationUrl": merchant.url("/notification"),
        }),
    );
    let url = redirect::page_of(&sandbox.authorize(&body));
    let (key, price) = ("GBR_BANGOREDIRECT", retrieved_price());
    let pending = redirect::is_shown_while_pending(&sandbox, &user, key, &price);
    let payer = Payer::browser();
    payer.follows(payer.approves(&url));
    let transaction = redirect::approved(&merchant);
    assert_eq!(transaction, pending);
    is_shown(&sandbox, &transaction, &user, key, &price);
    is(&sandbox.capture(&transaction), "OK");
}

#[test]
fn page_7_1_user_cancels_during_payment_redirect() {
    redirect::is_cancelled_by_the_user("GBR_BANGOREDIRECT", "447710900180", |_, _| ());
}

// Page 8: idempotency.

#[track_caller]
fn repeats(call: impl Fn() -> Answer, code: &str) {
    let first = call();
    assert_eq!(first.text_at("/responseCode"), code);
    for _ in 0..3 {
        is_replay_of(&call(), &first);
    }
}

#[test]
fn page_8_1_start_again() {
    let sandbox = Sandbox::start();
    let body = broken_down(&sandbox.identify("USA_BANGO", AMERICAN));
    repeats(|| sandbox.authorize(&body), "OK");
}

#[test]
fn page_8_2_commit_again() {
    let sandbox = Sandbox::start();
    let transaction = started(&sandbox, &sandbox.identify("USA_BANGO", AMERICAN));
    repeats(|| sandbox.capture(&transaction), "OK");
}

#[test]
fn page_8_3_cancel_again() {
    let sandbox = Sandbox::start();
    let transaction = started(&sandbox, &sandbox.identify("USA_BANGO", AMERICAN));
    repeats(|| sandbox.delete(&transaction), "CANCELLED");
}

#[test]
fn page_8_4_refund_again() {
    let sandbox = Sandbox::start();
    let transaction = started(&sandbox, &sandbox.identify("USA_BANGO", AMERICAN));
    is(&sandbox.capture(&transaction), "OK");
    repeats(|| sandbox.delete(&transaction), "REFUNDED");
}

// Page 9: transaction options.

#[test]
fn page_9_1_payment_options_are_available() {
    let sandbox = Sandbox::start();
    let answer = sandbox.options(&broken_down(&sandbox.user_120()));
    let expected = json!({
        "responseCode": "OK",
        "responseMessage": "Success.",
        "availablePaymentMethods": [{
            "type": "OPERATORBILLING",
            "key": "GBR_BANGO",
            "description": "Direct operator billing",
            "parameters": {},
        }],
    });
    refused(&answer, 200, &expected);
}

#[test]
fn page_9_2_payment_options_are_not_available() {
    let sandbox = Sandbox::start();
    let named = "responseCode=NOT_AVAILABLE";
    let answer = stubbed(&sandbox, "OPTIONS", "transaction", "status=202", named);
    is(&answer, "NOT_AVAILABLE");
}

// Page 10: get transaction info. It prints 202 throughout; the statuses that are asked for hold.

#[test]
fn page_10_1_successful_call() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let transaction =
        authorized(&sandbox.authorize(&payment(&user, "your-transaction-id", "3.00", "0.00")));
    let answer = sandbox.retrieve(&transaction);
    assert_eq!(
        (answer.status, answer.text_at("/responseCode")),
        (200, "OK".to_owned())
    );
    assert_eq!(answer.text_at("/transaction/transactionId"), transaction);
    assert_eq!(answer.text_at("/transaction/bangoUserId"), user);
}

/// The answer to a retrieve of a payment that is there, as asked for.
#[track_caller]
fn retrieving(prefer: &str) -> Answer {
    let sandbox = Sandbox::start();
    let path = format!("transaction/{}", started(&sandbox, &sandbox.user_120()));
    stubbed(&sandbox, "GET", &path, prefer, "")
}

#[test]
fn page_10_2_not_found() {
    not_found(&retrieving("status=404"), "Invalid transaction id.");
    not_found(
        &Sandbox::start().retrieve("2006721250"),
        "Invalid transaction id.",
    );
}

#[test]
fn page_10_3_bad_request() {
    is(&retrieving("status=400"), "BAD_REQUEST");
}

#[test]
fn page_10_4_unauthorized() {
    is(&retrieving("status=401"), "UNAUTHORIZED");
}

// Page 11: generating TestPay bangoUserIds.

#[test]
fn page_11_a_number_in_the_callback_leads_to_its_user() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    for suffix in ["120", "121", "122", "123", "124", "125", "129"] {
        let number = format!("12025550{suffix}");
        let answer = sandbox.identity(&json!({
            "identificationMethodKey": "USA_BANGO",
            "callbackUrl": merchant.url(&format!("/callback?ut={number}")),
        }));
        let (session, url) = sent_to_a_page(&answer);
        assert_eq!(session.len(), 32);
        let payer = Payer::browser();
        let page = payer.opens(&url);
        let suggested = page.fields.iter().map(|(_, value)| value.as_str());
        assert_eq!(suggested.collect::<Vec<_>>(), [number.as_str()]);
        payer.follows(payer.identifies(&url, &number));
        let callback = merchant.next().target;
        assert!(
            callback.starts_with(&format!("/callback?ut={number}&sessionId={session}&")),
            "{callback}"
        );
        let user = sandbox.go_on(&session).text_at("/bangoUserId");
        let listed = crate::control::get(&sandbox, "users")["users"].clone();
        let last = listed.as_array().and_then(|users| users.last()).cloned();
        let last = last.expect("a user");
        assert_eq!(
            (&last["bangoUserId"], &last["msisdn"]),
            (&json!(user), &json!(number))
        );
    }
}
