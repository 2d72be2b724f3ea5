//! Answers whose members come in another order, with others between them that nobody knows.

use bango_console::money::Taxed;
use bango_console::record::transaction::Status;

use crate::desk::fresh;
use crate::line::Play;

#[tokio::test]
async fn guide_1_9_any_order_and_unknown_pairs_make_no_difference() {
    let (mut desk, line) = fresh().await;
    line.play(Play::Scramble);
    desk.identify("447710900120").await;
    desk.keys("aa10.99<tab>1.00<enter>");
    desk.status(Status::Authorized).await;
    desk.keys("2ac<enter>");
    desk.status(Status::Captured).await;
    desk.keys("af<enter>");
    let payment = desk.status(Status::Refunded).await;

    let start = &line.exchanges("POST /v5/transaction")[0];
    let told = start.answer.as_ref().unwrap().json();
    let id = told["transactionId"].as_str().unwrap();
    assert_eq!(payment.id.as_ref().unwrap().as_str(), id);
    assert_eq!(payment.unresolved(), None);
    assert_eq!(payment.captured(), payment.authorized());
    assert_eq!(payment.refundable(), Taxed::ZERO);
}
