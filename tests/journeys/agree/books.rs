//! What somebody says there is: every payment with its money, and the sums of it.

use std::collections::{BTreeMap, BTreeSet};

use bango_console::exchange::Epoch;
use bango_console::money::{Amount, Taxed};
use bango_console::record::journal::Reader;
use bango_console::record::ledger::Sum;
use bango_console::record::transaction::Status;
use bango_console::record::window::{Place, Window};
use serde_json::Value;

/// Authorized, captured, refunded.
pub type Money = [Taxed; 3];
/// The same of many payments.
pub type Sums = [Sum; 3];

/// A payment, in the words of the state route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub state: String,
    pub currency: String,
    pub money: Money,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// Payments by `transactionId`.
    pub accounts: BTreeMap<String, Account>,
    /// The keys of starts that were refused.
    pub refused: BTreeSet<String>,
    /// By currency, where there is any money.
    pub sums: BTreeMap<String, Sums>,
}

impl Books {
    /// From the rows of the state route.
    pub fn of_sandbox(payments: &[Value]) -> Self {
        let mut books = Self::default();
        for payment in payments {
            let text = |name: &str| payment[name].as_str().map(str::to_owned);
            if let Some(id) = text("transactionId") {
                let account = Account {
                    state: text("state").unwrap(),
                    currency: text("currency").unwrap(),
                    money: ["authorized", "captured", "refunded"].map(|sum| taxed(&payment[sum])),
                };
                books.accounts.insert(id, account);
            } else {
                assert_eq!(payment["state"], "REFUSED", "{payment}");
                books.refused.extend(text("externalTransactionId"));
            }
        }
        books.add_up();
        books
    }

    /// From the journal's rows of an epoch.
    pub fn of_journal(reader: &Reader, epoch: Epoch) -> Self {
        let window = Window {
            place: Place::Newest,
            limit: 10_000,
        };
        let mut books = Self::default();
        for payment in reader.transactions(window).unwrap().rows {
            if payment.epoch != epoch {
                continue;
            }
            let status = payment.status();
            let Some(id) = &payment.id else {
                assert_eq!(status, Status::Refused, "{payment:#?}");
                let external = payment.external().map(|id| id.as_str().to_owned());
                books.refused.extend(external);
                continue;
            };
            let account = Account {
                state: state(status).to_owned(),
                currency: payment.currency().unwrap().to_string(),
                money: [payment.authorized(), payment.captured(), payment.refunded()],
            };
            let other = books.accounts.insert(id.as_str().to_owned(), account);
            assert_eq!(other, None, "two payments are called {}", id.as_str());
        }
        for totals in reader.totals(epoch).unwrap() {
            assert_eq!(totals.unknown, 0);
            let sums = [totals.authorized, totals.captured, totals.refunded];
            if sums != Sums::default() {
                books.sums.insert(totals.currency.to_string(), sums);
            }
        }
        books
    }

    /// Makes the sums anew from the payments.
    pub fn add_up(&mut self) {
        self.sums.clear();
        for account in self.accounts.values() {
            let sums = self.sums.entry(account.currency.clone()).or_default();
            for (sum, amount) in sums.iter_mut().zip(account.money) {
                sum.count += u64::from(!amount.gross.is_zero());
                sum.amount = sum.amount.checked_add(amount).unwrap();
            }
        }
        self.sums.retain(|_, sums| *sums != Sums::default());
    }

    /// What `told` says otherwise. It may know of more refusals: some are kept by nobody but those who
    /// asked.
    pub fn differences(&self, told: &Self) -> Vec<String> {
        let ids: BTreeSet<_> = self.accounts.keys().chain(told.accounts.keys()).collect();
        let mut found: Vec<String> = ids
            .into_iter()
            .map(|id| (id, self.accounts.get(id), told.accounts.get(id)))
            .filter(|(_, known, told)| known != told)
            .map(|(id, known, told)| format!("{id}: {known:?} is told as {told:?}"))
            .collect();
        if self.sums != told.sums {
            found.push(format!("{:?} is told as {:?}", self.sums, told.sums));
        }
        let unknown: Vec<_> = self.refused.difference(&told.refused).collect();
        if !unknown.is_empty() {
            found.push(format!("nothing is told of the refused {unknown:?}"));
        }
        found
    }
}

fn taxed(amounts: &Value) -> Taxed {
    let amount = |name: &str| Amount::parse(amounts[name].as_str().unwrap()).unwrap();
    Taxed::new(amount("gross"), amount("tax"))
}

/// A status as the state route calls it.
fn state(status: Status) -> &'static str {
    match status {
        Status::WaitingForPayer => "PENDING_REDIRECT",
        Status::Authorized => "AUTHORIZED",
        Status::Captured => "CAPTURED",
        Status::PartiallyRefunded => "PARTIALLY_REFUNDED",
        Status::Refunded => "REFUNDED",
        Status::Cancelled => "CANCELLED",
        Status::UserCancelled => "USER_CANCELLED",
        other => other.word(),
    }
}
