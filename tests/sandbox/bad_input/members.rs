//! Members that are absent, unknown or nobody's. What is wrong with them is in `bodies`.

use serde_json::{Value, json};

use crate::harness::{Sandbox, authorized, bad_request, changed, is, standard};

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
