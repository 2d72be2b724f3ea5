//! What the user decided, and where our files are: flag, else environment, else file, else default.
//!
//! A damaged file never stops the program: what can be read is used, the rest is default, and every
//! oddity becomes a [`Warning`] that can be shown. Nothing outside the user's own folders is touched.

mod clipboard;
mod colors;
pub mod credentials;
pub mod document;
mod environment;
mod file;
mod folders;
pub mod profile;
mod schema;
mod switch;
mod theme;
mod warning;

use std::collections::BTreeMap;

pub use clipboard::ClipboardSetting;
pub use colors::{ColorChoice, Colors};
pub use environment::{Environment, SECRET_VARIABLES};
pub use folders::{FolderError, Folders, Role};
pub use profile::{Kind, Profile};
pub use schema::schema;
use switch::Switch;
pub use theme::ThemeName;
pub use warning::{Place, Warning, nearest};

/// The settings in force, each with where it came from.
#[derive(Clone, Debug)]
pub struct Config {
    pub clipboard: Setting<ClipboardSetting>,
    pub theme: Setting<ThemeName>,
    /// Whether only ASCII is painted of our own words and lines.
    pub ascii: Setting<bool>,
    /// Whether the mouse is ours, and not the terminal's.
    pub mouse: Setting<bool>,
    /// The endpoints that the file names, in its order.
    pub profiles: Vec<profile::Named>,
}

/// A value and who decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    pub value: T,
    pub origin: Origin,
}

/// Who decided a setting. The first that says something usable wins, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    Flag,
    Environment,
    File,
    Default,
}

/// What the command line says about settings, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    pub clipboard: Option<String>,
    pub theme: Option<String>,
    pub ascii: Option<String>,
}

/// A setting's name in the file, its variable and its flag.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub name: &'static str,
    pub variable: &'static str,
    flag: &'static str,
    /// What it takes and what for, for the documentation.
    pub words: &'static str,
}

const CLIPBOARD: Key = Key {
    name: "clipboard",
    variable: "BANGO_CLIPBOARD",
    flag: "--clipboard",
    words: "`\"auto\"`, `\"system\"`, `\"tmux\"`, `\"osc52\"`, `\"off\"`, or a command as a list",
};
const THEME: Key = Key {
    name: "theme",
    variable: "BANGO_THEME",
    flag: "--theme",
    words: "the name of a theme (`--theme`); `\"auto\"` asks the terminal whether it is light or dark",
};
const ASCII: Key = Key {
    name: "ascii",
    variable: "BANGO_ASCII",
    flag: "--ascii",
    words: "`true`: lines and signs are ASCII only (`--ascii`)",
};
const MOUSE: Key = Key {
    name: "mouse",
    variable: "BANGO_MOUSE",
    flag: "--mouse",
    words: "`false`: the mouse is left to the terminal",
};
/// Every setting.
pub const KEYS: [Key; 4] = [CLIPBOARD, THEME, ASCII, MOUSE];

/// A value before whoever wants it has judged it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Bool(bool),
    Number(i64),
    Texts(Vec<String>),
    /// Something else, named by its type.
    Other(&'static str),
}

/// Why a value is not one of its setting. The message follows "KEY must be ".
#[derive(Clone, Debug, PartialEq, Eq)]
struct Unusable {
    must_be: &'static str,
    near: Option<&'static str>,
}

/// Everything one origin says.
struct Layer {
    origin: Origin,
    values: BTreeMap<&'static str, (Value, Place)>,
}

impl Config {
    /// Reads `config.toml` of the config folder and lays environment and flags over it.
    pub fn load(
        folders: &Folders,
        environment: &Environment,
        flags: &Flags,
    ) -> (Self, Vec<Warning>) {
        let mut warnings = Vec::new();
        let file = file::read(&folders.config_file(), environment, &mut warnings);
        let layers = [
            flag_layer(flags),
            environment_layer(environment),
            Layer {
                origin: Origin::File,
                values: file.values,
            },
        ];
        let config = Self {
            clipboard: resolve(&layers, CLIPBOARD, ClipboardSetting::read, &mut warnings),
            theme: resolve(&layers, THEME, ThemeName::read, &mut warnings),
            ascii: switch(&layers, ASCII, false, &mut warnings),
            mouse: switch(&layers, MOUSE, true, &mut warnings),
            profiles: file.profiles,
        };
        (config, warnings)
    }
}

