//! `GET identity/{bangoUserId}`.

use serde_json::json;

use crate::harness::{Payer, Sandbox, not_found, refused};

#[test]
fn a_users_status_follows_its_number() {
    let sandbox = Sandbox::start();
    for (key, number, status) in [
        ("GBR_BANGO", "447710900120", "OK"),
        ("GBR_BANGO", "447710900121", "OK"),
        ("GBR_BANGO", "447710900122", "USER_BARRED"),
        ("GBR_BANGO", "447710900123", "USER_NOT_ENABLED"),
        ("GBR_BANGO", "447710900124", "USER_SUSPENDED"),
        ("USA_BANGO", "12025550122", "USER_BARRED"),
        ("USA_BANGO", "12025550123", "USER_NOT_ENABLED"),
        ("USA_BANGO", "12025550124", "USER_SUSPENDED"),
        ("GBR_BANGOREDIRECT", "447710900180", "OK"),
    ] {
        let user = sandbox.identify_as(Payer::program(), key, number);
        let expected = json!({
            "responseCode": "OK",
            "responseMessage": "Success",
            "bangoUserId": user,
            "identificationMethodKey": key,
            "status": status,
        });
        refused(&sandbox.user(&user), 200, &expected);
    }
}

#[test]
fn a_user_who_was_never_issued_has_no_status() {
    let sandbox = Sandbox::start();
    sandbox.user_120();
    for user in [
        "123456789",
        "0",
        "nobody",
        "..%2Ftransaction",
        "%00",
        "99999999999999999999999",
    ] {
        not_found(
            &sandbox.user(user),
            "A MerchantUserAccount with the given id does not exist.",
        );
    }
}

#[test]
fn a_session_is_not_a_user() {
    let sandbox = Sandbox::start();
    let session = sandbox.identity(&json!({})).text_at("/sessionId");
    not_found(
        &sandbox.user(&session),
        "A MerchantUserAccount with the given id does not exist.",
    );
}
