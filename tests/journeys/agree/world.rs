//! A console without a terminal on a sandbox of its own, and another program on the same sandbox.

use bango_console::api::{Call, Method, Operation, Stub};
use bango_console::clock::Ids;
use bango_console::exchange::{CallId, Outcome};
use bango_console::record::journal::Reader;
use bango_console::record::{Entry, Seq};
use bango_console::sandbox::activity::{Activity, Told};
use futures_util::FutureExt as _;
use jiff::Timestamp;
use proptest::sample::Index;
use serde_json::{Value, json};
use uuid::Uuid;

use super::books::Books;
use super::steps::{Client, PAYERS, Price, Step, Verb};
use crate::desk::{self, Desk};
use crate::merchant::Merchant;

/// Rows of a list that are asked for at a time: few, so that there are several pages.
const PAGE: usize = 5;

const ANY_PRICE: Price = Price {
    gross: "10.99",
    tax: Some("0.20"),
    currency: "USD",
};

pub struct World {
    desk: Desk,
    other: Merchant,
    reader: Reader,
    reports: Activity,
    ids: Ids,
    /// Every call that was made.
    calls: Vec<Made>,
    /// Every `transactionId` that was told, and those that are nobody's: of before a reset, or of an
    /// answer made to order.
    payments: Vec<String>,
    nobodys: Vec<String>,
    /// Every `sessionId`, whoever it belongs to by now.
    sessions: Vec<String>,
    /// Every page of a payer's.
    pages: Vec<String>,
}

/// A call, and the headers that named its answer, if any did.
#[derive(Clone)]
struct Made {
    call: Call,
    to_order: Vec<(&'static str, String)>,
}

impl Made {
    fn for_real(call: Call) -> Self {
        Self {
            call: Call { stub: None, ..call },
            to_order: Vec::new(),
        }
    }
}

impl World {
    pub async fn open() -> Self {
        let desk = desk::in_memory().await;
        Self {
            other: Merchant::new(&desk.base_url()),
            reader: desk.reader(),
            reports: desk.activity(),
            desk,
            ids: Ids::new(1),
            calls: Vec::new(),
            payments: Vec::new(),
            nobodys: Vec::new(),
            sessions: Vec::new(),
            pages: Vec::new(),
        }
    }

    /// Does one step, and waits until the journal knows all of it.
    pub async fn play(&mut self, step: &Step) {
        match step {
            Step::Call { by, verb } => {
                let call = self.call_for(verb).await;
                self.make(*by, Made::for_real(call)).await;
            }
            Step::Stub {
                verb,
                prefer,
                extension,
            } => {
                let call = self.call_for(verb).await;
                let mut to_order = vec![("Prefer", (*prefer).to_owned())];
                to_order.extend(extension.map(|value| ("preference-extension", value.to_owned())));
                self.make(Client::Other, Made { call, to_order }).await;
            }
            Step::OwnStub { verb, answer } => {
                let call = self.call_for(verb).await;
                let all: Vec<_> = Stub::all(call.operation).collect();
                let stub = picked(&all, *answer).unwrap();
                let to_order = stub.headers().to_vec();
                let call = call.answered_by(Some(stub));
                self.make(Client::Console, Made { call, to_order }).await;
            }
            Step::Again { by, call, for_real } => {
                if let Some(made) = picked(&self.calls, *call) {
                    let again = if *for_real {
                        Made::for_real(made.call)
                    } else {
                        made
                    };
                    self.make(*by, again).await;
                }
            }
            Step::Changed { by, call, gross } => {
                if let Some(Made { call, to_order }) = picked(&self.calls, *call)
                    && let Some(call) = with_gross(call, gross)
                {
                    self.make(*by, Made { call, to_order }).await;
                }
            }
            Step::Page { page, approves } => self.visit(*page, *approves).await,
            Step::Reset => {
                self.other.reset().await;
                self.nobodys.append(&mut self.payments);
            }
        }
        self.settle().await;
    }

