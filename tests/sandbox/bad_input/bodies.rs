//! Bodies in which one thing is wrong, each member in each way and each spelling broken in each way: a
//! refusal that names the place, and nothing has changed. And bodies that only look strange.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::schema::{Fault, Schema, Way, faults, two_taxes, whole_identify, whole_transaction};
use super::spelling::{BREAKS, Dice, Freedom, spell};
use crate::control::{get, new_user};
use crate::harness::{
    Answer, Sandbox, authorized, bad_request, changed, is, not_replayed, sent_to_a_page, without,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Identify,
    GoOn,
    Options,
    Start,
    Capture,
    Refund,
}
use Operation::{Capture, GoOn, Identify, Options, Refund, Start};

const OPERATIONS: [Operation; 6] = [Identify, GoOn, Options, Start, Capture, Refund];

impl Operation {
    fn schema(self) -> Schema {
        match self {
            Identify => Schema::Identify,
            GoOn => Schema::GoOn,
            Options | Start => Schema::Start,
            Capture | Refund => Schema::Adjust,
        }
    }
}

/// A call that would go well: how it is made, and with which body.
struct Call {
    operation: Operation,
    method: &'static str,
    path: String,
    good: Value,
}

impl Call {
    /// Makes what the call needs, for a user for whom everything goes well.
    fn prepare(sandbox: &Sandbox, user: &str, operation: Operation) -> Self {
        let key = format!("t-{}", sandbox.numbered());
        let whole = whole_transaction(user, &key, "10.99", "1.00");
        let start = || authorized(&sandbox.authorize(&whole));
        let part = |gross, tax| whole_transaction(user, &key, gross, tax);
        let (method, path, good) = match operation {
            Identify => ("POST", "identity".to_owned(), whole_identify()),
            GoOn => {
                let (session, _) = sent_to_a_page(&sandbox.identity(&json!({})));
                ("POST", format!("identity/{session}"), whole_identify())
            }
            Options => ("OPTIONS", "transaction".to_owned(), whole),
            Start => ("POST", "transaction".to_owned(), whole),
            Capture => {
                let path = format!("transaction/{}", start());
                ("PUT", path, part("9.99", "0.90"))
            }
            Refund => {
                let transaction = start();
                is(&sandbox.capture(&transaction), "OK");
                let path = format!("transaction/{transaction}");
                ("DELETE", path, part("2.99", "0.20"))
            }
        };
        Self {
            operation,
            method,
            path,
            good,
        }
    }

    fn send(&self, sandbox: &Sandbox, body: &[u8]) -> Answer {
        sandbox.bytes(self.method, &self.path, body)
    }

    /// What was refused before has left nothing: the good body goes well, and for the first time.
    #[track_caller]
    fn goes_well(&self, sandbox: &Sandbox) {
        let answer = self.send(sandbox, self.good.to_string().as_bytes());
        not_replayed(&answer);
        match self.operation {
            Identify | GoOn => _ = sent_to_a_page(&answer),
            Options => assert_eq!(answer.status, 200, "{}", answer.text()),
            Start => _ = authorized(&answer),
            Capture => is(&answer, "OK"),
            Refund => is(&answer, "REFUNDED"),
        }
    }
}

impl Fault {
    /// The good body with this wrong in it.
    fn body(&self, good: &Value, freedom: Freedom, seed: u64) -> Vec<u8> {
        let (body, twice) = match &self.way {
            Way::Missing => (without(good, self.pointer), None),
            Way::Value(value) => (changed(good, self.pointer, value.clone()), None),
            Way::Twice { escaped } => (good.clone(), Some((self.pointer, *escaped))),
        };
        spell(&body, freedom, seed, twice).bytes
    }
}

fn faults_of(call: &Call) -> Vec<Fault> {
    let mut faults = faults(call.operation.schema(), &call.good);
    if !matches!(call.operation, Identify | GoOn) {
        faults.push(two_taxes());
    }
    faults
}

/// Everything that a merchant can find out, but for the time.
fn everything(sandbox: &Sandbox) -> [Value; 3] {
    ["payments", "sessions", "users"].map(|list| {
        let path = if list == "payments" { "state" } else { list };
        get(sandbox, &format!("{path}?limit=1000"))[list].clone()
    })
}

/// A 400 in the envelope, with a short reason that names the member or the place.
#[track_caller]
fn refused(answer: &Answer, named: Option<&str>, what: &str) {
    assert_eq!(answer.status, 400, "{what}: {}", answer.text());
    bad_request(answer);
    let reason = answer.header("bango-sandbox-reason").unwrap_or_default();
    assert!(reason.len() <= 200, "{what}: {reason}");
    match named {
        Some(name) => assert!(
            reason.starts_with(&format!("{name} ")),
            "{what}: {reason} does not name {name}"
        ),
        None => assert!(
            reason.starts_with("the body is not JSON: ") && reason.contains(", line "),
            "{what}: {reason} does not name the place"
        ),
    }
}

