//! Colours of 24 bits on a terminal that has 256.

use ratatui::style::{Color, Style};

/// The levels of the cube of 6 × 6 × 6 colours that begins at 16, and the first of the 24 greys behind it.
const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
const GREYS: u8 = 232;

/// The look with the nearest colours of the table that most terminals share.
pub(super) fn indexed(style: Style) -> Style {
    Style {
        fg: style.fg.map(nearest),
        bg: style.bg.map(nearest),
        ..style
    }
}

fn nearest(color: Color) -> Color {
    let Color::Rgb(red, green, blue) = color else {
        return color;
    };
    let table = (16..=u8::MAX).map(|index| (distance(of_index(index), (red, green, blue)), index));
    let (_, index) = table.min().unwrap_or_default();
    Color::Indexed(index)
}

/// What xterm's table has at an index from 16.
pub(super) fn of_index(index: u8) -> (u8, u8, u8) {
    if index >= GREYS {
        let grey = 8 + 10 * (index - GREYS);
        return (grey, grey, grey);
    }
    let place = index.saturating_sub(16);
    let level = |digit: u8| LEVELS[usize::from(digit % 6)];
    (level(place / 36), level(place / 6), level(place))
}

fn distance(left: (u8, u8, u8), right: (u8, u8, u8)) -> u32 {
    let square = |left: u8, right: u8| u32::from(left.abs_diff(right)).pow(2);
    square(left.0, right.0) + square(left.1, right.1) + square(left.2, right.2)
}
