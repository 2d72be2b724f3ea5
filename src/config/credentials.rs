//! As whom the calls of a profile are made: from the environment, a program of the user's or a file that is
//! theirs alone. Never from the command line, which everybody on the machine can read.

mod command;

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use toml::de::{DeTable, DeValue};

pub use command::CommandError;

use super::Environment;
use super::file::position;
use super::profile::Profile;
use super::warning::nearest;
use crate::text::Foreign;

/// The variables that come before everything that a profile says.
pub const USERNAME: &str = "BANGO_USERNAME";
pub const PASSWORD: &str = "BANGO_PASSWORD";

/// How long a program may take to print a password.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// More than any credentials file has.
const LONGEST: u64 = 64 * 1024;

/// User name and password, each with where it came from.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub username: String,
    pub password: SecretString,
    pub username_from: Source,
    pub password_from: Source,
}

/// Where a credential comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Variable(&'static str),
    /// The profile itself.
    Profile,
    /// `password_command`, by the name of its program.
    Command(String),
    File(PathBuf),
}

impl std::fmt::Display for Source {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Variable(name) => formatter.write_str(name),
            Self::Profile => formatter.write_str("the profile"),
            Self::Command(name) => write!(formatter, "password_command ({})", name.escape_debug()),
            Self::File(path) => write!(formatter, "{}", path.to_string_lossy().escape_debug()),
        }
    }
}

/// Why there are none. Each message is a sentence without its full stop, and never holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    #[error(
        "there is no {what}: set {variable}, or write {keys} into the profile",
        variable = if *what == "password" { PASSWORD } else { USERNAME },
        keys = if *what == "password" { "credentials_file or password_command" } else { "username" }
    )]
    Missing { what: &'static str },
    #[error(
        "{USERNAME} is not the user name that the profile has: test and live credentials speak to the same \
         host, so unset it or use the profile that it belongs to"
    )]
    AnotherMerchant,
    #[error("{} can be read by others: run chmod 600 {}", shown(.path), shell_word(.path))]
    Open { path: PathBuf },
    #[error("{} cannot be read: {}", shown(.path), super::folders::reason(.source))]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{}{}: {problem}", shown(.path), place_of(*.at))]
    File {
        path: PathBuf,
        at: Option<(usize, usize)>,
        problem: String,
    },
    #[error("password_command {0}")]
    Command(#[from] CommandError),
}

fn place_of(at: Option<(usize, usize)>) -> String {
    at.map_or_else(String::new, |(line, column)| {
        format!(", line {line}, column {column}")
    })
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().escape_debug().to_string()
}

/// A path as it can be typed into a shell.
pub(super) fn shell_word(path: &Path) -> String {
    let bytes = path.as_os_str().as_bytes();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
    if bytes.iter().all(is_plain) {
        return shown(path);
    }
    let word = Foreign::new(bytes).for_shell().unwrap_or_default();
    String::from_utf8_lossy(&word).into_owned()
}

/// Whether anybody but its owner can read a file.
pub(super) fn is_open_to_others(path: &Path) -> io::Result<bool> {
    Ok(std::fs::metadata(path)?.mode() & 0o077 != 0)
}

/// The credentials of a profile; its program may take so long.
pub fn resolve(
    profile: &Profile,
    environment: &Environment,
    patience: Duration,
) -> Result<Credentials, CredentialsError> {
    let file = match &profile.credentials_file {
        Some(path) => read(path)?,
        None => Kept::default(),
    };
    let (username, username_from) = username(profile, environment, &file)?;
    let (password, password_from) = password(profile, environment, file, patience)?;
    Ok(Credentials {
        username,
        password,
        username_from,
        password_from,
    })
}

fn username(
    profile: &Profile,
    environment: &Environment,
    file: &Kept,
) -> Result<(String, Source), CredentialsError> {
    let of_file = file
        .username
        .as_ref()
        .zip(profile.credentials_file.as_ref());
    let own = match (&profile.username, of_file) {
        (Some(name), _) => Some((name.clone(), Source::Profile)),
        (None, Some((name, path))) => Some((name.clone(), Source::File(path.clone()))),
        (None, None) => None,
    };
    let said = environment.text(USERNAME);
    match (said, own) {
        // The kind belongs to the credentials: others than the profile's may be of the other kind.
        (Some(said), Some((own, _))) if said != own => Err(CredentialsError::AnotherMerchant),
        (Some(said), _) => Ok((said, Source::Variable(USERNAME))),
        (None, Some(own)) => Ok(own),
        (None, None) => Err(CredentialsError::Missing { what: "user name" }),
    }
}

