//! The payer, played: opens a page as data, fills it in, presses a button, goes back to the merchant.
//!
//! Knows no rule of the pages: it submits what it is given. Only a sandbox of ours offers its pages as
//! data; anything else is an error that says to use a browser.

mod form;

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use reqwest::{RequestBuilder, Response, StatusCode};
use url::Url;

use crate::exchange::page::{Back, Page, Turn};

const PAGE_BYTES: usize = 1024 * 1024;
const CONNECT: Duration = Duration::from_secs(5);
/// A last submission waits for the first try of a notification.
const WHOLE: Duration = Duration::from_secs(30);

/// A payer's browser without a screen. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Payer {
    http: reqwest::Client,
}

/// Why the payer cannot go on. The messages follow "could not open the payer's page: ".
#[derive(Debug, thiserror::Error)]
pub enum PayerError {
    #[error("its address does not begin with http:// (open the URL in a browser)")]
    NotHttp,
    #[error("nobody answered there ({0})")]
    Unreachable(#[source] reqwest::Error),
    #[error("there is no data form (status {status}): open the URL in a browser")]
    NoForm { status: u16 },
    #[error("the HTTP library refused: {0}")]
    Library(#[source] reqwest::Error),
}

impl Payer {
    pub fn new() -> Result<Self, PayerError> {
        let http = super::client::plain_http()
            .no_proxy()
            .tls_certs_only([])
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .build()
            .map_err(PayerError::Library)?;
        Ok(Self { http })
    }

    /// Opens a page. Nothing changes on the other side.
    pub async fn open(&self, url: &str) -> Result<Page, PayerError> {
        let url = http_url(url)?;
        let answer = send(self.http.get(url.clone())).await?;
        page(&url, answer).await
    }

    /// Presses `action` with the fields filled in as `(name, value)`. Where the pages end, the merchant's
    /// address is requested once, as a browser would; wherever that redirects to is not followed.
    pub async fn submit(
        &self,
        url: &str,
        fields: &[(String, String)],
        action: &str,
    ) -> Result<Turn, PayerError> {
        let url = http_url(url)?;
        let request = self
            .http
            .post(url.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form::encode(fields, action));
        let answer = send(request).await?;
        if answer.status() == StatusCode::SEE_OTHER {
            return Ok(Turn::Over(self.go_back(&url, &answer).await));
        }
        page(&url, answer).await.map(Turn::Page)
    }

    async fn go_back(&self, from: &Url, answer: &Response) -> Back {
        let target = answer
            .headers()
            .get(LOCATION)
            .and_then(|location| location.to_str().ok())
            .and_then(|location| from.join(location).ok())
            .filter(|url| matches!(url.scheme(), "http" | "https"));
        let Some(url) = target else {
            return Back::Nowhere;
        };
        let answer = self
            .http
            .get(url.clone())
            .header(ACCEPT, "text/html")
            .send();
        match answer.await {
            Ok(answer) => Back::Answered {
                url: url.into(),
                status: answer.status().as_u16(),
            },
            Err(error) => Back::Unreachable {
                url: url.into(),
                error: error.without_url().to_string(),
            },
        }
    }
}

fn http_url(url: &str) -> Result<Url, PayerError> {
    Url::parse(url)
        .ok()
        .filter(|url| url.scheme() == "http" && url.has_host())
        .ok_or(PayerError::NotHttp)
}

async fn send(request: RequestBuilder) -> Result<Response, PayerError> {
    request
        .header(ACCEPT, "application/json")
        .send()
        .await
        .map_err(unreachable)
}

/// A form is a form whatever its status: a refused submission shows the page again with an error.
async fn page(url: &Url, mut answer: Response) -> Result<Page, PayerError> {
    let no_form = PayerError::NoForm {
        status: answer.status().as_u16(),
    };
    let is_json = answer
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    if !is_json {
        return Err(no_form);
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
        body.extend_from_slice(&chunk);
        if body.len() > PAGE_BYTES {
            return Err(no_form);
        }
    }
    form::parse(url, &body).ok_or(no_form)
}

fn unreachable(error: reqwest::Error) -> PayerError {
    PayerError::Unreachable(error.without_url())
}

#[cfg(test)]
mod tests;
