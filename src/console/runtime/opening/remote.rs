//! A profile of the user's: the API itself, with test or live credentials.

use std::path::PathBuf;

use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use url::Url;
use uuid::Uuid;

use super::ours::Elsewhere;
use super::{OpeningError, Other};
use crate::config::credentials::{self, CredentialsError, PATIENCE};
use crate::config::{Environment, Kind, Profile, profile};
use crate::console::app::endpoint::Endpoint;
use crate::exchange::Epoch;
use crate::wire::client::{Client, ClientError, Credentials, Peer, Proxy, Timeouts, Trust, Way};

/// Why a profile cannot be opened. Each message follows "the profile NAME cannot be used: ".
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    #[error("{} cannot be read: {source}", path.to_string_lossy().escape_debug())]
    CaFile {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("its address cannot be used: {0}")]
    Client(#[from] ClientError),
    #[error("its host is not known")]
    NoSuchHost,
}

/// Everything that calls to it need. Nothing is sent.
pub fn reach(
    profile: &Profile,
    read_only: bool,
    environment: &Environment,
) -> Result<Other, OpeningError> {
    client(profile, read_only, environment)
        .map(|(client, username)| Other {
            client,
            calling: None,
            payer: None,
            epoch: epoch(profile, &username),
            endpoint: endpoint(profile),
            is_near: false,
            callback_base: profile.callback_base.clone(),
            secret_headers: profile.secret_headers.clone(),
            keep: None,
        })
        .map_err(|source| OpeningError::Remote {
            name: profile.name.clone(),
            source,
        })
}

/// A client for it, and as whom it calls.
pub fn client(
    profile: &Profile,
    read_only: bool,
    environment: &Environment,
) -> Result<(Client, String), RemoteError> {
    let mut way = way(profile)?;
    way.reads_only = read_only || profile.read_only.value;
    let found = credentials::resolve(profile, environment, PATIENCE)?;
    let username = found.username.clone();
    let credentials = Credentials {
        username: found.username,
        password: found.password,
    };
    let timeouts = Timeouts {
        connect: profile.timeout_connect.value,
        first_byte: profile.timeout_first_byte.value,
        total: profile.timeout_total.value,
    };
    let base = &profile.base_url.value;
    let client = Client::over(base, credentials, Peer::Remote, &way, timeouts)?;
    Ok((client, username))
}

/// The sandbox of somebody else's that a profile of that kind names.
pub fn sandbox(profile: &Profile, environment: &Environment) -> Result<Elsewhere, OpeningError> {
    let failed = |source| OpeningError::Remote {
        name: profile.name.clone(),
        source,
    };
    let url = Url::parse(&profile.base_url.value).ok();
    let addresses = url.and_then(|url| url.socket_addrs(|| None).ok());
    let address = addresses.and_then(|addresses| addresses.first().copied());
    let address = address.ok_or_else(|| failed(RemoteError::NoSuchHost))?;
    let asks_nobody = profile.username.is_none()
        && profile.credentials_file.is_none()
        && profile.password_command.is_none();
    let credentials = if asks_nobody {
        // What every sandbox takes that was not told otherwise.
        Credentials {
            username: "sandbox".to_owned(),
            password: "sandbox".into(),
        }
    } else {
        let found = credentials::resolve(profile, environment, PATIENCE);
        let found = found.map_err(|error| failed(error.into()))?;
        Credentials {
            username: found.username,
            password: found.password,
        }
    };
    Ok(Elsewhere {
        name: profile.name.clone(),
        address,
        credentials,
        callback_base: profile.callback_base.clone(),
        read_only: profile.read_only.value,
    })
}

fn way(profile: &Profile) -> Result<Way, RemoteError> {
    let base = Url::parse(&profile.base_url.value).ok();
    let is_near = base.as_ref().is_some_and(profile::is_this_machine);
    let proxy = match &profile.proxy.value {
        profile::Proxy::None => Proxy::None,
        // A proxy does not find the way back to this machine.
        profile::Proxy::Environment if is_near => Proxy::None,
        profile::Proxy::Environment => Proxy::System,
        profile::Proxy::At(url) => Proxy::At(SecretString::clone(url)),
    };
    let is_plain = base.is_some_and(|base| base.scheme() == "http");
    let trust = match &profile.ca_file {
        Some(path) => {
            let pem = std::fs::read(path).map_err(|source| RemoteError::CaFile {
                path: path.clone(),
                source,
            })?;
            Trust::SystemAnd(pem)
        }
        None if is_plain => Trust::Nobody,
        None => Trust::System,
    };
    Ok(Way {
        proxy,
        trust,
        secret_headers: profile.secret_headers.clone(),
        stubs: profile.kind != Kind::Live,
        reads_only: false,
    })
}

/// A remote profile has one epoch for as long as it leads to the same merchant: rows of the time before it
/// was changed are nobody's to act on.
pub fn epoch(profile: &Profile, username: &str) -> Epoch {
    let mut digest = Sha256::new();
    for part in [profile.kind.word(), &profile.base_url.value, username] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let digest = digest.finalize();
    let half = digest.first_chunk().expect("a SHA-256 has 32 bytes");
    Epoch(Uuid::from_bytes(*half))
}

fn endpoint(profile: &Profile) -> Endpoint {
    let url = &profile.base_url.value;
    let address = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    Endpoint {
        kind: profile.kind,
        name: profile.name.clone(),
        address: address.to_owned(),
        read_only: profile.read_only.value,
        ..Endpoint::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_merchant_address_or_kind_is_another_life() {
        let profile = Profile::new("shop", Kind::Test);
        let same = epoch(&profile, "merchant");
        assert_eq!(
            epoch(&Profile::new("renamed", Kind::Test), "merchant"),
            same
        );
        assert_ne!(epoch(&Profile::new("shop", Kind::Live), "merchant"), same);
        assert_ne!(epoch(&profile, "another"), same);
        let mut elsewhere = profile;
        elsewhere.base_url.value = "https://gateway.example/v5".to_owned();
        assert_ne!(epoch(&elsewhere, "merchant"), same);
    }
}
