//! How the user wants text to be copied.

use super::{Unusable, Value, warning};

/// The setting `clipboard`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ClipboardSetting {
    /// The best route that works here.
    #[default]
    Auto,
    /// The desktop's clipboard only.
    System,
    /// tmux's buffer only.
    Tmux,
    /// The terminal's escape sequence only.
    Osc52,
    /// Nothing is copied.
    Off,
    /// This program with these arguments, the text on its standard input. Never empty.
    Command(Vec<String>),
}

const WORDS: [(&str, ClipboardSetting); 5] = [
    ("auto", ClipboardSetting::Auto),
    ("system", ClipboardSetting::System),
    ("tmux", ClipboardSetting::Tmux),
    ("osc52", ClipboardSetting::Osc52),
    ("off", ClipboardSetting::Off),
];

impl ClipboardSetting {
    /// As a file would have it.
    pub fn as_toml(&self) -> String {
        if let Self::Command(command) = self {
            let texts: Vec<_> = command.iter().map(|text| super::toml_text(text)).collect();
            return format!("[{}]", texts.join(", "));
        }
        let word = WORDS.iter().find(|(_, setting)| setting == self);
        super::toml_text(word.map_or("auto", |(word, _)| word))
    }

    pub(super) fn read(value: &Value) -> Result<Self, Unusable> {
        let near = match value {
            Value::Text(text) => {
                if let Some((_, setting)) = WORDS.into_iter().find(|(word, _)| word == text) {
                    return Ok(setting);
                }
                warning::nearest(text, &WORDS.map(|(word, _)| word))
            }
            Value::Texts(command) if command.first().is_some_and(|name| !name.is_empty()) => {
                return Ok(Self::Command(command.clone()));
            }
            Value::Number(_) | Value::Texts(_) | Value::Bool(_) | Value::Other(_) => None,
        };
        Err(Unusable {
            must_be: r#""auto", "system", "tmux", "osc52", "off" or a list such as ["wl-copy"]"#,
            near,
        })
    }
}
