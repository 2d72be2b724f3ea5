//! What our sandbox says of a payment, beside what the answers told.

use uuid::Uuid;

use super::book::{Book, EPOCH, Told};
use super::{authorized, capture, id, redirected, refund, start, started, taxed};
use crate::api::Call;
use crate::exchange::{CallId, Epoch, Standing, Stands, What};
use crate::record::transaction::Status;

fn stands(state: Stands, captured: (u64, u64), refunded: (u64, u64)) -> Standing {
    Standing {
        state,
        captured: taxed(captured.0, captured.1),
        refunded: taxed(refunded.0, refunded.1),
    }
}

fn is_authorized() -> Standing {
    Standing::without_money(Stands::Authorized)
}

fn is_captured() -> Standing {
    stands(Stands::Captured, (1099, 100), (0, 0))
}

/// The sandbox's word on a call of ours.
fn hear(book: &mut Book, of: CallId, call: &Call, standing: Standing) {
    book.exchange_after_which(EPOCH, Some(of), call, standing);
}

#[test]
fn where_both_say_the_same_nothing_differs() {
    let mut book = Book::default();
    let began = book.say(&start(Some("t-1")), &authorized());
    hear(&mut book, began, &start(Some("t-1")), is_authorized());
    let took = book.send(&capture());
    hear(&mut book, took, &capture(), is_captured());
    book.answer(took, &Told::code("OK"));
    let part = refund("r-1", 159, 20);
    let gave = book.say(&part, &Told::code("REFUNDED"));
    let left = stands(Stands::Captured, (1099, 100), (159, 20));
    hear(&mut book, gave, &part, left);
    assert_eq!(book.only().status(), Status::PartiallyRefunded);
    assert_eq!(book.only().reported, Some(left));
}

#[test]
fn an_answer_that_was_lost_differs_and_stays_in_doubt() {
    let mut book = started(false);
    let took = book.send(&capture());
    book.cut(took);
    assert_eq!(book.only().status(), Status::Unknown);
    hear(&mut book, took, &capture(), is_captured());
    assert_eq!(book.only().status(), Status::Differs);
    assert_eq!(book.only().differs(), Some(is_captured()));
    assert_eq!(book.only().believed(), Status::Unknown);

    let again = book.say(&capture(), &Told::code("OK").again());
    hear(&mut book, again, &capture(), is_captured());
    assert_eq!(book.only().status(), Status::Captured);
}

#[test]
fn a_call_that_was_lost_on_its_way_there_does_not_differ() {
    let mut book = Book::default();
    let began = book.say(&start(Some("t-1")), &authorized());
    hear(&mut book, began, &start(Some("t-1")), is_authorized());
    let took = book.send(&capture());
    book.cut(took);
    assert_eq!(book.only().status(), Status::Unknown);
}

#[test]
fn an_answer_that_was_altered_differs() {
    let mut book = started(false);
    let took = book.say(&capture(), &Told::code("INTERNAL_ERROR"));
    hear(&mut book, took, &capture(), is_captured());
    assert_eq!(book.only().differs(), Some(is_captured()));

    let mut book = started(false);
    let took = book.say(&capture(), &Told::code("OK"));
    hear(&mut book, took, &capture(), is_authorized());
    assert_eq!(book.only().differs(), Some(is_authorized()));
    assert_eq!(book.only().believed(), Status::Captured);
}

#[test]
fn an_answer_to_another_program_that_was_altered_differs() {
    let mut book = Book::default();
    let began = book.say(&start(Some("t-1")), &authorized());
    hear(&mut book, began, &start(Some("t-1")), is_authorized());
    book.exchange_after_which(EPOCH, None, &capture(), is_authorized());
    assert_eq!(book.only().status(), Status::Differs);
}

/// Its answer is here before the sandbox's report, or the other way round.
#[test]
fn nothing_is_said_while_a_report_is_awaited() {
    let mut book = Book::default();
    let began = book.say(&start(Some("t-1")), &authorized());
    hear(&mut book, began, &start(Some("t-1")), is_authorized());
    let took = book.say(&capture(), &Told::code("OK"));
    assert_eq!(book.only().status(), Status::Captured);
    hear(&mut book, took, &capture(), is_captured());
    assert_eq!(book.only().status(), Status::Captured);

    let part = refund("r-1", 159, 20);
    let gave = book.send(&part);
    let left = stands(Stands::Captured, (1099, 100), (159, 20));
    hear(&mut book, gave, &part, left);
    assert_eq!(book.only().status(), Status::Captured);
    book.answer(gave, &Told::code("REFUNDED"));
    assert_eq!(book.only().status(), Status::PartiallyRefunded);
}

#[test]
fn reports_that_overtake_each_other_say_the_latest() {
    let mut book = started(false);
    let (took, read) = (book.send(&capture()), book.send(&Call::retrieve(&id())));
    hear(&mut book, took, &capture(), is_captured());
    hear(&mut book, read, &Call::retrieve(&id()), is_authorized());
    book.answer(took, &Told::code("OK"));
    assert_eq!(book.only().status(), Status::Captured);
}

#[test]
fn a_payer_who_came_back_before_the_report_of_it_differs_in_nothing() {
    let mut book = Book::default();
    let began = book.say(&start(Some("t-1")), &redirected());
    let waits = Standing::without_money(Stands::WaitingForPayer);
    hear(&mut book, began, &start(Some("t-1")), waits);
    assert_eq!(book.only().status(), Status::WaitingForPayer);
    let query = "transactionId=2006721250&externalTransactionId=t-1&responseCode=OK";
    book.callback(began, query);
    assert_eq!(book.only().status(), Status::Authorized);
    book.report(
        None,
        What::Finished {
            transaction: id(),
            external: Some("t-1".into()),
            code: "OK".into(),
        },
    );
    assert_eq!(book.only().status(), Status::Authorized);
    assert_eq!(book.only().reported, Some(is_authorized()));
}

/// Anybody can call a callback address: the sandbox is believed, and not asked twice.
#[test]
fn a_callback_that_the_sandbox_contradicts_differs() {
    let mut book = Book::default();
    let began = book.say(&start(Some("t-1")), &redirected());
    let waits = Standing::without_money(Stands::WaitingForPayer);
    hear(&mut book, began, &start(Some("t-1")), waits);
    let query = "transactionId=2006721250&externalTransactionId=t-1&responseCode=OK";
    book.callback(began, query);
    book.report(
        None,
        What::Finished {
            transaction: id(),
            external: Some("t-1".into()),
            code: "USER_CANCELLED".into(),
        },
    );
    assert_eq!(book.only().status(), Status::Differs);
}

#[test]
fn an_authorization_that_expired_differs_in_nothing() {
    let mut book = Book::default();
    let began = book.say(&start(Some("t-1")), &authorized());
    hear(&mut book, began, &start(Some("t-1")), is_authorized());
    book.report(
        None,
        What::Expired {
            transaction: id(),
            external: None,
        },
    );
    assert_eq!(book.only().status(), Status::Cancelled);
}

#[test]
fn a_report_of_another_life_says_nothing() {
    let (mut book, other) = (started(false), Epoch(Uuid::from_u128(77)));
    let took = book.say(&capture(), &Told::code("OK"));
    for (epoch, status) in [(other, Status::Captured), (EPOCH, Status::Differs)] {
        let mut book = book.clone();
        book.exchange_after_which(epoch, Some(took), &capture(), is_authorized());
        assert_eq!(book.only().status(), status, "{epoch:?}");
    }
}
