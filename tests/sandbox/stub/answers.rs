//! Which answers can be asked for, and how they look.

use serde_json::json;

use super::ask;
use crate::harness::{Sandbox, authorized, bad_request, is, refused, sent_to_a_page, status_of};

/// All that can be called, with ids of nobody.
const CALLS: [(&str, &str); 9] = [
    ("POST", "identity"),
    ("POST", "identity/8322c4adc6ad4046b58ecb4a9f0b1551"),
    ("GET", "identity/123456789"),
    ("DELETE", "identity/123456789"),
    ("OPTIONS", "transaction"),
    ("POST", "transaction"),
    ("GET", "transaction/2006721250"),
    ("PUT", "transaction/2006721250"),
    ("DELETE", "transaction/2006721250"),
];

/// The codes of each call, in the order of [`CALLS`].
const CODES: [&str; 9] = [
    "OK CLIENT_ACTION_REQUIRED USER_CANCELLED NOT_AVAILABLE BAD_REQUEST UNAUTHORIZED NOT_FOUND \
     INTERNAL_ERROR CONNECT_ERROR FAILURE SERVICE_UNAVAILABLE CONNECT_TIMEOUT",
    "OK CLIENT_ACTION_REQUIRED USER_CANCELLED NOT_AVAILABLE BAD_REQUEST UNAUTHORIZED NOT_FOUND \
     INTERNAL_ERROR CONNECT_ERROR FAILURE SERVICE_UNAVAILABLE CONNECT_TIMEOUT",
    "OK NOT_FOUND UNAUTHORIZED SERVICE_UNAVAILABLE INTERNAL_ERROR",
    "OK NOT_FOUND UNAUTHORIZED SERVICE_UNAVAILABLE INTERNAL_ERROR",
    "OK NOT_AVAILABLE USER_INSUFFICIENT_CREDIT USER_BARRED USER_NOT_ENABLED USER_SUSPENDED \
     USER_EXCEEDED_LIMIT INVALID_BANGOUSERID BAD_REQUEST UNAUTHORIZED SERVICE_UNAVAILABLE \
     INTERNAL_ERROR",
    "OK CLIENT_ACTION_REQUIRED USER_INSUFFICIENT_CREDIT USER_BARRED USER_NOT_ENABLED \
     USER_SUSPENDED USER_EXCEEDED_LIMIT SPEED_LIMIT NOT_AVAILABLE PRICE_NOT_SUPPORTED DECLINED \
     CONNECT_ERROR CONNECT_TIMEOUT FAILURE INVALID_BANGOUSERID BAD_REQUEST UNAUTHORIZED \
     INTERNAL_ERROR SERVICE_UNAVAILABLE",
    "OK BAD_REQUEST UNAUTHORIZED NOT_FOUND INTERNAL_ERROR SERVICE_UNAVAILABLE",
    "OK DECLINED CONNECT_ERROR CONNECT_TIMEOUT FAILURE INVALID_BANGOUSERID BAD_REQUEST \
     UNAUTHORIZED NOT_FOUND INTERNAL_ERROR SERVICE_UNAVAILABLE",
    "CANCELLED REFUNDED CANT_REFUND ALREADY_REFUNDED BAD_REQUEST UNAUTHORIZED NOT_FOUND \
     INTERNAL_ERROR CONNECT_ERROR FAILURE SERVICE_UNAVAILABLE CONNECT_TIMEOUT DECLINED \
     INVALID_BANGOUSERID",
];

/// Position of the call, and a code that it can be answered with.
pub fn listed_codes() -> impl Iterator<Item = (usize, &'static str)> {
    let of_call = |(position, codes): (usize, &'static str)| {
        codes.split_whitespace().map(move |code| (position, code))
    };
    CODES.into_iter().enumerate().flat_map(of_call)
}

const EVERY_CODE: &str = "OK CANCELLED REFUNDED CLIENT_ACTION_REQUIRED USER_CANCELLED \
    NOT_AVAILABLE USER_INSUFFICIENT_CREDIT USER_BARRED USER_NOT_ENABLED USER_SUSPENDED \
    USER_EXCEEDED_LIMIT SPEED_LIMIT PRICE_NOT_SUPPORTED DECLINED CONNECT_ERROR CONNECT_TIMEOUT \
    FAILURE INVALID_BANGOUSERID BAD_REQUEST CANT_REFUND ALREADY_REFUNDED UNAUTHORIZED NOT_FOUND \
    SERVICE_UNAVAILABLE INTERNAL_ERROR";

