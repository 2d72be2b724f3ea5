//! The last row: what just happened, or what is awaited, and the keys that help now.

use ratatui::Frame;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::console::app::command::Command;
use crate::console::app::keymap::Layer;
use crate::console::app::layout::Rect;
use crate::console::app::state::{Pane, State, Tone};
use crate::console::app::verbs;
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;
use crate::text::Foreign;

pub fn paint(state: &State, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let status = status(state, theme);
    // What happened matters more than the later ones of the keys.
    let keys = fitting(keys(state, theme), width.saturating_sub(status.width() + 2));
    let room = width.saturating_sub(keys.width() + 2);
    let status = Line::from(paint::cut(status.spans, room));
    frame.render_widget(status, paint::rect(area));
    let taken = u16::try_from(keys.width()).unwrap_or(0);
    let (_, right) = area.split_left(area.width.saturating_sub(taken + 1));
    frame.render_widget(keys, paint::rect(right));
}

fn status(state: &State, theme: &Theme) -> Line<'static> {
    if let Some(waiting) = state.calls.values().next() {
        let seconds = state.at.duration_since(waiting.since).as_secs().max(0);
        let name = waiting.operation.name();
        let words = if waiting.cancelled {
            format!(" {name}: stopping")
        } else if state.look.still {
            format!(" {name}: waiting for the answer")
        } else if seconds > 0 {
            format!(" {name}: waiting for the answer, {seconds} s")
        } else {
            format!(" {name}\u{2026}")
        };
        return Line::from(Span::styled(words, theme.waiting));
    }
    if let Some(trouble) = state.unrecorded.values().next() {
        return said(&format!("not recorded: {trouble}"), theme.error, theme);
    }
    match &state.toast {
        None => Line::default(),
        Some(toast) => {
            let style = match toast.tone {
                Tone::Plain => theme.text,
                Tone::Good => theme.success,
                Tone::Bad => theme.refused,
            };
            said(&toast.words, style, theme)
        }
    }
}

/// Sentences of ours, in which there may be words of others.
fn said(words: &str, style: Style, theme: &Theme) -> Line<'static> {
    let mut line = Line::raw(" ");
    line.extend(paint::foreign(&Foreign::from(words), style, theme));
    line
}

/// At most the few that apply. A popup names its own, and leaves this row to what just happened.
fn keys(state: &State, theme: &Theme) -> Vec<Line<'static>> {
    if state.overlay.is_some() {
        return Vec::new();
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
            (Layer::List, Command::Open, next_verb(state)),
            (Layer::App, Command::OpenActions, "actions"),
            (Layer::App, Command::NewPayment, "new payer"),
            (Layer::App, Command::OpenCopyMenu, "copy"),
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
            (Layer::Inspector, Command::Next, "part"),
            (Layer::Inspector, Command::Down, "scroll"),
            (
                Layer::App,
                Command::Zoom,
                if state.zoomed { "shrink" } else { "enlarge" },
            ),
            (Layer::App, Command::OpenCopyMenu, "copy"),
            (Layer::App, Command::Quit, "quit"),
        ],
        Pane::Timeline => &[
            (Layer::List, Command::Open, "inspect"),
            (Layer::App, Command::OpenCopyMenu, "copy"),
            (Layer::App, Command::Quit, "quit"),
        ],
    };
    pairs
        .iter()
        .filter_map(|&(layer, command, words)| {
            let key = state.keymap.shown(layer, command)?;
            let gap = if words.is_empty() { "" } else { " " };
            Some(Line::from(vec![
                Span::styled(key.to_string(), theme.key),
                Span::styled(format!("{gap}{words} "), theme.dim),
            ]))
        })
        .collect()
}

/// As many as there is room for, but always the first.
fn fitting(keys: Vec<Line<'static>>, room: usize) -> Line<'static> {
    let mut line = Line::default();
    for (at, key) in keys.into_iter().enumerate() {
        let gap = usize::from(at > 0);
        if at > 0 && line.width() + gap + key.width() > room {
            break;
        }
        line.push_span(Span::raw(" ".repeat(gap)));
        line.extend(key.spans);
    }
    line
}

/// What enter does on the selected row.
fn next_verb(state: &State) -> &'static str {
    let offers = verbs::offers(state);
    let offer = &offers[verbs::next(&offers)];
    if offer.possible && offer.verb.asks_first() {
        offer.verb.words_for_a_key()
    } else {
        "actions"
    }
}
