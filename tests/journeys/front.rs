//! Somebody else's API: a sandbox behind TLS with a CA of nobody else's, which says nothing of being one.
//! It may be in any mood, and remembers every request.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::line::{Message, read_message};
use crate::tls::Authority;

/// What becomes of a request.
#[derive(Clone, Debug)]
pub enum Mood {
    /// The sandbox answers it.
    Answer,
    /// The sandbox answers it; so many bytes of that come back, then the connection is closed.
    Cut { after: usize },
    /// The sandbox does not hear of it, and these bytes come back.
    Say(String),
    /// Nothing is ever said. The sandbox does not hear of it.
    BeSilent,
    /// The sandbox answers it, but gets no body of a DELETE.
    DropBodyOfDelete,
}

pub struct Front {
    address: SocketAddr,
    authority: Authority,
    shared: Arc<Shared>,
    sandbox: Child,
    accepting: JoinHandle<()>,
}

struct Shared {
    sandbox: SocketAddr,
    mood: Mutex<Mood>,
    requests: Mutex<Vec<Message>>,
}

impl Front {
    pub async fn start() -> Self {
        let mut sandbox = Command::new(env!("CARGO_BIN_EXE_bango"))
            .args([
                "sandbox",
                "--listen",
                "127.0.0.1:0",
                "--database",
                ":memory:",
            ])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(sandbox.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let (_, address) = line.trim().split_once("http://").unwrap();
        let shared = Arc::new(Shared {
            sandbox: address.trim_end_matches("/v5").parse().unwrap(),
            mood: Mutex::new(Mood::Answer),
            requests: Mutex::default(),
        });
        let authority = Authority::new("a CA of nobody else's");
        let acceptor = authority.certify(|_| {}).acceptor();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = shared.clone();
        let accepting = tokio::spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, shared) = (acceptor.clone(), serving.clone());
                open.spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        serve(stream, &shared).await;
                    }
                });
            }
        });
        Self {
            address,
            authority,
            shared,
            sandbox,
            accepting,
        }
    }

    pub fn base_url(&self) -> String {
        format!("https://{}/v5", self.address)
    }

    pub fn pem(&self) -> &str {
        &self.authority.pem
    }

    /// From now on.
    pub fn be(&self, mood: Mood) {
        *self.shared.mood.lock().unwrap() = mood;
    }

    /// Every request that came, in order.
    pub fn requests(&self) -> Vec<Message> {
        self.shared.requests.lock().unwrap().clone()
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.accepting.abort();
        let _ = self.sandbox.kill();
        let _ = self.sandbox.wait();
    }
}

async fn serve(mut client: impl AsyncRead + AsyncWrite + Unpin, shared: &Shared) {
    let Some(request) = read_message(&mut client).await else {
        return;
    };
    shared.requests.lock().unwrap().push(request.clone());
    let mood = shared.mood.lock().unwrap().clone();
    let answer = match &mood {
        Mood::BeSilent => {
            // Until the other side has given up.
            while client.read(&mut [0; 64]).await.is_ok_and(|count| count > 0) {}
            return;
        }
        Mood::Say(answer) => answer.clone().into_bytes(),
        Mood::DropBodyOfDelete if request.head.starts_with("DELETE ") => {
            ask(shared, &request.without_body()).await
        }
        Mood::Answer | Mood::Cut { .. } | Mood::DropBodyOfDelete => ask(shared, &request).await,
    };
    let shown = match mood {
        Mood::Cut { after } => &answer[..after.min(answer.len())],
        _ => &answer[..],
    };
    // A client that has gone away was told nothing.
    let _ = client.write_all(shown).await;
    let _ = client.shutdown().await;
}

/// The sandbox's answer, without what tells that it is one.
async fn ask(shared: &Shared, request: &Message) -> Vec<u8> {
    let mut stream = TcpStream::connect(shared.sandbox).await.unwrap();
    stream.write_all(&request.bytes()).await.unwrap();
    let answer = read_message(&mut stream).await.unwrap();
    answer.without_headers("bango-sandbox").bytes()
}
