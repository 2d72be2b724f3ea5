//! The painter: state in, cells out.
//!
//! Fills the rectangles of [`layout`] and asks the theme for roles. It decides
//! nothing and changes nothing.

mod glyphs;
mod overlays;
mod paint;
mod panes;
pub mod theme;

use ratatui::Frame;

use super::app::layout::{self, SMALLEST};
use super::app::state::State;
use theme::Theme;

pub fn view(state: &State, theme: &Theme, frame: &mut Frame<'_>) {
    whole(state, theme, frame);
    if state.look.ascii {
        glyphs::to_ascii(frame.buffer_mut());
    }
}

fn whole(state: &State, theme: &Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    frame.buffer_mut().set_style(area, theme.ground);
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        panes::too_small(theme, frame);
        return;
    }
    let layout = layout::layout(state);
    panes::header::paint(state, theme, frame, layout.header);
    panes::sessions::paint(state, theme, frame, layout.sessions);
    panes::transactions::paint(state, theme, frame, layout.transactions);
    panes::verbs::paint(state, theme, frame, layout.verbs);
    panes::inspector::paint(state, theme, frame, layout.inspector);
    panes::timeline::paint(state, theme, frame, layout.timeline);
    panes::footer::paint(state, theme, frame, layout.footer);
    overlays::paint(state, theme, frame, layout.overlay);
}
