//! Commands and verbs, found by a few of their letters.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};

use crate::console::app::palette::{Entry, Palette};
use crate::console::app::state::State;
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;

/// Cells of the column of keys.
const KEYS: usize = 10;

pub fn paint(state: &State, palette: &Palette, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let inner = paint::popup("What do you want to do?", theme, frame, area);
    let width = usize::from(inner.width);
    let rows = usize::from(inner.height).saturating_sub(2);
    let found = palette.found(state);
    let mut lines = vec![paint::find(&palette.filter, width, theme)];
    lines.extend(
        found
            .iter()
            .enumerate()
            .skip(palette.cursor.offset)
            .take(rows)
            .map(|(at, entry)| row(entry, at == palette.cursor.selected, width, theme)),
    );
    if found.is_empty() {
        lines.push(Line::styled(" nothing like that", theme.dim));
    }
    lines.resize(rows + 1, Line::default());
    lines.push(paint::keys(
        &[
            (" \u{2191}\u{2193}", "choose"),
            ("enter", "do it"),
            ("type", "a few letters, or an id"),
            ("esc", "leave"),
        ],
        theme,
    ));
    frame.render_widget(Text::from(lines), inner);
}

fn row(entry: &Entry, selected: bool, width: usize, theme: &Theme) -> Line<'static> {
    let (keys, words) = if entry.possible {
        (theme.key, theme.text)
    } else {
        (theme.button_disabled, theme.button_disabled)
    };
    let mut line = Line::from(vec![
        Span::styled(
            if selected { "\u{258c} " } else { "  " },
            theme.border_focused,
        ),
        Span::styled(format!("{:<KEYS$}", entry.keys), keys),
    ]);
    let room = width.saturating_sub(line.width());
    line.extend(paint::foreign_within(&entry.words, room, words, theme));
    if !entry.note.is_empty() {
        let not = if entry.possible { "" } else { "not now: " };
        let note = format!("  {not}{}", entry.note);
        let room = width.saturating_sub(line.width());
        line.extend(paint::start_of(&note, room, theme.dim, theme));
    }
    if selected {
        line.patch_style(theme.selected)
    } else {
        line
    }
}
