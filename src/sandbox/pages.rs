//! The payer's pages over HTTP: one form in two representations at the same address, submitted by the
//! same urlencoded POST.

mod html;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, Router, get};
use http_body_util::{BodyExt as _, Limited};
use url::form_urlencoded;

use super::engine::Form;
use super::engine::form::Submission;
use super::server::Server;
use super::store::{StoreError, Submitted};
use crate::exchange::What;

/// What the pages' paths begin with; a token follows.
pub const BASE: &str = "/pages/";

/// Bytes of a submitted form that are read.
const FORM_LIMIT: usize = 64 * 1024;

/// Forms may lead anywhere: the browser follows the last one to the merchant, which `form-action` would
/// forbid.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

pub fn router() -> Router<Arc<Server>> {
    let page: MethodRouter<Arc<Server>> = get(open).post(submit);
    Router::new()
        .route("/pages/style.css", get(style))
        .route("/pages/{token}", page)
}

async fn style() -> Response {
    let css = HeaderValue::from_static("text/css; charset=utf-8");
    ([(header::CONTENT_TYPE, css)], html::STYLE).into_response()
}

/// Whoever asks for the head only does not see the page: the payer has not opened it.
async fn open(
    State(server): State<Arc<Server>>,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let as_data = wants_data(&headers);
    let _one_life = server.life.read().await;
    match server.store.open_page(token).await {
        Ok(Some(opened)) => {
            if method != Method::HEAD {
                let what = What::Page {
                    of: opened.of,
                    title: opened.form.title.to_owned(),
                    action: None,
                };
                server.feed.report(server.store.epoch(), None, what, None);
            }
            show(StatusCode::OK, &opened.form, as_data)
        }
        Ok(None) => unknown(as_data),
        Err(error) => failed(&error, as_data),
    }
}

/// What is decided here also happens when the browser goes away: a task owns it once the form is read.
async fn submit(
    State(server): State<Arc<Server>>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let as_data = wants_data(&head.headers);
    if !is_form(&head.headers) {
        let form = sorry("The form was not understood.");
        return show(StatusCode::UNSUPPORTED_MEDIA_TYPE, &form, as_data);
    }
    let Ok(body) = Limited::new(body, FORM_LIMIT).collect().await else {
        let form = sorry("The form was too large.");
        return show(StatusCode::PAYLOAD_TOO_LARGE, &form, as_data);
    };
    let submission = read(&body.to_bytes());
    let tasks = server.tasks.clone();
    let answered = tasks.spawn(async move {
        let action = submission.action.clone();
        let one_life = server.life.read().await;
        let submitted = server.store.submit_page(token.clone(), submission).await;
        if let Ok(Some(submitted)) = &submitted {
            let what = What::Page {
                of: submitted.of.clone(),
                title: submitted.page.to_owned(),
                action,
            };
            let epoch = server.store.epoch();
            server.feed.report(epoch, None, what, None);
        }
        // Nobody has to wait until the merchant's server has heard of it.
        drop(one_life);
        match submitted {
            Ok(Some(submitted)) => answer(&server, &token, submitted, as_data).await,
            Ok(None) => unknown(as_data),
            Err(error) => failed(&error, as_data),
        }
    });
    answered
        .await
        .unwrap_or_else(|_| failed(&StoreError::Panicked, as_data))
}

async fn answer(server: &Server, token: &str, submitted: Submitted, as_data: bool) -> Response {
    if let Some(end) = submitted.end {
        let browser = end.finished.browser.clone();
        server.ended(end).await;
        if let Some(url) = browser {
            return see_other(&url);
        }
    }
    if submitted.moved && !as_data {
        // The browser asks for the page anew, so that reloading it does not send the form again.
        see_other(&format!("{BASE}{token}"))
    } else {
        show(StatusCode::OK, &submitted.form, as_data)
    }
}

fn wants_data(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT).iter().any(|value| {
        let value = value.as_bytes().to_ascii_lowercase();
        value
            .split(|&byte| byte == b',')
            .any(|kind| kind.trim_ascii().starts_with(b"application/json"))
    })
}

fn is_form(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| {
        let value = value.as_bytes().to_ascii_lowercase();
        value.starts_with(b"application/x-www-form-urlencoded")
    })
}

fn read(body: &[u8]) -> Submission {
    let mut submission = Submission::default();
    for (name, value) in form_urlencoded::parse(body) {
        if name == "action" {
            submission.action = Some(value.into_owned());
        } else {
            let field = (name.into_owned(), value.into_owned());
            submission.fields.push(field);
        }
    }
    submission
}

fn show(status: StatusCode, form: &Form, as_data: bool) -> Response {
    let (kind, body) = if as_data {
        let json = serde_json::to_string(form).expect("a form is always JSON");
        // Should anything take it for HTML, it has no tags.
        let json = json.replace('<', "\\u003c");
        ("application/json; charset=utf-8", Body::from(json))
    } else {
        let html = html::render(form).into_string();
        ("text/html; charset=utf-8", Body::from(html))
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    guard(response.headers_mut(), kind);
    response
}

fn see_other(url: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    guard(headers, "text/plain; charset=utf-8");
    if let Ok(url) = HeaderValue::from_str(url) {
        headers.insert(header::LOCATION, url);
    }
    response
}

/// The page is nobody's but the payer's: it is not kept, framed, or named to the next site.
fn guard(headers: &mut HeaderMap, kind: &'static str) {
    let values: [(HeaderName, &'static str); 7] = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::VARY, "Accept"),
    ];
    for (name, value) in values {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

fn sorry(text: &str) -> Form {
    Form::closing("Something went wrong", text.to_owned(), None)
}

fn unknown(as_data: bool) -> Response {
    let text = "There is no page at this address. Please start again at the merchant.";
    let form = Form::closing("Page not found", text.to_owned(), None);
    show(StatusCode::NOT_FOUND, &form, as_data)
}

fn failed(error: &StoreError, as_data: bool) -> Response {
    let status = match error {
        StoreError::Database(_) | StoreError::Stopped => StatusCode::SERVICE_UNAVAILABLE,
        StoreError::Damaged { .. } | StoreError::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let form = sorry("The sandbox could not do this now. Nothing was changed.");
    show(status, &form, as_data)
}
