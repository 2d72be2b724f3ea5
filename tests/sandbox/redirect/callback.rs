//! Where the browser goes at the end.

use serde_json::{Value, json};
use url::Url;

use super::{PAYERS, Shop};
use crate::harness::{Payer, bad_request, changed, without};

/// The location of the browser after an approval with this callback, and the transaction's id.
#[track_caller]
fn sent_to(shop: &Shop, callback: &str) -> (String, String) {
    let body = changed(
        &shop.body(&json!({"callbackUrl": callback})),
        "/externalTransactionId",
        json!("t-1"),
    );
    let location = Payer::browser().approves(&shop.page(&body)).location();
    let transaction = parameter(&location, "transactionId").expect("an id");
    (location, transaction)
}

/// The last parameter of this name.
fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).expect("a URL");
    let found = url.query_pairs().filter(|(known, _)| known == name).last();
    found.map(|(_, value)| value.into_owned())
}

#[test]
fn three_parameters_are_appended_in_their_order() {
    let shop = Shop::open();
    let (location, id) = sent_to(&shop, "https://merchant.example/callback");
    let expected = format!(
        "https://merchant.example/callback?externalTransactionId=t-1&transactionId={id}&responseCode=OK"
    );
    assert_eq!(location, expected);
}

#[track_caller]
fn kept(callback: &str, front: &str, end: &str) {
    let shop = Shop::open();
    let (location, id) = sent_to(&shop, callback);
    let ours = format!("externalTransactionId=t-1&transactionId={id}&responseCode=OK");
    assert_eq!(location, format!("{front}{ours}{end}"));
}

#[test]
fn the_merchants_own_parameters_are_kept() {
    kept(
        "https://merchant.example/callback?order=7&name=a%20b+c&empty=&flag",
        "https://merchant.example/callback?order=7&name=a%20b+c&empty=&flag&",
        "",
    );
}

#[test]
fn a_fragment_stays_at_the_end() {
    kept(
        "https://merchant.example/callback?order=7#/done?x=1",
        "https://merchant.example/callback?order=7&",
        "#/done?x=1",
    );
}

#[test]
fn reserved_names_of_the_merchant_are_kept_too() {
    kept(
        "https://merchant.example/callback?transactionId=mine&responseCode=mine&ut=1",
        "https://merchant.example/callback?transactionId=mine&responseCode=mine&ut=1&",
        "",
    );
}

#[test]
fn a_key_with_any_letters_arrives_whole() {
    let shop = Shop::open();
    for key in [
        "a b&c=d",
        "ü/€?#",
        "100%25",
        "line\nbreak",
        "\u{202e}x",
        "+",
    ] {
        let body = changed(
            &shop.body(&shop.urls()),
            "/externalTransactionId",
            json!(key),
        );
        let payer = Payer::browser();
        let step = payer.approves(&shop.page(&body));
        payer.follows(step.clone());
        let location = step.location();
        assert!(
            location.is_ascii() && !location.contains(char::is_whitespace),
            "{location}"
        );
        assert_eq!(
            parameter(&location, "externalTransactionId").as_deref(),
            Some(key)
        );
        let (notification, _) = shop.merchant.outcome();
        assert_eq!(notification["externalTransactionId"], key);
    }
}

#[test]
fn a_start_without_a_key_leaves_it_empty() {
    let shop = Shop::open();
    for payer in PAYERS {
        let body = without(&shop.body(&shop.urls()), "/externalTransactionId");
        payer.follows(payer.approves(&shop.page(&body)));
        let (notification, callback) = shop.merchant.outcome();
        let id = notification["transactionId"].as_str().unwrap();
        assert_eq!(notification["externalTransactionId"], Value::Null);
        assert_eq!(
            callback,
            format!("/callback?externalTransactionId=&transactionId={id}&responseCode=OK")
        );
    }
}

#[test]
fn without_a_callback_the_last_page_says_that_it_is_done() {
    let shop = Shop::open();
    for payer in PAYERS {
        let url = shop.page(&shop.body(&json!({})));
        for last in [payer.approves(&url).page(), payer.opens(&url)] {
            last.is_the_end();
        }
        let last = payer.cancels(&shop.page(&shop.body(&json!({})))).page();
        last.is_the_end();
    }
}

#[test]
fn the_revealed_id_is_the_transactions() {
    let shop = Shop::open();
    let body = shop.body(&shop.urls());
    let payer = Payer::browser();
    payer.follows(payer.approves(&shop.page(&body)));
    let (notification, _) = shop.merchant.outcome();
    let id = notification["transactionId"].as_str().unwrap();
    let answer = shop.sandbox.retrieve(id);
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json()["transaction"]["externalTransactionId"],
        body["externalTransactionId"]
    );
    assert_eq!(
        answer.text_at("/transaction/paymentMethod/key"),
        "GBR_BANGOREDIRECT"
    );
}

#[test]
fn a_url_that_no_browser_could_follow_is_a_bad_request() {
    let shop = Shop::open();
    for url in [
        json!(""),
        json!("/callback"),
        json!("merchant.example/callback"),
        json!("ftp://merchant.example/"),
        json!("javascript:alert(1)"),
        json!("http://"),
        json!("http://merchant.example/a b"),
        json!("http://merchant.example/\r\nX: y"),
        json!("http://merchant.example/\u{7f}"),
        json!(7),
    ] {
        for name in ["callbackUrl", "notificationUrl"] {
            bad_request(
                &shop
                    .sandbox
                    .authorize(&shop.body(&json!({name: url.clone()}))),
            );
        }
    }
}
