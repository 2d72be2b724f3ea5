//! What stands beside the API, under `/_sandbox/`: what there is, payers without the pages, the SMS of an
//! identification, the activity, and the reset.

mod activity;
mod lists;
mod reset;
mod sms;
mod users;

use serde_json::{Value, json};

pub use activity::Stream;

use crate::harness::{Answer, Request, Sandbox, basic};

/// A call with the right credentials; `path` is below `/_sandbox/`.
pub fn request(method: &str, path: &str) -> Request {
    Request::new(method, &format!("/_sandbox/{path}"))
        .header("Authorization", &basic("sandbox", "sandbox"))
}

#[track_caller]
pub fn get(sandbox: &Sandbox, path: &str) -> Value {
    let answer = sandbox.send(&request("GET", path));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The id of the user with this number, without the pages.
#[track_caller]
pub fn new_user(sandbox: &Sandbox, number: &str) -> String {
    post(sandbox, "users", &json!({"msisdn": number})).text_at("/bangoUserId")
}

#[track_caller]
pub fn post(sandbox: &Sandbox, path: &str, body: &Value) -> Answer {
    let request = request("POST", path).header("Content-Type", "application/json");
    sandbox.send(&request.body(body.to_string()))
}
