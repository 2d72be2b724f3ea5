//! The name of a theme.

use super::{Unusable, Value};

/// The setting `theme`: one of the program's, `auto`, or the name of a file in the themes folder without its
/// ending. It cannot reach another folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeName(String);

impl ThemeName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn read(value: &Value) -> Result<Self, Unusable> {
        match value {
            Value::Text(name)
                if !name.is_empty()
                    && name
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) =>
            {
                Ok(Self(name.clone()))
            }
            _ => Err(Unusable {
                must_be: "a theme's name: letters, digits, - and _",
                near: None,
            }),
        }
    }
}

impl Default for ThemeName {
    fn default() -> Self {
        Self("terminal".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_cannot_reach_another_folder() {
        for name in ["../x", "/etc/passwd", "a.b", "", "\u{e9}"] {
            assert!(
                ThemeName::read(&Value::Text(name.into())).is_err(),
                "{name:?}"
            );
        }
        assert!(ThemeName::read(&Value::Text("solar-2".into())).is_ok());
    }
}
