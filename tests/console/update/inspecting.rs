//! The keys of the inspector: folding, searching, filters, long bodies, and what two exchanges differ in.

use bango_console::api::{Call, Operation};
use bango_console::console::app::effect::{Effect, Query};
use bango_console::console::app::event::Done;
use bango_console::console::app::input::Input;
use bango_console::console::app::inspector::{self, Queried};
use bango_console::record::Seq;

use crate::cast::{answered, captured, left, transaction_id};
use crate::stage::Stage;

const BODY: &str = r#"{"responseCode":"OK","paymentItems":[{"itemName":"Gold","grossAmount":"10.99"},{"itemName":"gold bar","grossAmount":"1.00"}],"end":true}"#;

fn retrieve() -> Call {
    Call::retrieve(&transaction_id(3))
}

/// The inspector has the focus, and this body in it.
fn inspecting(body: &str) -> Stage {
    let mut stage = Stage::new(120, 40);
    stage.transactions(vec![captured(3, 1099, 1059, &[159])]);
    stage
        .keys("2")
        .shows(answered(&retrieve(), 200, body))
        .keys("3");
    stage.effects();
    stage
}

/// The lines that are shown, each without its indentation; the one with the cursor begins with `>`.
fn lines(stage: &Stage) -> Vec<String> {
    let told = |seen: inspector::Seen| {
        let bytes: Vec<u8> = seen
            .line
            .0
            .iter()
            .flat_map(|part| part.text.bytes().to_vec())
            .collect();
        let text = String::from_utf8(bytes).unwrap();
        let mark = if seen.cursor { ">" } else { "" };
        format!("{mark}{}", text.trim_start())
    };
    stage
        .state
        .inspector
        .seen(100)
        .into_iter()
        .map(told)
        .collect()
}

#[test]
fn space_folds_what_the_cursor_is_on_or_in_and_opens_it_again() {
    let mut stage = inspecting(BODY);
    stage.keys("jj ");
    let folded = [
        "{",
        "\"responseCode\": \"OK\",",
        ">\"paymentItems\": [ \u{2026} 8 ],",
        "\"end\": true",
        "}",
    ];
    assert_eq!(lines(&stage), folded);
    stage.keys(" ");
    assert_eq!(lines(&stage).len(), 14);
    // On a member, what it stands in; and the cursor goes to its first row.
    stage.keys("jj-");
    assert_eq!(lines(&stage)[3], ">{ \u{2026} 2 },");
    stage.keys("gj ");
    assert_eq!(lines(&stage), [">{ \u{2026} 12 }"]);
}

#[test]
fn levels_fold_from_the_deepest_and_open_from_the_outermost() {
    let mut stage = inspecting(BODY);
    let counts: Vec<_> = ["_", "_", "_", "_", "=", "=", "=", "="]
        .map(|key| lines(stage.keys(key)).len())
        .to_vec();
    assert_eq!(counts, [8, 5, 1, 1, 5, 8, 14, 14]);
}

#[test]
fn a_fold_of_broken_json_ends_where_the_sense_does() {
    let mut stage = inspecting("{\"a\": [1, {\"b\": 2}, oops\nand more");
    stage.keys("j ");
    assert_eq!(
        lines(&stage),
        [
            "not JSON: unknown word, line 1 column 21",
            "{",
            ">\"a\": [ \u{2026} 4 ",
            "oops",
            "and more"
        ]
    );
}

#[test]
fn a_search_follows_what_is_typed_and_n_goes_on() {
    let mut stage = inspecting(BODY);
    stage.keys("/gold");
    assert!(stage.screen().contains("1 of 2"));
    assert_eq!(lines(&stage)[4], ">\"itemName\": \"Gold\",");
    stage.keys("<enter>n");
    assert!(stage.screen().contains("/gold 2 of 2"));
    assert_eq!(lines(&stage)[8], ">\"itemName\": \"gold bar\",");
    stage.keys("n");
    assert!(stage.screen().contains("1 of 2"), "it goes on at the first");
    stage.keys("N");
    assert!(stage.screen().contains("2 of 2"));
    stage.keys("<esc>");
    assert!(!stage.screen().contains("of 2"));
}

#[test]
fn the_match_before_the_first_line_is_the_last() {
    let mut stage = inspecting(BODY);
    stage.keys("/gold<enter>gN");
    assert!(stage.screen().contains("2 of 2"), "{}", stage.screen());
}

#[test]
fn a_match_that_is_folded_away_is_opened() {
    let mut stage = inspecting(BODY);
    stage.keys("___/1.00<enter>");
    assert!(
        lines(&stage).contains(&">\"grossAmount\": \"1.00\"".to_owned()),
        "{:?}",
        lines(&stage)
    );
}

