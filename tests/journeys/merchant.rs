//! Another program on the same sandbox: raw JSON over a plain client, the payer's pages as data.

use bango_console::api::Call;
use bango_console::money::Taxed;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};
use url::form_urlencoded;

pub struct Merchant {
    http: reqwest::Client,
    base: String,
}

/// `responseCode` and the whole body.
#[derive(Debug)]
pub struct Answer {
    pub code: String,
    pub body: Value,
}

impl Merchant {
    /// `base` is the address of the API.
    pub fn new(base: &str) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            http,
            base: base.to_owned(),
        }
    }

    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let mut request = self
            .http
            .request(method, format!("{}/{path}", self.base))
            .basic_auth("sandbox", Some("sandbox"));
        if let Some(body) = body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_string());
        }
        let body = json_of(request).await;
        let code = body["responseCode"].as_str().unwrap().to_owned();
        Answer { code, body }
    }

    /// Makes a call with exactly these bytes, and gives the answer's body.
    pub async fn send(&self, call: &Call, headers: &[(&str, &str)]) -> Value {
        let method = Method::from_bytes(call.method.as_str().as_bytes()).unwrap();
        let mut request = self
            .http
            .request(method, format!("{}/{}", self.base, call.path))
            .basic_auth("sandbox", Some("sandbox"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = &call.body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.clone());
        }
        json_of(request).await
    }

    /// Asks the sandbox's own routes, beside the API.
    pub async fn control(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let origin = self.base.strip_suffix("/v5").unwrap();
        let mut request = self
            .http
            .request(method, format!("{origin}/_sandbox/{path}"))
            .basic_auth("sandbox", Some("sandbox"));
        if let Some(body) = body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_string());
        }
        json_of(request).await
    }

    /// Has the sandbox forget everything.
    pub async fn reset(&self) {
        let answer = self.control(Method::POST, "reset", None).await;
        assert!(answer["epoch"].is_string(), "{answer}");
    }

    /// Goes to an address as a browser does.
    pub async fn follow(&self, url: &str) {
        let answer = self.http.get(url).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// The id of a payer with this number, who went through the pages.
    pub async fn identify(&self, number: &str) -> String {
        let started = self.call(Method::POST, "identity", Some(&json!({}))).await;
        let page = started.body["parameters"]["url"].as_str().unwrap();
        self.submit(page, &[("msisdn", number), ("action", "continue")])
            .await;
        self.submit(page, &[("pin", "1234"), ("action", "confirm")])
            .await;
        let session = started.body["sessionId"].as_str().unwrap();
        let path = format!("identity/{session}");
        let identified = self.call(Method::POST, &path, None).await;
        identified.body["bangoUserId"].as_str().unwrap().to_owned()
    }

    /// Presses a button of a payer's page. The last one sends the browser away without a body.
    pub async fn submit(&self, page: &str, fields: &[(&str, &str)]) {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let submitted = self
            .http
            .post(page)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        submitted.send().await.unwrap();
    }

    /// Starts a payment and tells its id.
    pub async fn authorize(&self, user: &str, external: &str, gross: &str, tax: &str) -> String {
        let started = self.start(user, external, price(gross, tax)).await;
        assert_eq!(started.code, "OK");
        started.body["transactionId"].as_str().unwrap().to_owned()
    }

    /// Starts a payment that its payer has to approve, and tells on which page.
    pub async fn sent_to_a_page(&self, user: &str, external: &str, gross: &str) -> String {
        let started = self.start(user, external, price(gross, "0.00")).await;
        let url = &started.body["parameters"]["url"];
        url.as_str().unwrap().to_owned()
    }

    async fn start(&self, user: &str, external: &str, price: Value) -> Answer {
        let start = json!({
            "bangoUserId": user,
            "externalTransactionId": external,
            "paymentItems": [{"priceList": [price], "itemName": "Another item"}],
        });
        self.call(Method::POST, "transaction", Some(&start)).await
    }

    pub async fn capture(&self, transaction: &str, part: Option<&Value>) -> String {
        let path = format!("transaction/{transaction}");
        self.call(Method::PUT, &path, part).await.code
    }

    /// Cancels or refunds, whichever the payment's state makes of it.
    pub async fn delete(&self, transaction: &str, part: Option<&Value>) -> String {
        let path = format!("transaction/{transaction}");
        self.call(Method::DELETE, &path, part).await.code
    }
}

async fn json_of(request: reqwest::RequestBuilder) -> Value {
    let answer = request.send().await.unwrap();
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

/// A body that names a part of a payment, and itself.
pub fn part(amount: Taxed, external: &str) -> Value {
    let price = price(&amount.gross.to_string(), &amount.tax.to_string());
    json!({"externalTransactionId": external, "paymentItems": [{"priceList": [price]}]})
}

fn price(gross: &str, tax: &str) -> Value {
    json!({"grossAmount": gross, "taxAmount": tax, "currencyIso3": "USD"})
}
