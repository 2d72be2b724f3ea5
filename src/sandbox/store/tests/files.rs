//! The file itself: whose it is, who may read it, and what is wrong with it.

use std::os::unix::fs::PermissionsExt as _;

use rusqlite::Connection;

use super::*;

fn refusal(path: &Path, seed: Option<u64>) -> OpenError {
    let settings = Settings {
        database: Database::File(path.to_owned()),
        seed,
    };
    match open(&settings) {
        Ok(_) => panic!("it was opened"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn files_are_their_owners_only() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("new");
    let bench = Bench::in_file(&inner.join("sandbox.db"));
    identify(&bench.store, "GBR_BANGO", "447710900120").await;

    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&inner), 0o700);
    let files: Vec<_> = std::fs::read_dir(&inner).unwrap().flatten().collect();
    assert_eq!(files.len(), 3);
    for file in files {
        assert_eq!(mode(&file.path()), 0o600, "{file:?}");
    }
}

#[test]
fn another_seed_is_refused_with_the_one_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.db");
    Bench::on(Database::File(path.clone()), Some(u64::MAX)).close();
    let told = refusal(&path, Some(8)).to_string();
    assert!(told.contains("18446744073709551615"), "{told}");
    Bench::on(Database::File(path.clone()), Some(u64::MAX)).close();
    Bench::in_file(&path).close();
}

#[test]
fn another_programs_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.db");
    let other = Connection::open(&path).unwrap();
    other
        .execute_batch("CREATE TABLE diary (line TEXT)")
        .unwrap();
    drop(other);
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(refusal(&path, None), OpenError::Foreign));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_newer_file_is_refused_naming_its_version() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.db");
    Bench::in_file(&path).close();
    let newer = Connection::open(&path).unwrap();
    newer.execute_batch("PRAGMA user_version = 9").unwrap();
    drop(newer);
    assert!(matches!(
        refusal(&path, None),
        OpenError::Newer { found: 9 }
    ));
}

#[tokio::test]
async fn a_file_of_the_first_version_is_lifted_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.db");
    let old = Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../schema/1.sql")).unwrap();
    old.execute_batch(
        "INSERT INTO meta VALUES (1, 7, 1, '00000000-0000-0000-0000-000000000007', 2646);
         INSERT INTO payer VALUES (1, 'sandbox', 'GBR_BANGO', '447710900120', 0);
         INSERT INTO session VALUES (2, 'sandbox', NULL, 'identified', '447710900120', 0, 1, NULL,
            NULL, 'other', 0, 1800000000);
         INSERT INTO session VALUES (1, 'sandbox', 'GBR_BANGO', 'asks-number', NULL, 0, NULL, NULL,
            NULL, 'token', 0, 1800000000);
         INSERT INTO outbox VALUES (1, NULL, 1, 'http://shop.example/', x'7b7d', 'held', 0);
         PRAGMA application_id = 0x424e474f; PRAGMA user_version = 1;",
    )
    .unwrap();
    drop(old);

    let bench = Bench::in_file(&path);
    let steps = [
        pressing("continue", &[("msisdn", "447710900120")]),
        pressing("confirm", &[("pin", "1234")]),
    ];
    for step in steps {
        let submitted = bench.store.submit_page("token".to_owned(), step);
        assert!(submitted.await.unwrap().unwrap().moved);
    }
    let known = bench.store.run(|ledger| ledger.next_number("payer"));
    assert_eq!(known.await.unwrap(), 2);
    let whole = bench.store.run(|ledger| {
        let sql = "SELECT (SELECT count(*) FROM pragma_foreign_key_check),
            (SELECT count(*) FROM session WHERE payer = 1), (SELECT foreign_keys FROM pragma_foreign_keys)";
        Ok(ledger
            .connection
            .query_one(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
    });
    assert_eq!(whole.await.unwrap(), (0, 2, 1));
    assert_eq!(bench.store.epoch().0.as_u128(), 7);
}

/// A captured payment whose row is then changed behind the store's back.
async fn retrieved_after(sql: &str) -> Result<Replied, StoreError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.db");
    let bench = Bench::in_file(&path);
    let user = identify(&bench.store, "GBR_BANGO", "447710900120").await;
    let request = start(&user, Some("t-1"), "10.99");
    let id = bench.store.authorize(merchant(), request).await.unwrap();
    let id = id.transaction.unwrap();
    bench.close();

    let vandal = Connection::open(&path).unwrap();
    vandal.execute(sql, []).unwrap();
    drop(vandal);
    Bench::in_file(&path).store.retrieve(merchant(), id).await
}

#[tokio::test]
async fn a_changed_amount_is_noticed() {
    let told = retrieved_after("UPDATE payment SET authorized_gross = 9099").await;
    assert!(matches!(
        told,
        Err(StoreError::Damaged {
            table: "payment",
            number: 1
        })
    ));
}

#[tokio::test]
async fn an_untouched_amount_is_not() {
    let told = retrieved_after("UPDATE payment SET authorized_gross = 1099").await;
    assert_eq!(code(&told.unwrap().answer), "OK");
}

#[tokio::test]
async fn without_shared_memory_it_goes_on_with_a_rollback_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.db");
    let bench = Bench::in_file(&path);
    let user = identify(&bench.store, "GBR_BANGO", "447710900120").await;
    bench.close();

    // A file beside it that takes no memory, as on some mounts.
    let made = std::process::Command::new("mkfifo")
        .arg(folder.path().join("sandbox.db-shm"))
        .status();
    assert!(made.unwrap().success());
    let bench = Bench::in_file(&path);
    let request = start(&user, Some("t-1"), "10.99");
    let answer = bench.store.authorize(merchant(), request).await.unwrap();
    assert_eq!(code(&answer.answer), "OK");
    let settings = bench.store.run(|ledger| {
        let setting = |pragma| {
            ledger
                .connection
                .pragma_query_value(None, pragma, |row| row.get::<_, rusqlite::types::Value>(0))
        };
        Ok((setting("journal_mode")?, setting("synchronous")?))
    });
    let extra = 3;
    let expected = ("delete".to_owned().into(), extra.into());
    assert_eq!(settings.await.unwrap(), expected);
}