/// The first usable value in order; each unusable one on the way is a warning.
fn resolve<T: Default>(
    layers: &[Layer],
    key: Key,
    read: fn(&Value) -> Result<T, Unusable>,
    warnings: &mut Vec<Warning>,
) -> Setting<T> {
    for layer in layers {
        let Some((value, place)) = layer.values.get(key.name) else {
            continue;
        };
        match read(value) {
            Ok(value) => {
                return Setting {
                    value,
                    origin: layer.origin,
                };
            }
            Err(unusable) => warnings.push(Warning::unusable(place, key.name, value, &unusable)),
        }
    }
    Setting {
        value: T::default(),
        origin: Origin::Default,
    }
}

/// A setting that is on or off.
fn switch(layers: &[Layer], key: Key, default: bool, warnings: &mut Vec<Warning>) -> Setting<bool> {
    let Setting { value, origin } = resolve(layers, key, Switch::read, warnings);
    Setting {
        value: value.0.unwrap_or(default),
        origin,
    }
}

fn flag_layer(flags: &Flags) -> Layer {
    let said = [
        (CLIPBOARD, &flags.clipboard),
        (THEME, &flags.theme),
        (ASCII, &flags.ascii),
    ];
    Layer {
        origin: Origin::Flag,
        values: said
            .into_iter()
            .filter_map(|(key, text)| {
                let value = Value::from_line(text.as_deref()?);
                Some((key.name, (value, Place::Flag(key.flag))))
            })
            .collect(),
    }
}

fn environment_layer(environment: &Environment) -> Layer {
    Layer {
        origin: Origin::Environment,
        values: KEYS
            .into_iter()
            .filter_map(|key| {
                let value = Value::from_line(&environment.text(key.variable)?);
                Some((key.name, (value, Place::Variable(key.variable))))
            })
            .collect(),
    }
}

/// A text as a TOML file would have it.
pub fn toml_text(text: &str) -> String {
    toml::Value::from(text).to_string()
}

