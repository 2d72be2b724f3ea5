//! The profile that is there without being written down: the sandbox of the data folder.

use std::net::SocketAddr;

use secrecy::{ExposeSecret as _, SecretString};

use super::{Keep, OpeningError, Other};
use crate::clock::Clock;
use crate::config::{Environment, Folders, Kind, profile};
use crate::console::app::endpoint::Endpoint;
use crate::console::app::exports;
use crate::console::runtime::calling::Calling;
use crate::console::runtime::other_side::{NotFound, Search, Side};
use crate::record::journal::Journal;
use crate::sandbox::{self, Database, OpenError, StartError};
use crate::wire::activity::ActivityError;
use crate::wire::client::Credentials;
use crate::wire::payer::Payer;

/// A sandbox of somebody else's that a profile names.
pub struct Elsewhere {
    pub name: String,
    pub address: SocketAddr,
    pub credentials: Credentials,
    pub callback_base: Option<String>,
    pub read_only: bool,
}

/// What a start says of its sandbox.
pub struct Wanted<'w> {
    pub elsewhere: Option<Elsewhere>,
    /// `None` keeps it in memory.
    pub folders: Option<&'w Folders>,
    pub seed: Option<u64>,
    pub through: Option<&'w str>,
}

/// Serves the sandbox, or attaches to who does.
pub async fn find(
    wanted: Wanted<'_>,
    environment: &Environment,
    journal: &Journal,
    clock: &Clock,
    notices: &mut Vec<String>,
) -> Result<Other, OpeningError> {
    let database = wanted.folders.map_or(Database::Memory, |folders| {
        Database::File(folders.data.join("sandbox.db"))
    });
    let Wanted { elsewhere, .. } = wanted;
    let search = Search {
        elsewhere: elsewhere.as_ref().map(|elsewhere| elsewhere.address),
        database,
        seed: wanted.seed,
        credentials: match &elsewhere {
            Some(elsewhere) => elsewhere.credentials.clone(),
            None => credentials(environment),
        },
        journal: journal.clone(),
        clock: clock.clone(),
    };
    let side = find_sandbox(&search).await?;
    let (address, epoch) = (side.address(), side.epoch());
    if let Some(process) = side.process() {
        notices.push(format!("attached to the sandbox of process {process}"));
    } else if elsewhere.is_none() && address.port() != sandbox::PORT {
        notices.push(format!(
            "port {} is taken: the sandbox is at {address}",
            sandbox::PORT,
        ));
    }
    let calling = Calling {
        credentials: search.credentials.clone(),
        through: wanted.through.map(str::to_owned),
    };
    // Those of another sandbox may be its owner's secret.
    let shown = elsewhere.is_none().then(|| {
        let password = search.credentials.password.expose_secret();
        exports::Credentials::new(search.credentials.username.as_str(), password)
    });
    let endpoint = Endpoint {
        kind: Kind::Sandbox,
        name: match &elsewhere {
            Some(elsewhere) => elsewhere.name.clone(),
            None => profile::SANDBOX.to_owned(),
        },
        address: format!("{address}/v5"),
        credentials: shown,
        read_only: elsewhere
            .as_ref()
            .is_some_and(|elsewhere| elsewhere.read_only),
        ..Endpoint::default()
    };
    Ok(Other {
        client: calling.client(address)?,
        calling: Some(calling),
        payer: Some(Payer::new()?),
        epoch,
        endpoint,
        is_near: address.ip().is_loopback(),
        callback_base: elsewhere.and_then(|elsewhere| elsewhere.callback_base),
        secret_headers: Vec::new(),
        keep: Some(Keep { side, search }),
    })
}

/// What the embedded sandbox asks for, and what our calls carry.
fn credentials(environment: &Environment) -> Credentials {
    let word = |variable| {
        environment
            .text(variable)
            .unwrap_or_else(|| "sandbox".to_owned())
    };
    Credentials {
        username: word("BANGO_SANDBOX_USERNAME"),
        password: SecretString::from(word("BANGO_SANDBOX_PASSWORD")),
    }
}

async fn find_sandbox(search: &Search) -> Result<Side, OpeningError> {
    search.first().await.map_err(|error| match error {
        NotFound::Elsewhere { .. } => OpeningError::Elsewhere(error),
        NotFound::Failed(error @ StartError::Held { .. }) => OpeningError::Held(error),
        NotFound::Failed(
            error @ StartError::Open {
                source: OpenError::OtherSeed { .. },
                ..
            },
        ) => OpeningError::OtherSeed(error.to_string()),
        NotFound::Failed(error) => OpeningError::Sandbox(error),
        NotFound::There {
            source: ActivityError::Refused,
            ..
        } => OpeningError::Refused(error),
        NotFound::There { .. } => OpeningError::Silent(error),
    })
}
