//! What must hold after every sequence of requests, whoever the payer is. Each property is also run
//! against a decision that is wrong on purpose, and has to notice.

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::capture::capture;
use super::payment::{Decision, Kind, Movement, Payment, State};
use super::reversal::reverse;
use super::start::{Place, start};
use super::*;
use crate::api::{BangoUserId, Msisdn, TransactionId};
use crate::json;
use crate::money::{Amount, Taxed};
use crate::testpay::NetworkKey;

/// One request on a payment.
#[derive(Clone, Debug)]
struct Request {
    verb: Kind,
    /// Gross and tax in hundredths.
    amounts: Option<(u64, Option<u64>)>,
    external: Option<u8>,
}

impl Request {
    fn adjust(&self) -> Adjust {
        let mut members = Vec::new();
        if let Some(external) = self.external {
            members.push(format!(r#""externalTransactionId":"r-{external}""#));
        }
        if let Some((gross, tax)) = self.amounts {
            let tax = tax.map_or(String::new(), |tax| {
                format!(r#","taxAmount":"{}""#, Amount::from_hundredths(tax))
            });
            let gross = Amount::from_hundredths(gross);
            members.push(format!(
                r#""paymentItems":[{{"priceList":[{{"currencyIso3":"USD","grossAmount":"{gross}"{tax}}}]}}]"#
            ));
        }
        if members.is_empty() {
            return Adjust::read(None).unwrap();
        }
        let body = format!("{{{}}}", members.join(","));
        Adjust::read(Some(
            &json::parse(body.as_bytes(), &json::Limits::SERVER).unwrap(),
        ))
        .unwrap()
    }
}

fn requests() -> impl Strategy<Value = Vec<Request>> {
    let request = (
        prop_oneof![Just(Kind::Capture), Just(Kind::Refund), Just(Kind::Refund)],
        proptest::option::of((1..1300_u64, proptest::option::of(0..150_u64))),
        proptest::option::of(0..3_u8),
    );
    proptest::collection::vec(
        request.prop_map(|(verb, amounts, external)| Request {
            verb,
            amounts,
            external,
        }),
        1..20,
    )
}

/// Payers whose start succeeds, one for each way to go on.
fn payers() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "120", "120", "130", "131", "132", "134", "136", "147", "149",
    ])
}

/// A payment of 10.99 with 1.00 of tax.
fn authorized(suffix: &str) -> Payment {
    let body = br#"{"bangoUserId":"1","paymentItems":[{"priceList":
        [{"currencyIso3":"USD","grossAmount":"10.99","taxAmount":"1.00"}]}]}"#;
    let request = Start::read(Some(&json::parse(body, &json::Limits::SERVER).unwrap())).unwrap();
    let payer = Payer {
        id: BangoUserId::from("1"),
        key: NetworkKey::GbrBango,
        msisdn: Msisdn::parse(&format!("447710900{suffix}")).unwrap(),
    };
    let place = Place {
        id: &TransactionId::from("1000000000"),
        page: "http://127.0.0.1/pages/x",
    };
    let rules = Rules::default();
    let now = Timestamp::UNIX_EPOCH;
    let started = start(&request, None, Some(&payer), place, &rules, now);
    assert_eq!(started.answer.status, 200);
    started.payment.unwrap()
}

/// A way to decide: the engine's, or a broken one.
type Decide = fn(&Payment, &Request, &[Movement]) -> Decision;

fn engine(payment: &Payment, request: &Request, movements: &[Movement]) -> Decision {
    let adjust = request.adjust();
    let (kind, key) = match request.verb {
        Kind::Capture => (Kind::Capture, Some(capture::key(&adjust))),
        _ => (reversal::kind(payment), reversal::key(payment, &adjust)),
    };
    let earlier = movements
        .iter()
        .find(|movement| movement.kind == kind && key.is_some() && movement.key == key)
        .map(|movement| &movement.answer);
    match request.verb {
        Kind::Capture => capture(payment, &adjust, earlier),
        _ => reverse(payment, &adjust, earlier),
    }
}

