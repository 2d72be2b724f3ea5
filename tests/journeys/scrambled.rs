//! Answers and notifications whose members come in any order, with others between them that nobody knows,
//! some of those more than once.

use std::collections::BTreeSet;

use bango_console::money::Taxed;
use bango_console::record::Transaction;
use bango_console::record::transaction::Status;
use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::fresh;
use crate::line::Play;
use crate::merchant::Merchant;

/// Each is another order.
const SEEDS: std::ops::Range<u8> = 0..6;

/// Always the same one for a seed and a message's place.
pub fn rng(seed: u8, place: usize) -> TestRng {
    let mut seeds = [seed; 32];
    let place = place.to_le_bytes();
    seeds[..place.len()].copy_from_slice(&place);
    TestRng::from_seed(RngAlgorithm::ChaCha, &seeds)
}

pub fn shuffle<T>(entries: &mut [T], rng: &mut TestRng) {
    for last in (1..entries.len()).rev() {
        entries.swap(last, below(last + 1, rng));
    }
}

fn below(limit: usize, rng: &mut TestRng) -> usize {
    usize::try_from(rng.next_u32()).unwrap() % limit
}

/// The same for whoever ignores what nobody knows. What is known stands there once, in any order; of the
/// others at least one name comes twice.
pub fn scrambled(value: &Value, rng: &mut TestRng) -> String {
    const UNKNOWN: [&str; 4] = [
        r#""abcd": "1234""#,
        r#""abcd":["1234"]"#,
        r#""ABCD":{"responseCode":"FAILURE"}"#,
        "\"\\u0000\" : null",
    ];
    match value {
        Value::Object(members) => {
            let mut pairs = vec![UNKNOWN[0].to_owned(), UNKNOWN[1].to_owned()];
            let more = (0..below(4, rng)).map(|_| UNKNOWN[below(UNKNOWN.len(), rng)].to_owned());
            pairs.extend(more.collect::<Vec<_>>());
            pairs.extend(members.iter().map(|(name, value)| {
                format!(
                    "\n\t{}: {}",
                    Value::from(name.as_str()),
                    scrambled(value, rng)
                )
            }));
            shuffle(&mut pairs, rng);
            format!("{{{}}}", pairs.join(","))
        }
        Value::Array(entries) => {
            let entries: Vec<_> = entries.iter().map(|entry| scrambled(entry, rng)).collect();
            format!("[{}]", entries.join(" , "))
        }
        other => other.to_string(),
    }
}

#[tokio::test]
async fn guide_1_9_any_order_and_unknown_pairs_make_no_difference() {
    for seed in SEEDS {
        let (mut desk, line) = fresh().await;
        line.play(Play::Scramble { seed });
        desk.identify("447710900120").await;
        desk.keys("aa10.99<tab>1.00<enter>");
        desk.status(Status::Authorized).await;
        desk.keys("2ac<enter>");
        desk.status(Status::Captured).await;
        desk.keys("af<enter>");
        let payment = desk.status(Status::Refunded).await;

        let start = &line.exchanges("POST /v5/transaction")[0];
        let told = start.answer.as_ref().unwrap().json();
        let id = told["transactionId"].as_str().unwrap();
        assert_eq!(payment.id.as_ref().unwrap().as_str(), id, "seed {seed}");
        assert_eq!(payment.unresolved(), None);
        assert_eq!(payment.captured(), payment.authorized());
        assert_eq!(payment.refundable(), Taxed::ZERO);
    }
}

#[tokio::test]
async fn guide_1_9_notifications_in_any_order_and_more_than_once_are_understood() {
    for seed in SEEDS {
        let rng = &mut rng(seed, 0);
        let (mut desk, line) = fresh().await;
        desk.identify("447710900180").await;
        for _ in 0..3 {
            desk.keys("1aa10.99<tab>1.00<enter>");
            desk.page("Confirm your payment").await;
            desk.keys("<esc>");
        }

        let merchant = Merchant::new(&desk.base_url());
        let state = merchant.control(Method::GET, "state", None).await;
        let mut posts = Vec::new();
        for (number, start) in line.exchanges("POST /v5/transaction ").iter().enumerate() {
            let start = start.request.json();
            let url = start["extensionData"]["notificationUrl"].clone();
            let told = json!({
                "externalTransactionId": start["externalTransactionId"],
                "transactionId": state["payments"][number]["transactionId"],
                "responseCode": "OK",
            });
            for _ in 0..=below(3, rng) {
                posts.push((url.as_str().unwrap().to_owned(), scrambled(&told, rng)));
            }
        }
        shuffle(&mut posts, rng);
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        for (url, body) in posts {
            let post = http.post(url).header("Content-Type", "application/json");
            assert_eq!(post.body(body).send().await.unwrap().status(), 200);
        }

        let payments = desk
            .until("three authorized payments", |state| {
                let rows = &state.transactions.rows;
                let authorized = |row: &Transaction| row.status() == Status::Authorized;
                (rows.len() == 3 && rows.iter().all(authorized)).then(|| rows.clone())
            })
            .await;
        for payment in payments {
            let row =
                state["payments"].as_array().unwrap().iter().find(|row| {
                    row["externalTransactionId"] == payment.external().unwrap().as_str()
                });
            let id = payment.id.as_ref().unwrap().as_str();
            assert_eq!(row.unwrap()["transactionId"], id, "seed {seed}");
            assert_eq!(payment.authorized().gross.to_string(), "10.99");
        }
    }
}

#[test]
fn control_three_members_come_in_every_order() {
    let body = json!({"a": 1, "b": 2, "c": 3});
    let order = |seed| {
        let text = scrambled(&body, &mut rng(seed, 0));
        let read: Value = serde_json::from_str(&text).unwrap();
        let known = |name: &&String| body.get(name.as_str()).is_some();
        let names = read.as_object().unwrap().keys().filter(known);
        names.cloned().collect::<String>()
    };
    assert_eq!((0..100).map(order).collect::<BTreeSet<_>>().len(), 6);
}
