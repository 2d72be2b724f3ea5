//! Many at once: equal starts are one, and refunds never give back more than was captured. The refunds
//! are also run against a till that reads, waits and writes, which has to be noticed.

use std::sync::Mutex;

use tokio::task::JoinSet;

use super::*;
use crate::api::TransactionId;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn equal_starts_are_one_payment() {
    let bench = Bench::in_memory();
    let user = identify(&bench.store, "GBR_BANGO", "447710900120").await;
    let mut starts = JoinSet::new();
    for _ in 0..500 {
        let (store, request) = (bench.store.clone(), start(&user, Some("t-1"), "10.99"));
        starts.spawn(async move { store.authorize(merchant(), request).await.unwrap() });
    }
    let replies = starts.join_all().await;
    assert_eq!(
        replies
            .iter()
            .filter(|reply| !reply.answer.replayed)
            .count(),
        1
    );
    assert!(
        replies
            .windows(2)
            .all(|pair| pair[0].answer.body == pair[1].answer.body)
    );
    let count = bench.store.run(|ledger| {
        let sql = "SELECT count(*) FROM payment";
        Ok(ledger
            .connection
            .query_one(sql, [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(count.await.unwrap(), 1);
}

/// Somewhere to refund from, 1.00 a time.
#[derive(Clone)]
enum Till {
    Store(Store, TransactionId),
    /// What is left, in hundredths.
    Naive(Arc<Mutex<u64>>),
}

impl Till {
    async fn refund(self) -> bool {
        match self {
            Self::Store(store, id) => {
                let refund = store.reverse(merchant(), id, part("1.00"));
                code(&refund.await.unwrap().answer) == "REFUNDED"
            }
            Self::Naive(left) => {
                let before = *left.lock().unwrap();
                tokio::task::yield_now().await;
                if before >= 100 {
                    *left.lock().unwrap() = before - 100;
                }
                before >= 100
            }
        }
    }
}

/// Do 64 tasks get exactly 10 refunds of 1.00 out of 10.00?
async fn gives_back_what_was_captured(till: Till) -> bool {
    let mut refunds = JoinSet::new();
    for _ in 0..64 {
        refunds.spawn(till.clone().refund());
    }
    let given = refunds.join_all().await;
    given.into_iter().filter(|given| *given).count() == 10
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn refunds_never_give_back_more_than_was_captured() {
    let bench = Bench::in_memory();
    let user = identify(&bench.store, "GBR_BANGO", "447710900120").await;
    let request = start(&user, None, "10.00");
    let id = bench.store.authorize(merchant(), request).await.unwrap();
    let id = id.transaction.unwrap();
    let capture = bench.store.capture(merchant(), id.clone(), everything());
    assert_eq!(code(&capture.await.unwrap().answer), "OK");
    assert!(gives_back_what_was_captured(Till::Store(bench.store, id)).await);
}

#[tokio::test]
async fn a_till_that_waits_between_reading_and_writing_is_noticed() {
    let till = Till::Naive(Arc::new(Mutex::new(1000)));
    assert!(!gives_back_what_was_captured(till).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_captures_and_cancels_at_once_one_wins() {
    let bench = Bench::in_memory();
    let user = identify(&bench.store, "GBR_BANGO", "447710900120").await;
    for _ in 0..20 {
        let request = start(&user, None, "10.00");
        let id = bench.store.authorize(merchant(), request).await.unwrap();
        let id = id.transaction.unwrap();
        let mut tries = JoinSet::new();
        for cents in 1..8 {
            let capture = part(&format!("1.0{cents}"));
            let (store, place) = (bench.store.clone(), id.clone());
            tries.spawn(async move { store.capture(merchant(), place, capture).await.unwrap() });
            let (store, place) = (bench.store.clone(), id.clone());
            // Names all that is authorized: a cancel, or more than a capture has left to refund.
            let cancel = part("10.00");
            tries.spawn(async move { store.reverse(merchant(), place, cancel).await.unwrap() });
        }
        let replies = tries.join_all().await;
        let count = |wanted| {
            let of_code = replies.iter().filter(|reply| code(&reply.answer) == wanted);
            of_code.count()
        };
        assert_eq!(count("OK") + count("CANCELLED").min(1), 1);
        assert_eq!(count("REFUNDED"), 0);
    }
}
