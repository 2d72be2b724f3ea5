//! Our own ear: where a payer's browser comes back to and where notifications go, ours and, in the
//! inboxes, any program's.
//!
//! Listens on 127.0.0.1 only. An arrival is handed over first and answered after somebody has taken it,
//! so that what was acknowledged is never lost. What does not look like a key of ours is not reported;
//! whether it is one is for the receiver to say. An inbox needs no key, so what pages of other sites make a
//! browser send there is refused.

mod answer;
mod origin;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::exchange::{CallId, Request};

/// The port that is tried first.
pub const PORT: u16 = 2647;

const CONNECTIONS: usize = 64;
const HEADER_BYTES: usize = 16 * 1024;
const HEADER_DEADLINE: Duration = Duration::from_secs(10);
const AFTER_A_FAILED_ACCEPT: Duration = Duration::from_millis(100);

/// A request whose address has the form of ours.
#[derive(Debug)]
pub struct Arrival {
    pub to: To,
    /// 16 hex digits: the [`CallId::key`] of the call whose address it is, if there is one. Of an inbox its
    /// name: 1 to 64 of `A-Z`, `a-z`, `0-9`, `.`, `_` and `-`.
    pub key: String,
    pub request: Request,
    /// To be told when the arrival is kept. Dropped without it, the sender is asked to try again.
    pub kept: Kept,
}

/// Which of our addresses it came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// `GET /callback/KEY`: the payer's browser came back.
    Callback,
    /// `POST /notification/KEY`: the server tells an outcome.
    Notification,
    /// `GET` or `POST /inbox/NAME`: the same of any program's payment.
    Inbox,
}

/// The way to say what became of an arrival.
#[derive(Debug)]
pub struct Kept(oneshot::Sender<Fate>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Kept,
    Unknown,
    TooMuch,
}

impl Kept {
    pub fn confirm(self) {
        // A sender that has gone away needs no answer.
        let _ = self.0.send(Fate::Kept);
    }

    /// No call of ours has this key: there is no such address.
    pub fn unknown(self) {
        let _ = self.0.send(Fate::Unknown);
    }

    /// More came lately than is kept: the sender is asked to try again later.
    pub fn too_much(self) {
        let _ = self.0.send(Fate::TooMuch);
    }
}

/// Why nothing can be listened on.
#[derive(Debug, thiserror::Error)]
#[error("no port of 127.0.0.1 can be listened on: {0}")]
pub struct ListenerError(#[from] io::Error);

/// A running listener. It stops when dropped.
#[derive(Debug)]
pub struct Listener {
    address: SocketAddr,
    stop: CancellationToken,
}

impl Listener {
    /// Listens on the first of `ports` that is free, else on any free one. Every arrival goes into
    /// `arrivals`; while that is full, senders wait.
    pub async fn start(
        ports: &[u16],
        arrivals: mpsc::Sender<Arrival>,
    ) -> Result<Self, ListenerError> {
        let listener = bind(ports).await?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        tokio::spawn(accept(listener, arrivals, stop.clone()));
        Ok(Self { address, stop })
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the payer's browser is to come back to after this call.
    pub fn callback_url(&self, call: CallId) -> String {
        format!("http://{}/callback/{}", self.address, call.key())
    }

    /// Where the outcome of this call is to be told.
    pub fn notification_url(&self, call: CallId) -> String {
        format!("http://{}/notification/{}", self.address, call.key())
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn bind(ports: &[u16]) -> io::Result<TcpListener> {
    for &port in ports {
        if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            return Ok(listener);
        }
    }
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await
}

async fn accept(listener: TcpListener, arrivals: mpsc::Sender<Arrival>, stop: CancellationToken) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, most likely: trying again at once would only spin.
            tokio::time::sleep(AFTER_A_FAILED_ACCEPT).await;
            continue;
        };
        let Ok(place) = room.clone().try_acquire_owned() else {
            continue;
        };
        let arrivals = arrivals.clone();
        let stop = stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = serve(stream, arrivals) => {}
                () = stop.cancelled() => {}
            }
            drop(place);
        });
    }
}

/// One request a connection: nothing here is worth keeping one open for.
async fn serve(stream: TcpStream, arrivals: mpsc::Sender<Arrival>) {
    let Ok(own) = stream.local_addr() else {
        return;
    };
    let service = service_fn(move |request| answer::answer(request, own, arrivals.clone()));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_DEADLINE)
        .max_header_size(HEADER_BYTES)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // A sender that breaks off has taken its request with it: there is nobody to tell.
    let _ = connection.await;
}

#[cfg(test)]
mod tests;
