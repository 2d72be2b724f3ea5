//! The terminal's own clipboard: OSC 52.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// What stands between us and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrapping {
    None,
    /// GNU screen passes a device control string on to its terminal.
    Screen,
}

/// Screen drops longer strings.
const SCREEN_PIECE: usize = 240;

pub(super) fn copy(text: &str, wrapping: Wrapping) -> String {
    let encoded = BASE64_STANDARD.encode(text);
    match wrapping {
        Wrapping::None => format!("\x1b]52;c;{encoded}\x1b\\"),
        Wrapping::Screen => in_pieces(&encoded),
    }
}

/// The sequence in several strings, ended by BEL, for ESC \ would end the string around it.
fn in_pieces(encoded: &str) -> String {
    let mut escape = String::from("\x1bP\x1b]52;c;");
    let mut rest = encoded;
    while rest.len() > SCREEN_PIECE {
        let (piece, later) = rest.split_at(SCREEN_PIECE);
        let _ = write!(escape, "{piece}\x1b\\\x1bP");
        rest = later;
    }
    let _ = write!(escape, "{rest}\x07\x1b\\");
    escape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_ends_with_st_and_holds_base64() {
        assert_eq!(
            copy("2006721250", Wrapping::None),
            "\x1b]52;c;MjAwNjcyMTI1MA==\x1b\\"
        );
    }

    #[test]
    fn screen_gets_strings_it_can_hold_that_join_to_the_sequence() {
        let text = "x".repeat(1000);
        let escape = copy(&text, Wrapping::Screen);
        let pieces: Vec<&str> = escape
            .split_terminator("\x1b\\")
            .map(|piece| piece.strip_prefix("\x1bP").unwrap())
            .collect();
        assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.len() < 300));
        let joined = pieces.concat();
        let encoded = joined
            .strip_prefix("\x1b]52;c;")
            .and_then(|rest| rest.strip_suffix('\x07'))
            .unwrap();
        assert_eq!(BASE64_STANDARD.decode(encoded).unwrap(), text.as_bytes());
    }
}
