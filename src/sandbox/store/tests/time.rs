//! What time brings about.

use jiff::SignedDuration;

use super::*;
use crate::api::{SessionId, TransactionId};
use crate::sandbox::engine::{Reason, Sms};

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

/// An authorization of 10.99 that is to expire within a week.
async fn authorized(store: &Store, number: &str, external: &str) -> TransactionId {
    let user = identify(store, "GBR_BANGO", number).await;
    let request = start(&user, Some(external), "10.99");
    let reply = store.authorize(merchant(), request).await.unwrap();
    reply.transaction.unwrap()
}

async fn captured(store: &Store, id: &TransactionId, request: Adjust) -> String {
    let reply = store.capture(merchant(), id.clone(), request).await;
    code(&reply.unwrap().answer)
}

async fn reversed(store: &Store, id: &TransactionId, request: Adjust) -> String {
    let reply = store.reverse(merchant(), id.clone(), request).await;
    code(&reply.unwrap().answer)
}

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

#[tokio::test]
async fn an_authorization_that_expired_is_cancelled() {
    let bench = Bench::in_memory();
    let store = &bench.store;
    // One of these payers would have its cancel declined.
    for (number, external) in [("447710900120", "t-1"), ("447710900130", "t-2")] {
        let id = authorized(store, number, external).await;
        bench.hand.advance(WEEK);
        assert_eq!(captured(store, &id, everything()).await, "BAD_REQUEST");
        assert_eq!(captured(store, &id, part("0.59")).await, "BAD_REQUEST");
        assert_eq!(reversed(store, &id, part("0.59")).await, "BAD_REQUEST");
        for _ in 0..2 {
            assert_eq!(reversed(store, &id, everything()).await, "CANCELLED");
            assert_eq!(reversed(store, &id, part("10.99")).await, "CANCELLED");
        }
        let known = store.retrieve(merchant(), id).await.unwrap();
        assert_eq!(code(&known.answer), "OK");
    }
}

#[tokio::test]
async fn an_authorization_that_expired_is_told_once_whoever_noticed() {
    let mut bench = Bench::in_memory();
    let store = &bench.store;
    let id = authorized(store, "447710900120", "t-1").await;
    let due = store.next_expiry().await.unwrap();
    assert_eq!(due, Some(Timestamp::UNIX_EPOCH + WEEK));
    let captured_in_time = authorized(store, "447710900120", "t-2").await;
    captured(store, &captured_in_time, everything()).await;
    assert!(bench.expired.is_empty());

    bench.hand.advance(WEEK);
    assert_eq!(captured(store, &id, everything()).await, "BAD_REQUEST");
    assert_eq!(reversed(store, &id, everything()).await, "CANCELLED");
    assert_eq!(store.next_expiry().await.unwrap(), None);
    let [end] = bench.expired.recv().await.unwrap().try_into().unwrap();
    assert!(matches!(&end.about, Ended::Authorization(payment) if payment.id == id));
    assert!(end.letter.is_none());
    assert!(bench.expired.is_empty());
}

/// The time may come between the look at what is due and the command that meets it.
#[tokio::test]
async fn an_authorization_that_expires_under_a_commands_eyes_is_told_if_the_command_stays() {
    let mut bench = Bench::in_memory();
    let store = &bench.store;
    for (external, stays) in [("t-1", false), ("t-2", true)] {
        let id = authorized(store, "447710900120", external).await;
        let hand = bench.hand.clone();
        let command = store.run(move |ledger| {
            hand.advance(WEEK);
            let row = ledger.payment(&merchant(), &id)?.unwrap();
            ledger.release(row)?;
            if stays {
                Ok(())
            } else {
                Err(StoreError::Panicked)
            }
        });
        assert_eq!(command.await.is_ok(), stays);
        if !stays {
            // Then the next one meets it.
            store.next_expiry().await.unwrap();
        }
        let [end] = bench.expired.recv().await.unwrap().try_into().unwrap();
        let Ended::Authorization(payment) = end.about else {
            panic!("{end:?}");
        };
        assert_eq!(payment.external, Some(external.into()));
    }
    assert!(bench.expired.is_empty());
}

#[tokio::test]
async fn an_authorization_can_be_captured_up_to_its_end_and_then_stays() {
    let bench = Bench::in_memory();
    let store = &bench.store;
    let id = authorized(store, "447710900120", "t-1").await;
    bench.hand.advance(WEEK - SignedDuration::from_micros(1));
    assert_eq!(captured(store, &id, everything()).await, "OK");
    bench.hand.advance(WEEK);
    assert_eq!(reversed(store, &id, everything()).await, "REFUNDED");
}

