//! *Send the same again*: whatever became of the first call, money has moved once.

use bango_console::api::ResponseCode;
use bango_console::money::{Amount, Taxed};
use bango_console::record::Transaction;
use bango_console::record::transaction::Status;
use reqwest::Method;
use serde_json::{Value, json};

use crate::books::audit;
use crate::desk::{Desk, authorized, captured, fresh, identified};
use crate::line::{Line, Play};
use crate::merchant::Merchant;

/// A call that moves money, made with keys.
struct Write {
    keys: &'static str,
    /// How its request begins.
    request: &'static str,
    /// Where it brings the payment.
    status: Status,
    captured: Taxed,
    refunded: Taxed,
}

const START: Write = Write {
    keys: "1aa10.99<tab>1.00<enter>",
    request: "POST /v5/transaction ",
    status: Status::Authorized,
    captured: Taxed::ZERO,
    refunded: Taxed::ZERO,
};
const CAPTURE: Write = Write {
    keys: "2ac<enter>",
    request: "PUT",
    status: Status::Captured,
    captured: taxed(1099, 100),
    refunded: Taxed::ZERO,
};
const PART_CAPTURE: Write = Write {
    keys: "2ac10.59<tab>0.96<enter>",
    captured: taxed(1059, 96),
    ..CAPTURE
};
const CANCEL: Write = Write {
    keys: "2ax",
    request: "DELETE",
    status: Status::Cancelled,
    captured: Taxed::ZERO,
    refunded: Taxed::ZERO,
};
const PART_REFUND: Write = Write {
    keys: "2af1.59<tab>0.20<enter>",
    request: "DELETE",
    status: Status::PartiallyRefunded,
    captured: taxed(1099, 100),
    refunded: taxed(159, 20),
};
const WHOLE_REFUND: Write = Write {
    keys: "2af<enter>",
    request: "DELETE",
    status: Status::Refunded,
    captured: taxed(1099, 100),
    refunded: taxed(1099, 100),
};

const fn taxed(gross: u64, tax: u64) -> Taxed {
    Taxed::new(Amount::from_hundredths(gross), Amount::from_hundredths(tax))
}

/// The ways in which a call can be lost: before the sandbox has heard of it, and after it has committed.
const LOSSES: [Play; 5] = [
    Play::TakeAndSayNothing,
    Play::KeepTheAnswer,
    Play::LoseTheAnswer,
    Play::CutTheAnswer { after: 9 },
    Play::AnswerForIt,
];

/// Makes the call, has it lost, sends the same again, and tells the payment as the console has it then.
async fn lost_and_sent_again(
    (desk, line): (&mut Desk, &Line),
    write: &Write,
    loss: Play,
) -> Transaction {
    let before = line.exchanges(write.request).len();
    line.play_at(write.request, loss);
    desk.keys(write.keys);
    line.asked(write.request, before + 1).await;
    match loss {
        Play::TakeAndSayNothing => desk.keys("<esc>"),
        Play::KeepTheAnswer => {
            line.answered(write.request, before + 1).await;
            desk.keys("<esc>");
        }
        _ => {}
    }
    desk.status(Status::Unknown).await;
    line.play(Play::HandOn);
    desk.keys("2as");
    let payment = desk.status(write.status).await;

    let sent = line.exchanges(write.request).split_off(before);
    let bytes: Vec<_> = sent
        .iter()
        .map(|exchange| exchange.request.without_call_id())
        .collect();
    assert_eq!(bytes.len(), 2, "{loss:?}");
    assert_eq!(bytes[0], bytes[1], "{loss:?}");
    payment
}

async fn moves_money_once(write: &Write, scene: impl AsyncFn() -> (Desk, Line)) {
    for loss in LOSSES {
        let (mut desk, line) = scene().await;
        let payment = lost_and_sent_again((&mut desk, &line), write, loss).await;
        let sums = (payment.captured(), payment.refunded());
        assert_eq!(sums, (write.captured, write.refunded), "{loss:?}");
        assert_eq!(payment.price(), taxed(1099, 100), "{loss:?}");

        assert_eq!(desk.state().transactions.rows.len(), 1, "{loss:?}");
        let merchant = Merchant::new(&desk.base_url());
        assert_eq!(audit(&line, &merchant, &payment).await, Ok(()), "{loss:?}");
        // What the audit has taken, the console was told of.
        if write.status != Status::Cancelled {
            let drained = desk.status(Status::Refunded).await;
            assert_eq!(drained.refunded(), drained.captured(), "{loss:?}");
        }
    }
}

#[tokio::test]
async fn a_start_sent_again_begins_one_payment() {
    moves_money_once(&START, identified).await;
}

#[tokio::test]
async fn a_capture_sent_again_captures_once() {
    moves_money_once(&CAPTURE, authorized).await;
}

#[tokio::test]
async fn a_capture_of_a_part_sent_again_captures_that_part_once() {
    moves_money_once(&PART_CAPTURE, authorized).await;
}

#[tokio::test]
async fn a_cancel_sent_again_cancels_once() {
    moves_money_once(&CANCEL, authorized).await;
}

#[tokio::test]
async fn a_refund_of_a_part_sent_again_refunds_that_part_once() {
    moves_money_once(&PART_REFUND, captured).await;
}

#[tokio::test]
async fn a_whole_refund_sent_again_refunds_once() {
    moves_money_once(&WHOLE_REFUND, captured).await;
}

#[tokio::test]
async fn a_refund_of_the_rest_sent_again_refunds_the_rest_once() {
    moves_money_once(&WHOLE_REFUND, async || {
        let (mut desk, line) = captured().await;
        desk.keys(PART_REFUND.keys);
        desk.status(Status::PartiallyRefunded).await;
        (desk, line)
    })
    .await;
}

