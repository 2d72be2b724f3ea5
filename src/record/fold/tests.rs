//! The fold, as stories.

mod account;
pub mod book;
pub mod property;
pub mod server;
mod standing;

use book::{Book, EPOCH, Told};
use uuid::Uuid;

use crate::{
    api::{
        Adjust, BangoUserId, Call, Item, Operation, ResponseCode, SessionId, Start, TransactionId,
        call::Identify,
    },
    exchange::{Epoch, What},
    money::{Amount, Currency, Taxed},
    record::{
        session,
        transaction::{Doubt, State, Status},
    },
};

pub fn taxed(gross: u64, tax: u64) -> Taxed {
    Taxed::new(Amount::from_hundredths(gross), Amount::from_hundredths(tax))
}

pub fn start(external: Option<&str>) -> Call {
    Call::authorize(&Start {
        user: "472156480".into(),
        external: external.map(Into::into),
        gross: Amount::from_hundredths(1099),
        tax: Some(Amount::from_hundredths(100)),
        currency: Currency::USD,
        item: Item {
            name: Some("Item title".into()),
            ..Item::default()
        },
        callback_url: None,
        notification_url: None,
    })
}

pub fn adjust(external: Option<&str>, amount: Option<Taxed>) -> Adjust {
    Adjust {
        external: external.map(Into::into),
        amounts: amount.map(|amount| (amount.gross, Some(amount.tax), Currency::USD)),
        item: Item::default(),
    }
}

fn id() -> TransactionId {
    "2006721250".into()
}

fn capture() -> Call {
    Call::capture(&id(), None)
}

fn refund(external: &str, gross: u64, tax: u64) -> Call {
    Call::refund(
        &id(),
        Some(&adjust(Some(external), Some(taxed(gross, tax)))),
    )
}

fn authorized() -> Told {
    Told::new(r#"{"responseCode":"OK","transactionId":"2006721250"}"#)
}

fn redirected() -> Told {
    Told::new(
        r#"{"responseCode":"CLIENT_ACTION_REQUIRED","transactionId":null,
            "parameters":{"action":"REDIRECT","url":"http://127.0.0.1:2646/pay/abc"}}"#,
    )
}

/// A book with a payment that is authorized, and captured when asked for.
fn started(captured: bool) -> Book {
    let mut book = Book::default();
    book.say(&start(Some("t-1")), &authorized());
    if captured {
        book.say(&capture(), &Told::code("OK"));
    }
    book
}

#[track_caller]
fn check_sums(book: &Book, authorized: u64, captured: u64, refunded: u64) {
    let payment = book.only();
    let sums = [payment.authorized(), payment.captured(), payment.refunded()];
    assert_eq!(
        sums.map(|sum| sum.gross.hundredths()),
        [authorized, captured, refunded]
    );
}

#[test]
fn a_payment_goes_all_the_way() {
    let mut book = Book::default();
    let call = book.send(&start(Some("t-1")));
    assert_eq!(book.only().status(), Status::Starting);
    book.answer(call, &authorized());
    check_sums(&book, 1099, 0, 0);
    assert_eq!(book.only().item().name.as_deref(), Some("Item title"));

    let part = adjust(None, Some(taxed(1059, 90)));
    book.say(&Call::capture(&id(), Some(&part)), &Told::code("OK"));
    check_sums(&book, 1099, 1059, 0);

    book.say(&refund("r-1", 159, 20), &Told::code("REFUNDED"));
    assert_eq!(book.only().status(), Status::PartiallyRefunded);
    assert_eq!(book.only().refundable(), taxed(900, 70));

    let rest = adjust(Some("r-2"), None);
    book.say(&Call::refund(&id(), Some(&rest)), &Told::code("REFUNDED"));
    assert_eq!(book.only().status(), Status::Refunded);
    assert_eq!(book.only().refunded(), taxed(1059, 90));
    assert_eq!(book.only().entries, 8);
}

#[test]
fn a_redirect_ends_by_callback_or_report_whichever_comes_first() {
    for callback_first in [true, false] {
        let mut book = Book::default();
        let call = book.say(&start(Some("t-1")), &redirected());
        assert_eq!(book.only().status(), Status::WaitingForPayer);

        let report = |book: &mut Book| {
            book.report(
                None,
                What::Finished {
                    transaction: id(),
                    external: Some("t-1".into()),
                    code: "OK".into(),
                },
            );
        };
        let callback = |book: &mut Book| {
            book.callback(
                call,
                "externalTransactionId=t-1&transactionId=2006721250&responseCode=OK",
            );
        };
        if callback_first {
            callback(&mut book);
            report(&mut book);
        } else {
            report(&mut book);
            callback(&mut book);
        }
        assert_eq!(book.only().status(), Status::Authorized);
        assert_eq!(book.only().id, Some(id()));
    }
}

