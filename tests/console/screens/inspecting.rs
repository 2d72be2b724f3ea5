//! A body being looked at closely, and two exchanges compared.

use bango_console::api::Call;
use bango_console::console::app::event::Done;
use bango_console::console::app::inspector::{Queried, Shown};
use bango_console::record::Seq;
use bango_console::record::compare::Comparison;
use bango_console::record::exchanged::Exchanged;
use insta::assert_snapshot;

use crate::cast::{answered, authorize, call, transaction_id};
use crate::screens::inspector::{inspecting, rows};
use crate::stage::{EPOCH, Stage, noon};

const BODY: &str = r#"{"responseCode":"OK","paymentItems":[{"itemName":"Gold","priceList":[{"grossAmount":"10.99","currencyIso3":"USD"}]}],"transactionId":"2006721253"}"#;

fn retrieve() -> Shown {
    answered(&Call::retrieve(&transaction_id(3)), 200, BODY)
}

#[test]
fn line_numbers_a_fold_and_a_search() {
    let mut stage = inspecting(retrieve());
    let mut told = rows(stage.keys("#jjjj "));
    told += &rows(stage.keys("/usd"));
    told += &rows(stage.keys("<enter>"));
    assert_snapshot!(told);
}

#[test]
fn a_body_as_it_came_goes_on_below_or_is_cut() {
    let mut stage = inspecting(retrieve());
    let mut told = rows(stage.keys("p"));
    told += &rows(stage.keys("w"));
    assert_snapshot!(told);
}

#[test]
fn a_filter_its_result_and_one_that_fails() {
    let mut stage = inspecting(retrieve());
    let mut told = rows(stage.keys("|.paymentItems[0].priceList"));
    told += &rows(stage.keys("<enter>"));
    let bytes = b"[{\"grossAmount\":\"10.99\",\"currencyIso3\":\"USD\"}]\n".to_vec();
    let queried = Queried::Results { bytes, cut: false };
    told += &rows(stage.done(Done::Queried { number: 1, queried }));
    stage.keys("|nosuch<enter>");
    let queried = Queried::Failed("there is no filter nosuch".into());
    told += &rows(stage.done(Done::Queried { number: 2, queried }));
    assert_snapshot!(told);
}

#[test]
fn the_row_under_the_cursor_can_be_copied() {
    assert_snapshot!(inspecting(retrieve()).keys("jjjjjjy").screen());
}

fn exchanged(shown: Shown) -> Exchanged {
    Exchanged {
        seq: Seq(1),
        at: noon(),
        epoch: EPOCH,
        request: shown.request,
        outcome: shown.outcome,
        call: Some(call(1)),
        operation: shown.operation,
        why: None,
        standing: None,
        step: None,
    }
}

fn compared(width: u16, height: u16, left: Shown, right: Shown) -> Stage {
    let mut stage = Stage::new(width, height);
    let comparison = Comparison::of(&exchanged(left), &exchanged(right));
    stage.done(Done::Compared(Some(Box::new(comparison))));
    stage
}

/// Two starts of which the second asks for more and is refused.
fn starts() -> (Shown, Shown) {
    let told = r#"{"responseCode":"OK","responseMessage":"Success.","transactionId":"2006721253"}"#;
    let one = answered(&authorize(3), 200, told);
    let mut more = authorize(4);
    let body = String::from_utf8(more.body.unwrap()).unwrap();
    more.body = Some(body.replace("10.99", "99.00").into_bytes());
    let told = r#"{"responseMessage":"User exceeded limit.","responseCode":"USER_EXCEEDED_LIMIT"}"#;
    (one, answered(&more, 202, told))
}

#[test]
fn a_start_that_went_well_beside_one_that_was_refused() {
    let (one, other) = starts();
    let mut stage = compared(80, 24, one.clone(), other.clone());
    let mut told = stage.screen();
    told += &stage.keys("m").screen();
    told += &compared(120, 40, one, other).screen();
    assert_snapshot!(told);
}

#[test]
fn equal_ones_say_so() {
    let (one, _) = starts();
    assert_snapshot!(compared(80, 24, one.clone(), one).screen());
}
