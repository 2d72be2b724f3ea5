//! The inspector: what crossed the wire, answered or not, whole or broken.

use bango_console::api::{Call, Operation};
use bango_console::console::app::inspector::{Part, Shown, Words};
use bango_console::exchange::{Body, Cut, Header, NotSent, Outcome, Phases, Request, Response};
use insta::assert_snapshot;

use crate::cast::{answered, authorize, captured, transaction_id, unknown, with};
use crate::stage::Stage;

fn retrieve() -> Call {
    Call::retrieve(&transaction_id(3))
}

/// The inspector alone has the focus, with this exchange in it.
pub fn inspecting(shown: Shown) -> Stage {
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![captured(3, 1099, 1059, &[159])]);
    stage.keys("23").shows(shown);
    stage
}

/// The rows of the inspector.
fn pane(shown: Shown) -> String {
    rows(&mut inspecting(shown))
}

pub fn rows(stage: &mut Stage) -> String {
    (11..23)
        .map(|y| stage.row(y).chars().skip(22).collect::<String>() + "\n")
        .collect()
}

fn body(bytes: impl Into<Vec<u8>>) -> String {
    pane(answered(&retrieve(), 200, bytes))
}

fn cut(why: Cut) -> String {
    let phases = Phases::default();
    pane(with(&authorize(3), Outcome::Cut { why, phases }))
}

#[test]
fn each_tab_shows_its_side() {
    let told = r#"{"responseCode":"OK","responseMessage":"Success.","transactionId":"2006721253"}"#;
    let mut stage = inspecting(answered(&authorize(3), 200, told));
    let mut tabs = rows(&mut stage);
    for _ in 0..5 {
        tabs += &rows(stage.keys("<right>"));
    }
    assert_snapshot!(tabs);
}

#[test]
fn a_refusal_says_why() {
    let told = r#"{"responseCode":"BAD_REQUEST","responseMessage":"Bad request."}"#;
    let mut shown = answered(&Call::capture(&transaction_id(3), None), 400, told);
    shown.why = Some("it was captured, and there is only one capture".into());
    assert_snapshot!(pane(shown));
}

#[test]
fn a_refusal_that_arrives_as_202_does_not_look_like_success() {
    let told = r#"{"responseCode":"DECLINED"}"#;
    assert!(pane(answered(&authorize(3), 202, told)).contains("202 DECLINED"));
}

