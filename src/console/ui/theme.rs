//! Roles and their looks. Panes ask for a role, never for a colour.

mod palette;
mod read;
mod schema;
#[cfg(test)]
mod tests;

use std::path::Path;

use ratatui::style::{Modifier, Style};

use crate::config::{Colors, Warning};
pub use schema::schema;

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// Every look on the screen, by what it means.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Theme { $($(#[$doc])* pub $name: Style),* }

        impl Theme {
            /// The names of all roles, as a theme file has them.
            pub const ROLES: &[&'static str] = &[$(stringify!($name)),*];

            /// Every role with its look.
            pub fn roles(&self) -> Vec<(&'static str, Style)> {
                vec![$((stringify!($name), self.$name)),*]
            }

            fn role_mut(&mut self, name: &str) -> Option<&mut Style> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }

            /// Every look changed by the same rule.
            #[must_use]
            fn map(self, change: impl Fn(Style) -> Style) -> Self {
                Self { $($name: change(self.$name)),* }
            }
        }
    };
}

roles! {
    /// What lies under everything.
    ground,
    text,
    /// What matters less.
    dim,
    heading,
    border,
    border_focused,
    /// Kind and name of the profile.
    badge,
    /// The same where real money moves.
    badge_live,
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
    /// The character under the cursor of a text field.
    cursor,
    /// A visible sign in the place of something that must not reach the terminal.
    mark,
    json_key,
    json_text,
    json_number,
    json_literal,
    json_punctuation,
    json_broken,
}

/// The themes in the program, the default first.
pub const OURS: [(&str, &str); 4] = [
    ("terminal", include_str!("../../../themes/terminal.toml")),
    ("dark", include_str!("../../../themes/dark.toml")),
    ("light", include_str!("../../../themes/light.toml")),
    (
        "high-contrast",
        include_str!("../../../themes/high-contrast.toml"),
    ),
];

/// What each name of a theme stands for, the one that stands for two of ours included.
pub const WORDS: [(&str, &str); 5] = [
    ("terminal", "the terminal's own colours"),
    ("auto", "light or dark, as the terminal is"),
    ("dark", "soft light text on blue-grey"),
    ("light", "dark text on warm white"),
    ("high-contrast", "every pair at 7:1 or more"),
];

impl Theme {
    /// The default: the terminal's own sixteen colours.
    pub fn terminal(colour: bool) -> Self {
        let colors = if colour { Colors::True } else { Colors::None };
        Self::ours("terminal", colors).expect("the default theme is in the program")
    }

    /// A theme of the program.
    pub fn ours(name: &str, colors: Colors) -> Option<Self> {
        let (_, toml) = OURS.into_iter().find(|(ours, _)| *ours == name)?;
        Some(Self::read(Path::new(name), toml, colors).0)
    }

    /// Whether any look has a colour.
    pub fn has_colour(&self) -> bool {
        let mut roles = self.roles().into_iter();
        roles.any(|(_, style)| style.fg.is_some() || style.bg.is_some())
    }

    /// Reads a theme file. What is wrong with it is told, and the rest used.
    pub fn read(path: &Path, toml: &str, colors: Colors) -> (Self, Vec<Warning>) {
        let (theme, warnings) = read::theme(path, toml);
        let theme = match colors {
            Colors::True => theme,
            Colors::Indexed => theme.map(palette::indexed),
            // Which modifiers tell roles apart where no colour does is thought through once.
            Colors::None => read::terminal().map(without_colour),
        };
        (theme, warnings)
    }
}

/// A background is what tells a badge apart: without colour it is reversed. What is grey is dim.
fn without_colour(style: Style) -> Style {
    let mut modifiers = style.add_modifier;
    modifiers.set(
        Modifier::REVERSED,
        modifiers.contains(Modifier::REVERSED) || style.bg.is_some(),
    );
    modifiers.set(
        Modifier::DIM,
        modifiers.contains(Modifier::DIM) || style.fg == Some(ratatui::style::Color::DarkGray),
    );
    Style::new().add_modifier(modifiers)
}
