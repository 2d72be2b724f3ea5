//! The address of the payer's page for the camera of a phone.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span, Text};

use crate::console::app::payer::{Code, Payer, QUIET};
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;

/// How modules become cells.
#[derive(Clone, Copy)]
struct Ink {
    /// Two cells for a module, where there are no half blocks.
    ascii: bool,
    colour: bool,
}

pub fn paint(
    payer: &Payer,
    code: &Code,
    ascii: bool,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let title = if payer.is_on_this_machine() {
        "For a camera: only this machine reaches the page"
    } else {
        "The page for a phone's camera"
    };
    let inner = paint::popup(title, theme, frame, area);
    let width = usize::from(inner.width);
    let ink = Ink {
        ascii,
        colour: theme.has_colour(),
    };
    let room = usize::from(inner.height).saturating_sub(2);
    let mut lines = match quiet(code, width, room, ascii) {
        Some(quiet) => modules(code, quiet, width, ink),
        None => too_small(code, width, theme, ascii),
    };
    lines.truncate(room);
    let mut address = Line::raw(" ");
    address.extend(paint::foreign_within(
        &payer.url,
        width.saturating_sub(2),
        theme.text,
        theme,
    ));
    lines.push(address);
    let mut keys = Line::raw(" ");
    let known = [("ctrl+y", "copy"), ("ctrl+o", "browser"), ("esc", "back")];
    keys.extend(paint::keys(&known, theme));
    lines.push(keys);
    frame.render_widget(Text::from(lines), inner);
}

/// The widest quiet zone for which there is room.
fn quiet(code: &Code, width: usize, height: usize, ascii: bool) -> Option<usize> {
    let fits = |quiet: &usize| {
        let side = code.side() + 2 * quiet;
        let (columns, rows) = if ascii {
            (2 * side, side)
        } else {
            (side, side.div_ceil(2))
        };
        columns <= width && rows <= height
    };
    (QUIET.1..=QUIET.0).rev().find(fits)
}

fn too_small(code: &Code, width: usize, theme: &Theme, ascii: bool) -> Vec<Line<'static>> {
    // With the border, the address, the keys and the last row.
    let (columns, rows) = Payer::room(code, ascii);
    let spare = u16::try_from(2 * (QUIET.0 - QUIET.1)).unwrap_or(0);
    let (columns, rows) = if ascii {
        (columns - 2 * spare, rows - spare)
    } else {
        (columns - spare, rows - spare / 2)
    };
    let words = format!(
        "The code needs a window of {} by {} cells. Until then the address can be copied.",
        columns + 2,
        rows + 5,
    );
    paint::wrap(&words, width.saturating_sub(2))
        .into_iter()
        .map(|line| Line::styled(format!(" {line}"), theme.text))
        .collect()
}

fn modules(code: &Code, quiet: usize, width: usize, ink: Ink) -> Vec<Line<'static>> {
    let side = code.side() + 2 * quiet;
    // One more row of light where the last half has no other.
    let dark = |x: usize, y: usize| match (x.checked_sub(quiet), y.checked_sub(quiet)) {
        (Some(x), Some(y)) => code.is_dark(x, y),
        _ => false,
    };
    let columns = if ink.ascii { 2 * side } else { side };
    let margin = Span::raw(" ".repeat(width.saturating_sub(columns) / 2));
    let step = if ink.ascii { 1 } else { 2 };
    let row = |y: usize| {
        let cells = (0..side).map(|x| ink.cell(dark(x, y), dark(x, y + 1)));
        [margin.clone()].into_iter().chain(cells).collect()
    };
    (0..side).step_by(step).map(row).collect()
}

impl Ink {
    /// Dark on light whatever the theme: that is what cameras are made for. Without colour the light
    /// modules are the ink, which is right on a dark ground; on a light one the code is inverted, and
    /// most cameras read that, too.
    fn cell(self, top: bool, bottom: bool) -> Span<'static> {
        let color = |dark| if dark { Color::Black } else { Color::White };
        match (self.ascii, self.colour) {
            (false, true) => {
                Span::styled("\u{2580}", Style::new().fg(color(top)).bg(color(bottom)))
            }
            (false, false) => Span::raw(match (top, bottom) {
                (false, false) => "\u{2588}",
                (false, true) => "\u{2580}",
                (true, false) => "\u{2584}",
                (true, true) => " ",
            }),
            (true, true) => Span::styled("  ", Style::new().bg(color(top))),
            (true, false) if top => Span::raw("  "),
            (true, false) => Span::styled("  ", Style::new().add_modifier(Modifier::REVERSED)),
        }
    }
}
