//! The store by itself: what survives, what never happens twice, what time does.

mod checks;
mod commits;
mod durability;
mod files;
mod model;
mod reset;
mod time;

use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::api::BangoUserId;
use crate::clock::Settable;
use crate::json::{self as bodies, Limits};
use crate::sandbox::engine::form::Submission;
use crate::sandbox::engine::{Adjust, Answer, Identify, Start};

/// A store with its clock's hand and what goes along with it.
struct Bench {
    store: Store,
    writer: Writer,
    expired: Expired,
    hand: Settable,
}

impl Bench {
    fn on(database: Database, seed: Option<u64>) -> Self {
        Self::with(database, seed, Rules::default())
    }

    fn with(database: Database, seed: Option<u64>, rules: Rules) -> Self {
        let settings = Settings { database, seed };
        let (clock, hand) = Clock::settable(Timestamp::UNIX_EPOCH);
        let opened = open(&settings).unwrap();
        let running = Store::start(opened, rules, clock, ()).unwrap();
        Self {
            store: running.store.with_pages("http://127.0.0.1:1/pages/"),
            writer: running.writer,
            expired: running.expired,
            hand,
        }
    }

    fn in_memory() -> Self {
        Self::on(Database::Memory, Some(7))
    }

    fn in_file(path: &Path) -> Self {
        Self::on(Database::File(path.to_owned()), None)
    }

    /// Ends it and waits until the file is closed.
    fn close(self) {
        drop(self.store);
        self.writer.join();
    }
}

fn merchant() -> Merchant {
    Merchant("sandbox".to_owned())
}

fn read(body: &Value) -> bodies::Value {
    bodies::parse(body.to_string().as_bytes(), &Limits::SERVER).unwrap()
}

fn said(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

fn code(answer: &Answer) -> String {
    said(answer)["responseCode"].as_str().unwrap().to_owned()
}

/// The token at the end of the page's address in an answer.
fn token(answer: &Answer) -> String {
    let url = said(answer)["parameters"]["url"]
        .as_str()
        .unwrap()
        .to_owned();
    url.rsplit_once('/').unwrap().1.to_owned()
}

fn pressing(action: &str, fields: &[(&str, &str)]) -> Submission {
    Submission {
        action: Some(action.to_owned()),
        fields: fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

async fn identify(store: &Store, network: &str, number: &str) -> BangoUserId {
    let body = read(&json!({"identificationMethodKey": network}));
    let request = Identify::read_first(Some(&body)).unwrap();
    let begun = store.identify(merchant(), request).await.unwrap().answer;
    let token = token(&begun);
    let steps = [
        pressing("continue", &[("msisdn", number)]),
        pressing("confirm", &[("pin", "1234")]),
    ];
    for step in steps {
        store
            .submit_page(token.clone(), step)
            .await
            .unwrap()
            .unwrap();
    }
    let session = said(&begun)["sessionId"].as_str().unwrap().into();
    let request = Identify::read(None).unwrap();
    let answer = store
        .go_on(merchant(), session, request)
        .await
        .unwrap()
        .answer;
    BangoUserId::from(said(&answer)["bangoUserId"].as_str().unwrap())
}

fn start(user: &BangoUserId, external: Option<&str>, gross: &str) -> Start {
    let body = json!({
        "bangoUserId": user.as_str(),
        "externalTransactionId": external,
        "paymentItems": [{"priceList": [{"currencyIso3": "USD", "grossAmount": gross}]}],
        "extensionData": {"notificationUrl": "http://127.0.0.1:1/notification"}
    });
    Start::read(Some(&read(&body))).unwrap()
}

fn part(gross: &str) -> Adjust {
    let body = json!({
        "paymentItems": [{"priceList": [{"currencyIso3": "USD", "grossAmount": gross}]}]
    });
    Adjust::read(Some(&read(&body))).unwrap()
}

fn everything() -> Adjust {
    Adjust::read(None).unwrap()
}
