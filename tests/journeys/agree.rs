//! The journal and the sandbox tell the same money, after every step of whatever two programs do.
//!
//! One program is the console: its calls are recorded as they leave and end. The other is known to the
//! journal by the sandbox's reports only. What the sandbox says is asked over its state route.

mod books;
mod naive;
mod steps;
mod world;

use proptest::prelude::*;
use proptest::test_runner::{TestError, TestRunner};

use books::Books;
use naive::{Counts, Naive};
use steps::{Step, steps};
use world::World;

/// Plays the steps. After each, `told` gives what is to be compared with the sandbox.
fn agree(steps: &[Step], mut told: impl FnMut(&World) -> Books) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut world = World::open().await;
        for step in steps {
            world.play(step).await;
            let differences = world.sandbox().await.differences(&told(&world));
            prop_assert!(differences.is_empty(), "{step:?}: {differences:#?}");
        }
        Ok(())
    })
}

/// Whether the same holds for a fold that is another implementation.
fn naive_agrees(counts: Counts) -> Result<(), TestError<Vec<Step>>> {
    let config = ProptestConfig {
        cases: 8,
        max_shrink_iters: 0,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let rng = proptest::test_runner::TestRng::deterministic_rng(
        proptest::test_runner::RngAlgorithm::ChaCha,
    );
    TestRunner::new_with_rng(config, rng).run(&steps(), |steps| {
        let mut naive = Naive::new(counts);
        agree(&steps, |world| naive.books(world))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_journal_says_what_the_sandbox_knows(steps in steps()) {
        agree(&steps, World::journal)?;
    }
}

/// What makes the next two fail is their one mistake, nothing else.
#[test]
fn a_naive_fold_that_counts_what_moved_agrees() {
    naive_agrees(Counts::WhatMoved).unwrap();
}

#[test]
fn a_fold_that_counts_replays_is_caught() {
    is_caught(Counts::ReplaysToo);
}

#[test]
fn a_fold_that_counts_stubs_is_caught() {
    is_caught(Counts::StubsToo);
}

#[track_caller]
fn is_caught(counts: Counts) {
    let Err(TestError::Fail(why, _)) = naive_agrees(counts) else {
        panic!("nothing was found");
    };
    assert!(why.message().contains("is told as"), "{why}");
}
