//! A payment that is deleted from the journal, here and elsewhere.

use bango_console::console::app::effect::{Effect, Query};
use bango_console::console::app::event::Done;
use bango_console::console::app::state::{Overlay, Question};
use bango_console::record::entry::{About, Kind, Remark};
use bango_console::record::transaction::State as Payment;
use bango_console::record::{Entry, Seq};
use uuid::Uuid;

use crate::cast::{captured, payment, under_way, unknown};
use crate::stage::{EPOCH, Facts, Stage, noon};

fn two() -> Stage {
    let mut stage = Stage::new(80, 24);
    stage
        .transactions(vec![
            payment(1, 1099, Payment::Authorized),
            captured(2, 499, 499, &[]),
        ])
        .keys("2g")
        .effects();
    stage
}

fn deletes(stage: &mut Stage) -> usize {
    let effects = stage.effects();
    let deletes = effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Delete(_)));
    deletes.count()
}

/// The journal says that a payment is gone.
fn gone(stage: &mut Stage, number: u64, elsewhere: bool) {
    let about = Some(About::Deleted(payment(number, 1, Payment::Cancelled).key));
    let remark = Remark {
        id: Uuid::from_u128(9),
        about,
        text: "deleted 1 payment: 4 entries".into(),
    };
    let entry = Entry {
        seq: Seq(99),
        key: "remark:9".into(),
        at: noon(),
        epoch: EPOCH,
        kind: Kind::Remark(remark),
    };
    stage.recorded(Facts {
        elsewhere,
        entries: vec![entry],
        ..Facts::default()
    });
}

#[test]
fn nothing_is_deleted_without_a_yes() {
    for keys in [
        "D",
        "D<enter>",
        "D<esc>",
        "D<esc>y",
        "Dn",
        "DD",
        "<delete><enter>",
    ] {
        let mut stage = two();
        stage.keys(keys);
        assert_eq!(deletes(&mut stage), 0, "{keys}");
    }
    for keys in ["Dy", "<delete>y"] {
        let mut stage = two();
        stage.keys(keys);
        assert_eq!(deletes(&mut stage), 1, "{keys}");
    }
}

#[test]
fn the_question_names_the_payment_and_what_is_lost() {
    let mut stage = two();
    let screen = stage.keys("D").screen();
    for words in ["t-7f3k-02", "4.99 USD", "captured", "The other side keeps"] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![unknown(3, bango_console::api::Operation::Capture)]);
    let screen = stage.keys("2D").screen();
    assert!(screen.contains("Its outcome is unknown"), "{screen}");
}

#[test]
fn what_is_under_way_is_not_asked_about() {
    let mut stage = Stage::new(80, 24);
    let capture = bango_console::api::Call::capture(&"20067212501".into(), None);
    stage.transactions(vec![under_way(1, &capture)]);
    stage.keys("2D");
    assert!(stage.state.overlay.is_none());
    assert!(stage.screen().contains("a call of it is under way"));
    stage.keys("1D");
    assert!(stage.state.overlay.is_none());
}

#[test]
fn the_selection_goes_to_the_neighbour_and_all_lists_are_read_again() {
    let mut stage = two();
    gone(&mut stage, 2, false);
    let left = stage.state.transactions.selected().unwrap().key;
    assert_eq!(left, payment(1, 1, Payment::Cancelled).key);
    let effects = stage.effects();
    let reads = |wanted: fn(&Query) -> bool| {
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Read(query) if wanted(query)))
    };
    assert!(reads(|query| matches!(query, Query::Transactions { .. })));
    assert!(reads(|query| matches!(query, Query::Timeline { .. })));
    assert!(reads(|query| matches!(query, Query::Sessions { .. })));
    assert!(reads(|query| matches!(query, Query::Totals(_))));
    assert!(stage.screen().contains("deleted 1 payment: 4 entries"));
}

#[test]
fn what_another_console_deleted_goes_here_too_with_the_question_about_it() {
    let mut stage = two();
    stage.keys("D");
    gone(&mut stage, 2, true);
    assert!(stage.state.overlay.is_none());
    assert_eq!(stage.state.transactions.rows.len(), 1);
    assert!(!stage.screen().contains("t-7f3k-02"));

    let mut stage = two();
    stage.keys("D");
    gone(&mut stage, 1, true);
    let asked = Question::Delete(payment(2, 1, Payment::Cancelled).key);
    assert!(matches!(&stage.state.overlay, Some(Overlay::Confirm(question)) if *question == asked));
}

#[test]
fn the_last_payment_leaves_nothing_on_the_screen() {
    let mut stage = two();
    gone(&mut stage, 2, false);
    gone(&mut stage, 1, false);
    assert!(stage.state.transactions.rows.is_empty());
    let screen = stage.screen();
    assert!(!screen.contains("t-7f3k"), "{screen}");
}

#[test]
fn what_could_not_be_deleted_is_said() {
    let mut stage = two();
    let why = "it is damaged".to_owned();
    stage.done(Done::NotDeleted { why });
    assert!(stage.screen().contains("not deleted: it is damaged"));
}
