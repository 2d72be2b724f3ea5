//! Section 5: a request that is sent again gives the same answer, any number of times.

use super::started;
use crate::harness::{Sandbox, authorized, is, is_replay_of, not_replayed, standard};

#[test]
fn guide_5_1_start_again() {
    let sandbox = Sandbox::start();
    let body = standard(&sandbox.user_120(), "your-transaction-id");
    let first = sandbox.authorize(&body);
    authorized(&first);
    not_replayed(&first);
    for _ in 0..3 {
        is_replay_of(&sandbox.authorize(&body), &first);
    }
}

#[test]
fn guide_5_2_commit_again() {
    let sandbox = Sandbox::start();
    let transaction = started(&sandbox, &sandbox.user_120());
    let first = sandbox.capture(&transaction);
    is(&first, "OK");
    not_replayed(&first);
    for _ in 0..3 {
        is_replay_of(&sandbox.capture(&transaction), &first);
    }
}

#[test]
fn guide_5_3_cancel_again() {
    let sandbox = Sandbox::start();
    let transaction = started(&sandbox, &sandbox.user_120());
    let first = sandbox.delete(&transaction);
    is(&first, "CANCELLED");
    not_replayed(&first);
    for _ in 0..3 {
        is_replay_of(&sandbox.delete(&transaction), &first);
    }
}

#[test]
fn guide_5_4_refund_again() {
    let sandbox = Sandbox::start();
    let transaction = started(&sandbox, &sandbox.user_120());
    is(&sandbox.capture(&transaction), "OK");
    let first = sandbox.delete(&transaction);
    is(&first, "REFUNDED");
    not_replayed(&first);
    for _ in 0..3 {
        is_replay_of(&sandbox.delete(&transaction), &first);
    }
}
