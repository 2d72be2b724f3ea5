//! The sandbox over HTTP beside a reference model, over random histories.

#[path = "model/beside.rs"]
mod beside;

use std::collections::BTreeSet;

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::control::{get, post, request};
use crate::harness::{self, Sandbox};
use beside::history::{Step, histories, position};
use beside::payers::Payer;
use beside::reference::{DOCUMENTED, Model, Verb};
use beside::{CAPTURES_AGAIN, PARTS_REPEAT, Row, Said, Side, TAX_IS_FREE, agrees, tells_apart};

struct OverHttp(Sandbox);

fn over_http() -> OverHttp {
    OverHttp(Sandbox::start())
}

impl Side for OverHttp {
    fn begin(&mut self, payers: &[Payer]) -> Vec<String> {
        assert_eq!(self.0.send(&request("POST", "reset")).status, 200);
        let user = |payer: &Payer| {
            let asked = json!({"msisdn": payer.number, "key": payer.key});
            post(&self.0, "users", &asked).text_at("/bangoUserId")
        };
        payers.iter().map(user).collect()
    }

    fn send(&mut self, verb: Verb, id: &str, body: Option<&Value>) -> Said {
        let (method, path) = match verb {
            Verb::Start => ("POST", "transaction".to_owned()),
            Verb::Retrieve => ("GET", format!("transaction/{id}")),
            Verb::Capture => ("PUT", format!("transaction/{id}")),
            Verb::Delete => ("DELETE", format!("transaction/{id}")),
        };
        let answer = match body {
            Some(body) => self.0.json(method, &path, body),
            None => self.0.bare(method, &path),
        };
        Said {
            status: answer.status,
            replayed: answer.header("bango-sandbox-replayed") == Some("true"),
            body: answer.body,
        }
    }

    fn finish(&mut self, url: &str, approves: bool) {
        let payer = harness::Payer::program();
        let page = payer.opens(url);
        if page.done {
            return;
        }
        // There is no callback, so a closing page comes.
        let last = if approves {
            let zip = payer.confirms(&page);
            payer.presses(&zip, zip.proceed(), Some("90210")).page()
        } else {
            payer.presses(&page, page.cancel(), None).page()
        };
        assert!(last.done, "{last:?}");
    }

    fn rows(&mut self) -> Vec<Row> {
        let state = get(&self.0, "state");
        let payments = state["payments"].as_array().expect("a list");
        payments.iter().map(row).collect()
    }
}

fn row(payment: &Value) -> Row {
    let optional = |name: &str| payment[name].as_str().map(str::to_owned);
    let text = |name: &str| optional(name).expect("a text");
    let sum = |name: &str| {
        let part = |part: &str| payment[name][part].as_str().expect("an amount").to_owned();
        [part("gross"), part("tax")]
    };
    Row {
        id: optional("transactionId"),
        external: optional("externalTransactionId"),
        user: text("bangoUserId"),
        state: text("state"),
        currency: text("currency"),
        authorized: sum("authorized"),
        captured: sum("captured"),
        refunded: sum("refunded"),
    }
}

/// Every answer that the model gives over many histories, and whether as a replay.
fn met() -> BTreeSet<(Verb, &'static str, bool)> {
    let mut runner = TestRunner::deterministic();
    let mut met = BTreeSet::new();
    for _ in 0..2_000 {
        let users = Payer::ALL.map(|payer| (payer.number.to_owned(), payer));
        let (mut model, mut sent) = (Model::new(DOCUMENTED, users.into()), Vec::new());
        for step in histories()
            .new_tree(&mut runner)
            .expect("a history")
            .current()
        {
            if let Some(request) = step.request(&model, &sent) {
                let answer = model.answer(sent.len(), &request);
                met.insert((request.verb, answer.code, answer.replays.is_some()));
                sent.push(request);
            } else if let Step::Pages(place, approves) = step {
                model.leaves_the_pages(position(place, &model), approves);
            }
        }
    }
    met
}

/// What is definite is met twice, the second time as a replay.
#[test]
fn the_histories_meet_every_answer() {
    let mut expected = BTreeSet::new();
    for (verb, definite, others) in [
        (
            Verb::Start,
            "OK CLIENT_ACTION_REQUIRED USER_INSUFFICIENT_CREDIT DECLINED",
            "CONNECT_ERROR INVALID_BANGOUSERID BAD_REQUEST",
        ),
        (Verb::Retrieve, "", "OK NOT_FOUND"),
        (
            Verb::Capture,
            "OK DECLINED",
            "CONNECT_ERROR BAD_REQUEST NOT_FOUND",
        ),
        (
            Verb::Delete,
            "CANCELLED REFUNDED DECLINED CANT_REFUND ALREADY_REFUNDED",
            "CONNECT_TIMEOUT FAILURE INVALID_BANGOUSERID BAD_REQUEST NOT_FOUND",
        ),
    ] {
        let definite = definite.split_whitespace();
        expected.extend(definite.clone().map(|code| (verb, code, true)));
        let first = definite.chain(others.split_whitespace());
        expected.extend(first.map(|code| (verb, code, false)));
    }
    assert_eq!(met(), expected);
}

#[test]
fn random_histories_go_as_in_the_model() {
    agrees(&mut over_http(), 100);
}

#[test]
#[ignore = "slow: 600 histories over HTTP"]
fn many_random_histories_go_as_in_the_model() {
    agrees(&mut over_http(), 1000);
}

#[test]
fn control_a_model_in_which_equal_parts_are_one_is_told_apart() {
    tells_apart(&mut over_http(), PARTS_REPEAT, "with the bytes of exchange");
}

#[test]
fn control_a_model_that_captures_more_tax_than_is_authorized_is_told_apart() {
    tells_apart(
        &mut over_http(),
        TAX_IS_FREE,
        "of its own, and Request { verb: Capture",
    );
}

#[test]
fn control_a_model_that_captures_twice_is_told_apart() {
    tells_apart(
        &mut over_http(),
        CAPTURES_AGAIN,
        "expected 200 OK of its own",
    );
}
