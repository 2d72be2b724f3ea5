//! Another program: a shop's own calls to a sandbox, and its payer's browser. Raw JSON over plain HTTP.

use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;
use serde_json::{Value, json};

use crate::pty::DEADLINE;

pub struct Merchant {
    base: String,
    http: Client,
}

impl Merchant {
    /// `base` ends with `/v5`.
    pub fn at(base: &str) -> Self {
        let http = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(DEADLINE)
            .build()
            .unwrap();
        let base = base.to_owned();
        Self { base, http }
    }

    /// A payer with this number, who came through the pages.
    pub fn identify(&self, key: &str, number: &str) -> String {
        let asked = json!({
            "identificationMethodKey": key,
            "callbackUrl": format!("http://127.0.0.1:9/back?ut={number}"),
        });
        let told = self.call("POST", "identity", Some(&asked));
        let session = text(&told, "/sessionId");
        let url = text(&told, "/parameters/url");
        self.press(&url, "continue", "msisdn", number);
        self.press(&url, "confirm", "pin", "1234");
        let told = self.call("POST", &format!("identity/{session}"), None);
        text(&told, "/bangoUserId")
    }

    pub fn authorize(&self, user: &str, external: &str, gross: &str) -> String {
        let asked = json!({
            "bangoUserId": user,
            "externalTransactionId": external,
            "paymentMethods": ["OPERATORBILLING"],
            "paymentItems": [{
                "itemName": "A thing",
                "priceList": [{ "grossAmount": gross, "currencyIso3": "USD" }],
            }],
            "extensionData": {},
        });
        text(
            &self.call("POST", "transaction", Some(&asked)),
            "/transactionId",
        )
    }

    /// Answers the code.
    pub fn retrieve(&self, transaction: &str) -> String {
        let path = format!("transaction/{transaction}");
        text(&self.call("GET", &path, None), "/responseCode")
    }

    pub fn capture(&self, transaction: &str) {
        let told = self.call("PUT", &format!("transaction/{transaction}"), None);
        assert_eq!(told["responseCode"], "OK", "{told}");
    }

    pub fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let method = method.parse().unwrap();
        let mut request = self
            .http
            .request(method, format!("{}/{path}", self.base))
            .basic_auth("sandbox", Some("sandbox"));
        if let Some(body) = body {
            request = request
                .header("Content-Type", "application/json")
                .body(body.to_string());
        }
        read(request.send().unwrap())
    }

    /// Presses a button of the payer's page, as a program that reads the form as data.
    fn press(&self, url: &str, action: &str, field: &str, value: &str) {
        let page = self.http.get(url).header("Accept", "application/json");
        let page = read(page.send().unwrap());
        let fields = page["fields"].as_array().unwrap();
        let names: Vec<_> = fields.iter().map(|field| text(field, "/name")).collect();
        assert!(names.iter().any(|name| name == field), "{page}");
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for (name, known) in names.iter().zip(fields) {
            let known = text(known, "/value");
            form.append_pair(name, if name == field { value } else { &known });
        }
        form.append_pair("action", action);
        let pressed = self
            .http
            .post(url)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form.finish())
            .send()
            .unwrap();
        assert!(pressed.status().as_u16() < 400, "{action}: {pressed:?}");
    }
}

fn read(response: Response) -> Value {
    let body = response.text().unwrap();
    serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error} in {body:?}"))
}

#[track_caller]
fn text(value: &Value, pointer: &str) -> String {
    match value.pointer(pointer).and_then(Value::as_str) {
        Some(text) => text.to_owned(),
        None => panic!("no text at {pointer} in {value}"),
    }
}
