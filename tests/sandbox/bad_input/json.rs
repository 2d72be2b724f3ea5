//! Bodies that are not JSON, or not one JSON object.

use crate::harness::{
    Sandbox, authorized, bad_request, is, not_replayed, sent_to_a_page, standard,
};

/// A good start in text, and everything that can be done to it to spoil it.
fn spoiled(good: &str) -> Vec<Vec<u8>> {
    let inside = |bytes: &[u8]| {
        let (front, end) = good.split_once("Item title").expect("a name");
        [front.as_bytes(), bytes, end.as_bytes()].concat()
    };
    let mut bodies: Vec<Vec<u8>> = [
        "{",
        "}",
        "[]",
        "null",
        "\"\"",
        "7",
        "true",
        "not json",
        "{}{}",
        "{} x",
        "{'bangoUserId': '1'}",
        "{bangoUserId: \"1\"}",
        "{\u{201c}bangoUserId\u{201d}: \u{201c}1\u{201d}}",
        "{\"bangoUserId\": NaN}",
        "{\"bangoUserId\": 01}",
        "{\"bangoUserId\": \"\u{1b}[2J\"}",
        "\u{feff}\u{feff}{}",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    bodies.extend(
        [
            good.replace("\"OPERATORBILLING\"", "\"OPERATORBILLING\","),
            good.replace("\"currencyIso3\":\"USD\"", "\"currencyIso3\":\"USD\","),
            format!("{},}}", &good[..good.len() - 1]),
            format!("// a comment\n{good}"),
            good.replace("\"bangoUserId\"", "/* who */ \"bangoUserId\""),
            good[..good.len() - 1].to_owned(),
            format!("{good}}}"),
            good.replace("Item title", "\\ud800"),
            good.replace("Item title", "\\udc00"),
            good.replace("Item title", "\\udc00\\ud800"),
            good.replace("Item title", "\\ud83dA"),
            good.replace("Item title", "\\x41"),
            good.replace("Item title", "line\nbreak"),
            good.replace("Item title", "tab\there"),
        ]
        .map(String::into_bytes),
    );
    let broken: [&[u8]; 10] = [
        b"\xed\xa0\x80",
        b"\xed\xa0\xbd\xed\xb8\x80",
        b"\xc0\x80",
        b"\xc0\xaf",
        b"\xf4\x90\x80\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xe2\x82",
        b"\x80",
        b"\xfe\xff",
        b"\x9b\x32\x4a",
    ];
    bodies.extend(broken.map(inside));
    bodies.push(good.encode_utf16().flat_map(u16::to_le_bytes).collect());
    bodies
}

#[test]
fn what_is_not_json_is_a_bad_request_and_changes_nothing() {
    let sandbox = Sandbox::start();
    let good = standard(&sandbox.user_120(), "t-1");
    for body in spoiled(&good.to_string()) {
        for method in ["OPTIONS", "POST"] {
            let answer = sandbox.bytes(method, "transaction", &body);
            assert_eq!(answer.status, 400, "{}", String::from_utf8_lossy(&body));
            bad_request(&answer);
            not_replayed(&answer);
        }
    }
    let answer = sandbox.authorize(&good);
    authorized(&answer);
    not_replayed(&answer);
}

#[test]
fn a_capture_or_a_refund_that_is_not_json_moves_nothing() {
    let sandbox = Sandbox::start();
    let good = standard(&sandbox.user_120(), "t-1");
    let transaction = authorized(&sandbox.authorize(&good));
    let path = format!("transaction/{transaction}");
    let bodies = spoiled(&good.to_string());
    for body in &bodies {
        for method in ["PUT", "DELETE"] {
            bad_request(&sandbox.bytes(method, &path, body));
        }
    }
    is(&sandbox.capture(&transaction), "OK");
    for body in &bodies {
        bad_request(&sandbox.bytes("DELETE", &path, body));
    }
    is(&sandbox.delete(&transaction), "REFUNDED");
}

#[test]
fn an_identification_that_is_not_json_begins_nothing() {
    let sandbox = Sandbox::start();
    for body in ["{", "[]", "null", "{\"mcc\":\"234\",}", "mcc=234"] {
        bad_request(&sandbox.text("POST", "identity", body));
    }
    let (session, url) = sent_to_a_page(&sandbox.bare("POST", "identity"));
    let path = format!("identity/{session}");
    bad_request(&sandbox.text("POST", &path, "{\"action\":\"cancel\",}"));
    assert_eq!(sent_to_a_page(&sandbox.go_on(&session)), (session, url));
}

#[test]
fn the_reason_for_a_trailing_comma_tells_where_it_is() {
    let sandbox = Sandbox::start();
    let answer = sandbox.text("POST", "transaction", "{\n  \"bangoUserId\": \"1\",\n}");
    bad_request(&answer);
    let reason = answer.header("bango-sandbox-reason");
    let expected =
        "the body is not JSON: trailing comma, line 2 column 21; samples of the guide have one";
    assert_eq!(reason, Some(expected));
}

#[test]
fn a_body_that_is_too_deep_too_wide_or_too_long_is_a_bad_request() {
    let sandbox = Sandbox::start();
    let good = standard(&sandbox.user_120(), "t-1").to_string();
    let with = |own: &str| format!("{{\"own\":{own},{}", &good[1..]);
    let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    for own in [
        deep(65),
        deep(100_000),
        format!("[{}0]", "0,".repeat(20_001)),
        format!("\"{}\"", "x".repeat(65 * 1024)),
    ] {
        bad_request(&sandbox.text("POST", "transaction", &with(&own)));
    }
    let fits = with(&format!("[{},\"{}\"]", deep(60), "x".repeat(60 * 1024)));
    authorized(&sandbox.text("POST", "transaction", &fits));
}
