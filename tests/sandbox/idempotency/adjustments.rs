//! Captures, cancels and refunds that are sent again.

use serde_json::json;

use crate::harness::{
    Payer, Sandbox, amounts, authorized, bad_request, gross_only, is, is_replay_of, not_replayed,
    payment, standard, with_key,
};

#[test]
fn the_capture_that_succeeded_is_replayed_in_every_later_state() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("10.99", "1.00");
    let part = amounts("10.59", "0.90");
    let first = sandbox.capture_with(&transaction, &part);
    is(&first, "OK");
    for refund in [Some(amounts("1.59", "0.20")), None] {
        is_replay_of(&sandbox.capture_with(&transaction, &part), &first);
        match refund {
            Some(body) => is(&sandbox.delete_with(&transaction, &body), "REFUNDED"),
            None => is(&sandbox.delete(&transaction), "REFUNDED"),
        }
    }
    is_replay_of(&sandbox.capture_with(&transaction, &part), &first);
    bad_request(&sandbox.capture(&transaction));
}

#[test]
fn no_body_and_an_empty_object_are_different_captures() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("10.99", "1.00");
    let first = sandbox.capture(&transaction);
    is(&first, "OK");
    bad_request(&sandbox.capture_with(&transaction, &json!({})));
    is_replay_of(&sandbox.capture(&transaction), &first);
}

#[test]
fn an_empty_body_is_no_body() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("10.99", "1.00");
    let first = sandbox.capture(&transaction);
    let path = format!("transaction/{transaction}");
    is_replay_of(&sandbox.text("PUT", &path, ""), &first);
    let first = sandbox.text("DELETE", &path, "");
    is(&first, "REFUNDED");
    is_replay_of(&sandbox.delete(&transaction), &first);
}

#[test]
fn an_equal_full_refund_is_replayed_whichever_way_it_was_asked() {
    let sandbox = Sandbox::start();
    for body in [
        json!({}),
        json!({"externalTransactionId": "r-1"}),
        amounts("10.99", "1.00"),
        with_key(&amounts("10.99", "1.00"), "r-2"),
    ] {
        let transaction = sandbox.captured("10.99", "1.00");
        let first = sandbox.delete_with(&transaction, &body);
        is(&first, "REFUNDED");
        not_replayed(&first);
        is_replay_of(&sandbox.delete_with(&transaction, &body), &first);
        is(&sandbox.delete(&transaction), "ALREADY_REFUNDED");
    }
}

#[test]
fn the_refund_of_a_remainder_is_replayed() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("10.99", "1.00");
    is(
        &sandbox.delete_with(&transaction, &amounts("1.59", "0.20")),
        "REFUNDED",
    );
    let first = sandbox.delete(&transaction);
    is(&first, "REFUNDED");
    is_replay_of(&sandbox.delete(&transaction), &first);
}

#[test]
fn the_last_part_without_a_key_is_not_replayed() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("5.00", "0.50");
    let (first, last) = (amounts("2.00", "0.20"), amounts("3.00", "0.30"));
    is(&sandbox.delete_with(&transaction, &first), "REFUNDED");
    is(&sandbox.delete_with(&transaction, &last), "REFUNDED");
    for part in [first, last] {
        is(
            &sandbox.delete_with(&transaction, &part),
            "ALREADY_REFUNDED",
        );
    }
}

#[test]
fn equal_partial_refunds_without_a_key_are_two() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("5.00", "0.50");
    for _ in 0..2 {
        let answer = sandbox.delete_with(&transaction, &amounts("2.00", "0.20"));
        is(&answer, "REFUNDED");
        not_replayed(&answer);
    }
    is(
        &sandbox.delete_with(&transaction, &amounts("2.00", "0.20")),
        "CANT_REFUND",
    );
    is(
        &sandbox.delete_with(&transaction, &amounts("1.00", "0.10")),
        "REFUNDED",
    );
}

#[test]
fn equal_partial_refunds_under_one_key_are_one() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("5.00", "0.50");
    let refund = with_key(&amounts("2.00", "0.20"), "r-1");
    let first = sandbox.delete_with(&transaction, &refund);
    is(&first, "REFUNDED");
    not_replayed(&first);
    for _ in 0..3 {
        is_replay_of(&sandbox.delete_with(&transaction, &refund), &first);
    }
    is(
        &sandbox.delete_with(&transaction, &amounts("3.01", "0.30")),
        "CANT_REFUND",
    );
    is(
        &sandbox.delete_with(&transaction, &amounts("3.00", "0.30")),
        "REFUNDED",
    );
    is_replay_of(&sandbox.delete_with(&transaction, &refund), &first);
}

#[test]
fn equal_partial_refunds_under_two_keys_are_two() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("5.00", "0.50");
    for key in ["r-1", "r-2"] {
        let answer = sandbox.delete_with(&transaction, &with_key(&amounts("2.00", "0.20"), key));
        is(&answer, "REFUNDED");
        not_replayed(&answer);
    }
    is(
        &sandbox.delete_with(&transaction, &amounts("1.01", "0.10")),
        "CANT_REFUND",
    );
    is(
        &sandbox.delete_with(&transaction, &amounts("1.00", "0.10")),
        "REFUNDED",
    );
}

