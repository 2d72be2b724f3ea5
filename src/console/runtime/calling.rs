//! The client, made anew whenever the sandbox is somewhere else.

use std::net::SocketAddr;

use super::other_side;
use crate::wire::client::{Client, ClientError, Credentials, Peer, Timeouts};

/// How calls are made, wherever the sandbox is.
pub struct Calling {
    pub credentials: Credentials,
    /// A base URL that is called in the place of the sandbox's own.
    pub through: Option<String>,
}

impl Calling {
    pub fn client(&self, address: SocketAddr) -> Result<Client, ClientError> {
        let base = self.through.clone();
        let base = base.unwrap_or_else(|| other_side::base_url(address));
        let credentials = self.credentials.clone();
        Client::new(&base, credentials, Peer::OurSandbox, Timeouts::default())
    }
}
