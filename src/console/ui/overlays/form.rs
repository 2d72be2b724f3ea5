//! A form: its fields, what is wrong or what will happen, and its keys.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};

use super::text;
use crate::console::app::endpoint::DeleteBody;
use crate::console::app::form::{Form, Place, Problem, Purpose, adjust, identify};
use crate::console::app::state::State;
use crate::console::app::stubs;
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;
use crate::record::asked::Asked;
use crate::text::Foreign;

/// Rows below what is filled in: a gap, what is said (two), and the keys.
const BOTTOM: u16 = 4;

/// Why a field is empty that is filled in elsewhere.
const NOT_NOTIFIED: &str = "no notification: Bango does not reach this machine; callback_base in the profile names a tunnel";

/// Cells of the labels.
const LABELS: usize = 15;

pub fn paint(state: &State, form: &Form, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let title = match (&form.stub, form.is_text()) {
        (Some(_), _) => format!("{}: the answer is made to order", form.title()),
        (None, true) => format!("{}: the body as JSON", form.title()),
        (None, false) => form.title().to_owned(),
    };
    let inner = paint::popup(&title, theme, frame, area);
    let width = usize::from(inner.width);
    let (above, below) = inner
        .layout(&Layout::vertical([
            Constraint::Min(1),
            Constraint::Length(BOTTOM),
        ]))
        .into();
    let problem = form.shown_problem();
    let lines = match form.text() {
        Some(editor) => {
            let wrong = match problem.as_ref().map(|problem| problem.at) {
                Some(Place::Text { line, column }) => Some((line, column)),
                _ => None,
            };
            text::lines(editor, wrong, true, above, theme)
        }
        None => fields(form, above, theme),
    };
    frame.render_widget(Text::from(lines), above);

    let mut lines = vec![Line::default()];
    let (words, style) = said(state, form, problem.as_ref(), theme);
    let spans = paint::foreign(&Foreign::from(words.as_str()), style, theme);
    let mut rows = paint::broken(&spans, width.saturating_sub(2)).into_iter();
    for _ in 0..2 {
        let mut line = Line::raw(" ");
        line.extend(rows.next().unwrap_or_default());
        lines.push(line);
    }
    let real = state.endpoint.is_live();
    lines.push(keys(form, problem.is_some(), real, width, theme));
    frame.render_widget(Text::from(lines), below);
}

/// The keys, without those a reader misses least where not all of them have room.
fn keys(form: &Form, wrong: bool, real: bool, width: usize, theme: &Theme) -> Line<'static> {
    let (send, turn) = if form.is_text() {
        (" ctrl+s", ("ctrl+r", "fields"))
    } else {
        (" enter", ("ctrl+r", "JSON"))
    };
    let mut keys = vec![(send, form.verb())];
    if wrong && form.stub.is_none() && !real {
        keys.push(("ctrl+g", "send anyway"));
    } else if !form.is_text() {
        keys.push(("tab", "next"));
    }
    keys.extend([
        turn,
        ("ctrl+t", "stub"),
        ("ctrl+p", "preview"),
        ("esc", "leave"),
    ]);
    if real {
        keys.retain(|&(key, _)| key != "ctrl+t");
    }
    let mut line = paint::keys(&keys, theme);
    for spare in ["tab", "ctrl+p", "ctrl+t"] {
        if line.width() <= width {
            break;
        }
        keys.retain(|&(key, _)| key != spare);
        line = paint::keys(&keys, theme);
    }
    line
}

fn fields(form: &Form, area: Rect, theme: &Theme) -> Vec<Line<'static>> {
    let width = usize::from(area.width);
    let problems = form.problems();
    let rows = usize::from(area.height).max(1);
    // In a low window the fields scroll so that the selected one is seen.
    let skipped = (form.selected + 1).saturating_sub(rows);
    let fields = form.fields.iter().enumerate().skip(skipped).take(rows);
    fields
        .map(|(at, field)| {
            let focused = at == form.selected;
            let here = Place::Field(field.name);
            let wrong = problems.iter().any(|problem| problem.at == here)
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
        .collect()
}

/// What is wrong, or what sending will do.
fn said(state: &State, form: &Form, problem: Option<&Problem>, theme: &Theme) -> (String, Style) {
    if let Some(stub) = &form.stub {
        let answer = stubs::title(stub);
        let words = format!("the answer will be {answer}, and nothing happens (Prefer)");
        return (words, theme.waiting);
    }
    if let Some(problem) = problem {
        return (problem.words.clone(), theme.refused);
    }
    let words = match &form.purpose {
        Purpose::Identify if !state.endpoint.is_notified && state.endpoint.kind.is_remote() => {
            NOT_NOTIFIED.to_owned()
        }
        Purpose::Identify => match identify::payer(form) {
            Some(payer) => format!("{} (guide {})", payer.title, payer.section),
            None => "the payer types the number on the page".to_owned(),
        },
        Purpose::Authorize if is_taken(state, form) => {
            let words = "its External id began a payment: with another body it is refused";
            return (words.to_owned(), theme.waiting);
        }
        Purpose::Authorize => {
            let listening = if state.endpoint.listener.is_none() {
                "; no listener: the callback is not heard"
            } else if state.endpoint.is_notified {
                ""
            } else {
                "; no notification: a tunnel as callback_base of the profile lets them through"
            };
            format!("reserves the amount until it is captured or cancelled{listening}")
        }
        Purpose::Capture(target) => {
            adjusted(target, form, "captures", "the uncaptured rest is given up")
        }
        Purpose::Refund(target) if needs_its_body(target, form) => {
            match state.endpoint.delete_body {
                DeleteBody::Arrives => {
                    adjusted(target, form, "gives back", "the rest can be refunded later")
                }
                DeleteBody::Unchecked => {
                    let words = "never checked whether the body of a DELETE gets there: without it all \
                                 is refunded (bango doctor --profile tries)";
                    return (words.to_owned(), theme.waiting);
                }
                DeleteBody::IsDropped => {
                    let words =
                        "something on the way drops the body of a DELETE: all would be refunded";
                    return (words.to_owned(), theme.refused);
                }
            }
        }
        Purpose::Refund(target) => {
            adjusted(target, form, "gives back", "the rest can be refunded later")
        }
        Purpose::Draft(draft) => {
            let of = draft
                .id
                .as_ref()
                .map_or(String::new(), |id| format!(" of {id}"));
            format!("{}{of}, with this body", draft.operation.name())
        }
    };
    (words, theme.dim)
}

/// Whether it is a refund of a part, which says so only in its body.
fn needs_its_body(target: &adjust::Target, form: &Form) -> bool {
    form.gross().is_some_and(|gross| gross != target.left.gross)
}

/// Whether a payment of this life was begun under the id that it would send: a repeat would be one of it.
fn is_taken(state: &State, form: &Form) -> bool {
    let body = form.as_it_stands().body.unwrap_or_default();
    let Some(external) = Asked::read(&body).external else {
        return false;
    };
    let rows = state.transactions.rows.iter();
    let mut began = rows.filter(|payment| payment.epoch == state.epoch);
    began.any(|payment| payment.external() == Some(&external))
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
