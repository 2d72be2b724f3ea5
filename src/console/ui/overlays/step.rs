//! A step of an identification that is no page.

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};

use crate::api::Action;
use crate::console::app::state::State;
use crate::console::app::step::{self, Step};
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;

pub fn paint(state: &State, step: Step, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let session = state.sessions.get(&step.session);
    let action = session.and_then(step::action);
    let asking = session.is_some_and(|session| !session.in_flight.is_empty());
    let title = match action {
        Some(Action::SendSms { .. }) => "Identification: an SMS from the payer's phone",
        Some(Action::Wait { .. }) => "Identification: waiting",
        _ => "Identification: something unknown is asked for",
    };
    let inner = paint::popup(title, theme, frame, area);
    let width = usize::from(inner.width).saturating_sub(2);
    let mut lines = vec![Line::default()];
    match action {
        Some(Action::SendSms { text, shortcode }) => {
            lines.extend(said(
                "The payer's phone has to send this, so that its number is known:",
                width,
                theme,
            ));
            lines.push(Line::default());
            lines.push(value("Text", text, width, theme));
            lines.push(value("To", shortcode, width, theme));
            lines.push(Line::default());
            let next = if state.endpoint.kind.is_remote() {
                "Say when it was sent."
            } else {
                "Nobody has to send it to a sandbox: say that it was done."
            };
            lines.extend(said(next, width, theme));
        }
        Some(Action::Wait { .. }) => {
            lines.extend(said(
                &waiting(state, state.waits.get(&step.session)),
                width,
                theme,
            ));
            lines.push(Line::default());
            lines.extend(said(
                "The answer was WAIT: whatever is pending takes its time, and the next call tells.",
                width,
                theme,
            ));
        }
        Some(Action::Unknown(name)) => {
            lines.push(value("Action", name, width, theme));
            lines.push(Line::default());
            lines.extend(said("This console does not know it. The API's rule for that: answer with action: cancel, and another way is tried.", width, theme));
        }
        _ => {}
    }
    lines.resize(usize::from(inner.height).saturating_sub(1), Line::default());
    lines.push(if asking {
        Line::styled(" asking\u{2026}", theme.waiting)
    } else {
        let mut keys = keys(action).to_vec();
        if state.endpoint.kind.is_remote() {
            keys.retain(|(key, _)| *key != "s");
        }
        paint::keys(&keys, theme)
    });
    frame.render_widget(Text::from(lines), inner);
}

fn keys(action: Option<&Action>) -> &'static [(&'static str, &'static str)] {
    match action {
        Some(Action::SendSms { .. }) => &[
            (" enter", "I have sent it"),
            ("s", "it arrives now"),
            ("k", "cannot"),
            ("y", "copy"),
            ("esc", "later"),
        ],
        Some(Action::Wait { .. }) => &[
            (" enter", "ask now"),
            ("s", "the SMS arrives now"),
            ("k", "give up this way"),
            ("esc", "hide"),
        ],
        _ => &[(" enter", "answer with cancel"), ("esc", "later")],
    }
}

fn waiting(state: &State, due: Option<&Timestamp>) -> String {
    match due {
        Some(due) if state.look.still => {
            let time = paint::time_of_day(state, *due, true);
            format!("It goes on by itself at {time}.")
        }
        Some(due) => {
            let left = due.duration_since(state.at).as_millis().max(0);
            format!(
                "It goes on by itself in {} s.",
                left.unsigned_abs().div_ceil(1000)
            )
        }
        None => "It does not go on by itself: enter asks what comes next.".to_owned(),
    }
}

fn said(words: &str, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    paint::wrap(words, width)
        .into_iter()
        .map(|line| Line::styled(format!(" {line}"), theme.text))
        .collect()
}

/// The server's words: escaped.
fn value(label: &str, value: &str, width: usize, theme: &Theme) -> Line<'static> {
    let mut line = Line::from(Span::styled(format!("   {label:<8}"), theme.label));
    let room = width.saturating_sub(11);
    line.extend(paint::foreign_within(value, room, theme.heading, theme));
    line
}
