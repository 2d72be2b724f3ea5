//! Pane 1: the identifications, newest first.

use ratatui::Frame;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::console::app::layout::Rect;
use crate::console::app::state::{Pane, State, Subject};
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;
use crate::record::Session;
use crate::record::session::State as Stage;

pub fn paint(state: &State, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let focused = state.focus == Pane::Sessions;
    frame.render_widget(
        paint::block(
            paint::list_title(
                ('1', "Sessions"),
                &state.sessions,
                focused,
                area.width,
                theme,
            ),
            focused,
            theme,
        ),
        paint::rect(area),
    );
    let inner = area.inner();
    let width = usize::from(inner.width);
    if state.sessions.rows.is_empty() && !state.sessions.filter.is_empty() {
        frame.render_widget(paint::nothing_matches(width, theme), paint::rect(inner));
        return;
    }
    if state.sessions.rows.is_empty() && !state.sessions.known {
        return;
    }
    if state.sessions.rows.is_empty() {
        let words: &[&str] = if state.endpoint.replay {
            &["No session in it."]
        } else if state.endpoint.read_only {
            &["No session yet.", "", "Read-only: none can be begun here."]
        } else if state.transactions.rows.is_empty() {
            &["No session yet.", "", "Press enter to identify a payer."]
        } else {
            // Other programs made them.
            &[
                "No session yet.",
                "",
                "Press 2 for the payments, enter to identify a payer.",
            ]
        };
        frame.render_widget(paint::hint(words, width, theme), paint::rect(inner));
        return;
    }
    let selected_style = if focused {
        theme.selected
    } else {
        theme.selected_elsewhere
    };
    let lines: Vec<_> = state
        .sessions
        .visible(usize::from(inner.height))
        .map(|(session, selected)| {
            let marked = selected && state.subject == Subject::Session;
            let line = row(session, marked, width, theme);
            if marked {
                line.patch_style(selected_style)
            } else {
                line
            }
        })
        .collect();
    frame.render_widget(ratatui::text::Text::from(lines), paint::rect(inner));
}

/// `● 472156480 …120 OK`: the payer once known, else how far it is.
fn row(session: &Session, marked: bool, width: usize, theme: &Theme) -> Line<'static> {
    let (glyph, style) = look(session, theme);
    let number = match &session.msisdn {
        // There is not the room for both.
        _ if session.is_closed() => format!(" {}", session.state.word()),
        Some(number) => format!(" \u{2026}{}", number.last_three()),
        None => String::new(),
    };
    let status = match &session.user_status {
        Some(status) if !session.is_closed() => format!(" {status}"),
        _ => String::new(),
    };
    let mut line = Line::from(vec![
        Span::styled(if marked { "\u{258c}" } else { " " }, theme.border_focused),
        Span::styled(format!("{glyph} "), style),
    ]);
    let room = width.saturating_sub(3 + paint_cells(&number));
    if let Some(user) = session.user() {
        line.extend(paint::foreign_within(
            user.as_str(),
            room,
            theme.text,
            theme,
        ));
        line.push_span(Span::styled(number, theme.dim));
        let left = width.saturating_sub(line.width());
        line.extend(paint::foreign_within(&status, left, theme.dim, theme));
    } else {
        line.push_span(Span::styled(
            paint::fit(session.state.word().trim_end_matches('?'), room),
            style,
        ));
        line.push_span(Span::styled(number, theme.dim));
    }
    line
}

fn look(session: &Session, theme: &Theme) -> (&'static str, Style) {
    match session.state {
        Stage::Starting => ("\u{25cc}", theme.dim),
        Stage::NotSent => ("\u{2298}", theme.error),
        Stage::Unknown => ("?", theme.unknown),
        Stage::Waiting { .. } => ("\u{25d4}", theme.waiting),
        Stage::Identified { .. } => ("\u{25cf}", theme.success),
        Stage::Closed { .. } => ("\u{2715}", theme.dim),
        Stage::Cancelled | Stage::NotAvailable | Stage::Failed { .. } => {
            ("\u{2715}", theme.refused)
        }
    }
}

fn paint_cells(text: &str) -> usize {
    crate::text::cells(text)
}
