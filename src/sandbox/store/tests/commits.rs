//! What a request moves, what it is answered and what recognises its repeat are kept together or not
//! at all.

use super::*;
use crate::api::TransactionId;
use crate::sandbox::engine::{State, capture};
use crate::sandbox::store::payments::PaymentRow;

/// Captures everything while the database refuses to change any payment, then once more when it does
/// not. Was the first as if it had never been?
async fn leaves_nothing(
    capture: impl AsyncFnOnce(&Store, TransactionId) -> Result<(), StoreError>,
) -> bool {
    let bench = Bench::in_memory();
    let user = identify(&bench.store, "GBR_BANGO", "447710900120").await;
    let request = start(&user, None, "10.99");
    let id = bench.store.authorize(merchant(), request).await.unwrap();
    let id = id.transaction.unwrap();

    let refuse = "CREATE TEMP TRIGGER refusal BEFORE UPDATE ON payment
        BEGIN SELECT RAISE(ABORT, 'on purpose'); END";
    execute(&bench.store, refuse).await;
    let refused = capture(&bench.store, id.clone()).await;
    assert!(matches!(refused, Err(StoreError::Database(_))));
    execute(&bench.store, "DROP TRIGGER refusal").await;

    let again = bench.store.capture(merchant(), id.clone(), everything());
    let again = again.await.unwrap().answer;
    assert_eq!(code(&again), "OK");
    let row = bench
        .store
        .run(move |ledger| ledger.payment(&merchant(), &id));
    let state = row.await.unwrap().unwrap().payment.state;
    !again.replayed && state == State::Captured
}

async fn execute(store: &Store, sql: &'static str) {
    let executed = store.run(move |ledger| Ok(ledger.connection.execute(sql, [])?));
    executed.await.unwrap();
}

#[tokio::test]
async fn a_capture_that_could_not_be_kept_has_not_been() {
    let capture = async |store: &Store, id| {
        let captured = store.capture(merchant(), id, everything());
        captured.await.map(drop)
    };
    assert!(leaves_nothing(capture).await);
}

#[tokio::test]
async fn an_answer_that_is_kept_before_the_money_is_noticed() {
    let capture = async |store: &Store, id| {
        let answered = store.run(move |ledger| {
            let row = ledger.payment(&merchant(), &id)?.unwrap();
            let decision = capture::capture(&row.payment, &everything(), None);
            ledger.keep_movement(row.number, &decision.movement.unwrap())?;
            Ok(PaymentRow {
                payment: decision.payment,
                ..row
            })
        });
        let row = answered.await?;
        store.run(move |ledger| ledger.keep_payment(&row)).await
    };
    assert!(!leaves_nothing(capture).await);
}
