//! Text that has hurt terminals, in every pane and popup: none of it reaches a cell of the screen.

use bango_console::console::app::inspector::Shown;
use bango_console::console::ui::theme::Theme;
use bango_console::exchange::{Body, Header, Outcome, Phases, Response};
use bango_console::text::cells;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, List, Widget};

use crate::cast::{authorize, payment, with};
use crate::inspection::{corpus, forbidden};
use crate::scenes;
use crate::stage::Stage;
use bango_console::record::transaction::State as Payment;

/// What must not be on the screen and is. Cells that a wide character covers are never sent.
fn leak(buffer: &Buffer) -> Option<String> {
    let width = usize::from(buffer.area.width);
    buffer.content.chunks(width).find_map(|row| {
        // Most rows are frames and plain words: looked at first, for they are many.
        if row.iter().all(|cell| cell.symbol().chars().all(is_plain)) {
            return None;
        }
        let mut text = String::new();
        let mut covered = 0;
        for symbol in row.iter().map(Cell::symbol) {
            if covered == 0 {
                text += symbol;
                covered = cells(symbol).max(1);
            }
            covered -= 1;
        }
        forbidden(&text)
    })
}

/// Characters of one cell that stand for themselves.
fn is_plain(character: char) -> bool {
    matches!(character, ' '..='~' | '\u{2190}'..='\u{21ff}' | '\u{2400}'..='\u{25ff}' | '\u{2026}' | '\u{2039}' | '\u{203a}')
}

#[test]
fn nothing_of_the_corpus_gets_through_anywhere() {
    let theme = Theme::terminal(true);
    for scene in scenes::ALL {
        for text in corpus() {
            let mut stage = scene.with(&text);
            let leak = leak(stage.paint(&theme));
            assert_eq!(leak, None, "{}: {}", scene.name, text.escape_unicode());
        }
    }
}

/// Without this the test above could look at screens that do not show the text at all.
#[test]
fn every_scene_shows_its_text() {
    for scene in scenes::ALL {
        let screen = scene.with("Zq7").screen();
        assert!(screen.contains("Zq7"), "{}:\n{screen}", scene.name);
    }
}

/// Joined and marked characters that are fine as a whole, cut at every place where a pane may end.
#[test]
fn no_pane_cuts_a_cluster_in_two() {
    let theme = Theme::terminal(true);
    for cluster in [
        "👨\u{200d}👩\u{200d}👧",
        "می\u{200c}خ",
        "❤\u{fe0f}",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    ] {
        for shift in 0..4 {
            let text = "-".repeat(shift) + &cluster.repeat(60);
            for scene in scenes::ALL {
                let leak = leak(scene.with(&text).paint(&theme));
                assert_eq!(leak, None, "{}: {}", scene.name, text.escape_unicode());
            }
        }
    }
}

#[test]
fn bytes_that_no_text_can_hold_are_named() {
    let theme = Theme::terminal(true);
    let cases: [&[u8]; 14] = [
        b"\"\\ud800\"",
        b"\"\\udc00\\ud800\"",
        b"\"\xed\xa0\x80\"",
        b"\"\xed\xa0\xbd\xed\xb8\x80\"",
        b"\"\xc0\x80\xc0\xaf\"",
        b"\"\xf4\x90\x80\x80\xf8\x88\x80\x80\x80\"",
        b"\"\xe2\x82",
        b"\"\x80\xfe\xff\"",
        b"\"\x9b2J\"",
        b"\"\x1b[2J\"",
        b"\"\x7f\xc2\x9b2J\"",
        b"\xff\xfe{\0}\0",
        b"\x1b]0;x\x07",
        b"a\x0ab\x0dc\x0b\x0c",
    ];
    for bytes in cases {
        for (keys, around) in [
            ("", ("", "")),
            ("", ("{\"a\":", "}")),
            ("<right>", ("", "")),
        ] {
            let body = [around.0.as_bytes(), bytes, around.1.as_bytes()].concat();
            let mut stage = Stage::new(80, 24);
            stage.transactions(vec![payment(3, 1099, Payment::Authorized)]);
            stage.keys("2").shows(raw(&body)).keys(keys);
            assert_eq!(leak(stage.paint(&theme)), None, "{}", bytes.escape_ascii());
            stage.keys("y");
            assert_eq!(leak(stage.paint(&theme)), None, "{}", bytes.escape_ascii());
        }
    }
}

/// These bytes as an answer's body and as a header's value.
fn raw(bytes: &[u8]) -> Shown {
    let response = Response {
        status: 200,
        headers: vec![Header::new("x-raw", bytes)],
        body: Body::whole(bytes),
    };
    let phases = Phases::default();
    with(&authorize(3), Outcome::Answered { response, phases })
}

/// How many texts of the corpus are caught when a painter hands them to a widget as they came.
fn naive(paint: impl Fn(&str, Rect, &mut Buffer)) -> usize {
    let caught = corpus().into_iter().filter(|text| {
        let area = Rect::new(0, 0, 80, 24);
        let mut buffer = Buffer::empty(area);
        paint(text, area, &mut buffer);
        leak(&buffer).is_some()
    });
    caught.count()
}

/// The control: the same check on painters that forget to escape.
#[test]
fn a_painter_that_does_not_escape_is_caught() {
    let in_a_span = naive(|text, area, buffer| Line::from(Span::raw(text)).render(area, buffer));
    let in_a_list = naive(|text, area, buffer| Widget::render(List::new([text]), area, buffer));
    let in_a_title = naive(|text, area, buffer| Block::bordered().title(text).render(area, buffer));
    let in_a_cell = naive(|text, _, buffer| {
        buffer[(0, 0)].set_symbol(text);
    });
    // Widgets drop control characters by themselves, so only what they let through is counted there.
    for (caught, at_least) in [
        (in_a_span, 10),
        (in_a_list, 10),
        (in_a_title, 10),
        (in_a_cell, 70),
    ] {
        assert!(caught >= at_least, "only {caught} texts were caught");
    }
}
