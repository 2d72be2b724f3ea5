//! JSON objects whose members are not what the API asks for.

use serde_json::{Value, json};

use crate::harness::{
    Sandbox, authorized, bad_request, changed, is, not_replayed, standard, without,
};

const ITEM: &str = "/paymentItems/0";
const PRICE: &str = "/paymentItems/0/priceList/0";

/// Each of these bodies is refused by POST and OPTIONS, and binds no key.
#[track_caller]
fn refused(spoil: impl Fn(&Value) -> Vec<Value>) {
    let sandbox = Sandbox::start();
    let good = standard(&sandbox.user_120(), "t-1");
    for body in spoil(&good) {
        bad_request(&sandbox.authorize(&body));
        bad_request(&sandbox.options(&body));
    }
    let answer = sandbox.authorize(&good);
    authorized(&answer);
    not_replayed(&answer);
}

#[test]
fn what_a_start_needs_must_be_there() {
    refused(|good| {
        let mut bodies = vec![json!({})];
        for needed in [
            "/bangoUserId",
            "/paymentItems",
            &format!("{ITEM}/priceList"),
            &format!("{PRICE}/grossAmount"),
            &format!("{PRICE}/currencyIso3"),
        ] {
            bodies.push(without(good, needed));
            bodies.push(changed(good, needed, Value::Null));
        }
        bodies
    });
}

#[test]
fn there_is_exactly_one_item_and_at_least_one_price() {
    refused(|good| {
        let item = good["paymentItems"][0].clone();
        vec![
            changed(good, "/paymentItems", json!([])),
            changed(good, "/paymentItems", json!([item, item])),
            changed(good, "/paymentItems", json!([null])),
            changed(good, "/paymentItems", item),
            changed(good, &format!("{ITEM}/priceList"), json!([])),
            changed(good, &format!("{ITEM}/priceList"), json!([null])),
            changed(
                good,
                &format!("{ITEM}/priceList"),
                good["paymentItems"][0]["priceList"][0].clone(),
            ),
        ]
    });
}

#[test]
fn a_currency_is_one_of_iso_4217_and_comes_once() {
    refused(|good| {
        let currencies = [
            "",
            "usd",
            "US",
            "USDD",
            "US1",
            "ZZZ",
            "$",
            "USD ",
            "\u{ff35}SD",
        ];
        let mut bodies: Vec<Value> = currencies
            .iter()
            .map(|currency| changed(good, &format!("{PRICE}/currencyIso3"), json!(currency)))
            .collect();
        let price = json!({"grossAmount": "1.00", "currencyIso3": "USD"});
        bodies.push(changed(
            good,
            &format!("{ITEM}/priceList"),
            json!([price, price]),
        ));
        let euros = json!({"grossAmount": "1.00", "currencyIso3": "EUR"});
        bodies.push(changed(
            good,
            &format!("{ITEM}/priceList"),
            json!([price, euros, price]),
        ));
        bodies
    });
}

#[test]
fn members_of_another_type_are_refused() {
    refused(|good| {
        let texts = [
            "/bangoUserId".to_owned(),
            "/externalTransactionId".to_owned(),
            "/paymentMethods/0".to_owned(),
            format!("{ITEM}/itemName"),
            format!("{ITEM}/itemDescription"),
            format!("{ITEM}/itemCategory"),
            format!("{ITEM}/externalPaymentItemId"),
            format!("{ITEM}/submerchantReferenceKey"),
            format!("{PRICE}/grossAmount"),
            format!("{PRICE}/taxAmount"),
            format!("{PRICE}/currencyIso3"),
            "/extensionData/callbackUrl".to_owned(),
            "/extensionData/notificationUrl".to_owned(),
        ];
        let mut bodies = Vec::new();
        for pointer in texts {
            for value in [json!(1), json!(0.99), json!(false), json!(["1"]), json!({})] {
                bodies.push(changed(good, &pointer, value));
            }
        }
        for pointer in ["/paymentMethods", "/paymentItems", "/extensionData"] {
            for value in [json!(1), json!("text"), json!(true)] {
                bodies.push(changed(good, pointer, value));
            }
        }
        bodies.push(changed(good, "/extensionData", json!([])));
        bodies.push(changed(good, "/paymentMethods", json!({})));
        for value in [json!("0.00"), json!([]), json!({"taxAmount": 0})] {
            bodies.push(changed(good, &format!("{PRICE}/financialBreakdown"), value));
        }
        bodies
    });
}

