//! The fields and the JSON take turns, and nothing is lost between them.

use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::api::{BangoUserId, Item, Method, StubAction, TransactionId};
use crate::console::app::input::Code;
use crate::money::Taxed;
use crate::testpay::NetworkKey;

fn prefill() -> Prefill {
    Prefill {
        call: CallId(Uuid::from_u64_pair(1, 0xabcd)),
        external: "t-test-01".into(),
        listener: Some("http://127.0.0.1:2647".into()),
        is_notified: true,
        kind: Kind::Sandbox,
    }
}

fn start() -> Form {
    authorize::form(&BangoUserId::from("472156480"), &prefill())
}

fn refund() -> Form {
    let target = adjust::Target {
        transaction: TransactionId::from("2006721250"),
        currency: Currency::USD,
        left: Taxed::new(Amount::from_hundredths(940), Amount::from_hundredths(80)),
        of: Taxed::new(Amount::from_hundredths(1099), Amount::from_hundredths(100)),
        item: Item::default(),
    };
    adjust::refund_form(target, &prefill())
}

fn body(form: &Form) -> Value {
    serde_json::from_slice(&form.as_it_stands().body.unwrap()).unwrap()
}

/// Puts this text in the place of the JSON that is seen.
fn write(form: &mut Form, text: &str) {
    if !form.is_text() {
        form.turn().unwrap();
    }
    let lines = form.text().unwrap().lines().len();
    form.write(|editor| editor.go_to(lines, usize::MAX));
    while !form.text().unwrap().text().is_empty() {
        form.key(Key::plain(Code::Backspace), 10);
    }
    form.paste(text);
}

fn set(form: &mut Form, name: Name, value: &str) {
    form.go_to(
        form.fields
            .iter()
            .position(|field| field.name == name)
            .unwrap(),
    );
    form.paste(value);
}

#[test]
fn looking_at_the_json_changes_nothing() {
    for mut form in [
        start(),
        refund(),
        identify::form("447710900120", NetworkKey::GbrBango, &prefill()),
    ] {
        let before = form.as_it_stands();
        form.turn().unwrap();
        assert_eq!(form.as_it_stands(), before);
        assert_eq!(
            form.text().unwrap().text().into_bytes(),
            before.body.clone().unwrap()
        );
        form.turn().unwrap();
        assert_eq!(form.as_it_stands(), before);
        assert_eq!(form.submit(), Some(before));
    }
}

#[test]
fn the_members_stand_in_the_usual_order() {
    let text = String::from_utf8(start().as_it_stands().body.unwrap()).unwrap();
    let at = |name: &str| text.find(name).unwrap();
    assert!(at("bangoUserId") < at("externalTransactionId"));
    assert!(at("externalTransactionId") < at("paymentItems"));
    assert!(at("grossAmount") < at("itemName"));
    assert!(at("itemName") < at("extensionData"));
}

#[test]
fn what_is_written_leaves_byte_for_byte() {
    let mut form = start();
    let text = "{ \"bangoUserId\":\"472156480\",\n\t\"paymentItems\":[{\"priceList\":[{\"grossAmount\":\"1.00\",\"currencyIso3\":\"USD\"}]}],\"mine\":1e2 }";
    write(&mut form, text);
    assert_eq!(form.submit().unwrap().body.unwrap(), text.as_bytes());
    // Back among the fields it still does, until one of them is edited.
    form.turn().unwrap();
    assert_eq!(form.value(Name::Gross), "1.00");
    assert_eq!(form.as_it_stands().body.unwrap(), text.as_bytes());
    set(&mut form, Name::Gross, "2.00");
    let body = body(&form);
    assert_eq!(
        body["paymentItems"][0]["priceList"][0]["grossAmount"],
        "2.00"
    );
    assert_eq!(body["mine"], json!(100.0));
}

#[test]
fn a_tax_stays_where_the_text_has_it() {
    let mut form = start();
    write(
        &mut form,
        r#"{"bangoUserId":"472156480","paymentItems":[{"priceList":[{"grossAmount":"1.00","taxAmount":"0.10","currencyIso3":"USD"}]}]}"#,
    );
    form.turn().unwrap();
    assert_eq!(form.value(Name::Tax), "0.10");
    set(&mut form, Name::Tax, "0.20");
    let price = &body(&form)["paymentItems"][0]["priceList"][0];
    assert_eq!(
        price,
        &json!({"grossAmount": "1.00", "taxAmount": "0.20", "currencyIso3": "USD"})
    );
}

#[test]
fn a_mistake_is_named_with_its_place_and_the_cursor_goes_there() {
    let mut form = start();
    write(&mut form, "{\n  \"bangoUserId\": \"472156480\",\n}");
    let problem = form.shown_problem().unwrap();
    assert_eq!(problem.words, "not JSON: trailing comma, line 2 column 29");
    assert_eq!(
        problem.at,
        Place::Text {
            line: 2,
            column: 29
        }
    );
    assert_eq!(form.submit(), None);
    assert_eq!(form.text().unwrap().cursor(), (1, 28));
    // It can be sent all the same.
    let call = form.as_it_stands();
    assert_eq!(
        call.body.unwrap(),
        b"{\n  \"bangoUserId\": \"472156480\",\n}"
    );
}

