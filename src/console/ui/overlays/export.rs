//! The popup in which an export is put together.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};

use crate::console::app::export::Export;
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;
use crate::record::export::Format;

pub fn paint(export: &Export, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let inner = paint::popup("Write to a file", theme, frame, area);
    let width = usize::from(inner.width);
    let mut lines: Vec<_> = export
        .scopes
        .iter()
        .enumerate()
        .map(|(at, scope)| {
            let selected = at == export.scope;
            let mark = if selected { "\u{258c}" } else { " " };
            let mut line = Line::from(vec![
                Span::styled(mark, theme.border_focused),
                Span::styled(format!("{:<21} ", scope.label), theme.text),
            ]);
            let room = width.saturating_sub(line.width());
            line.push_span(Span::styled(paint::fit(&scope.note, room), theme.dim));
            if selected {
                line.patch_style(theme.selected)
            } else {
                line
            }
        })
        .collect();
    lines.push(Line::default());
    lines.push(formats(export.format, theme));
    let words = paint::fit(export.format.words(), width.saturating_sub(2));
    lines.push(Line::styled(format!(" {words}"), theme.dim));
    lines.push(Line::default());
    let keys = [
        (" \u{2191}\u{2193}", "what"),
        ("\u{2190}\u{2192}", "as"),
        ("enter", "write"),
        ("or the letter:", "write so"),
        ("esc", "leave"),
    ];
    lines.push(paint::keys(&keys, theme));
    frame.render_widget(Text::from(lines), inner);
}

/// The chosen one is in brackets, so that it shows without colour too.
fn formats(chosen: Format, theme: &Theme) -> Line<'static> {
    let mut line = Line::default();
    for format in Format::ALL {
        let (open, close, style) = if format == chosen {
            ("[", "]", theme.button_focused)
        } else {
            (" ", " ", theme.button)
        };
        line.push_span(Span::styled(open, style));
        line.push_span(Span::styled(format.letter().to_string(), theme.key));
        line.push_span(Span::styled(format!(" {}{close}", format.title()), style));
    }
    line
}
