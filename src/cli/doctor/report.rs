//! What is looked at, in the words of the report.

use std::fs;
use std::io::{self, IsTerminal as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::cli::config::paths;
use crate::config::credentials::{self, Looked};
use crate::config::profile::Named;
use crate::config::{ClipboardSetting, ColorChoice, Colors, Config, Environment, Folders, Warning};
use crate::record::journal;
use crate::sandbox;

/// The lines of the report.
#[derive(Default)]
pub struct Report {
    pub lines: Vec<String>,
    /// Whether something is wrong.
    pub failed: bool,
}

impl Report {
    pub fn heading(&mut self, words: &str) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.lines.push(words.to_owned());
    }

    pub fn fine(&mut self, name: &str, words: &str) {
        self.lines.push(format!("  {name:<12}  {words}"));
    }

    pub fn wrong(&mut self, name: &str, words: &str) {
        self.failed = true;
        self.lines.push(format!("! {name:<12}  {words}"));
    }

    pub fn versions(&mut self) {
        self.heading("versions");
        self.fine("bango", env!("CARGO_PKG_VERSION"));
        let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
        self.fine("system", &system);
        self.fine("sqlite", journal::sqlite());
    }

    pub fn paths(&mut self, folders: &Folders) {
        self.heading("paths");
        for (name, path) in paths(folders) {
            let found = match fs::metadata(&path) {
                Ok(metadata) => format!("{:04o}", metadata.mode() & 0o7777),
                Err(error) if error.kind() == io::ErrorKind::NotFound => "not there".to_owned(),
                Err(error) => error.to_string(),
            };
            self.fine(name, &format!("{}  {found}", path.display()));
        }
    }

    pub fn settings(&mut self, warnings: &[Warning]) {
        self.heading("settings");
        if warnings.is_empty() {
            self.fine("config", "nothing wrong");
        }
        for warning in warnings {
            self.wrong("config", &warning.to_string());
        }
    }

    pub fn terminal(&mut self, environment: &Environment) {
        self.heading("terminal");
        let is_terminal = |yes| if yes { "a terminal" } else { "none" };
        self.fine("input", is_terminal(io::stdin().is_terminal()));
        self.fine("output", is_terminal(io::stdout().is_terminal()));
        if let Ok(size) = rustix::termios::tcgetwinsize(io::stderr()) {
            self.fine("size", &format!("{}\u{d7}{}", size.ws_col, size.ws_row));
        }
        for name in ["TERM", "COLORTERM", "TERM_PROGRAM", "LANG", "LC_ALL"] {
            if let Some(value) = environment.text(name) {
                self.fine(name, &value);
            }
        }
        let colors = match Colors::decide(ColorChoice::Auto, environment) {
            Colors::None => "none",
            Colors::Indexed => "256",
            Colors::True => "24 bits",
        };
        self.fine("colours", colors);
        let inside: Vec<_> = [("TMUX", "tmux"), ("STY", "screen"), ("SSH_TTY", "SSH")]
            .into_iter()
            .filter(|(variable, _)| environment.is_set(variable))
            .map(|(_, name)| name)
            .collect();
        if !inside.is_empty() {
            self.fine("inside", &inside.join(", "));
        }
    }

    pub fn clipboard(&mut self, config: &Config, environment: &Environment) {
        self.heading("clipboard");
        self.fine("setting", &config.clipboard.value.as_toml());
        if config.clipboard.value == ClipboardSetting::Auto {
            let route = crate::console::clipboard::first_route(environment);
            self.fine("first tried", route);
        }
    }

    pub fn profiles(&mut self, config: &Config, environment: &Environment) {
        self.heading("profiles");
        self.fine("sandbox", "kind sandbox, served here");
        for Named { name, profile } in &config.profiles {
            let Ok(profile) = profile else {
                self.wrong(name, "cannot be used: see settings");
                continue;
            };
            let read_only = if profile.read_only.value {
                ", read-only"
            } else {
                ""
            };
            let (kind, url) = (profile.kind.word(), &profile.base_url.value);
            self.fine(name, &format!("kind {kind}{read_only}, {url}"));
            let Looked { username, password } = credentials::look(profile, environment);
            match username {
                Ok((_, from)) => self.fine("", &format!("user name from {from}")),
                Err(error) => self.wrong("", &format!("user name: {error}")),
            }
            match password {
                Ok(from) => self.fine("", &format!("password from {from}")),
                Err(error) => self.wrong("", &format!("password: {error}")),
            }
        }
    }

    pub fn journals(&mut self, folders: &Folders) {
        self.heading("journals");
        let files = fs::read_dir(&folders.data).into_iter().flatten();
        let mut names: Vec<String> = files
            .filter_map(|file| {
                let name = file.ok()?.file_name().into_string().ok()?;
                let profile = name.strip_prefix("journal-")?.strip_suffix(".db")?;
                Some(profile.to_owned())
            })
            .collect();
        names.sort();
        if names.is_empty() {
            self.fine("none", "nothing was recorded yet");
        }
        for name in names {
            let path = folders.data.join(format!("journal-{name}.db"));
            let modes = modes(&path);
            let found = journal::check(&path).map(|found| {
                let words = format!("entries {}, payments {}", found.entries, found.transactions);
                (words, found.damage)
            });
            self.database(&name, &modes, found);
        }
    }

    /// A database with what was found in it.
    fn database<E: std::fmt::Display>(
        &mut self,
        name: &str,
        modes: &str,
        found: Result<(String, Option<String>), E>,
    ) {
        match found {
            Ok((words, None)) => self.fine(name, &format!("{words}, {modes}, sound")),
            Ok((words, Some(damage))) => {
                self.wrong(name, &format!("{words}, {modes}, damaged: {damage}"));
            }
            Err(error) => self.wrong(name, &format!("{modes}, {error}")),
        }
    }

    pub fn sandbox(&mut self, folders: &Folders) {
        self.heading("sandbox");
        let path = folders.data.join("sandbox.db");
        if !path.exists() {
            self.fine("database", "not there yet");
            return;
        }
        let modes = modes(&path);
        let found = sandbox::check(&path).map(|found| {
            let words = format!("payers {}, payments {}", found.payers, found.payments);
            (words, found.damage)
        });
        self.database("database", &modes, found);
        if let Some(holder) = sandbox::holder(&path) {
            let words = format!("by process {} at {}", holder.process, holder.address);
            self.fine("served", &words);
        }
    }
}

/// Length and permissions of a file.
fn modes(path: &Path) -> String {
    match fs::metadata(path) {
        Ok(metadata) => {
            let (length, mode) = (metadata.len() / 1024, metadata.mode() & 0o7777);
            format!("{length} KiB, {mode:04o}")
        }
        Err(error) => error.to_string(),
    }
}