/// The statuses under which a code can be had; the first is the one that it has unasked.
pub fn statuses(code: &str, path: &str) -> Vec<u16> {
    match code {
        "CLIENT_ACTION_REQUIRED" if path.starts_with("identity") => vec![200, 202],
        "USER_CANCELLED" | "CLIENT_ACTION_REQUIRED" => vec![202],
        "CONNECT_ERROR" => vec![202, 502],
        "SERVICE_UNAVAILABLE" => vec![503, 502],
        "INTERNAL_ERROR" => vec![500],
        "NOT_FOUND" => vec![404],
        other => vec![status_of(other)],
    }
}

#[test]
fn every_code_can_be_had_where_it_is_listed_and_nowhere_else() {
    let sandbox = Sandbox::start();
    for ((method, path), codes) in CALLS.into_iter().zip(CODES) {
        let listed: Vec<_> = codes.split_whitespace().collect();
        for code in EVERY_CODE.split_whitespace() {
            let possible = statuses(code, path);
            for status in [200, 201, 202, 400, 401, 404, 405, 500, 502, 503, 504] {
                let prefer = format!("status={status}");
                let extension = format!("responseCode={code}");
                let answer = ask(&sandbox, method, path, &prefer, &extension);
                if listed.contains(&code) && possible.contains(&status) {
                    let found = (answer.status, answer.text_at("/responseCode"));
                    let case = format!("{method} {path}");
                    assert_eq!(found, (status, code.to_owned()), "{case}");
                } else {
                    bad_request(&answer);
                }
            }
        }
    }
}

#[test]
fn a_status_alone_means_the_code_it_stands_for() {
    let sandbox = Sandbox::start();
    for ((method, path), codes) in CALLS.into_iter().zip(CODES) {
        let success = if (method, path) == ("DELETE", "transaction/2006721250") {
            "CANCELLED"
        } else {
            "OK"
        };
        for (status, code) in [
            (200, success),
            (400, "BAD_REQUEST"),
            (401, "UNAUTHORIZED"),
            (404, "NOT_FOUND"),
            (500, "INTERNAL_ERROR"),
            (502, "CONNECT_ERROR"),
            (503, "SERVICE_UNAVAILABLE"),
            (504, "CONNECT_TIMEOUT"),
        ] {
            let answer = ask(&sandbox, method, path, &format!("status={status}"), "");
            if codes.split_whitespace().any(|listed| listed == code) {
                let found = (answer.status, answer.text_at("/responseCode"));
                assert_eq!(found, (status, code.to_owned()), "{method} {path}");
            } else {
                bad_request(&answer);
            }
        }
        bad_request(&ask(&sandbox, method, path, "status=202", ""));
    }
}

#[test]
fn a_stubbed_success_has_all_the_members_of_a_real_one() {
    let sandbox = Sandbox::start();
    let begun = ask(&sandbox, "POST", "identity", "status=200", "");
    let expected = json!({
        "responseCode": "OK",
        "responseMessage": "Success.",
        "sessionId": begun.text_at("/sessionId"),
        "bangoUserId": begun.text_at("/bangoUserId"),
        "parameters": {},
    });
    refused(&begun, 200, &expected);

    let status = ask(&sandbox, "GET", "identity/123456789", "status=200", "");
    let expected = json!({
        "responseCode": "OK",
        "responseMessage": "Success",
        "bangoUserId": "123456789",
        "identificationMethodKey": "GBR_BANGO",
        "status": "OK",
    });
    refused(&status, 200, &expected);

    let method = json!({
        "type": "OPERATORBILLING",
        "key": "GBR_BANGO",
        "description": "Direct operator billing",
        "parameters": {},
    });
    let options = ask(&sandbox, "OPTIONS", "transaction", "status=200", "");
    let expected = json!({
        "responseCode": "OK",
        "responseMessage": "Success.",
        "availablePaymentMethods": [method],
    });
    refused(&options, 200, &expected);

    authorized(&ask(&sandbox, "POST", "transaction", "status=200", ""));

    let retrieved = ask(&sandbox, "GET", "transaction/2006721250", "status=200", "");
    let expected = json!({
        "responseCode": "OK",
        "responseMessage": "Success.",
        "transaction": {
            "transactionId": "2006721250",
            "bangoUserId": retrieved.text_at("/transaction/bangoUserId"),
            "externalTransactionId": null,
            "paymentMethod": method,
            "paymentItems": [{
                "price": {"grossAmount": "0.99", "taxAmount": "0.00", "currencyIso3": "USD"},
                "itemName": "Item title",
                "itemDescription": "Item description",
                "itemCategory": "1",
                "externalPaymentItemId": null,
                "submerchantReferenceKey": null,
            }],
            "extensionData": {},
        },
    });
    refused(&retrieved, 200, &expected);

    is(
        &ask(&sandbox, "PUT", "transaction/2006721250", "status=200", ""),
        "OK",
    );
}

