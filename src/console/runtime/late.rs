//! The terminal's answer that comes after nobody waited for it any more: it looks like typed keys.

use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers};

use super::terminal::Answered;

/// Longer than any answer is.
const LONGEST: usize = 40;

/// Whether an answer is still owed, or arriving.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Late {
    #[default]
    No,
    Owed,
    /// This many characters of it have come.
    Within(usize),
}

impl Late {
    pub fn after(answered: &Answered) -> Self {
        if answered.complete {
            Self::No
        } else {
            Self::Owed
        }
    }

    /// Whether the event is a part of the answer, and no key. The key reader makes `alt+]` of its first two
    /// bytes, keys of the rest, and `alt+\` or `ctrl+g` of its end.
    pub fn takes(&mut self, event: &Event) -> bool {
        let (Self::Owed | Self::Within(_), Event::Key(key)) = (*self, event) else {
            return false;
        };
        if key.kind != KeyEventKind::Press {
            return false;
        }
        let KeyCode::Char(character) = key.code else {
            return false;
        };
        let (alt, ctrl) = (
            key.modifiers.contains(KeyModifiers::ALT),
            key.modifiers.contains(KeyModifiers::CONTROL),
        );
        let (next, taken) = match (*self, character) {
            (Self::Owed, ']') if alt => (Self::Within(0), true),
            (Self::Within(_), '\\') if alt => (Self::No, true),
            (Self::Within(_), 'g') if ctrl => (Self::No, true),
            (Self::Within(count), _)
                if !alt && !ctrl && count < LONGEST && is_of_an_answer(character) =>
            {
                (Self::Within(count + 1), true)
            }
            (Self::Within(_), _) => (Self::No, false),
            (unchanged, _) => (unchanged, false),
        };
        *self = next;
        taken
    }
}

fn is_of_an_answer(character: char) -> bool {
    character.is_ascii_hexdigit() || ";:/rgba".contains(character)
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyEvent;

    use super::*;

    fn key(character: char, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char(character), modifiers))
    }

    /// What of a late answer and the keys after it gets through, for an end of the answer.
    fn left(end: Event) -> String {
        let mut late = Late::Owed;
        let mut events = vec![key('j', KeyModifiers::NONE), key(']', KeyModifiers::ALT)];
        let answer = "11;rgb:1e1e/1e1e/2e2e".chars();
        events.extend(answer.map(|character| key(character, KeyModifiers::NONE)));
        events.push(end);
        events.extend("r1q".chars().map(|typed| key(typed, KeyModifiers::NONE)));
        let left = events.iter().filter(|event| !late.takes(event));
        left.filter_map(|event| match event {
            Event::Key(key) => key.code.as_char(),
            _ => None,
        })
        .collect()
    }

    #[test]
    fn a_late_answer_is_taken_and_the_keys_around_it_are_not() {
        assert_eq!(left(key('\\', KeyModifiers::ALT)), "jr1q");
        assert_eq!(left(key('g', KeyModifiers::CONTROL)), "jr1q");
    }

    #[test]
    fn keys_that_only_begin_like_an_answer_get_through() {
        let mut late = Late::Owed;
        assert!(late.takes(&key(']', KeyModifiers::ALT)));
        assert!(!late.takes(&key('q', KeyModifiers::NONE)));
        assert!(!late.takes(&key('1', KeyModifiers::NONE)));
        assert_eq!(late, Late::No);
    }
}
