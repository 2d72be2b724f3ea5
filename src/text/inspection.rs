//! Eyes for the tests: what must never stand in a text that is shown, found without the tables that
//! `characters` and `cluster` go by.

use unicode_segmentation::UnicodeSegmentation;

/// Texts that have hurt terminals, pages, shells and readers.
pub(super) fn corpus() -> Vec<String> {
    serde_json::from_str(include_str!("../../tests/fixtures/hostile-text.json")).unwrap()
}

/// The first cluster that holds what a terminal must not get, or more than a cell may hold.
pub(super) fn forbidden(text: &str) -> Option<String> {
    text.graphemes(true)
        .find(|cluster| cluster.len() > 64 || has_mark_flood(cluster) || has_forbidden(cluster))
        .map(|cluster| cluster.escape_unicode().to_string())
        .or_else(|| stray_non_joiner(text))
}

fn has_mark_flood(cluster: &str) -> bool {
    let mut marks = 0;
    cluster.chars().any(|character| {
        let combines = matches!(character,
            '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{e31}'..='\u{e4e}' | '\u{20d0}'..='\u{20ff}'
            | '\u{93a}'..='\u{94f}' | '\u{1dc0}'..='\u{1dff}' | '\u{fe20}'..='\u{fe2f}');
        marks = if combines { marks + 1 } else { 0 };
        marks > 8
    })
}

fn has_forbidden(cluster: &str) -> bool {
    let flags = [
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
    ];
    let characters: Vec<char> = cluster.chars().collect();
    !flags.contains(&cluster)
        && characters
            .iter()
            .enumerate()
            .any(|(position, &character)| match character {
                // A joiner needs something on both sides, or a virama before it.
                '\u{200d}' => {
                    position == 0
                        || !(is_virama(characters[position - 1]) || position + 1 < characters.len())
                }
                // Looked at over cluster boundaries, in `stray_non_joiner`.
                '\u{200c}' => false,
                '\u{fe0e}' | '\u{fe0f}' => {
                    position == 0 || characters[position - 1].is_alphabetic()
                }
                other => is_forbidden(other),
            })
}

fn stray_non_joiner(text: &str) -> Option<String> {
    let characters: Vec<char> = text.chars().collect();
    let is_letter = |position: usize| characters.get(position).is_some_and(|c| c.is_alphabetic());
    let stray = characters
        .iter()
        .enumerate()
        .find(|&(position, &character)| {
            character == '\u{200c}'
                && !(position > 0
                    && is_letter(position + 1)
                    && (is_virama(characters[position - 1])
                        || matches!(characters[position - 1], '\u{600}'..='\u{77f}')))
        });
    stray.map(|(_, character)| character.escape_unicode().to_string())
}

fn is_virama(character: char) -> bool {
    // From Devanagari to Sinhala each block keeps its virama at one of two places.
    matches!(u32::from(character), 0x900..=0xdff)
        && matches!(u32::from(character) & 0x7f, 0x4d | 0x4a)
}

fn is_forbidden(character: char) -> bool {
    matches!(u32::from(character),
        0x00..=0x1f | 0x7f..=0x9f
        | 0x61c | 0x200e..=0x200f | 0x202a..=0x202e | 0x2066..=0x2069
        | 0xad | 0x34f | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180e | 0x200b..=0x200d
        | 0x2028..=0x2029 | 0x2060..=0x2064 | 0x206a..=0x206f | 0x2800 | 0x3164
        | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff9..=0xfffb
        | 0x1d173..=0x1d17a | 0xe0000..=0xe007f | 0xe0100..=0xe01ef)
}
