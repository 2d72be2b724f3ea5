//! One POST over one connection: no proxy, no redirects, nothing kept of the answer but its status.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::{Method, Request, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};
use tokio::task::AbortHandle;
use url::{Host, Position, Url};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    #[error("the sandbox speaks plain HTTP only")]
    NotHttp,
    #[error("the host has no address to go to")]
    NoAddress,
    #[error("could not connect: {0}")]
    Connect(#[source] io::Error),
    #[error("{0}")]
    Http(#[from] hyper::Error),
    #[error("could not make the request: {0}")]
    Request(#[from] axum::http::Error),
}

/// Posts JSON and gives the status of the answer. With `loopback`, a name that resolves to anything
/// else is not followed there.
pub async fn post(url: &Url, loopback: bool, body: &[u8]) -> Result<u16, PostError> {
    if url.scheme() != "http" {
        return Err(PostError::NotHttp);
    }
    let stream = connect(url, loopback).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let _connection = AbortOnDrop(tokio::spawn(connection).abort_handle());
    let request = Request::builder()
        .method(Method::POST)
        .uri(&url[Position::BeforePath..Position::AfterQuery])
        .header(
            header::HOST,
            &url[Position::BeforeHost..Position::AfterPort],
        )
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .header(
            header::USER_AGENT,
            concat!("bango-sandbox/", env!("CARGO_PKG_VERSION")),
        )
        .header(header::CONNECTION, "close")
        .body(Body::from(Bytes::copy_from_slice(body)))?;
    let answer = sender.send_request(request).await?;
    Ok(answer.status().as_u16())
}

async fn connect(url: &Url, loopback: bool) -> Result<TcpStream, PostError> {
    let port = url.port_or_known_default().unwrap_or(80);
    let addresses: Vec<_> = match url.host() {
        None => return Err(PostError::NoAddress),
        Some(Host::Ipv4(address)) => vec![(address, port).into()],
        Some(Host::Ipv6(address)) => vec![(address, port).into()],
        Some(Host::Domain(name)) => lookup_host((name, port))
            .await
            .map_err(PostError::Connect)?
            .filter(|address| !loopback || address.ip().is_loopback())
            .collect(),
    };
    if addresses.is_empty() {
        return Err(PostError::NoAddress);
    }
    TcpStream::connect(addresses.as_slice())
        .await
        .map_err(PostError::Connect)
}

/// Ends the connection's task with the try that needed it.
struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
