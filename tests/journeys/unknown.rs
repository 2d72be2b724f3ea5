//! Calls whose answers never come, and how the console says so.

use bango_console::api::Operation;
use bango_console::console::app::state::Overlay;
use bango_console::console::app::verbs::Verb;
use bango_console::exchange::Cut;
use bango_console::record::line::What;
use bango_console::record::transaction::{Doubt, Status};

use crate::desk::{authorized, identified};
use crate::line::Play;

#[tokio::test]
async fn a_silent_server_is_given_up_on_with_esc_and_the_keys_answer_meanwhile() {
    let (mut desk, line) = authorized().await;
    line.play_at("PUT", Play::TakeAndSayNothing);
    desk.keys("2ac<enter>");
    line.asked("PUT", 1).await;

    desk.keys("?");
    assert!(matches!(desk.state().overlay, Some(Overlay::Help { .. })));
    desk.keys("<esc>");
    assert!(desk.state().overlay.is_none());
    desk.keys("r");
    desk.until("the end of a retrieve", |state| {
        let mut ends = state.timeline.rows.iter().map(|line| &line.what);
        ends.find(|what| {
            matches!(
                what,
                What::Ended {
                    operation: Operation::Retrieve,
                    ..
                }
            )
        })?;
        Some(())
    })
    .await;
    assert_eq!(desk.state().calls.len(), 1, "the capture is still awaited");
    assert_eq!(desk.offers_verb(Verb::Cancel), Some(false));

    desk.keys("<esc>");
    let payment = desk.status(Status::Unknown).await;
    let doubt = &payment.unresolved().unwrap().because;
    assert_eq!(doubt, &Doubt::Cut(Cut::Cancelled));
    desk.shows("? unknown").await;
    desk.shows("The console stopped waiting for the answer.")
        .await;
}

#[tokio::test]
async fn while_a_capture_is_unknown_its_repeat_is_offered_first_and_no_cancel() {
    let (mut desk, line) = authorized().await;
    line.play_at("PUT", Play::TakeAndSayNothing);
    desk.keys("2ac<enter>");
    line.asked("PUT", 1).await;
    desk.keys("<esc>");
    desk.status(Status::Unknown).await;

    let first = &desk.offers()[0];
    assert_eq!((first.verb, first.possible), (Verb::SendAgain, true));
    for verb in [Verb::Cancel, Verb::Capture, Verb::Refund] {
        assert_eq!(desk.offers_verb(verb), Some(false), "{verb:?}");
    }
    desk.keys("ax");
    assert!(line.exchanges("DELETE").is_empty());
    assert!(desk.state().calls.is_empty(), "nothing was sent");
}

#[tokio::test]
async fn half_an_answer_leaves_the_outcome_unknown_and_says_how_much_came() {
    let (mut desk, line) = authorized().await;
    line.play_at("PUT", Play::CutTheAnswer { after: 12 });
    desk.keys("2ac<enter>");
    desk.status(Status::Unknown).await;
    let whole = line.exchanges("PUT")[0].answer.as_ref().unwrap().body.len();
    desk.shows(&format!(
        "Cut after 12 of {whole} bytes of the answer's body"
    ))
    .await;

    line.play(Play::HandOn);
    desk.keys("as");
    desk.status(Status::Captured).await;
}

#[tokio::test]
async fn a_server_that_is_down_was_sent_nothing() {
    let (mut desk, mut line) = authorized().await;
    line.go_down().await;
    desk.keys("2ac<enter>");
    desk.shows("capture: not sent").await;
    let payment = desk.status(Status::Authorized).await;
    assert_eq!(payment.unresolved(), None);
    assert_eq!(desk.offers_verb(Verb::SendAgain), None);
    assert_eq!(desk.offers_verb(Verb::Capture), Some(true));

    line.come_up().await;
    desk.keys("ac<enter>");
    desk.status(Status::Captured).await;
    assert_eq!(line.exchanges("PUT").len(), 1);
}

#[tokio::test]
async fn a_start_that_never_left_is_not_unknown() {
    let (mut desk, mut line) = identified().await;
    line.go_down().await;
    desk.keys("aa10.99<enter>");
    let payment = desk.status(Status::NotSent).await;
    assert_eq!(payment.unresolved(), None);
    assert_eq!(desk.offers_verb(Verb::SendAgain), None);
    assert_eq!(desk.offers_verb(Verb::Authorize), Some(true));
}

#[tokio::test]
async fn an_answer_that_was_lost_differs_from_the_sandbox_until_it_comes_again() {
    let (mut desk, line) = authorized().await;
    line.play_at("PUT", Play::LoseTheAnswer);
    desk.keys("2ac<enter>");
    let payment = desk.status(Status::Differs).await;
    assert_eq!(payment.believed(), Status::Unknown);
    desk.shows("\u{2260} differs").await;
    desk.shows("In the sandbox: captured 10.99 USD (tax 1.00)")
        .await;
    desk.keys("3]]]]");
    desk.shows("after this call the payment is captured 10.99 USD")
        .await;

    line.play(Play::HandOn);
    desk.keys("as");
    desk.status(Status::Captured).await;
    assert_eq!(desk.offers_verb(Verb::SendAgain), None);
}

#[tokio::test]
async fn an_answer_that_was_altered_differs_from_the_sandbox() {
    let (mut desk, line) = authorized().await;
    line.play_at("PUT", Play::SayNo);
    desk.keys("2ac<enter>");
    let payment = desk.status(Status::Differs).await;
    assert_eq!(payment.believed(), Status::Authorized);
    desk.shows("In the sandbox: captured 10.99 USD (tax 1.00)")
        .await;
}
