//! What time brings about.

use jiff::SignedDuration;

use super::*;

#[tokio::test]
async fn pages_left_alone_end_as_cancelled_and_the_merchant_is_told_once() {
    let mut bench = Bench::in_memory();
    let store = &bench.store;
    let user = identify(store, "GBR_BANGOREDIRECT", "447710900180").await;
    let request = start(&user, Some("t-1"), "10.99");
    let reply = store.authorize(merchant(), request).await.unwrap();
    let token = token(&reply.answer);
    let due = store.next_expiry().await.unwrap();
    assert_eq!(due.map(Timestamp::as_second), Some(1800));

    bench.hand.advance(SignedDuration::from_secs(1799));
    let page = store.open_page(token.clone()).await.unwrap().unwrap();
    assert!(!page.form.done);

    bench.hand.advance(SignedDuration::from_secs(1));
    let confirmed = store.submit_page(token, pressing("confirm", &[]));
    let confirmed = confirmed.await.unwrap().unwrap();
    assert!(confirmed.form.done && confirmed.end.is_none());
    let id = reply.transaction.unwrap();
    let known = store.retrieve(merchant(), id).await.unwrap().answer;
    assert_eq!(code(&known), "NOT_FOUND");

    let [end] = bench.expired.recv().await.unwrap().try_into().unwrap();
    assert_eq!(end.finished.code.as_str(), "USER_CANCELLED");
    let told = String::from_utf8(end.letter.unwrap().body).unwrap();
    assert_eq!(
        told,
        r#"{"externalTransactionId":"t-1","transactionId":"null","responseCode":"USER_CANCELLED"}"#
    );
    assert_eq!(store.next_expiry().await.unwrap(), None);
    assert!(bench.expired.is_empty());
}

#[tokio::test]
async fn an_authorization_that_expired_is_cancelled() {
    let bench = Bench::in_memory();
    let store = &bench.store;
    let user = identify(store, "GBR_BANGO", "447710900120").await;
    let request = start(&user, Some("t-1"), "10.99");
    let id = store.authorize(merchant(), request).await.unwrap();
    let id = id.transaction.unwrap();
    bench.hand.advance(SignedDuration::from_hours(7 * 24));

    let captured = store.capture(merchant(), id.clone(), everything());
    assert_eq!(code(&captured.await.unwrap().answer), "BAD_REQUEST");
    let cancelled = store.reverse(merchant(), id, everything());
    assert_eq!(code(&cancelled.await.unwrap().answer), "CANCELLED");
}

#[tokio::test]
async fn an_sms_arrives_by_the_sandboxes_clock_and_a_restart_does_not_lose_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.db");
    let bench = Bench::in_file(&path);
    let begun = bench.store.identify(merchant(), Identify::default());
    let session = said(&begun.await.unwrap().answer)["sessionId"].clone();
    let go_on = async |bench: &Bench, cancels| {
        let request = Identify {
            cancels,
            ..Identify::default()
        };
        let id = session.as_str().unwrap().into();
        bench.store.go_on(merchant(), id, request).await.unwrap()
    };
    let action = |reply: &Replied| said(&reply.answer)["parameters"]["action"].clone();

    assert_eq!(action(&go_on(&bench, true).await), "SEND_SMS");
    bench.hand.advance(SignedDuration::from_secs(60));
    assert_eq!(action(&go_on(&bench, false).await), "WAIT");
    bench.close();

    let bench = Bench::in_file(&path);
    bench.hand.advance(SignedDuration::from_secs(62));
    assert_eq!(action(&go_on(&bench, false).await), "WAIT");
    bench.hand.advance(SignedDuration::from_secs(1));
    let arrived = go_on(&bench, false).await;
    assert_eq!(code(&arrived.answer), "OK");
    let (_, payer) = arrived.identified.unwrap();
    assert_eq!(payer.id.as_str(), said(&arrived.answer)["bangoUserId"]);
    let again = go_on(&bench, false).await;
    assert_eq!(again.answer, arrived.answer);
    assert!(again.identified.is_none());
}

#[tokio::test]
async fn a_session_that_expired_is_unknown() {
    let bench = Bench::in_memory();
    let request = Identify::read_first(None).unwrap();
    let begun = bench.store.identify(merchant(), request).await.unwrap();
    let session = said(&begun.answer)["sessionId"]
        .as_str()
        .unwrap()
        .to_owned();
    let go_on = async || {
        let (id, request) = (session.as_str().into(), Identify::read(None).unwrap());
        let reply = bench.store.go_on(merchant(), id, request).await.unwrap();
        code(&reply.answer)
    };

    bench.hand.advance(SignedDuration::from_secs(1799));
    assert_eq!(go_on().await, "CLIENT_ACTION_REQUIRED");
    bench.hand.advance(SignedDuration::from_secs(1));
    assert_eq!(go_on().await, "NOT_FOUND");
    let page = bench.store.open_page(token(&begun.answer)).await.unwrap();
    assert!(page.unwrap().form.done);
}

#[tokio::test]
async fn a_damaged_payment_keeps_no_other_from_expiring() {
    let mut bench = Bench::in_memory();
    let store = &bench.store;
    let user = identify(store, "GBR_BANGOREDIRECT", "447710900180").await;
    for external in ["t-1", "t-2"] {
        let request = start(&user, Some(external), "10.99");
        store.authorize(merchant(), request).await.unwrap();
        bench.hand.advance(SignedDuration::from_secs(1));
    }
    let vandal = store.run(|ledger| {
        let sql = "UPDATE payment SET authorized_gross = 9099 WHERE number = 1";
        Ok(ledger.connection.execute(sql, [])?)
    });
    vandal.await.unwrap();

    bench.hand.advance(SignedDuration::from_mins(30));
    assert_eq!(store.next_expiry().await.unwrap(), None);
    let [end] = bench.expired.recv().await.unwrap().try_into().unwrap();
    let told = String::from_utf8(end.letter.unwrap().body).unwrap();
    assert!(told.contains("t-2"), "{told}");
}
