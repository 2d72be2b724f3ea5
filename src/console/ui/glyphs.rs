//! Every sign of ours that is not ASCII, and the ASCII sign that stands in for it.
//!
//! Panes write the signs; with `--ascii` the finished frame is gone over once, so that no pane can forget
//! it. Foreign text is left as it is, but for the signs in this table.

use ratatui::buffer::Buffer;

/// Each takes one cell, and so does its twin. Signs that tell rows of one pane apart have different twins.
pub const TWINS: [(&str, &str); 43] = [
    // Borders; heavy is the pane in focus.
    ("\u{2500}", "-"),
    ("\u{2502}", "|"),
    ("\u{250c}", "+"),
    ("\u{2510}", "+"),
    ("\u{2514}", "+"),
    ("\u{2518}", "+"),
    ("\u{2501}", "="),
    ("\u{2503}", "#"),
    ("\u{250f}", "#"),
    ("\u{2513}", "#"),
    ("\u{2517}", "#"),
    ("\u{251b}", "#"),
    // The selected row, the next step, a step that is done.
    ("\u{258c}", ">"),
    ("\u{25b8}", ">"),
    ("\u{25be}", "v"),
    ("\u{2713}", "v"),
    // States.
    ("\u{25cb}", "o"),
    ("\u{25cf}", "*"),
    ("\u{25d0}", "%"),
    ("\u{25d4}", ":"),
    ("\u{25cc}", "."),
    ("\u{2298}", "-"),
    ("\u{2715}", "x"),
    ("\u{21a9}", "^"),
    ("\u{2260}", "!"),
    // The timeline.
    ("\u{2192}", ">"),
    ("\u{2190}", "<"),
    ("\u{21c4}", "="),
    ("\u{263a}", "@"),
    ("\u{2709}", "M"),
    ("\u{270e}", "/"),
    // The bar of money.
    ("\u{2587}", "#"),
    ("\u{2592}", "="),
    ("\u{2591}", "."),
    // Keys.
    ("\u{2191}", "^"),
    ("\u{2193}", "v"),
    // Punctuation.
    ("\u{2026}", "~"),
    ("\u{b7}", "-"),
    ("\u{d7}", "x"),
    ("\u{2014}", "-"),
    ("\u{2013}", "-"),
    // Around what must not reach the terminal.
    ("\u{2039}", "<"),
    ("\u{203a}", ">"),
];

/// Puts its twin in the place of each sign.
pub fn to_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if cell.symbol().is_ascii() {
            continue;
        }
        let twin = TWINS.iter().find(|(sign, _)| *sign == cell.symbol());
        if let Some((_, twin)) = twin {
            cell.set_symbol(twin);
        } else if cell.symbol().chars().all(is_picture) {
            cell.set_symbol("?");
        }
    }
}

/// The picture of a control character, which stands in the look of a mark.
fn is_picture(character: char) -> bool {
    matches!(character, '\u{2400}'..='\u{2426}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::cells;

    #[test]
    fn a_twin_is_ascii_and_takes_as_much_room() {
        for (sign, twin) in TWINS {
            assert!(!sign.is_ascii() && twin.is_ascii(), "{sign}");
            assert_eq!((cells(sign), cells(twin)), (1, 1), "{sign}");
        }
    }

    #[test]
    fn other_text_stays_and_pictures_of_control_characters_do_not() {
        let mut buffer = Buffer::with_lines(["\u{e9}\u{2400}\u{241b}\u{6f22}a\u{25cf}"]);
        to_ascii(&mut buffer);
        assert_eq!(buffer, Buffer::with_lines(["\u{e9}??\u{6f22}a*"]));
    }

    #[test]
    fn no_sign_stands_twice() {
        let mut signs = TWINS.map(|(sign, _)| sign);
        signs.sort_unstable();
        assert!(signs.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
