//! The activity of a sandbox that another process serves, a line at a time.
//!
//! A connection that drops is made again and goes on behind the last number that was read. It is made to
//! the same run only: at the same address there may be somebody else by then.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::{Buf as _, BytesMut};
use reqwest::Response;
use reqwest::header::{HeaderMap, HeaderValue};
use secrecy::ExposeSecret as _;
use uuid::Uuid;

use super::client::Credentials;
use crate::exchange::{EPOCH_HEADER, Epoch, Line, RUN_HEADER};

const CONNECT: Duration = Duration::from_secs(5);
/// From the request to the head of the answer.
const HEAD: Duration = Duration::from_secs(5);
/// More bytes than a report with the longest bodies has.
const LINE: usize = 32 * 1024 * 1024;

/// A run of a sandbox, read to a certain number.
pub struct Activity {
    http: reqwest::Client,
    address: SocketAddr,
    credentials: Credentials,
    run: Uuid,
    /// The number of the last report that was read.
    read: u64,
    epoch: Epoch,
    answer: Response,
    buffer: BytesMut,
    /// Whether this connection has brought a line.
    fruitful: bool,
}

/// Why there is nothing to read. Each message is a sentence without its full stop.
#[derive(Debug, thiserror::Error)]
pub enum ActivityError {
    #[error("it does not answer there")]
    Unreachable,
    #[error("it does not take our user name and password")]
    Refused,
    #[error("another program answers there")]
    SomebodyElse,
    #[error("the HTTP library refused: {0}")]
    Library(#[from] reqwest::Error),
}

impl Activity {
    /// Which run a sandbox is in that was named by its address alone.
    pub async fn run_at(
        address: SocketAddr,
        credentials: &Credentials,
    ) -> Result<Uuid, ActivityError> {
        let answer = ask(&client()?, address, credentials, None, 0).await?;
        named(answer.headers(), RUN_HEADER).ok_or(ActivityError::SomebodyElse)
    }

    /// Reads on behind the report `after` of this run. What is kept no longer is told as missed.
    pub async fn open(
        address: SocketAddr,
        credentials: &Credentials,
        run: Uuid,
        after: u64,
    ) -> Result<Self, ActivityError> {
        let http = client()?;
        let answer = ask(&http, address, credentials, Some(run), after).await?;
        let epoch = named(answer.headers(), EPOCH_HEADER).ok_or(ActivityError::SomebodyElse)?;
        Ok(Self {
            http,
            address,
            credentials: credentials.clone(),
            run,
            read: after,
            epoch: Epoch(epoch),
            answer,
            buffer: BytesMut::new(),
            fruitful: false,
        })
    }

    /// The life that the sandbox's database was in when this was opened.
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    pub const fn run(&self) -> Uuid {
        self.run
    }

    /// The number of the last report that was read.
    pub const fn read(&self) -> u64 {
        self.read
    }

    /// Waits for the next line. An error is the end: this run can be reached no more.
    pub async fn next(&mut self) -> Result<Line, ActivityError> {
        loop {
            if let Some(line) = self.line()? {
                self.fruitful = true;
                match &line {
                    Line::Report(report) => self.read = report.number,
                    Line::Missed { missed } => self.read += missed,
                }
                return Ok(line);
            }
            match self.answer.chunk().await {
                Ok(Some(chunk)) => self.buffer.extend_from_slice(&chunk),
                // A server that only hangs up is about to end.
                Ok(None) | Err(_) if !self.fruitful => return Err(ActivityError::Unreachable),
                Ok(None) | Err(_) => self.connect_again().await?,
            }
        }
    }

    async fn connect_again(&mut self) -> Result<(), ActivityError> {
        let (http, credentials) = (&self.http, &self.credentials);
        self.answer = ask(http, self.address, credentials, Some(self.run), self.read).await?;
        self.buffer.clear();
        self.fruitful = false;
        Ok(())
    }

    fn line(&mut self) -> Result<Option<Line>, ActivityError> {
        let Some(end) = self.buffer.iter().position(|&byte| byte == b'\n') else {
            let is_endless = self.buffer.len() > LINE;
            return (!is_endless)
                .then_some(None)
                .ok_or(ActivityError::SomebodyElse);
        };
        let line = self.buffer.split_to(end);
        self.buffer.advance(1);
        let line = serde_json::from_slice(&line).map_err(|_| ActivityError::SomebodyElse)?;
        Ok(Some(line))
    }
}

fn client() -> Result<reqwest::Client, ActivityError> {
    let http = super::client::plain_http()
        .no_proxy()
        .tls_certs_only([])
        .connect_timeout(CONNECT);
    Ok(http.build()?)
}

async fn ask(
    http: &reqwest::Client,
    address: SocketAddr,
    credentials: &Credentials,
    run: Option<Uuid>,
    after: u64,
) -> Result<Response, ActivityError> {
    let of = run.map_or_else(String::new, |run| format!("run={run}&"));
    let url = format!("http://{address}/_sandbox/activity?{of}after={after}");
    let password = credentials.password.expose_secret();
    let request = http
        .get(url)
        .basic_auth(&credentials.username, Some(password));
    let answer = tokio::time::timeout(HEAD, request.send()).await;
    let Ok(Ok(answer)) = answer else {
        return Err(ActivityError::Unreachable);
    };
    match answer.status().as_u16() {
        200 if run.is_none() || named(answer.headers(), RUN_HEADER) == run => Ok(answer),
        401 => Err(ActivityError::Refused),
        _ => Err(ActivityError::SomebodyElse),
    }
}

fn named(headers: &HeaderMap, name: &str) -> Option<Uuid> {
    let value = headers.get(name).map(HeaderValue::as_bytes)?;
    Uuid::try_parse_ascii(value).ok()
}

#[cfg(test)]
mod tests;
