//! What is refused, in the words that reach the header and the console.

use super::*;
use crate::json::{Limits, parse};
use crate::money::{Amount, Currency};

/// A start with `members` in the place of the usual ones, and with `price` as its only price.
fn start(members: &str, price: &str) -> String {
    format!(r#"{{"bangoUserId":"1","paymentItems":[{{"priceList":[{price}]}}]{members}}}"#)
}

const PRICE: &str = r#"{"currencyIso3":"USD","grossAmount":"1.00"}"#;

fn read_start(body: &str) -> Result<Start, Reason> {
    Start::read(Some(&parse(body.as_bytes(), &Limits::SERVER).unwrap()))
}

/// What is said of a start, which is refused.
#[track_caller]
fn check(body: &str, expected: &str) {
    let reason = read_start(body).expect_err(body);
    assert_eq!(reason.to_string(), expected, "{body}");
    assert_eq!(
        (reason.status(), reason.code().as_str()),
        (400, "BAD_REQUEST")
    );
}

#[track_caller]
fn check_price(price: &str, expected: &str) {
    check(&start("", price), expected);
}

#[test]
fn a_refused_amount_is_named_by_field_and_rule() {
    let gross = "paymentItems[0].priceList[0].grossAmount";
    check_price(
        r#"{"currencyIso3":"USD","grossAmount":0.99}"#,
        &format!("{gross} must be a JSON string"),
    );
    check_price(
        r#"{"currencyIso3":"USD","grossAmount":"0.999"}"#,
        &format!("{gross} has more than two decimals"),
    );
    check_price(
        r#"{"currencyIso3":"USD","grossAmount":"0.00"}"#,
        &format!("{gross} must be more than 0"),
    );
    check_price(r#"{"currencyIso3":"USD"}"#, &format!("{gross} is missing"));
    check_price(
        r#"{"currencyIso3":"USD","grossAmount":null}"#,
        &format!("{gross} is missing"),
    );
    check_price(
        r#"{"currencyIso3":"USD","grossAmount":"1","grossAmoun\u0074":"1"}"#,
        &format!("{gross} stands there twice"),
    );
    check_price(
        r#"{"currencyIso3":"USD","grossAmount":"1","financialBreakdown":{"shippingAmount":"-1"}}"#,
        "paymentItems[0].priceList[0].financialBreakdown.shippingAmount must have no sign",
    );
}

#[test]
fn currencies_are_known_and_stand_once() {
    let currency = "paymentItems[0].priceList[0].currencyIso3";
    check_price(
        r#"{"currencyIso3":"usd","grossAmount":"1"}"#,
        &format!("{currency} must be three capital letters"),
    );
    check_price(
        r#"{"currencyIso3":"XQQ","grossAmount":"1"}"#,
        &format!("{currency} is not in ISO 4217"),
    );
    check_price(
        &format!("{PRICE},{PRICE}"),
        "paymentItems[0].priceList has a currency twice",
    );
    check_price("", "paymentItems[0].priceList must not be empty");
}

#[test]
fn there_is_one_item_and_a_payer() {
    check("{}", "bangoUserId is missing");
    check(r#"{"bangoUserId":"1"}"#, "paymentItems is missing");
    check(
        r#"{"bangoUserId":"1","paymentItems":[]}"#,
        "paymentItems must have exactly one member",
    );
    check(
        r#"{"bangoUserId":"1","paymentItems":[[]]}"#,
        "paymentItems[0] must be a JSON object",
    );
    check(
        r#"{"bangoUserId":1,"paymentItems":[]}"#,
        "bangoUserId must be a JSON string",
    );
    check("[]", "the body must be a JSON object");
}

#[test]
fn methods_and_addresses_are_what_the_documentation_names() {
    check(
        &start(r#","paymentMethods":["CASH"]"#, PRICE),
        "paymentMethods[0] must be OPERATORBILLING or INTERNET",
    );
    check(
        &start(r#","extensionData":{"callbackUrl":"shop.example"}"#, PRICE),
        "extensionData.callbackUrl must be an absolute http or https URL",
    );
    let asks_for = |methods| {
        let body = start(&format!(r#","paymentMethods":{methods}"#), PRICE);
        read_start(&body).unwrap().operator_billing
    };
    assert!(asks_for("[]") && asks_for("null") && asks_for(r#"["INTERNET","OPERATORBILLING"]"#));
    assert!(!asks_for(r#"["INTERNET"]"#));
}

#[test]
fn tax_may_stand_in_either_place_but_not_differ() {
    let tax = |members| {
        let price = format!(r#"{{"currencyIso3":"USD","grossAmount":"1",{members}}}"#);
        read_start(&start("", &price)).map(|start| start.item.price_for(Currency::USD).tax)
    };
    let one = Some(Amount::from_hundredths(100));
    assert_eq!(tax(r#""taxAmount":"1""#), Ok(one));
    assert_eq!(tax(r#""financialBreakdown":{"taxAmount":"1.0"}"#), Ok(one));
    assert_eq!(
        tax(r#""taxAmount":"1","financialBreakdown":{"taxAmount":"1.00"}"#),
        Ok(one)
    );
    assert_eq!(
        tax(r#""taxAmount":"1","financialBreakdown":{"taxAmount":"2"}"#)
            .unwrap_err()
            .to_string(),
        "paymentItems[0].priceList[0].taxAmount differs from financialBreakdown.taxAmount"
    );
}

#[test]
fn unknown_members_and_repeated_ones_among_them_are_ignored() {
    let body = start(r#","x":1,"x":{"y":[]},"externalTransactionId":"""#, PRICE);
    assert_eq!(read_start(&body).unwrap().external, None);
}

#[test]
fn extension_data_keeps_its_own_members_exactly() {
    let extension = r#","extensionData":{"z":1.50,"callbackUrl":"http://h/","a":"x","z":2.0}"#;
    let start = read_start(&start(extension, PRICE)).unwrap();
    assert_eq!(start.custom, r#"{"a":"x","z":2.0}"#);
}

#[test]
fn an_identification_needs_a_session_before_it_can_be_cancelled() {
    let read =
        |body: &str| Identify::read_first(Some(&parse(body.as_bytes(), &Limits::SERVER).unwrap()));
    let told = |body| read(body).unwrap_err().to_string();
    assert_eq!(
        told(r#"{"action":"cancel"}"#),
        "action needs a session in the path"
    );
    assert_eq!(told(r#"{"action":"stop"}"#), "action must be \"cancel\"");
    assert_eq!(
        told(r#"{"deviceCapabilitySendSms":"maybe"}"#),
        "deviceCapabilitySendSms must be \"true\" or \"false\""
    );
    assert_eq!(Identify::read_first(None), read("{}"));
}