    /// What the sandbox says there is.
    pub async fn sandbox(&self) -> Books {
        let mut payments = Vec::new();
        let mut after = Some("0".to_owned());
        while let Some(behind) = after {
            let path = format!("state?after={behind}&limit={PAGE}");
            let mut page = self.other.control(reqwest::Method::GET, &path, None).await;
            payments.append(page["payments"].as_array_mut().unwrap());
            after = page["next"].as_str().map(str::to_owned);
        }
        Books::of_sandbox(&payments)
    }

    /// What the journal says.
    pub fn journal(&self) -> Books {
        Books::of_journal(&self.reader, self.desk.epoch())
    }

    /// The entries behind one.
    pub fn entries_after(&self, seq: Seq) -> impl Iterator<Item = Entry> {
        (seq.0 + 1..).map_while(|seq| self.reader.entry(Seq(seq)).unwrap())
    }

    async fn call_for(&self, verb: &Verb) -> Call {
        let begin = Verb::Authorize {
            payer: 0,
            key: None,
            price: ANY_PRICE,
        };
        let verb = match verb {
            Verb::Continue { .. } if self.sessions.is_empty() => &Verb::Identify,
            _ if self.payments.is_empty() && verb.needs_payment() => &begin,
            _ => verb,
        };
        let payment = |index: &Index| format!("transaction/{}", self.payment(*index));
        let (operation, method, path, body) = match verb {
            Verb::Identify => {
                let body = json!({"identificationMethodKey": "GBR_BANGO"});
                let path = "identity".to_owned();
                (Operation::Identify, Method::Post, path, body)
            }
            Verb::Continue { session, cancels } => {
                let path = format!("identity/{}", recent(&self.sessions, *session).unwrap());
                let body = cancels.then(|| json!({"action": "cancel"}));
                let body = body.unwrap_or_default();
                (Operation::Continue, Method::Post, path, body)
            }
            Verb::Status { payer } => {
                let path = format!("identity/{}", self.user(*payer).await);
                (Operation::Status, Method::Get, path, Value::Null)
            }
            Verb::CloseAccount { payer } => {
                let path = format!("identity/{}", self.user(*payer).await);
                (Operation::CloseAccount, Method::Delete, path, Value::Null)
            }
            Verb::Methods { payer } => {
                let user = self.user(*payer).await;
                let body = json!({"bangoUserId": user, "paymentItems": ANY_PRICE.items()});
                let path = "transaction".to_owned();
                (Operation::Methods, Method::Options, path, body)
            }
            Verb::Authorize { payer, key, price } => {
                let user = self.user(*payer).await;
                let mut body = json!({"bangoUserId": user, "paymentItems": price.items()});
                if let Some(key) = key {
                    body["externalTransactionId"] = format!("t-{key}").into();
                }
                let path = "transaction".to_owned();
                (Operation::Authorize, Method::Post, path, body)
            }
            Verb::Retrieve { payment: index } => {
                let path = payment(index);
                (Operation::Retrieve, Method::Get, path, Value::Null)
            }
            Verb::Capture {
                payment: index,
                part,
            } => {
                let body = part.map_or(Value::Null, |part| json!({"paymentItems": part.items()}));
                (Operation::Capture, Method::Put, payment(index), body)
            }
            Verb::Delete {
                payment: index,
                key,
                part,
            } => {
                let mut body = json!({});
                if let Some(key) = key {
                    body["externalTransactionId"] = format!("r-{key}").into();
                }
                if let Some(part) = part {
                    body["paymentItems"] = part.items();
                }
                let is_whole = key.is_none() && part.is_none();
                let body = if is_whole { Value::Null } else { body };
                let operation = if is_whole {
                    Operation::Cancel
                } else {
                    Operation::Refund
                };
                (operation, Method::Delete, payment(index), body)
            }
        };
        Call {
            operation,
            method,
            path,
            stub: None,
            fault: None,
            body: (!body.is_null()).then(|| body.to_string().into_bytes()),
        }
    }

    /// Now and then somebody speaks of one that is nobody's.
    fn payment(&self, index: Index) -> String {
        let astray = index.index(16) == 0;
        let nobodys = astray.then(|| picked(&self.nobodys, index)).flatten();
        nobodys.or_else(|| recent(&self.payments, index)).unwrap()
    }

