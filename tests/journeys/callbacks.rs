//! The payer's way back: callbacks and notifications arrive at the console's own listener, and what
//! waited for them moves by itself.

use bango_console::api::Operation;
use bango_console::console::app::state::State;
use bango_console::console::app::verbs::Verb;
use bango_console::record::line::What;
use bango_console::record::session;
use bango_console::record::transaction::{State as Payment, Status};

use crate::desk::{Desk, fresh, identified};
use crate::line::Line;
use crate::merchant::Merchant;

/// A payer with pages, and a payment of theirs that waits on the first of them.
async fn waiting() -> (Desk, Line) {
    let (mut desk, line) = fresh().await;
    desk.identify("447710900180").await;
    desk.keys("aa10.99<tab>1.00<enter>");
    desk.page("Confirm your payment").await;
    (desk, line)
}

/// The arrivals about payments, or about identifications: callbacks and notifications.
fn arrivals(state: &State, payments: bool) -> (usize, usize) {
    let about = || {
        let rows = state.timeline.rows.iter();
        rows.filter(|line| line.transaction.is_some() == payments)
    };
    let callback = |what: &What| matches!(what, What::Callback { .. });
    let notification = |what: &What| matches!(what, What::Notification { .. });
    (
        about().filter(|line| callback(&line.what)).count(),
        about().filter(|line| notification(&line.what)).count(),
    )
}

async fn both_arrive_once(desk: &mut Desk, payments: bool) {
    desk.until("callback and notification", |state| {
        let (callbacks, notifications) = arrivals(state, payments);
        (callbacks > 0 && notifications > 0).then_some(())
    })
    .await;
    assert_eq!(arrivals(desk.state(), payments), (1, 1));
}

fn continues(desk: &Desk) -> usize {
    let rows = &desk.state().timeline.rows;
    let continues = rows.iter().filter(|line| {
        matches!(
            line.what,
            What::Sent {
                operation: Operation::Continue,
                ..
            }
        )
    });
    continues.count()
}

#[tokio::test]
async fn an_approved_payment_becomes_authorized_by_itself() {
    let (mut desk, line) = waiting().await;
    desk.keys("<enter>");
    desk.page("Your ZIP code").await;
    desk.keys("12345<enter>");
    desk.status(Status::Authorized).await;
    both_arrive_once(&mut desk, true).await;
    desk.until("the end of the pages", |state| {
        state.overlay.is_none().then_some(())
    })
    .await;
    assert_eq!(line.exchanges("POST /v5/transaction ").len(), 1);
    assert!(line.exchanges("GET").is_empty(), "nobody had to ask");

    desk.keys("2ac<enter>");
    desk.status(Status::Captured).await;
}

#[tokio::test]
async fn a_payment_that_the_payer_cancelled_says_so() {
    let (mut desk, _line) = waiting().await;
    desk.keys("<ctrl+x>");
    let payment = desk.status(Status::UserCancelled).await;
    both_arrive_once(&mut desk, true).await;
    assert_eq!(payment.authorized().gross.to_string(), "0.00");
    desk.shows("the payer cancelled t-").await;
    for verb in [Verb::Capture, Verb::Cancel, Verb::Refund] {
        assert_eq!(desk.offers_verb(verb), Some(false), "{verb:?}");
    }
    assert_eq!(desk.offers_verb(Verb::SendAgain), None);
}

#[tokio::test]
async fn what_comes_to_an_inbox_is_shown_by_name_and_with_its_request() {
    let (mut desk, _line) = fresh().await;
    let listener = desk.state().endpoint.listener.clone().unwrap();
    let inbox = format!("{listener}/inbox/my-shop");
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let told = r#"{"responseCode":"OK","transactionId":"77"}"#;
    for request in [http.get(&inbox), http.post(&inbox).body(told)] {
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
    let refused = http.post(&inbox).header("Sec-Fetch-Site", "cross-site");
    assert_eq!(refused.send().await.unwrap().status(), 403);
    let name = "my-shop".to_owned();
    desk.until("the browser and the notification", |state| {
        let whats: Vec<_> = state.timeline.rows.iter().map(|line| &line.what).collect();
        let is_there = |what: &&What| **what == What::Inbox { name: name.clone() };
        (whats.len() == 2 && whats.iter().all(is_there)).then_some(())
    })
    .await;
    assert!(desk.screen().contains("\u{2709} my-shop"));
    desk.keys("4");
    desk.shows("POST /inbox/my-shop").await;
    desk.keys("[");
    desk.shows(r#""transactionId": "77""#).await;
}

#[tokio::test]
async fn pages_walked_in_a_browser_move_the_payment_too() {
    let (mut desk, _line) = waiting().await;
    desk.keys("<esc>");
    let payment = desk.status(Status::WaitingForPayer).await;
    let Payment::WaitingForPayer { url: Some(page) } = &payment.state else {
        panic!("no page: {payment:?}");
    };
    let browser = Merchant::new(&desk.base_url());
    browser.submit(page, &[("action", "confirm")]).await;
    browser
        .submit(page, &[("zip", "12345"), ("action", "confirm")])
        .await;
    let payment = desk.status(Status::Authorized).await;
    assert!(payment.id.is_some());
}

#[tokio::test]
async fn an_identification_is_continued_once_whoever_tells_of_its_end() {
    let (mut desk, line) = identified().await;
    both_arrive_once(&mut desk, false).await;
    // Page, report, callback and notification all told of it before this answer.
    desk.keys("as");
    desk.shows("status: OK").await;
    assert_eq!(continues(&desk), 1);
    assert_eq!(line.exchanges("POST /v5/identity/").len(), 1);
}

#[tokio::test]
async fn an_identification_that_the_payer_cancelled_ends_as_cancelled() {
    let (mut desk, _line) = fresh().await;
    desk.keys("+447710900120<enter><enter>");
    desk.page("Your mobile number").await;
    desk.keys("<ctrl+x>");
    desk.until("a cancelled identification", |state| {
        (state.sessions.selected()?.state == session::State::Cancelled).then_some(())
    })
    .await;
    both_arrive_once(&mut desk, false).await;
    assert_eq!(continues(&desk), 1);
    assert_eq!(desk.offers_verb(Verb::Authorize), Some(false));
}