#[test]
fn a_known_key_twice_in_one_object_is_refused() {
    let sandbox = Sandbox::start();
    let good = standard(&sandbox.user_120(), "t-1");
    let text = good.to_string();
    for (member, again) in [
        (
            r#""externalTransactionId":"#,
            r#""externalTransactionId":"t-1","#,
        ),
        (
            r#""externalTransactionId":"#,
            r#""externalTransactionI\u0064":"t-1","#,
        ),
        (r#""bangoUserId":"#, r#""bangoUserId":null,"#),
        (r#""grossAmount":"#, r#""grossAmount":"0.99","#),
        (r#""currencyIso3":"#, r#""currencyIso3":"EUR","#),
        (r#""priceList":"#, r#""priceList":[],"#),
        (r#""itemName":"#, r#""itemName":"Item title","#),
        (
            r#""callbackUrl":"#,
            r#""callbackUrl":"https://merchant.example/","#,
        ),
    ] {
        assert_eq!(text.matches(member).count(), 1);
        let twice = text.replace(member, &format!("{again}{member}"));
        bad_request(&sandbox.text("POST", "transaction", &twice));
    }
    let transaction = authorized(&sandbox.authorize(&good));
    let twice = r#"{"paymentItems":[{"priceList":[{"grossAmount":"0.10","grossAmount":"0.50","currencyIso3":"USD"}]}]}"#;
    for method in ["PUT", "DELETE"] {
        bad_request(&sandbox.text(method, &format!("transaction/{transaction}"), twice));
    }
    is(&sandbox.capture(&transaction), "OK");
    bad_request(&sandbox.text("POST", "identity", r#"{"mcc":"234","mcc":"234"}"#));
}

#[test]
fn unknown_keys_are_tolerated_in_every_object_also_repeated_ones() {
    let sandbox = Sandbox::start();
    let text = standard(&sandbox.user_120(), "t-1").to_string();
    let unknown = r#"{"abcd":"1234","abcd":[1,{"abcd":null}],"ABCD":1.5e3,"#;
    let answer = sandbox.text("POST", "transaction", &text.replace('{', unknown));
    let transaction = authorized(&answer);
    let part = r#"{"abcd":1,"abcd":2}"#;
    is(
        &sandbox.text("PUT", &format!("transaction/{transaction}"), part),
        "OK",
    );
}

#[test]
fn a_known_name_in_another_object_or_another_case_is_unknown() {
    let sandbox = Sandbox::start();
    let mut body = standard(&sandbox.user_120(), "t-1");
    body["grossAmount"] = json!(7);
    body["bangouserid"] = json!(7);
    body["paymentItems"][0]["currencyIso3"] = json!(7);
    body["extensionData"]["bangoUserId"] = json!(7);
    authorized(&sandbox.authorize(&body));
}

#[test]
fn null_is_absent() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let good = standard(&user, "t-1");
    for (number, optional) in [
        "/paymentMethods",
        "/extensionData",
        "/extensionData/callbackUrl",
        "/extensionData/notificationUrl",
        "/paymentItems/0/itemName",
        "/paymentItems/0/itemDescription",
        "/paymentItems/0/itemCategory",
        "/paymentItems/0/externalPaymentItemId",
        "/paymentItems/0/submerchantReferenceKey",
        "/paymentItems/0/priceList/0/taxAmount",
        "/paymentItems/0/priceList/0/financialBreakdown",
    ]
    .into_iter()
    .enumerate()
    {
        let body = changed(
            &good,
            "/externalTransactionId",
            json!(format!("t-{number}")),
        );
        authorized(&sandbox.authorize(&changed(&body, optional, Value::Null)));
    }
}

#[test]
fn the_methods_asked_for_must_be_known_and_one_of_them_offered() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let asking = |methods: Value| {
        let key = format!("t-{}", sandbox.numbered());
        changed(&standard(&user, &key), "/paymentMethods", methods)
    };
    for methods in [
        json!([]),
        json!(["OPERATORBILLING"]),
        json!(["INTERNET", "OPERATORBILLING"]),
    ] {
        let body = asking(methods);
        assert_eq!(sandbox.options(&body).status, 200);
        authorized(&sandbox.authorize(&body));
    }
    let body = asking(json!(["INTERNET"]));
    is(&sandbox.options(&body), "NOT_AVAILABLE");
    is(&sandbox.authorize(&body), "NOT_AVAILABLE");
    for methods in [
        json!(["CASH"]),
        json!(["operatorbilling"]),
        json!(["OPERATORBILLING", ""]),
    ] {
        bad_request(&sandbox.authorize(&asking(methods.clone())));
        bad_request(&sandbox.options(&asking(methods)));
    }
}

#[test]
fn a_user_who_was_never_issued_is_invalid_for_start_and_options() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    for unknown in [
        "123456789",
        "0",
        "-1",
        &format!("0{user}"),
        &format!("{user}0"),
        &format!(" {user}"),
    ] {
        let body = standard(unknown, "t-1");
        is(&sandbox.authorize(&body), "INVALID_BANGOUSERID");
        is(&sandbox.options(&body), "INVALID_BANGOUSERID");
    }
}