/// Forgets the refunds that were made before.
fn forgetful(payment: &Payment, request: &Request, movements: &[Movement]) -> Decision {
    let before = payment.refunded;
    let fresh = Payment {
        refunded: Taxed::ZERO,
        ..payment.clone()
    };
    let mut decision = engine(&fresh, request, movements);
    decision.payment.refunded = before
        .checked_add(decision.payment.refunded)
        .unwrap_or(before);
    decision
}

/// Recognises no repeat.
fn naive(payment: &Payment, request: &Request, _: &[Movement]) -> Decision {
    engine(payment, request, &[])
}

/// Runs the requests and looks at the sums after each.
fn sums_hold(decide: Decide, suffix: &str, requests: &[Request]) -> Result<(), TestCaseError> {
    let mut payment = authorized(suffix);
    let mut movements = Vec::new();
    for request in requests {
        let decision = decide(&payment, request, &movements);
        payment = decision.payment;
        movements.extend(decision.movement);

        prop_assert!(payment.refunded.fits_in(payment.captured));
        prop_assert!(payment.captured.fits_in(payment.authorized));
        let moved = |kind| {
            let of_kind = movements
                .iter()
                .filter(move |movement: &&Movement| movement.kind == kind)
                .filter(|movement| movement.amounts != Taxed::ZERO);
            of_kind.map(|movement| movement.amounts).collect::<Vec<_>>()
        };
        prop_assert!(moved(Kind::Capture).len() <= 1);
        prop_assert!(moved(Kind::Capture).is_empty() || moved(Kind::Cancel).is_empty());
        let sum = |kind| {
            moved(kind).into_iter().fold(Taxed::ZERO, |sum, amounts| {
                sum.checked_add(amounts).unwrap()
            })
        };
        prop_assert_eq!(sum(Kind::Capture), payment.captured);
        prop_assert_eq!(sum(Kind::Refund), payment.refunded);
        prop_assert_eq!(
            payment.state == State::Refunded,
            !payment.captured.gross.is_zero() && payment.left().gross.is_zero()
        );
    }
    Ok(())
}

/// Runs the requests and repeats each: a request that can be recognised is answered with the same
/// bytes and moves nothing.
fn repeats_move_nothing(
    decide: Decide,
    suffix: &str,
    requests: &[Request],
) -> Result<(), TestCaseError> {
    let mut payment = authorized(suffix);
    let mut movements = Vec::new();
    for request in requests {
        let first = decide(&payment, request, &movements);
        movements.extend(first.movement.clone());
        payment = first.payment;
        let recognisable = first
            .movement
            .as_ref()
            .is_some_and(|movement| movement.key.is_some());
        if recognisable || first.answer.replayed {
            let repeat = decide(&payment, request, &movements);
            prop_assert_eq!(&repeat.payment, &payment);
            prop_assert_eq!(&repeat.answer.body, &first.answer.body);
            prop_assert_eq!(repeat.answer.status, first.answer.status);
            prop_assert!(repeat.answer.replayed);
        }
    }
    Ok(())
}

type Property = fn(Decide, &str, &[Request]) -> Result<(), TestCaseError>;

#[track_caller]
fn check(property: Property, decide: Decide, holds: bool) {
    let mut runner = TestRunner::new_with_rng(
        Config {
            cases: 1000,
            failure_persistence: None,
            ..Config::default()
        },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let result = runner.run(&(payers(), requests()), |(suffix, requests)| {
        property(decide, suffix, &requests)
    });
    assert_eq!(result.is_ok(), holds, "{result:?}");
}

#[test]
fn refunded_fits_in_captured_and_captured_in_authorized() {
    check(sums_hold, engine, true);
}

#[test]
fn forgetting_earlier_refunds_is_noticed() {
    check(sums_hold, forgetful, false);
}

#[test]
fn a_repeat_gets_the_same_bytes_and_moves_nothing() {
    check(repeats_move_nothing, engine, true);
}

#[test]
fn recognising_no_repeat_is_noticed() {
    check(repeats_move_nothing, naive, false);
}
