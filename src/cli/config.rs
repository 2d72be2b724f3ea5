//! `bango config`: where the settings are, and which are in force.

use clap::{Args, Subcommand};

use super::narration::tell;
use super::{Exit, console, output};
use crate::config::credentials::{self, Looked};
use crate::config::profile::{Named, Profile, Proxy};
use crate::config::{ClipboardSetting, Config, Environment, Flags, Folders, Origin, Setting};

#[derive(Debug, Args)]
#[command(about = "Say where the settings are, or which are in force")]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum What {
    /// The files and folders that bango reads and writes
    Path,
    /// Every setting with where it comes from; secrets as set or not set
    Show,
}

pub fn run(arguments: &Arguments) -> Exit {
    let environment = Environment::of_this_process();
    let folders = match Folders::find(&environment) {
        Ok(folders) => folders,
        Err(error) => return console::refuse(&error),
    };
    match arguments.what {
        What::Path => {
            let paths = paths(&folders);
            let paths = paths
                .iter()
                .map(|(name, path)| format!("{name:<8}  {}", path.display()));
            output::lines(paths.collect::<Vec<_>>().iter().map(String::as_str));
        }
        What::Show => {
            let (config, warnings) = Config::load(&folders, &environment, &Flags::default());
            for warning in warnings {
                tell(&format!("bango: {warning}"));
            }
            let shown = shown(&config, &environment);
            output::lines(shown.iter().map(String::as_str));
        }
    }
    Exit::Done
}

/// What is where, by the names of this program.
pub fn paths(folders: &Folders) -> [(&'static str, std::path::PathBuf); 6] {
    [
        ("config", folders.config_file()),
        ("keymap", folders.keymap_file()),
        ("themes", folders.themes()),
        ("journals", folders.data.clone()),
        ("sandbox", folders.data.join("sandbox.db")),
        ("state", folders.state.clone()),
    ]
}

/// The settings as a file would have them, each with its origin as a comment.
fn shown(config: &Config, environment: &Environment) -> Vec<String> {
    let mut rows = vec![
        row("clipboard", &config.clipboard, ClipboardSetting::as_toml),
        row("theme", &config.theme, |name| quoted(name.as_str())),
        row("ascii", &config.ascii, ToString::to_string),
        row("mouse", &config.mouse, ToString::to_string),
    ];
    for Named { name, profile } in &config.profiles {
        rows.push(String::new());
        match profile {
            Ok(profile) => rows.extend(of_profile(profile, environment)),
            Err(_) => rows.push(format!("# [profile.{name}] cannot be used: see above")),
        }
    }
    rows
}

fn of_profile(profile: &Profile, environment: &Environment) -> Vec<String> {
    let file = |value: &str| commented(value, "file");
    let given =
        |name: &str, value: Option<String>| value.map(|value| file(&format!("{name} = {value}")));
    let path = |path: &std::path::PathBuf| quoted(&path.to_string_lossy());
    let seconds = |time: &std::time::Duration| time.as_secs().to_string();
    let Looked { username, password } = credentials::look(profile, environment);
    let mut rows = vec![
        format!("[profile.{}]", profile.name),
        file(&format!("kind = {}", quoted(profile.kind.word()))),
        row("base_url", &profile.base_url, |url| quoted(url)),
        match username {
            Ok((name, from)) => {
                commented(&format!("username = {}", quoted(&name)), &from.to_string())
            }
            Err(error) => format!("# username: not set: {error}"),
        },
        match password {
            Ok(from) => format!("# password: set, by {from}"),
            Err(error) => format!("# password: not set: {error}"),
        },
    ];
    rows.extend(given(
        "credentials_file",
        profile.credentials_file.as_ref().map(path),
    ));
    // Its arguments may be a secret, too.
    if let Some([program, arguments @ ..]) = profile.password_command.as_deref() {
        let count = arguments.len();
        rows.push(format!(
            "# password_command: {program}, with {count} more words"
        ));
    }
    rows.extend([
        row("timeout_connect", &profile.timeout_connect, seconds),
        row("timeout_first_byte", &profile.timeout_first_byte, seconds),
        row("timeout_total", &profile.timeout_total, seconds),
        match &profile.proxy.value {
            Proxy::Environment => "# proxy: as HTTPS_PROXY and its like say".to_owned(),
            proxy => file(&format!("proxy = {}", quoted(&proxy.shown()))),
        },
    ]);
    rows.extend(given("ca_file", profile.ca_file.as_ref().map(path)));
    if !profile.secret_headers.is_empty() {
        rows.extend(given("secret_headers", Some(list(&profile.secret_headers))));
    }
    rows.extend(given(
        "callback_base",
        profile.callback_base.as_deref().map(quoted),
    ));
    rows.push(row("read_only", &profile.read_only, ToString::to_string));
    rows
}

fn row<T>(name: &str, setting: &Setting<T>, value: impl FnOnce(&T) -> String) -> String {
    let from = match setting.origin {
        Origin::Flag => "flag",
        Origin::Environment => "environment",
        Origin::File => "file",
        Origin::Default => "default",
    };
    commented(&format!("{name} = {}", value(&setting.value)), from)
}

fn commented(row: &str, from: &str) -> String {
    format!("{row:<42}  # {from}")
}

fn quoted(text: &str) -> String {
    crate::config::toml_text(text)
}

fn list(texts: &[String]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}
