//! Forced answers: looked up, never kept.

use super::commands::{Replied, page};
use super::ledger::Ledger;
use super::{Merchant, Store, StoreError};
use crate::api::{Operation, Preference, TransactionId};
use crate::sandbox::engine::stub::{self, Fakes};
use crate::sandbox::engine::{Answer, Digest, Kind, Reason, reversal};

/// A call whose answer is forced.
#[derive(Clone, Debug)]
pub struct Stubbed {
    pub preference: Preference,
    pub operation: Operation,
    /// The id in its path.
    pub id: Option<String>,
    /// What tells this request from others: equal ones are given equal ids.
    pub digest: Digest,
}

impl Store {
    /// Any call with stub headers. Nothing changes.
    pub async fn stub(&self, merchant: Merchant, stubbed: Stubbed) -> Result<Replied, StoreError> {
        let pages = self.pages.clone();
        self.run(move |ledger| {
            let operation = match (stubbed.operation, &stubbed.id) {
                (Operation::Cancel, Some(id)) => ledger.reversal(&merchant, id)?,
                (operation, _) => operation,
            };
            let mut fakes = ledger.fakes(&stubbed.digest, &pages);
            if let Some(id) = stubbed.id {
                fakes = fakes.about(operation, id);
            }
            let forced: Result<Answer, Reason> = stubbed
                .preference
                .force(operation)
                .map(|stub| stub::answer(&stub, operation, &fakes))
                .map_err(Reason::from);
            Ok(forced.into())
        })
        .await
    }
}

impl Ledger {
    /// What a DELETE of this transaction would be now.
    fn reversal(&self, merchant: &Merchant, id: &str) -> Result<Operation, StoreError> {
        let row = self.payment(merchant, &TransactionId::from(id))?;
        Ok(match row.map(|row| reversal::kind(&row.payment)) {
            Some(Kind::Refund) => Operation::Refund,
            _ => Operation::Cancel,
        })
    }

    fn fakes(&self, digest: &Digest, pages: &str) -> Fakes {
        let (half, other) = digest.split_at(16);
        let number = |bytes: &[u8]| {
            let bytes = bytes.try_into().expect("half a digest has 16 bytes");
            u128::from_be_bytes(bytes)
        };
        let bits = u64::try_from(number(half) >> 64).expect("half of 128 bits");
        let (session, user, transaction) = self.ids().fakes(bits);
        Fakes {
            session,
            user,
            transaction,
            page: page(pages, &format!("{:032x}", number(other))),
        }
    }
}