fn expired() -> What {
    What::Expired {
        transaction: id(),
        external: Some("t-1".into()),
    }
}

#[test]
fn an_authorization_that_expired_is_cancelled() {
    let mut book = started(false);
    book.report(None, expired());
    assert_eq!(book.only().status(), Status::Cancelled);
    check_sums(&book, 1099, 0, 0);
    // Whoever cancels it now is told that it is.
    book.say(&Call::cancel(&id()), &Told::code("CANCELLED"));
    assert!(book.only().expired);
}

#[test]
fn what_was_captured_does_not_expire() {
    let mut book = started(true);
    book.report(None, expired());
    assert_eq!(book.only().status(), Status::Captured);
}

#[test]
fn an_authorization_that_expired_was_one_also_where_its_answer_was_lost() {
    let mut book = Book::default();
    let call = book.send(&start(Some("t-1")));
    book.cut(call);
    book.report(None, expired());
    assert_eq!(book.only().status(), Status::Cancelled);
    assert_eq!(
        (book.only().id.clone(), book.only().unresolved()),
        (Some(id()), None)
    );
    check_sums(&book, 1099, 0, 0);
}

#[test]
fn a_payer_who_cancels_leaves_no_id() {
    let mut book = Book::default();
    let call = book.say(&start(Some("t-1")), &redirected());
    book.callback(
        call,
        "externalTransactionId=t-1&transactionId=null&responseCode=USER_CANCELLED",
    );
    assert_eq!(book.only().status(), Status::UserCancelled);
    assert_eq!(book.only().id, None);
}

#[test]
fn a_callback_about_another_payment_moves_nothing() {
    let mut book = Book::default();
    let call = book.say(&start(Some("t-1")), &redirected());
    book.callback(
        call,
        "externalTransactionId=t-9&transactionId=1&responseCode=OK",
    );
    assert_eq!(book.only().status(), Status::WaitingForPayer);
}

#[test]
fn a_stub_moves_nothing() {
    let mut book = started(false);
    let call = book.send_stub(&capture());
    assert!(book.only().in_flight.is_empty());
    book.answer(call, &Told::code("OK"));
    book.send_stub(&start(Some("t-2")));
    check_sums(&book, 1099, 0, 0);
}

#[test]
fn another_preference_makes_no_stub() {
    let mut book = Book::default();
    let call = start(Some("t-1"));
    let id = book.send_preferring("respond-async, wait=10", &call);
    book.answer(id, &Told::code("OK"));
    assert_eq!(book.only().status(), Status::Authorized);
}

#[test]
fn an_unknown_code_moves_nothing_and_a_start_is_unrecognised() {
    let mut book = Book::default();
    book.say(&start(Some("t-1")), &Told::code("TELEPORTED"));
    assert_eq!(book.only().status(), Status::Unrecognised);
    check_sums(&book, 0, 0, 0);
}

#[test]
fn a_refusal_moves_nothing_but_a_start_that_failed_in_passing_may_succeed_later() {
    let mut book = Book::default();
    book.say(&start(Some("t-1")), &Told::code("CONNECT_ERROR"));
    assert_eq!(book.only().status(), Status::Refused);
    book.say(&start(Some("t-1")), &authorized());
    book.say(&capture(), &Told::code("DECLINED"));
    check_sums(&book, 1099, 0, 0);
    assert_eq!(
        book.only().last.as_ref().unwrap().code,
        ResponseCode::Declined
    );
}

#[test]
fn a_start_without_a_key_is_new_each_time() {
    let mut book = Book::default();
    book.say(&start(None), &authorized());
    book.say(&start(None), &Told::code("DECLINED"));
    assert_eq!(book.transactions.len(), 2);
}

#[test]
fn a_start_that_never_left_is_not_sent() {
    let mut book = Book::default();
    let call = book.send(&start(Some("t-1")));
    book.not_sent(call);
    assert_eq!(book.only().status(), Status::NotSent);
    book.say(&start(Some("t-1")), &authorized());
    assert_eq!(book.only().status(), Status::Authorized);
}

