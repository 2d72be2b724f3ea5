//! What a form will send: where to, with which headers, and the body.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};

use super::text;
use crate::console::app::editor::TextEditor;
use crate::console::app::preview::{Preview, Told};
use crate::console::app::state::State;
use crate::console::ui::paint;
use crate::console::ui::panes::header;
use crate::console::ui::theme::Theme;
use crate::exchange::Request;
use crate::text::Foreign;

pub fn paint(state: &State, preview: &Preview, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let inner = paint::popup("Exactly this will be sent", theme, frame, area);
    let rows = usize::from(inner.height).saturating_sub(1);
    let mut lines = match &preview.request {
        Told::Asked => vec![Line::styled(" \u{2026}", theme.dim)],
        Told::Not(why) => {
            let mut line = Line::styled(" it cannot be sent: ", theme.refused);
            line.extend(paint::foreign(
                &Foreign::from(why.as_str()),
                theme.refused,
                theme,
            ));
            vec![line]
        }
        Told::Request(request) => whole(state, request, inner, theme),
    };
    let total = lines.len();
    let offset = preview.offset.min(total.saturating_sub(rows));
    lines = lines.into_iter().skip(offset).take(rows).collect();
    lines.resize(rows, Line::default());
    lines.push(paint::keys(
        &[
            (" enter", preview.form.verb()),
            ("y", "copy as curl"),
            ("\u{2191}\u{2193}", "scroll"),
            ("esc", "back to the form"),
        ],
        theme,
    ));
    frame.render_widget(Text::from(lines), inner);
    let place = Line::styled(paint::place(offset, rows, total), theme.heading).right_aligned();
    let bottom = area.rows().next_back().unwrap_or_default();
    frame.render_widget(place, bottom.inner(ratatui::layout::Margin::new(1, 0)));
}

fn whole(state: &State, request: &Request, area: Rect, theme: &Theme) -> Vec<Line<'static>> {
    let width = usize::from(area.width).saturating_sub(2);
    let mut to = Line::from(Span::styled(" to ", theme.dim));
    to.push_span(Span::styled(
        state.endpoint.badge(),
        header::badge(state, theme),
    ));
    to.push_span(Span::styled(
        ", as the journal will have it; credentials are left out here",
        theme.dim,
    ));
    let mut first = Line::styled(format!(" {} ", request.method), theme.heading);
    let room = width.saturating_sub(first.width());
    first.extend(paint::foreign_within(
        &request.url,
        room,
        theme.heading,
        theme,
    ));
    let mut lines = vec![to, first];
    for header in &request.headers {
        let mut line = Line::raw(" ");
        line.extend(paint::foreign_within(
            &header.name,
            40,
            theme.json_key,
            theme,
        ));
        line.push_span(Span::styled(": ", theme.json_punctuation));
        let room = width.saturating_sub(line.width());
        let value = Foreign::new(header.value.clone());
        line.extend(paint::within(&value, room, theme.text, theme));
        lines.push(line);
    }
    lines.push(Line::default());
    if request.body.is_empty() {
        lines.push(Line::styled(" no body", theme.dim));
        return lines;
    }
    let body = String::from_utf8_lossy(&request.body.kept);
    let editor = TextEditor::new(&body);
    let height = u16::try_from(editor.lines().len()).unwrap_or(u16::MAX);
    let all = Rect { height, ..area };
    lines.extend(text::lines(&editor, None, false, all, theme));
    lines
}
