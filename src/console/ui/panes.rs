//! The panes of the main screen.

pub mod footer;
pub mod header;
pub mod inspector;
pub mod sessions;
pub mod timeline;
pub mod transactions;
pub mod verbs;

use ratatui::Frame;
use ratatui::text::Line;

use crate::console::app::layout::SMALLEST;

use super::paint;
use super::theme::Theme;

/// One line where there is no room for a pane; the state is kept.
pub fn too_small(theme: &Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    let words = format!("bango needs {}\u{d7}{}", SMALLEST.0, SMALLEST.1);
    let line = Line::styled(paint::fit(&words, usize::from(area.width)), theme.text);
    frame.render_widget(line, area);
}
