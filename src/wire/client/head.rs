//! The head of a call: every header that leaves, in the order in which it leaves.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue,
};
use secrecy::{ExposeSecret as _, SecretString};
use url::{Position, Url};

use crate::api::{Call, Method, Stub};
use crate::exchange::{Body, CALL_HEADER, CallId, FAULT_HEADER, Header, NotSent, Request};

/// HTTP Basic credentials.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub username: String,
    pub password: SecretString,
}

/// All headers are set here, so that the library adds none of its own and the record is what leaves.
pub(super) fn build(
    base: &Url,
    credentials: &Credentials,
    call: &Call,
    id: Option<CallId>,
) -> Result<reqwest::Request, NotSent> {
    let url = below(base, &call.path)?;
    let method = reqwest::Method::from_bytes(call.method.as_str().as_bytes())
        .map_err(|error| unbuildable(&error))?;
    let mut request = reqwest::Request::new(method, url);

    let host = &request.url()[Position::BeforeHost..Position::AfterPort];
    let host = HeaderValue::from_str(host).map_err(|error| unbuildable(&error))?;
    let length = call.body.as_ref().map_or(0, Vec::len);
    let headers: &mut HeaderMap = request.headers_mut();
    headers.insert(HOST, host);
    headers.insert(AUTHORIZATION, basic(credentials)?);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    if call.body.is_some() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if call.body.is_some() || call.method == Method::Post {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if let Some(id) = id {
        let name =
            HeaderName::from_bytes(CALL_HEADER.as_bytes()).map_err(|error| unbuildable(&error))?;
        let id = HeaderValue::from_str(&id.0.to_string()).map_err(|error| unbuildable(&error))?;
        headers.insert(name, id);
    }
    // Only where a call id is told, too: nobody else knows the header.
    if let Some(fault) = call.fault.filter(|_| id.is_some()) {
        let name =
            HeaderName::from_bytes(FAULT_HEADER.as_bytes()).map_err(|error| unbuildable(&error))?;
        headers.insert(name, HeaderValue::from_static(fault.as_str()));
    }
    for (name, value) in call.stub.iter().flat_map(Stub::headers) {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| unbuildable(&error))?;
        let value = HeaderValue::from_str(&value).map_err(|error| unbuildable(&error))?;
        headers.insert(name, value);
    }
    *request.body_mut() = call.body.clone().map(Into::into);
    Ok(request)
}

/// What [`build`] made, as a record.
pub(super) fn record(request: &reqwest::Request, call: &Call) -> Request {
    Request {
        method: request.method().as_str().to_owned(),
        url: request.url().as_str().to_owned(),
        headers: request
            .headers()
            .iter()
            .map(|(name, value)| Header::new(name.as_str(), value.as_bytes()))
            .collect(),
        body: Body::whole(call.body.clone().unwrap_or_default()),
    }
}

/// `path` below the base. A path that the URL rules would turn into another one is refused: an id of
/// `..` would reach the collection above.
fn below(base: &Url, path: &str) -> Result<Url, NotSent> {
    let wanted = format!("{}/{path}", base.path().trim_end_matches('/'));
    let mut url = base.clone();
    url.set_path(&wanted);
    if url.path() == wanted {
        Ok(url)
    } else {
        Err(unbuildable(&"the path would reach another address"))
    }
}

pub(super) fn basic(credentials: &Credentials) -> Result<HeaderValue, NotSent> {
    let pair = format!(
        "{}:{}",
        credentials.username,
        credentials.password.expose_secret()
    );
    let value = format!("Basic {}", BASE64_STANDARD.encode(pair));
    let mut value = HeaderValue::from_str(&value).map_err(|error| unbuildable(&error))?;
    value.set_sensitive(true);
    Ok(value)
}

fn unbuildable(error: &impl ToString) -> NotSent {
    NotSent::Unbuildable {
        error: error.to_string(),
    }
}
