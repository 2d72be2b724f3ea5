//! Where everything is on the screen: one pure function from size and state to named rectangles.
//!
//! The painter fills them and paging is computed from them, so the two can never disagree.

use super::payer::Payer;
use super::state::{Copied, Overlay, Pane, Question, State};
use crate::text::{Foreign, cells};

/// A rectangle in cells. It may be empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

impl Rect {
    pub const fn new(x: u16, y: u16, width: u16, height: u16) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }

    /// What is left inside a border of one cell.
    #[must_use]
    pub const fn inner(self) -> Self {
        Self {
            x: self.x.saturating_add(1),
            y: self.y.saturating_add(1),
            width: self.width.saturating_sub(2),
            height: self.height.saturating_sub(2),
        }
    }

    pub const fn contains(self, column: u16, row: u16) -> bool {
        column >= self.x
            && row >= self.y
            && column - self.x < self.width
            && row - self.y < self.height
    }

    pub const fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// The first `rows` rows, and the rest.
    pub fn split_top(self, rows: u16) -> (Self, Self) {
        let rows = rows.min(self.height);
        (
            Self {
                height: rows,
                ..self
            },
            Self {
                y: self.y + rows,
                height: self.height - rows,
                ..self
            },
        )
    }

    /// The rest, and the last `rows` rows.
    pub fn split_bottom(self, rows: u16) -> (Self, Self) {
        self.split_top(self.height.saturating_sub(rows))
    }

    /// The first `columns` columns, and the rest.
    pub fn split_left(self, columns: u16) -> (Self, Self) {
        let columns = columns.min(self.width);
        (
            Self {
                width: columns,
                ..self
            },
            Self {
                x: self.x + columns,
                width: self.width - columns,
                ..self
            },
        )
    }

    /// A rectangle of at most this size in the middle.
    #[must_use]
    pub fn centred(self, width: u16, height: u16) -> Self {
        let (width, height) = (width.min(self.width), height.min(self.height));
        Self {
            x: self.x + (self.width - width) / 2,
            y: self.y + (self.height - height) / 2,
            width,
            height,
        }
    }
}

/// The named rectangles of one frame. A pane that is not shown has an empty one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub header: Rect,
    pub sessions: Rect,
    pub transactions: Rect,
    pub timeline: Rect,
    pub verbs: Rect,
    pub inspector: Rect,
    pub footer: Rect,
    /// The popup on top, border included.
    pub overlay: Rect,
}

/// Below this width one pane is shown at a time.
pub const WIDE: u16 = 80;
/// Below this size there is only room to say so.
pub const SMALLEST: (u16, u16) = (24, 8);

pub fn layout(state: &State) -> Layout {
    let (width, height) = state.size;
    let screen = Rect::new(0, 0, width, height);
    let (header, below) = screen.split_top(1);
    let (body, footer) = below.split_bottom(1);
    let mut layout = Layout {
        header,
        footer,
        ..Layout::default()
    };
    if state.zoomed && state.focus != Pane::Verbs {
        alone(&mut layout, body, state.focus);
    } else if width >= WIDE && height >= 20 {
        four_panes(&mut layout, body, left_width(state));
    } else {
        one_pane(&mut layout, body, state.focus);
    }
    layout.overlay = state
        .overlay
        .as_ref()
        .map_or(Rect::default(), |overlay| popup(state, overlay, body));
    layout
}

/// The narrowest that each of the two columns gets.
const NARROWEST: (u16, u16) = (16, 44);

/// Cells of the left column where there are two: as the user has it, as far as there is room.
pub fn left_width(state: &State) -> u16 {
    let width = state.size.0;
    let usual = (width.min(1_000) * 11 / 40).clamp(22, 40);
    let most = width.saturating_sub(NARROWEST.1).max(NARROWEST.0);
    state.look.left.unwrap_or(usual).clamp(NARROWEST.0, most)
}

fn four_panes(layout: &mut Layout, body: Rect, left_width: u16) {
    let lists_height = (body.height * 3 / 10).max(7);
    let (left, right) = body.split_left(left_width);
    (layout.sessions, layout.timeline) = left.split_top(lists_height);
    let (transactions, below) = right.split_top(lists_height);
    layout.transactions = transactions;
    (layout.verbs, layout.inspector) = below.split_top(4);
}

