//! The pages of a redirect payment, step by step.

use super::super::payment::Details;
use super::*;
use crate::api::{BangoUserId, Msisdn, TransactionId};
use crate::money::{Amount, Currency, Taxed};
use crate::sandbox::engine::{MerchantUrl, Payer};
use crate::testpay::NetworkKey;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn pending(external: Option<&str>) -> Payment {
    let url = |path| MerchantUrl::parse(&format!("http://shop.example/{path}")).ok();
    Payment {
        id: TransactionId::from("2006721250"),
        payer: Payer {
            id: BangoUserId::from("1"),
            key: NetworkKey::GbrBangoRedirect,
            msisdn: Msisdn::parse("447710900180").unwrap(),
        },
        external: external.map(ExternalTransactionId::from),
        state: State::AsksApproval,
        currency: Currency::USD,
        authorized: Taxed::new(Amount::from_hundredths(1099), Amount::from_hundredths(100)),
        captured: Taxed::ZERO,
        refunded: Taxed::ZERO,
        started_at: NOW,
        expires_at: NOW,
        details: Details {
            name: Some("A song".to_owned()),
            description: None,
            category: None,
            external_payment_item_id: None,
            submerchant_reference_key: None,
            breakdown: None,
            custom: "{}".to_owned(),
            callback_url: url("back"),
            notification_url: url("told"),
        },
    }
}

fn press(payment: &Payment, action: &str, zip: &str) -> Visited {
    let submission = Submission {
        action: Some(action.to_owned()),
        fields: vec![("zip".to_owned(), zip.to_owned())],
    };
    submit(payment, &submission, &Rules::default(), NOW)
}

#[test]
fn it_is_confirmed_twice_with_a_zip_between() {
    let payment = pending(Some("t 1"));
    assert!(form(&payment).text.contains("10.99 USD for A song"));
    let zip = press(&payment, "confirm", "").payment;
    let visited = press(&zip, "confirm", "SW1A 1AA");
    assert_eq!(visited.payment.state, State::Authorized);
    assert!(visited.payment.expires_at > NOW && visited.form.done);
    let finished = visited.finished.unwrap();
    assert_eq!(
        finished.browser.as_deref(),
        Some(
            "http://shop.example/back?externalTransactionId=t%201&transactionId=2006721250&responseCode=OK"
        )
    );
    assert_eq!(
        finished.notification.unwrap().body,
        br#"{"externalTransactionId":"t 1","transactionId":"2006721250","responseCode":"OK"}"#
    );
}

#[test]
fn after_a_cancel_the_id_is_the_text_null() {
    let visited = press(&pending(None), "cancel", "");
    assert_eq!(visited.payment.state, State::PayerCancelled);
    let finished = visited.finished.unwrap();
    assert_eq!(
        finished.browser.as_deref(),
        Some(
            "http://shop.example/back?externalTransactionId=&transactionId=null&responseCode=USER_CANCELLED"
        )
    );
    assert_eq!(
        finished.notification.unwrap().body,
        br#"{"externalTransactionId":null,"transactionId":"null","responseCode":"USER_CANCELLED"}"#
    );
}

#[test]
fn a_zip_is_short_and_plain() {
    let zip = press(&pending(None), "confirm", "").payment;
    for refused in ["", "   ", "12345678901234", "1;2", "<b>"] {
        let visited = press(&zip, "confirm", refused);
        assert!(visited.form.error.is_some(), "{refused:?}");
        assert_eq!((visited.payment, visited.finished), (zip.clone(), None));
    }
}

#[test]
fn an_end_is_final() {
    for ended in [State::Authorized, State::Refunded, State::PayerCancelled] {
        let payment = with_state(&pending(None), ended);
        for action in ["confirm", "cancel"] {
            let visited = press(&payment, action, "12345");
            assert!(visited.form.done);
            assert_eq!((visited.payment, visited.finished), (payment.clone(), None));
        }
    }
}
