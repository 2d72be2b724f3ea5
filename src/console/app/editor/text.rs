//! A text of several lines, for a body written by hand.
//!
//! Holds exactly what was typed or pasted; escaping happens where it is painted.

use tui_textarea::{CursorMove, TextArea};

use super::area_input;
use crate::console::app::input::{Code, Key};

/// One level of JSON, which tab inserts.
const INDENT: &str = "  ";

#[derive(Clone, Debug)]
pub struct TextEditor {
    area: TextArea<'static>,
    /// The line at the top of the window.
    pub top: usize,
}

impl TextEditor {
    /// The cursor is at the start.
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        area.move_cursor(CursorMove::Top);
        Self { area, top: 0 }
    }

    pub fn lines(&self) -> &[String] {
        self.area.lines()
    }

    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Line and column of the cursor, from 0, the column in characters.
    pub fn cursor(&self) -> (usize, usize) {
        let cursor = self.area.cursor();
        (cursor.0, cursor.1)
    }

    /// Puts the cursor there; line and column from 0.
    pub fn go_to(&mut self, line: usize, column: usize) {
        let place = |number| u16::try_from(number).unwrap_or(u16::MAX);
        self.area
            .move_cursor(CursorMove::Jump(place(line), place(column)));
    }

    /// Takes a key if it edits text or moves in it; `page` is how many lines are seen.
    pub fn key(&mut self, key: Key, page: usize) {
        match key.code {
            Code::Enter => self.new_line(),
            Code::Tab => {
                self.area.insert_str(INDENT);
            }
            Code::Up => self.area.move_cursor(CursorMove::Up),
            Code::Down => self.area.move_cursor(CursorMove::Down),
            Code::PageUp | Code::PageDown => {
                for _ in 1..page.max(2) {
                    let up = key.code == Code::PageUp;
                    let step = if up { CursorMove::Up } else { CursorMove::Down };
                    self.area.move_cursor(step);
                }
            }
            _ => {
                if let Some(character) = key.printable() {
                    self.area.insert_char(character);
                } else if let Some(input) = area_input(key) {
                    self.area.input(input);
                }
            }
        }
    }

    /// Inserts pasted text with its line breaks.
    pub fn paste(&mut self, text: &str) {
        self.area.insert_str(text.replace("\r\n", "\n"));
    }

    pub fn undo(&mut self) {
        self.area.undo();
    }

    pub fn redo(&mut self) {
        self.area.redo();
    }

    /// Keeps the cursor's line among the `height` lines that are seen.
    pub fn scroll_to_cursor(&mut self, height: usize) {
        let line = self.cursor().0;
        self.top = self.top.clamp((line + 1).saturating_sub(height), line);
    }

    /// A line begins as far in as the one before it.
    fn new_line(&mut self) {
        let (line, column) = self.cursor();
        let indent = self.lines().get(line).map_or(0, |line| {
            line.chars().take_while(|letter| *letter == ' ').count()
        });
        self.area.insert_newline();
        self.area.insert_str(" ".repeat(indent.min(column)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_comes_out() {
        for text in ["", "{}", "{\n  \"a\": 1\n}\n", "a\tb"] {
            assert_eq!(TextEditor::new(text).text(), text);
        }
    }

    #[test]
    fn a_new_line_is_indented_like_the_last() {
        let mut editor = TextEditor::new("  \"a\": 1,");
        editor.key(Key::plain(Code::End), 10);
        editor.key(Key::plain(Code::Enter), 10);
        editor.key(Key::char('x'), 10);
        assert_eq!(editor.text(), "  \"a\": 1,\n  x");
        editor.undo();
        assert_ne!(editor.text(), "  \"a\": 1,\n  x");
    }

    #[test]
    fn the_cursor_stays_in_the_window() {
        let mut editor = TextEditor::new(&"x\n".repeat(50));
        editor.key(Key::plain(Code::PageDown), 20);
        editor.scroll_to_cursor(10);
        assert_eq!((editor.cursor(), editor.top), ((19, 0), 10));
        editor.go_to(3, 1);
        editor.scroll_to_cursor(10);
        assert_eq!((editor.cursor(), editor.top), ((3, 1), 3));
    }

    #[test]
    fn a_paste_keeps_its_lines() {
        let mut editor = TextEditor::new("");
        editor.paste("{\r\n  \"a\": 1\n}");
        assert_eq!(editor.text(), "{\n  \"a\": 1\n}");
    }
}
