//! Whether the terminal is light or dark: it is asked, and its answer kept apart from what is typed.

use std::io;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::stdin;

use crate::clock::Stopwatch;
use crate::console::app::input::{Code, Input, Key};

/// For the background, and then for what the terminal is: every terminal answers the second, and in this
/// order, so one that does not know the first costs no waiting.
pub(super) const ASK: &str = "\x1b]11;?\x1b\\\x1b[c";

/// How long the answer is waited for. One that comes later is still not taken for keys.
const PATIENCE: Duration = Duration::from_millis(250);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    Light,
    Dark,
}

/// What came in while the answer was waited for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    pub background: Option<Background>,
    /// Whether everything that was asked has been answered: nothing more can come.
    pub complete: bool,
    /// What was typed and pasted meanwhile.
    pub typed: Vec<Input>,
    /// Whether the last of it is a paste whose end has not come yet.
    pasting: bool,
}

/// Reads answers until they are there, or patience is at its end.
pub(super) fn read() -> io::Result<Answered> {
    let (mut bytes, watch) = (Vec::new(), Stopwatch::start());
    loop {
        let answered = parse(&bytes);
        let left = PATIENCE.saturating_sub(Duration::from_micros(watch.micros()));
        // The rest of a paste would be taken for keys: it is waited for, however long all of it takes.
        let left = if answered.pasting { PATIENCE } else { left };
        let is_done = answered.complete && !answered.pasting;
        if is_done || left.is_zero() || !is_readable(left)? {
            return Ok(answered);
        }
        let mut part = [0; 256];
        match rustix::io::read(stdin(), &mut part) {
            Ok(count) => bytes.extend_from_slice(&part[..count]),
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn is_readable(within: Duration) -> io::Result<bool> {
    let within = Timespec::try_from(within).map_err(io::Error::other)?;
    let mut keyboard = [PollFd::from_borrowed_fd(stdin(), PollFlags::IN)];
    match poll(&mut keyboard, Some(&within)) {
        Ok(ready) => Ok(ready > 0),
        Err(Errno::INTR) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// Takes answers apart from what was typed and pasted. Other sequences, like those of the mouse, are dropped.
fn parse(bytes: &[u8]) -> Answered {
    let text = String::from_utf8_lossy(bytes);
    let mut answered = Answered::default();
    let mut rest = &*text;
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("\x1b]") {
            let (answer, after) = up_to_end(after);
            answered.background = background(answer).or(answered.background);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("\x1b[200~") {
            let whole = after.split_once("\x1b[201~");
            answered.pasting = whole.is_none();
            let (pasted, after) = whole.unwrap_or((after, ""));
            answered.typed.push(Input::Paste(pasted.to_owned()));
            rest = after;
        } else if let Some(after) = rest
            .strip_prefix("\x1b[")
            .or_else(|| rest.strip_prefix("\x1bO"))
        {
            let end = after.find(|last: char| matches!(last, '\x40'..='\x7e'));
            let (sequence, after) = after.split_at(end.map_or(after.len(), |end| end + 1));
            answered.complete |= sequence.starts_with('?') && sequence.ends_with('c');
            answered.typed.extend(special(sequence).map(pressed));
            rest = after;
        } else {
            answered.typed.extend(key(first).map(Input::Key));
            rest = &rest[first.len_utf8()..];
        }
    }
    answered
}

const fn pressed(code: Code) -> Input {
    Input::Key(Key::plain(code))
}

/// The key whose sequence ends like this.
fn special(sequence: &str) -> Option<Code> {
    Some(match sequence {
        "A" => Code::Up,
        "B" => Code::Down,
        "C" => Code::Right,
        "D" => Code::Left,
        "H" | "1~" => Code::Home,
        "F" | "4~" => Code::End,
        "Z" => Code::BackTab,
        "3~" => Code::Delete,
        "5~" => Code::PageUp,
        "6~" => Code::PageDown,
        _ => return None,
    })
}

/// A string sequence ends with BEL or with ESC and a backslash.
fn up_to_end(text: &str) -> (&str, &str) {
    let end = text.find(['\x07', '\x1b']);
    let (before, after) = text.split_at(end.unwrap_or(text.len()));
    let after = after.strip_prefix("\x1b\\").or(after.strip_prefix('\x07'));
    (before, after.unwrap_or_default())
}

/// `11;rgb:RRRR/GGGG/BBBB`, each part with one to four digits.
fn background(answer: &str) -> Option<Background> {
    let parts = answer.strip_prefix("11;")?;
    let parts = parts.strip_prefix("rgb:").or(parts.strip_prefix("rgba:"))?;
    let shares: Vec<f64> = parts.split('/').take(3).filter_map(share).collect();
    let [red, green, blue] = shares[..] else {
        return None;
    };
    let brightness = 0.299 * red + 0.587 * green + 0.114 * blue;
    Some(if brightness > 0.5 {
        Background::Light
    } else {
        Background::Dark
    })
}

fn share(digits: &str) -> Option<f64> {
    let most = 16_u32.checked_pow(u32::try_from(digits.len()).ok()?)? - 1;
    let value = u32::from_str_radix(digits, 16).ok()?;
    (most > 0).then(|| f64::from(value) / f64::from(most))
}

fn key(character: char) -> Option<Key> {
    let code = match character {
        '\r' => Code::Enter,
        '\t' => Code::Tab,
        '\x7f' => Code::Backspace,
        '\x1b' => Code::Esc,
        '\x01'..='\x1a' => return Some(Key::ctrl(char::from(b'a' - 1 + character as u8))),
        character if character.is_control() => return None,
        character => Code::Char(character),
    };
    Some(Key::plain(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &str, background: Option<Background>, complete: bool, typed: &str) {
        let answered = parse(bytes.as_bytes());
        assert_eq!(
            (answered.background, answered.complete),
            (background, complete)
        );
        let told = |input: &Input| match input {
            Input::Key(key) => key.to_string(),
            Input::Paste(text) => format!("<{text}>"),
            other => panic!("{other:?}"),
        };
        let inputs: String = answered.typed.iter().map(told).collect();
        assert_eq!(inputs, typed, "{bytes:?}");
    }

    #[test]
    fn answers_and_keys_are_taken_apart() {
        use Background::{Dark, Light};
        check(
            "\x1b]11;rgb:ffff/ffff/f0f0\x1b\\\x1b[?62;22c",
            Some(Light),
            true,
            "",
        );
        check("\x1b]11;rgb:1e/1e/2e\x07\x1b[?1;2c", Some(Dark), true, "");
        check(
            "\x1b]11;rgba:0000/0000/0000/ffff\x07",
            Some(Dark),
            false,
            "",
        );
        check("\x1b[?1;2c", None, true, "");
        check(
            "q\x1b]11;rgb:f/f/f\x1b\\+\x1b[A\x1bOA\x1b\x1b[?6c1\r",
            Some(Light),
            true,
            "q+↑↑esc1enter",
        );
        check("\x1b]11;rgb:nonsense\x07\x1b[?6c", None, true, "");
        check("\x1b]11;rgb:ff", None, false, "");
        check("", None, false, "");
    }

    #[test]
    fn a_paste_is_known_to_go_on() {
        let goes_on = |bytes: &str| parse(bytes.as_bytes()).pasting;
        assert!(goes_on("\x1b[?6c\x1b[200~curl"));
        assert!(!goes_on("\x1b[200~curl\x1b[201~\x1b[?6c"));
        assert!(!goes_on("q\x1b[?6c"));
    }

    #[test]
    fn what_is_typed_and_pasted_early_is_not_lost() {
        check(
            "2/\x1b[A\x1b[B\x1b[Z\x1b[5~",
            None,
            false,
            "2/↑↓shift+tabpgup",
        );
        check("\x10\x03", None, false, "ctrl+pctrl+c");
        // A paste stays one: what is in it is not taken for keys.
        check("\x1b[200~qQ\r\x1b[201~j\x1b[?6c", None, true, "<qQ\r>j");
        check("\x1b[<0;1;1M\x1b[I", None, false, "");
    }
}