fn one_pane(layout: &mut Layout, body: Rect, focus: Pane) {
    let (pane, verbs) = body.split_bottom(if body.height > 10 { 4 } else { 0 });
    layout.verbs = verbs;
    alone(layout, pane, focus);
}

fn alone(layout: &mut Layout, pane: Rect, focus: Pane) {
    match focus {
        Pane::Sessions => layout.sessions = pane,
        Pane::Transactions | Pane::Verbs => layout.transactions = pane,
        Pane::Inspector => layout.inspector = pane,
        Pane::Timeline => layout.timeline = pane,
    }
}

impl Layout {
    /// Whether the line between the two columns is at this cell.
    pub const fn divides(&self, column: u16, row: u16) -> bool {
        let (left, right) = (self.sessions, self.transactions);
        let is_between = column + 1 == right.x || column == right.x;
        !left.is_empty() && !right.is_empty() && is_between && row >= left.y && row < self.footer.y
    }
}

/// Popups are as large as what they hold, never larger than the body.
fn popup(state: &State, overlay: &Overlay, body: Rect) -> Rect {
    let rows = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    match overlay {
        Overlay::Menu(menu) => body.centred(76, rows(menu.items.len()) + 4),
        Overlay::Picker(_) | Overlay::Money => body.centred(78, 22),
        Overlay::Stubs(_) => body.centred(70, 22),
        Overlay::Form(form) if form.is_text() => body.centred(78, body.height),
        // Border, what is checked or wrong (two rows), and the keys.
        Overlay::Form(form) => body.centred(76, rows(form.fields.len()) + 6),
        Overlay::Payer(payer) => match &payer.code {
            // Border, the address and the keys. It needs more than there is between header and footer.
            Some(code) => {
                let (columns, rows) = Payer::room(code, state.look.ascii);
                let above_footer = Rect::new(0, 0, state.size.0, state.size.1.saturating_sub(1));
                above_footer.centred(columns.saturating_add(4).max(68), rows.saturating_add(4))
            }
            None => body.centred(68, payer.rows() + 8),
        },
        Overlay::Preview(_) | Overlay::Help(_) | Overlay::Palette(_) => {
            body.centred(78, body.height)
        }
        // Border and the keys.
        Overlay::Compare(compare) => body.centred(
            body.width.saturating_sub(2).max(78),
            rows(compare.lines.len()).saturating_add(4),
        ),
        Overlay::Copied(_) => body.centred(74, rows(copied_rows(state, 72) + 2)),
        // Border, the formats, the file, the keys, and empty rows between them.
        Overlay::Export(export) => body.centred(76, rows(export.scopes.len()) + 12),
        Overlay::Step(_) => body.centred(70, 12),
        Overlay::Themes(_) => body.centred(46, rows(state.look.themes.len()) + 4),
        Overlay::Stake(_) => body.centred(70, 10),
        Overlay::Confirm(Question::Delete(_)) => body.centred(66, 7),
        Overlay::Confirm(_) => body.centred(58, 6),
        // Border, an empty row, and the keys.
        Overlay::Notices => body.centred(76, rows(notice_rows(state, 70) + 4)),
    }
}

/// How many rows of `width` cells what was copied takes.
fn copied_rows(state: &State, width: usize) -> usize {
    let lines = state.copied.iter().flat_map(Copied::lines);
    lines
        .map(|line| cells(&Foreign::new(line).screen_text()) / width + 1)
        .sum()
}

/// About how many rows of `width` cells the notices take, with an empty one between two.
fn notice_rows(state: &State, width: usize) -> usize {
    let notices = state.notices.iter().flatten();
    notices
        .map(|words| cells(&Foreign::from(words.as_str()).screen_text()) / width + 2)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitting_never_leaves_the_rectangle() {
        let rect = Rect::new(3, 4, 5, 2);
        assert_eq!(rect.split_top(9), (rect, Rect::new(3, 6, 5, 0)));
        assert_eq!(rect.split_bottom(9).1, rect);
        assert_eq!(rect.centred(100, 100), rect);
        assert_eq!(Rect::default().inner(), Rect::new(1, 1, 0, 0));
    }
}
