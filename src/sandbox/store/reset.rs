//! Everything is forgotten: the database begins another life.

use super::ledger::{Ledger, Life};
use super::open::{new_epoch, read_meta};
use super::{Store, StoreError};
use crate::clock;
use crate::exchange::Epoch;

impl Store {
    /// Deletes all there is, under every name. The same ids come again only where a seed was asked for. The
    /// caller sees to it that no call is under way: what is decided meanwhile would belong to neither life.
    pub async fn reset(&self) -> Result<Epoch, StoreError> {
        let life = self.run(Ledger::reset).await?;
        let epoch = life.epoch;
        self.epoch.set(epoch);
        self.run(move |ledger| {
            ledger.live(life);
            Ok(())
        })
        .await?;
        Ok(epoch)
    }
}

impl Ledger {
    fn reset(&self) -> Result<Life, StoreError> {
        self.connection.execute_batch(
            "DELETE FROM outbox;
             DELETE FROM movement;
             DELETE FROM payment;
             DELETE FROM session;
             DELETE FROM payer;",
        )?;
        self.connection.execute(
            "UPDATE meta SET epoch = ?1, seed = CASE WHEN seed_given THEN seed ELSE ?2 END",
            (
                new_epoch().0.to_string(),
                clock::random_seed().cast_signed(),
            ),
        )?;
        let meta = read_meta(&self.connection)
            .map_err(|error| StoreError::Database(std::sync::Arc::new(error)))?;
        Ok(meta.into())
    }
}
