//! The pages of a payment: what they show, and that their end is final.

use std::thread;

use serde_json::json;

use super::{PAYERS, Shop};
use crate::harness::{Answer, Payer, Sandbox, changed, is, not_found};

#[test]
fn the_page_shows_what_is_paid_for() {
    let shop = Shop::open();
    let url = shop.page(&shop.body(&shop.urls()));
    for payer in PAYERS {
        let page = payer.opens(&url);
        for word in ["0.99", "USD", "Item title"] {
            assert!(page.text.contains(word), "no {word} in {}", page.text);
        }
        assert!(!page.done);
    }
}

#[test]
fn opening_a_page_does_nothing() {
    let shop = Shop::open();
    let url = shop.page(&shop.body(&shop.urls()));
    for payer in PAYERS {
        assert_eq!(payer.opens(&url), payer.opens(&url));
    }
    shop.heard_nothing_more();
}

#[test]
fn an_approval_cannot_be_taken_back() {
    let shop = Shop::open();
    for payer in PAYERS {
        let url = shop.page(&shop.body(&shop.urls()));
        let first = payer.opens(&url);
        let zip = payer.confirms(&first);
        payer.follows(payer.presses(&zip, zip.proceed(), Some("10001")));
        let (notification, _) = shop.merchant.outcome();
        let id = notification["transactionId"].as_str().unwrap();
        for page in [&first, &zip] {
            payer.submits(page, page.cancel(), None);
            payer.submits(page, page.proceed(), Some("10001"));
        }
        payer.get(&url);
        shop.heard_nothing_more();
        is(&shop.sandbox.capture(id), "OK");
    }
}

#[test]
fn a_cancelled_payment_cannot_be_approved_any_more() {
    let shop = Shop::open();
    for payer in PAYERS {
        let body = shop.body(&shop.urls());
        let url = shop.page(&body);
        let first = payer.opens(&url);
        let zip = payer.confirms(&first);
        payer.follows(payer.presses(&zip, zip.cancel(), None));
        assert_eq!(shop.merchant.outcome().0["responseCode"], "USER_CANCELLED");
        for page in [&first, &zip] {
            let answer = payer.submits(page, page.proceed(), Some("10001"));
            assert!(!says_approved(&answer), "{}", answer.text());
        }
        shop.heard_nothing_more();
    }
}

/// Whether the browser is told that the payment went well.
fn says_approved(answer: &Answer) -> bool {
    let location = answer.header("location").unwrap_or_default();
    location.contains("responseCode=OK")
}

#[test]
fn pressing_twice_at_the_same_moment_pays_once() {
    let shop = Shop::open();
    let payer = Payer::browser();
    for _ in 0..4 {
        let zip = payer.confirms(&payer.opens(&shop.page(&shop.body(&shop.urls()))));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| payer.submits(&zip, zip.proceed(), Some("10001")));
            }
        });
        let notification = shop.merchant.next().json();
        assert_eq!(notification["responseCode"], "OK");
        shop.heard_nothing_more();
        is(
            &shop
                .sandbox
                .capture(notification["transactionId"].as_str().unwrap()),
            "OK",
        );
    }
}

#[test]
fn approving_and_leaving_at_the_same_moment_has_one_end() {
    let shop = Shop::open();
    let payer = Payer::browser();
    for _ in 0..4 {
        let zip = payer.confirms(&payer.opens(&shop.page(&shop.body(&shop.urls()))));
        thread::scope(|scope| {
            scope.spawn(|| payer.submits(&zip, zip.proceed(), Some("10001")));
            scope.spawn(|| payer.submits(&zip, zip.cancel(), None));
        });
        assert_eq!(shop.merchant.next().method, "POST");
        shop.heard_nothing_more();
    }
}

#[test]
fn a_payment_that_waits_for_its_payer_can_be_read_but_not_moved() {
    // The same seed gives the same ids: one sandbox reveals what the other keeps to itself.
    let open = || {
        Shop::with(
            Sandbox::with(&["--database", ":memory:", "--seed", "7"]),
            crate::harness::Listener::start(),
        )
    };
    let (revealing, keeping) = (open(), open());
    let page = |shop: &Shop| shop.page(&shop.body(&json!({})));
    let url = page(&revealing);
    let body = revealing.body(&revealing.urls());
    let payer = Payer::program();
    payer.follows(payer.approves(&revealing.page(&body)));
    let id = revealing.merchant.outcome().0["transactionId"]
        .as_str()
        .unwrap()
        .to_owned();

    let same = page(&keeping);
    assert_eq!(path(&url), path(&same), "the same tokens too");
    let second = keeping.page(&keeping.body(&keeping.urls()));
    let answer = keeping.sandbox.retrieve(&id);
    assert_eq!(answer.status, 200, "{}", answer.text());
    for answer in [keeping.sandbox.capture(&id), keeping.sandbox.delete(&id)] {
        is(&answer, "BAD_REQUEST");
    }
    payer.follows(payer.cancels(&second));
    for answer in [
        keeping.sandbox.retrieve(&id),
        keeping.sandbox.capture(&id),
        keeping.sandbox.delete(&id),
    ] {
        not_found(&answer, "Invalid transaction id.");
    }
}

fn path(url: &str) -> String {
    let url = url::Url::parse(url).expect("a URL");
    url.path().to_owned()
}

#[test]
fn the_token_of_a_page_opens_no_other() {
    let shop = Shop::open();
    let url = shop.page(&shop.body(&shop.urls()));
    for other in [format!("{url}x"), url[..url.len() - 1].to_owned()] {
        assert_eq!(Payer::browser().get(&other).status, 404, "{other}");
    }
}

/// Whether markup that came from the merchant would run in the payer's browser.
fn has_markup(html: &str) -> bool {
    ["<img src", "<script>alert", "\" onmouseover=\""]
        .iter()
        .any(|markup| html.contains(markup))
}

#[test]
fn what_the_merchant_names_an_item_is_text_and_never_markup() {
    const NAMES: [&str; 3] = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\" onmouseover=\"alert(1)",
    ];
    let shop = Shop::open();
    for name in NAMES {
        assert!(
            has_markup(&format!("<p>{name}</p>")),
            "the check would see it unescaped"
        );
        let mut body = shop.body(&shop.urls());
        for member in ["itemName", "itemDescription", "itemCategory"] {
            body = changed(&body, &format!("/paymentItems/0/{member}"), json!(name));
        }
        body = changed(&body, "/externalTransactionId", json!(name));
        let payer = Payer::browser();
        let page = payer.opens(&shop.page(&body));
        assert!(!has_markup(&page.text), "{}", page.text);
        assert!(!has_markup(&payer.confirms(&page).text));
    }
}

#[test]
fn the_pages_policy_runs_nothing_and_lets_the_browser_go_to_the_merchant() {
    let shop = Shop::open();
    let url = shop.page(&shop.body(&shop.urls()));
    let answer = Payer::browser().get(&url);
    let policy = answer.header("content-security-policy").expect("a policy");
    let directives: Vec<_> = policy.split(';').map(str::trim).collect();
    assert!(directives.contains(&"default-src 'none'"), "{policy}");
    // A browser applies form-action also to where the form's answer redirects it.
    if let Some(targets) = directives
        .iter()
        .find(|directive| directive.starts_with("form-action"))
    {
        let merchant = shop.merchant.url("");
        let allowed = targets
            .split(' ')
            .any(|target| target == merchant || target == "*" || target == "http:");
        assert!(allowed, "{policy} keeps the browser from {merchant}");
    }
}
