//! What the grammar takes, and which rows it lets through.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::api::{Msisdn, ResponseCode};
use crate::exchange::{CallId, Epoch};
use crate::money::Currency;
use crate::record::asked::{Asked, Price};
use crate::record::transaction::State;
use crate::record::{Origin, Seq, Transaction, TransactionKey};

fn noon() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn filter(text: &str) -> Filter {
    Filter::parse(text, noon(), &TimeZone::UTC)
}

/// A payment of 10.99 USD, begun five minutes before noon.
fn payment() -> Transaction {
    let begun = noon() - SignedDuration::from_mins(5);
    Transaction {
        key: TransactionKey(Origin::Call(CallId(Uuid::from_u128(7)))),
        epoch: Epoch(Uuid::nil()),
        asked: Asked {
            user: Some("472156480".into()),
            external: Some("t-7F3k-03".into()),
            price: Some(Price {
                gross: Amount::parse("10.99").unwrap(),
                tax: None,
                currency: Currency::USD,
            }),
            item: crate::api::Item {
                name: Some("Gold coins \u{c4}".into()),
                external_payment_item_id: Some("item-9".into()),
                ..crate::api::Item::default()
            },
        },
        id: Some("2006721253".into()),
        msisdn: Msisdn::parse("447710900120").ok(),
        payer_closed: false,
        state: State::Refused {
            code: ResponseCode::parse("USER_BARRED"),
        },
        expired: false,
        in_flight: vec![],
        reported: None,
        unreported: vec![],
        unresolved: vec![],
        last: None,
        start: None,
        created_at: begun,
        updated_at: begun,
        first: Seq(1),
        latest: Seq(1),
        entries: 1,
    }
}

fn facts() -> String {
    Facts::of_transaction(&payment(), Some("GBR_BANGO")).encode()
}

#[track_caller]
fn check(cases: &[(&str, bool)]) {
    for (text, expected) in cases {
        let facts = facts();
        let matches = filter(text).matches(View::of(&facts), None);
        assert_eq!(matches, *expected, "{text}");
    }
}

#[test]
fn words_are_found_wherever_they_stand() {
    check(&[
        ("", true),
        ("7f3k", true),
        ("T-7F3K-03 refused", true),
        ("t-7f3k-04", false),
        ("gold coins", true),
        ("\"gold coins\"", true),
        ("\"coins gold\"", false),
        ("\u{e4}", true),
        ("10.99 usd", true),
        ("!usd", false),
        ("!gbp", true),
        ("barred", true),
        // When it began is no text.
        ("17637", false),
    ]);
}

#[test]
fn keys_look_at_one_thing() {
    check(&[
        ("state:refused", true),
        ("state:REF", true),
        ("state:fused", false),
        ("state:captured", false),
        ("!state:captured state:ref", true),
        ("code:user_barred", true),
        ("code:USER_", true),
        ("code:barred", false),
        ("msisdn:120", true),
        ("msisdn:+447710900120", true),
        ("msisdn:472156480", false),
        ("user:472156480", true),
        ("method:gbr_bango", true),
        ("method:usa", false),
        ("currency:usd", true),
        ("ext:t-7f3k", true),
        ("ext:2006721253", false),
        ("id:2006721253", true),
        ("id:t-7f3k-03", true),
        ("id:item-9", true),
        ("id:00000000-0000-0000-0000-000000000007", true),
    ]);
}

#[test]
fn amounts_and_times_are_compared() {
    check(&[
        ("amount:10.99", true),
        ("amount>10", true),
        ("amount>10.99", false),
        ("amount>=10.99", true),
        ("amount<11 amount<=10.99", true),
        ("amount<10.99", false),
        ("since:10m", true),
        ("since:4m", false),
        ("since<4m", true),
        ("since:11:55", true),
        ("since:11:56", false),
        ("since:9:00", true),
        ("since:2026-11-20", true),
        ("since:2026-11-21", false),
        ("since:2026-11-20T11:55", true),
        // Not come yet today, so yesterday's is meant.
        ("since:12:01", true),
    ]);
}

