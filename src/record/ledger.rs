//! The sums of many payments, for each currency of each epoch.

use serde::{Deserialize, Serialize};

use super::Transaction;
use crate::{
    exchange::Epoch,
    money::{Amount, Currency, Taxed},
};

/// What the payments of one currency came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub epoch: Epoch,
    pub currency: Currency,
    /// Payments in any state.
    pub payments: u64,
    pub authorized: Sum,
    pub captured: Sum,
    pub refunded: Sum,
    /// Payments with a call whose outcome is unknown.
    pub unknown: u64,
}

/// How many payments, and how much in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    pub count: u64,
    pub amount: Taxed,
}

impl Totals {
    pub fn new(epoch: Epoch, currency: Currency) -> Self {
        Self {
            epoch,
            currency,
            payments: 0,
            authorized: Sum::default(),
            captured: Sum::default(),
            refunded: Sum::default(),
            unknown: 0,
        }
    }

    /// Counts a payment in.
    pub fn apply(&mut self, transaction: &Transaction) {
        self.payments += 1;
        self.authorized.add(transaction.authorized());
        self.captured.add(transaction.captured());
        self.refunded.add(transaction.refunded());
        self.unknown += u64::from(transaction.unresolved().is_some());
    }

    /// Counts a payment out, as it was when it was counted in.
    pub fn take_back(&mut self, transaction: &Transaction) {
        self.payments = self.payments.saturating_sub(1);
        self.authorized.subtract(transaction.authorized());
        self.captured.subtract(transaction.captured());
        self.refunded.subtract(transaction.refunded());
        let unknown = u64::from(transaction.unresolved().is_some());
        self.unknown = self.unknown.saturating_sub(unknown);
    }
}

impl Sum {
    fn add(&mut self, amount: Taxed) {
        self.count += u64::from(!amount.gross.is_zero());
        self.amount = Taxed::new(
            add(self.amount.gross, amount.gross),
            add(self.amount.tax, amount.tax),
        );
    }

    fn subtract(&mut self, amount: Taxed) {
        let counted = u64::from(!amount.gross.is_zero());
        self.count = self.count.saturating_sub(counted);
        self.amount = self.amount.saturating_sub(amount);
    }
}

/// Ninety thousand payments of the largest amount would pass what a database integer holds.
fn add(sum: Amount, amount: Amount) -> Amount {
    const LARGEST: u64 = i64::MAX as u64;
    Amount::from_hundredths(
        sum.hundredths()
            .saturating_add(amount.hundredths())
            .min(LARGEST),
    )
}
