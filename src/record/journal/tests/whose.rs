//! Every kind of id leads to its newest payment or payer.

use jiff::Timestamp;
use uuid::Uuid;

use super::{ID, append, authorized, call, ended, key, memory, play, report, sent};
use crate::api::{Call, Item, Msisdn, Operation, Start};
use crate::exchange::What;
use crate::money::{Amount, Currency};
use crate::record::{
    NewEntry, Origin, SessionKey,
    journal::{Journal, Reader},
    landing::{Kind, Landing, Row},
};

const SESSION: &str = "8322c4adc6ad4046b58ecb4a9f0b1551";

/// A payment that was refunded, a payer with a number, and a payment of his with an item.
fn journal() -> (Journal, Reader) {
    let journal = memory();
    play(&journal);
    let body = br#"{"identificationMethodKey":"GBR_BANGO"}"#;
    let identify = Call::new(Operation::Identify, None, Some(body.to_vec()));
    append(&journal, vec![sent(call(10), &identify)]).unwrap();
    let identified =
        format!(r#"{{"responseCode":"OK","sessionId":"{SESSION}","bangoUserId":"900"}}"#);
    append(&journal, vec![ended(call(10), &identified)]).unwrap();
    let told = What::Identified {
        session: Some(SESSION.into()),
        user: "900".into(),
        msisdn: Msisdn::parse("447710900120").unwrap(),
        key: "GBR_BANGO".into(),
    };
    let report = report(1, None, told);
    append(
        &journal,
        vec![NewEntry::seen(Timestamp::UNIX_EPOCH, report)],
    )
    .unwrap();
    let start = Call::authorize(&Start {
        user: "900".into(),
        external: Some("t-11".into()),
        gross: Amount::from_hundredths(99),
        tax: None,
        currency: Currency::USD,
        item: Item {
            external_payment_item_id: Some("Item-7".into()),
            ..Item::default()
        },
        callback_url: None,
        notification_url: None,
    });
    append(&journal, vec![sent(call(11), &start)]).unwrap();
    append(&journal, vec![ended(call(11), &authorized("77"))]).unwrap();
    let reader = journal.reader().unwrap();
    (journal, reader)
}

#[test]
fn every_kind_of_id_leads_to_its_row() {
    let (_journal, reader) = journal();
    let payment = |number, kind| Some((Row::Transaction(key(number)), kind));
    let payer = Row::Session(SessionKey(Origin::Call(call(10))));
    let uuid = |number| call(number).0.to_string();
    for (id, expected) in [
        (ID, payment(1, Kind::Transaction)),
        ("t-1", payment(1, Kind::External)),
        ("r-1", payment(1, Kind::Refund)),
        ("77", payment(11, Kind::Transaction)),
        ("Item-7", payment(11, Kind::Item)),
        (&uuid(2), payment(1, Kind::Call)),
        (&uuid(10), Some((payer, Kind::Call))),
        (SESSION, Some((payer, Kind::Session))),
        ("900", Some((payer, Kind::User))),
        // Nobody has seen how this payer was identified.
        ("472156480", payment(1, Kind::User)),
        ("447710900120", Some((payer, Kind::Msisdn))),
        ("+447710900120", Some((payer, Kind::Msisdn))),
        ("nobody", None),
        ("", None),
        (&Uuid::nil().to_string(), None),
    ] {
        let found = reader.whose(id).unwrap();
        let found = found.map(|Landing { row, kind }| (row, kind));
        assert_eq!(found, expected, "{id}");
    }
}