/// Cuts `call` off, then sends the same again; `told` is what the server says both when it had
/// committed the first and when it had not.
#[track_caller]
fn check_same_again(mut book: Book, call: &Call, told: &Told, sums: [u64; 3]) {
    let first = book.send(call);
    book.cut(first);
    assert_eq!(book.only().status(), Status::Unknown);
    assert_eq!(book.only().unresolved().unwrap().call, first);

    for told in [told.clone(), told.clone().again()] {
        let mut book = book.clone();
        book.say(call, &told);
        assert_eq!(book.only().unresolved(), None);
        check_sums(&book, sums[0], sums[1], sums[2]);
        book.say(call, &told.again());
        check_sums(&book, sums[0], sums[1], sums[2]);
    }
}

#[test]
fn the_same_sent_again_resolves_a_start() {
    check_same_again(
        Book::default(),
        &start(Some("t-1")),
        &authorized(),
        [1099, 0, 0],
    );
    check_same_again(
        Book::default(),
        &start(Some("t-1")),
        &Told::code("DECLINED"),
        [0, 0, 0],
    );
}

#[test]
fn the_same_sent_again_resolves_a_capture() {
    check_same_again(
        started(false),
        &capture(),
        &Told::code("OK"),
        [1099, 1099, 0],
    );
    check_same_again(
        started(false),
        &capture(),
        &Told::code("DECLINED"),
        [1099, 0, 0],
    );
}

#[test]
fn the_same_sent_again_resolves_a_cancel() {
    let cancel = Call::cancel(&id());
    check_same_again(
        started(false),
        &cancel,
        &Told::code("CANCELLED"),
        [1099, 0, 0],
    );
}

#[test]
fn the_same_sent_again_resolves_a_whole_refund() {
    let whole = Call::refund(&id(), Some(&adjust(Some("r-1"), None)));
    check_same_again(
        started(true),
        &whole,
        &Told::code("REFUNDED"),
        [1099, 1099, 1099],
    );
    check_same_again(
        started(true),
        &whole,
        &Told::code("CANT_REFUND"),
        [1099, 1099, 0],
    );
}

#[test]
fn the_same_sent_again_resolves_a_partial_refund() {
    let part = refund("r-1", 159, 20);
    check_same_again(
        started(true),
        &part,
        &Told::code("REFUNDED"),
        [1099, 1099, 159],
    );
}

#[test]
fn an_answer_from_before_the_request_was_looked_at_resolves_nothing() {
    for code in [
        "UNAUTHORIZED",
        "SERVICE_UNAVAILABLE",
        "INTERNAL_ERROR",
        "TELEPORTED",
    ] {
        let mut book = Book::default();
        let first = book.send(&start(Some("t-1")));
        book.cut(first);
        book.say(&start(Some("t-1")), &Told::code(code));
        assert_eq!(book.only().status(), Status::Unknown, "{code}");
        assert_eq!(book.only().state, State::Starting, "{code}");
    }
}

#[test]
fn a_partial_refund_without_a_key_stays_unknown() {
    let mut book = started(true);
    let part = Call::refund(&id(), Some(&adjust(None, Some(taxed(159, 20)))));
    let first = book.send(&part);
    book.cut(first);
    book.say(&part, &Told::code("REFUNDED"));
    assert_eq!(book.only().unresolved().unwrap().call, first);
    check_sums(&book, 1099, 1099, 159);
}

/// An endpoint that is not ours does not say which answers it gave before.
#[test]
fn a_tax_that_is_left_out_of_a_partial_refund_is_the_same_as_none() {
    let part = |tax| {
        let amounts = (Amount::from_hundredths(159), tax, Currency::USD);
        let adjust = Adjust {
            amounts: Some(amounts),
            ..adjust(Some("r-1"), None)
        };
        Call::refund(&id(), Some(&adjust))
    };
    let (left_out, none) = (part(None), part(Some(Amount::ZERO)));
    let some = part(Some(Amount::from_hundredths(1)));
    for [first, second] in [[&left_out, &none], [&none, &left_out]] {
        let mut book = started(true);
        book.say(first, &Told::code("REFUNDED"));
        book.say(second, &Told::code("REFUNDED"));
        check_sums(&book, 1099, 1099, 159);
        book.say(&some, &Told::code("REFUNDED"));
        check_sums(&book, 1099, 1099, 318);
    }
}

#[test]
fn a_page_from_a_gateway_leaves_the_outcome_unknown() {
    let mut book = started(false);
    book.say(&capture(), &Told::new("<html>Bad gateway</html>"));
    let unresolved = book.only().unresolved().unwrap();
    assert_eq!(unresolved.because, Doubt::Unreadable { status: 200 });
}

