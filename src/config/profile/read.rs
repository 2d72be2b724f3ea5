//! `[profile.NAME]` out of `config.toml`.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use toml::de::{DeTable, DeValue};
use url::Url;

use super::{KEYS, Kind, Named, Origin, Profile, Proxy, Setting, TAKEN, is_this_machine};
use crate::config::file::{place, position, touches, value};
use crate::config::warning::nearest;
use crate::config::{Environment, Value, Warning, credentials};

/// The longest name: it is part of a file's name and of the first row.
const LONGEST: usize = 24;
const HEADERS_KEPT: &str = "a list of header names such as [\"X-Api-Key\"]";

/// What is around the profiles.
pub struct Source<'s> {
    pub path: &'s Path,
    pub text: &'s str,
    /// Where the file is no TOML.
    pub broken: &'s [Range<usize>],
    pub environment: &'s Environment,
}

/// Every profile of the table `profile`. Its problems are also the file's.
pub fn read(source: &Source<'_>, found: &DeValue<'_>, warnings: &mut Vec<Warning>) -> Vec<Named> {
    let DeValue::Table(profiles) = found else {
        return Vec::new();
    };
    let mut sections: Vec<_> = profiles.iter().collect();
    sections.sort_by_key(|(name, _)| name.span().start);
    let mut all = Vec::new();
    for (name, section) in sections {
        let mut reading = Reading {
            source,
            profile: name.get_ref().to_string(),
            problems: Vec::new(),
        };
        let profile = reading.profile(name.span().start, section.get_ref());
        let Reading {
            profile: name,
            problems,
            ..
        } = reading;
        warnings.extend(problems.iter().cloned());
        let profile = profile.filter(|_| problems.is_empty()).ok_or(problems);
        all.push(Named { name, profile });
    }
    all
}

/// The reading of one profile.
struct Reading<'s> {
    source: &'s Source<'s>,
    profile: String,
    problems: Vec<Warning>,
}

/// Why a value cannot stand there; it follows the name of the key.
struct Wrong {
    problem: String,
    near: Option<&'static str>,
}

impl Wrong {
    fn must_be(value: &Value, rule: &str) -> Self {
        Self {
            problem: format!("is {value} and must be {rule}"),
            near: None,
        }
    }

    fn because(problem: &str) -> Self {
        Self {
            problem: problem.to_owned(),
            near: None,
        }
    }
}