fn password(
    profile: &Profile,
    environment: &Environment,
    file: Kept,
    patience: Duration,
) -> Result<(SecretString, Source), CredentialsError> {
    if let Some(password) = environment.text(PASSWORD) {
        return Ok((password.into(), Source::Variable(PASSWORD)));
    }
    if let Some(command) = &profile.password_command {
        let password = command::run(command, environment, patience)?;
        let program = command.first().cloned().unwrap_or_default();
        return Ok((password, Source::Command(program)));
    }
    match (file.password, &profile.credentials_file) {
        (Some(password), Some(path)) => Ok((password, Source::File(path.clone()))),
        _ => Err(CredentialsError::Missing { what: "password" }),
    }
}

/// What a look at the credentials found: each with where it comes from, or why there is none.
#[derive(Debug)]
pub struct Looked {
    pub username: Result<(String, Source), CredentialsError>,
    pub password: Result<Source, CredentialsError>,
}

/// Looks without running a program.
pub fn look(profile: &Profile, environment: &Environment) -> Looked {
    let file = profile.credentials_file.as_deref().map(read).transpose();
    let (_, password_from) = sources(profile, environment);
    match file {
        Ok(file) => {
            let file = file.unwrap_or_default();
            let is_there = match &password_from {
                Some(Source::File(_)) => file.password.is_some(),
                other => other.is_some(),
            };
            let password = password_from.filter(|_| is_there);
            Looked {
                username: username(profile, environment, &file),
                password: password.ok_or(CredentialsError::Missing { what: "password" }),
            }
        }
        Err(error) => Looked {
            username: username(profile, environment, &Kept::default()),
            password: match password_from {
                Some(Source::File(_)) | None => Err(error),
                Some(other) => Ok(other),
            },
        },
    }
}

/// Where the credentials would come from, without running or reading anything.
fn sources(profile: &Profile, environment: &Environment) -> (Option<Source>, Option<Source>) {
    let file = || profile.credentials_file.clone().map(Source::File);
    let username = if environment.is_set(USERNAME) {
        Some(Source::Variable(USERNAME))
    } else if profile.username.is_some() {
        Some(Source::Profile)
    } else {
        file()
    };
    let password = if environment.is_set(PASSWORD) {
        Some(Source::Variable(PASSWORD))
    } else if let Some(program) = profile.password_command.iter().flatten().next() {
        Some(Source::Command(program.clone()))
    } else {
        file()
    };
    (username, password)
}

/// What a credentials file holds.
#[derive(Default)]
struct Kept {
    username: Option<String>,
    password: Option<SecretString>,
}

/// The file is looked at before it is read, and its words are never repeated: they may be the password.
fn read(path: &Path) -> Result<Kept, CredentialsError> {
    let unreadable = |source| CredentialsError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(wrong(path, None, "it is no file".to_owned()));
    }
    if metadata.mode() & 0o077 != 0 {
        let path = path.to_owned();
        return Err(CredentialsError::Open { path });
    }
    let mut bytes = Vec::new();
    file.take(LONGEST)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(wrong(path, None, "it is not UTF-8".to_owned()));
    };
    kept(path, &text)
}

fn kept(path: &Path, text: &str) -> Result<Kept, CredentialsError> {
    const KEYS: [&str; 2] = ["username", "password"];
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map(|span| position(text, span.start));
        let problem = "it is no TOML; it holds username = \"…\" and password = \"…\"".to_owned();
        wrong(path, at, problem)
    })?;
    let mut kept = Kept::default();
    for (key, value) in table.get_ref() {
        let at = Some(position(text, key.span().start));
        let name = key.get_ref().as_ref();
        let DeValue::String(value) = value.get_ref() else {
            return Err(wrong(path, at, format!("{name:?} must be a text")));
        };
        match name {
            "username" => kept.username = Some(value.to_string()),
            "password" => kept.password = Some(SecretString::from(value.to_string())),
            _ => {
                let near = nearest(name, &KEYS)
                    .map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
                return Err(wrong(path, at, format!("unknown key {name:?}{near}")));
            }
        }
    }
    Ok(kept)
}

fn wrong(path: &Path, at: Option<(usize, usize)>, problem: String) -> CredentialsError {
    CredentialsError::File {
        path: path.to_owned(),
        at,
        problem,
    }
}

#[cfg(test)]
mod tests;
