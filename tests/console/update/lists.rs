//! The selection follows its row, and windows of long lists stay true.

use bango_console::api::Operation;
use bango_console::console::app::effect::{Effect, Query};
use bango_console::console::app::event::{Done, Window};
use bango_console::console::app::inspector::Wanted;
use bango_console::console::app::state::Pane;
use bango_console::exchange::Epoch;
use bango_console::money::Currency;
use bango_console::record::transaction::State as Payment;
use bango_console::record::{Seq, Totals, Transaction};

use crate::cast::{left, payment};
use crate::stage::Stage;

fn authorized(number: u64) -> Transaction {
    payment(number, 1099, Payment::Authorized)
}

/// The numbers of the rows in the window, from the top.
fn rows(stage: &Stage) -> Vec<u64> {
    let rows = stage.state.transactions.rows.iter();
    rows.map(|payment| payment.first.0).collect()
}

fn selected(stage: &Stage) -> Option<u64> {
    let selected = stage.state.transactions.selected();
    selected.map(|payment| payment.first.0)
}

/// A window on the payments `newest..=oldest` of `total`, as it was read.
fn window(stage: &mut Stage, newest: u64, oldest: u64, total: u64) {
    let rows = (oldest..=newest).rev().map(authorized).collect();
    stage.done(Done::Transactions(Window {
        rows,
        before: newest < total,
        after: oldest > 1,
        filter: stage.state.transactions.filter.clone(),
        total,
    }));
}

#[test]
fn the_selection_stays_on_its_payment_when_others_arrive() {
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![authorized(1), authorized(2), authorized(3)]);
    stage.keys("2gj");
    assert_eq!(selected(&stage), Some(2));
    for number in 4..40 {
        stage.transactions(vec![authorized(number)]);
        assert_eq!(selected(&stage), Some(2));
        assert!(stage.screen().contains("▌○ authorized  t-7f3k-02"));
    }
}

#[test]
fn the_newest_payment_is_selected_until_somebody_looks_at_the_list() {
    let mut stage = Stage::new(80, 24);
    for number in 1..4 {
        stage.transactions(vec![authorized(number)]);
    }
    assert_eq!(
        (stage.state.focus, selected(&stage)),
        (Pane::Sessions, Some(3))
    );
    stage.keys("2");
    stage.transactions(vec![authorized(4)]);
    assert_eq!(
        selected(&stage),
        Some(3),
        "enter must not change its payment"
    );
    stage.keys("1");
    stage.transactions(vec![authorized(5)]);
    assert_eq!(selected(&stage), Some(3));
}

#[test]
fn a_payment_that_changes_stays_in_its_place() {
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![authorized(1), authorized(2), authorized(3)]);
    stage.transactions(vec![payment(2, 1099, Payment::Cancelled)]);
    assert_eq!(rows(&stage), [3, 2, 1]);
}

#[test]
fn a_change_of_a_payment_below_the_window_does_not_bring_it_to_the_top() {
    let mut stage = Stage::new(80, 24);
    window(&mut stage, 300, 101, 300);
    stage.transactions(vec![payment(50, 1099, Payment::Cancelled)]);
    assert_eq!(rows(&stage).first(), Some(&300));
    assert_eq!(rows(&stage).last(), Some(&101));
}

#[test]
fn what_happens_above_the_window_stays_there() {
    let mut stage = Stage::new(80, 24);
    window(&mut stage, 200, 1, 300);
    stage.transactions(vec![payment(250, 1099, Payment::Cancelled)]);
    stage.transactions(vec![authorized(301)]);
    assert_eq!(rows(&stage).first(), Some(&200));
}

