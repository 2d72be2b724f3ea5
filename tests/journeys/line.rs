//! The line between the console and its sandbox: it may stay silent, lose an answer, cut it or be down,
//! and it remembers every byte that went over it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use proptest::test_runner::TestRng;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::DEADLINE;
use crate::scrambled::{rng, scrambled};

/// What becomes of a request that came over the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Play {
    /// It is handed on, and its answer comes back.
    HandOn,
    /// It is taken, and nothing is ever said. The sandbox does not hear of it.
    TakeAndSayNothing,
    /// It is handed on; once the sandbox has answered, nothing more is said.
    KeepTheAnswer,
    /// It is handed on; once the sandbox has answered, the connection is closed.
    LoseTheAnswer,
    /// It is handed on; once the sandbox has answered, a gateway between answers in its place.
    AnswerForIt,
    /// It is handed on; its answer comes back with the members in any order, and others between them.
    Scramble { seed: u8 },
    /// It is handed on; its answer comes back as a refusal.
    SayNo,
    /// It is handed on; of the answer's body so many bytes come back, then the connection is closed.
    CutTheAnswer { after: usize },
}

const GATEWAY: &[u8] = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\
    Content-Length: 24\r\n\r\n<h1>The upstream is</h1>\n";

const NO: &str = r#"{"responseCode":"DECLINED","responseMessage":"No."}"#;

/// A request as it came, and the sandbox's answer where it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    pub request: Message,
    pub answer: Option<Message>,
}

/// The bytes of a request or an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub head: String,
    pub body: Vec<u8>,
}

/// The proxy. It stops when dropped.
pub struct Line {
    address: SocketAddr,
    ends: Arc<Ends>,
    accepting: JoinHandle<()>,
}

struct Ends {
    /// Where requests are handed on to, once it is known.
    sandbox: watch::Sender<Option<SocketAddr>>,
    plays: Mutex<Vec<(&'static str, Play)>>,
    exchanges: watch::Sender<Vec<Exchange>>,
}

impl Line {
    /// A line that is up and hands everything on, as soon as it leads somewhere.
    pub async fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let ends = Arc::new(Ends {
            sandbox: watch::Sender::new(None),
            plays: Mutex::new(vec![("", Play::HandOn)]),
            exchanges: watch::Sender::new(Vec::new()),
        });
        Self {
            address: listener.local_addr().unwrap(),
            accepting: tokio::spawn(accept(listener, ends.clone())),
            ends,
        }
    }

    /// The API at the other end, called over the line.
    pub fn base_url(&self) -> String {
        format!("http://{}/v5", self.address)
    }

    pub fn lead_to(&self, sandbox: SocketAddr) {
        self.ends.sandbox.send_replace(Some(sandbox));
    }

    /// From now on for every request.
    pub fn play(&self, play: Play) {
        self.play_at("", play);
    }

    /// From now on for requests that begin like this.
    pub fn play_at(&self, beginning: &'static str, play: Play) {
        self.ends.plays.lock().unwrap().push((beginning, play));
    }

    /// Nobody listens any more.
    pub async fn go_down(&mut self) {
        self.accepting.abort();
        let _ = (&mut self.accepting).await;
    }

    /// Somebody listens again, at the same address.
    pub async fn come_up(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.accepting = tokio::spawn(accept(listener, self.ends.clone()));
    }

    /// Everything that went over the line and begins like this, in order.
    pub fn exchanges(&self, beginning: &str) -> Vec<Exchange> {
        matching(&self.ends.exchanges.borrow(), beginning)
    }

    /// Waits for so many requests that begin like this.
    pub async fn asked(&self, beginning: &str, count: usize) {
        self.wait(beginning, count, |_| true).await;
    }

    /// Waits until the sandbox has answered so many: then it has committed them.
    pub async fn answered(&self, beginning: &str, count: usize) {
        self.wait(beginning, count, |exchange| exchange.answer.is_some())
            .await;
    }

