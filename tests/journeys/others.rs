//! Who else is on the sandbox: each fact is shown once, whoever made it.

use bango_console::console::app::verbs::{Offer, Verb};
use bango_console::money::{Amount, Taxed};
use bango_console::record::line::{Line, What};
use bango_console::record::transaction::Status;
use bango_console::record::{ledger::Sum, window};

use reqwest::Method;

use crate::desk::{Desk, authorized, captured, fresh};
use crate::merchant::{Merchant, part};

fn sum(count: u64, gross: u64, tax: u64) -> Sum {
    let amount = Taxed::new(Amount::from_hundredths(gross), Amount::from_hundredths(tax));
    Sum { count, amount }
}

/// How many lines of the timeline are calls of ours that left, calls of ours that ended, and exchanges
/// of other programs.
fn lines(desk: &Desk) -> (usize, usize, usize) {
    let rows = &desk.state().timeline.rows;
    let count = |wanted: fn(&What) -> bool| rows.iter().filter(|line| wanted(&line.what)).count();
    (
        count(|what| matches!(what, What::Sent { .. })),
        count(|what| matches!(what, What::Ended { .. })),
        count(|what| matches!(what, What::Exchange { .. })),
    )
}

#[tokio::test]
async fn another_programs_payment_appears_by_itself_once_and_our_own_calls_once() {
    let (mut desk, line) = captured().await;
    let merchant = Merchant::new(&desk.base_url());
    let user = merchant.identify("447710900120").await;
    let other = merchant.authorize(&user, "other-1", "5.00", "0.50").await;
    let most = sum(1, 400, 40).amount;
    assert_eq!(merchant.capture(&other, Some(&part(most, "c"))).await, "OK");
    let little = sum(1, 100, 10).amount;
    let refunded = merchant.delete(&other, Some(&part(little, "r"))).await;
    assert_eq!(refunded, "REFUNDED");

    let shown = desk
        .until("the other program's refund", |state| {
            let found = state.transactions.rows.iter().find(|payment| {
                payment
                    .external()
                    .is_some_and(|id| id.as_str() == "other-1")
                    && payment.status() == Status::PartiallyRefunded
            });
            found.cloned()
        })
        .await;
    assert_eq!(shown.refundable(), sum(1, 300, 30).amount);
    assert_eq!(shown.msisdn.unwrap().as_str(), "447710900120");
    assert_eq!(desk.state().transactions.rows.len(), 2);
    assert_eq!(desk.state().sessions.rows.len(), 2);
    assert_eq!(line.exchanges("").len(), 4, "identify to capture, once");
    assert_eq!(lines(&desk), (4, 4, 5));

    let reader = desk.reader();
    let totals = reader.totals(desk.state().epoch).unwrap();
    assert_eq!(totals.len(), 1);
    assert_eq!(totals[0].payments, 2);
    assert_eq!(totals[0].authorized, sum(2, 1599, 150));
    assert_eq!(totals[0].captured, sum(2, 1499, 140));
    assert_eq!(totals[0].refunded, sum(1, 100, 10));

    let newest = window::Window {
        place: window::Place::Newest,
        limit: 10,
    };
    let kept = reader.transactions(newest).unwrap().rows;
    assert_eq!(desk.state().transactions.rows, kept);
}

#[tokio::test]
async fn another_program_capturing_our_payment_moves_its_row() {
    let (mut desk, _line) = authorized().await;
    let payment = desk.status(Status::Authorized).await;
    let merchant = Merchant::new(&desk.base_url());
    let id = payment.id.as_ref().unwrap().as_str();
    assert_eq!(merchant.capture(id, None).await, "OK");
    let payment = desk.status(Status::Captured).await;
    assert_eq!(payment.captured(), payment.authorized());
    assert_eq!(desk.state().transactions.rows.len(), 1);
}

