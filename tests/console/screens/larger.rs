//! The same at other sizes: more room is used, too little is said.

use insta::assert_snapshot;

use crate::cast::{answered, authorize, call, came_back, identified, left, with_code};
use crate::screens::rows::{every_payment, every_session};
use crate::stage::Stage;
use bango_console::api::Operation;

pub fn full(width: u16, height: u16) -> Stage {
    let mut stage = Stage::new(width, height);
    stage
        .sessions(every_session())
        .sessions(vec![identified(1, "120")]);
    stage.transactions(every_payment());
    stage.lines(vec![
        left(1, Operation::Authorize),
        came_back(2, call(1), Operation::Authorize, with_code("OK")),
    ]);
    let told = r#"{"responseCode":"OK","responseMessage":"Success.","transactionId":"2006721255"}"#;
    stage
        .keys("2gjjjjjjj")
        .shows(answered(&authorize(5), 200, told));
    stage
}

#[test]
fn at_80_by_24() {
    assert_snapshot!(full(80, 24).screen());
}

#[test]
fn at_120_by_40() {
    assert_snapshot!(full(120, 40).screen());
}

#[test]
fn at_200_by_60() {
    assert_snapshot!(full(200, 60).screen());
}

#[test]
fn at_60_by_20_one_pane_at_a_time() {
    let mut stage = full(60, 20);
    let mut told = stage.screen();
    for pane in ["1", "3", "4"] {
        told += &stage.keys(pane).screen();
    }
    assert_snapshot!(told);
}

#[test]
fn where_there_is_no_room_the_size_needed_is_said() {
    assert_snapshot!(full(20, 5).screen());
}
