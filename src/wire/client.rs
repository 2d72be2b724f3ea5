//! One call out, one [`Outcome`] back, always.
//!
//! HTTP/1.1 only; no retries, no redirects, no decompression, no proxy on the way to a sandbox. Each call
//! opens its own connection: on a kept one the HTTP library may send again by itself, and a connection
//! that died while idle looks like one that died with the request.

mod body;
mod connect;
mod head;
mod steer;
mod task;
mod tls;
mod way;

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use url::Url;

use self::connect::{Progress, WatchConnections};
pub use self::head::Credentials;
pub use self::steer::SteerError;
pub use self::task::start;
pub use self::way::{Proxy, Trust, Way};
use crate::api::Call;
use crate::exchange::{CallId, Cut, Header, NotSent, Outcome, Phases, Request, Response};

/// Where calls go, as whom, and how long they may take. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    base: Url,
    credentials: Credentials,
    peer: Peer,
    timeouts: Timeouts,
    /// Further headers whose values are secret.
    secret_headers: Arc<[String]>,
    /// Whether a call may name the answer that it wants.
    stubs: bool,
    /// Whether nothing leaves that could change anything.
    reads_only: bool,
    http: reqwest::Client,
}

/// Who is on the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// A sandbox of ours: told our call ids, never reached through a proxy.
    OurSandbox,
    /// Anybody else.
    Remote,
}

/// How long each part of a call may take, counted from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until there is a connection.
    pub connect: Duration,
    /// Until the head of the answer.
    pub first_byte: Duration,
    /// Until the end of the answer.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_byte: Duration::from_secs(30),
            total: Duration::from_secs(60),
        }
    }
}

/// Why there can be no client. The messages follow "could not use the address: ".
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("it is not a URL ({0})")]
    NotAUrl(#[from] url::ParseError),
    #[error("it does not begin with http:// or https:// and a host")]
    NotHttp,
    #[error("it carries credentials, a query or a fragment")]
    MoreThanAnAddress,
    #[error("the proxy {0} cannot be used")]
    Proxy(String),
    #[error("the certificates of the CA cannot be read: {0}")]
    Ca(String),
    #[error("the HTTP library refused: {0} (are the system's CA certificates installed?)")]
    Library(#[from] reqwest::Error),
}

impl Client {
    /// A client for `base`, such as `http://127.0.0.1:2646/v5`.
    pub fn new(
        base: &str,
        credentials: Credentials,
        peer: Peer,
        timeouts: Timeouts,
    ) -> Result<Self, ClientError> {
        let way = match peer {
            Peer::OurSandbox => Way::on_this_machine(),
            Peer::Remote => Way::default(),
        };
        Self::over(base, credentials, peer, &way, timeouts)
    }

    /// The same over a way of the user's.
    pub fn over(
        base: &str,
        credentials: Credentials,
        peer: Peer,
        way: &Way,
        timeouts: Timeouts,
    ) -> Result<Self, ClientError> {
        let base = Url::parse(base)?;
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
            return Err(ClientError::NotHttp);
        }
        let credentialed = !base.username().is_empty() || base.password().is_some();
        if credentialed || base.query().is_some() || base.fragment().is_some() {
            return Err(ClientError::MoreThanAnAddress);
        }
        let http = way
            .prepare(plain_http())?
            .connect_timeout(timeouts.connect)
            .connector_layer(WatchConnections);
        Ok(Self {
            base,
            credentials,
            peer,
            timeouts,
            secret_headers: way.secret_headers.clone().into(),
            stubs: way.stubs,
            reads_only: way.reads_only,
            http: http.build()?,
        })
    }

    /// What stands below the base URL in an address of the same API, which may have been at another port then.
    pub fn below_base<'u>(&self, url: &'u str) -> Option<&'u str> {
        let (_, rest) = url.split_once("://")?;
        let path = &rest[rest.find('/')?..];
        let base = self.base.path().trim_end_matches('/');
        path.strip_prefix(base)?.strip_prefix('/')
    }

    /// The call as it will leave, complete, its credentials replaced by a mark.
    pub fn request(&self, call: &Call, id: CallId) -> Result<Request, NotSent> {
        Ok(head::record(&self.build(call, id)?, call))
    }

    /// Sends the call and waits for what becomes of it. [`start`] does the same as a task of its own.
    ///
    /// An error before there is a connection is [`Outcome::NotSent`]; after it, anything but a whole
    /// answer is [`Outcome::Cut`], for something may have left.
    pub async fn send(&self, call: &Call, id: CallId, cancel: CancellationToken) -> Outcome {
        let progress = Progress::begin();
        let exchange = progress.watch(self.exchange(call, id, &progress));
        let failure = tokio::select! {
            biased;
            answered = exchange => match answered {
                Ok(response) => {
                    return Outcome::Answered { response, phases: progress.phases() };
                }
                Err(failure) => failure,
            },
            () = cancel.cancelled() => Failure::Cancelled,
        };
        failure.outcome(progress.phases())
    }

    fn build(&self, call: &Call, id: CallId) -> Result<reqwest::Request, NotSent> {
        if call.stub.is_some() && !self.stubs {
            return Err(NotSent::Unbuildable {
                error: "a stub header never leaves for a live endpoint".into(),
            });
        }
        if self.reads_only && !call.method.only_reads() {
            return Err(NotSent::Unbuildable {
                error: "the profile is read-only".into(),
            });
        }
        let id = (self.peer == Peer::OurSandbox).then_some(id);
        head::build(&self.base, &self.credentials, call, id)
    }

    async fn exchange(
        &self,
        call: &Call,
        id: CallId,
        progress: &Progress,
    ) -> Result<Response, Failure> {
        let request = self.build(call, id).map_err(Failure::Unbuildable)?;
        let host = self.base.host_str().unwrap_or_default();
        let whole = async {
            let head = tokio::time::timeout(self.timeouts.first_byte, self.http.execute(request));
            let answer = head
                .await
                .map_err(|_| Failure::TimedOut)?
                .map_err(|error| Failure::of(&error, host))?;
            progress.head_arrived();
            let status = answer.status().as_u16();
            let headers = answer
                .headers()
                .iter()
                .map(|(name, value)| {
                    Header::with_secrets(name.as_str(), value.as_bytes(), &self.secret_headers)
                })
                .collect();
            let body = body::read(answer).await?;
            Ok(Response {
                status,
                headers,
                body,
            })
        };
        tokio::time::timeout(self.timeouts.total, whole)
            .await
            .map_err(|_| Failure::TimedOut)?
    }
}

