//! How calls get to the other side: which proxy, whom to trust, what must not be kept or sent.

use reqwest::{Certificate, ClientBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::ClientError;

/// The way to the other side.
#[derive(Clone, Debug)]
pub struct Way {
    pub proxy: Proxy,
    pub trust: Trust,
    /// Further headers whose values are secret.
    pub secret_headers: Vec<String>,
    /// Whether a call may name the answer that it wants.
    pub stubs: bool,
    /// Whether nothing leaves that could change anything.
    pub reads_only: bool,
}

/// Whose certificates are believed.
#[derive(Clone, Debug, Default)]
pub enum Trust {
    /// Nobody's: there is no TLS on the way.
    Nobody,
    /// The system's authorities.
    #[default]
    System,
    /// And those in this PEM.
    SystemAnd(Vec<u8>),
}

/// The proxy between.
#[derive(Clone, Debug, Default)]
pub enum Proxy {
    None,
    /// As `HTTPS_PROXY` and its like say.
    #[default]
    System,
    /// May carry credentials.
    At(SecretString),
}

impl Default for Way {
    fn default() -> Self {
        Self {
            proxy: Proxy::System,
            trust: Trust::System,
            secret_headers: Vec::new(),
            stubs: true,
            reads_only: false,
        }
    }
}

impl Way {
    /// To a sandbox of ours: never through a proxy, and without the system's certificates, which a
    /// small machine may not have.
    pub fn on_this_machine() -> Self {
        Self {
            proxy: Proxy::None,
            trust: Trust::Nobody,
            ..Self::default()
        }
    }

    pub(super) fn prepare(&self, http: ClientBuilder) -> Result<ClientBuilder, ClientError> {
        let http = match &self.proxy {
            Proxy::None => http.no_proxy(),
            Proxy::System => http,
            Proxy::At(url) => http.proxy(proxy(url)?),
        };
        let pem = match &self.trust {
            Trust::Nobody => return Ok(http.tls_certs_only([])),
            Trust::System => return Ok(http),
            Trust::SystemAnd(pem) => pem,
        };
        let unreadable = |error: reqwest::Error| ClientError::Ca(super::words(&error));
        let certificates = Certificate::from_pem_bundle(pem).map_err(unreadable)?;
        if certificates.is_empty() {
            return Err(ClientError::Ca("there is none in the file".to_owned()));
        }
        Ok(http.tls_certs_merge(certificates))
    }
}

/// Without the library's own words, which might repeat the credentials.
fn proxy(url: &SecretString) -> Result<reqwest::Proxy, ClientError> {
    let shown = Url::parse(url.expose_secret())
        .ok()
        .and_then(|url| Some(format!("{}://{}", url.scheme(), url.host_str()?)));
    reqwest::Proxy::all(url.expose_secret())
        .map_err(|_| ClientError::Proxy(shown.unwrap_or_else(|| "of the profile".to_owned())))
}
