//! One request, one connection, one answer: HTTP/1.1 by hand, so that a test can send what no library
//! would and sees exactly what came.

use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use super::DEADLINE;

/// A request, complete but for the connection.
#[derive(Clone, Debug)]
pub struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Request {
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sends the request to `authority` and reads its answer.
    pub fn send(&self, authority: &str) -> io::Result<Answer> {
        let answer = exchange(authority, &self.bytes(authority))?;
        if self.method == "HEAD" {
            return Ok(answer);
        }
        answer.whole()
    }

    /// The same to a server that keeps the connection open, whatever it says: reads as far as the answer's
    /// length.
    pub fn send_to_a_stayer(&self, authority: &str) -> io::Result<Answer> {
        let mut stream = connect(authority)?;
        stream.write_all(&self.bytes(authority))?;
        let (mut received, mut piece) = (Vec::new(), [0; 4096]);
        loop {
            match stream.read(&mut piece)? {
                0 => return Err(cut("the answer")),
                read => received.extend_from_slice(&piece[..read]),
            }
            if let Some(answer) = parse(&received)
                && let Ok(answer) = answer.whole()
            {
                return Ok(answer);
            }
        }
    }

    /// Sends the request and goes away without waiting for its answer.
    pub fn hang_up(&self, authority: &str) -> io::Result<()> {
        TcpStream::connect(authority)?.write_all(&self.bytes(authority))
    }

    fn bytes(&self, authority: &str) -> Vec<u8> {
        let mut head = format!(
            "{} {} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n",
            self.method, self.target
        );
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        if let Some(body) = &self.body {
            let _ = write!(head, "Content-Length: {}\r\n", body.len());
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(self.body.as_deref().unwrap_or_default());
        bytes
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{error} in the answer {}: {}", self.status, self.text())
        })
    }

    /// The text at `pointer`, for example `/transactionId`.
    #[track_caller]
    pub fn text_at(&self, pointer: &str) -> String {
        let body = self.json();
        match body.pointer(pointer).and_then(Value::as_str) {
            Some(text) => text.to_owned(),
            None => panic!("no text at {pointer} in {body}"),
        }
    }

    /// The answer, unless its body is shorter or longer than it says.
    fn whole(mut self) -> io::Result<Self> {
        if self.header("transfer-encoding") == Some("chunked") {
            self.body = unchunked(&self.body).ok_or_else(|| cut("a chunk"))?;
        } else if let Some(length) = self.header("content-length")
            && length.parse() != Ok(self.body.len())
        {
            return Err(cut("the body"));
        }
        Ok(self)
    }
}

/// Writes `bytes` to `authority` and reads until it closes. The body is as it came.
pub fn exchange(authority: &str, bytes: &[u8]) -> io::Result<Answer> {
    let mut stream = connect(authority)?;
    // A server may answer and close before it has read all: what it said counts.
    let written = stream.write_all(bytes);
    let mut received = Vec::new();
    let read = stream.read_to_end(&mut received);
    parse(&received).ok_or_else(|| match (written, read) {
        (Err(error), _) | (_, Err(error)) => error,
        _ => cut("the head"),
    })
}

fn connect(authority: &str) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(authority)?;
    stream.set_read_timeout(Some(DEADLINE))?;
    stream.set_write_timeout(Some(DEADLINE))?;
    Ok(stream)
}

fn parse(received: &[u8]) -> Option<Answer> {
    let end = received.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&received[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Some(Answer {
        status,
        headers,
        body: received[end + 4..].to_vec(),
    })
}

fn unchunked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = bytes.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).ok()?, 16).ok()?;
        let chunk = bytes.get(end + 2..end + 2 + size)?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunk);
        bytes = bytes.get(end + 2 + size + 2..)?;
    }
}

fn cut(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, format!("{what} was cut"))
}
