//! Every key, from the one table that the program uses.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};

use crate::console::app::help::{Help, Row};
use crate::console::app::keymap::Keymap;
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;

/// Cells of the longest list of keys.
const KEYS: usize = 29;

pub fn paint(keymap: &Keymap, help: &Help, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let inner = paint::popup("Keys", theme, frame, area);
    let width = usize::from(inner.width);
    let rows = usize::from(inner.height).saturating_sub(2);
    let mut lines = vec![paint::find(&help.filter, width, theme)];
    let all = help.rows(keymap);
    lines.extend(
        all.iter()
            .skip(help.offset)
            .take(rows)
            .map(|row| line(row, help.selected, theme)),
    );
    if all.is_empty() {
        lines.push(Line::styled(" no key like that", theme.dim));
    }
    lines.resize(rows + 1, Line::default());
    lines.push(paint::keys(
        &[
            (" \u{2191}\u{2193}", "choose"),
            ("enter", "do it"),
            ("type", "to find (try: copy, form, ctrl)"),
            ("esc", "leave"),
        ],
        theme,
    ));
    frame.render_widget(Text::from(lines), inner);
}

fn line(row: &Row<'_>, selected: usize, theme: &Theme) -> Line<'static> {
    match row {
        Row::Gap => Line::default(),
        Row::Heading(title) => Line::styled(format!(" {title}"), theme.heading),
        Row::Key { binding, at } => {
            let keys: Vec<_> = binding.keys.iter().map(ToString::to_string).collect();
            let is_selected = *at == selected;
            let line = Line::from(vec![
                Span::styled(
                    if is_selected { " \u{258c} " } else { "   " },
                    theme.border_focused,
                ),
                Span::styled(format!("{:<KEYS$}  ", keys.join(" ")), theme.key),
                Span::styled(binding.command.words(), theme.text),
            ]);
            if is_selected {
                line.patch_style(theme.selected)
            } else {
                line
            }
        }
        Row::Sign(sign, words) => Line::from(vec![
            Span::styled(format!("   {sign:<KEYS$}  "), theme.key),
            Span::styled(*words, theme.text),
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_words_are_cut_on_the_smallest_wide_screen() {
        let inside = 76;
        let keymap = Keymap::default();
        for row in Help::default().rows(&keymap) {
            let line = line(&row, 0, &Theme::terminal(false));
            assert!(line.width() <= inside, "{line}");
        }
    }
}