#[test]
fn each_member_wrong_in_each_way_is_named_and_changes_nothing() {
    let sandbox = Sandbox::start();
    let user = new_user(&sandbox, "447710900120");
    for operation in OPERATIONS {
        let call = Call::prepare(&sandbox, &user, operation);
        let before = everything(&sandbox);
        for fault in faults_of(&call) {
            let body = fault.body(&call.good, Freedom::Plain, 0);
            let answer = call.send(&sandbox, &body);
            refused(
                &answer,
                Some(&fault.named),
                &format!("{operation:?} {fault:?}"),
            );
        }
        assert_eq!(everything(&sandbox), before, "{operation:?}");
        call.goes_well(&sandbox);
    }
}

#[test]
fn each_spelling_broken_in_each_way_is_refused_with_its_place_and_changes_nothing() {
    let sandbox = Sandbox::start();
    let user = new_user(&sandbox, "447710900120");
    for operation in OPERATIONS {
        let call = Call::prepare(&sandbox, &user, operation);
        let before = everything(&sandbox);
        for broken in BREAKS {
            for seed in 0..6 {
                let spelled = spell(&call.good, Freedom::Loose, seed, None);
                let body = broken.spoil(&spelled, &mut Dice::new(seed));
                let what = format!("{operation:?} {broken:?} {seed}");
                refused(&call.send(&sandbox, &body), None, &what);
            }
        }
        assert_eq!(everything(&sandbox), before, "{operation:?}");
        call.goes_well(&sandbox);
    }
}

/// What is wrong with a body at random.
#[derive(Clone, Debug)]
enum Wrong {
    Member(Index),
    Spelling(Index),
}

fn wrong() -> impl Strategy<Value = Wrong> {
    prop_oneof![
        2 => any::<Index>().prop_map(Wrong::Member),
        1 => any::<Index>().prop_map(Wrong::Spelling),
    ]
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    })
}

#[test]
fn a_wrong_body_in_any_spelling_is_named_and_changes_nothing() {
    let sandbox = Sandbox::start();
    let user = new_user(&sandbox, "447710900120");
    let operation = prop::sample::select(OPERATIONS.to_vec());
    let tried = Cell::new(0);
    let outcome = runner(96).run(
        &(operation, wrong(), any::<u64>()),
        |(operation, wrong, seed)| {
            let call = Call::prepare(&sandbox, &user, operation);
            let before = everything(&sandbox);
            let (body, named) = match wrong {
                Wrong::Member(index) => {
                    let faults = faults_of(&call);
                    let fault = index.get(&faults);
                    let body = fault.body(&call.good, Freedom::WithExtras, seed);
                    (body, Some(fault.named.clone()))
                }
                Wrong::Spelling(index) => {
                    let spelled = spell(&call.good, Freedom::WithExtras, seed, None);
                    (
                        index.get(&BREAKS).spoil(&spelled, &mut Dice::new(seed)),
                        None,
                    )
                }
            };
            let what = String::from_utf8_lossy(&body)
                .chars()
                .take(2000)
                .collect::<String>();
            refused(&call.send(&sandbox, &body), named.as_deref(), &what);
            assert_eq!(everything(&sandbox), before);
            call.goes_well(&sandbox);
            tried.set(tried.get() + 1);
            Ok(())
        },
    );
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(tried.get(), 96);
}

/// Two sandboxes with one seed give the same ids: what one is told plainly, the other is told strangely.
#[test]
fn a_right_body_in_any_spelling_is_answered_like_the_plain_one() {
    let open = || Sandbox::with(&["--database", ":memory:", "--seed", "7"]);
    let (plain, strange) = (open(), open());
    let user = new_user(&plain, "447710900120");
    assert_eq!(new_user(&strange, "447710900120"), user);
    let freedom = prop::sample::select(vec![Freedom::Loose, Freedom::WithExtras]);
    let outcome = runner(64).run(&(freedom, any::<u64>()), |(freedom, seed)| {
        for operation in OPERATIONS {
            let call = Call::prepare(&plain, &user, operation);
            let twin = Call::prepare(&strange, &user, operation);
            let body = spell(&twin.good, freedom, seed, None).bytes;
            let (one, other) = (
                call.send(&plain, call.good.to_string().as_bytes()),
                twin.send(&strange, &body),
            );
            let elsewhere = one.text().replace(&plain.authority, &strange.authority);
            prop_assert_eq!(one.status, 200);
            prop_assert_eq!(
                (other.status, other.text()),
                (one.status, elsewhere),
                "{}",
                String::from_utf8_lossy(&body)
            );
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(sums(&strange), sums(&plain));
}

/// Every payment with its money, without its times.
fn sums(sandbox: &Sandbox) -> Vec<Value> {
    let [payments, ..] = everything(sandbox);
    let rows = payments.as_array().expect("a list").iter();
    rows.map(|row| changed(row, "/expiresAt", json!(null)))
        .collect()
}
