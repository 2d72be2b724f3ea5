//! What a payer does on the pages, with the browser's own keys and buttons.

use serde_json::{Value, json};

use crate::control::new_user;
use crate::harness::{Browser, Listener, Sandbox, changed, is, sent_to_a_page, standard};

/// The payer's buttons.
const GO_ON: &str = "button.first";
const CANCEL: &str = "button[value=cancel]";

/// A browser, a sandbox, and the merchant that the browser comes back to.
struct Walk {
    browser: Browser,
    sandbox: Sandbox,
    merchant: Listener,
}

impl Walk {
    fn begin() -> Option<Self> {
        Some(Self {
            browser: Browser::start()?,
            sandbox: Sandbox::start(),
            merchant: Listener::start(),
        })
    }

    fn urls(&self) -> Value {
        json!({
            "callbackUrl": self.merchant.url("/callback"),
            "notificationUrl": self.merchant.url("/notification"),
        })
    }

    /// Opens the page of a new identification. Its session.
    fn identification(&self) -> String {
        let (session, url) = sent_to_a_page(&self.sandbox.identity(&self.urls()));
        self.browser.opens(&url);
        assert_eq!(self.browser.title(), "Your mobile number");
        session
    }

    /// Opens the page of a new payment.
    fn payment(&self) {
        let user = new_user(&self.sandbox, "447710900180");
        let key = format!("t-{}", self.sandbox.numbered());
        let body = changed(&standard(&user, &key), "/extensionData", self.urls());
        let url = self.sandbox.authorize(&body).text_at("/parameters/url");
        self.browser.opens(&url);
        assert_eq!(self.browser.title(), "Confirm your payment");
    }

    /// The page with this title comes up.
    #[track_caller]
    fn comes_to(&self, title: &str) {
        self.browser
            .waits_until(title, |browser| browser.title() == title);
    }

    /// The browser stands at the merchant's address, with this outcome. What the notification said.
    #[track_caller]
    fn is_back(&self, code: &str) -> Value {
        let callback = self.merchant.url("/callback?");
        self.browser
            .waits_until("back", |browser| browser.url().starts_with(&callback));
        let (notification, target) = self.merchant.outcome();
        let end = format!("&responseCode={code}");
        assert!(target.ends_with(&end), "{target}");
        assert_eq!(self.browser.url(), self.merchant.url(&target));
        assert_eq!(notification["responseCode"], code);
        notification
    }
}

#[test]
fn number_and_pin_identify_and_lead_back_to_the_merchant() {
    let Some(walk) = Walk::begin() else { return };
    let browser = &walk.browser;
    let session = walk.identification();
    assert!(browser.reads("main").contains("sandbox"));
    // The field has the focus, and the enter key goes on.
    browser.types("input:focus", "+447710900122\n");
    walk.comes_to("Enter the PIN");
    assert!(browser.reads("main").contains("447710900122"));
    browser.types("input:focus", "1234");
    browser.clicks(GO_ON);
    assert_eq!(walk.is_back("OK")["sessionId"], session);
    let user = walk.sandbox.go_on(&session).text_at("/bangoUserId");
    assert_eq!(walk.sandbox.user(&user).text_at("/status"), "USER_BARRED");
}

#[test]
fn a_wrong_pin_is_asked_for_again_and_the_third_is_the_end() {
    let Some(walk) = Walk::begin() else { return };
    let browser = &walk.browser;
    let session = walk.identification();
    browser.types("input", "447710900120");
    browser.clicks(GO_ON);
    walk.comes_to("Enter the PIN");
    for (pin, told) in [("4321", "2 tries are left"), ("1235", "one try is left")] {
        browser.types("input", pin);
        browser.clicks(GO_ON);
        browser.waits_for(told);
        assert_eq!(
            browser.runs("return document.activeElement.value"),
            Ok(json!(""))
        );
    }
    // Loading the page anew is no further try.
    browser.opens(&browser.url());
    assert!(browser.reads("[role=alert]").contains("one try is left"));
    browser.types("input", "0000\n");
    walk.is_back("USER_CANCELLED");
    is_cancelled(&walk.sandbox, &session);
}

#[test]
fn an_identification_can_be_cancelled() {
    let Some(walk) = Walk::begin() else { return };
    let session = walk.identification();
    walk.browser.clicks(CANCEL);
    walk.is_back("USER_CANCELLED");
    is_cancelled(&walk.sandbox, &session);
}

#[track_caller]
fn is_cancelled(sandbox: &Sandbox, session: &str) {
    let code = sandbox.go_on(session).text_at("/responseCode");
    assert_eq!(code, "USER_CANCELLED");
}

#[test]
fn a_payment_is_confirmed_with_a_zip_and_can_be_captured() {
    let Some(walk) = Walk::begin() else { return };
    let browser = &walk.browser;
    walk.payment();
    let shown = browser.reads("main");
    for part in ["sandbox", "0.99 USD", "Item title", "447710900180"] {
        assert!(shown.contains(part), "no {part} in {shown}");
    }
    let page = browser.url();
    browser.clicks(GO_ON);
    walk.comes_to("Your ZIP code");
    browser.clicks(GO_ON);
    browser.waits_for("ZIP code is missing");
    browser.types("input:focus", "SW1A 1AA\n");
    let notification = walk.is_back("OK");
    let transaction = notification["transactionId"].as_str().expect("an id");
    is(&walk.sandbox.capture(transaction), "OK");

    // Whoever goes back sees the end, and nothing to press.
    browser.opens(&page);
    assert_eq!(browser.title(), "Payment approved");
    assert_eq!(browser.runs("return document.forms.length"), Ok(json!(0)));
    browser.clicks("main a");
    let callback = walk.merchant.url("/callback?");
    browser.waits_until("back again", |browser| browser.url().starts_with(&callback));
}

#[test]
fn a_payment_can_be_cancelled_on_either_page() {
    let Some(walk) = Walk::begin() else { return };
    for confirms_first in [false, true] {
        walk.payment();
        if confirms_first {
            walk.browser.clicks(GO_ON);
            walk.comes_to("Your ZIP code");
        }
        walk.browser.clicks(CANCEL);
        assert_eq!(walk.is_back("USER_CANCELLED")["transactionId"], "null");
    }
}
