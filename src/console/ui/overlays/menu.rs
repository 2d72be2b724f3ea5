//! A popup of things to choose.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};

use crate::console::app::command::Command;
use crate::console::app::endpoint::Endpoint;
use crate::console::app::menu::{Does, Item, Menu};
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;

pub fn paint(endpoint: &Endpoint, menu: &Menu, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let inner = paint::popup(menu.title, theme, frame, area);
    let width = usize::from(inner.width);
    let labels = menu
        .items
        .iter()
        .map(|item| item.label.len())
        .max()
        .unwrap_or(0);
    let mut lines: Vec<_> = menu
        .items
        .iter()
        .enumerate()
        .map(|(at, item)| row(item, at == menu.selected, labels, width, theme))
        .collect();
    lines.push(Line::default());
    let mut keys = vec![(" enter", "or the letter: do it")];
    if let Some(item) = menu
        .selected()
        .filter(|item| matches!(item.does, Does::Verb(_)))
    {
        if !item.enabled && endpoint.bars(Command::SendAnyway).is_none() {
            keys.push(("!", "send anyway"));
        }
        if endpoint.bars(Command::NameAnswer).is_none() {
            keys.push(("ctrl+t", "stub"));
        }
    }
    keys.push(("esc", "leave"));
    lines.push(paint::keys(&keys, theme));
    frame.render_widget(Text::from(lines), inner);
}

fn row(item: &Item, selected: bool, labels: usize, width: usize, theme: &Theme) -> Line<'static> {
    let (label_style, note_style) = if item.enabled {
        (theme.text, theme.dim)
    } else {
        (theme.button_disabled, theme.button_disabled)
    };
    let mut line = Line::from(vec![
        Span::styled(
            if selected { "\u{258c}" } else { " " },
            theme.border_focused,
        ),
        Span::styled(
            format!("{} ", item.letter),
            if item.enabled {
                theme.key
            } else {
                theme.button_disabled
            },
        ),
        Span::styled(format!("{:<labels$}  ", item.label), label_style),
    ]);
    let note = if item.enabled {
        item.note.clone()
    } else {
        format!("not now: {}", item.note)
    };
    line.push_span(Span::styled(
        paint::fit(&note, width.saturating_sub(line.width())),
        note_style,
    ));
    if selected {
        line.patch_style(theme.selected)
    } else {
        line
    }
}
