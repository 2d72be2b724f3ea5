//! The payer's page, played here.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};

use crate::console::app::payer::{Payer, Shown, Step, Whose};
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;
use crate::text::Foreign;

pub fn paint(payer: &Payer, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let title = match payer.whose {
        _ if matches!(payer.step, Step::Elsewhere) => "The payer's page",
        Whose::Session(_) => "Identification: you are the payer now, approving comes later",
        Whose::Transaction(_) => "Payment: you are the payer now",
    };
    let inner = paint::popup(title, theme, frame, area);
    let width = usize::from(inner.width).saturating_sub(2);
    let mut lines = vec![Line::default()];
    let mut keys = vec![
        ("ctrl+o", "browser"),
        ("ctrl+y", "copy"),
        ("ctrl+g", "QR"),
        ("esc", "later"),
    ];
    match &payer.step {
        Step::Elsewhere => {
            lines.extend(elsewhere(payer, width, theme));
            keys.insert(
                0,
                match payer.whose {
                    Whose::Session(_) => ("enter", "ask"),
                    Whose::Transaction(_) => ("enter", "close"),
                },
            );
        }
        Step::Loading => lines.push(Line::styled(" \u{2026}", theme.dim)),
        Step::Failed(why) => {
            lines.extend(wrapped(&Foreign::from(why.as_str()), width, theme.refused));
            keys.insert(0, ("enter", "close"));
        }
        Step::Page(shown) => {
            lines.extend(page(shown, width, theme));
            let over = shown.page.done || shown.page.actions.is_empty();
            keys.insert(0, ("enter", if over { "close" } else { pressed(shown) }));
            if !over {
                keys.insert(1, ("tab", "next"));
            }
        }
    }
    lines.truncate(usize::from(inner.height).saturating_sub(2));
    lines.push(Line::default());
    let mut line = Line::raw(" ");
    line.extend(paint::keys(&keys, theme));
    lines.push(line);
    frame.render_widget(Text::from(lines), inner);
}

/// The address of a page that is the payer's own, and what comes after it.
fn elsewhere(payer: &Payer, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let url = Foreign::from(payer.url.as_str());
    let spans = paint::foreign(&url, theme.heading, theme);
    let mut lines: Vec<Line<'static>> = paint::broken(&spans, width)
        .into_iter()
        .map(|row| {
            let mut line = Line::raw(" ");
            line.extend(row);
            line
        })
        .collect();
    lines.push(Line::default());
    let next = match payer.whose {
        Whose::Session(_) => {
            "The payer opens it on the phone or in a browser. Then ask what came of it."
        }
        Whose::Transaction(_) => {
            "The payer opens it on the phone or in a browser, and approves. What came of it arrives as \
             the callback or the notification."
        }
    };
    lines.extend(wrapped(&Foreign::from(next), width, theme.dim));
    lines
}

/// What enter does where the cursor is.
fn pressed(shown: &Shown) -> &'static str {
    let pressed = shown.action().or(shown.page.actions.first());
    match pressed.map(|action| action.name.as_str()) {
        Some("cancel") => "cancel",
        Some("continue") => "continue",
        Some("confirm") => "confirm",
        _ => "press",
    }
}

fn page(shown: &Shown, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut title = Line::raw(" ");
    title.extend(paint::within(
        &shown.page.title,
        width,
        theme.heading,
        theme,
    ));
    let mut lines = vec![title];
    lines.extend(wrapped(&shown.page.text, width, theme.dim));
    if let Some(error) = &shown.page.error {
        lines.extend(wrapped(error, width, theme.refused));
    }
    for (at, (field, editor)) in shown.page.fields.iter().zip(&shown.editors).enumerate() {
        let focused = at == shown.selected;
        lines.push(Line::default());
        let mut line = Line::from(Span::styled(
            if focused { "\u{258c}" } else { " " },
            theme.border_focused,
        ));
        line.extend(paint::within(&field.label, 24, theme.label, theme));
        line.push_span(Span::raw("  "));
        let room = width.saturating_sub(line.width());
        line.extend(paint::field(editor, focused, room, theme));
        lines.push(line);
    }
    lines.push(Line::default());
    let mut buttons = Line::raw(" ");
    for (at, action) in shown.page.actions.iter().enumerate() {
        let focused = at + shown.editors.len() == shown.selected;
        let presses = focused || (at == 0 && shown.action().is_none());
        let style = match (focused, presses) {
            (true, _) => theme.button_focused,
            (_, true) => theme.button_next,
            _ => theme.button,
        };
        let (open, close) = if presses { ("[", "]") } else { (" ", " ") };
        buttons.push_span(Span::styled(open, style));
        buttons.extend(paint::within(&action.label, 20, style, theme));
        buttons.push_span(Span::styled(close, style));
        buttons.push_span(Span::raw(" "));
    }
    lines.push(buttons);
    lines
}

/// The page's words are the server's: escaped first, then broken into lines.
fn wrapped(text: &Foreign, width: usize, style: Style) -> Vec<Line<'static>> {
    paint::wrap(&text.screen_text(), width)
        .into_iter()
        .map(|line| Line::styled(format!(" {line}"), style))
        .collect()
}
