//! What holds whatever happens: no panic, no money from nowhere, nothing twice.

use proptest::{prelude::*, test_runner::TestRunner};

use super::{
    book::{Book, Told},
    server::{Fate, ID, Move, Say, World},
    taxed,
};
use crate::{
    api::{ResponseCode, TransactionId},
    exchange::{CallId, What},
    money::Taxed,
    record::ledger::Totals,
};

fn amount() -> impl Strategy<Value = Taxed> {
    // Few values, so that equal ones meet; the tax follows so that both always fit or neither does.
    prop_oneof![Just(100), Just(159), Just(1059), Just(1099), 1..1200u64]
        .prop_map(|gross| taxed(gross, gross / 11))
}

fn say() -> impl Strategy<Value = Say> {
    let part = || proptest::option::of(amount());
    prop_oneof![
        1 => Just(Say::Start),
        2 => part().prop_map(|amount| Say::Capture { amount }),
        1 => Just(Say::Cancel),
        4 => (proptest::option::weighted(0.8, 0..3u8), part())
            .prop_map(|(key, amount)| Say::Refund { key, amount }),
    ]
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => Just(Fate::Answered),
        2 => Just(Fate::LostAnswer),
        1 => Just(Fate::LostRequest),
        1 => Just(Fate::NotSent),
        2 => Just(Fate::Others),
    ]
}

pub fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (say(), fate(), 0..3usize).prop_map(|(what, fate, reports)| Move {
        what,
        fate,
        reports,
    });
    let first = Move {
        what: Say::Start,
        fate: Fate::Answered,
        reports: 1,
    };
    let starts = prop_oneof![3 => Just(vec![first]), 1 => Just(vec![])];
    (starts, proptest::collection::vec(one, 0..14))
        .prop_map(|(starts, rest)| [starts, rest].concat())
}

fn sums(book: &Book) -> [Taxed; 3] {
    book.transactions
        .first()
        .map_or([Taxed::ZERO; 3], |payment| {
            [payment.authorized(), payment.captured(), payment.refunded()]
        })
}

fn check_inequalities(book: &Book) -> Result<(), TestCaseError> {
    for payment in &book.transactions {
        prop_assert!(payment.captured().fits_in(payment.authorized()));
        prop_assert!(payment.refunded().fits_in(payment.captured()));
    }
    Ok(())
}

proptest! {
    #[test]
    fn once_every_outcome_is_known_the_book_says_what_the_server_knows(moves in moves()) {
        let mut world = World::default();
        world.play(&moves);
        check_inequalities(&world.book)?;
        prop_assert!(world.book.transactions.len() <= 1);
        let open = world.book.transactions.iter().any(|payment| payment.unresolved().is_some());
        if !open {
            prop_assert_eq!(sums(&world.book), world.server.sums());
        }
    }

    #[test]
    fn totals_count_a_payment_in_and_out_again(moves in moves()) {
        let mut world = World::default();
        world.play(&moves);
        if let Some(payment) = world.book.transactions.first()
            && let Some(currency) = payment.currency()
        {
            let empty = Totals::new(payment.epoch, currency);
            let mut totals = empty;
            totals.apply(payment);
            prop_assert_eq!(totals.refunded.amount, payment.refunded());
            totals.take_back(payment);
            prop_assert_eq!(totals, empty);
        }
    }

    #[test]
    fn no_sequence_of_entries_breaks_the_fold(noises in proptest::collection::vec(noise(), 0..30)) {
        let mut book = Book::default();
        let mut calls = vec![];
        for noise in noises {
            noise.make(&mut book, &mut calls);
            check_inequalities(&book)?;
        }
    }
}

#[test]
fn a_fold_that_counts_repeats_is_caught() {
    let caught = TestRunner::deterministic().run(&moves(), |moves| {
        let mut world = World::default();
        world.play(&moves);
        let open = world
            .book
            .transactions
            .iter()
            .any(|payment| payment.unresolved().is_some());
        prop_assert!(open || world.counted == world.server.sums()[2]);
        Ok(())
    });
    assert!(caught.is_err());
}

/// Entries that no honest server and program would make.
#[derive(Clone, Debug)]
enum Noise {
    Send(Say),
    SendStub(Say),
    Answer {
        call: usize,
        body: String,
    },
    Cut {
        call: usize,
    },
    NotSent {
        call: usize,
    },
    Report {
        ours: bool,
        call: usize,
        what: Say,
        body: String,
    },
    Finished {
        code: String,
    },
    Callback {
        call: usize,
        query: String,
    },
}

fn noise() -> impl Strategy<Value = Noise> {
    let call = 0..6usize;
    prop_oneof![
        4 => say().prop_map(Noise::Send),
        1 => say().prop_map(Noise::SendStub),
        6 => (call.clone(), body()).prop_map(|(call, body)| Noise::Answer { call, body }),
        1 => call.clone().prop_map(|call| Noise::Cut { call }),
        1 => call.clone().prop_map(|call| Noise::NotSent { call }),
        3 => (any::<bool>(), call.clone(), say(), body())
            .prop_map(|(ours, call, what, body)| Noise::Report { ours, call, what, body }),
        1 => code().prop_map(|code| Noise::Finished { code }),
        1 => (call, code()).prop_map(|(call, code)| Noise::Callback {
            call,
            query: format!("transactionId={ID}&responseCode={code}"),
        }),
    ]
}

fn code() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(ResponseCode::KNOWN).prop_map(|code| code.as_str().to_owned()),
        Just("TELEPORTED".to_owned()),
    ]
}

fn body() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => code().prop_map(|code| format!(r#"{{"responseCode":"{code}","transactionId":"{ID}"}}"#)),
        1 => ".*",
    ]
}

impl Noise {
    fn make(self, book: &mut Book, calls: &mut Vec<CallId>) {
        let known = |calls: &[CallId], call: usize| {
            let fallback = CallId(uuid::Uuid::from_u128(call as u128));
            calls.get(call).copied().unwrap_or(fallback)
        };
        match self {
            Self::Send(say) => calls.push(book.send(&say.call())),
            Self::SendStub(say) => calls.push(book.send_stub(&say.call())),
            Self::Answer { call, body } => book.answer(known(calls, call), &Told::new(&body)),
            Self::Cut { call } => book.cut(known(calls, call)),
            Self::NotSent { call } => book.not_sent(known(calls, call)),
            Self::Report {
                ours,
                call,
                what,
                body,
            } => {
                let of = ours.then(|| known(calls, call));
                book.exchange(of, &what.call(), &Told::new(&body), Some(ID));
            }
            Self::Finished { code } => book.report(
                None,
                What::Finished {
                    transaction: TransactionId::from(ID),
                    external: Some("t-1".into()),
                    code,
                },
            ),
            Self::Callback { call, query } => book.callback(known(calls, call), &query),
        }
    }
}