#[test]
fn a_timeout_at_a_real_operator_is_unknown_and_at_the_sandbox_a_refusal() {
    let timeout = Told::code("CONNECT_TIMEOUT");
    let mut book = started(false);
    book.say(&capture(), &timeout);
    assert_eq!(book.only().status(), Status::Authorized);

    let call = book.send_away(&capture());
    book.answer(call, &timeout);
    assert_eq!(
        book.only().unresolved().unwrap().because,
        Doubt::AtOperator(ResponseCode::ConnectTimeout)
    );
}

#[test]
fn a_refund_proves_the_capture_whose_answer_was_lost() {
    let mut book = started(false);
    let part = adjust(None, Some(taxed(1059, 90)));
    let call = book.send(&Call::capture(&id(), Some(&part)));
    book.cut(call);
    book.exchange(
        None,
        &refund("r-1", 159, 20),
        &Told::code("REFUNDED"),
        Some("2006721250"),
    );
    check_sums(&book, 1099, 1059, 159);

    // Until the server says which amounts it took, they are assumed.
    assert_eq!(book.only().status(), Status::Unknown);
    book.say(
        &Call::capture(&id(), Some(&part)),
        &Told::code("OK").again(),
    );
    assert_eq!(book.only().status(), Status::PartiallyRefunded);
    check_sums(&book, 1099, 1059, 159);
}

#[test]
fn another_programs_payment_appears_once() {
    let mut book = Book::default();
    let told = authorized();
    book.exchange(None, &start(Some("t-1")), &told, Some("2006721250"));
    book.exchange(None, &start(Some("t-1")), &told.again(), Some("2006721250"));
    book.exchange(None, &capture(), &Told::code("OK"), Some("2006721250"));
    check_sums(&book, 1099, 1099, 0);
}

#[test]
fn a_report_about_our_own_call_names_the_payment_and_moves_nothing() {
    for report_first in [true, false] {
        let mut book = Book::default();
        let call = book.send(&start(Some("t-1")));
        if report_first {
            book.exchange(
                Some(call),
                &start(Some("t-1")),
                &redirected(),
                Some("2006721250"),
            );
            assert_eq!(book.only().state, State::Starting);
            book.answer(call, &redirected());
        } else {
            book.answer(call, &redirected());
            book.exchange(
                Some(call),
                &start(Some("t-1")),
                &redirected(),
                Some("2006721250"),
            );
        }
        assert_eq!(book.only().status(), Status::WaitingForPayer);
        assert_eq!(book.only().id, Some(id()));
    }
}

#[test]
fn an_answer_from_after_a_reset_is_not_about_the_old_payment() {
    let after = Epoch(Uuid::from_u128(0xaf));
    let mut book = started(false);
    let call = book.send(&capture());
    book.answer_in(call, &Told::code("OK"), after);
    check_sums(&book, 1099, 0, 0);
    assert!(book.only().in_flight.is_empty());

    // A start that was under way belongs where it was answered.
    let call = book.send(&start(Some("t-2")));
    book.answer_in(call, &authorized(), after);
    let epochs: Vec<_> = book
        .transactions
        .iter()
        .map(|payment| payment.epoch)
        .collect();
    assert_eq!(epochs, [EPOCH, after]);
    assert_eq!(book.transactions[1].status(), Status::Authorized);
}

#[test]
fn a_call_sent_under_an_old_epoch_moves_the_payment_of_the_new_one() {
    let after = Epoch(Uuid::from_u128(0xaf));
    let mut book = Book::default();
    let call = book.send(&start(Some("t-1")));
    book.answer_in(call, &authorized(), after);
    let call = book.send(&capture());
    assert!(book.only().in_flight.is_empty());
    book.answer_in(call, &Told::code("OK"), after);
    check_sums(&book, 1099, 1099, 0);
}

#[test]
fn the_number_of_a_payer_does_not_go_along_into_another_epoch() {
    let mut book = Book::default();
    let call = book.send(&start(Some("t-1")));
    book.report(
        None,
        What::Identified {
            session: Some("8322".into()),
            user: "472156480".into(),
            msisdn: crate::api::Msisdn::parse("447710900120").unwrap(),
            key: "GBR_BANGO".into(),
        },
    );
    assert!(book.only().msisdn.is_some());
    let after = Epoch(Uuid::from_u128(0xaf));
    book.answer_in(call, &authorized(), after);
    assert_eq!(book.only().msisdn, None);
}