#[test]
fn a_tax_left_out_of_a_partial_refund_is_the_same_as_none() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("5.00", "0.50");
    let spelled = with_key(&amounts("2.00", "0.00"), "r-1");
    let left_out = with_key(&gross_only("2.00"), "r-1");
    let first = sandbox.delete_with(&transaction, &left_out);
    is(&first, "REFUNDED");
    not_replayed(&first);
    is_replay_of(&sandbox.delete_with(&transaction, &spelled), &first);
}

#[test]
fn a_refunds_key_with_other_amounts_is_a_further_refund() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.captured("5.00", "0.50");
    for (gross, tax) in [("2.00", "0.20"), ("2.00", "0.10"), ("0.50", "0.10")] {
        let answer = sandbox.delete_with(&transaction, &with_key(&amounts(gross, tax), "r-1"));
        is(&answer, "REFUNDED");
        not_replayed(&answer);
    }
    is(
        &sandbox.delete_with(&transaction, &amounts("0.51", "0.10")),
        "CANT_REFUND",
    );
    is(
        &sandbox.delete_with(&transaction, &amounts("0.50", "0.10")),
        "REFUNDED",
    );
}

#[test]
fn the_same_refund_of_another_transaction_is_its_own() {
    let sandbox = Sandbox::start();
    let refund = with_key(&amounts("2.00", "0.20"), "r-1");
    for _ in 0..2 {
        let transaction = sandbox.captured("5.00", "0.50");
        let answer = sandbox.delete_with(&transaction, &refund);
        is(&answer, "REFUNDED");
        not_replayed(&answer);
    }
}

#[test]
fn a_cancel_that_was_refused_does_not_answer_for_the_refund() {
    let sandbox = Sandbox::start();
    let user = sandbox.identify("GBR_BANGO", "447710900131");
    let transaction = authorized(&sandbox.authorize(&standard(&user, "t-1")));
    let declined = sandbox.delete(&transaction);
    is(&declined, "DECLINED");
    is_replay_of(&sandbox.delete(&transaction), &declined);
    is(&sandbox.capture(&transaction), "OK");
    let answer = sandbox.delete(&transaction);
    is(&answer, "REFUNDED");
    not_replayed(&answer);
}

#[test]
fn definite_refusals_of_captures_and_refunds_are_replayed() {
    let sandbox = Sandbox::start();
    let user = sandbox.identify("GBR_BANGO", "447710900130");
    let transaction = authorized(&sandbox.authorize(&standard(&user, "t-1")));
    let first = sandbox.capture(&transaction);
    is(&first, "DECLINED");
    is_replay_of(&sandbox.capture(&transaction), &first);
    // Nothing is captured yet, so another capture is a new try and not a conflict.
    is(
        &sandbox.capture_with(&transaction, &amounts("0.59", "0.00")),
        "DECLINED",
    );

    let user = sandbox.identify("GBR_BANGO", "447710900132");
    let transaction = authorized(&sandbox.authorize(&standard(&user, "t-2")));
    is(&sandbox.capture(&transaction), "OK");
    let first = sandbox.delete(&transaction);
    is(&first, "DECLINED");
    is_replay_of(&sandbox.delete(&transaction), &first);
}

#[test]
fn transient_refusals_of_captures_cancels_and_refunds_run_again() {
    let sandbox = Sandbox::start();
    let started = |suffix: &str| {
        let user =
            sandbox.identify_as(Payer::program(), "GBR_BANGO", &format!("447710900{suffix}"));
        authorized(&sandbox.authorize(&payment(&user, suffix, "10.99", "1.00")))
    };
    for (code, commit, cancel, refund) in [
        ("CONNECT_ERROR", "134", "135", "136"),
        ("CONNECT_TIMEOUT", "138", "139", "140"),
        ("FAILURE", "142", "143", "144"),
    ] {
        let uncaptured = started(commit);
        let uncancelled = started(cancel);
        let unrefunded = started(refund);
        is(&sandbox.capture(&unrefunded), "OK");
        let part = with_key(&amounts("1.59", "0.20"), "r-1");
        for _ in 0..2 {
            for answer in [
                sandbox.capture(&uncaptured),
                sandbox.delete(&uncancelled),
                sandbox.delete(&unrefunded),
                sandbox.delete_with(&unrefunded, &part),
            ] {
                is(&answer, code);
                not_replayed(&answer);
            }
        }
        // A failed step leaves the state as it was: another capture is a try of its own.
        is(
            &sandbox.capture_with(&uncaptured, &amounts("0.59", "0.00")),
            code,
        );
        is(&sandbox.delete(&uncaptured), "CANCELLED");
        is(&sandbox.capture(&uncancelled), "OK");
    }
}

#[test]
fn no_bad_request_on_a_transaction_is_stored() {
    let sandbox = Sandbox::start();
    let transaction = sandbox.authorized("10.99", "1.00");
    let too_much = amounts("11.00", "1.00");
    for _ in 0..2 {
        let answer = sandbox.capture_with(&transaction, &too_much);
        bad_request(&answer);
        not_replayed(&answer);
    }
    let user = sandbox.identify("GBR_BANGO", "447710900146");
    let transaction = authorized(&sandbox.authorize(&standard(&user, "t-146")));
    for _ in 0..2 {
        let answer = sandbox.capture(&transaction);
        is(&answer, "INVALID_BANGOUSERID");
        not_replayed(&answer);
    }
}
