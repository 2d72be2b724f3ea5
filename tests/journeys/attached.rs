//! Two consoles on one data folder: one sandbox, one journal, the same on both screens.

use bango_console::api::Operation;
use bango_console::console::app::event::{Done, What, Whereabouts};
use bango_console::record::Origin;
use bango_console::record::line::{self, Line};
use bango_console::record::transaction::Status;
use bango_console::record::window::{Place, Window};
use bango_console::sandbox::{self, Database, Listen, Sandbox};
use tempfile::TempDir;

use crate::desk::{self, Desk};
use crate::merchant::Merchant;

async fn two() -> (TempDir, Desk, Desk) {
    let folder = tempfile::tempdir().unwrap();
    let first = desk::beside(folder.path()).await;
    let mut second = desk::beside(folder.path()).await;
    let attached = format!("attached to the sandbox of process {}", std::process::id());
    second.shows(&attached).await;
    assert_eq!(second.sandbox(), first.sandbox());
    (folder, first, second)
}

fn newest<Key>() -> Window<Key> {
    Window {
        place: Place::Newest,
        limit: 400,
    }
}

/// Goes on with both until they show what the journal holds.
async fn agree(desks: [&mut Desk; 2]) {
    for desk in desks {
        let reader = desk.reader();
        desk.until("the journal's lines", |state| {
            let kept = reader.timeline(newest()).unwrap().rows;
            (state.timeline.rows == kept).then_some(())
        })
        .await;
        let state = desk.state();
        let payments = reader.transactions(newest()).unwrap().rows;
        assert_eq!(state.transactions.rows, payments);
        assert_eq!(state.sessions.rows, reader.sessions(newest()).unwrap().rows);
    }
}

fn sent(lines: &[Line], operation: Operation) -> usize {
    let is_it = |line: &&Line| matches!(line.what, line::What::Sent { operation: it, .. } if it == operation);
    lines.iter().filter(is_it).count()
}

#[tokio::test]
async fn two_that_start_at_once_share_a_sandbox_and_no_id() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) =
            tokio::join!(desk::beside(folder.path()), desk::beside(folder.path()));
        assert_eq!(first.sandbox(), second.sandbox());
        assert_ne!(first.state().word, second.state().word);
    }
}

#[tokio::test]
async fn a_payment_made_in_one_is_shown_in_the_other_and_can_be_gone_on_with_there() {
    let (_folder, mut first, mut second) = two().await;
    first.identify("447710900120").await;
    first.keys("aa10.99<tab>1.00<enter>");
    first.status(Status::Authorized).await;
    second.status(Status::Authorized).await;
    second.keys("2ac<enter>");
    let captured = second.status(Status::Captured).await;
    assert_eq!(first.status(Status::Captured).await, captured);
    agree([&mut first, &mut second]).await;
    assert_eq!(first.state().timeline.rows, second.state().timeline.rows);
}

#[tokio::test]
async fn an_identification_is_gone_on_with_by_the_console_that_began_it() {
    let (_folder, mut first, mut second) = two().await;
    second.identify("447710900120").await;
    // Both have heard of callback, notification and report by now, and of each call.
    let merchant = Merchant::new(&first.base_url());
    merchant.identify("447710900121").await;
    for desk in [&mut first, &mut second] {
        desk.until("the other program's payer", |state| {
            (state.sessions.rows.len() == 2).then_some(())
        })
        .await;
    }
    agree([&mut first, &mut second]).await;
    assert_eq!(sent(&first.state().timeline.rows, Operation::Continue), 1);
}