#[test]
fn an_identification_by_redirect_knows_payer_and_number() {
    let mut book = Book::default();
    let identify = Call::identify(&Identify {
        identification_method_key: Some("GBR_BANGO".into()),
        ..Identify::default()
    });
    let waiting = Told::new(
        r#"{"responseCode":"CLIENT_ACTION_REQUIRED","sessionId":"8322","bangoUserId":null,
            "parameters":{"action":"REDIRECT","url":"http://127.0.0.1:2646/id/abc"}}"#,
    );
    book.say(&identify, &waiting);
    assert_eq!(book.sessions[0].url(), Some("http://127.0.0.1:2646/id/abc"));

    book.report(
        None,
        What::Identified {
            session: Some("8322".into()),
            user: "472156480".into(),
            msisdn: crate::api::Msisdn::parse("447710900120").unwrap(),
            key: "GBR_BANGO".into(),
        },
    );
    assert_eq!(book.sessions[0].returned, Some(ResponseCode::Ok));

    let done = Told::new(r#"{"responseCode":"OK","sessionId":"8322","bangoUserId":"472156480"}"#);
    book.say(&Call::go_on(&SessionId::from("8322")), &done);
    assert_eq!(book.sessions[0].user(), Some(&"472156480".into()));

    book.say(&start(Some("t-1")), &authorized());
    assert_eq!(book.only().msisdn.as_ref().unwrap().last_three(), "120");

    let status = Told::new(r#"{"responseCode":"OK","status":"USER_BARRED"}"#);
    book.say(&Call::status(&BangoUserId::from("472156480")), &status);
    assert_eq!(book.sessions[0].user_status.as_deref(), Some("USER_BARRED"));
}

#[test]
fn an_identification_whose_answer_is_lost_is_unknown() {
    let mut book = Book::default();
    let call = book.send(&Call::identify(&Identify::default()));
    book.cut(call);
    assert_eq!(book.sessions[0].state, session::State::Unknown);
}

#[test]
fn what_was_refunded_of_a_capture_that_was_assumed_too_small_is_booked_once_its_sum_is_told() {
    let mut book = Book::default();
    let told = Told::new(r#"{"responseCode":"OK","transactionId":"2006721250"}"#);
    book.say(&start(Some("t-1")), &told);
    let part = Call::capture(&id(), Some(&adjust(None, Some(taxed(100, 9)))));
    let whole = Call::capture(&id(), Some(&adjust(None, Some(taxed(1099, 99)))));
    for capture in [&part, &whole] {
        let call = book.send(capture);
        book.cut(call);
    }
    // The first capture in doubt is assumed, so all of it seems to be given back.
    let refund = Call::refund(&id(), Some(&adjust(None, Some(taxed(100, 9)))));
    book.say(&refund, &Told::code("REFUNDED"));
    assert_eq!(book.only().refunded(), taxed(100, 9));
    book.say(&Call::cancel(&id()), &Told::code("REFUNDED"));
    assert_eq!(book.only().refunded(), taxed(100, 9));
    // It was the other one.
    book.say(&whole, &Told::code("OK"));
    assert_eq!(book.only().captured(), taxed(1099, 99));
    assert_eq!(book.only().refunded(), taxed(1099, 99));
}

#[test]
fn a_refund_in_doubt_stays_so_while_the_captured_sum_is_only_assumed() {
    let mut book = Book::default();
    let told = Told::new(r#"{"responseCode":"OK","transactionId":"2006721250"}"#);
    book.say(&start(Some("t-1")), &told);
    let part = Call::capture(&id(), Some(&adjust(None, Some(taxed(100, 9)))));
    let whole = Call::capture(&id(), Some(&adjust(None, Some(taxed(1099, 99)))));
    for capture in [&part, &whole] {
        let call = book.send(capture);
        book.cut(call);
    }
    let refund = Call::refund(&id(), Some(&adjust(None, Some(taxed(100, 9)))));
    book.say(&refund, &Told::code("REFUNDED"));
    // Nothing seems to be left, so this seems to have moved nothing; it has, of the other capture.
    let call = book.send(&Call::cancel(&id()));
    book.cut(call);
    book.say(&whole, &Told::code("OK"));
    assert_eq!(book.only().captured(), taxed(1099, 99));
    assert_eq!(
        book.only().unresolved().unwrap().operation,
        Operation::Cancel
    );
    book.say(&Call::cancel(&id()), &Told::code("REFUNDED"));
    assert_eq!(book.only().refunded(), taxed(1099, 99));
    assert!(book.only().unresolved().is_none());
}
