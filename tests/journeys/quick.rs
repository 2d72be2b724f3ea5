//! Keys that come before the journal, and facts that come before the keys.

use bango_console::console::app::verbs::Verb;
use bango_console::record::transaction::Status;

use crate::desk::{Desk, authorized, identified};
use crate::line::{Line, Play};
use crate::merchant::Merchant;

fn nothing_was_given_back(line: &Line) {
    assert!(line.exchanges("DELETE").is_empty());
}

async fn captured_by_another_program(desk: &mut Desk) {
    let payment = desk.status(Status::Authorized).await;
    let merchant = Merchant::new(&desk.base_url());
    let id = payment.id.as_ref().unwrap().as_str();
    assert_eq!(merchant.capture(id, None).await, "OK");
    desk.status(Status::Captured).await;
}

#[tokio::test]
async fn a_cancel_typed_right_behind_a_capture_is_not_sent() {
    let (mut desk, line) = authorized().await;
    desk.keys("2ac<enter>ax");
    assert_eq!(desk.offers_verb(Verb::Cancel), Some(false));
    assert!(desk.screen().contains("a capture is under way"));
    desk.keys("<esc>");
    desk.status(Status::Captured).await;
    nothing_was_given_back(&line);
}

#[tokio::test]
async fn the_same_is_sent_again_once_however_often_the_key_is_pressed() {
    let (mut desk, line) = authorized().await;
    line.play_at("PUT", Play::LoseTheAnswer);
    desk.keys("2ac<enter>");
    desk.status(Status::Unknown).await;
    line.play(Play::HandOn);
    desk.keys("asas");
    desk.keys("<esc>");
    desk.status(Status::Captured).await;
    assert_eq!(line.exchanges("PUT").len(), 2);
}

#[tokio::test]
async fn a_cancel_chosen_in_a_menu_from_before_the_capture_is_not_sent() {
    let (mut desk, line) = authorized().await;
    desk.keys("2a");
    captured_by_another_program(&mut desk).await;
    desk.shows("it was captured: refund it instead").await;
    desk.keys("x");
    assert!(desk.state().calls.is_empty());
    nothing_was_given_back(&line);
}

#[tokio::test]
async fn a_menu_stays_with_its_payment_when_another_one_begins() {
    let (mut desk, line) = authorized().await;
    let first = desk.status(Status::Authorized).await;
    desk.keys("1aa5.00<enter>2a");
    desk.until("a second payment", |state| {
        let newest = state.transactions.rows.first()?;
        (newest.key != first.key && newest.status() == Status::Authorized).then_some(())
    })
    .await;
    desk.keys("x");
    line.answered("DELETE", 1).await;
    let cancel = format!("DELETE /v5/transaction/{} ", first.id.unwrap().as_str());
    assert_eq!(line.exchanges("DELETE"), line.exchanges(&cancel));
}

#[tokio::test]
async fn the_cursor_stays_on_its_verb_when_the_row_of_verbs_changes() {
    let (mut desk, line) = identified().await;
    line.play_at("POST /v5/transaction ", Play::LoseTheAnswer);
    desk.keys("aa10.99<enter>");
    desk.status(Status::Unknown).await;
    line.play(Play::HandOn);
    desk.keys("<tab><enter>lll");
    assert!(desk.screen().contains("[Refund]"));

    desk.status(Status::Authorized).await;
    desk.shows("Refund: nothing captured yet").await;
    desk.keys("<enter>");
    assert!(desk.state().calls.is_empty());
    nothing_was_given_back(&line);
}
