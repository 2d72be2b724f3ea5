//! Another life: nothing of the one before is left.

use super::*;
use crate::exchange::Delivery;
use crate::sandbox::store::outbox::Fate;

/// Something in every table; gives back the ids.
async fn lived(bench: &Bench) -> (String, String) {
    let store = &bench.store;
    let user = identify(store, "GBR_BANGO", "447710900120").await;
    let request = start(&user, Some("t-1"), "10.99");
    let started = store.authorize(merchant(), request).await.unwrap();
    let id = started.transaction.unwrap();
    store
        .capture(merchant(), id.clone(), everything())
        .await
        .unwrap();
    let payer = identify(store, "GBR_BANGOREDIRECT", "447710900180").await;
    let request = start(&payer, Some("t-2"), "10.99");
    let asked = store.authorize(merchant(), request).await.unwrap();
    let ended = store.submit_page(token(&asked.answer), pressing("cancel", &[]));
    let letter = ended.await.unwrap().unwrap().end.unwrap().letter.unwrap();
    assert_eq!(letter.epoch, store.epoch());
    (user.into_string(), id.into_string())
}

async fn rows(bench: &Bench) -> i64 {
    let count = bench.store.run(|ledger| {
        let sql = "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM movement)
            + (SELECT count(*) FROM payment) + (SELECT count(*) FROM session)
            + (SELECT count(*) FROM payer)";
        Ok(ledger.connection.query_one(sql, [], |row| row.get(0))?)
    });
    count.await.unwrap()
}

#[tokio::test]
async fn a_reset_leaves_nothing_and_begins_another_life() {
    let bench = Bench::in_memory();
    let before = bench.store.epoch();
    let ids = lived(&bench).await;
    assert!(rows(&bench).await > 5);
    let epoch = bench.store.reset().await.unwrap();
    assert_ne!(epoch, before);
    assert_eq!(bench.store.epoch(), epoch);
    assert_eq!(rows(&bench).await, 0);
    // The seed was asked for, so everything comes out the same again.
    assert_eq!(lived(&bench).await, ids);
}

#[tokio::test]
async fn without_a_seed_of_ones_own_the_ids_are_others() {
    let bench = Bench::on(Database::Memory, None);
    let (user, transaction) = lived(&bench).await;
    bench.store.reset().await.unwrap();
    let (other, another) = lived(&bench).await;
    assert!(user != other && transaction != another);
}

#[tokio::test]
async fn a_restart_goes_on_in_the_life_that_the_reset_began() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.db");
    let bench = Bench::in_file(&path);
    lived(&bench).await;
    let epoch = bench.store.reset().await.unwrap();
    let (user, _) = lived(&bench).await;
    bench.close();

    let bench = Bench::in_file(&path);
    assert_eq!(bench.store.epoch(), epoch);
    let status = bench.store.status(merchant(), BangoUserId::from(user));
    assert_eq!(code(&status.await.unwrap().answer), "OK");
}

#[tokio::test]
async fn a_letter_of_the_life_before_marks_none_of_this_one() {
    let bench = Bench::in_memory();
    let store = &bench.store;
    let cancelled = async || {
        let payer = identify(store, "GBR_BANGOREDIRECT", "447710900180").await;
        let asked = store.authorize(merchant(), start(&payer, None, "10.99"));
        let token = token(&asked.await.unwrap().answer);
        let ended = store.submit_page(token, pressing("cancel", &[])).await;
        ended.unwrap().unwrap().end.unwrap().letter.unwrap()
    };
    let before = cancelled().await;
    store.reset().await.unwrap();
    let now = cancelled().await;
    assert_eq!(before.id, now.id);

    let fate = Fate::of(&Delivery::Answered { status: 200 }, false);
    store.tried(&before, fate).await.unwrap();
    let waiting = async || {
        let letters = store.run(Ledger::waiting_letters).await.unwrap();
        letters.len()
    };
    assert_eq!(waiting().await, 1);
    store.tried(&now, fate).await.unwrap();
    assert_eq!(waiting().await, 0);
}
