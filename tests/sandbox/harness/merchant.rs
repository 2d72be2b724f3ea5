//! The merchant's calls, one function for each, with the sandbox's credentials.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::{Answer, Payer, Request, Sandbox, Step, is, sent_to_a_page};

/// The value of `Authorization` for a name and a password.
pub fn basic(username: &str, password: &str) -> String {
    format!(
        "Basic {}",
        BASE64_STANDARD.encode(format!("{username}:{password}"))
    )
}

impl Sandbox {
    pub fn options(&self, body: &Value) -> Answer {
        self.json("OPTIONS", "transaction", body)
    }

    pub fn authorize(&self, body: &Value) -> Answer {
        self.json("POST", "transaction", body)
    }

    pub fn retrieve(&self, transaction: &str) -> Answer {
        self.bare("GET", &format!("transaction/{transaction}"))
    }

    pub fn capture(&self, transaction: &str) -> Answer {
        self.bare("PUT", &format!("transaction/{transaction}"))
    }

    pub fn capture_with(&self, transaction: &str, body: &Value) -> Answer {
        self.json("PUT", &format!("transaction/{transaction}"), body)
    }

    /// Cancels or refunds, whichever the transaction's state makes of it.
    pub fn delete(&self, transaction: &str) -> Answer {
        self.bare("DELETE", &format!("transaction/{transaction}"))
    }

    pub fn delete_with(&self, transaction: &str, body: &Value) -> Answer {
        self.json("DELETE", &format!("transaction/{transaction}"), body)
    }

    pub fn identity(&self, body: &Value) -> Answer {
        self.json("POST", "identity", body)
    }

    pub fn go_on(&self, session: &str) -> Answer {
        self.bare("POST", &format!("identity/{session}"))
    }

    pub fn user(&self, user: &str) -> Answer {
        self.bare("GET", &format!("identity/{user}"))
    }

    /// A call without a body.
    pub fn bare(&self, method: &str, path: &str) -> Answer {
        self.send(&request(method, path))
    }

    pub fn json(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.text(method, path, &body.to_string())
    }

    /// A call whose body is this very text, said to be JSON.
    pub fn text(&self, method: &str, path: &str, body: &str) -> Answer {
        self.bytes(method, path, body.as_bytes())
    }

    pub fn bytes(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        self.send(&with_json(method, path, body))
    }

    /// The same as [`Self::json`], for a sandbox that may die over it.
    pub fn try_json(&self, method: &str, path: &str, body: &Value) -> Option<Answer> {
        with_json(method, path, body.to_string())
            .send(&self.authority)
            .ok()
    }

    /// Sends a call and goes away without waiting for its answer.
    pub fn hang_up(&self, method: &str, path: &str, body: &Value) {
        let request = with_json(method, path, body.to_string());
        request.hang_up(&self.authority).expect("it was sent");
    }

    #[track_caller]
    pub fn send(&self, request: &Request) -> Answer {
        match request.send(&self.authority) {
            Ok(answer) => answer,
            Err(error) => panic!("no answer to {request:?}: {error}"),
        }
    }

    /// The id of a user with this number under this key, who came through the pages as HTML.
    #[track_caller]
    pub fn identify(&self, key: &str, number: &str) -> String {
        self.identify_as(Payer::browser(), key, number)
    }

    /// A user for whom everything goes well: 447710900120.
    #[track_caller]
    pub fn user_120(&self) -> String {
        self.identify("GBR_BANGO", "447710900120")
    }

    #[track_caller]
    pub fn identify_as(&self, payer: Payer, key: &str, number: &str) -> String {
        let answer = self.identity(&json!({
            "identificationMethodKey": key,
            "callbackUrl": "https://merchant.example/identified",
        }));
        let (session, url) = sent_to_a_page(&answer);
        match payer.identifies(&url, number) {
            Step::Left(location) => assert!(
                location.starts_with("https://merchant.example/identified?"),
                "{location}"
            ),
            Step::Page(page) => panic!("after the PIN came a page: {}", page.text),
        }
        let answer = self.go_on(&session);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text_at("/bangoUserId")
    }

    /// A transaction of this size, authorized and captured whole, for a user for whom all goes well.
    #[track_caller]
    pub fn captured(&self, gross: &str, tax: &str) -> String {
        let transaction = self.authorized(gross, tax);
        is(&self.capture(&transaction), "OK");
        transaction
    }

    /// A transaction of 10.99 with 1.00 of tax, captured by this call.
    #[track_caller]
    pub fn captured_by(&self, capture: impl FnOnce(&Self, &str) -> Answer) -> String {
        let transaction = self.authorized("10.99", "1.00");
        is(&capture(self, &transaction), "OK");
        transaction
    }

    /// A transaction of this size, authorized and no more.
    #[track_caller]
    pub fn authorized(&self, gross: &str, tax: &str) -> String {
        let user = self.user_120();
        let key = format!("payment-{}", self.numbered());
        super::authorized(&self.authorize(&super::payment(&user, &key, gross, tax)))
    }
}

/// A call with the right credentials; `path` is below the base URL.
fn request(method: &str, path: &str) -> Request {
    Request::new(method, &format!("/v5/{path}"))
        .header("Authorization", &basic("sandbox", "sandbox"))
}

fn with_json(method: &str, path: &str, body: impl Into<Vec<u8>>) -> Request {
    request(method, path)
        .header("Content-Type", "application/json")
        .body(body)
}
