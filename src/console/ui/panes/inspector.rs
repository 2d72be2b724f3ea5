//! Pane 3: one exchange, tab by tab. Only the lines that are seen are made.

use ratatui::Frame;
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};

use crate::console::app::inspector::{self, Ask, Asked, Inspector, Role, Shown, Tab, Words};
use crate::console::app::layout::Rect;
use crate::console::app::state::{Pane, State};
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;
use crate::exchange::Outcome;

pub fn paint(state: &State, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let focused = state.focus == Pane::Inspector;
    let room = usize::from(area.width).saturating_sub(6);
    let mut title = paint::title('3', "", focused, theme);
    match &state.inspector.shown {
        None => title.push_span(Span::styled("Inspector", theme.heading)),
        Some(shown) => title.extend(heading(shown, room, theme)),
    }
    let inspector = &state.inspector;
    let fitting = usize::from(area.height).saturating_sub(3);
    let place = paint::place(inspector.page().offset, fitting, inspector.count());
    let below = border_line(
        inspector,
        usize::from(area.width).saturating_sub(2),
        focused,
        theme,
    );
    let mut block = paint::block(title, focused, theme);
    if below.width() + place.len() < usize::from(area.width).saturating_sub(2) {
        block = block.title_bottom(Line::styled(place, theme.dim).right_aligned());
    }
    frame.render_widget(block.title_bottom(below), paint::rect(area));
    let (tabs, body) = area.inner().split_top(1);
    let tabs_width = usize::from(tabs.width);
    frame.render_widget(tab_row(inspector.tab, tabs_width, theme), paint::rect(tabs));
    let (width, height) = (usize::from(body.width), usize::from(body.height));
    if inspector.shown.is_none() && inspector.wanted.is_none() && state.timeline.known {
        let words: &[&str] = if state.timeline.rows.is_empty() {
            &[
                "Each call shows here as the bytes that crossed the wire, and with what its answer means.",
            ]
        } else {
            &["Select a payment, or a line of the timeline."]
        };
        frame.render_widget(paint::hint(words, width, theme), paint::rect(body));
        return;
    }
    let gutter = inspector.gutter();
    let room = width.saturating_sub(1 + gutter);
    let mut rows = Vec::new();
    for seen in inspector.seen(height) {
        let spans = spans(&seen.line, theme);
        let broken = if inspector.look.wrap {
            hanging(&seen.line, &spans, room)
        } else {
            vec![paint::cut(spans, room)]
        };
        for (at, row) in broken.into_iter().enumerate() {
            let cursor = if seen.cursor && focused {
                "\u{258c}"
            } else {
                " "
            };
            let mut painted = Line::styled(cursor, theme.border_focused);
            if gutter > 0 {
                let number = seen.number.filter(|_| at == 0);
                let number = number.map_or_else(String::new, |number| number.to_string());
                let number = format!("{number:>width$} ", width = gutter - 1);
                painted.push_span(Span::styled(number, theme.dim));
            }
            painted.extend(row);
            rows.push(painted);
        }
        if rows.len() >= height {
            break;
        }
    }
    rows.truncate(height);
    frame.render_widget(Text::from(rows), paint::rect(body));
}

/// A line in rows. What follows a label goes on below itself, where there is room for that.
fn hanging(
    line: &inspector::Line,
    spans: &[Span<'static>],
    room: usize,
) -> Vec<Vec<Span<'static>>> {
    let label = line.0.first().filter(|part| part.role == Role::Label);
    let [first, rest @ ..] = spans else {
        return paint::broken(spans, room);
    };
    let indent = first.width();
    if label.is_none() || room < 3 * indent {
        return paint::broken(spans, room);
    }
    let rows = paint::broken(rest, room - indent).into_iter().enumerate();
    rows.map(|(at, row)| {
        let before = if at == 0 {
            first.clone()
        } else {
            Span::raw(" ".repeat(indent))
        };
        [vec![before], row].concat()
    })
    .collect()
}

/// In the lower border: the line that is typed into, or what it came to.
fn border_line(inspector: &Inspector, width: usize, focused: bool, theme: &Theme) -> Line<'static> {
    let field = |sign: &'static str, editor| {
        let mut line = Line::styled(sign, theme.key);
        line.extend(paint::field(editor, true, width.saturating_sub(8), theme));
        line
    };
    let about = |sign, text: &str, words: &str, style| {
        let mut line = Line::styled(sign, theme.key);
        let room = width.saturating_sub(crate::text::cells(words) + 12) / 2;
        line.extend(paint::foreign_within(text, room.max(6), theme.text, theme));
        line.push_span(Span::raw(" "));
        let left = width.saturating_sub(line.width() + 10);
        line.extend(paint::start_of(words, left, style, theme));
        line
    };
    match inspector.prompt.filter(|_| focused) {
        Some(Ask::Search) => {
            let mut line = field(" /", &inspector.search.editor);
            if inspector.search.is_on() {
                line.push_span(Span::styled(
                    format!(" {} ", inspector.search.place()),
                    theme.dim,
                ));
            }
            line
        }
        Some(Ask::Query) => field(" jq ", &inspector.query.editor),
        None => match &inspector.query.state {
            Asked::Running => about(
                " jq ",
                inspector.query.filter(),
                "runs, esc stops it ",
                theme.waiting,
            ),
            Asked::Failed(why) => about(
                " jq ",
                inspector.query.filter(),
                &format!("{why} "),
                theme.refused,
            ),
            Asked::Shown(_) if !inspector.search.is_on() => about(
                " jq ",
                inspector.query.filter(),
                "esc: the whole body ",
                theme.dim,
            ),
            _ if inspector.search.is_on() => {
                let place = format!("{} ", inspector.search.place());
                about(" /", inspector.search.needle(), &place, theme.dim)
            }
            _ => Line::default(),
        },
    }
}

