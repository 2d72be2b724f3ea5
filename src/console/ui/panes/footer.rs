//! The last row: what just happened, or what is awaited, and the keys that help now.

use ratatui::Frame;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::console::app::command::Command;
use crate::console::app::keymap::{self, Layer};
use crate::console::app::layout::Rect;
use crate::console::app::state::{Pane, State, Tone};
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;

pub fn paint(state: &State, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let keys = keys(state, theme);
    let room = usize::from(area.width).saturating_sub(keys.width() + 3);
    frame.render_widget(status(state, room, theme), paint::rect(area));
    let (_, right) = area.split_left(
        area.width
            .saturating_sub(u16::try_from(keys.width()).unwrap_or(0) + 1),
    );
    frame.render_widget(keys, paint::rect(right));
}

fn status(state: &State, room: usize, theme: &Theme) -> Line<'static> {
    if let Some(waiting) = state.calls.values().next() {
        let seconds = state.at.duration_since(waiting.since).as_secs().max(0);
        let words = if waiting.cancelled {
            format!(" {}: stopping", waiting.operation.name())
        } else if seconds > 0 {
            format!(
                " {}: waiting for the answer, {seconds} s",
                waiting.operation.name()
            )
        } else {
            format!(" {}\u{2026}", waiting.operation.name())
        };
        return Line::styled(paint::fit(&words, room), theme.waiting);
    }
    if let Some(trouble) = &state.journal_trouble {
        return said(
            &format!("not recorded: {trouble}"),
            theme.error,
            room,
            theme,
        );
    }
    match &state.toast {
        None => Line::default(),
        Some(toast) => {
            let style = match toast.tone {
                Tone::Plain => theme.text,
                Tone::Good => theme.success,
                Tone::Bad => theme.refused,
            };
            said(&toast.words, style, room, theme)
        }
    }
}

/// Sentences of ours, in which there may be words of others.
fn said(words: &str, style: Style, room: usize, theme: &Theme) -> Line<'static> {
    let mut line = Line::raw(" ");
    line.extend(paint::start_of(words, room.saturating_sub(1), style, theme));
    line
}

/// At most the few that apply. A popup names its own, and leaves this row to what just happened.
fn keys(state: &State, theme: &Theme) -> Line<'static> {
    if state.overlay.is_some() {
        return Line::default();
    }
    let awaited = state.calls.values().any(|waiting| !waiting.cancelled);
    let pairs: &[(Layer, Command, &str)] = match state.focus {
        _ if awaited => &[
            (Layer::Always, Command::Leave, "stop waiting"),
            (Layer::App, Command::Quit, "quit"),
        ],
        Pane::Sessions if state.sessions.rows.is_empty() => &[
            (Layer::List, Command::Open, "start"),
            (Layer::App, Command::Quit, "quit"),
        ],
        Pane::Sessions | Pane::Transactions => &[
            (Layer::List, Command::Open, "act"),
            (Layer::App, Command::OpenCopyMenu, "copy"),
            (Layer::App, Command::FocusNext, "next pane"),
            (Layer::App, Command::Quit, "quit"),
        ],
        Pane::Verbs => &[
            (Layer::Verbs, Command::Previous, ""),
            (Layer::Verbs, Command::Next, "choose"),
            (Layer::Verbs, Command::Open, "do it"),
            (Layer::App, Command::Quit, "quit"),
        ],
        Pane::Inspector => &[
            (Layer::Inspector, Command::Previous, ""),
            (Layer::Inspector, Command::Next, "tab"),
            (Layer::App, Command::OpenCopyMenu, "copy"),
            (Layer::App, Command::Quit, "quit"),
        ],
        Pane::Timeline => &[
            (Layer::List, Command::Open, "inspect"),
            (Layer::App, Command::OpenCopyMenu, "copy"),
            (Layer::App, Command::Quit, "quit"),
        ],
    };
    let mut line = Line::default();
    for (layer, command, words) in pairs {
        let Some(key) = keymap::shown(*layer, *command) else {
            continue;
        };
        line.push_span(Span::styled(key.to_string(), theme.key));
        let gap = if words.is_empty() {
            String::from(" ")
        } else {
            format!(" {words}  ")
        };
        line.push_span(Span::styled(gap, theme.dim));
    }
    line
}
