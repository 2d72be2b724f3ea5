//! The five formats over one set of entries: every way a request can go, every part of one foreign.

mod fixture;
mod har_format;

use super::*;
use crate::exchange::Header;
use crate::record::{Kind, NewEntry, Seq};
use crate::text::Foreign;
use fixture::{NUMBER, USER, at, entries};

fn file(entries: Vec<Entry>, format: Format, people: People) -> Vec<u8> {
    let selection = Selection {
        entries,
        transactions: vec![],
        made_at: at(9),
    };
    selection.write(format, people)
}

fn corpus() -> Vec<String> {
    let texts = include_str!("../../../tests/fixtures/hostile-text.json");
    serde_json::from_str(texts).unwrap()
}

fn in_json(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    quoted[1..quoted.len() - 1].to_owned()
}

/// Where each of these stands the canary must not come out.
const PLANTED: [&str; 6] = [
    "Bearer ca-na-ry-77x",
    "Basic Y2FuYXJ5Y2FuYXJ5",
    "http://canary:canary77@shop.example/",
    "password=canary77",
    "\"client_secret\":\"canary77\"",
    "x-api-key: canary77",
];

fn has_canary(file: &[u8]) -> bool {
    let text = String::from_utf8_lossy(file);
    ["ca-na-ry", "canary", "Y2FuYXJ5"]
        .iter()
        .any(|canary| text.contains(canary))
}

#[test]
fn a_planted_secret_is_in_no_format() {
    for planted in PLANTED {
        let all = || {
            let mut all = entries(planted, &in_json(planted));
            let Kind::Sent(sent) = &mut all[1].kind else {
                panic!()
            };
            // As a file of somebody else may have them.
            for name in ["Authorization", "Cookie", "X-Auth-Token"] {
                sent.request.headers.push(Header {
                    name: name.into(),
                    value: b"canary77".into(),
                });
            }
            all
        };
        for format in Format::ALL {
            for people in [People::Named, People::Masked] {
                let file = file(all(), format, people);
                let text = String::from_utf8_lossy(&file);
                assert!(!has_canary(&file), "{format:?}: {planted}\n{text}");
            }
        }
    }
}

#[test]
fn control_without_masks_every_planted_secret_comes_out() {
    for planted in PLANTED {
        let naive = Exchanged::all(&entries(planted, &in_json(planted)));
        assert!(has_canary(&http::write(&naive)), "{planted}");
        assert!(has_canary(&har::write(&naive)), "{planted}");
    }
}

#[test]
fn payers_are_masked_alike_everywhere_and_named_otherwise() {
    for format in Format::ALL {
        let masked = file(entries("x", "x"), format, People::Masked);
        let text = String::from_utf8_lossy(&masked);
        assert!(
            !text.contains(USER) && !text.contains(NUMBER),
            "{format:?}: {text}"
        );
        // The user id of the start and that in the address of the status call.
        assert!(text.matches("900000002").count() >= 2, "{format:?}: {text}");
        let named = file(entries("x", "x"), format, People::Named);
        let text = String::from_utf8_lossy(&named);
        assert_eq!(text.contains(USER), format != Format::Bundle, "{format:?}");
    }
}

/// The same facts in new places, as a console would have them again.
fn placed(entries: Vec<NewEntry>) -> Vec<Entry> {
    (1..)
        .zip(entries)
        .map(|(seq, entry)| entry.placed(Seq(seq)))
        .collect()
}

#[test]
fn a_bundle_gives_its_entries_back() {
    for text in corpus() {
        let mut all = entries(&text, &in_json(&text));
        let written = file(all.clone(), Format::Bundle, People::Named);
        let masks = masks::Masks::of(&all, &[], People::Masked);
        for entry in &mut all {
            masks.entry(entry);
        }
        let read = placed(reopened::read(&written).unwrap());
        assert_eq!(read, all, "{}", text.escape_unicode());
    }
}

#[test]
fn a_har_file_gives_its_exchanges_back() {
    for text in corpus() {
        let all = entries(&text, &in_json(&text));
        let exchanges = Exchanged::all(&all);
        let written = har::write(&exchanges);
        let read = Exchanged::all(&placed(reopened::read(&written).unwrap()));
        let simple = |exchanges: &[Exchanged]| -> Vec<_> {
            let simple = exchanges.iter().map(|exchanged| {
                let body = exchanged.request.body.clone();
                (
                    exchanged.at,
                    exchanged.call,
                    body,
                    exchanged.outcome.clone(),
                    exchanged.why.clone(),
                )
            });
            simple.collect()
        };
        assert_eq!(
            simple(&read),
            simple(&exchanges),
            "{}",
            text.escape_unicode()
        );
    }
}