#[track_caller]
fn check_stays(form: &mut Form, text: &str, words: &str) {
    write(form, text);
    assert_eq!(form.shown_problem().unwrap().words, words);
    assert!(form.turn().is_err() && form.is_text(), "{text}");
    assert_eq!(form.as_it_stands().body.unwrap(), text.as_bytes());
}

#[test]
fn what_no_field_can_show_stays_a_text() {
    let form = &mut start();
    let number = "grossAmount must be a text in quotes, not a number";
    check_stays(
        form,
        r#"{"paymentItems":[{"priceList":[{"grossAmount":0.99}]}]}"#,
        number,
    );
    let twice = "bangoUserId is unclear: bangoUserId stands twice";
    check_stays(form, r#"{"bangoUserId":"1","bangoUserId":"2"}"#, twice);
    let place = "grossAmount has no place: a list is due around it";
    check_stays(form, r#"{"paymentItems":{}}"#, place);
    check_stays(
        form,
        r#"{"bangoUserId":["1"]}"#,
        "bangoUserId must be a text",
    );
    check_stays(
        form,
        r#"{"bangoUserId":"1\n2"}"#,
        "bangoUserId has a line break, as no field can",
    );
    check_stays(form, "[]", "a body is one JSON object");
}

#[test]
fn the_rules_of_the_fields_hold_for_the_text() {
    let mut form = refund();
    write(
        &mut form,
        r#"{"paymentItems":[{"priceList":[{"grossAmount":"9.41","currencyIso3":"USD"}]}]}"#,
    );
    assert_eq!(
        form.shown_problem().unwrap().words,
        "grossAmount is above the 9.40 left to refund: CANT_REFUND (guide 3.30, 3.31)"
    );
    assert_eq!(form.submit(), None);
    form.turn().unwrap();
    assert_eq!(
        (form.value(Name::Gross), form.value(Name::Tax)),
        ("9.41", "")
    );
    assert_eq!(form.value(Name::External), "");
}

#[test]
fn a_text_without_amounts_means_everything_left() {
    let mut form = refund();
    write(&mut form, "");
    assert_eq!(form.problems(), []);
    let call = form.submit().unwrap();
    assert_eq!((call.method, call.body), (Method::Delete, None));
    form.turn().unwrap();
    assert_eq!(
        (form.value(Name::Gross), form.value(Name::Tax)),
        ("9.40", "0.80")
    );
    set(&mut form, Name::Gross, "1.00");
    assert_eq!(
        body(&form)["paymentItems"][0]["priceList"][0]["grossAmount"],
        "1.00"
    );
}

#[test]
fn an_item_that_was_edited_is_sent_also_with_everything_left() {
    let mut form = refund();
    set(&mut form, Name::ItemName, "Another title");
    let item = &body(&form)["paymentItems"][0];
    assert_eq!(item["itemName"], "Another title");
    assert_eq!(item["priceList"][0]["grossAmount"], "9.40");
}

#[test]
fn amounts_that_the_text_names_stay_named() {
    let mut form = refund();
    write(
        &mut form,
        r#"{"paymentItems":[{"priceList":[{"grossAmount":"9.40","taxAmount":"0.80","currencyIso3":"USD"}]},{"itemName":"second"}]}"#,
    );
    form.turn().unwrap();
    set(&mut form, Name::External, "r-2");
    let body = body(&form);
    assert_eq!(body["externalTransactionId"], "r-2");
    assert_eq!(
        body["paymentItems"][0]["priceList"][0]["grossAmount"],
        "9.40"
    );
    assert_eq!(body["paymentItems"][1]["itemName"], "second");
}

#[test]
fn a_number_travels_both_ways_in_the_callback() {
    let mut form = identify::form("447710900121", NetworkKey::GbrBango, &prefill());
    form.turn().unwrap();
    let text = form.text().unwrap().text();
    write(
        &mut form,
        &text.replace("ut=447710900121", "ut=447710900180"),
    );
    form.turn().unwrap();
    assert_eq!(form.value(Name::Number), "447710900180");
    assert_eq!(
        form.value(Name::CallbackUrl),
        "http://127.0.0.1:2647/callback/000000000000abcd"
    );
    assert_eq!(
        body(&form)["callbackUrl"],
        "http://127.0.0.1:2647/callback/000000000000abcd?ut=447710900180"
    );
}

#[test]
fn a_wrong_field_can_be_sent_as_it_stands() {
    let mut form = start();
    set(&mut form, Name::Gross, "0,99");
    assert_eq!(form.submit(), None);
    assert_eq!(
        body(&form)["paymentItems"][0]["priceList"][0]["grossAmount"],
        "0,99"
    );
}

#[test]
fn an_answer_made_to_order_does_not_care_about_the_body() {
    let mut form = start();
    set(&mut form, Name::Gross, "0,99");
    form.stub = Some(Stub {
        status: 202,
        code: crate::api::ResponseCode::ClientActionRequired,
        action: Some(StubAction::Redirect),
    });
    let call = form.submit().unwrap();
    assert_eq!(call.stub, form.stub);
}