/// `PUT /transaction/2006721250 · 200 OK · 3 ms`: status and code are two facts.
fn heading(shown: &Shown, room: usize, theme: &Theme) -> Vec<Span<'static>> {
    let (outcome, style, time) = match &shown.outcome {
        None if shown.arrived => ("arrived".to_owned(), theme.text, None),
        None => ("waiting".to_owned(), theme.waiting, None),
        Some(Outcome::NotSent { .. }) => ("not sent".to_owned(), theme.error, None),
        Some(Outcome::Cut { .. }) => ("outcome unknown".to_owned(), theme.unknown, None),
        Some(Outcome::Answered { response, phases }) => {
            let status = response.status;
            let (words, style) = match &shown.code {
                Some(code) => {
                    let word = crate::text::Foreign::from(code.as_str()).screen_text_within(28);
                    (format!("{status} {word}"), paint::code_style(code, theme))
                }
                None => (format!("{status}, no answer of the API"), theme.error),
            };
            (words, style, Some(phases.total))
        }
    };
    let time = time.map_or(String::new(), |micros| {
        format!(" \u{b7} {}", milliseconds(micros))
    });
    let path = shown
        .request
        .url
        .find("/v5/")
        .map_or(shown.request.url.as_str(), |at| {
            &shown.request.url[at + 3..]
        });
    let used =
        crate::text::cells(&outcome) + crate::text::cells(&time) + shown.request.method.len() + 6;
    let mut spans = paint::foreign_within(&shown.request.method, 10, theme.heading, theme);
    spans.push(Span::raw(" "));
    spans.extend(paint::start_of(
        path,
        room.saturating_sub(used),
        theme.heading,
        theme,
    ));
    spans.push(Span::styled(" \u{b7} ", theme.dim));
    spans.push(Span::styled(outcome, style));
    spans.push(Span::styled(time, theme.dim));
    paint::cut(spans, room)
}

fn milliseconds(micros: u64) -> String {
    match micros {
        0..1_000 => "<1 ms".to_owned(),
        _ => format!("{} ms", micros / 1_000),
    }
}

/// Every tab or, where they do not fit, those around the selected one.
fn tab_row(selected: Tab, width: usize, theme: &Theme) -> Line<'static> {
    let cells = |tabs: &[Tab]| tabs.iter().map(|tab| tab.title().len() + 3).sum::<usize>();
    let mut tabs = &Tab::ALL[..];
    while cells(tabs) > width + 1 && tabs.len() > 1 {
        let at = tabs.iter().position(|tab| *tab == selected).unwrap_or(0);
        tabs = if at * 2 > tabs.len() - 1 {
            &tabs[1..]
        } else {
            &tabs[..tabs.len() - 1]
        };
    }
    let mut line = Line::default();
    for (at, &tab) in tabs.iter().enumerate() {
        if at > 0 {
            line.push_span(Span::styled("\u{2502}", theme.border));
        }
        let style = if tab == selected {
            theme.button_focused
        } else {
            theme.dim
        };
        line.push_span(Span::styled(format!(" {} ", tab.title()), style));
    }
    line
}

pub fn spans(line: &inspector::Line, theme: &Theme) -> Vec<Span<'static>> {
    line.0
        .iter()
        .flat_map(|part| {
            let mut style = role_style(part.role, theme);
            if part.found {
                style = style.patch(theme.selected);
            }
            match &part.text {
                Words::Own(text) => vec![Span::styled(text.clone(), style)],
                Words::Foreign(text) => paint::foreign(text, style, theme),
            }
        })
        .collect()
}

fn role_style(role: Role, theme: &Theme) -> Style {
    match role {
        Role::Plain => theme.text,
        Role::Dim => theme.dim,
        Role::Heading => theme.heading,
        Role::Alarm => theme.unknown,
        Role::Good => theme.success,
        Role::Bad => theme.refused,
        Role::Key | Role::Label => theme.json_key,
        Role::Text => theme.json_text,
        Role::Number => theme.json_number,
        Role::Literal => theme.json_literal,
        Role::Punctuation => theme.json_punctuation,
        Role::Broken => theme.json_broken,
    }
}