/// Why there is no whole answer, before it is known whether anything left.
#[derive(Debug)]
enum Failure {
    Cancelled,
    TimedOut,
    Unbuildable(NotSent),
    /// Before there was a connection.
    Tls(String),
    Broken {
        received: u64,
        expected: Option<u64>,
        error: String,
    },
}

impl Failure {
    fn of(error: &reqwest::Error, host: &str) -> Self {
        if error.is_timeout() {
            return Self::TimedOut;
        }
        if let Some(sentence) = tls::sentence(error, host) {
            return Self::Tls(sentence);
        }
        Self::Broken {
            received: 0,
            expected: None,
            error: words(error),
        }
    }

    fn outcome(self, phases: Phases) -> Outcome {
        if phases.connect.is_some() {
            let why = match self {
                Self::Cancelled => Cut::Cancelled,
                Self::TimedOut => Cut::TimedOut,
                Self::Broken {
                    received,
                    expected,
                    error,
                } => Cut::Broken {
                    received,
                    expected,
                    error,
                },
                Self::Tls(error) => Cut::Broken {
                    received: 0,
                    expected: None,
                    error,
                },
                Self::Unbuildable(why) => return Outcome::NotSent { why },
            };
            return Outcome::Cut { why, phases };
        }
        let why = match self {
            Self::Cancelled => NotSent::Cancelled,
            Self::TimedOut => NotSent::NoConnection {
                error: "nobody answered in time".into(),
            },
            Self::Broken { error, .. } => NotSent::NoConnection { error },
            Self::Tls(error) => NotSent::Tls { error },
            Self::Unbuildable(why) => why,
        };
        Outcome::NotSent { why }
    }
}

/// What the causes say, the innermost last. The library's own first sentence only repeats the address.
fn words(error: &reqwest::Error) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let words = error.to_string();
        if said.last() != Some(&words) {
            said.push(words);
        }
        cause = error.source();
    }
    if said.is_empty() {
        said.push(error.to_string());
    }
    said.join(": ")
}

/// What every client here does: one request leaves as one, and nothing is followed, repeated or kept open
/// behind the caller's back.
pub(super) fn plain_http() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .pool_max_idle_per_host(0)
}

#[cfg(test)]
mod tests;