impl Value {
    /// A flag or variable: a plain word, or a list as the file would have it.
    fn from_line(line: &str) -> Self {
        if line.trim_start().starts_with('[')
            && let Ok(value) = toml::de::DeValue::parse(line)
        {
            return file::value(value.get_ref());
        }
        Self::Text(line.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Setup {
        folder: tempfile::TempDir,
        environment: Environment,
        flags: Flags,
    }

    impl Setup {
        fn with_file(text: impl AsRef<[u8]>) -> Self {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("config.toml"), text).unwrap();
            Self {
                folder,
                environment: Environment::default(),
                flags: Flags::default(),
            }
        }

        fn load(&self) -> (Config, Vec<String>) {
            let folders = Folders::all_in(self.folder.path());
            let (config, warnings) = Config::load(&folders, &self.environment, &self.flags);
            let prefix = format!("{}/", self.folder.path().display());
            let warnings = warnings
                .iter()
                .map(|warning| warning.to_string().replace(&prefix, ""))
                .collect();
            (config, warnings)
        }
    }

    #[test]
    fn without_a_file_everything_is_default_and_nothing_is_said() {
        let setup = Setup::with_file("");
        std::fs::remove_file(setup.folder.path().join("config.toml")).unwrap();
        let (config, warnings) = setup.load();
        assert_eq!(config.clipboard.value, ClipboardSetting::Auto);
        assert_eq!(config.theme.value.as_str(), "terminal");
        assert_eq!(config.theme.origin, Origin::Default);
        assert_eq!(warnings, Vec::<String>::new());
    }

    #[test]
    fn a_flag_wins_over_a_variable_over_the_file() {
        let mut setup = Setup::with_file("theme = 'paper'\nclipboard = 'off'\n");
        let (config, _) = setup.load();
        assert_eq!(config.theme.value.as_str(), "paper");
        assert_eq!(config.theme.origin, Origin::File);

        setup.environment =
            Environment::from([("BANGO_THEME", "ink"), ("BANGO_CLIPBOARD", "tmux")]);
        let (config, _) = setup.load();
        assert_eq!(config.theme.value.as_str(), "ink");
        assert_eq!(config.theme.origin, Origin::Environment);

        setup.flags.theme = Some("chalk".into());
        let (config, warnings) = setup.load();
        assert_eq!(config.theme.value.as_str(), "chalk");
        assert_eq!(config.theme.origin, Origin::Flag);
        assert_eq!(config.clipboard.value, ClipboardSetting::Tmux);
        assert_eq!(warnings, Vec::<String>::new());
    }

    #[test]
    fn an_unusable_value_is_named_and_the_next_origin_decides() {
        let mut setup = Setup::with_file("clipboard = 'off'\n");
        setup.environment = Environment::from([("BANGO_CLIPBOARD", "sytem")]);
        let (config, warnings) = setup.load();
        assert_eq!(config.clipboard.value, ClipboardSetting::Off);
        assert_eq!(
            warnings,
            [
                "BANGO_CLIPBOARD: clipboard is \"sytem\" and must be \"auto\", \"system\", \"tmux\", \
                 \"osc52\", \"off\" or a list such as [\"wl-copy\"]; did you mean \"system\"?"
            ]
        );
    }

    #[test]
    fn an_unknown_key_is_named_with_its_place_and_the_nearest_known_one() {
        let (config, warnings) =
            Setup::with_file("# mine\ntheme = 'paper'\n  clipbord = 'off'\n[colours]\nx = 1\n")
                .load();
        assert_eq!(config.theme.value.as_str(), "paper");
        assert_eq!(
            warnings,
            [
                "config.toml, line 3, column 3: unknown key \"clipbord\"; did you mean \"clipboard\"?",
                "config.toml, line 4, column 2: unknown key \"colours\"",
            ]
        );
    }

    #[test]
    fn what_can_be_read_of_a_damaged_file_is_used() {
        let (config, warnings) = Setup::with_file("theme = 'paper'\nclipboard = \n").load();
        assert_eq!(config.theme.value.as_str(), "paper");
        assert_eq!(config.clipboard.value, ClipboardSetting::Auto);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(
            warnings[0].starts_with("config.toml, line 2, column "),
            "{warnings:?}"
        );
    }

    #[test]
    fn a_file_that_is_not_text_is_all_default() {
        let (config, warnings) = Setup::with_file(b"theme = '\xff'\n").load();
        assert_eq!(config.theme.origin, Origin::Default);
        assert_eq!(
            warnings,
            ["config.toml, line 1, column 10: the file is not UTF-8; nothing of it is used"]
        );
    }

    #[test]
    fn a_hostile_key_cannot_paint_the_screen() {
        let (_, warnings) = Setup::with_file("\"\\u001b[2J\\u202e\" = 1\n").load();
        assert_eq!(
            warnings,
            ["config.toml, line 1, column 1: unknown key \"\\u{1b}[2J\\u{202e}\""]
        );
    }

    #[test]
    fn a_switch_is_on_or_off_in_the_file_and_in_the_variable() {
        let mut setup = Setup::with_file("ascii = true\nmouse = 'off'\n");
        let (config, warnings) = setup.load();
        assert_eq!(warnings, Vec::<String>::new());
        assert_eq!((config.ascii.value, config.mouse.value), (true, false));

        setup.environment = Environment::from([("BANGO_ASCII", "no"), ("BANGO_MOUSE", "true")]);
        let (config, warnings) = setup.load();
        assert_eq!((config.ascii.value, config.mouse.value), (true, true));
        assert_eq!(
            warnings,
            ["BANGO_ASCII: ascii is \"no\" and must be true or false"]
        );
    }

    #[test]
    fn a_command_is_a_list_in_the_file_and_in_the_variable() {
        let command = ClipboardSetting::Command(vec!["wl-copy".into(), "-n".into()]);
        let mut setup = Setup::with_file("clipboard = ['wl-copy', '-n']\n");
        assert_eq!(setup.load().0.clipboard.value, command);

        setup.environment = Environment::from([("BANGO_CLIPBOARD", "[\"xsel\"]")]);
        assert_eq!(
            setup.load().0.clipboard.value,
            ClipboardSetting::Command(vec!["xsel".into()])
        );
    }
}