impl Reading<'_> {
    fn problem(&mut self, at: usize, key: Option<&str>, problem: &str, near: Option<&'static str>) {
        let at = Some(position(self.source.text, at));
        self.problems.push(Warning {
            place: place(self.source.path, at),
            key: key.map(str::to_owned),
            problem: format!("profile {:?}: {problem}", self.profile),
            near,
        });
    }

    fn profile(&mut self, at: usize, section: &DeValue<'_>) -> Option<Profile> {
        if !is_name(&self.profile) {
            let problem = "its name must be 1 to 24 of a-z, 0-9, - and _";
            self.problem(at, None, problem, None);
        } else if TAKEN.contains(&self.profile.as_str()) {
            let problem = "the name has a meaning of its own: choose another";
            self.problem(at, None, problem, None);
        }
        let DeValue::Table(section) = section else {
            let name = self.profile.clone();
            let problem = format!("it must be a table: [profile.{name}]");
            self.problem(at, None, &problem, None);
            return None;
        };
        let mut profile = Profile::new(&self.profile, Kind::Test);
        let mut has_kind = false;
        for (key, found) in in_order(section) {
            let (name, at) = (key.get_ref().as_ref(), key.span().start);
            if self.is_broken(&found.span()) {
                let problem = format!("{name:?} cannot be read");
                self.problem(at, Some(name), &problem, None);
                continue;
            }
            if name == "password" {
                let problem = "a password does not stand in this file: credentials_file names a file \
                               of yours alone, password_command a program that prints it";
                self.problem(at, Some(name), problem, None);
                continue;
            }
            let Some((known, _)) = KEYS.iter().find(|(known, _)| *known == name) else {
                let near = nearest(name, &KEYS.map(|(known, _)| known));
                let problem = format!("unknown key {name:?}");
                self.problem(at, Some(name), &problem, near);
                continue;
            };
            has_kind |= *known == "kind";
            let value = value(found.get_ref());
            if let Err(wrong) = self.take(&mut profile, known, &value) {
                let problem = format!("{known} {}", wrong.problem);
                self.problem(at, Some(known), &problem, wrong.near);
            }
        }
        if !has_kind {
            let problem =
                "kind is missing: \"test\" or \"live\", as its credentials are, or \"sandbox\"";
            self.problem(at, Some("kind"), problem, None);
        }
        if profile.kind == Kind::Sandbox {
            if !is_sandbox(&profile.base_url.value) {
                let at = section
                    .get_key_value("base_url")
                    .map_or(at, |(key, _)| key.span().start);
                let problem = "base_url of a sandbox is needed, as `bango sandbox` prints it: http://127.0.0.1:2646/v5";
                self.problem(at, Some("base_url"), problem, None);
            }
        } else if let Some(at) = Self::at_plain_http(section, &profile) {
            let problem = "base_url must begin with https://, except for this machine: credentials travel in it";
            self.problem(at, Some("base_url"), problem, None);
        }
        Some(profile)
    }

    fn is_broken(&self, value: &Range<usize>) -> bool {
        let mut broken = self.source.broken.iter();
        broken.any(|error| touches(error, value))
    }

    /// Where an address without TLS stands that does not lead to this machine.
    fn at_plain_http(section: &DeTable<'_>, profile: &Profile) -> Option<usize> {
        let is_plain = Url::parse(&profile.base_url.value)
            .is_ok_and(|url| url.scheme() == "http" && !is_this_machine(&url));
        let entry = section.get_key_value("base_url").filter(|_| is_plain);
        entry.map(|(key, _)| key.span().start)
    }

    fn take(&self, profile: &mut Profile, key: &str, value: &Value) -> Result<(), Wrong> {
        match key {
            "kind" => profile.kind = kind(value)?,
            "base_url" => profile.base_url = set(base_url(value)?),
            "username" => profile.username = Some(word(value)?),
            "credentials_file" => profile.credentials_file = Some(self.path(value)?),
            "password_command" => profile.password_command = Some(command(value)?),
            "timeout_connect" => profile.timeout_connect = set(seconds(value)?),
            "timeout_first_byte" => profile.timeout_first_byte = set(seconds(value)?),
            "timeout_total" => profile.timeout_total = set(seconds(value)?),
            "proxy" => profile.proxy = set(self.proxy(value)?),
            "ca_file" => profile.ca_file = Some(self.path(value)?),
            "secret_headers" => profile.secret_headers = headers(value)?,
            "callback_base" => profile.callback_base = Some(callback_base(value)?),
            _ => match value {
                Value::Bool(read_only) => profile.read_only = set(*read_only),
                _ => return Err(Wrong::must_be(value, "true or false")),
            },
        }
        Ok(())
    }

    /// Relative to the file's own folder; `~/` is the home folder.
    fn path(&self, value: &Value) -> Result<PathBuf, Wrong> {
        let path = word(value)?;
        let folder = self.source.path.parent().unwrap_or(Path::new(""));
        Ok(match path.strip_prefix("~/") {
            Some(in_home) => {
                let home = self.source.environment.get("HOME");
                home.map_or_else(|| folder.join(&path), |home| Path::new(home).join(in_home))
            }
            None => folder.join(path),
        })
    }

    fn proxy(&self, value: &Value) -> Result<Proxy, Wrong> {
        // What is wrong is not repeated: there may be a password in it.
        let wrong =
            || Wrong::because("must be \"none\" or a URL such as http://proxy.example:3128");
        let Value::Text(text) = value else {
            return Err(wrong());
        };
        if text == "none" {
            return Ok(Proxy::None);
        }
        let url = Url::parse(text).map_err(|_| wrong())?;
        let is_proxy = matches!(url.scheme(), "http" | "https") && url.has_host();
        if !is_proxy || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong());
        }
        if url.password().is_some() && self.is_readable_by_others() {
            let path = credentials::shell_word(self.source.path);
            return Err(Wrong::because(&format!(
                "holds a password, and others can read this file: run chmod 600 {path}"
            )));
        }
        Ok(Proxy::At(SecretString::from(text.clone())))
    }

    fn is_readable_by_others(&self) -> bool {
        credentials::is_open_to_others(self.source.path).unwrap_or(true)
    }
}

