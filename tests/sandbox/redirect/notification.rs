//! What the merchant's server is told, when, and how often.

use std::net::UdpSocket;

use serde_json::{Value, json};

use super::{PAYERS, Shop};
use crate::harness::{Listener, Payer, Sandbox};

#[test]
fn an_approval_is_notified_before_the_browser_comes_back() {
    let shop = Shop::open();
    for payer in PAYERS {
        let body = shop.body(&shop.urls());
        payer.follows(payer.approves(&shop.page(&body)));
        let (notification, callback) = shop.merchant.outcome();
        let key = body["externalTransactionId"].as_str().unwrap();
        let id = notification["transactionId"].as_str().unwrap();
        assert_eq!(
            notification,
            json!({"externalTransactionId": key, "transactionId": id, "responseCode": "OK"})
        );
        assert_eq!(
            callback,
            format!("/callback?externalTransactionId={key}&transactionId={id}&responseCode=OK")
        );
    }
    assert_eq!(shop.merchant.so_far(), []);
}

#[test]
fn a_cancelled_payment_has_the_text_null_for_an_id() {
    let shop = Shop::open();
    for payer in PAYERS {
        for page_number in [1, 2] {
            let body = shop.body(&shop.urls());
            let mut page = payer.opens(&shop.page(&body));
            if page_number == 2 {
                page = payer.confirms(&page);
            }
            payer.follows(payer.presses(&page, page.cancel(), None));
            let (notification, callback) = shop.merchant.outcome();
            let key = body["externalTransactionId"].as_str().unwrap();
            assert_eq!(
                notification,
                json!({"externalTransactionId": key, "transactionId": "null", "responseCode": "USER_CANCELLED"})
            );
            assert_eq!(
                callback,
                format!(
                    "/callback?externalTransactionId={key}&transactionId=null&responseCode=USER_CANCELLED"
                )
            );
        }
    }
    assert_eq!(shop.merchant.so_far(), []);
}

#[test]
fn calls_without_pages_are_not_notified() {
    let shop = Shop::open();
    let user = shop.sandbox.user_120();
    let mut body = shop.body(&shop.urls());
    body["bangoUserId"] = json!(user);
    let transaction = shop.sandbox.authorize(&body).text_at("/transactionId");
    assert_eq!(shop.sandbox.capture_with(&transaction, &body).status, 200);
    assert_eq!(shop.sandbox.delete_with(&transaction, &body).status, 200);
    shop.heard_nothing_more();
}

#[test]
fn a_refused_notification_is_sent_again_byte_by_byte_until_it_is_taken() {
    let merchant = Listener::answering(&[503, 302]);
    let shop = Shop::with(Sandbox::start(), merchant);
    let payer = Payer::browser();
    let step = payer.approves(&shop.page(&shop.body(&shop.urls())));
    payer.follows(step);
    let (first, callback) = (shop.merchant.next(), shop.merchant.next());
    assert_eq!(
        (first.method.as_str(), callback.method.as_str()),
        ("POST", "GET")
    );
    // A redirect is no success and is not followed, so there is a third try.
    for _ in 0..2 {
        assert_eq!(shop.merchant.next(), first);
    }
    shop.heard_nothing_more();
}

#[test]
fn a_notification_is_sent_also_without_a_callback() {
    let shop = Shop::open();
    let urls = json!({"notificationUrl": shop.merchant.url("/notification?own=1")});
    Payer::browser()
        .approves(&shop.page(&shop.body(&urls)))
        .page();
    let arrival = shop.merchant.next();
    assert_eq!(
        (arrival.target.as_str(), &arrival.json()["responseCode"]),
        ("/notification?own=1", &json!("OK"))
    );
}

#[test]
fn a_merchant_who_cannot_be_reached_does_not_keep_the_browser() {
    let shop = Shop::open();
    // A port that was free a moment ago: nobody listens there.
    let gone = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let urls = json!({
        "callbackUrl": shop.merchant.url("/callback"),
        "notificationUrl": format!("http://{gone}/notification"),
    });
    let payer = Payer::browser();
    payer.follows(payer.approves(&shop.page(&shop.body(&urls))));
    assert_eq!(shop.merchant.next().method, "GET");
}

#[test]
fn a_merchant_who_says_nothing_keeps_the_browser_only_for_a_while() {
    let shop = Shop::open();
    // The system takes connections for it, but nobody ever answers one.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let urls = json!({
        "callbackUrl": shop.merchant.url("/callback"),
        "notificationUrl": format!("http://{}/notification", silent.local_addr().unwrap()),
    });
    let payer = Payer::browser();
    payer.follows(payer.approves(&shop.page(&shop.body(&urls))));
    assert_eq!(shop.merchant.next().method, "GET");
}

#[test]
fn a_notification_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("sandbox.db");
    let mut shop = Shop::with(Sandbox::on(&database), Listener::answering(&[500]));
    let payer = Payer::browser();
    payer
        .approves(&shop.page(&shop.body(&shop.urls())))
        .location();
    let first = shop.merchant.next();
    shop.sandbox.kill();
    let tries = shop.merchant.so_far();
    shop.sandbox = Sandbox::on(&database);
    if tries.is_empty() {
        assert_eq!(shop.merchant.next(), first);
    }
}

#[test]
fn a_host_that_nobody_approved_is_not_called_and_the_browser_goes_on() {
    let shop = Shop::open();
    for host in [
        "merchant.example",
        "127.0.0.1.merchant.example",
        "localhost.example",
    ] {
        let urls = json!({
            "callbackUrl": shop.merchant.url("/callback"),
            "notificationUrl": format!("http://{host}/notification"),
        });
        let payer = Payer::browser();
        payer.follows(payer.approves(&shop.page(&shop.body(&urls))));
        assert_eq!(shop.merchant.next().method, "GET");
    }
}

/// This machine's own address that is not loopback, if it has one.
fn outside_address() -> Option<String> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    // Nothing is sent: this only asks which address would be used. The target is for documentation.
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback()).then(|| address.to_string())
}

/// What a merchant on `host` is told of an approval, up to the end of a later payment whose notification
/// goes through loopback.
fn told(arguments: &[&str], host: &str) -> Vec<Value> {
    let shop = Shop::with(Sandbox::with(arguments), Listener::everywhere());
    let urls = json!({"notificationUrl": shop.merchant.url_at(host, "/outside")});
    let payer = Payer::browser();
    payer.approves(&shop.page(&shop.body(&urls))).page();
    let last = json!({"notificationUrl": shop.merchant.url("/last")});
    payer.approves(&shop.page(&shop.body(&last))).page();
    let mut told = Vec::new();
    loop {
        let arrival = shop.merchant.next();
        if arrival.target == "/last" {
            return told;
        }
        told.push(arrival.json());
    }
}

#[test]
fn an_address_of_this_machine_is_called_only_once_it_is_approved() {
    let Some(host) = outside_address() else {
        return;
    };
    let memory = ["--database", ":memory:"];
    assert_eq!(told(&memory, &host), Vec::<Value>::new());
    let approved = told(&[&memory[..], &["--notify-host", &host]].concat(), &host);
    assert_eq!(approved.len(), 1, "the same call reaches an approved host");
}

#[test]
fn every_name_of_loopback_is_called_unasked() {
    for host in ["127.0.0.1", "localhost"] {
        assert_eq!(told(&["--database", ":memory:"], host).len(), 1, "{host}");
    }
}
