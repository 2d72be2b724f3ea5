//! Pane 4: everything that crossed the wire, in order.

use ratatui::Frame;
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};

use crate::api::ResponseCode;
use crate::console::app::layout::Rect;
use crate::console::app::state::{Pane, State, Subject};
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;
use crate::exchange::Delivery;
use crate::record::line::{End, Line as Entry, Marks, What};

const ACTION_REQUIRED: &str = "CLIENT_ACTION_REQUIRED";

pub fn paint(state: &State, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let focused = state.focus == Pane::Timeline;
    frame.render_widget(
        paint::block(
            paint::list_title(
                ('4', "Timeline"),
                &state.timeline,
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
    if state.timeline.rows.is_empty() && !state.timeline.filter.is_empty() {
        frame.render_widget(paint::nothing_matches(width, theme), paint::rect(inner));
        return;
    }
    if state.timeline.rows.is_empty() && state.timeline.known {
        let words = ["Calls, answers and notifications come here, in order."];
        frame.render_widget(paint::hint(&words, width, theme), paint::rect(inner));
        return;
    }
    let lines: Vec<_> = state
        .timeline
        .visible(usize::from(inner.height))
        .map(|(entry, selected)| {
            let line = row(state, entry, width, theme);
            if selected && focused {
                line.patch_style(theme.selected)
            } else {
                line
            }
        })
        .collect();
    frame.render_widget(Text::from(lines), paint::rect(inner));
}

fn row(state: &State, entry: &Entry, width: usize, theme: &Theme) -> Line<'static> {
    // Where there is little room, words are worth more than seconds.
    let time = paint::time_of_day(state, entry.at, width >= 28);
    let mut line = Line::styled(time, theme.dim);
    let (arrow, words, style) = said(&entry.what, theme);
    let arrow_style = if is_of_the_subject(state, entry) {
        theme.key
    } else {
        theme.dim
    };
    let mark = if state.marks.contains(&entry.seq) {
        "*"
    } else {
        " "
    };
    line.push_span(Span::styled(mark, theme.key));
    line.push_span(Span::styled(format!("{arrow} "), arrow_style));
    let room = width.saturating_sub(line.width());
    let words = if words.len() > room {
        shorter(&entry.what, room).unwrap_or(&words)
    } else {
        &words
    };
    line.extend(paint::start_of(words, room, style, theme));
    line
}

/// Where not all of it fits the code counts: a refusal must not hide behind its verb.
fn shorter(what: &What, room: usize) -> Option<&str> {
    let code = match what {
        What::Ended {
            end: End::Answered { code, .. },
            marks,
            ..
        }
        | What::Exchange { code, marks, .. } => {
            code.as_ref().filter(|_| *marks == Marks::default())
        }
        What::Callback { code } | What::Notification { code } => code.as_ref(),
        _ => None,
    }?;
    // The longest code of all is an everyday one.
    Some(match code.as_str() {
        ACTION_REQUIRED if ACTION_REQUIRED.len() > room => "action",
        other => other,
    })
}

/// Whether the line belongs to the selected payment or identification.
fn is_of_the_subject(state: &State, entry: &Entry) -> bool {
    match state.subject {
        Subject::Session => {
            let selected = state.sessions.selected().map(|session| session.key);
            selected.is_some() && entry.session == selected
        }
        Subject::Transaction => {
            let selected = state.transactions.selected().map(|payment| payment.key);
            selected.is_some() && entry.transaction == selected
        }
    }
}

/// Direction, words and look. The words may hold foreign text: they are escaped when painted.
fn said(what: &What, theme: &Theme) -> (&'static str, String, Style) {
    match what {
        What::Sent { operation, .. } => ("\u{2192}", operation.name().to_owned(), theme.text),
        What::Ended { end, marks, .. } => {
            let (sign, words, style) = ended(end, theme);
            let (words, style) = marked(words, style, *marks, theme);
            (sign, words, style)
        }
        What::Exchange {
            operation,
            method,
            code,
            status,
            marks,
        } => {
            let name =
                operation.map_or_else(|| method.clone(), |operation| operation.name().to_owned());
            let (words, style) = answered(code.as_ref(), *status, theme);
            let (words, style) = marked(words, style, *marks, theme);
            ("\u{21c4}", format!("{name} {words}"), style)
        }
        What::Page { title, action } => (
            "\u{263a}",
            action
                .as_ref()
                .map_or_else(|| title.clone(), |action| format!("{action}: {title}")),
            theme.dim,
        ),
        What::Identified => ("\u{263a}", "identified".to_owned(), theme.success),
        What::Finished { code } => (
            "\u{263a}",
            code.as_str().to_owned(),
            paint::code_style(code, theme),
        ),
        What::Expired => ("\u{2715}", "expired".to_owned(), theme.text),
        What::Notified { attempt, result } => notified(*attempt, result, theme),
        What::Callback { code } => (
            "\u{21a9}",
            arrived("callback", code.as_ref()),
            code_or_dim(code.as_ref(), theme),
        ),
        What::Notification { code } => (
            "\u{2709}",
            arrived("notified", code.as_ref()),
            code_or_dim(code.as_ref(), theme),
        ),
        What::Inbox { name } => ("\u{2709}", name.clone(), theme.text),
        What::Reset => ("!", "reset".to_owned(), theme.unknown),
        What::Missed { count } => ("!", format!("{count} missed"), theme.unknown),
        What::Remark { text } => ("\u{270e}", text.clone(), theme.dim),
        What::Unknown { name } => ("?", name.clone(), theme.dim),
    }
}

/// An answer that moves nothing does not look like one that does.
fn marked(words: String, style: Style, marks: Marks, theme: &Theme) -> (String, Style) {
    match marks {
        Marks { stub: true, .. } => (format!("stub {words}"), theme.dim),
        Marks { replayed: true, .. } => (format!("again {words}"), theme.dim),
        _ => (words, style),
    }
}

fn ended(end: &End, theme: &Theme) -> (&'static str, String, Style) {
    match end {
        End::Answered { code, status, .. } => {
            let (words, style) = answered(code.as_ref(), *status, theme);
            ("\u{2190}", words, style)
        }
        End::Cut { .. } => ("?", "unknown".to_owned(), theme.unknown),
        End::NotSent { .. } => ("\u{2298}", "not sent".to_owned(), theme.error),
    }
}

fn answered(code: Option<&ResponseCode>, status: u16, theme: &Theme) -> (String, Style) {
    match code {
        Some(code) => (code.as_str().to_owned(), paint::code_style(code, theme)),
        None => (format!("{status}, no answer"), theme.error),
    }
}

fn arrived(what: &str, code: Option<&ResponseCode>) -> String {
    match code {
        None | Some(ResponseCode::Ok) => what.to_owned(),
        Some(code) => format!("{what} {}", code.as_str()),
    }
}

fn code_or_dim(code: Option<&ResponseCode>, theme: &Theme) -> Style {
    code.map_or(theme.text, |code| paint::code_style(code, theme))
}

fn notified(attempt: u32, result: &Delivery, theme: &Theme) -> (&'static str, String, Style) {
    let again = if attempt > 1 {
        format!(" #{attempt}")
    } else {
        String::new()
    };
    match result {
        Delivery::Answered { status } if (200..300).contains(status) => {
            ("\u{2709}", format!("delivered{again}"), theme.dim)
        }
        Delivery::Answered { status } => {
            ("\u{2709}", format!("notice {status}{again}"), theme.refused)
        }
        Delivery::Failed { .. } => ("\u{2709}", format!("undelivered{again}"), theme.refused),
        Delivery::Held => ("\u{2709}", "held".to_owned(), theme.waiting),
    }
}