#[tokio::test]
async fn a_call_that_is_lost_again_stays_unknown_until_an_answer_comes() {
    let (mut desk, mut line) = authorized().await;
    line.play_at("PUT", Play::LoseTheAnswer);
    desk.keys("2ac<enter>");
    let first = desk.status(Status::Unknown).await;
    desk.keys("as");
    line.answered("PUT", 2).await;
    let again = desk.status(Status::Unknown).await;
    assert_eq!(again.unresolved, first.unresolved, "it is the same doubt");

    line.go_down().await;
    desk.keys("as");
    desk.shows("capture: not sent").await;
    desk.status(Status::Unknown).await;

    line.come_up().await;
    line.play(Play::HandOn);
    desk.keys("as");
    let payment = desk.status(Status::Captured).await;
    let merchant = Merchant::new(&desk.base_url());
    assert_eq!(audit(&line, &merchant, &payment).await, Ok(()));
}

#[tokio::test]
async fn a_refusal_that_was_lost_comes_back_as_the_refusal() {
    let (mut desk, line) = fresh().await;
    desk.identify("447710900130").await;
    desk.keys("aa10.99<enter>");
    desk.status(Status::Authorized).await;
    line.play_at("PUT", Play::LoseTheAnswer);
    desk.keys("2ac<enter>");
    desk.status(Status::Unknown).await;
    line.play(Play::HandOn);
    desk.keys("as");
    let payment = desk.status(Status::Authorized).await;
    assert_eq!(payment.last.unwrap().code, ResponseCode::Declined);
}

#[tokio::test]
async fn a_refused_start_that_was_lost_comes_back_as_refused() {
    let (mut desk, line) = fresh().await;
    desk.identify("447710900121").await;
    line.play_at("POST /v5/transaction ", Play::LoseTheAnswer);
    desk.keys("aa10.99<enter>");
    desk.status(Status::Unknown).await;
    line.play(Play::HandOn);
    desk.keys("2as");
    desk.status(Status::Refused).await;
    assert_eq!(desk.state().transactions.rows.len(), 1);
}

#[tokio::test]
async fn a_start_with_pages_that_was_lost_goes_on_to_its_pages() {
    let (mut desk, line) = fresh().await;
    desk.identify("447710900180").await;
    line.play_at("POST /v5/transaction ", Play::LoseTheAnswer);
    desk.keys("aa10.99<tab>1.00<enter>");
    desk.status(Status::Unknown).await;
    line.play(Play::HandOn);
    desk.keys("2as");
    desk.status(Status::WaitingForPayer).await;
    desk.keys("p");
    desk.page("Confirm your payment").await;
    desk.keys("<enter>");
    desk.page("Your ZIP code").await;
    desk.keys("12345<enter>");
    let payment = desk.status(Status::Authorized).await;
    assert_eq!(desk.state().transactions.rows.len(), 1);
    let merchant = Merchant::new(&desk.base_url());
    let id = payment.id.as_ref().unwrap().as_str();
    assert_eq!(merchant.capture(id, None).await, "OK");
    desk.status(Status::Captured).await;
}

/// What a client does that knows nothing of repeats: the same call under a new id of its own.
async fn sent_anew(line: &Line, write: &Write) -> String {
    let lost = &line.exchanges(write.request)[0].request;
    let path = lost.head.split(' ').nth(1).unwrap();
    let path = path.strip_prefix("/v5/").unwrap();
    let mut body: Value = lost.json();
    body["externalTransactionId"] = json!("anew");
    let method = Method::from_bytes(lost.head.split(' ').next().unwrap().as_bytes()).unwrap();
    let merchant = Merchant::new(&line.base_url());
    merchant.call(method, path, Some(&body)).await.code
}

/// Control: the audit sees a start that was made twice.
#[tokio::test]
async fn a_start_sent_under_a_new_id_begins_a_second_payment() {
    let (mut desk, line) = identified().await;
    let payment = lost_and_sent_again((&mut desk, &line), &START, Play::LoseTheAnswer).await;
    assert_eq!(sent_anew(&line, &START).await, "OK");

    let merchant = Merchant::new(&desk.base_url());
    let found = audit(&line, &merchant, &payment).await;
    assert_eq!(found, Err("2 payments were begun".to_owned()));
}

/// Control: the audit sees a refund that was made twice.
#[tokio::test]
async fn a_refund_of_a_part_sent_under_a_new_id_refunds_twice() {
    let (mut desk, line) = captured().await;
    let payment = lost_and_sent_again((&mut desk, &line), &PART_REFUND, Play::LoseTheAnswer).await;
    assert_eq!(sent_anew(&line, &PART_REFUND).await, "REFUNDED");

    let merchant = Merchant::new(&desk.base_url());
    let found = audit(&line, &merchant, &payment).await;
    let expected = "a refund of all that is left was answered CANT_REFUND";
    assert_eq!(found, Err(expected.to_owned()));
}

/// Control: the audit sees what a cancel does to a capture that was only believed to be lost.
#[tokio::test]
async fn a_cancel_in_place_of_the_capture_sent_again_gives_the_money_back() {
    let (mut desk, line) = authorized().await;
    let payment = lost_and_sent_again((&mut desk, &line), &CAPTURE, Play::LoseTheAnswer).await;
    let merchant = Merchant::new(&desk.base_url());
    let id = payment.id.as_ref().unwrap().as_str();
    assert_eq!(merchant.delete(id, None).await, "REFUNDED");

    let found = audit(&line, &merchant, &payment).await;
    let expected = "a refund of all that is left was answered ALREADY_REFUNDED";
    assert_eq!(found, Err(expected.to_owned()));
}
