//! Endpoints of the API that the user has named: `[profile.NAME]` in `config.toml`.
//!
//! Test and live credentials speak to the same host, so the address proves nothing: the kind stands
//! beside the credentials. A profile with a mistake in it is not opened: a `read_only` that is misspelt
//! must not become a profile that writes.

mod read;

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use url::{Host, Url};

use super::{Origin, Setting, Warning, nearest};

pub(super) use read::{Source, read};

/// Bango's own address, for test and live credentials alike.
pub const BANGO: &str = "https://api.bango.net/v5";

/// The profile that is there without being written down: the sandbox of the data folder.
pub const SANDBOX: &str = "sandbox";

/// The words that mean something else where a profile's name is due.
pub(super) const TAKEN: [&str; 2] = [SANDBOX, "replay"];

/// Whose money an endpoint moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Nobody's: a sandbox of ours.
    #[default]
    Sandbox,
    /// Nobody's: the API with test credentials.
    Test,
    /// Real money.
    Live,
}

impl Kind {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Test => "test",
            Self::Live => "live",
        }
    }

    /// Whether the other side is not ours: it knows nothing of us, and personal data of it is masked in
    /// what leaves this machine.
    pub const fn is_remote(self) -> bool {
        !matches!(self, Self::Sandbox)
    }
}

/// An endpoint as the file has it.
#[derive(Clone, Debug)]
pub struct Profile {
    pub name: String,
    pub kind: Kind,
    /// Without a final slash.
    pub base_url: Setting<String>,
    pub username: Option<String>,
    pub credentials_file: Option<PathBuf>,
    /// A program with its arguments. Never empty.
    pub password_command: Option<Vec<String>>,
    /// Until there is a connection.
    pub timeout_connect: Setting<Duration>,
    /// Until the head of the answer.
    pub timeout_first_byte: Setting<Duration>,
    /// Until the end of the answer.
    pub timeout_total: Setting<Duration>,
    pub proxy: Setting<Proxy>,
    /// Certificates of further authorities, as PEM.
    pub ca_file: Option<PathBuf>,
    /// Headers whose values are secret, in lower case.
    pub secret_headers: Vec<String>,
    /// Where the world reaches our listener, without a final slash.
    pub callback_base: Option<String>,
    pub read_only: Setting<bool>,
}

/// The proxy on the way.
#[derive(Clone, Debug, Default)]
pub enum Proxy {
    /// As `HTTPS_PROXY` and its like say.
    #[default]
    Environment,
    None,
    /// May carry a password.
    At(SecretString),
}

impl Proxy {
    /// Host and port, without the password.
    pub fn shown(&self) -> String {
        use secrecy::ExposeSecret as _;
        match self {
            Self::Environment => String::new(),
            Self::None => "none".to_owned(),
            Self::At(url) => {
                let url = Url::parse(url.expose_secret()).ok();
                let shown = url.and_then(|mut url| {
                    if url.password().is_some() {
                        url.set_password(Some("***")).ok()?;
                    }
                    Some(url.to_string())
                });
                shown.unwrap_or_default()
            }
        }
    }
}

/// A profile by its name: usable, or what is wrong with it.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: String,
    pub profile: Result<Profile, Vec<Warning>>,
}

/// Why there is no such profile to open. Each message is a whole sentence without its full stop.
#[derive(Debug, thiserror::Error)]
pub enum NoProfile {
    #[error("there is no profile {name:?}{}; {file} has {}", meant(.near.as_deref()), listed(.known))]
    Unknown {
        name: String,
        near: Option<String>,
        known: Vec<String>,
        file: String,
    },
    #[error("the profile {name} cannot be used: {}", joined(.problems))]
    Unusable {
        name: String,
        problems: Vec<Warning>,
    },
}

fn meant(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!(", did you mean {near:?}?"))
}

fn listed(known: &[String]) -> String {
    if known.is_empty() {
        "none: write [profile.NAME] with kind = \"test\" or \"live\" into it".to_owned()
    } else {
        known.join(", ")
    }
}

fn joined(problems: &[Warning]) -> String {
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    problems.join("; ")
}

/// What can stand in a profile, and what it means, for the documentation.
pub const KEYS: [(&str, &str); 13] = [
    (
        "kind",
        "`\"test\"` or `\"live\"`, as the credentials are, or `\"sandbox\"`: a `bango sandbox` elsewhere; the one key that is needed",
    ),
    (
        "base_url",
        "where the API is; without it `https://api.bango.net/v5`, or as the `bango sandbox` elsewhere prints it",
    ),
    (
        "username",
        "as whom calls are made; `BANGO_USERNAME` must agree with it",
    ),
    (
        "credentials_file",
        "a file of yours alone (0600) with `username = \"…\"` and `password = \"…\"`",
    ),
    (
        "password_command",
        "a program with its arguments as a list: it prints the password as its only line, within 10 s",
    ),
    (
        "timeout_connect",
        "seconds until there is a connection; without it 5",
    ),
    (
        "timeout_first_byte",
        "seconds until the answer begins; without it 30",
    ),
    (
        "timeout_total",
        "seconds until the answer is there; without it 60",
    ),
    (
        "proxy",
        "the URL of a proxy, or `\"none\"`; without it as `HTTPS_PROXY` and its like say",
    ),
    (
        "ca_file",
        "certificates of an authority of your own, as PEM, trusted beside the system's",
    ),
    (
        "secret_headers",
        "a list of headers whose values are never kept or shown",
    ),
    (
        "callback_base",
        "the public address of a tunnel to port 2647 of this machine, for callbacks and notifications",
    ),
    ("read_only", "`true`: nothing that writes can be sent"),
];

impl Profile {
    /// A profile of which only name and kind are known.
    pub fn new(name: &str, kind: Kind) -> Self {
        let seconds = |seconds| defaulted(Duration::from_secs(seconds));
        Self {
            name: name.to_owned(),
            kind,
            base_url: defaulted(BANGO.to_owned()),
            username: None,
            credentials_file: None,
            password_command: None,
            timeout_connect: seconds(5),
            timeout_first_byte: seconds(30),
            timeout_total: seconds(60),
            proxy: defaulted(Proxy::default()),
            ca_file: None,
            secret_headers: Vec::new(),
            callback_base: None,
            read_only: defaulted(false),
        }
    }
}

/// Whether an address leads to this machine: nobody can listen in on the way there.
pub fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn defaulted<T>(value: T) -> Setting<T> {
    Setting {
        value,
        origin: Origin::Default,
    }
}

/// The profile of this name.
pub fn find(profiles: &[Named], name: &str, file: &Path) -> Result<Profile, NoProfile> {
    let Some(found) = profiles.iter().find(|profile| profile.name == name) else {
        let known: Vec<String> = profiles
            .iter()
            .map(|profile| profile.name.clone())
            .collect();
        let words: Vec<&str> = known.iter().map(String::as_str).collect();
        return Err(NoProfile::Unknown {
            near: nearest(name, &words).map(str::to_owned),
            name: name.to_owned(),
            known,
            file: file.to_string_lossy().escape_debug().to_string(),
        });
    };
    found
        .profile
        .clone()
        .map_err(|problems| NoProfile::Unusable {
            name: name.to_owned(),
            problems,
        })
}

#[cfg(test)]
mod tests;
