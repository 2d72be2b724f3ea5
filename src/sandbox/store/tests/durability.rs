//! What was acknowledged is there, also for somebody else and after a restart.

use rusqlite::Connection;

use super::*;

/// Authorizes again and again; after each answer another connection has to find the payment.
async fn is_kept_before_it_is_answered(store: &Store, user: &BangoUserId, path: &Path) -> bool {
    let reader = Connection::open(path).unwrap();
    for number in 1..=20 {
        let request = start(user, None, "1.00");
        store.authorize(merchant(), request).await.unwrap();
        let sql = "SELECT count(*) FROM payment";
        let kept: i64 = reader.query_one(sql, [], |row| row.get(0)).unwrap();
        if kept < number {
            return false;
        }
    }
    true
}

#[tokio::test]
async fn an_answer_leaves_after_its_commit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.db");
    let bench = Bench::in_file(&path);
    let user = identify(&bench.store, "GBR_BANGO", "447710900120").await;
    assert!(is_kept_before_it_is_answered(&bench.store, &user, &path).await);
}

#[tokio::test]
async fn a_writer_that_answers_first_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.db");
    let bench = Bench::in_file(&path);
    let user = identify(&bench.store, "GBR_BANGO", "447710900120").await;
    bench.close();

    let settings = Settings {
        database: Database::File(path.clone()),
        seed: None,
    };
    let opened = open(&settings).unwrap();
    let epoch = opened.epoch();
    let ledger = Ledger::new(opened, Rules::default(), Clock::System);
    let (jobs, mut receiver) = mpsc::channel::<Job>(1);
    let hasty = std::thread::spawn(move || {
        while let Some(job) = receiver.blocking_recv() {
            // Commits what it has answered already, once something else is asked for.
            if ledger.in_transaction() {
                ledger.commit().unwrap();
            }
            ledger.begin().unwrap();
            job(Ok(&ledger))(Ok(()));
        }
    });
    let store = Store {
        jobs,
        epoch: CurrentEpoch(Arc::new(Mutex::new(epoch))),
        pages: Arc::from(""),
    };
    assert!(!is_kept_before_it_is_answered(&store, &user, &path).await);
    drop(store);
    hasty.join().unwrap();
}

#[tokio::test]
async fn a_restart_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.db");
    let bench = Bench::in_file(&path);
    let epoch = bench.store.epoch();
    let user = identify(&bench.store, "GBR_BANGO", "447710900120").await;
    let request = start(&user, Some("t-1"), "10.99");
    let first = bench
        .store
        .authorize(merchant(), request.clone())
        .await
        .unwrap();
    let id = first.transaction.clone().unwrap();
    let captured = bench.store.capture(merchant(), id.clone(), everything());
    let captured = captured.await.unwrap().answer;
    bench.close();

    let bench = Bench::in_file(&path);
    assert_eq!(bench.store.epoch(), epoch);
    let again = bench.store.authorize(merchant(), request).await.unwrap();
    assert_eq!(again.answer, first.answer.again());
    let repeat = bench.store.capture(merchant(), id.clone(), everything());
    assert_eq!(repeat.await.unwrap().answer, captured.again());
    let other = start(&user, Some("t-2"), "10.99");
    let other = bench.store.authorize(merchant(), other).await.unwrap();
    assert_ne!(other.transaction, Some(id));
    assert_eq!(
        identify(&bench.store, "GBR_BANGO", "447710900120").await,
        user
    );
}

#[tokio::test]
async fn the_same_seed_and_requests_give_the_same_bytes() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let store = Bench::in_memory().store;
        let plain = identify(&store, "GBR_BANGO", "447710900120").await;
        let redirected = identify(&store, "GBR_BANGOREDIRECT", "447710900180").await;
        for user in [plain, redirected] {
            let request = start(&user, Some(user.as_str()), "1.00");
            runs.push(store.authorize(merchant(), request).await.unwrap().answer);
        }
    }
    assert_eq!(runs[..2], runs[2..]);
}

#[tokio::test]
async fn a_command_that_fails_or_panics_leaves_nothing_and_hurts_nobody() {
    let bench = Bench::in_memory();
    let insert = |ledger: &Ledger| {
        let sql = "INSERT INTO payer (number, merchant, network, msisdn, identified_at)
            VALUES (99, 'x', 'x', 'x', 0)";
        ledger.connection.execute(sql, []).unwrap();
    };
    let failed = bench.store.run(move |ledger| {
        insert(ledger);
        Err::<(), _>(StoreError::Stopped)
    });
    assert!(matches!(failed.await, Err(StoreError::Stopped)));
    let panicked = bench.store.run::<(), _>(move |ledger| {
        insert(ledger);
        panic!("on purpose")
    });
    assert!(matches!(panicked.await, Err(StoreError::Panicked)));

    let count = bench.store.run(|ledger| {
        let sql = "SELECT count(*) FROM payer";
        Ok(ledger
            .connection
            .query_one(sql, [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(count.await.unwrap(), 0);
}
