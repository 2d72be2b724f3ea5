//! `POST /_sandbox/users`: a payer without the pages.

use serde_json::json;

use super::{get, post, request};
use crate::harness::{Sandbox, authorized, bad_request, is, refused, standard};

#[test]
fn a_number_and_a_key_make_a_user_who_can_pay() {
    let sandbox = Sandbox::start();
    let answer = post(
        &sandbox,
        "users",
        &json!({"msisdn": "447710900120", "key": "GBR_BANGO"}),
    );
    let user = answer.text_at("/bangoUserId");
    let expected = json!({
        "bangoUserId": user,
        "msisdn": "447710900120",
        "key": "GBR_BANGO",
        "status": "OK",
    });
    refused(&answer, 200, &expected);
    authorized(&sandbox.authorize(&standard(&user, "t-1")));
    assert_eq!(sandbox.user_120(), user, "the pages know the same one");
}

#[test]
fn without_a_key_the_number_decides() {
    let sandbox = Sandbox::start();
    for (number, key, status) in [
        ("447710900122", "GBR_BANGO", "USER_BARRED"),
        ("+447710900180", "GBR_BANGOREDIRECT", "OK"),
        ("12025550124", "USA_BANGO", "USER_SUSPENDED"),
    ] {
        let user = post(&sandbox, "users", &json!({"msisdn": number})).json();
        assert_eq!(
            (&user["key"], &user["status"]),
            (&json!(key), &json!(status))
        );
    }
}

#[test]
fn users_are_listed_the_closed_ones_too() {
    let sandbox = Sandbox::start();
    let number = json!({"msisdn": "447710900120"});
    let first = post(&sandbox, "users", &number).text_at("/bangoUserId");
    let same = post(&sandbox, "users", &number).text_at("/bangoUserId");
    assert_eq!(first, same);
    is(&sandbox.bare("DELETE", &format!("identity/{first}")), "OK");
    let second = post(&sandbox, "users", &number).text_at("/bangoUserId");
    let row = |user: &str, status: &str| json!({"bangoUserId": user, "msisdn": "447710900120", "key": "GBR_BANGO", "status": status});
    let expected = json!([row(&first, "CLOSED"), row(&second, "OK")]);
    assert_eq!(get(&sandbox, "users")["users"], expected);
}

#[test]
fn what_is_no_payer_is_a_bad_request() {
    let sandbox = Sandbox::start();
    for body in [
        json!({}),
        json!([]),
        json!({"key": "GBR_BANGO"}),
        json!({"msisdn": 447_710_900_120_u64}),
        json!({"msisdn": "0771"}),
        json!({"msisdn": "x"}),
        json!({"msisdn": "447710900120", "key": "FRA_BANGO"}),
        json!({"msisdn": "447710900120", "key": 7}),
    ] {
        bad_request(&post(&sandbox, "users", &body));
    }
    bad_request(&sandbox.send(&request("POST", "users")));
    bad_request(&sandbox.send(&request("POST", "users").body("{")));
    let plain = request("POST", "users").header("Content-Type", "text/plain");
    let plain = plain.body(r#"{"msisdn": "447710900120"}"#);
    assert_eq!(sandbox.send(&plain).status, 415);
    assert_eq!(get(&sandbox, "users")["users"], json!([]));
}