#[test]
fn a_code_that_is_not_in_the_list_is_shown_as_it_came() {
    assert!(body(r#"{"responseCode":"Ok"}"#).contains("200 Ok"));
}

#[test]
fn a_cut_answer_is_unknown_and_says_what_helps() {
    assert_snapshot!(cut(Cut::Broken {
        received: 412,
        expected: Some(980),
        error: "connection reset by peer".into(),
    }));
}

#[test]
fn each_cut_says_what_happened() {
    let told = |why| {
        let rows = cut(why);
        let row = rows.lines().nth(4).unwrap().trim_matches(['┃', ' ']);
        row.to_owned()
    };
    assert_eq!(
        told(Cut::Cancelled),
        "The console stopped waiting for the answer."
    );
    assert_eq!(
        told(Cut::TimedOut),
        "No answer came within the time allowed."
    );
    assert_eq!(
        told(Cut::ProcessDied),
        "The console ended while it waited for the answer."
    );
}

#[test]
fn what_was_not_sent_says_so() {
    let error = "connection refused (os error 111)".into();
    let why = NotSent::NoConnection { error };
    assert_snapshot!(pane(with(&authorize(3), Outcome::NotSent { why })));
}

#[test]
fn a_call_under_way_has_no_answer_yet() {
    let shown = Shown {
        outcome: None,
        ..answered(&retrieve(), 200, "")
    };
    assert_snapshot!(pane(shown));
}

#[test]
fn what_came_to_us_has_no_curl_line() {
    let request = Request {
        method: "POST".into(),
        url: "/notification/bcd7f43c661ce698".into(),
        headers: vec![Header::new("content-type", "application/json")],
        body: Body::whole(r#"{"responseCode":"OK","transactionId":"2006721253"}"#),
    };
    let shown = Shown {
        ours: false,
        arrived: true,
        ..Shown::new(request, None)
    };
    let mut stage = inspecting(shown);
    let mut tabs = rows(&mut stage);
    tabs += &rows(stage.keys("<left>"));
    tabs += &rows(stage.keys("<left>"));
    assert_snapshot!(tabs);
}

#[test]
fn a_key_that_stands_twice_is_shown_twice_and_marked() {
    let told = r#"{"responseCode":"OK","status":"BARRED","status":"OK"}"#;
    assert_snapshot!(body(told));
}

#[test]
fn broken_json_is_shown_as_far_as_it_goes_and_after() {
    assert_snapshot!(body(r#"{"responseCode":"OK","list":[1,2,}, trailing"#));
}

#[test]
fn a_page_of_a_gateway_is_text_and_never_an_answer() {
    let page = "<html>\r\n<head><title>502</title></head>\r\n<body>Bad Gateway</body>\n</html>";
    assert_snapshot!(pane(answered(&authorize(3), 502, page)));
}

#[test]
fn an_empty_body_says_so() {
    let rows = body("");
    assert!(rows.contains("no answer of the API"), "{rows}");
    assert!(rows.contains("no body"), "{rows}");
}

#[test]
fn a_body_that_was_not_kept_whole_says_how_much_there_was() {
    let mut shown = answered(&retrieve(), 200, "");
    if let Some(Outcome::Answered { response, .. }) = &mut shown.outcome {
        response.body = Body {
            kept: b"[1".to_vec(),
            length: 99,
        };
    }
    assert!(pane(shown).contains("2 bytes were kept of 99"));
}

#[test]
fn bytes_that_are_not_text_are_named() {
    assert_snapshot!(body(b"\x9b2J \xff\xfe{\0 \xed\xa0\x80".to_vec()));
}

#[test]
fn header_values_are_shown_byte_by_byte() {
    let response = Response {
        status: 200,
        headers: vec![Header::new("server", b"\x9b2J \xe9".to_vec())],
        body: Body::whole("{}"),
    };
    let phases = Phases::default();
    let outcome = Outcome::Answered { response, phases };
    let mut stage = inspecting(with(&retrieve(), outcome));
    let rows = rows(stage.keys("<right>"));
    assert!(rows.contains("server: ‹0x9B›2J ‹0xE9›"), "{rows}");
}

#[test]
fn a_long_body_scrolls_to_its_end_and_no_further() {
    let list: Vec<String> = (0..200).map(|number| number.to_string()).collect();
    let mut stage = inspecting(answered(&retrieve(), 200, format!("[{}]", list.join(","))));
    stage.keys("G<down><pgdn>");
    let shown = rows(&mut stage);
    assert!(shown.contains("199"), "{shown}");
    assert!(shown.lines().nth(10).unwrap().contains(']'), "{shown}");
    assert!(rows(stage.keys("g")).lines().nth(3).unwrap().contains('['));
}

#[test]
fn the_unknown_payment_and_its_exchange() {
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![unknown(3, Operation::Capture)]);
    let phases = Phases::default();
    let why = Cut::Cancelled;
    let capture = Call::capture(&transaction_id(3), None);
    stage
        .keys("2")
        .shows(with(&capture, Outcome::Cut { why, phases }));
    assert_snapshot!(stage.screen());
}

#[test]
fn an_endless_line_is_cut_where_no_screen_could_show_it() {
    let mut stage = inspecting(answered(&retrieve(), 200, "\u{6f22}".repeat(350_000)));
    let lines = stage.state.inspector.seen(50);
    let kept: usize = lines
        .iter()
        .flat_map(|seen| &seen.line.0)
        .map(bytes_of)
        .sum();
    assert!(kept < 20_000, "{kept}");
    assert_eq!(lines.len(), 2, "it is no JSON, and one line");
    let Some(Words::Own(said)) = lines[1].line.0.last().map(|part| &part.text) else {
        panic!("it does not say so: {:?}", lines[1].line.0.last());
    };
    assert_eq!(*said, "\u{2026} 1033617 bytes more");
    assert!(rows(&mut stage).contains('\u{6f22}'));
}

fn bytes_of(part: &Part) -> usize {
    match &part.text {
        Words::Own(text) => text.len(),
        Words::Foreign(text) => text.raw_bytes().len(),
    }
}
