//! The end of a payer's account.

use uuid::Uuid;

use super::{
    authorized,
    book::{Book, Told},
    id, start,
};
use crate::{
    api::{Call, SessionId, call::Identify},
    exchange::Epoch,
    record::Session,
};

/// A payer who was identified twice and has a payment, and somebody else.
fn payers() -> Book {
    let mut book = Book::default();
    for (session, user) in [("s-1", "472156480"), ("s-2", "472156480"), ("s-3", "other")] {
        let told =
            format!(r#"{{"responseCode":"OK","sessionId":"{session}","bangoUserId":"{user}"}}"#);
        book.say(&Call::identify(&Identify::default()), &Told::new(&told));
    }
    book.say(&start(Some("t-1")), &authorized());
    book
}

fn close() -> Call {
    Call::close_account(&"472156480".into())
}

/// Which identifications and payments are those of a closed account.
fn closed(book: &Book) -> (Vec<bool>, Vec<bool>) {
    let sessions = book.sessions.iter().map(Session::is_closed);
    let payments = book.transactions.iter();
    (
        sessions.collect(),
        payments.map(|payment| payment.payer_closed).collect(),
    )
}

#[test]
fn an_account_that_is_closed_is_closed_for_all_that_its_payer_has() {
    let status = Call::status(&"472156480".into());
    for (call, code) in [
        (close(), "OK"),
        // Somebody was quicker.
        (close(), "NOT_FOUND"),
        (status, "NOT_FOUND"),
    ] {
        for by_others in [false, true] {
            let mut book = payers();
            if by_others {
                book.exchange(None, &call, &Told::code(code), None);
            } else {
                book.say(&call, &Told::code(code));
            }
            let all = (vec![true, true, false], vec![true]);
            assert_eq!(closed(&book), all, "{:?} {code}", call.operation);
            assert_eq!(book.sessions[0].user(), Some(&"472156480".into()));

            // It does not come back, and what is tried all the same is known to be in vain.
            let again = r#"{"responseCode":"OK","sessionId":"s-1","bangoUserId":"472156480"}"#;
            book.say(&Call::go_on(&SessionId::from("s-1")), &Told::new(again));
            book.say(&start(Some("t-2")), &Told::code("INVALID_BANGOUSERID"));
            let all = (vec![true, true, false], vec![true, true]);
            assert_eq!(closed(&book), all);
        }
    }
}

#[test]
fn an_account_stays_open_unless_an_answer_says_otherwise() {
    let status = Call::status(&"472156480".into());
    for (call, code) in [
        (close(), "UNAUTHORIZED"),
        (close(), "TELEPORTED"),
        (status, "OK"),
        (Call::retrieve(&id()), "NOT_FOUND"),
    ] {
        let mut book = payers();
        book.say(&call, &Told::code(code));
        assert_eq!(closed(&book), (vec![false; 3], vec![false]), "{code}");
    }
    let mut book = payers();
    let stub = book.send_stub(&close());
    book.answer(stub, &Told::code("OK"));
    let cut = book.send(&close());
    book.cut(cut);
    assert_eq!(closed(&book), (vec![false; 3], vec![false]));
}

#[test]
fn an_account_of_another_life_is_another() {
    let mut book = payers();
    let call = book.send(&close());
    book.answer_in(call, &Told::code("OK"), Epoch(Uuid::from_u128(0xaf)));
    assert_eq!(closed(&book), (vec![false; 3], vec![false]));
}
