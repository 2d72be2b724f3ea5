//! The last row: what just happened, or what is awaited, and the keys that help now.

use ratatui::Frame;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::console::app::command::Command;
use crate::console::app::inspector::Ask;
use crate::console::app::keymap::Layer;
use crate::console::app::layout::Rect;
use crate::console::app::prompt::{Prompt, Purpose};
use crate::console::app::state::{Pane, State, Tone};
use crate::console::app::verbs;
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;
use crate::record::filter::Filter;
use crate::text::Foreign;

pub fn paint(state: &State, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let status = match &state.prompt {
        Some(prompt) if state.overlay.is_none() => typing(state, prompt, width, theme),
        _ => status(state, theme),
    };
    // What happened matters more than the later ones of the keys.
    let keys = keys(state, theme);
    let first = keys.first().map_or(0, Line::width);
    // A sentence that fits by itself is not cut for a key that every other moment shows.
    let is_told_whole = status.width() < width && status.width() + 2 + first > width;
    let keys = if is_told_whole {
        Line::default()
    } else {
        fitting(keys, width.saturating_sub(status.width() + 2))
    };
    let room = width.saturating_sub(keys.width() + 2);
    let status = Line::from(paint::cut(status.spans, room));
    frame.render_widget(status, paint::rect(area));
    let taken = u16::try_from(keys.width()).unwrap_or(0);
    let (_, right) = area.split_left(area.width.saturating_sub(taken + 1));
    frame.render_widget(keys, paint::rect(right));
}

/// The line that is typed into, and what there is to say about it.
fn typing(state: &State, prompt: &Prompt, width: usize, theme: &Theme) -> Line<'static> {
    let name = match prompt.purpose {
        Purpose::Filter(_) => " / ",
        Purpose::GoTo => " go to the id ",
    };
    let hint = hint(state, prompt);
    let mut line = Line::from(Span::styled(name, theme.label));
    // A hint is worth more than the whole of a long text.
    let taken = hint.map_or(0, |hint| (hint.len() + 2).min(width / 2));
    let room = width.saturating_sub(line.width() + taken + 1);
    line.extend(paint::field(&prompt.editor, true, room, theme));
    if let Some(hint) = hint {
        let room = width.saturating_sub(line.width() + 1);
        let hint = format!("  {hint}");
        line.extend(paint::start_of(&hint, room, theme.unknown, theme));
    }
    line
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
    if let Some(prompt) = &state.prompt {
        // A hint is worth more than they are.
        let has_hint = hint(state, prompt).is_some();
        let keys = if has_hint { &[] } else { keys_of(prompt) };
        return shown(state, keys, theme);
    }
    let awaited = state.calls.values().any(|waiting| !waiting.cancelled);
    let pairs: &[(Layer, Command, &str)] = match state.focus {
        _ if awaited => &[
            (Layer::Always, Command::Leave, "stop waiting"),
            (Layer::App, Command::Quit, "quit"),
        ],
        _ if state.is_filtered_away() => &[
            (Layer::Always, Command::Leave, "show all"),
            (Layer::List, Command::OpenFilter, "filter"),
            (Layer::App, Command::Quit, "quit"),
        ],
        Pane::Sessions if state.sessions.rows.is_empty() => &[
            (
                Layer::List,
                Command::Open,
                if state.endpoint.takes_writes() {
                    "identify"
                } else {
                    "inspect"
                },
            ),
            (Layer::App, Command::Quit, "quit"),
        ],
        Pane::Sessions | Pane::Transactions => &[
            (Layer::List, Command::Open, next_verb(state)),
            (Layer::App, Command::OpenActions, "actions"),
            (Layer::App, Command::NewPayment, "new payer"),
            (Layer::App, Command::OpenCopyMenu, "copy"),
            (Layer::App, Command::Export, "share"),
            (Layer::List, Command::OpenFilter, "filter"),
            (Layer::App, Command::Quit, "quit"),
        ],
        Pane::Verbs => &[
            (Layer::Verbs, Command::Previous, ""),
            (Layer::Verbs, Command::Next, "choose"),
            (Layer::Verbs, Command::Open, "do it"),
            (Layer::App, Command::Quit, "quit"),
        ],
        Pane::Inspector if state.inspector.prompt == Some(Ask::Query) => &[
            (Layer::Line, Command::Submit, "run"),
            (Layer::Line, Command::Up, "earlier ones"),
            (Layer::Always, Command::Leave, "leave"),
        ],
        Pane::Inspector if state.inspector.prompt.is_some() => &[
            (Layer::Line, Command::Submit, "keep"),
            (Layer::Always, Command::Leave, "leave"),
        ],
        Pane::Inspector => &[
            (Layer::Inspector, Command::Previous, ""),
            (Layer::Inspector, Command::Next, "part"),
            (
                Layer::App,
                Command::Zoom,
                if state.zoomed { "shrink" } else { "enlarge" },
            ),
            (Layer::App, Command::OpenCopyMenu, "copy"),
            (Layer::Inspector, Command::Search, "search"),
            (Layer::Inspector, Command::ToggleFold, "fold"),
            (Layer::Inspector, Command::AskQuery, "jq"),
            (Layer::App, Command::Quit, "quit"),
        ],
        Pane::Timeline => &[
            (Layer::List, Command::Open, "inspect"),
            (Layer::List, Command::Mark, "mark"),
            (Layer::App, Command::Compare, "compare"),
            (Layer::List, Command::OpenFilter, "filter"),
            (Layer::App, Command::OpenCopyMenu, "copy"),
            (Layer::App, Command::Quit, "quit"),
        ],
    };
    shown(state, pairs, theme)
}

/// What there is to say about the filter that is typed.
fn hint<'s>(state: &'s State, prompt: &Prompt) -> Option<&'s str> {
    match prompt.purpose {
        Purpose::Filter(pane) => state.filter(pane).and_then(Filter::hint),
        Purpose::GoTo => None,
    }
}

const fn keys_of(prompt: &Prompt) -> &'static [(Layer, Command, &'static str)] {
    match prompt.purpose {
        Purpose::Filter(_) => &[
            (Layer::Prompt, Command::Accept, "keep"),
            (Layer::Prompt, Command::Earlier, "earlier"),
            (Layer::Always, Command::Leave, "clear"),
        ],
        Purpose::GoTo => &[
            (Layer::Prompt, Command::Accept, "go there"),
            (Layer::Always, Command::Leave, "leave"),
        ],
    }
}

fn shown(state: &State, pairs: &[(Layer, Command, &str)], theme: &Theme) -> Vec<Line<'static>> {
    pairs
        .iter()
        .filter(|(_, command, _)| acts(state, *command))
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

/// Whether a command can do anything with this endpoint.
const fn acts(state: &State, command: Command) -> bool {
    match command {
        Command::NewPayment => state.endpoint.takes_writes(),
        Command::OpenActions => !state.endpoint.replay,
        _ => true,
    }
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
    if state.endpoint.replay {
        return "inspect";
    }
    let offers = verbs::offers(state);
    let offer = &offers[verbs::next(&offers)];
    if offer.possible && offer.verb.asks_first() {
        offer.verb.words_for_a_key()
    } else {
        "actions"
    }
}
