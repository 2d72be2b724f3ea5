//! Pane 3: one exchange, tab by tab.

use ratatui::Frame;
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};

use crate::api::Answer;
use crate::console::app::inspector::{self, Role, Shown, Tab, Words};
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
    let lines = state.inspector.lines();
    let fitting = usize::from(area.height).saturating_sub(3);
    let place = paint::place(state.inspector.offset, fitting, lines.len());
    let block = paint::block(title, focused, theme)
        .title_bottom(Line::styled(place, theme.dim).right_aligned());
    frame.render_widget(block, paint::rect(area));
    let (tabs, body) = area.inner().split_top(1);
    frame.render_widget(tab_row(state.inspector.tab, theme), paint::rect(tabs));
    let (width, height) = (usize::from(body.width), usize::from(body.height));
    let rows: Vec<_> = lines
        .iter()
        .skip(state.inspector.offset)
        .take(height)
        .flat_map(|line| paint::broken(&spans(line, theme), width.saturating_sub(1)))
        .take(height)
        .map(|row| {
            let mut painted = Line::raw(" ");
            painted.extend(row);
            painted
        })
        .collect();
    frame.render_widget(Text::from(rows), paint::rect(body));
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
            let (words, style) = match Answer::parse(&response.body.kept) {
                Ok(answer) => {
                    let code =
                        crate::text::Foreign::from(answer.code.as_str()).screen_text_within(28);
                    (
                        format!("{status} {code}"),
                        paint::code_style(&answer.code, theme),
                    )
                }
                Err(_) => (format!("{status}, no answer of the API"), theme.error),
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

fn tab_row(selected: Tab, theme: &Theme) -> Line<'static> {
    let mut line = Line::default();
    for (at, tab) in Tab::ALL.into_iter().enumerate() {
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

fn spans(line: &inspector::Line, theme: &Theme) -> Vec<Span<'static>> {
    line.0
        .iter()
        .flat_map(|part| {
            let style = role_style(part.role, theme);
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
        Role::Key => theme.json_key,
        Role::Text => theme.json_text,
        Role::Number => theme.json_number,
        Role::Literal => theme.json_literal,
        Role::Punctuation => theme.json_punctuation,
        Role::Broken => theme.json_broken,
    }
}
