//! What single characters are to a terminal: controls, invisible ones, and what may join others.
//!
//! Owns the tables. What becomes of a whole cluster is `cluster`'s.

use unicode_segmentation::UnicodeSegmentation;

/// Opens a mark that names what cannot be shown.
pub(super) const OPEN: char = '\u{2039}';
/// Closes it.
pub(super) const CLOSE: char = '\u{203a}';

pub(super) const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
pub(super) const ZERO_WIDTH_JOINER: char = '\u{200d}';
pub(super) const TEXT_SELECTOR: char = '\u{fe0e}';
pub(super) const EMOJI_SELECTOR: char = '\u{fe0f}';

/// The mark in the place of a C0 control or DEL: its picture, and an arrow with spaces for a tab.
pub(super) fn control_picture(character: char) -> Option<String> {
    match character {
        '\t' => Some("\u{21e5}   ".to_owned()),
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).map(String::from),
        '\u{7f}' => Some("\u{2421}".to_owned()),
        _ => None,
    }
}

/// `‹U+202E›`.
pub(super) fn code_point_mark(character: char) -> String {
    format!("{OPEN}U+{:04X}{CLOSE}", u32::from(character))
}

/// `‹0x9B›`, for a byte that is not UTF-8.
pub(super) fn byte_mark(byte: u8) -> String {
    format!("{OPEN}0x{byte:02X}{CLOSE}")
}

/// Whether a character is invisible, moves others about, passes for a space, or looks like whatever the
/// font's maker liked. It is shown by its number, unless `cluster` knows it to be at home where it stands.
pub(super) fn is_hidden(character: char) -> bool {
    is_ignorable(character) || (is_unprintable(character) && !is_mark(character))
}

/// The characters that Unicode lets a renderer leave out, and the braille cell without a dot.
fn is_ignorable(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Controls, unassigned and private characters, and every space but two: the plain one, and the wide one
/// of East Asian text, which shows by its width. The standard library's own table knows them.
fn is_unprintable(character: char) -> bool {
    !character.is_ascii() && character != '\u{3000}' && character.escape_debug().len() > 1
}

/// Whether a character belongs to the one before it: marks, selectors, joiners, skin tones.
pub(super) fn is_mark(character: char) -> bool {
    !character.is_ascii() && is_one_cluster(&['a', character])
}

/// Whether a character is an emoji, or may be shown as one.
pub(super) fn is_pictograph(character: char) -> bool {
    !character.is_ascii()
        && is_one_cluster(&[character, ZERO_WIDTH_JOINER, character])
        && !is_mark(character)
}

/// The segmentation tables know the classes that we ask for, so they are asked instead of copied.
fn is_one_cluster(characters: &[char]) -> bool {
    let text: String = characters.iter().collect();
    text.graphemes(true).nth(1).is_none()
}

pub(super) fn is_skin_tone(character: char) -> bool {
    matches!(character, '\u{1f3fb}'..='\u{1f3ff}')
}

/// Whether a joiner or non-joiner between two letters shapes them, as Indic scripts (after a virama) and
/// Arabic script (a non-joiner only) are written. `before` is the character in front of it.
pub(super) fn shapes_script(joiner: char, before: char, after: Option<char>) -> bool {
    let Some(after) = after else { return false };
    if is_virama(before) {
        return u32::from(before) >> 7 == u32::from(after) >> 7 && after.is_alphabetic();
    }
    joiner == ZERO_WIDTH_NON_JOINER && is_arabic_letter(before) && is_arabic_letter(after)
}

fn is_virama(character: char) -> bool {
    matches!(
        character,
        '\u{94d}'
            | '\u{9cd}'
            | '\u{a4d}'
            | '\u{acd}'
            | '\u{b4d}'
            | '\u{bcd}'
            | '\u{c4d}'
            | '\u{ccd}'
            | '\u{d4d}'
            | '\u{dca}'
    )
}

fn is_arabic_letter(character: char) -> bool {
    matches!(character,
        '\u{620}'..='\u{64a}' | '\u{66e}' | '\u{66f}' | '\u{671}'..='\u{6d3}' | '\u{6d5}'
        | '\u{6fa}'..='\u{6fc}' | '\u{750}'..='\u{77f}')
}
