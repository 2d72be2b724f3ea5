//! Sections 2 and 4: the payer goes through the payment's pages, user 447710900180 and 447710900160.

use serde_json::{Value, json};

use super::{is_shown, price};
use crate::control::get;
use crate::harness::{
    Answer, Listener, Payer, Sandbox, authorized, changed, is, not_found, sent_to_a_page, standard,
};

/// A start whose callback and notification come to this listener.
fn start(sandbox: &Sandbox, merchant: &Listener, user: &str) -> Answer {
    sandbox.authorize(&body(merchant, user))
}

fn body(merchant: &Listener, user: &str) -> Value {
    let urls = json!({
        "callbackUrl": merchant.url("/callback"),
        "notificationUrl": merchant.url("/notification"),
    });
    changed(
        &standard(user, "your-transaction-id"),
        "/extensionData",
        urls,
    )
}

/// The page's URL, from an answer that must be exactly the guide's.
#[track_caller]
pub fn page_of(answer: &Answer) -> String {
    let url = answer.text_at("/parameters/url");
    let expected = json!({
        "responseCode": "CLIENT_ACTION_REQUIRED",
        "responseMessage": "An action is required in the client.",
        "transactionId": null,
        "parameters": {"action": "REDIRECT", "url": url},
    });
    assert_eq!((answer.status, answer.json()), (202, expected));
    url
}

/// The optional retrieve before the payer has been on the pages. The answer to the start keeps the id to
/// itself, so it comes from beside the API.
#[track_caller]
pub fn is_shown_while_pending(sandbox: &Sandbox, user: &str, key: &str, price: &Value) -> String {
    let pending = get(sandbox, "state")["payments"][0].clone();
    assert_eq!(pending["state"], "PENDING_REDIRECT");
    let transaction = pending["transactionId"].as_str().expect("an id");
    is_shown(sandbox, transaction, user, key, price);
    transaction.to_owned()
}

/// The transaction's id, from a notification and a callback that must be exactly the guide's.
#[track_caller]
pub fn approved(merchant: &Listener) -> String {
    let (notification, callback) = merchant.outcome();
    let transaction = notification["transactionId"].as_str().expect("an id");
    assert_eq!((notification.clone(), callback), outcome(transaction, "OK"));
    transaction.to_owned()
}

/// What notification and callback must say.
fn outcome(transaction: &str, code: &str) -> (Value, String) {
    let notification = json!({
        "externalTransactionId": "your-transaction-id",
        "transactionId": transaction,
        "responseCode": code,
    });
    let callback = format!(
        "/callback?externalTransactionId=your-transaction-id&transactionId={transaction}&responseCode={code}"
    );
    (notification, callback)
}

/// The first four steps of 2.1 and 2.4: the user is not known any more and identifies again, without a
/// key. Gives the new id.
#[track_caller]
fn identified_again(sandbox: &Sandbox, merchant: &Listener, number: &str) -> String {
    is(
        &start(sandbox, merchant, "123456789"),
        "INVALID_BANGOUSERID",
    );
    let answer = sandbox.identity(&json!({
        "merchantReferenceKey": "your-appstore-identifier",
        "mcc": "234",
        "mnc": "20",
        "thirdPartyUserId": "your-user-id",
        "deviceCapabilitySendSms": "true",
        "callbackUrl": merchant.url("/callback"),
        "notificationUrl": merchant.url("/notification"),
    }));
    let (session, url) = sent_to_a_page(&answer);
    let payer = Payer::browser();
    payer.follows(payer.identifies(&url, number));
    let (_, callback) = merchant.outcome();
    assert!(callback.starts_with("/callback?"), "{callback}");
    let answer = sandbox.go_on(&session);
    let user = answer.text_at("/bangoUserId");
    let expected = json!({
        "responseCode": "OK",
        "responseMessage": "Success.",
        "sessionId": session,
        "bangoUserId": user,
        "parameters": {},
    });
    assert_eq!((answer.status, answer.json()), (200, expected));
    user
}

#[test]
fn guide_2_1_identify_again_by_redirect_then_complete() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    let user = identified_again(&sandbox, &merchant, "447710900120");
    let transaction = authorized(&start(&sandbox, &merchant, &user));
    is(&sandbox.capture(&transaction), "OK");
    assert_eq!(merchant.so_far(), [], "no pages, no callback");
}

#[test]
fn guide_2_2_start_redirect_user_commit() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    let user = sandbox.identify("GBR_BANGOREDIRECT", "447710900180");
    let url = page_of(&start(&sandbox, &merchant, &user));
    let price = price("0.99", "0.00");
    let pending = is_shown_while_pending(&sandbox, &user, "GBR_BANGOREDIRECT", &price);
    let payer = Payer::browser();
    payer.follows(payer.approves(&url));
    let transaction = approved(&merchant);
    assert_eq!(transaction, pending);
    is_shown(&sandbox, &transaction, &user, "GBR_BANGOREDIRECT", &price);
    is(&sandbox.capture(&transaction), "OK");
}

#[test]
fn guide_2_3_start_redirect_user_commit_refund() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    let user = sandbox.identify("GBR_BANGOREDIRECT", "447710900180");
    let url = page_of(&start(&sandbox, &merchant, &user));
    let price = price("0.99", "0.00");
    let pending = is_shown_while_pending(&sandbox, &user, "GBR_BANGOREDIRECT", &price);
    let payer = Payer::program();
    payer.follows(payer.approves(&url));
    let transaction = approved(&merchant);
    assert_eq!(transaction, pending);
    is(&sandbox.capture(&transaction), "OK");
    is(&sandbox.delete(&transaction), "REFUNDED");
}

#[test]
fn guide_2_4_identify_again_by_redirect_complete_by_redirect() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    let user = identified_again(&sandbox, &merchant, "447710900180");
    let url = page_of(&start(&sandbox, &merchant, &user));
    let payer = Payer::browser();
    payer.follows(payer.approves(&url));
    let transaction = approved(&merchant);
    is(&sandbox.capture(&transaction), "OK");
}

/// The payment ends on its pages, by the user's own choice, after `pending` has looked at it.
#[track_caller]
pub fn is_cancelled_by_the_user<T>(
    key: &str,
    number: &str,
    pending: impl FnOnce(&Sandbox, &str) -> T,
) -> (Sandbox, T) {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    let user = sandbox.identify(key, number);
    let url = page_of(&start(&sandbox, &merchant, &user));
    let seen = pending(&sandbox, &user);
    let payer = Payer::browser();
    payer.follows(payer.cancels(&url));
    assert_eq!(merchant.outcome(), outcome("null", "USER_CANCELLED"));
    (sandbox, seen)
}

#[test]
fn guide_4_1_user_cancels_during_payment_redirect() {
    let key = "GBR_BANGO";
    let (sandbox, transaction) = is_cancelled_by_the_user(key, "447710900160", |sandbox, user| {
        is_shown_while_pending(sandbox, user, key, &price("0.99", "0.00"))
    });
    not_found(&sandbox.retrieve(&transaction), "Invalid transaction id.");
}

#[test]
fn guide_4_2_insufficient_credit_without_a_redirect() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    let user = sandbox.identify("GBR_BANGO", "447710900161");
    is(
        &start(&sandbox, &merchant, &user),
        "USER_INSUFFICIENT_CREDIT",
    );
}

#[test]
fn guide_4_3_user_barred_without_a_redirect() {
    let (sandbox, merchant) = (Sandbox::start(), Listener::start());
    let user = sandbox.identify("GBR_BANGO", "447710900162");
    is(&start(&sandbox, &merchant, &user), "USER_BARRED");
}
