//! The list of answers that a call can name itself.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::text::{Line, Span, Text};

use crate::api::Stub;
use crate::console::app::stubs::{Stubs, meaning, title};
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;

/// Keeps the corners of the border.
const MARGIN: Margin = Margin::new(1, 0);

pub fn paint(stubs: &Stubs, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let name = stubs.operation().name();
    let heading = format!("Which answer to {name}? Nothing else happens then");
    let inner = paint::popup(&heading, theme, frame, area);
    let width = usize::from(inner.width);
    let choices = stubs.choices();
    let rows = usize::from(inner.height).saturating_sub(4);

    let mut filter = Line::from(vec![Span::styled(" Find ", theme.label)]);
    let room = width.saturating_sub(8);
    filter.extend(paint::field(&stubs.filter, true, room, theme));
    let headings = format!("  {:<42}{}", "status and code", "which means");
    let mut lines = vec![
        filter,
        Line::styled(paint::fit(&headings, width), theme.dim),
    ];
    let shown = choices
        .iter()
        .enumerate()
        .skip(stubs.cursor.offset)
        .take(rows);
    lines.extend(
        shown.map(|(at, stub)| row(stub.as_ref(), at == stubs.cursor.selected, width, theme)),
    );
    if choices.is_empty() {
        let words = " the API allows no such answer to this call";
        lines.push(Line::styled(paint::fit(words, width), theme.dim));
    }
    lines.resize(rows + 3, Line::default());
    lines.push(paint::keys(
        &[
            (" \u{2191}\u{2193}", "choose"),
            ("enter", "take it"),
            ("type", "to find (try: 504, refused)"),
            ("esc", "leave"),
        ],
        theme,
    ));
    frame.render_widget(Text::from(lines), inner);
    let place = paint::place(stubs.cursor.offset, rows, choices.len());
    let place = Line::styled(place, theme.heading).right_aligned();
    let bottom = area.rows().next_back().unwrap_or_default();
    frame.render_widget(place, bottom.inner(MARGIN));
}

fn row(stub: Option<&Stub>, selected: bool, width: usize, theme: &Theme) -> Line<'static> {
    let mark = if selected { "\u{258c} " } else { "  " };
    let (words, style, means) = match stub {
        None => (
            "as it comes".to_owned(),
            theme.text,
            "nothing made to order",
        ),
        Some(stub) => (
            title(stub),
            paint::code_style(&stub.code, theme),
            meaning(stub),
        ),
    };
    let means = paint::fit(means, width.saturating_sub(44));
    let line = Line::from(vec![
        Span::styled(mark, theme.border_focused),
        Span::styled(format!("{words:<42}"), style),
        Span::styled(means, theme.dim),
    ]);
    if selected {
        line.patch_style(theme.selected)
    } else {
        line
    }
}
