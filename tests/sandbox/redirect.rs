//! Payments that the payer approves on pages: what the merchant hears, and what the pages do.

mod callback;
mod notification;
mod pages;

use serde_json::{Value, json};

use crate::harness::{Listener, Payer, Sandbox, changed, standard};

/// Both kinds of page must do the same.
const PAYERS: [Payer; 2] = [Payer::browser(), Payer::program()];

/// A sandbox, a user whose payments are redirected, and the merchant's own server.
struct Shop {
    sandbox: Sandbox,
    merchant: Listener,
    user: String,
}

impl Shop {
    fn open() -> Self {
        Self::with(Sandbox::start(), Listener::start())
    }

    fn with(sandbox: Sandbox, merchant: Listener) -> Self {
        let user = sandbox.identify("GBR_BANGOREDIRECT", "447710900180");
        Self {
            sandbox,
            merchant,
            user,
        }
    }

    /// A start with this `extensionData`, under a key that was not used before.
    fn body(&self, urls: &Value) -> Value {
        let key = format!("order-{}", self.sandbox.numbered());
        changed(&standard(&self.user, &key), "/extensionData", urls.clone())
    }

    /// Where the payer is sent for this start.
    #[track_caller]
    fn page(&self, body: &Value) -> String {
        let answer = self.sandbox.authorize(body);
        assert_eq!(answer.status, 202, "{}", answer.text());
        answer.text_at("/parameters/url")
    }

    /// Both URLs of the merchant's server.
    fn urls(&self) -> Value {
        json!({
            "callbackUrl": self.merchant.url("/callback"),
            "notificationUrl": self.merchant.url("/notification"),
        })
    }

    /// Nothing else was notified up to the end of one more payment.
    #[track_caller]
    fn heard_nothing_more(&self) {
        let body = self.body(&self.urls());
        let payer = Payer::browser();
        payer.follows(payer.cancels(&self.page(&body)));
        let (notification, _) = self.merchant.outcome();
        assert_eq!(
            notification["externalTransactionId"],
            body["externalTransactionId"]
        );
        assert_eq!(self.merchant.so_far(), []);
    }
}
