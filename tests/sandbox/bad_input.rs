//! What is wrong gets the API's own envelope, a reason in a header, and changes nothing.

mod bodies;
mod credentials;
mod json;
mod members;
mod order;
mod reasons;
mod requests;
mod schema;
mod spelling;

use crate::harness::{Request, basic};

/// A call with the right credentials and nothing else.
fn request(method: &str, path: &str) -> Request {
    Request::new(method, &format!("/v5/{path}"))
        .header("Authorization", &basic("sandbox", "sandbox"))
}