/// A program that makes payments all day must not make the console slow, or large.
#[test]
fn a_window_holds_a_thousand_rows_whatever_arrives() {
    let mut stage = Stage::new(80, 24);
    let lines = |range: std::ops::Range<u64>| range.map(|at| left(at, Operation::Retrieve));
    for number in 1..=1_500 {
        stage.transactions(vec![authorized(number)]);
    }
    stage.lines(lines(1..1_500).collect());
    assert_eq!(rows(&stage), (501..=1_500).rev().collect::<Vec<_>>());
    assert_eq!(selected(&stage), Some(1_500));
    assert_eq!(stage.state.timeline.rows.len(), 1_000);

    // Who looks at an old one keeps it, and what is around it.
    stage.keys("2G").effects();
    assert!(stage.state.transactions.after);
    for number in 1_501..=3_000 {
        stage.transactions(vec![authorized(number)]);
    }
    assert_eq!(rows(&stage), (501..=1_500).rev().collect::<Vec<_>>());
    assert_eq!(selected(&stage), Some(501));
    assert!(stage.screen().contains("▌○ authorized  t-7f3k-501"));

    stage.keys("4gj").lines(lines(1_500..5_000).collect());
    assert_eq!(stage.state.timeline.rows.len(), 1_000);
    assert_eq!(stage.state.timeline.position(), Some(1));
}

#[test]
fn coming_near_the_end_of_a_window_asks_for_more_around_the_selection() {
    let mut stage = Stage::new(80, 24);
    window(&mut stage, 300, 101, 300);
    stage.keys("2").effects();
    stage.keys("<pgdn>");
    assert!(!asks_for_more(&mut stage));
    stage.keys("G");
    assert!(asks_for_more(&mut stage));
    window(&mut stage, 200, 1, 300);
    assert_eq!(selected(&stage), Some(101));
}

fn asks_for_more(stage: &mut Stage) -> bool {
    let effects = stage.effects();
    let more = |effect: &Effect| {
        matches!(
            effect,
            Effect::Read(Query::Transactions {
                around: Some(_),
                ..
            })
        )
    };
    effects.iter().any(more)
}

#[test]
fn the_timeline_follows_what_happens_until_somebody_looks_back() {
    let mut stage = Stage::new(80, 24);
    let lines =
        |range: std::ops::Range<u64>| range.map(|at| left(at, Operation::Retrieve)).collect();
    stage.lines(lines(1..30));
    let newest = |stage: &Stage| stage.state.timeline.selected().map(|line| line.seq);
    assert_eq!(newest(&stage), Some(Seq(29)));
    stage.keys("4<up>").lines(lines(30..40));
    assert_eq!(newest(&stage), Some(Seq(28)));
    stage.keys("G").lines(lines(40..50));
    assert_eq!(newest(&stage), Some(Seq(49)));
}

#[test]
fn looking_closer_at_a_line_keeps_that_line_when_something_happens() {
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![authorized(1)]);
    stage.lines(vec![
        left(1, Operation::Authorize),
        left(2, Operation::Retrieve),
    ]);
    stage.keys("4g<enter>");
    assert_eq!(stage.state.focus, Pane::Inspector);
    let line = Wanted::Entry(Seq(1));
    assert_eq!(stage.state.inspector.wanted, Some(line));
    stage.effects();
    stage.transactions(vec![authorized(2)]);
    assert_eq!(stage.state.inspector.wanted, Some(line));
    assert!(
        stage
            .effects()
            .contains(&Effect::Read(Query::Exchange(line)))
    );
}

#[test]
fn an_empty_list_has_nothing_to_move_to() {
    let mut stage = Stage::new(80, 24);
    stage.keys("1jkGg<pgdn>2jkGg<pgup>4jkGg3jkGg");
    assert!(stage.effects().is_empty());
}

#[test]
fn sums_of_another_epoch_are_not_counted_here() {
    let mut stage = Stage::new(80, 24);
    let epoch = stage.state.epoch;
    let other = Epoch(uuid::Uuid::from_u128(7));
    let both = [other, epoch].map(|epoch| Totals::new(epoch, Currency::USD));
    stage.done(Done::Totals(both.to_vec()));
    let shown: Vec<Epoch> = stage
        .state
        .totals
        .values()
        .map(|totals| totals.epoch)
        .collect();
    assert_eq!(shown, [epoch]);
}