#[test]
fn what_was_found_is_marked() {
    let mut stage = inspecting(BODY);
    stage.keys("/old");
    let found: Vec<_> = stage
        .state
        .inspector
        .seen(100)
        .into_iter()
        .flat_map(|seen| seen.line.0)
        .filter(|part| part.found)
        .map(|part| part.text.bytes().to_vec())
        .collect();
    assert_eq!(found, [b"old", b"old"]);
}

#[test]
fn a_word_of_two_scripts_is_marked_whole_so_that_its_warning_stays() {
    let mut stage = inspecting("{\"code\":\"REFUND\u{415}\"}");
    stage.keys("/REFUND<enter>");
    let screen = stage.screen();
    assert!(screen.contains("Latin+Cyrillic"), "{screen}");
}

#[test]
fn lines_of_a_tab_without_a_body_are_searched_too_and_the_match_comes_to_the_top() {
    let mut stage = inspecting(BODY);
    stage.keys("<right>/sandbox<enter>");
    let screen = stage.screen();
    assert!(screen.contains("/sandbox 1 of 1"), "{screen}");
    // There is room for all of it, so nothing has to be scrolled.
    assert!(lines(&stage)[0].starts_with("Rebuilt"));
    stage.input(Input::Resize {
        width: 80,
        height: 24,
    });
    assert!(lines(&stage)[0].starts_with("GET"), "{:?}", lines(&stage));
}

#[test]
fn a_body_is_shown_as_it_came_and_laid_out_again() {
    let mut stage = inspecting(BODY);
    stage.keys("p");
    assert_eq!(lines(&stage), [format!(">{BODY}")]);
    stage.keys("p");
    assert_eq!(lines(&stage).len(), 14);
}

#[test]
fn path_and_value_of_a_row_are_copied() {
    let mut stage = inspecting(BODY);
    stage.keys("jjjjyj");
    let copy = |what, text: &str| Effect::Copy {
        what,
        bytes: (*text).into(),
    };
    assert_eq!(
        stage.effects(),
        [copy("path (jq)", ".paymentItems[0].itemName")]
    );
    stage.keys("Y");
    assert_eq!(stage.effects(), [copy("value", "Gold")]);
    stage.keys("kYyj");
    let item = r#"{"itemName":"Gold","grossAmount":"10.99"}"#;
    assert_eq!(
        stage.effects(),
        [copy("value", item), copy("path (jq)", ".paymentItems[0]")]
    );
}

/// Five megabytes of payments.
fn large() -> String {
    let item = r#"{"transactionId":"2006721250","grossAmount":"10.99"},"#;
    let count = 5 * 1024 * 1024 / item.len();
    format!("[{}1]", item.repeat(count))
}

#[test]
fn a_long_body_keeps_no_key_waiting_and_its_rows_come_later() {
    let mut stage = inspecting(BODY);
    let wanted = stage.state.inspector.wanted.unwrap();
    let shown = Some(Box::new(answered(&retrieve(), 200, large())));
    stage.done(Done::Exchange { wanted, shown });
    assert_eq!(lines(&stage), ["Laying out a long body\u{2026}"]);
    assert!(stage.screen().contains("Laying out a long body"));
    // Every key goes on working without rows.
    stage.keys("jG/x<enter>n -_=#wpY|.<enter><esc><right><left>");
    assert_eq!(lines(&stage).len(), 1);
    stage.lays_out();
    assert_eq!(lines(&stage).len(), 100);
    stage.keys("/2006721250<enter>");
    assert!(stage.screen().contains("of 10000+"), "{}", stage.screen());
}

#[test]
fn rows_of_an_exchange_that_is_not_shown_any_more_are_dropped() {
    let mut stage = inspecting(BODY);
    let wanted = stage.state.inspector.wanted.unwrap();
    let shown = Some(Box::new(answered(
        &retrieve(),
        200,
        format!("[{}1]", "1,".repeat(40_000)),
    )));
    stage.done(Done::Exchange { wanted, shown });
    let late = stage.effects();
    stage.shows(answered(&retrieve(), 200, BODY));
    stage.effects = late;
    stage.lays_out();
    assert_eq!(lines(&stage).len(), 14);
}

#[test]
fn the_same_exchange_read_again_keeps_folds_and_cursor() {
    let mut stage = inspecting(BODY);
    stage.keys("jj ");
    stage.shows(answered(&retrieve(), 200, BODY));
    assert_eq!(lines(&stage).len(), 5);
}

#[test]
fn more_rows_than_anybody_reads_are_left_out_and_said() {
    let mut stage = inspecting(&format!("[{}1]", "1,".repeat(250_000)));
    stage.keys("G");
    assert!(stage.screen().contains("bytes more are not shown"));
}

fn asked(effects: &[Effect]) -> Vec<(u64, &str)> {
    let asked = effects.iter().filter_map(|effect| match effect {
        Effect::Query { number, filter, .. } => Some((*number, filter.as_str())),
        _ => None,
    });
    asked.collect()
}

fn results(number: u64, text: &str) -> Done {
    let bytes = text.as_bytes().to_vec();
    let queried = Queried::Results { bytes, cut: false };
    Done::Queried { number, queried }
}

