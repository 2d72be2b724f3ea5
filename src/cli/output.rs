//! What is data on stdout: written whole, and a reader that has gone is no fault.

use std::io::{self, Write as _};

use crate::text::Foreign;

/// Writes lines. What they quote from files cannot write to the terminal.
pub fn lines<'l>(lines: impl IntoIterator<Item = &'l str>) {
    let mut text = String::new();
    for line in lines {
        text.push_str(&Foreign::from(line).screen_text());
        text.push('\n');
    }
    // `| head -1` has what it wanted.
    let _ = io::stdout().lock().write_all(text.as_bytes());
}
