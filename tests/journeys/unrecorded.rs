//! A journal that cannot be written while money moves.

use std::path::Path;

use bango_console::console::app::verbs::Verb;
use bango_console::record::transaction::Status;
use rusqlite::Connection;

use crate::desk::authorized;

const MONEY: [Verb; 3] = [Verb::Capture, Verb::Cancel, Verb::Refund];

/// The journal's file, in which writing can be made to fail as on a full disk.
struct Storage(Connection);

impl Storage {
    fn of(folder: &Path) -> Self {
        Self(Connection::open(folder.join("data/journal-sandbox.db")).unwrap())
    }

    /// Entries of this kind cannot be written any more.
    fn refuse(&self, kind: &str) {
        let sql = format!(
            "CREATE TRIGGER full BEFORE INSERT ON entry WHEN NEW.kind = '{kind}'
             BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        );
        self.0.execute_batch(&sql).unwrap();
    }

    fn accept(&self) {
        self.0.execute_batch("DROP TRIGGER full").unwrap();
    }
}

#[tokio::test]
async fn an_end_that_cannot_be_recorded_is_shown_and_turns_the_money_verbs_off() {
    let (mut desk, _line) = authorized().await;
    let storage = Storage::of(desk.folder());
    storage.refuse("ended");
    desk.keys("2ac<enter>");
    desk.shows("not recorded: the database says: the disk is full")
        .await;
    desk.shows("\"responseCode\": \"OK\"").await;
    for verb in MONEY {
        assert_eq!(desk.offers_verb(verb), Some(false), "{verb:?}");
    }
    assert_eq!(desk.offers_verb(Verb::Retrieve), Some(true));
}

#[tokio::test]
async fn an_end_that_could_not_be_recorded_is_recorded_as_soon_as_that_is_possible() {
    let (mut desk, line) = authorized().await;
    let storage = Storage::of(desk.folder());
    storage.refuse("ended");
    desk.keys("2ac<enter>");
    desk.shows("not recorded").await;

    // Other entries are taken, this one is not: nothing changes.
    desk.keys("r");
    line.answered("GET", 1).await;
    desk.until("an end that is not recorded either", |state| {
        (state.unrecorded.len() == 2).then_some(())
    })
    .await;
    assert_eq!(desk.offers_verb(Verb::Capture), Some(false));

    storage.accept();
    desk.keys("r");
    let payment = desk.status(Status::Captured).await;
    assert_eq!(payment.captured(), payment.authorized());
    desk.until("every end to be recorded", |state| {
        state.unrecorded.is_empty().then_some(())
    })
    .await;
    assert_eq!(desk.offers_verb(Verb::Refund), Some(true));
    assert_eq!(line.exchanges("PUT").len(), 1);
}

#[tokio::test]
async fn a_call_that_cannot_be_recorded_is_not_sent() {
    let (mut desk, line) = authorized().await;
    let storage = Storage::of(desk.folder());
    storage.refuse("sent");
    desk.keys("2ac<enter>");
    desk.shows("not sent: the database says: the disk is full")
        .await;
    assert!(line.exchanges("PUT").is_empty());
    assert!(desk.state().calls.is_empty());

    storage.accept();
    desk.keys("2ac<enter>");
    desk.status(Status::Captured).await;
}
