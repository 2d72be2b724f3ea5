//! The lists: payments and payers in every state, the timeline with every kind of line.

use bango_console::api::{Action, Adjust, Call, Operation, ResponseCode};
use bango_console::console::app::event::{Done, Window};
use bango_console::exchange::{Cut, Delivery, Epoch, NotSent};
use bango_console::money::{Amount, Currency};
use bango_console::record::fact::Ending;
use bango_console::record::line::{End, Line, Marks, What};
use bango_console::record::session::State as Identification;
use bango_console::record::transaction::{Doubt, State as Payment, Status};
use bango_console::record::{Session, Transaction};
use insta::assert_snapshot;
use uuid::Uuid;

use crate::cast::{
    self, PAGE, authorize, call, came_back, captured, differs, identified, left, line, payment,
    redirect, session, transaction_id, under_way, unknown, waiting, with_code,
};
use crate::stage::Stage;

/// One payment in each state, in the order of [`Status`].
pub fn every_payment() -> Vec<Transaction> {
    let mut starting = under_way(1, &authorize(1));
    starting.state = Payment::Starting;
    let refused = Payment::Refused {
        code: ResponseCode::UserInsufficientCredit,
    };
    let url = Some(PAGE.to_owned());
    vec![
        starting,
        payment(2, 1099, Payment::NotSent),
        unknown(3, Operation::Capture),
        differs(13),
        payment(4, 1099, Payment::WaitingForPayer { url }),
        payment(5, 1099, Payment::Authorized),
        captured(6, 1099, 1059, &[]),
        captured(7, 1099, 1059, &[159]),
        captured(8, 1099, 1059, &[159, 900]),
        payment(9, 1099, Payment::Cancelled),
        payment(10, 1099, refused),
        payment(11, 1099, Payment::UserCancelled),
        payment(12, 99, Payment::Starting),
    ]
}

pub fn every_session() -> Vec<Session> {
    let action = Action::Wait { milliseconds: 500 };
    let code = ResponseCode::Failure;
    let mut known = identified(5, "120");
    known.user_status = Some("OK".into());
    vec![
        session(1, "120", Identification::Starting),
        session(2, "120", Identification::NotSent),
        session(3, "120", Identification::Unknown),
        waiting(4),
        known,
        session(6, "160", Identification::Cancelled),
        session(7, "127", Identification::NotAvailable),
        session(8, "141", Identification::Failed { code }),
        session(9, "120", Identification::Waiting { action }),
        session(
            10,
            "120",
            Identification::Closed {
                user: cast::payer(),
            },
        ),
    ]
}

/// A line of every kind.
pub fn every_line() -> Vec<Line> {
    let code = Some(ResponseCode::Ok);
    let exchange = What::Exchange {
        operation: Some(Operation::Retrieve),
        method: "GET".into(),
        status: 200,
        code: code.clone(),
        marks: Marks::default(),
    };
    let nothing_of_the_api = What::Exchange {
        operation: None,
        method: "PATCH".into(),
        status: 405,
        code: None,
        marks: Marks::default(),
    };
    let notified = |attempt, result| What::Notified { attempt, result };
    let others = [
        exchange,
        nothing_of_the_api,
        What::Page {
            title: "Type the PIN".into(),
            action: None,
        },
        What::Page {
            title: "Type the PIN".into(),
            action: Some("confirm".into()),
        },
        What::Identified,
        What::Finished {
            code: ResponseCode::UserCancelled,
        },
        What::Expired,
        notified(1, Delivery::Answered { status: 200 }),
        notified(2, Delivery::Answered { status: 500 }),
        notified(
            3,
            Delivery::Failed {
                error: "refused".into(),
            },
        ),
        notified(1, Delivery::Held),
        What::Callback { code: code.clone() },
        What::Notification { code },
        What::Inbox {
            name: "shop".into(),
        },
        What::Reset,
        What::Missed { count: 12 },
        What::Remark {
            text: "look here".into(),
        },
        What::Unknown {
            name: "weather".into(),
        },
    ];
    let ours = [
        left(1, Operation::Authorize),
        came_back(2, call(1), Operation::Authorize, with_code("OK")),
        came_back(3, call(1), Operation::Capture, with_code("DECLINED")),
        came_back(4, call(1), Operation::Capture, with_code("HAPPY")),
        came_back(
            5,
            call(1),
            Operation::Capture,
            End::Cut { why: Cut::TimedOut },
        ),
        came_back(
            6,
            call(1),
            Operation::Capture,
            End::NotSent {
                why: NotSent::Cancelled,
            },
        ),
    ];
    let others = (7..).zip(others).map(|(number, what)| line(number, what));
    ours.into_iter().chain(others).collect()
}

#[test]
fn the_rows_stand_for_every_status() {
    let statuses: Vec<_> = every_payment().iter().map(Transaction::status).collect();
    assert_eq!(
        statuses,
        [
            Status::Starting,
            Status::NotSent,
            Status::Unknown,
            Status::Differs,
            Status::WaitingForPayer,
            Status::Authorized,
            Status::Captured,
            Status::PartiallyRefunded,
            Status::Refunded,
            Status::Cancelled,
            Status::Refused,
            Status::UserCancelled,
            Status::Unrecognised,
        ]
    );
}

