//! What differs between the two marked exchanges.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};

use crate::console::app::compare::Compare;
use crate::console::ui::paint;
use crate::console::ui::panes::inspector::spans;
use crate::console::ui::theme::Theme;

pub fn paint(compare: &Compare, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let inner = paint::popup("- the older   + the newer", theme, frame, area);
    let (width, height) = (usize::from(inner.width), usize::from(inner.height));
    let lines: Vec<_> = compare
        .lines
        .iter()
        .skip(compare.offset)
        .take(height.saturating_sub(2))
        .map(|line| {
            let mut painted = Line::raw(" ");
            painted.extend(paint::cut(spans(line, theme), width.saturating_sub(1)));
            painted
        })
        .collect();
    frame.render_widget(Text::from(lines), inner);
    let masks = match compare.hidden() {
        _ if !compare.masked => "hide ids and times".to_owned(),
        0 => "ids and times are equal".to_owned(),
        hidden => format!("{hidden} ids and times"),
    };
    let below = Rect {
        y: inner.bottom().saturating_sub(1),
        height: inner.height.min(1),
        ..inner
    };
    let keys = [
        (" \u{2191}\u{2193}", "scroll"),
        ("m", masks.as_str()),
        ("esc", "leave"),
    ];
    frame.render_widget(paint::keys(&keys, theme), below);
}
