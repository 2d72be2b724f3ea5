//! `DELETE identity/{bangoUserId}`: the account is closed, and what that means.

use serde_json::json;

use crate::harness::{
    Answer, Payer, Sandbox, authorized, is, is_replay_of, not_found, sent_to_a_page, standard,
};

const NO_ACCOUNT: &str = "A MerchantUserAccount with the given id does not exist.";

#[track_caller]
fn close(sandbox: &Sandbox, user: &str) -> Answer {
    sandbox.bare("DELETE", &format!("identity/{user}"))
}

/// An identification that has led to payer 120, and its page.
fn identified(sandbox: &Sandbox) -> (String, String, String) {
    let (session, url) = sent_to_a_page(&sandbox.identity(&json!({})));
    Payer::program().identifies(&url, "447710900120");
    let user = sandbox.go_on(&session).text_at("/bangoUserId");
    (session, url, user)
}

#[test]
fn a_closed_user_is_unknown_everywhere() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    is(&close(&sandbox, &user), "OK");
    not_found(&sandbox.user(&user), NO_ACCOUNT);
    not_found(&close(&sandbox, &user), NO_ACCOUNT);
    let body = standard(&user, "t-1");
    is(&sandbox.authorize(&body), "INVALID_BANGOUSERID");
    is(&sandbox.options(&body), "INVALID_BANGOUSERID");
}

#[test]
fn a_closed_id_never_comes_back() {
    let sandbox = Sandbox::start();
    let mut earlier = Vec::new();
    for round in 0..3 {
        let user = sandbox.user_120();
        assert!(!earlier.contains(&user), "{user} came back");
        assert_eq!(sandbox.user_120(), user, "an open one stays");
        authorized(&sandbox.authorize(&standard(&user, &format!("t-{round}"))));
        is(&close(&sandbox, &user), "OK");
        earlier.push(user);
    }
    for user in earlier {
        not_found(&sandbox.user(&user), NO_ACCOUNT);
    }
}

#[test]
fn the_sessions_that_led_to_a_closed_account_are_over() {
    let sandbox = Sandbox::start();
    let (session, url, user) = identified(&sandbox);
    let (other, ..) = identified(&sandbox);
    is(&close(&sandbox, &user), "OK");
    for session in [&session, &other] {
        not_found(&sandbox.go_on(session), "Invalid session id.");
    }
    let page = Payer::program().opens(&url);
    assert!(page.done && page.actions.is_empty());
    let (third, _, again) = identified(&sandbox);
    assert_ne!(again, user);
    assert_eq!(sandbox.go_on(&third).text_at("/bangoUserId"), again);
}

#[test]
fn what_was_paid_before_is_settled_after() {
    let sandbox = Sandbox::start();
    let user = sandbox.user_120();
    let body = standard(&user, "t-1");
    let first = sandbox.authorize(&body);
    let transaction = authorized(&first);
    is(&close(&sandbox, &user), "OK");
    is_replay_of(&sandbox.authorize(&body), &first);
    is(&sandbox.capture(&transaction), "OK");
    let retrieved = sandbox.retrieve(&transaction);
    assert_eq!(retrieved.text_at("/transaction/bangoUserId"), user);
    is(&sandbox.delete(&transaction), "REFUNDED");
}

#[test]
fn only_a_user_can_be_closed() {
    let sandbox = Sandbox::start();
    let (session, _, user) = identified(&sandbox);
    for id in ["123456789", "0", "x", "%00", &session] {
        not_found(&close(&sandbox, id), NO_ACCOUNT);
    }
    assert_eq!(sandbox.user(&user).text_at("/status"), "OK");
}

#[test]
fn a_restart_does_not_open_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("sandbox.db");
    let sandbox = Sandbox::on(&database);
    let user = sandbox.user_120();
    is(&close(&sandbox, &user), "OK");
    sandbox.kill();
    let sandbox = Sandbox::on(&database);
    not_found(&sandbox.user(&user), NO_ACCOUNT);
    assert_ne!(sandbox.user_120(), user);
}