#[test]
fn identification_can_be_made_to_ask_for_each_action() {
    let sandbox = Sandbox::start();
    let session = "8322c4adc6ad4046b58ecb4a9f0b1551";
    let path = format!("identity/{session}");
    let action = |name: &str| {
        let extension = format!("responseCode=CLIENT_ACTION_REQUIRED{name}");
        ask(&sandbox, "POST", &path, "status=200", &extension)
    };
    for name in ["", ";action=REDIRECT"] {
        let (named, url) = sent_to_a_page(&action(name));
        assert_eq!(named, session);
        assert!(url.starts_with(&format!("http://{}/", sandbox.authority)));
    }
    let expected = |parameters| {
        json!({
            "responseCode": "CLIENT_ACTION_REQUIRED",
            "responseMessage": "An action is required in the client.",
            "sessionId": session,
            "bangoUserId": null,
            "parameters": parameters,
        })
    };
    let sms = action(";action=SEND_SMS");
    let parameters = json!({
        "action": "SEND_SMS",
        "text": sms.text_at("/parameters/text"),
        "shortcode": sms.text_at("/parameters/shortcode"),
    });
    refused(&sms, 200, &expected(parameters));
    let wait = action(";action=WAIT");
    let parameters = json!({"action": "WAIT", "suggestedWaitTimeMilliseconds": "3000"});
    refused(&wait, 200, &expected(parameters));
    for unknown in [";action=DANCE", ";action=wait", ";action="] {
        bad_request(&action(unknown));
    }
}

#[test]
fn a_start_can_be_made_to_redirect_and_to_nothing_else() {
    let sandbox = Sandbox::start();
    let ask = |action: &str| {
        let extension = format!("responseCode=CLIENT_ACTION_REQUIRED{action}");
        ask(&sandbox, "POST", "transaction", "status=202", &extension)
    };
    for action in ["", ";action=REDIRECT"] {
        let answer = ask(action);
        let expected = json!({
            "responseCode": "CLIENT_ACTION_REQUIRED",
            "responseMessage": "An action is required in the client.",
            "transactionId": null,
            "parameters": {"action": "REDIRECT", "url": answer.text_at("/parameters/url")},
        });
        refused(&answer, 202, &expected);
    }
    bad_request(&ask(";action=SEND_SMS"));
    bad_request(&ask(";action=WAIT"));
}

#[test]
fn a_delete_is_stubbed_as_what_it_would_be() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("1.00", "0.00");
    let path = format!("transaction/{transaction}");
    is(
        &ask(&sandbox, "DELETE", &path, "status=200", ""),
        "CANCELLED",
    );
    is(&sandbox.capture(&transaction), "OK");
    is(
        &ask(&sandbox, "DELETE", &path, "status=200", ""),
        "REFUNDED",
    );
    let named = "responseCode=CANCELLED";
    is(
        &ask(&sandbox, "DELETE", &path, "status=200", named),
        "CANCELLED",
    );
    is(&sandbox.delete(&transaction), "REFUNDED");
}

#[test]
fn a_refusal_has_the_words_of_its_call() {
    let sandbox = Sandbox::start();
    for (method, path, message) in [
        ("POST", "identity", "Invalid session id."),
        (
            "GET",
            "identity/1",
            "A MerchantUserAccount with the given id does not exist.",
        ),
        (
            "DELETE",
            "identity/1",
            "A MerchantUserAccount with the given id does not exist.",
        ),
        ("GET", "transaction/1", "Invalid transaction id."),
    ] {
        let answer = ask(&sandbox, method, path, "status=404", "");
        let expected = json!({"responseCode": "NOT_FOUND", "responseMessage": message});
        refused(&answer, 404, &expected);
        let why = answer.header("bango-sandbox-reason");
        assert_eq!(why, Some("Prefer forced this answer"));
    }
    for (method, path, message) in [
        (
            "POST",
            "identity",
            "No valid identification methods were found.",
        ),
        (
            "POST",
            "transaction",
            "No valid payment methods were found.",
        ),
    ] {
        let extension = "responseCode=NOT_AVAILABLE";
        let answer = ask(&sandbox, method, path, "status=202", extension);
        let expected = json!({"responseCode": "NOT_AVAILABLE", "responseMessage": message});
        refused(&answer, 202, &expected);
    }
}