#[test]
fn a_filter_runs_over_the_body_and_esc_brings_the_body_back() {
    let mut stage = inspecting(BODY);
    stage.keys("|.paymentItems[].itemName<enter>");
    let effects = stage.effects();
    assert_eq!(asked(&effects), [(1, ".paymentItems[].itemName")]);
    let Some(Effect::Query { body, .. }) = effects.last() else {
        panic!("{effects:?}");
    };
    assert_eq!(&body[..], BODY.as_bytes());
    stage.done(results(1, "\"Gold\"\n{\"a\":[1]}\n"));
    let shown = [">\"Gold\"", "{", "\"a\": [", "1", "]", "}"];
    assert_eq!(lines(&stage), shown);
    // What is found, folded and copied is the result.
    stage.keys("Y");
    assert!(matches!(&stage.effects()[..], [Effect::Copy { bytes, .. }] if bytes.0 == b"Gold"));
    stage.keys("<esc>");
    assert_eq!(lines(&stage).len(), 14);
    assert_eq!(stage.effects(), [Effect::StopQuery]);
}

#[test]
fn a_filter_that_was_left_or_followed_by_another_brings_nothing() {
    let mut stage = inspecting(BODY);
    stage.keys("|.a<enter><esc>").done(results(1, "1\n"));
    assert_eq!(lines(&stage).len(), 14);
    stage.keys("|.b<enter>|.c<enter>").done(results(2, "2\n"));
    assert_eq!(lines(&stage).len(), 14);
    stage.done(results(3, "3\n"));
    assert_eq!(lines(&stage), [">3"]);
}

#[test]
fn a_filter_asked_for_where_there_is_no_body_is_for_the_response() {
    let mut stage = inspecting(BODY);
    stage.keys("<left><left>|.b<enter>");
    let effects = stage.effects();
    let Some(Effect::Query { body, .. }) = effects.last() else {
        panic!("{effects:?}");
    };
    assert_eq!(&body[..], BODY.as_bytes());
}

#[test]
fn earlier_filters_are_recalled() {
    let mut stage = inspecting(BODY);
    stage.keys("|.a<enter>|.b<enter>|<up><up><enter>");
    assert_eq!(asked(&stage.effects()), [(1, ".a"), (2, ".b"), (3, ".a")]);
    stage.keys("|<up><up><down><enter>");
    assert_eq!(asked(&stage.effects()), [(4, ".a")]);
}

#[test]
fn a_filter_that_fails_says_why_in_the_border() {
    let mut stage = inspecting(BODY);
    stage.keys("|.a |<enter>");
    let queried = Queried::Failed("at its end: expected term".into());
    stage.done(Done::Queried { number: 1, queried });
    assert!(
        stage.screen().contains("jq .a | at its end: expected term"),
        "{}",
        stage.screen()
    );
    assert_eq!(lines(&stage).len(), 14, "the body stays");
}

/// A timeline of three calls, the last of which is selected.
fn timeline() -> Stage {
    let mut stage = Stage::new(120, 40);
    let lines = (1..=3).map(|number| left(number, Operation::Retrieve));
    stage.lines(lines.collect()).keys("4");
    stage.effects();
    stage
}

#[test]
fn two_marked_exchanges_are_compared_and_a_third_mark_takes_the_place_of_the_oldest() {
    let mut stage = timeline();
    stage.keys("d");
    assert!(stage.footer().contains("mark two exchanges"));
    stage.keys(" k d");
    let reads: Vec<_> = stage
        .effects()
        .into_iter()
        .filter(|effect| matches!(effect, Effect::Read(Query::Compare(..))))
        .collect();
    assert_eq!(reads, [Effect::Read(Query::Compare(Seq(2), Seq(3)))]);
    stage.keys("k ");
    assert_eq!(stage.state.marks, [Seq(2), Seq(1)]);
    stage.keys(" ");
    assert_eq!(stage.state.marks, [Seq(2)]);
    stage.keys("d");
    assert!(stage.footer().contains("only one is marked"));
}

#[test]
fn what_is_no_exchange_cannot_be_compared() {
    let mut stage = timeline();
    stage.done(Done::Compared(None));
    assert!(stage.footer().contains("is no exchange"));
}

#[test]
fn a_line_that_is_typed_into_takes_every_letter_and_only_esc_leaves() {
    let mut stage = inspecting(BODY);
    stage.keys("/qQyad?<esc>");
    assert!(
        stage
            .effects()
            .iter()
            .all(|effect| *effect == Effect::StopQuery)
    );
    assert!(stage.state.overlay.is_none());
    stage.keys("|q<enter>");
    assert_eq!(asked(&stage.effects()), [(1, "q")]);
}

#[test]
fn elsewhere_the_keys_mean_what_they_meant() {
    let mut stage = inspecting(BODY);
    stage.keys("2p");
    assert!(!stage.state.inspector.look.raw);
}