#[tokio::test]
async fn a_start_is_repeated_with_its_answer_also_when_it_expired() {
    let bench = Bench::in_memory();
    let store = &bench.store;
    let id = authorized(store, "447710900120", "t-1").await;
    bench.hand.advance(WEEK);
    let user = identify(store, "GBR_BANGO", "447710900120").await;
    let again = store.authorize(merchant(), start(&user, Some("t-1"), "10.99"));
    let again = again.await.unwrap();
    assert!(again.answer.replayed);
    assert_eq!(again.transaction, Some(id));
}

#[tokio::test]
async fn an_approved_payment_has_its_week_from_the_approval() {
    let bench = Bench::in_memory();
    let store = &bench.store;
    let user = identify(store, "GBR_BANGOREDIRECT", "447710900180").await;
    let reply = store.authorize(merchant(), start(&user, None, "10.99"));
    let reply = reply.await.unwrap();
    bench.hand.advance(SignedDuration::from_mins(29));
    for step in [
        pressing("confirm", &[]),
        pressing("confirm", &[("zip", "SW1A 1AA")]),
    ] {
        store.submit_page(token(&reply.answer), step).await.unwrap();
    }
    let id = reply.transaction.unwrap();
    bench.hand.advance(WEEK - SignedDuration::from_micros(1));
    assert_eq!(captured(store, &id, everything()).await, "OK");
}

#[tokio::test]
async fn every_lifetime_can_be_set() {
    let second = SignedDuration::from_secs(1);
    let rules = Rules {
        session: second,
        sms: second,
        approval: second,
        authorization: second,
    };
    let mut bench = Bench::with(Database::Memory, Some(7), rules);
    let store = &bench.store;
    let id = authorized(store, "447710900120", "t-1").await;
    let user = identify(store, "GBR_BANGOREDIRECT", "447710900180").await;
    let pages = store.authorize(merchant(), start(&user, Some("t-2"), "10.99"));
    pages.await.unwrap();
    let begun = store.identify(merchant(), Identify::default());
    let session = said(&begun.await.unwrap().answer)["sessionId"].clone();
    bench.hand.advance(second);

    assert_eq!(captured(store, &id, everything()).await, "BAD_REQUEST");
    let session = session.as_str().unwrap().into();
    let gone = store.go_on(merchant(), session, Identify::default());
    assert_eq!(code(&gone.await.unwrap().answer), "NOT_FOUND");
    let ends = bench.expired.recv().await.unwrap();
    let codes: Vec<_> = ends.iter().map(|end| end.finished.code.as_str()).collect();
    assert_eq!(codes, ["CANCELLED", "USER_CANCELLED"]);
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
async fn an_sms_sent_by_hand_is_kept_and_does_not_come_after_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.db");
    let bench = Bench::in_file(&path);
    let asked = async |bench: &Bench| {
        let begun = bench.store.identify(merchant(), Identify::default());
        let id = said(&begun.await.unwrap().answer)["sessionId"].clone();
        let id = SessionId::from(id.as_str().unwrap());
        let cancels = Identify {
            cancels: true,
            ..Identify::default()
        };
        let answer = bench.store.go_on(merchant(), id.clone(), cancels).await;
        assert_eq!(
            said(&answer.unwrap().answer)["parameters"]["action"],
            "SEND_SMS"
        );
        id
    };
    let sent = async |bench: &Bench, id: &SessionId| {
        let sms = Sms::read(None).unwrap();
        let arrived = bench.store.receive_sms(merchant(), id.clone(), sms).await;
        arrived.unwrap().map(|(session, _)| session)
    };
    let (one, late) = (asked(&bench).await, asked(&bench).await);
    let session = sent(&bench, &one).await.unwrap();
    bench.close();

    let bench = Bench::in_file(&path);
    let go_on = bench.store.go_on(merchant(), one, Identify::default());
    let user = said(&go_on.await.unwrap().answer)["bangoUserId"].clone();
    let (_, payer) = session.identified().unwrap();
    assert_eq!(user, payer.id.as_str());

    bench.hand.advance(SignedDuration::from_mins(30));
    assert_eq!(sent(&bench, &late).await, Err(Reason::SessionExpired));
    let stranger = Merchant("stranger".to_owned());
    let sms = Sms::default();
    let arrived = bench.store.receive_sms(stranger, late, sms).await.unwrap();
    assert_eq!(arrived.err(), Some(Reason::UnknownSession));
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
