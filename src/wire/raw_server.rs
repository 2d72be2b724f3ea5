//! A server for tests that is as broken as a test needs it: it accepts, reads one request and plays
//! whatever bytes it was given.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server does with a connection.
#[derive(Clone, Debug)]
pub(crate) enum Play {
    /// Reads the request, writes these bytes and closes.
    Answer(Vec<u8>),
    /// Answers each request with these bytes for as long as the other side asks.
    AnswerEach(Vec<u8>),
    /// Reads the request and closes.
    Close,
    /// Closes before it reads.
    CloseAtOnce,
    /// Reads the request and keeps the connection open for ever.
    Silence,
}

/// Stops when dropped.
pub(crate) struct RawServer {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
    connections: Arc<Mutex<usize>>,
    task: JoinHandle<()>,
}

impl RawServer {
    /// Every connection gets the same play.
    pub(crate) async fn start(play: Play) -> Self {
        Self::start_in_order(vec![play]).await
    }

    /// Each connection gets the next play, the last one for ever.
    pub(crate) async fn start_in_order(plays: Vec<Play>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(Mutex::new(0));
        let task = tokio::spawn({
            let requests = requests.clone();
            let connections = connections.clone();
            async move {
                let mut open = tokio::task::JoinSet::new();
                let mut plays = plays.into_iter().peekable();
                let mut play = Play::Close;
                while let Ok((stream, _)) = listener.accept().await {
                    *connections.lock().unwrap() += 1;
                    play = plays.next().unwrap_or(play);
                    open.spawn(serve(stream, play.clone(), requests.clone()));
                }
            }
        });
        Self {
            address,
            requests,
            connections,
            task,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests that arrived so far, byte for byte.
    pub(crate) fn requests(&self) -> Vec<Vec<u8>> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }

    /// Waits until so many requests have arrived.
    pub(crate) async fn wait_for_requests(&self, count: usize) {
        let arrived = async {
            while self.requests.lock().unwrap().len() < count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), arrived)
            .await
            .expect("the requests arrive");
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, play: Play, requests: Arc<Mutex<Vec<Vec<u8>>>>) {
    if matches!(play, Play::CloseAtOnce) {
        return;
    }
    while let Some(request) = read_one(&mut stream).await {
        requests.lock().unwrap().push(request);
        match &play {
            Play::AnswerEach(bytes) => {
                let _ = stream.write_all(bytes).await;
                continue;
            }
            Play::Answer(bytes) => {
                let _ = stream.write_all(bytes).await;
            }
            Play::Silence => std::future::pending().await,
            Play::Close | Play::CloseAtOnce => {}
        }
        return;
    }
}

/// One whole request, or nothing when the other side has closed.
async fn read_one(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    while !is_whole(&request) {
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => request.extend_from_slice(&part[..count]),
        }
    }
    Some(request)
}

/// Whether the head has ended and as many bytes follow as it promised.
fn is_whole(request: &[u8]) -> bool {
    let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
    let promised = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    request.len() >= end + 4 + promised
}
