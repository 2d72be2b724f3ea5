//! What the tables themselves refuse, whatever a program tries to write.

use super::*;

/// Runs `sql` on a captured payment of 10.99 with 1.00 of tax, and tells which constraint refused it.
async fn refusal(sql: &'static str) -> Option<String> {
    let bench = Bench::in_memory();
    let user = identify(&bench.store, "GBR_BANGO", "447710900120").await;
    let body = json!({
        "bangoUserId": user.as_str(),
        "paymentItems": [{"priceList": [
            {"currencyIso3": "USD", "grossAmount": "10.99", "taxAmount": "1.00"}
        ]}],
    });
    let request = Start::read(Some(&read(&body))).unwrap();
    let replied = bench.store.authorize(merchant(), request).await.unwrap();
    let id = replied.transaction.unwrap();
    let captured = bench.store.capture(merchant(), id, everything());
    assert_eq!(code(&captured.await.unwrap().answer), "OK");
    let written = bench
        .store
        .run(move |ledger| Ok(ledger.connection.execute(sql, [])?));
    match written.await {
        Ok(rows) => {
            assert_eq!(rows, 1, "{sql}");
            None
        }
        Err(StoreError::Database(error)) => Some(error.to_string()),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn sums_that_do_not_fit_are_refused() {
    for sql in [
        "UPDATE payment SET captured_gross = 1100",
        "UPDATE payment SET captured_tax = 101",
        "UPDATE payment SET refunded_gross = 1100",
        "UPDATE payment SET refunded_tax = 101",
        "UPDATE payment SET captured_gross = 500, refunded_gross = 501",
        "UPDATE payment SET captured_tax = 50, refunded_tax = 51",
        "UPDATE payment SET authorized_gross = 1098",
        "UPDATE payment SET authorized_tax = 99",
        "UPDATE payment SET captured_gross = -1",
        "UPDATE payment SET refunded_tax = -1",
        "UPDATE payment SET state = 'authorized'",
        "UPDATE payment SET state = 'cancelled'",
    ] {
        let told = refusal(sql).await.unwrap_or_default();
        assert!(told.contains("CHECK constraint failed"), "{sql}: {told:?}");
    }
}

#[tokio::test]
async fn sums_that_fit_are_not() {
    let sql = "UPDATE payment SET state = 'refunded', refunded_gross = 1099, refunded_tax = 100";
    assert_eq!(refusal(sql).await, None);
}

#[tokio::test]
async fn beside_a_capture_there_is_neither_a_second_nor_a_cancel() {
    for sql in [
        "INSERT INTO movement SELECT 2, payment, 'capture', 1, 0, NULL, NULL, 200, x'', NULL, 0, 0
            FROM movement",
        "INSERT INTO movement SELECT 2, payment, 'cancel', 1, 0, NULL, NULL, 200, x'', NULL, 0, 0
            FROM movement",
    ] {
        let told = refusal(sql).await.unwrap_or_default();
        assert!(told.contains("UNIQUE constraint failed"), "{sql}: {told:?}");
    }
}

#[tokio::test]
async fn beside_a_capture_there_may_be_a_refund() {
    let sql =
        "INSERT INTO movement SELECT 2, payment, 'refund', 1, 0, NULL, NULL, 200, x'', NULL, 0, 0
        FROM movement";
    assert_eq!(refusal(sql).await, None);
}
