//! Words that mix scripts whose letters look alike: `REFUNDЕD` with a Cyrillic `Е`.
//!
//! Knows a handful of scripts that Latin text is counterfeited with, and says when one word has letters
//! of two of them, or digits of two kinds. A word wholly in one script is just a word.

/// The scripts seen in one word, a bit each, in the order of [`NAMES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scripts(u16);

const NAMES: [&str; 9] = [
    "Latin",
    "Greek",
    "Cyrillic",
    "Armenian",
    "Cherokee",
    "full-width",
    "mathematical",
    "digits",
    "other digits",
];
const LETTERS: u16 = 0b0_0111_1111;
const DIGITS: u16 = 0b1_1000_0000;

impl Scripts {
    pub(super) fn add(&mut self, character: char) {
        let script = match character {
            'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => 0,
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => 1,
            '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{a640}'..='\u{a69f}' => 2,
            '\u{531}'..='\u{58f}' => 3,
            '\u{13a0}'..='\u{13ff}' | '\u{ab70}'..='\u{abbf}' => 4,
            '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => 5,
            '\u{1d400}'..='\u{1d7ff}' => 6,
            '0'..='9' => 7,
            '\u{660}'..='\u{66c}' | '\u{6f0}'..='\u{6f9}' | '\u{966}'..='\u{96f}' => 8,
            _ => return,
        };
        self.0 |= 1 << script;
    }

    /// The names of what is mixed, where it should not be: `Latin+Cyrillic`.
    pub(super) fn mixture(self) -> Option<String> {
        let suspects = [self.0 & LETTERS, self.0 & DIGITS]
            .into_iter()
            .filter(|bits| bits.count_ones() > 1)
            .fold(0, |all, bits| all | bits);
        let names: Vec<_> = NAMES
            .into_iter()
            .enumerate()
            .filter(|(position, _)| suspects & (1 << position) != 0)
            .map(|(_, name)| name)
            .collect();
        (!names.is_empty()).then(|| names.join("+"))
    }
}

/// Whether a character is part of a word: letters, digits, and the separators inside Arabic numbers.
pub(super) fn is_in_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '\u{66b}' | '\u{66c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: Option<&str>) {
        let mut scripts = Scripts::default();
        for character in word.chars() {
            scripts.add(character);
        }
        assert_eq!(scripts.mixture().as_deref(), expected, "{word:?}");
    }

    #[test]
    fn a_word_in_one_script_is_just_a_word() {
        check("REFUNDED", None);
        check("Größe", None);
        check("оплата", None);
        check("πληρωμή", None);
        check("支払いABC", None);
        check("t7f3k03", None);
        check("\u{661}\u{660}\u{660}", None);
    }

    #[test]
    fn a_mixture_is_named() {
        check("REFUND\u{415}D", Some("Latin+Cyrillic"));
        check("\u{39f}K", Some("Latin+Greek"));
        check("\u{ff2f}K", Some("Latin+full-width"));
        check("1\u{66b}00", Some("digits+other digits"));
    }
}
