//! `Prefer` and `preference-extension`: the answer that is asked for, and nothing else.

mod answers;
mod headers;
mod trace;

use serde_json::Value;

pub use answers::{listed_codes, statuses};

use crate::harness::{Answer, Request, Sandbox, basic};

/// A call whose answer is asked for by `Prefer` and, unless it is empty, by `preference-extension`.
fn stub(method: &str, path: &str, prefer: &str, extension: &str) -> Request {
    let request = Request::new(method, &format!("/v5/{path}"))
        .header("Authorization", &basic("sandbox", "sandbox"))
        .header("Prefer", prefer);
    if extension.is_empty() {
        request
    } else {
        request.header("preference-extension", extension)
    }
}

/// The same with a JSON body.
fn stub_of(method: &str, path: &str, body: &Value, prefer: &str, extension: &str) -> Request {
    stub(method, path, prefer, extension)
        .header("Content-Type", "application/json")
        .body(body.to_string())
}

#[track_caller]
fn ask(sandbox: &Sandbox, method: &str, path: &str, prefer: &str, extension: &str) -> Answer {
    sandbox.send(&stub(method, path, prefer, extension))
}