#[test]
fn what_cannot_be_read_yet_is_left_out() {
    for text in [
        "state:",
        "!state:?",
        "amount>",
        "amount>x",
        "since:1",
        "since:12:",
        "code>OK",
        "!",
    ] {
        assert!(filter(text).is_empty(), "{text}");
        check(&[(text, true)]);
    }
}

#[test]
fn the_hint_says_what_was_not_taken() {
    for (text, hint) in [
        (
            "stat:captured",
            Some("no key stat: searched as text; did you mean state?"),
        ),
        (
            "amuont>3",
            Some("no key amuont: searched as text; did you mean amount?"),
        ),
        ("http://x", Some("no key http: searched as text")),
        (
            "amount>ten",
            Some("amount> takes an amount like 10 or 10.99"),
        ),
        (
            "since:yesterday",
            Some("since: takes 10m, 2h, 12:00 or 2026-11-20"),
        ),
        ("code>OK", Some("code> takes a text behind a colon")),
        ("amount>", None),
        ("state:captured t-7f3k", None),
        ("\"stat:captured\"", None),
    ] {
        assert_eq!(filter(text).hint(), hint, "{text}");
    }
    check(&[("http://x", false), ("usr:472156480", false)]);
}

#[test]
fn every_word_of_a_state_is_one_that_state_takes() {
    for (word, typed) in [
        ("part refunded", "partref"),
        ("part refunded", "part-refunded"),
        ("user cancelled", "user_c"),
        ("unknown?", "unknown?"),
    ] {
        let typed: String = typed.chars().filter(|letter| is_letter(*letter)).collect();
        assert!(begins(word, &typed), "{word} {typed}");
    }
    assert!(!begins("refunded", "part"));
    assert!(!begins("part", "partrefunded"));
}

#[test]
fn the_examples_of_every_key_are_read() {
    for key in Key::ALL {
        for example in key.examples() {
            let filter = filter(example);
            assert_eq!(
                (filter.hint(), filter.is_empty()),
                (None, false),
                "{example}"
            );
            assert!(example.contains(key.name()), "{example}");
        }
    }
}

#[test]
fn a_line_has_its_owners_names_and_its_own_answer() {
    let owner = facts();
    let own = Facts::default();
    let matches = |text: &str| filter(text).matches(own.view(), Some(View::of(&owner)));
    for text in [
        "t-7f3k-03",
        "state:refused",
        "msisdn:120",
        "amount>10",
        "coins",
    ] {
        assert!(matches(text), "{text}");
    }
    for text in ["code:USER_BARRED", "refused", "since:10m"] {
        assert!(!matches(text), "{text}");
    }
}

#[test]
fn filters_that_let_the_same_through_ask_the_same() {
    assert!(filter("state:Captured").asks_the_same_as(&filter(" state:captured  amount>")));
    assert!(!filter("state:captured").asks_the_same_as(&filter("!state:captured")));
}

proptest! {
    #[test]
    fn whatever_is_typed_is_read_and_can_be_typed_again(
        text in "(!?\"?(state|amount|since|x|)[:<>]{0,2}(\"|\\\\|[a-z0-9 .!?:-]|\\PC){0,6} ?){0,4}|.*"
    ) {
        let typed = filter(&text);
        let again = filter(&typed.to_string());
        prop_assert_eq!(&typed.terms, &again.terms, "{} {}", text, typed);
        let facts = facts();
        typed.matches(View::of(&facts), None);
    }

    /// Facts are read back as they were, whatever the row says.
    #[test]
    fn facts_keep_their_fields_apart(ext in "[a\u{1e}\u{1f}]{0,6}", name in "[a\u{1e}\u{1f}]{0,6}") {
        let mut payment = payment();
        payment.asked.external = Some(ext.as_str().into());
        payment.asked.item.name = Some(name);
        let facts = Facts::of_transaction(&payment, None);
        let encoded = facts.encode();
        let matches = |text: &str| filter(text).matches(View::of(&encoded), None);
        prop_assert!(matches("amount:10.99 state:refused user:472156480 id:2006721253 since:10m"));
    }
}