#[tokio::test]
async fn another_programs_payment_with_pages_moves_by_itself_and_is_one_row() {
    let (mut desk, _line) = fresh().await;
    let merchant = Merchant::new(&desk.base_url());
    let user = merchant.identify("447710900180").await;
    let page = merchant.sent_to_a_page(&user, "other-1", "5.00").await;
    let waiting = desk.status(Status::WaitingForPayer).await;
    merchant.submit(&page, &[("action", "confirm")]).await;
    merchant
        .submit(&page, &[("zip", "12345"), ("action", "confirm")])
        .await;
    let payment = desk.status(Status::Authorized).await;
    assert_eq!(payment.key, waiting.key);
    assert_eq!(desk.state().transactions.rows.len(), 1);

    desk.keys("2ac<enter>");
    let payment = desk.status(Status::Captured).await;
    assert_eq!(payment.captured(), sum(1, 500, 0).amount);
}

#[tokio::test]
async fn another_programs_repeat_is_not_a_second_payment() {
    let (mut desk, _line) = fresh().await;
    let merchant = Merchant::new(&desk.base_url());
    let user = merchant.identify("447710900120").await;
    let first = merchant.authorize(&user, "other-1", "5.00", "0.50").await;
    let again = merchant.authorize(&user, "other-1", "5.00", "0.50").await;
    assert_eq!(first, again);
    assert_eq!(merchant.capture(&first, None).await, "OK");
    assert_eq!(merchant.capture(&first, None).await, "OK");
    assert_eq!(merchant.delete(&first, None).await, "REFUNDED");
    assert_eq!(merchant.delete(&first, None).await, "REFUNDED");
    desk.until("four calls and their repeats", |state| {
        let exchanges = |line: &&Line| matches!(line.what, What::Exchange { .. });
        let count = state.timeline.rows.iter().filter(exchanges).count();
        (count == 8).then_some(())
    })
    .await;
    let payment = desk.status(Status::Refunded).await;
    assert_eq!(desk.state().transactions.rows.len(), 1);
    assert_eq!(payment.refunded(), payment.captured());
    let totals = desk.reader().totals(desk.state().epoch).unwrap();
    assert_eq!(totals[0].refunded, sum(1, 500, 50));
}

#[tokio::test]
async fn a_payer_whose_account_another_program_closes_is_offered_nothing() {
    let (mut desk, _line) = authorized().await;
    let merchant = Merchant::new(&desk.base_url());
    let user = desk.state().sessions.rows[0].user().unwrap();
    let path = format!("identity/{}", user.as_str());
    let closed = merchant.call(Method::DELETE, &path, None).await;
    assert_eq!(closed.code, "OK");
    desk.until("the end of the account", |state| {
        let payment = state.transactions.selected()?;
        (state.sessions.rows[0].is_closed() && payment.payer_closed).then_some(())
    })
    .await;
    assert_eq!(desk.offers_verb(Verb::Authorize), Some(false));
    assert_eq!(desk.offers_verb(Verb::Capture), Some(true));
    desk.keys("1");
    for verb in [
        Verb::Authorize,
        Verb::Methods,
        Verb::Status,
        Verb::CloseAccount,
    ] {
        assert_eq!(desk.offers_verb(verb), Some(false), "{verb:?}");
    }
    let words = |offer: &Offer| offer.words == "its account was closed";
    assert_eq!(desk.offers().iter().filter(|offer| words(offer)).count(), 4);
    desk.shows(" closed").await;

    // The same number is somebody else from then on.
    desk.identify("447710900120").await;
    assert_eq!(desk.offers_verb(Verb::Authorize), Some(true));
}

#[tokio::test]
async fn lists_read_while_facts_arrive_lose_none_and_show_none_twice() {
    let (mut desk, _line) = fresh().await;
    let merchant = Merchant::new(&desk.base_url());
    for _ in 0..100 {
        desk.read_anew();
        merchant.call(Method::GET, "transaction/1", None).await;
    }
    let exchange = |line: &&Line| matches!(line.what, What::Exchange { .. });
    desk.until("the last call", |state| {
        let last = state.timeline.rows.last()?;
        (last.seq.0 >= 100).then_some(())
    })
    .await;
    let newest = window::Window {
        place: window::Place::Newest,
        limit: 200,
    };
    let kept = desk.reader().timeline(newest).unwrap().rows;
    let shown = &desk.state().timeline.rows;
    assert_eq!(shown.iter().filter(exchange).count(), 100);
    assert_eq!(shown, &kept);
}
