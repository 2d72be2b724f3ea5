//! The user's own keys.

use std::io::ErrorKind;
use std::path::Path;

use crate::config::Warning;
use crate::console::app::keymap::Keymap;

/// The keymap, and what is wrong with its file. The error is a sentence without its full stop.
pub fn read(path: &Path) -> Result<(Keymap, Vec<Warning>), String> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Keymap::read(path, &text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok((Keymap::default(), Vec::new())),
        Err(error) => Err(format!(
            "the keymap {} cannot be read: {error}",
            path.to_string_lossy().escape_debug()
        )),
    }
}
