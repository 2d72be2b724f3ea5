//! The popup in which an export is put together.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};

use crate::console::app::export::Export;
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;
use crate::record::export::Format;

pub fn paint(export: &Export, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let inner = paint::popup("Share: write to a file", theme, frame, area);
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
    let each = |format: &Format| row(export, *format, width, theme);
    lines.extend(Format::ALL.iter().map(each));
    lines.push(Line::default());
    let into = export.file().unwrap_or_default();
    let words = format!(" to ./{into}, never over another; secrets are left out");
    lines.push(Line::styled(paint::fit(&words, width), theme.dim));
    lines.push(Line::default());
    let keys = [
        (" \u{2191}\u{2193}", "what"),
        ("\u{2190}\u{2192}", "as"),
        ("enter", "write"),
        ("its letter", "write at once"),
        ("esc", "leave"),
    ];
    lines.push(paint::keys(&keys, theme));
    frame.render_widget(Text::from(lines), inner);
}

/// A format, and what is in such a file. The chosen one is in brackets, so that it shows without colour.
fn row(export: &Export, format: Format, width: usize, theme: &Theme) -> Line<'static> {
    let chosen = format == export.format;
    let (open, close, style) = if chosen {
        ("[", "]", theme.button_focused)
    } else {
        (" ", " ", theme.button)
    };
    let title = format!(" {:<11}", format.title());
    let mut line = Line::from(vec![
        Span::styled(open, style),
        Span::styled(format.letter().to_string(), theme.key),
        Span::styled(title, style),
        Span::styled(close, style),
    ]);
    let room = width.saturating_sub(line.width() + 1);
    let words = format!(
        "{}; {}",
        format.words(),
        format.people(export.people).words()
    );
    line.push_span(Span::styled(
        format!(" {}", paint::fit(&words, room)),
        theme.dim,
    ));
    line
}
