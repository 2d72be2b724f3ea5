//! The payer with a browser of their own: reads HTML, fills in its forms, and follows where they lead.

use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use reqwest::{Client, Method, Response, StatusCode};
use url::{Url, form_urlencoded};

use page::Page;

#[expect(
    dead_code,
    reason = "the payer there looks at more, and at forms as data too"
)]
#[path = "../sandbox/harness/page.rs"]
mod page;

/// An answer, as a page is read from it.
pub struct Answer {
    pub status: u16,
    kind: Option<String>,
    location: Option<String>,
    body: String,
}

impl Answer {
    async fn of(answer: Response) -> Self {
        let header = |name| {
            let value = answer.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        };
        Self {
            status: answer.status().as_u16(),
            kind: header(CONTENT_TYPE),
            location: header(LOCATION),
            body: answer.text().await.unwrap(),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        assert_eq!(name, "content-type");
        self.kind.as_deref()
    }

    pub fn text(&self) -> String {
        self.body.clone()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

pub struct Browser(Client);

impl Browser {
    pub fn new() -> Self {
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build();
        Self(client.unwrap())
    }

    async fn open(&self, url: &str) -> Page {
        let answer = self.get(url).await;
        Page::read(&answer, url)
    }

    pub async fn get(&self, url: &str) -> Answer {
        let request = self.0.get(url).header(ACCEPT, "text/html,*/*;q=0.8");
        Answer::of(request.send().await.unwrap()).await
    }

    /// Presses the button that goes on, `text` in every field. Answers where the browser is sent.
    async fn press(&self, page: &Page, text: &str) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&page.hidden);
        for (name, _) in &page.fields {
            form.append_pair(name, text);
        }
        form.append_pair("action", page.proceed());
        let target = Url::parse(&page.target).unwrap();
        let request = self
            .0
            .request(Method::POST, target.clone())
            .header(ACCEPT, "text/html,*/*;q=0.8")
            .header("Origin", target.origin().ascii_serialization())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.finish());
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let location = answer.location.unwrap();
        target.join(&location).unwrap().to_string()
    }

    /// Types the number and the PIN. Answers where the browser is sent at the end.
    pub async fn identify(&self, url: &str, number: &str) -> String {
        let pin = self.press(&self.open(url).await, number).await;
        self.press(&self.open(&pin).await, "1234").await
    }

    /// Confirms a payment and types the ZIP.
    pub async fn approve(&self, url: &str) -> String {
        let zip = self.press(&self.open(url).await, "").await;
        self.press(&self.open(&zip).await, "SW1A 1AA").await
    }
}
