//! The store and the engine behind it, beside the reference model that the tests over HTTP have, too.

#[path = "../../../../tests/sandbox/model/beside.rs"]
mod beside;

use tokio::runtime::Runtime;

use super::*;
use crate::api::TransactionId;
use crate::money::{Amount, Taxed};
use crate::sandbox::engine::{NewPayer, Payment, State};
use beside::payers::Payer;
use beside::reference::Verb;
use beside::{CAPTURES_AGAIN, PARTS_REPEAT, Row, Said, Side, TAX_IS_FREE, agrees, tells_apart};

struct OnStore {
    runtime: Runtime,
    store: Store,
}

fn on_store() -> OnStore {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    OnStore {
        runtime: runtime.unwrap(),
        store: Bench::in_memory().store,
    }
}

impl Side for OnStore {
    fn begin(&mut self, payers: &[Payer]) -> Vec<String> {
        self.runtime.block_on(async {
            self.store.reset().await.unwrap();
            let mut users = Vec::new();
            for payer in payers {
                let asked = read(&json!({"msisdn": payer.number, "key": payer.key}));
                let asked = NewPayer::read(Some(&asked)).unwrap();
                let payer = self.store.new_payer(merchant(), asked).await.unwrap();
                users.push(payer.id.as_str().to_owned());
            }
            users
        })
    }

    fn send(&mut self, verb: Verb, id: &str, body: Option<&Value>) -> Said {
        let (store, id) = (&self.store, TransactionId::from(id));
        let body = body.map(read);
        let adjust = || Adjust::read(body.as_ref()).unwrap();
        let replied = self.runtime.block_on(async {
            match verb {
                Verb::Start => {
                    let start = Start::read(body.as_ref()).unwrap();
                    store.authorize(merchant(), start).await
                }
                Verb::Retrieve => store.retrieve(merchant(), id).await,
                Verb::Capture => store.capture(merchant(), id, adjust()).await,
                Verb::Delete => store.reverse(merchant(), id, adjust()).await,
            }
        });
        let answer = replied.unwrap().answer;
        Said {
            status: answer.status,
            body: answer.body,
            replayed: answer.replayed,
        }
    }

    fn finish(&mut self, url: &str, approves: bool) {
        let (_, token) = url.rsplit_once('/').unwrap();
        let steps: &[_] = if approves {
            &[("confirm", &[][..]), ("confirm", &[("zip", "90210")])]
        } else {
            &[("cancel", &[])]
        };
        for (action, fields) in steps {
            let submission = pressing(action, fields);
            let submitted = self.store.submit_page(token.to_owned(), submission);
            self.runtime.block_on(submitted).unwrap().unwrap();
        }
    }

    fn rows(&mut self) -> Vec<Row> {
        let all = Stretch {
            after: 0,
            limit: 100,
        };
        let listed = self.store.payments(merchant(), None, all);
        let listed = self.runtime.block_on(listed).unwrap();
        listed.rows.iter().map(row).collect()
    }
}

fn row(payment: &Payment) -> Row {
    let (state, has_id, is_authorized) = match payment.state {
        State::AsksApproval | State::AsksZip => ("PENDING_REDIRECT", true, false),
        State::Authorized => ("AUTHORIZED", true, true),
        State::Captured => ("CAPTURED", true, true),
        State::PartiallyRefunded => ("PARTIALLY_REFUNDED", true, true),
        State::Refunded => ("REFUNDED", true, true),
        State::Cancelled => ("CANCELLED", true, true),
        State::PayerCancelled => ("USER_CANCELLED", true, false),
        State::Refused => ("REFUSED", false, false),
    };
    let authorized = if is_authorized {
        payment.authorized
    } else {
        Taxed::ZERO
    };
    let amounts = |taxed: Taxed| [taxed.gross, taxed.tax].map(|amount: Amount| amount.to_string());
    Row {
        id: has_id.then(|| payment.id.as_str().to_owned()),
        external: payment
            .external
            .as_ref()
            .map(|external| external.as_str().to_owned()),
        user: payment.payer.id.as_str().to_owned(),
        state: state.to_owned(),
        currency: payment.currency.to_string(),
        authorized: amounts(authorized),
        captured: amounts(payment.captured),
        refunded: amounts(payment.refunded),
    }
}

#[test]
fn random_histories_go_as_in_the_model() {
    agrees(&mut on_store(), 300);
}

#[test]
#[ignore = "slow: 2,000 histories"]
fn many_random_histories_go_as_in_the_model() {
    agrees(&mut on_store(), 2_000);
}

#[test]
fn control_a_model_in_which_equal_parts_are_one_is_told_apart() {
    tells_apart(&mut on_store(), PARTS_REPEAT, "with the bytes of exchange");
}

#[test]
fn control_a_model_that_captures_more_tax_than_is_authorized_is_told_apart() {
    tells_apart(
        &mut on_store(),
        TAX_IS_FREE,
        "of its own, and Request { verb: Capture",
    );
}

#[test]
fn control_a_model_that_captures_twice_is_told_apart() {
    tells_apart(
        &mut on_store(),
        CAPTURES_AGAIN,
        "expected 200 OK of its own",
    );
}