fn set<T>(value: T) -> Setting<T> {
    Setting {
        value,
        origin: Origin::File,
    }
}

fn in_order<'t>(
    table: &'t DeTable<'_>,
) -> Vec<(
    &'t toml::Spanned<std::borrow::Cow<'t, str>>,
    &'t toml::Spanned<DeValue<'t>>,
)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn is_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.len() <= LONGEST
        && name.bytes().next().is_some_and(is_letter)
        && name
            .bytes()
            .all(|byte| is_letter(byte) || b"-_".contains(&byte))
}

/// Whether it is an address as a sandbox of ours has one.
fn is_sandbox(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.scheme() == "http" && url.path() == "/v5")
}

fn kind(value: &Value) -> Result<Kind, Wrong> {
    const RULE: &str = "\"test\", \"live\" or \"sandbox\"";
    let kinds = [Kind::Test, Kind::Live, Kind::Sandbox];
    let Value::Text(text) = value else {
        return Err(Wrong::must_be(value, RULE));
    };
    kinds
        .into_iter()
        .find(|kind| kind.word() == text)
        .ok_or_else(|| Wrong {
            near: nearest(text, &kinds.map(Kind::word)),
            ..Wrong::must_be(value, RULE)
        })
}

/// A text that is not empty.
fn word(value: &Value) -> Result<String, Wrong> {
    match value {
        Value::Text(text) if !text.is_empty() => Ok(text.clone()),
        _ => Err(Wrong::must_be(value, "a text that is not empty")),
    }
}

fn command(value: &Value) -> Result<Vec<String>, Wrong> {
    match value {
        Value::Texts(command) if command.first().is_some_and(|name| !name.is_empty()) => {
            Ok(command.clone())
        }
        _ => Err(Wrong::must_be(
            value,
            "a list such as [\"pass\", \"bango\"]",
        )),
    }
}

fn seconds(value: &Value) -> Result<Duration, Wrong> {
    match value {
        Value::Number(seconds @ 1..=3600) => Ok(Duration::from_secs(seconds.unsigned_abs())),
        _ => Err(Wrong::must_be(value, "a number of seconds from 1 to 3600")),
    }
}

fn headers(value: &Value) -> Result<Vec<String>, Wrong> {
    let is_token = |name: &String| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        !name.is_empty() && name.bytes().all(is_part)
    };
    match value {
        Value::Texts(names) if names.iter().all(is_token) => {
            Ok(names.iter().map(|name| name.to_ascii_lowercase()).collect())
        }
        _ => Err(Wrong::must_be(value, HEADERS_KEPT)),
    }
}

/// The API's address. It may hold credentials by mistake, so what is wrong is not repeated.
fn base_url(value: &Value) -> Result<String, Wrong> {
    address(
        value,
        "must be a URL such as https://api.bango.net/v5, without credentials, query or fragment",
    )
}

fn callback_base(value: &Value) -> Result<String, Wrong> {
    address(
        value,
        "must be the public URL of a tunnel to port 2647 of this machine, such as https://shop.example",
    )
}

fn address(value: &Value, rule: &str) -> Result<String, Wrong> {
    let Value::Text(text) = value else {
        return Err(Wrong::because(rule));
    };
    let url = Url::parse(text).map_err(|_| Wrong::because(rule))?;
    let is_bare = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    let is_http = matches!(url.scheme(), "http" | "https") && url.has_host();
    if is_http && is_bare {
        Ok(url.as_str().trim_end_matches('/').to_owned())
    } else {
        Err(Wrong::because(rule))
    }
}
