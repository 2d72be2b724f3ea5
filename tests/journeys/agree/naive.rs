//! A fold that adds up what answers say moved, and may take for that what moved nothing.

use std::collections::HashMap;

use bango_console::exchange::{
    CallId, Header, Outcome, REPLAYED_HEADER, Request, Response, What, header,
};
use bango_console::money::{Amount, Taxed};
use bango_console::record::entry::{Kind, Own, Seen};
use bango_console::record::{Entry, Seq};
use serde_json::Value;

use super::books::{Account, Books};
use super::world::World;

/// What it adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    WhatMoved,
    /// The mistake of taking an answer that was given before for news.
    ReplaysToo,
    /// The mistake of taking an answer made to order for true.
    StubsToo,
}

pub struct Naive {
    counts: Counts,
    read: Seq,
    books: Books,
    /// What was asked for, by payment: its price.
    prices: HashMap<String, Taxed>,
    ours: HashMap<CallId, Ours>,
}

/// A call of the console's, until both its answer and the sandbox's word on it are there.
struct Ours {
    request: Request,
    response: Option<Response>,
    own: Option<Own>,
}

impl Naive {
    pub fn new(counts: Counts) -> Self {
        Self {
            counts,
            read: Seq(0),
            books: Books::default(),
            prices: HashMap::new(),
            ours: HashMap::new(),
        }
    }

    pub fn books(&mut self, world: &World) -> Books {
        for entry in world.entries_after(self.read) {
            self.read = entry.seq;
            self.take(entry);
        }
        self.books.add_up();
        self.books.clone()
    }

    fn take(&mut self, entry: Entry) {
        match entry.kind {
            Kind::Sent(sent) => {
                let ours = Ours {
                    request: sent.request,
                    response: None,
                    own: None,
                };
                self.ours.insert(sent.call, ours);
            }
            Kind::Ended(ended) => {
                let Outcome::Answered { response, .. } = ended.outcome else {
                    panic!("nothing is lost here");
                };
                self.ours.get_mut(&ended.call).unwrap().response = Some(response);
                self.complete(ended.call);
            }
            Kind::Seen(Seen::Own(own)) => {
                let call = own.call;
                self.ours.get_mut(&call).unwrap().own = Some(own);
                self.complete(call);
            }
            Kind::Seen(Seen::Report(report)) => match report.what {
                What::Exchange {
                    request,
                    response,
                    transaction,
                    ..
                } => {
                    let id = transaction.map(|id| id.as_str().to_owned());
                    self.exchange(&request, &response, id);
                }
                What::Finished {
                    transaction, code, ..
                } => self.finish(transaction.as_str(), &code),
                What::Reset => {
                    self.books = Books::default();
                    self.prices.clear();
                }
                _ => {}
            },
            other => panic!("nobody makes such an entry here: {other:?}"),
        }
    }

    fn complete(&mut self, call: CallId) {
        let ours = &self.ours[&call];
        if ours.response.is_some() && ours.own.is_some() {
            let ours = self.ours.remove(&call).unwrap();
            let id = ours.own.and_then(|own| own.transaction);
            let id = id.map(|id| id.as_str().to_owned());
            self.exchange(&ours.request, &ours.response.unwrap(), id);
        }
    }

    fn exchange(&mut self, request: &Request, response: &Response, id: Option<String>) {
        let has = |headers: &[Header], name| header(headers, name).is_some();
        if has(&request.headers, "Prefer") && self.counts != Counts::StubsToo {
            return;
        }
        if has(&response.headers, REPLAYED_HEADER) && self.counts != Counts::ReplaysToo {
            return;
        }
        let answer: Value = serde_json::from_slice(&response.body.kept).unwrap();
        let asked: Value = serde_json::from_slice(&request.body.kept).unwrap_or_default();
        let (_, path) = request.url.split_once("/v5/").unwrap();
        match (&*request.method, path.split_once('/')) {
            ("POST", None) if path == "transaction" => self.start(&asked, &answer, id),
            ("PUT", Some((_, id))) if answer["responseCode"] == "OK" => self.capture(id, &asked),
            ("DELETE", Some(("transaction", id))) => self.reverse(id, &asked, &answer),
            _ => {}
        }
    }

    fn start(&mut self, asked: &Value, answer: &Value, id: Option<String>) {
        let (state, granted) = match answer["responseCode"].as_str().unwrap() {
            "OK" => ("AUTHORIZED", true),
            "CLIENT_ACTION_REQUIRED" => ("PENDING_REDIRECT", false),
            _ => {
                let external = asked["externalTransactionId"].as_str();
                self.books.refused.extend(external.map(str::to_owned));
                return;
            }
        };
        let named = answer["transactionId"].as_str().map(str::to_owned);
        let Some(id) = id.or(named) else {
            return;
        };
        let (gross, tax) = price(asked).unwrap();
        let price = Taxed::new(gross, tax.unwrap_or_default());
        self.prices.insert(id.clone(), price);
        let account = self.books.accounts.entry(id).or_insert_with(|| Account {
            state: state.to_owned(),
            currency: currency(asked).to_owned(),
            money: [Taxed::ZERO; 3],
        });
        if granted {
            account.money[0] = account.money[0].checked_add(price).unwrap();
        }
    }

    fn finish(&mut self, id: &str, code: &str) {
        let account = self.books.accounts.get_mut(id).unwrap();
        if code == "OK" {
            "AUTHORIZED".clone_into(&mut account.state);
            account.money[0] = self.prices[id];
        } else {
            "USER_CANCELLED".clone_into(&mut account.state);
        }
    }

    fn capture(&mut self, id: &str, asked: &Value) {
        let Some(account) = self.books.accounts.get_mut(id) else {
            return;
        };
        let all = self.prices[id];
        let sum = price(asked).map_or(all, |(gross, tax)| {
            Taxed::new(gross, tax.unwrap_or(all.tax))
        });
        account.money[1] = account.money[1].checked_add(sum).unwrap();
        "CAPTURED".clone_into(&mut account.state);
    }

    fn reverse(&mut self, id: &str, asked: &Value, answer: &Value) {
        let Some(account) = self.books.accounts.get_mut(id) else {
            return;
        };
        match answer["responseCode"].as_str().unwrap() {
            "CANCELLED" => "CANCELLED".clone_into(&mut account.state),
            "REFUNDED" => {
                let left = account.money[1].saturating_sub(account.money[2]);
                let sum = price(asked).map_or(left, |(gross, tax)| {
                    let missing = if gross == left.gross {
                        left.tax
                    } else {
                        Amount::ZERO
                    };
                    Taxed::new(gross, tax.unwrap_or(missing))
                });
                account.money[2] = account.money[2].checked_add(sum).unwrap();
                let is_all = account.money[2].gross >= account.money[1].gross;
                let state = if is_all {
                    "REFUNDED"
                } else {
                    "PARTIALLY_REFUNDED"
                };
                state.clone_into(&mut account.state);
            }
            _ => {}
        }
    }
}

fn price(asked: &Value) -> Option<(Amount, Option<Amount>)> {
    let price = asked.pointer("/paymentItems/0/priceList/0")?;
    let amount = |name: &str| Amount::parse(price[name].as_str()?).ok();
    Some((amount("grossAmount")?, amount("taxAmount")))
}

fn currency(asked: &Value) -> &str {
    asked
        .pointer("/paymentItems/0/priceList/0/currencyIso3")
        .unwrap()
        .as_str()
        .unwrap()
}
