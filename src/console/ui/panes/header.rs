//! The first row: what this is, where its calls go, and how to get help.

use ratatui::Frame;
use ratatui::layout::Alignment;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::console::app::command::Command;
use crate::console::app::keymap::Layer;
use crate::console::app::layout::Rect;
use crate::console::app::state::State;
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;

fn help(state: &State, theme: &Theme) -> Line<'static> {
    let mut help = Line::default();
    for (command, words) in [(Command::OpenHelp, "help "), (Command::Quit, "quit")] {
        if let Some(key) = state.keymap.shown(Layer::App, command) {
            help.push_span(Span::styled(key.to_string(), theme.key));
            help.push_span(Span::styled(format!(" {words} "), theme.dim));
        }
    }
    help
}

/// Real money looks like nothing else.
pub fn badge(state: &State, theme: &Theme) -> Style {
    if state.endpoint.is_live() {
        theme.badge_live
    } else {
        theme.badge
    }
}

pub fn paint(state: &State, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let mut line = Line::from(vec![
        Span::styled(" bango ", theme.heading),
        Span::styled(format!(" {} ", state.endpoint.badge()), badge(state, theme)),
        Span::raw(" "),
    ]);
    if state.endpoint.read_only {
        line.push_span(Span::styled("read-only ", theme.heading));
    }
    // Whose money it is matters more than the keys.
    let mut help = help(state, theme);
    if line.width() + help.width() > usize::from(area.width) {
        help = Line::default();
    }
    if state.endpoint.address.is_empty() {
        line.push_span(Span::styled("no sandbox", theme.error));
    } else {
        let room = usize::from(area.width).saturating_sub(line.width() + help.width() + 1);
        let address = state.endpoint.address.as_str();
        line.extend(paint::foreign_within(address, room, theme.dim, theme));
    }
    frame.render_widget(line, paint::rect(area));
    frame.render_widget(help.alignment(Alignment::Right), paint::rect(area));
}
