//! Another program resets the sandbox: what comes after it belongs to the life that began.

use bango_console::exchange::{Epoch, What};
use bango_console::record::entry::{Kind, Seen};
use bango_console::record::line::What as Told;
use bango_console::record::transaction::Status;
use bango_console::record::{Entry, Seq};

use crate::desk::{Desk, identified};
use crate::merchant::Merchant;

/// Everything that the journal has after the report of a reset.
fn after_the_reset(desk: &Desk) -> Vec<Entry> {
    let reader = desk.reader();
    let is_reset = |kind: &Kind| match kind {
        Kind::Seen(Seen::Report(report)) => report.what == What::Reset,
        _ => false,
    };
    (1..)
        .map_while(|seq| reader.entry(Seq(seq)).unwrap())
        .skip_while(|entry| !is_reset(&entry.kind))
        .skip(1)
        .collect()
}

async fn reset(desk: &mut Desk) -> Epoch {
    let before = desk.state().epoch;
    Merchant::new(&desk.base_url()).reset().await;
    desk.until("the reset", |state| {
        (state.epoch != before).then_some(state.epoch)
    })
    .await
}

#[tokio::test]
async fn the_console_goes_on_in_the_new_life() {
    let (mut desk, _line) = identified().await;
    let present = reset(&mut desk).await;
    assert_eq!(desk.reader().totals(present).unwrap(), []);

    desk.identify("447710900120").await;
    desk.keys("aa10.99<enter>");
    desk.status(Status::Authorized).await;
    desk.keys("2ac<enter>");
    desk.status(Status::Captured).await;

    let after = after_the_reset(&desk);
    let sent = |entry: &&Entry| matches!(entry.kind, Kind::Sent(_));
    assert_eq!(after.iter().filter(sent).count(), 4);
    for entry in after {
        assert_eq!(entry.epoch, present, "{}", entry.key);
    }
}

#[tokio::test]
async fn a_payer_of_before_who_comes_back_after_the_reset_arrives_in_the_new_life() {
    let (mut desk, line) = identified().await;
    let started = &line.exchanges("POST /v5/identity ")[0].request;
    let callback = started.json()["callbackUrl"].as_str().unwrap().to_owned();
    let present = reset(&mut desk).await;
    Merchant::new(&desk.base_url())
        .follow(&format!("{callback}?responseCode=OK"))
        .await;
    let arrived = desk
        .until("the arrival", |state| {
            let line = state.timeline.rows.last()?;
            matches!(line.what, Told::Callback { .. }).then(|| line.clone())
        })
        .await;
    assert_eq!(arrived.epoch, present);
}
