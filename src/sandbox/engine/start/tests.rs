//! What a start comes to, and what its repeat does.

use super::*;
use crate::api::{BangoUserId, Msisdn};
use crate::json::{Limits, parse};
use crate::money::Currency;
use crate::testpay::NetworkKey;

fn request(price_list: &str) -> Start {
    let body = format!(
        r#"{{"bangoUserId":"1","externalTransactionId":"t","paymentItems":[{{"priceList":{price_list}}}]}}"#
    );
    Start::read(Some(&parse(body.as_bytes(), &Limits::SERVER).unwrap())).unwrap()
}

fn dollars() -> Start {
    request(r#"[{"currencyIso3":"USD","grossAmount":"1"}]"#)
}

fn payer(key: NetworkKey, suffix: &str) -> Payer {
    Payer {
        id: BangoUserId::from("1"),
        key,
        msisdn: Msisdn::parse(&format!("{}{suffix}", key.prefix())).unwrap(),
    }
}

fn run(request: &Start, earlier: Option<&Earlier>, payer: Option<&Payer>) -> Started {
    let place = Place {
        id: &TransactionId::from("2006721250"),
        page: "http://page",
    };
    let rules = Rules::default();
    start(
        request,
        earlier,
        payer,
        place,
        &rules,
        Timestamp::UNIX_EPOCH,
    )
}

fn state(started: &Started) -> Option<State> {
    started.payment.as_ref().map(|payment| payment.state)
}

#[test]
fn a_redirect_hides_the_id_that_it_has() {
    let started = run(
        &dollars(),
        None,
        Some(&payer(NetworkKey::GbrBangoRedirect, "180")),
    );
    assert_eq!(state(&started), Some(State::AsksApproval));
    assert_eq!(started.answer.status, 202);
    let body = String::from_utf8(started.answer.body).unwrap();
    assert!(
        body.ends_with(
            r#""transactionId":null,"parameters":{"action":"REDIRECT","url":"http://page"}}"#
        ),
        "{body}"
    );
}

#[test]
fn definite_refusals_bind_the_key_and_mistakes_do_not() {
    for (suffix, kept, definite) in [
        ("121", Some(State::Refused), true),
        ("129", Some(State::Refused), true),
        ("133", Some(State::Refused), false),
        ("137", Some(State::Refused), false),
        ("145", None, false),
    ] {
        let started = run(&dollars(), None, Some(&payer(NetworkKey::GbrBango, suffix)));
        assert_eq!(
            (state(&started), started.definite),
            (kept, definite),
            "{suffix}"
        );
        assert!(started.answer.why.unwrap().contains(suffix));
    }
    let nobody = run(&dollars(), None, None);
    assert_eq!((state(&nobody), nobody.answer.status), (None, 400));
}

#[test]
fn a_repeat_is_replayed_runs_again_or_is_refused() {
    let plain = payer(NetworkKey::GbrBango, "120");
    let first = run(&dollars(), None, Some(&plain));
    let mut earlier = Earlier {
        digest: dollars().digest,
        answer: Some(first.answer.clone()),
    };
    // Also when the payer's account was closed meanwhile.
    let again = run(&dollars(), Some(&earlier), None);
    assert_eq!((again.answer, again.payment), (first.answer.again(), None));

    let other = request(r#"[{"currencyIso3":"USD","grossAmount":"2"}]"#);
    let refused = run(&other, Some(&earlier), Some(&plain));
    assert_eq!(
        (refused.answer, refused.payment),
        (Answer::refusal(&Reason::KeyBound), None)
    );

    earlier.answer = None;
    let rerun = run(&dollars(), Some(&earlier), Some(&plain));
    assert_eq!(
        (state(&rerun), rerun.answer.replayed),
        (Some(State::Authorized), false)
    );
}

#[test]
fn the_home_currency_is_preferred_where_it_is_offered() {
    let offered = request(
        r#"[{"currencyIso3":"EUR","grossAmount":"1"},{"currencyIso3":"GBP","grossAmount":"2"}]"#,
    );
    let currency = |request: &Start, key| {
        let started = run(request, None, Some(&payer(key, "120")));
        started.payment.unwrap().currency.as_str().to_owned()
    };
    assert_eq!(currency(&offered, NetworkKey::GbrBango), "GBP");
    assert_eq!(currency(&offered, NetworkKey::UsaBango), "EUR");
    assert_eq!(
        currency(&dollars(), NetworkKey::GbrBango),
        Currency::USD.as_str()
    );
}
