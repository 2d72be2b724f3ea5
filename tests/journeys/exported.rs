//! What a console writes to a file, opened again: the same payment, and nobody to call.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use bango_console::api::Call;
use bango_console::console::app::effect::Effect;
use bango_console::console::app::verbs::{self, Verb};
use bango_console::exchange::CallId;
use bango_console::record::Transaction;
use bango_console::record::export::reopened;
use bango_console::record::transaction::Status;

use crate::desk::{self, Desk};

/// Presses these keys, and waits for the file with this name.
async fn written(desk: &mut Desk, keys: &str, name: &str) -> Vec<u8> {
    desk.keys(keys);
    desk.shows(&format!("wrote {name}")).await;
    let path = desk.folder().join(name);
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{name}");
    fs::read(path).unwrap()
}

fn reopen(file: &[u8]) -> Desk {
    desk::replay("x.bango", reopened::read(file).unwrap())
}

/// What a payment came to, without the places of its entries.
fn sums(payment: &Transaction) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        payment.status(),
        payment.id,
        payment.external(),
        payment.price(),
        payment.captured(),
        payment.refunded()
    )
}

#[tokio::test]
async fn a_payment_comes_back_from_its_bundle_and_its_har() {
    let (mut desk, _line) = desk::captured().await;
    desk.keys("af1.59<enter>");
    let payment = desk.status(Status::PartiallyRefunded).await;
    let name = payment.external().unwrap().as_str().to_owned();
    let bundle = written(&mut desk, "Eb", &format!("{name}.bango")).await;
    let har = written(&mut desk, "Eh", &format!("{name}.har")).await;
    for (file, masked) in [(bundle, true), (har, false)] {
        let mut again = reopen(&file);
        again.keys("2");
        let shown = again.status(Status::PartiallyRefunded).await;
        assert_eq!(sums(&shown), sums(&payment));
        assert_eq!(shown.user() == payment.user(), !masked);
        assert_eq!(shown.user().is_some(), payment.user().is_some());
        again.shows("a replay: nothing can be sent").await;
        assert_eq!(again.offers_verb(Verb::Capture), None);
    }
}

#[tokio::test]
async fn a_bundle_brings_the_identification_with_the_same_masks() {
    let (mut desk, _line) = desk::captured().await;
    let name = desk
        .state()
        .transactions
        .selected()
        .unwrap()
        .external()
        .unwrap();
    let name = format!("{}.bango", name.as_str());
    let bundle = written(&mut desk, "Eb", &name).await;
    assert!(
        !String::from_utf8(bundle.clone())
            .unwrap()
            .contains("447710900120")
    );
    let mut again = reopen(&bundle);
    let user = again
        .until("the payer", |state| {
            state.sessions.selected()?.user().cloned()
        })
        .await;
    again.keys("2");
    let payment = again.status(Status::Captured).await;
    assert_eq!(payment.user(), Some(&user));
}

#[tokio::test]
async fn every_payment_listed_is_in_one_file_and_each_entry_once() {
    let (mut desk, _line) = desk::captured().await;
    desk.keys("1aa0.99<enter>");
    desk.until("two payments", |state| {
        let settled = state.calls.is_empty() && state.transactions.rows.len() == 2;
        settled.then_some(())
    })
    .await;
    let bundle = written(&mut desk, "2E<up>b", "payments.bango").await;
    let mut again = reopen(&bundle);
    let rows = again
        .until("two payments", |state| {
            let rows = &state.transactions.rows;
            (rows.len() == 2).then(|| rows.iter().map(sums).collect::<Vec<_>>())
        })
        .await;
    let ours: Vec<_> = desk.state().transactions.rows.iter().map(sums).collect();
    assert_eq!(rows, ours);
    assert_eq!(again.state().sessions.rows.len(), 1);
    let lines = String::from_utf8(bundle).unwrap();
    let seqs: Vec<_> = lines
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect();
    let once: std::collections::BTreeSet<_> = seqs.iter().collect();
    assert_eq!(once.len(), seqs.len());
}

#[tokio::test]
async fn no_file_is_written_over() {
    let (mut desk, _line) = desk::authorized().await;
    desk.keys("2");
    let name = desk
        .state()
        .transactions
        .selected()
        .unwrap()
        .external()
        .unwrap();
    let name = name.as_str().to_owned();
    let first = written(&mut desk, "Em", &format!("{name}.md")).await;
    written(&mut desk, "Em", &format!("{name}-2.md")).await;
    assert_eq!(
        fs::read(desk.folder().join(format!("{name}.md"))).unwrap(),
        first
    );
    let report = String::from_utf8(first).unwrap();
    assert!(report.contains("| State | authorized |"), "{report}");
    assert!(
        report.contains("| Authorized | 10.99 (tax 1.00) USD |"),
        "{report}"
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_said() {
    let (mut desk, _line) = desk::authorized().await;
    desk.export_to(Path::new("/proc/nowhere"));
    desk.keys("2Eh");
    desk.shows("not exported: /proc/nowhere/").await;
}

#[tokio::test]
async fn in_a_replay_even_an_order_to_send_sends_nothing() {
    let (mut desk, line) = desk::captured().await;
    let name = desk
        .state()
        .transactions
        .selected()
        .unwrap()
        .external()
        .unwrap();
    let name = format!("{}.har", name.as_str());
    let har = written(&mut desk, "Eh", &name).await;
    let mut again = reopen(&har);
    again.keys("2");
    let payment = again.status(Status::Captured).await;
    let asked = line.exchanges("").len();
    let id = payment.id.clone().unwrap();
    let call = Call::refund(&id, None);
    let id = CallId(uuid::Uuid::from_u64_pair(7, 7));
    again.perform(Effect::Send { id, call });
    again.shows("not sent: ").await;
    assert_eq!(line.exchanges("").len(), asked);
    assert!(
        verbs::offers(again.state())
            .iter()
            .all(|offer| !offer.possible)
    );
}