    /// The id of a payer, who is identified if that was not done in this life.
    async fn user(&self, payer: usize) -> String {
        let (key, msisdn) = PAYERS[payer];
        let asked = json!({"key": key, "msisdn": msisdn});
        let user = self
            .other
            .control(reqwest::Method::POST, "users", Some(&asked))
            .await;
        user["bangoUserId"].as_str().unwrap().to_owned()
    }

    async fn make(&mut self, by: Client, made: Made) {
        self.calls.push(made.clone());
        let Made { call, to_order } = made;
        // The console sends such headers only where it knows what they ask for.
        let by = if to_order.is_empty() || call.stub.is_some() {
            by
        } else {
            Client::Other
        };
        let answer = self.ask(by, call, &to_order).await;
        let told = |name: &str| answer[name].as_str().map(str::to_owned);
        self.sessions.extend(told("sessionId"));
        if !to_order.is_empty() {
            self.nobodys.extend(told("transactionId"));
            return;
        }
        self.payments.extend(told("transactionId"));
        if answer["parameters"]["action"] == "REDIRECT" {
            let page = answer["parameters"]["url"].as_str().unwrap();
            self.pages.push(page.to_owned());
        }
    }

    async fn ask(&mut self, by: Client, call: Call, to_order: &[(&'static str, String)]) -> Value {
        if by == Client::Other {
            let headers: Vec<_> = to_order
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            return self.other.send(&call, &headers).await;
        }
        let id = CallId(self.ids.uuid(Timestamp::UNIX_EPOCH));
        self.desk.send(id, call);
        let ended = format!("ended:{}", id.0);
        self.desk.recorded(&self.reader, &ended).await;
        let exchange = self.reader.exchange(id).unwrap().unwrap();
        let Some(Outcome::Answered { response, .. }) = exchange.outcome else {
            panic!("{exchange:#?}");
        };
        serde_json::from_slice(&response.body.kept).unwrap()
    }

    async fn visit(&mut self, page: Index, approves: bool) {
        let Some(page) = picked(&self.pages, page) else {
            return;
        };
        if approves {
            // Whichever it is: a page stays as it is where a button is not its own.
            let number = [("msisdn", PAYERS[0].1), ("action", "continue")];
            self.other.submit(&page, &number).await;
            let pin = [("pin", "1234"), ("action", "confirm")];
            self.other.submit(&page, &pin).await;
            let zip = [("zip", "12345"), ("action", "confirm")];
            self.other.submit(&page, &zip).await;
        } else {
            self.other.submit(&page, &[("action", "cancel")]).await;
        }
    }

    /// Waits for everything that was reported, and learns the ids of payments that no answer names.
    async fn settle(&mut self) {
        let mut last: Option<(Uuid, u64)> = None;
        while let Some(told) = self.reports.next().now_or_never() {
            let Told::Report(report) = told else {
                panic!("{told:?}");
            };
            last = Some((report.run, report.number));
        }
        if let Some((run, number)) = last {
            let key = format!("seen:{run}:{number}");
            self.desk.recorded(&self.reader, &key).await;
        }
        for id in self.journal().accounts.into_keys() {
            if !self.payments.contains(&id) {
                self.payments.push(id);
            }
        }
    }
}

fn picked<T: Clone>(all: &[T], index: Index) -> Option<T> {
    (!all.is_empty()).then(|| index.get(all).clone())
}

/// One of the last: what is begun is also ended.
fn recent(all: &[String], index: Index) -> Option<String> {
    picked(&all[all.len().saturating_sub(3)..], index)
}

/// The same call for another amount; `None` where it names none.
fn with_gross(call: Call, gross: &str) -> Option<Call> {
    let mut body: Value = serde_json::from_slice(call.body.as_ref()?).unwrap();
    *body.pointer_mut("/paymentItems/0/priceList/0/grossAmount")? = gross.into();
    Some(Call {
        body: Some(body.to_string().into_bytes()),
        ..call
    })
}
