//! A one-line text field.
//!
//! Holds exactly what was typed or prefilled; escaping happens where it is painted. A prefilled value
//! is *fresh* when its field is entered: the first character typed replaces it, as a selection would.

mod text;

pub use text::TextEditor;

use tui_textarea::{CursorMove, Input, Key as AreaKey, TextArea};

use super::input::{Code, Key};

#[derive(Clone, Debug)]
pub struct Editor {
    area: TextArea<'static>,
    fresh: bool,
}

impl Default for Editor {
    fn default() -> Self {
        Self::new("")
    }
}

impl Editor {
    /// Line breaks in `value` are left out: the field has one line.
    pub fn new(value: &str) -> Self {
        let mut area = TextArea::new(vec![one_line(value)]);
        area.move_cursor(CursorMove::End);
        Self { area, fresh: false }
    }

    pub fn value(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// The text before the cursor, and from it on.
    pub fn around_cursor(&self) -> (&str, &str) {
        let value = self.value();
        let column = self.area.cursor().1;
        let at = value
            .char_indices()
            .nth(column)
            .map_or(value.len(), |(at, _)| at);
        value.split_at(at)
    }

    /// Whether the next character typed replaces the value.
    pub fn is_fresh(&self) -> bool {
        self.fresh && !self.value().is_empty()
    }

    /// The cursor has come into this field.
    pub fn enter(&mut self) {
        self.fresh = true;
        self.area.move_cursor(CursorMove::End);
    }

    /// The cursor has left it.
    pub fn leave(&mut self) {
        self.fresh = false;
    }

    pub fn set(&mut self, value: &str) {
        *self = Self::new(value);
    }

    /// Takes a key if it edits text. Answers whether it did.
    pub fn key(&mut self, key: Key) -> bool {
        if let Some(character) = key.printable() {
            self.replace_if_fresh();
            self.area.insert_char(character);
            return true;
        }
        let Some(input) = area_input(key) else {
            return false;
        };
        if self.is_fresh() && matches!(key.code, Code::Backspace | Code::Delete) {
            self.replace_if_fresh();
        } else {
            self.area.input(input);
        }
        self.fresh = false;
        true
    }

    /// Inserts pasted text in one piece, without its line breaks.
    pub fn paste(&mut self, text: &str) {
        self.replace_if_fresh();
        self.area.insert_str(one_line(text));
    }

    fn replace_if_fresh(&mut self) {
        if self.is_fresh() {
            self.set("");
        }
        self.fresh = false;
    }
}

fn one_line(text: &str) -> String {
    text.chars()
        .filter(|character| !matches!(character, '\n' | '\r'))
        .collect()
}

/// The keys that move and delete; everything else belongs to the layers.
fn area_input(key: Key) -> Option<Input> {
    let area_key = match key.code {
        Code::Backspace => AreaKey::Backspace,
        Code::Delete => AreaKey::Delete,
        Code::Left => AreaKey::Left,
        Code::Right => AreaKey::Right,
        Code::Home => AreaKey::Home,
        Code::End => AreaKey::End,
        Code::Char(character) if key.ctrl && "abefkuw".contains(character) => {
            AreaKey::Char(character)
        }
        _ => return None,
    };
    // ctrl+u clears to the start of the line, as shells have it; the library's ctrl+u is undo.
    if key.ctrl && key.code == Code::Char('u') {
        return Some(Input {
            key: AreaKey::Char('j'),
            ctrl: true,
            alt: false,
            shift: false,
        });
    }
    Some(Input {
        key: area_key,
        ctrl: key.ctrl,
        alt: key.alt,
        shift: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(editor: &mut Editor, text: &str) {
        for character in text.chars() {
            assert!(editor.key(Key::char(character)));
        }
    }

    #[test]
    fn the_first_character_replaces_a_prefilled_value() {
        let mut editor = Editor::new("10.00");
        editor.enter();
        typed(&mut editor, "1.59");
        assert_eq!(editor.value(), "1.59");
    }

    #[test]
    fn moving_first_keeps_the_prefilled_value() {
        let mut editor = Editor::new("10.00");
        editor.enter();
        editor.key(Key::plain(Code::Left));
        editor.key(Key::plain(Code::Backspace));
        typed(&mut editor, "5");
        assert_eq!(editor.value(), "10.50");
    }

    #[test]
    fn deleting_clears_a_fresh_value() {
        let mut editor = Editor::new("10.00");
        editor.enter();
        editor.key(Key::plain(Code::Backspace));
        assert_eq!(editor.value(), "");
    }

    #[test]
    fn ctrl_u_clears_to_the_start() {
        let mut editor = Editor::new("abcdef");
        editor.key(Key::plain(Code::Left));
        editor.key(Key::ctrl('u'));
        assert_eq!(editor.value(), "f");
    }

    #[test]
    fn a_paste_is_one_line() {
        let mut editor = Editor::default();
        editor.paste("4477\n10900120\r\n");
        assert_eq!(editor.value(), "447710900120");
        assert_eq!(editor.around_cursor(), ("447710900120", ""));
    }
}