    async fn wait(&self, beginning: &str, count: usize, wanted: impl Fn(&Exchange) -> bool) {
        let mut exchanges = self.ends.exchanges.subscribe();
        let enough = |all: &Vec<Exchange>| {
            let found = matching(all, beginning);
            found.iter().filter(|exchange| wanted(exchange)).count() >= count
        };
        let in_time = timeout(DEADLINE, exchanges.wait_for(enough)).await.is_ok();
        assert!(in_time, "{beginning}: {:?}", self.exchanges(""));
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn matching(exchanges: &[Exchange], beginning: &str) -> Vec<Exchange> {
    exchanges
        .iter()
        .filter(|exchange| exchange.request.head.starts_with(beginning))
        .cloned()
        .collect()
}

impl Ends {
    fn play_of(&self, request: &Message) -> Play {
        let plays = self.plays.lock().unwrap();
        let found = plays
            .iter()
            .rfind(|(beginning, _)| request.head.starts_with(beginning));
        found.expect("there is a play for everything").1
    }

    fn note_request(&self, request: &Message) -> usize {
        let mut place = 0;
        self.exchanges.send_modify(|exchanges| {
            place = exchanges.len();
            exchanges.push(Exchange {
                request: request.clone(),
                answer: None,
            });
        });
        place
    }

    async fn ask_the_sandbox(&self, request: &Message) -> Option<Message> {
        let mut sandbox = self.sandbox.subscribe();
        let address = (*sandbox.wait_for(Option::is_some).await.ok()?)?;
        let mut stream = TcpStream::connect(address).await.ok()?;
        stream.write_all(&request.bytes()).await.ok()?;
        read_message(&mut stream).await
    }
}

async fn accept(listener: TcpListener, ends: Arc<Ends>) {
    let mut open = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        open.spawn(serve(stream, ends.clone()));
    }
}

/// One request a connection.
async fn serve(mut client: TcpStream, ends: Arc<Ends>) {
    let Some(request) = read_message(&mut client).await else {
        return;
    };
    let play = ends.play_of(&request);
    let place = ends.note_request(&request);
    if play == Play::TakeAndSayNothing {
        return hang_up_last(client).await;
    }
    let Some(answer) = ends.ask_the_sandbox(&request).await else {
        return;
    };
    let noted = Some(answer.clone());
    ends.exchanges
        .send_modify(|exchanges| exchanges[place].answer = noted);
    let bytes = match play {
        Play::Scramble { seed } => answer.scrambled(&mut rng(seed, place)).bytes(),
        Play::SayNo => answer.with_body(NO.to_owned()).bytes(),
        _ => answer.bytes(),
    };
    let shown = match play {
        Play::HandOn | Play::Scramble { .. } | Play::SayNo => &bytes[..],
        Play::CutTheAnswer { after } => &bytes[..answer.head.len() + after],
        Play::LoseTheAnswer => &[],
        Play::AnswerForIt => GATEWAY,
        Play::KeepTheAnswer | Play::TakeAndSayNothing => return hang_up_last(client).await,
    };
    // A client that has gone away was told nothing.
    let _ = client.write_all(shown).await;
}

/// Says nothing until the other side has given up.
async fn hang_up_last(mut client: TcpStream) {
    while client.read(&mut [0; 64]).await.is_ok_and(|count| count > 0) {}
}

/// A whole message, or nothing where the other side closed before.
pub async fn read_message(stream: &mut (impl AsyncRead + Unpin)) -> Option<Message> {
    let mut bytes = Vec::new();
    loop {
        if let Some(message) = Message::parse(&bytes) {
            return Some(message);
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

impl Message {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let length = header(&head, "content-length").map_or(0, |length| length.parse().unwrap());
        let body = bytes.get(end..end + length)?.to_vec();
        Some(Self { head, body })
    }

    pub fn bytes(&self) -> Vec<u8> {
        [self.head.as_bytes(), &self.body].concat()
    }

    fn scrambled(&self, rng: &mut TestRng) -> Self {
        self.with_body(scrambled(&self.json(), rng))
    }

    pub fn with_body(&self, body: String) -> Self {
        let body = body.into_bytes();
        let length = |line: &str| match line.split_once(':') {
            Some((name, _)) if name.eq_ignore_ascii_case("content-length") => {
                format!("{name}: {}\r\n", body.len())
            }
            _ => line.to_owned(),
        };
        let head = self.head.split_inclusive("\r\n").map(length).collect();
        Self { head, body }
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Everything but the header that gives each call its own name.
    pub fn without_call_id(&self) -> Vec<u8> {
        self.without_headers("bango-console-call:").bytes()
    }

    /// Without the headers that begin like this.
    pub fn without_headers(&self, beginning: &str) -> Self {
        let lines = self.head.split_inclusive("\r\n");
        let head = lines
            .filter(|line| !line.to_ascii_lowercase().starts_with(beginning))
            .collect();
        let body = self.body.clone();
        Self { head, body }
    }

    pub fn without_body(&self) -> Self {
        self.with_body(String::new())
            .without_headers("content-type")
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}
