//! A form: its fields, what is wrong or what will happen, and its keys.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};

use crate::console::app::form::{Form, Purpose, adjust, identify};
use crate::console::app::state::State;
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;

/// Cells of the labels.
const LABELS: usize = 15;

pub fn paint(state: &State, form: &Form, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let inner = paint::popup(form.title(), theme, frame, area);
    let width = usize::from(inner.width);
    let problems = form.problems();
    let bottom = 4;
    let rows = usize::from(inner.height).saturating_sub(bottom).max(1);
    // In a low window the fields scroll so that the selected one is seen.
    let skipped = (form.selected + 1).saturating_sub(rows);
    let mut lines: Vec<_> = form
        .fields
        .iter()
        .enumerate()
        .skip(skipped)
        .take(rows)
        .map(|(at, field)| {
            let focused = at == form.selected;
            let wrong = problems.iter().any(|problem| problem.field == field.name)
                && (form.tried || !field.editor.value().is_empty());
            let label = Span::styled(
                format!(
                    "{}{:<LABELS$}",
                    if focused { "\u{258c}" } else { " " },
                    form.label(field.name)
                ),
                if focused { theme.heading } else { theme.label },
            );
            let mut line = Line::from(vec![
                label,
                Span::styled(if wrong { "! " } else { "  " }, theme.error),
            ]);
            let room = width.saturating_sub(LABELS + 4);
            line.extend(paint::field(&field.editor, focused, room, theme));
            line
        })
        .collect();
    lines.push(Line::default());
    let (words, style) = said(state, form, theme);
    let mut said = paint::wrap(&words, width.saturating_sub(2)).into_iter();
    for _ in 0..2 {
        lines.push(Line::styled(
            format!(" {}", said.next().unwrap_or_default()),
            style,
        ));
    }
    lines.push(paint::keys(
        &[
            (" enter", form.verb()),
            ("tab", "next field"),
            ("shift+tab", "back"),
            ("esc", "leave"),
        ],
        theme,
    ));
    frame.render_widget(Text::from(lines), inner);
}

/// What is wrong, or what sending will do.
fn said(state: &State, form: &Form, theme: &Theme) -> (String, Style) {
    if let Some(problem) = form.shown_problem() {
        return (problem.words, theme.refused);
    }
    let words = match &form.purpose {
        Purpose::Identify => match identify::payer(form) {
            Some(payer) => format!("{} (guide {})", payer.title, payer.section),
            None => "the payer types the number on the page".to_owned(),
        },
        Purpose::Authorize => {
            let listening = if state.endpoint.listener.is_some() {
                ""
            } else {
                "; no listener: the callback is not heard"
            };
            format!("reserves the amount until it is captured or cancelled{listening}")
        }
        Purpose::Capture(target) => {
            adjusted(target, form, "captures", "the uncaptured rest is given up")
        }
        Purpose::Refund(target) => {
            adjusted(target, form, "gives back", "the rest can be refunded later")
        }
    };
    (words, theme.dim)
}

fn adjusted(target: &adjust::Target, form: &Form, verb: &str, rest: &str) -> String {
    let (left, of, currency) = (target.left.gross, target.of.gross, target.currency);
    match form.gross() {
        Some(gross) if gross != left => {
            format!("{verb} {gross} of the {left} {currency} left; {rest}")
        }
        _ if left == of => format!("{verb} all of {of} {currency}"),
        _ => format!("{verb} all that is left of {of} {currency}"),
    }
}
