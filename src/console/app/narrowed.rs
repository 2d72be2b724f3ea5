//! What the popups share whose rows are narrowed by typing.

/// Whether a text holds every word that was typed, in upper or lower case.
pub fn holds(typed: &str) -> impl Fn(&str) -> bool {
    let words: Vec<_> = typed.split_whitespace().map(str::to_lowercase).collect();
    move |text| {
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word))
    }
}

/// The selected one of `count` rows, and the first that is seen of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    pub selected: usize,
    pub offset: usize,
}

impl Cursor {
    /// Moves within the rows, and scrolls as little as needed to be seen in `height` of them.
    pub fn step(&mut self, by: isize, count: usize, height: usize) {
        let last = count.saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
        let first = (self.selected + 1).saturating_sub(height.max(1));
        self.offset = self.offset.clamp(first, self.selected);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_to_be_there_in_any_order_and_case() {
        let holds = holds(" Pin  WRONG ");
        assert!(holds("the wrong PIN"));
        assert!(!holds("the PIN"));
        assert!(super::holds("  ")(""));
    }

    #[test]
    fn a_cursor_stays_within_the_rows_and_in_sight() {
        let mut cursor = Cursor::default();
        let mut after = |by| {
            cursor.step(by, 9, 3);
            (cursor.selected, cursor.offset)
        };
        assert_eq!(after(2), (2, 0));
        assert_eq!(after(1), (3, 1));
        assert_eq!(after(99), (8, 6));
        assert_eq!(after(-2), (6, 6));
        assert_eq!(after(-99), (0, 0));
        cursor.step(1, 0, 0);
        assert_eq!(cursor, Cursor::default());
    }
}
