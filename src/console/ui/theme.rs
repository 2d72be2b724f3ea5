//! Roles and their looks. Panes ask for a role, never for a colour.

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// Every look on the screen, by what it means.
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File { $($name: Look),* }

        /// The looks, resolved for this terminal.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Theme { $($(#[$doc])* pub $name: Style),* }

        impl Theme {
            fn resolve(file: &File, colour: bool) -> Result<Self, ThemeError> {
                Ok(Self { $($name: file.$name.style(stringify!($name), colour)?),* })
            }

            /// Every role with its look.
            pub fn roles(&self) -> Vec<(&'static str, Style)> {
                vec![$((stringify!($name), self.$name)),*]
            }
        }
    };
}

roles! {
    text,
    /// What matters less.
    dim,
    heading,
    border,
    border_focused,
    /// Kind and name of the profile.
    badge,
    /// A key to press.
    key,
    /// The selected row of the focused list.
    selected,
    /// The selected row of another list.
    selected_elsewhere,
    success,
    waiting,
    refused,
    mistake,
    /// The outcome is not known.
    unknown,
    error,
    button,
    /// The verb that usually comes next.
    button_next,
    button_focused,
    button_disabled,
    bar_filled,
    bar_refunded,
    bar_empty,
    label,
    field,
    field_focused,
    /// A prefilled value that the first character typed replaces.
    field_fresh,
    /// A visible sign in the place of something that must not reach the terminal.
    mark,
    json_key,
    json_text,
    json_number,
    json_literal,
    json_punctuation,
    json_broken,
}

/// Why a theme cannot be used. The messages follow "could not read the theme NAME: ".
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    #[error("{role}: {colour:?} is not a colour")]
    Colour { role: &'static str, colour: String },
}

/// A role as a theme file writes it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a table of a file, not a state"
)]
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Look {
    fg: Option<String>,
    bg: Option<String>,
    bold: bool,
    dim: bool,
    italic: bool,
    underlined: bool,
    reversed: bool,
}

impl Look {
    fn style(&self, role: &'static str, colour: bool) -> Result<Style, ThemeError> {
        let parse = |name: &Option<String>| -> Result<Option<Color>, ThemeError> {
            let Some(name) = name else { return Ok(None) };
            let parsed = name.parse().map_err(|_| ThemeError::Colour {
                role,
                colour: name.clone(),
            })?;
            Ok(Some(parsed))
        };
        let (fg, bg) = (parse(&self.fg)?, parse(&self.bg)?);
        let mut modifiers = Modifier::empty();
        modifiers.set(Modifier::BOLD, self.bold);
        modifiers.set(
            Modifier::DIM,
            self.dim || (!colour && self.fg.as_deref() == Some("dark-gray")),
        );
        modifiers.set(Modifier::ITALIC, self.italic);
        modifiers.set(Modifier::UNDERLINED, self.underlined);
        // A background is what tells a badge apart: without colour it is reversed.
        modifiers.set(
            Modifier::REVERSED,
            self.reversed || (!colour && bg.is_some()),
        );
        let mut style = Style::new().add_modifier(modifiers);
        if colour {
            style.fg = fg;
            style.bg = bg;
        }
        Ok(style)
    }
}

impl Theme {
    /// The default: the terminal's own sixteen colours.
    pub fn terminal(colour: bool) -> Self {
        Self::read(include_str!("../../../themes/terminal.toml"), colour)
            .expect("the theme in the program is whole")
    }

    /// Reads a theme file. Without `colour` (`NO_COLOR`) only modifiers are left.
    pub fn read(toml: &str, colour: bool) -> Result<Self, ThemeError> {
        Self::resolve(&toml::from_str(toml)?, colour)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_no_role_has_one() {
        for (role, style) in Theme::terminal(false).roles() {
            assert_eq!((style.fg, style.bg), (None, None), "{role}");
        }
    }

    #[test]
    fn selection_and_focus_show_without_colour() {
        let theme = Theme::terminal(false);
        for style in [
            theme.selected,
            theme.border_focused,
            theme.button_focused,
            theme.field_fresh,
            theme.badge,
        ] {
            assert!(!style.add_modifier.is_empty());
        }
    }

    #[test]
    fn a_theme_that_lacks_a_role_or_has_another_is_refused_by_name() {
        let whole = include_str!("../../../themes/terminal.toml");
        let lacking = whole.replace("unknown = ", "unheard_of = ");
        assert!(
            Theme::read(&lacking, true)
                .unwrap_err()
                .to_string()
                .contains("unheard_of")
        );
        let coloured = whole.replace("\"magenta\"", "\"mauve\"");
        assert!(
            Theme::read(&coloured, true)
                .unwrap_err()
                .to_string()
                .contains("mauve")
        );
    }
}