#[tokio::test]
async fn a_callback_of_either_is_known_at_both_listeners() {
    let (_folder, mut first, mut second) = two().await;
    first.keys("+447710900120<enter><enter>");
    first.page("Your mobile number").await;
    let session = first.state().sessions.selected().unwrap().key;
    let Origin::Call(call) = session.0 else {
        panic!("{session:?}");
    };
    let listener = second.state().endpoint.listener.clone().unwrap();
    let back = format!("{listener}/callback/{}?responseCode=OK", call.key());
    let nobodys = format!("{listener}/callback/{:016x}?responseCode=OK", 7);
    let browser = reqwest::Client::builder().no_proxy().build().unwrap();
    for (url, status) in [(back, 200), (nobodys, 404)] {
        assert_eq!(browser.get(url).send().await.unwrap().status(), status);
    }
    for desk in [&mut first, &mut second] {
        desk.until("the callback", |state| {
            let is_it = |line: &&Line| matches!(line.what, line::What::Callback { .. });
            let found = state.timeline.rows.iter().find(is_it)?;
            (found.session == Some(session)).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn the_second_serves_on_when_the_first_ends_and_the_payments_go_on() {
    let (folder, mut first, mut second) = two().await;
    first.identify("447710900120").await;
    first.keys("aa10.99<tab>1.00<enter>");
    first.status(Status::Authorized).await;
    second.status(Status::Authorized).await;
    drop(first);
    second
        .shows("the sandbox is served here now, at 127.0.0.1:")
        .await;
    second.shows(&second.sandbox().to_string()).await;
    // All that there was to know at the start, read and put away.
    second.keys("<esc>2ac<enter>");
    second.status(Status::Captured).await;

    let mut third = desk::beside(folder.path()).await;
    third.status(Status::Captured).await;
    agree([&mut second, &mut third]).await;
}

#[tokio::test]
async fn while_there_is_no_sandbox_nothing_leaves_and_that_is_said() {
    let (_folder, _first, mut second) = two().await;
    second.identify("447710900120").await;
    second.keys("aa10.99");
    let process = std::process::id();
    second.take(What::Done(Done::Sandbox(Whereabouts::Nowhere {
        process: Some(process),
    })));
    second.shows("no sandbox").await;
    second.keys("<enter>");
    second
        .shows("not sent: the sandbox has gone, and is not back yet")
        .await;
    assert_eq!(sent(&second.state().timeline.rows, Operation::Authorize), 0);
    assert!(second.state().calls.is_empty());

    let (address, epoch) = (second.sandbox(), second.state().epoch);
    second.take(What::Done(Done::Sandbox(Whereabouts::At {
        process: Some(process),
        address,
        epoch,
    })));
    second.keys("aa10.99<enter>");
    second.status(Status::Authorized).await;
}

/// A sandbox that runs for a team, at this port or any other.
async fn team(port: u16) -> Sandbox {
    let mut config = sandbox::Config::new(Database::Memory);
    config.listen = Listen::Exact(([127, 0, 0, 1], port).into());
    sandbox::start(config).await.unwrap()
}

#[tokio::test]
async fn a_profile_can_name_a_sandbox_elsewhere_and_sees_what_others_do_there() {
    let sandbox = team(0).await;
    let address = sandbox.address();
    let folder = tempfile::tempdir().unwrap();
    let mut desk = desk::on_sandbox(folder.path(), &sandbox.base_url()).await;
    desk.shows("sandbox team").await;
    desk.identify("447710900120").await;
    desk.keys("aa10.99<enter>");
    desk.status(Status::Authorized).await;

    let shop = Merchant::new(&sandbox.base_url());
    let user = shop.identify("447710900120").await;
    shop.authorize(&user, "from-the-shop", "2.50", "0.00").await;
    desk.shows("from-the-shop").await;

    // Its folder has no sandbox of its own, and none is begun in the other one's place.
    drop(sandbox);
    desk.shows("the sandbox has gone").await;
    desk.keys("<esc>1aa1.00<enter>");
    desk.shows("not sent: ").await;
    assert!(!folder.path().join("data/sandbox.db").exists());
    let again = team(address.port()).await;
    desk.shows("the sandbox answers again").await;
    assert_eq!(again.address(), address);
}
