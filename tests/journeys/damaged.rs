//! Rows of the journal that cannot be read any more.

use bango_console::record::transaction::Status;
use bango_console::record::window::{Place, Window};
use rusqlite::Connection;

use crate::desk::{Desk, authorized};

/// Has every row of the payments and payers be garbage.
fn damage(desk: &Desk) {
    let path = desk.folder().join("data/journal-sandbox.db");
    let garbage = "UPDATE transaction_row SET state = '{\"half a';
                   UPDATE session_row SET state = ''";
    let file = Connection::open(path).unwrap();
    file.execute_batch(garbage).unwrap();
}

#[tokio::test]
async fn lists_with_a_row_that_cannot_be_read_are_shown_whole() {
    let (mut desk, _line) = authorized().await;
    damage(&desk);
    let known = desk.state().transactions.rows.clone();
    let newest = Window {
        place: Place::Newest,
        limit: 10,
    };
    let reader = desk.reader();
    assert!(reader.transactions(newest).is_err());
    desk.read_anew();
    let read = desk.until("the payments", |_| reader.transactions(newest).ok());
    assert_eq!(read.await.rows, known);
    assert!(!desk.screen().contains("could not be read"));
}

#[tokio::test]
async fn a_payment_whose_row_cannot_be_read_goes_on() {
    let (mut desk, _line) = authorized().await;
    damage(&desk);
    desk.keys("2ac<enter>");
    desk.status(Status::Captured).await;
}
