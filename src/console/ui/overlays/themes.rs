//! The list of themes. The screen behind it is the preview.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};

use crate::console::app::look::Themes;
use crate::console::app::state::State;
use crate::console::ui::paint;
use crate::console::ui::theme::{Theme, WORDS};

pub fn paint(state: &State, themes: &Themes, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let inner = paint::popup("Theme", theme, frame, area);
    let width = usize::from(inner.width);
    let rows = usize::from(inner.height).saturating_sub(2);
    let names = state.look.themes.iter().enumerate();
    let mut lines: Vec<_> = names
        .skip(themes.offset)
        .take(rows)
        .map(|(at, name)| row(name, at == themes.selected, width, theme))
        .collect();
    lines.resize(rows + 1, Line::default());
    lines.push(paint::keys(
        &[
            (" \u{2191}\u{2193}", "try"),
            ("enter", "keep"),
            ("esc", "as it was"),
        ],
        theme,
    ));
    frame.render_widget(Text::from(lines), inner);
}

/// The name is a file's: escaped.
fn row(name: &str, selected: bool, width: usize, theme: &Theme) -> Line<'static> {
    let mark = if selected { "\u{258c}" } else { " " };
    let mut line = Line::from(Span::styled(mark, theme.border_focused));
    let words = WORDS.iter().find(|(known, _)| *known == name);
    let words = words.map_or("yours", |(_, words)| words);
    let room = width.saturating_sub(1);
    line.extend(paint::foreign_within(name, room, theme.text, theme));
    let gap = " ".repeat(15_usize.saturating_sub(line.width()) + 1);
    let left = width.saturating_sub(line.width() + gap.len());
    line.push_span(gap);
    line.push_span(Span::styled(paint::fit(words, left), theme.dim));
    if selected {
        line.patch_style(theme.selected)
    } else {
        line
    }
}
