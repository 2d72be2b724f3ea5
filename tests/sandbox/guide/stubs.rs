//! The scenarios that force their answer by stub headers: 3.6, 3.8 and 3.17 to 3.20.

use super::{started, stubbed};
use crate::harness::{Sandbox, is};

#[track_caller]
fn start_is(code: &str) {
    let sandbox = Sandbox::start();
    let extension = format!("responseCode={code}");
    let answer = stubbed(&sandbox, "POST", "transaction", "status=202", &extension);
    is(&answer, code);
}

#[test]
fn guide_3_6_speed_limit() {
    start_is("SPEED_LIMIT");
}

#[test]
fn guide_3_8_price_not_supported() {
    start_is("PRICE_NOT_SUPPORTED");
}

#[test]
fn guide_3_17_connect_timeout_on_start() {
    let sandbox = Sandbox::start();
    let answer = stubbed(&sandbox, "POST", "transaction", "status=504", "");
    is(&answer, "CONNECT_TIMEOUT");
}

#[test]
fn guide_3_18_connect_timeout_on_commit() {
    let sandbox = Sandbox::start();
    let path = format!("transaction/{}", started(&sandbox, &sandbox.user_120()));
    is(
        &stubbed(&sandbox, "PUT", &path, "status=504", ""),
        "CONNECT_TIMEOUT",
    );
}

#[test]
fn guide_3_19_connect_timeout_on_cancel() {
    let sandbox = Sandbox::start();
    let path = format!("transaction/{}", started(&sandbox, &sandbox.user_120()));
    let answer = stubbed(&sandbox, "DELETE", &path, "status=504", "");
    is(&answer, "CONNECT_TIMEOUT");
}

#[test]
fn guide_3_20_connect_timeout_on_refund() {
    let sandbox = Sandbox::start();
    let transaction = started(&sandbox, &sandbox.user_120());
    is(&sandbox.capture(&transaction), "OK");
    let path = format!("transaction/{transaction}");
    let answer = stubbed(&sandbox, "DELETE", &path, "status=504", "");
    is(&answer, "CONNECT_TIMEOUT");
}