#[test]
fn no_file_that_is_not_ours_is_taken_for_one() {
    for (text, line, said) in [
        ("", 1, "no JSON: EOF"),
        ("hello", 1, "no JSON: expected value"),
        ("{\"a\":\n 1,}", 2, "no JSON: "),
        ("{\"a\": 1}", 1, "neither a bundle nor a HAR file"),
        (
            "{\"log\":{\"creator\":{\"name\":\"Firefox\"},\"entries\":[]}}",
            1,
            "that Firefox wrote",
        ),
        (
            "{\"log\":{\"creator\":{\"name\":\"bango\"},\"entries\":[{}]}}",
            1,
            "entry 1 of the log",
        ),
        (
            "{\"bango\":\"bundle\",\"version\":2}\n",
            1,
            "needs a later version",
        ),
        (
            "{\"bango\":\"bundle\",\"version\":1}\n\nnull\n",
            3,
            "invalid type",
        ),
        (
            "{\"bango\":\"bundle\",\"version\":1}\n{\"at\":",
            2,
            "no JSON: EOF",
        ),
    ] {
        let error = reopened::read(text.as_bytes()).unwrap_err();
        assert_eq!(error.line, line, "{text}: {error}");
        assert!(error.to_string().contains(said), "{text}: {error}");
    }
}

#[test]
fn a_file_that_ends_anywhere_is_read_or_refused() {
    for format in [Format::Bundle, Format::Har] {
        let whole = file(entries("x", "x"), format, People::Named);
        for end in (0..whole.len()).step_by(37) {
            let _ = reopened::read(&whole[..end]);
        }
    }
}

/// Blocks and other lines of a document: the fences in it, all of them.
fn unfenced(document: &str) -> Option<Vec<&str>> {
    let mut open: Option<usize> = None;
    let mut outside = Vec::new();
    for line in document.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match open {
            None if ticks >= 3 => open = Some(ticks),
            None => outside.push(line),
            Some(fence) if ticks >= fence && line.trim() == "`".repeat(ticks) => open = None,
            Some(_) => {}
        }
    }
    open.is_none().then_some(outside)
}

#[test]
fn a_report_has_the_same_lines_outside_its_blocks_whatever_the_words() {
    let report = |words: &str| {
        let written = file(
            entries(words, &in_json(words)),
            Format::Markdown,
            People::Named,
        );
        String::from_utf8(written).unwrap()
    };
    let plain = report("x");
    let lines = unfenced(&plain).unwrap().len();
    let breaking = ["```", "``````\n# title", "a|b|c", "\n\n| x | y |\n"];
    for text in breaking.map(str::to_owned).into_iter().chain(corpus()) {
        let report = report(&text);
        let outside = unfenced(&report).unwrap_or_else(|| panic!("{report}"));
        assert_eq!(outside.len(), lines, "{}\n{report}", text.escape_unicode());
        let cells = |line: &&str| line.starts_with('|').then(|| line.matches('|').count());
        let of_plain: Vec<_> = unfenced(&plain).unwrap().iter().filter_map(cells).collect();
        let tables: Vec<_> = outside.iter().filter_map(cells).collect();
        assert_eq!(tables, of_plain, "{report}");
    }
}

#[test]
fn a_script_has_a_line_for_each_call_and_what_came_in_is_left_out() {
    let script = String::from_utf8(file(entries("x", "x"), Format::Curl, People::Named)).unwrap();
    assert_eq!(script.matches("curl -sS -g").count(), 5, "{script}");
    assert!(!script.contains("/callback/"), "{script}");
    for text in corpus() {
        let script = file(entries(&text, &in_json(&text)), Format::Curl, People::Named);
        let comments = String::from_utf8_lossy(&script).matches("\n# ").count();
        assert!(comments >= 5, "{}", text.escape_unicode());
    }
}

#[test]
fn raw_http_has_the_bodies_byte_for_byte() {
    let all = entries("x\ty", "x");
    let text = file(all.clone(), Format::Http, People::Named);
    for exchanged in Exchanged::all(&all) {
        let body = &exchanged.request.body.kept;
        let found = text
            .windows(body.len().max(1))
            .any(|window| window == body.as_slice());
        assert!(found || body.is_empty());
    }
    let text = Foreign::new(text).screen_text();
    assert!(text.contains("POST /v5/transaction HTTP/1.1"), "{text}");
    assert!(text.contains("Host: 127.0.0.1:2646"), "{text}");
    assert!(text.contains("HTTP/1.1 200 OK"), "{text}");
}