#[test]
fn payments_in_every_state() {
    let mut stage = Stage::new(80, 60);
    stage.transactions(every_payment());
    assert_snapshot!(stage.keys("2").screen());
}

#[test]
fn payers_in_every_state() {
    let mut stage = Stage::new(80, 50);
    assert_snapshot!(stage.sessions(every_session()).screen());
}

#[test]
fn a_timeline_with_every_kind_of_line() {
    let mut stage = Stage::new(120, 40);
    assert_snapshot!(stage.lines(every_line()).keys("4").screen());
}

/// The bar and its sentence.
fn bar(stage: &mut Stage) -> String {
    [stage.row(9), stage.row(10)].join("\n")
}

/// What the bar says of each payment, with the verb in focus that usually comes next.
#[test]
fn the_bar_of_every_payment() {
    let told = every_payment().into_iter().map(|payment| {
        let mut stage = Stage::new(80, 24);
        let status = payment.status();
        stage.transactions(vec![payment]).keys("2");
        format!("{status:?}\n{}", bar(&mut stage))
    });
    assert_snapshot!(told.collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_bar_of_every_payer() {
    let told = every_session().into_iter().map(|session| {
        let mut stage = Stage::new(80, 24);
        let word = session.state.word();
        stage.sessions(vec![session]);
        format!("{word}\n{}", bar(&mut stage))
    });
    assert_snapshot!(told.collect::<Vec<_>>().join("\n"));
}

/// Every verb's reason, as the bar says it when the verb has the focus.
#[test]
fn the_bar_gives_a_reason_for_each_verb_of_a_refunded_payment() {
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![captured(8, 1099, 1059, &[159, 900])]);
    stage.keys("2<tab>");
    let told: Vec<_> = (0..5)
        .map(|_| {
            let told = bar(&mut stage);
            stage.keys("<right>");
            told
        })
        .collect();
    let told = told.join("\n");
    assert!(told.contains("Refund: nothing is left to refund"), "{told}");
    assert_snapshot!(told);
}

#[test]
fn an_unknown_outcome_offers_the_same_again_first() {
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![unknown(3, Operation::Capture)]);
    assert_snapshot!(stage.keys("2<enter>").screen());
}

#[test]
fn a_refund_without_a_key_is_named_dangerous_to_repeat() {
    let mut dangerous = captured(3, 1099, 1099, &[]);
    let refund = Adjust {
        amounts: Some((Amount::from_hundredths(159), None, Currency::USD)),
        ..Adjust::default()
    };
    let refund = Call::refund(&transaction_id(3), Some(&refund));
    let doubt = Doubt::Cut(Cut::TimedOut);
    cast::end(&mut dangerous, 9, &refund, Ending::Unknown(doubt));
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![dangerous]).keys("2");
    let said = "Send the same again: it carries no key";
    assert!(stage.row(10).contains(said), "{}", stage.row(10));
}

#[test]
fn rows_of_before_a_reset_offer_nothing() {
    let mut stage = Stage::new(80, 24);
    let mut old = captured(3, 1099, 1099, &[]);
    old.epoch = Epoch(Uuid::nil());
    stage.transactions(vec![old]);
    assert_snapshot!(stage.keys("2<enter>").screen());
}

#[test]
fn a_payer_of_before_a_reset_cannot_be_played() {
    let mut stage = Stage::new(80, 24);
    let mut old = session(1, "120", redirect());
    old.epoch = Epoch(Uuid::nil());
    stage.sessions(vec![old]);
    stage.effects();
    assert!(stage.keys("p").effects().is_empty());
}

/// A window with what a filter lets through.
fn let_through(stage: &mut Stage, rows: Vec<Transaction>) -> &mut Stage {
    let total = rows.len() as u64;
    let filter = stage.state.transactions.filter.clone();
    stage.done(Done::Transactions(Window {
        rows,
        before: false,
        after: false,
        filter,
        total,
    }))
}

#[test]
fn a_list_narrowed_while_typing() {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage
        .transactions(every_payment())
        .keys("2/state:captured amount>1");
    let rows = vec![captured(6, 1099, 1099, &[])];
    assert_snapshot!(let_through(&mut stage, rows).screen());
}

#[test]
fn a_filter_that_says_what_it_did_not_take() {
    let mut stage = Stage::new(80, 24);
    stage.transactions(every_payment()).keys("2/stat:captured");
    assert_snapshot!(let_through(&mut stage, vec![]).screen());
}

#[test]
fn a_list_that_stays_narrowed() {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage
        .transactions(every_payment())
        .keys("1/120<enter>2/captured<enter>");
    assert_snapshot!(let_through(&mut stage, vec![captured(6, 1099, 1099, &[])]).screen());
}
