//! What the user does, free of any terminal library.

use std::fmt;
use std::str::FromStr;

/// A key as the program sees it. Upper case is a character of its own, so there is no shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub code: Code,
    pub ctrl: bool,
    pub alt: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

/// What reaches the console from its terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    Key(Key),
    /// Text pasted in one piece. An Enter inside it never submits.
    Paste(String),
    Resize {
        width: u16,
        height: u16,
    },
    Mouse(Mouse),
    /// The terminal's window was given the focus: a click that did that means nothing else.
    Entered,
    /// A wake-up that was asked for is due.
    Wake,
    /// The program was asked to end, or lost its terminal: no questions.
    Ended,
}

/// What the mouse did, and over which cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    pub kind: Pointer,
    pub column: u16,
    pub row: u16,
}

/// The first button, and the wheel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer {
    Press,
    /// Moved while it is pressed.
    Drag,
    Release,
    WheelUp,
    WheelDown,
}

impl Key {
    pub const fn plain(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
        }
    }

    pub const fn char(character: char) -> Self {
        Self::plain(Code::Char(character))
    }

    pub const fn ctrl(character: char) -> Self {
        Self {
            code: Code::Char(character),
            ctrl: true,
            alt: false,
        }
    }

    pub const fn alt(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            alt: true,
        }
    }

    /// The character that a text field would take.
    pub fn printable(self) -> Option<char> {
        match self.code {
            Code::Char(character) if !self.ctrl && !self.alt => Some(character),
            _ => None,
        }
    }
}

/// As a keymap file names it: as it is shown, arrows also in words.
impl FromStr for Key {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        if let Some(rest) = name.strip_prefix("ctrl+").filter(|rest| !rest.is_empty()) {
            let key: Self = rest.parse()?;
            return Ok(Self { ctrl: true, ..key });
        }
        if let Some(rest) = name.strip_prefix("alt+").filter(|rest| !rest.is_empty()) {
            let key: Self = rest.parse()?;
            return Ok(Self { alt: true, ..key });
        }
        let mut characters = name.chars();
        let single = characters.next().filter(|_| characters.next().is_none());
        let code = match name {
            "space" => Code::Char(' '),
            "enter" => Code::Enter,
            "esc" => Code::Esc,
            "tab" => Code::Tab,
            "shift+tab" => Code::BackTab,
            "backspace" => Code::Backspace,
            "delete" => Code::Delete,
            "up" | "\u{2191}" => Code::Up,
            "down" | "\u{2193}" => Code::Down,
            "left" | "\u{2190}" => Code::Left,
            "right" | "\u{2192}" => Code::Right,
            "home" => Code::Home,
            "end" => Code::End,
            "pgup" => Code::PageUp,
            "pgdn" => Code::PageDown,
            _ => match single {
                Some(character) if !character.is_control() => Code::Char(character),
                _ => Code::F(function_key(name).ok_or(())?),
            },
        };
        Ok(Self::plain(code))
    }
}

/// `f1` to `f12`: more, many terminals have not.
fn function_key(name: &str) -> Option<u8> {
    let number: u8 = name.strip_prefix(['f', 'F'])?.parse().ok()?;
    (1..=12).contains(&number).then_some(number)
}

/// As help and footer name it.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl+")?;
        }
        if self.alt {
            f.write_str("alt+")?;
        }
        match self.code {
            Code::Char(' ') => f.write_str("space"),
            Code::Char(character) => write!(f, "{character}"),
            Code::F(number) => write!(f, "F{number}"),
            code => f.write_str(match code {
                Code::Enter => "enter",
                Code::Esc => "esc",
                Code::Tab => "tab",
                Code::BackTab => "shift+tab",
                Code::Backspace => "backspace",
                Code::Delete => "delete",
                Code::Up => "↑",
                Code::Down => "↓",
                Code::Left => "←",
                Code::Right => "→",
                Code::Home => "home",
                Code::End => "end",
                Code::PageUp => "pgup",
                Code::PageDown => "pgdn",
                Code::Char(_) | Code::F(_) => unreachable!("written above"),
            }),
        }
    }
}
