//! Two readings of the same rules: what the console holds possible for a payment, and what the sandbox
//! does with it. They were written apart, and are compared here over real HTTP.
//!
//! Before each call the lifecycle of what is recorded says which verb would move something; the answer
//! proves it. At the end of a life the sums are proved, too: what is left can be refunded, a cent more
//! cannot.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

#[path = "parity/life.rs"]
mod life;
#[path = "parity/payment.rs"]
mod payment;
#[path = "parity/world.rs"]
mod world;

use std::cell::RefCell;

use bango_console::exchange::Epoch;
use bango_console::money::Taxed;
use bango_console::record::Transaction;
use bango_console::record::lifecycle::{self, Availability, Reason, Verb};
use bango_console::record::transaction::State;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use life::{Cast, Life, life};
use payment::Payment;
use world::World;

/// The console's reading, or a wrong one that has to be noticed.
#[derive(Clone, Copy)]
struct Reading {
    possible: fn(&Transaction, Verb, Epoch) -> bool,
    /// Whether what is not possible is offered all the same, to see how it is refused.
    forced: fn(&Transaction, Verb, Epoch) -> bool,
    /// What can still be refunded.
    left: fn(&Transaction) -> Taxed,
}

const CONSOLE: Reading = Reading {
    possible: is_possible,
    forced: can_be_forced,
    left: Transaction::refundable,
};

fn is_possible(payment: &Transaction, verb: Verb, now: Epoch) -> bool {
    lifecycle::of_transaction(payment, verb, now).is_possible()
}

fn can_be_forced(payment: &Transaction, verb: Verb, now: Epoch) -> bool {
    lifecycle::of_transaction(payment, verb, now).can_be_forced()
}

/// Lives a payment's life, and tells where the two readings part.
fn compare(world: &mut World, reading: Reading, (cast, steps): &Life) -> Result<(), String> {
    let mut payment = Payment::start(world, reading, *cast)?;
    for (number, (step, lost)) in steps.iter().enumerate() {
        payment
            .live(*step, *lost)
            .map_err(|told| format!("step {number}: {told}"))?;
    }
    Ok(())
}

fn run(reading: Reading, mut runner: TestRunner) -> Result<(), String> {
    let world = RefCell::new(World::new(None));
    runner
        .run(&life(), |life| {
            compare(&mut world.borrow_mut(), reading, &life).map_err(TestCaseError::fail)
        })
        .map_err(|error| error.to_string())
}

fn lives() -> Config {
    Config {
        failure_persistence: None,
        ..Config::with_cases(32)
    }
}

/// What is told of a wrong reading, over lives that are always the same.
fn noticed(wrong: Reading) -> String {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    run(wrong, TestRunner::new_with_rng(lives(), rng)).expect_err("nothing was noticed")
}

#[test]
fn what_is_possible_is_what_the_sandbox_does() {
    assert_eq!(run(CONSOLE, TestRunner::new(lives())), Ok(()));
}

#[test]
fn control_a_second_capture_is_noticed() {
    let wrong = Reading {
        possible: |payment, verb, now| {
            let again = verb == Verb::Capture && matches!(payment.state, State::Captured(_));
            again || is_possible(payment, verb, now)
        },
        ..CONSOLE
    };
    let told = noticed(wrong);
    assert!(told.contains("expected Some(Captured)"), "{told}");
}

#[test]
fn control_a_refund_of_nothing_is_noticed() {
    let wrong = Reading {
        possible: |payment, verb, now| {
            let captured = verb == Verb::Refund && matches!(payment.state, State::Captured(_));
            captured || is_possible(payment, verb, now)
        },
        ..CONSOLE
    };
    let told = noticed(wrong);
    assert!(told.contains("expected Some(Refunded)"), "{told}");
}

#[test]
fn control_refunds_that_are_not_counted_are_noticed() {
    let wrong = Reading {
        left: Transaction::captured,
        ..CONSOLE
    };
    let told = noticed(wrong);
    assert!(told.contains("expected Some(Refunded)"), "{told}");
}

#[test]
fn control_a_capture_before_the_payers_approval_is_noticed() {
    let wrong = Reading {
        possible: |payment, verb, now| {
            let waits = matches!(payment.state, State::WaitingForPayer { .. });
            (verb == Verb::Capture && waits) || is_possible(payment, verb, now)
        },
        ..CONSOLE
    };
    let told = noticed(wrong);
    assert!(told.contains("expected Some(Captured)"), "{told}");
}

#[test]
fn control_a_capture_of_an_expired_authorization_is_noticed() {
    let wrong = Reading {
        possible: |payment, verb, now| {
            (verb == Verb::Capture && payment.expired) || is_possible(payment, verb, now)
        },
        ..CONSOLE
    };
    let told = noticed(wrong);
    assert!(told.contains("expected Some(Captured)"), "{told}");
}

#[test]
fn control_a_payment_that_outlives_a_reset_is_noticed() {
    let wrong = Reading {
        possible: |payment, verb, _| is_possible(payment, verb, payment.epoch),
        ..CONSOLE
    };
    let told = noticed(wrong);
    assert!(told.contains("of before a reset"), "{told}");
}

/// A console that forces also what was refused for this reason.
fn because(payment: &Transaction, verb: Verb, now: Epoch, reason: Reason) -> bool {
    let said = lifecycle::of_transaction(payment, verb, now);
    can_be_forced(payment, verb, now) || said == Availability::Not { because: reason }
}

#[test]
fn control_a_forced_cancel_that_refunds_is_noticed() {
    let wrong = Reading {
        forced: |payment, verb, now| because(payment, verb, now, Reason::CapturedSoRefund),
        ..CONSOLE
    };
    let told = noticed(wrong);
    assert!(told.contains("the forced cancel"), "{told}");
}

#[test]
fn control_a_forced_refund_that_cancels_is_noticed() {
    let wrong = Reading {
        forced: |payment, verb, now| because(payment, verb, now, Reason::NothingCaptured),
        ..CONSOLE
    };
    let told = noticed(wrong);
    assert!(told.contains("the forced refund"), "{told}");
}

/// A payment of before a reset, whose id is another one's by now.
fn after_a_reset(reading: Reading) -> Result<(), String> {
    let mut world = World::new(Some(7));
    Payment::start(&mut world, reading, Cast::Plain)?.lose_id()
}

#[test]
fn nothing_is_forced_on_a_payment_of_before_a_reset() {
    assert_eq!(after_a_reset(CONSOLE), Ok(()));
}

#[test]
fn control_a_forced_call_on_a_payment_of_before_a_reset_is_noticed() {
    let wrong = Reading {
        forced: |payment, verb, now| because(payment, verb, now, Reason::Reset),
        ..CONSOLE
    };
    let told = after_a_reset(wrong).unwrap_err();
    assert!(told.contains("the forced capture"), "{told}");
}
