//! The scenarios of the Bango testing guide, one test each, under the guide's own numbers.

mod failures;
mod idempotency;
mod redirect;
mod stubs;
mod success;

use crate::harness::{Sandbox, authorized, standard};

/// The guide's first step: a start over the standard amount that goes well.
#[track_caller]
fn started(sandbox: &Sandbox, user: &str) -> String {
    authorized(&sandbox.authorize(&standard(user, "your-transaction-id")))
}
