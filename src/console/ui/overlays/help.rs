//! Every key, from the one table that the program uses.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};

use crate::console::app::keymap::{Keymap, Layer, SIGNS};
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;

/// Cells of the longest list of keys.
const KEYS: usize = 29;

pub fn paint(keymap: &Keymap, offset: usize, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let inner = paint::popup(
        "Keys   \u{2191}\u{2193} scroll, esc leaves",
        theme,
        frame,
        area,
    );
    let lines: Vec<_> = lines(keymap, theme)
        .into_iter()
        .skip(offset)
        .take(usize::from(inner.height))
        .collect();
    frame.render_widget(Text::from(lines), inner);
}

fn lines(keymap: &Keymap, theme: &Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for layer in Layer::ALL {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(format!(" {}", layer.title()), theme.heading));
        for binding in keymap
            .bindings()
            .iter()
            .filter(|binding| binding.layer == layer)
        {
            let keys: Vec<_> = binding.keys.iter().map(ToString::to_string).collect();
            lines.push(Line::from(vec![
                Span::styled(format!("   {:<KEYS$}  ", keys.join(" ")), theme.key),
                Span::styled(binding.command.words(), theme.text),
            ]));
        }
    }
    lines.push(Line::default());
    lines.push(Line::styled(" Signs", theme.heading));
    lines.extend(SIGNS.iter().map(|(sign, words)| {
        Line::from(vec![
            Span::styled(format!("   {sign:<KEYS$}  "), theme.key),
            Span::styled(*words, theme.text),
        ])
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_words_are_cut_on_the_smallest_wide_screen() {
        let inside = 76;
        for line in lines(&Keymap::default(), &Theme::terminal(false)) {
            assert!(line.width() <= inside, "{line}");
        }
    }
}
