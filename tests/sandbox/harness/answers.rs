//! What an answer must be, as the API reference prints it.

use serde_json::{Value, json};

use super::Answer;

/// `responseCode`, HTTP status and exact `responseMessage`.
const CODES: [(&str, u16, &str); 20] = [
    ("OK", 200, "Success."),
    (
        "CANCELLED",
        200,
        "The transaction was cancelled successfully.",
    ),
    (
        "REFUNDED",
        200,
        "The transaction was refunded successfully.",
    ),
    ("NOT_AVAILABLE", 202, "No valid payment methods were found."),
    (
        "USER_INSUFFICIENT_CREDIT",
        202,
        "The user does not have enough credit for this payment",
    ),
    (
        "USER_BARRED",
        202,
        "The user is not allowed to use this payment method",
    ),
    (
        "USER_NOT_ENABLED",
        202,
        "The biller has not enabled this user for payments",
    ),
    (
        "USER_SUSPENDED",
        202,
        "The user is temporarily not allowed to use this payment method",
    ),
    (
        "USER_EXCEEDED_LIMIT",
        202,
        "User exceeded limit on suggested payment methods.",
    ),
    (
        "SPEED_LIMIT",
        202,
        "The biller has rejected a payment request too soon after the previous one for this user",
    ),
    (
        "PRICE_NOT_SUPPORTED",
        202,
        "Price not supported on suggested payment methods.",
    ),
    ("DECLINED", 202, "The biller declined the payment request"),
    (
        "CONNECT_ERROR",
        202,
        "Connection error submitting the payment request to the biller",
    ),
    (
        "CONNECT_TIMEOUT",
        504,
        "Connection timeout submitting the payment request to the biller",
    ),
    ("FAILURE", 202, "The biller returned an unspecified failure"),
    ("INVALID_BANGOUSERID", 400, "Invalid bangoUserId."),
    ("BAD_REQUEST", 400, "Invalid request."),
    (
        "CANT_REFUND",
        202,
        "It\u{2019}s not possible to refund this transaction.",
    ),
    (
        "ALREADY_REFUNDED",
        202,
        "The transaction has already been refunded.",
    ),
    ("UNAUTHORIZED", 401, "Invalid access credentials."),
];

/// The HTTP status that goes with a code.
#[track_caller]
pub fn status_of(code: &str) -> u16 {
    row(code).1
}

/// The two members every answer has.
#[track_caller]
pub fn envelope(code: &str) -> Value {
    json!({"responseCode": code, "responseMessage": row(code).2})
}

#[track_caller]
fn row(code: &str) -> (&'static str, u16, &'static str) {
    let row = CODES.iter().find(|row| row.0 == code);
    *row.unwrap_or_else(|| panic!("no row for {code}"))
}

/// The answer is this code, with its status, its text and nothing else.
#[track_caller]
pub fn is(answer: &Answer, code: &str) {
    refused(answer, status_of(code), &envelope(code));
}

/// The answer is this body under this status.
#[track_caller]
pub fn refused(answer: &Answer, status: u16, body: &Value) {
    assert_eq!((answer.status, &answer.json()), (status, body));
    is_json(answer);
}

/// The answer is a 400 that says in a header, in plain ASCII, what it did not like.
#[track_caller]
pub fn bad_request(answer: &Answer) {
    is(answer, "BAD_REQUEST");
    explained(answer);
}

/// The answer is 404 `NOT_FOUND` with this message.
#[track_caller]
pub fn not_found(answer: &Answer, message: &str) {
    refused(
        answer,
        404,
        &json!({"responseCode": "NOT_FOUND", "responseMessage": message}),
    );
    explained(answer);
}

#[track_caller]
fn explained(answer: &Answer) {
    let reason = answer.header("bango-sandbox-reason").unwrap_or_default();
    assert!(
        !reason.is_empty() && reason.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
        "the reason reads {reason:?}"
    );
}

#[track_caller]
fn is_json(answer: &Answer) {
    assert_eq!(
        answer.header("content-type"),
        Some("application/json; charset=utf-8")
    );
}

/// The new transaction's id, from an answer that has that and the envelope, and nothing else.
#[track_caller]
pub fn authorized(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let id = answer.text_at("/transactionId");
    let body = json!({"responseCode": "OK", "responseMessage": "Success.", "transactionId": id});
    assert_eq!(answer.json(), body);
    is_json(answer);
    id
}

/// The session's id and the page's URL, from the first answer of an identification.
#[track_caller]
pub fn sent_to_a_page(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let session = answer.text_at("/sessionId");
    let url = answer.text_at("/parameters/url");
    let body = json!({
        "responseCode": "CLIENT_ACTION_REQUIRED",
        "responseMessage": "An action is required in the client.",
        "sessionId": session,
        "bangoUserId": null,
        "parameters": {"action": "REDIRECT", "url": url},
    });
    assert_eq!(answer.json(), body);
    is_json(answer);
    (session, url)
}

/// The second answer repeats the first byte by byte and says so.
#[track_caller]
pub fn is_replay_of(second: &Answer, first: &Answer) {
    assert_eq!((second.status, second.text()), (first.status, first.text()));
    assert_eq!(second.header("bango-sandbox-replayed"), Some("true"));
}

/// The answer was worked out for this very request.
#[track_caller]
pub fn not_replayed(answer: &Answer) {
    assert_eq!(answer.header("bango-sandbox-replayed"), None);
}
