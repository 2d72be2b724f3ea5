//! The merchant's own server: takes callbacks and notifications one after the other, and tells of them
//! in the order they came.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use serde_json::Value;

use super::DEADLINE;

/// A server on a free port.
pub struct Listener {
    port: u16,
    arrivals: Receiver<Arrival>,
}

/// A request that reached the merchant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub content_type: Option<String>,
    pub body: Vec<u8>,
}

impl Arrival {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }
}

impl Listener {
    /// A server that is content with everything.
    pub fn start() -> Self {
        Self::answering(&[])
    }

    /// A server that gives the first POSTs these statuses, and every later one 200.
    pub fn answering(statuses: &'static [u16]) -> Self {
        Self::serve("127.0.0.1:0", statuses)
    }

    /// A server that can be reached through every address of this machine.
    pub fn everywhere() -> Self {
        Self::serve("0.0.0.0:0", &[])
    }

    fn serve(address: &str, statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind(address).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (sender, arrivals) = mpsc::channel();
        thread::spawn(move || {
            let mut statuses = statuses.iter();
            for stream in listener.incoming().flatten() {
                let Some(arrival) = receive(&stream) else {
                    continue;
                };
                let status = match arrival.method.as_str() {
                    "POST" => *statuses.next().unwrap_or(&200),
                    _ => 200,
                };
                // A browser asks for it by itself, whenever it likes.
                let is_icon = arrival.target == "/favicon.ico";
                // Told before it is answered: whoever acts on the answer comes later.
                if !is_icon && sender.send(arrival).is_err() {
                    return;
                }
                let _ = write!(
                    &stream,
                    "HTTP/1.1 {status} As told\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                );
            }
        });
        Self { port, arrivals }
    }

    /// The URL of `path`, which begins with a slash.
    pub fn url(&self, path: &str) -> String {
        self.url_at("127.0.0.1", path)
    }

    pub fn url_at(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port)
    }

    /// What came next.
    #[track_caller]
    pub fn next(&self) -> Arrival {
        match self.arrivals.recv_timeout(DEADLINE) {
            Ok(arrival) => arrival,
            Err(error) => panic!("nothing arrived: {error}"),
        }
    }

    /// The next notification's body at `/notification`, and the target of the browser's callback that
    /// came right after it: the first try is made before the browser leaves.
    #[track_caller]
    pub fn outcome(&self) -> (Value, String) {
        let notification = self.next();
        assert_eq!(
            (notification.method.as_str(), notification.target.as_str()),
            ("POST", "/notification")
        );
        assert_eq!(
            notification.content_type.as_deref(),
            Some("application/json; charset=utf-8")
        );
        let callback = self.next();
        assert_eq!(callback.method, "GET");
        (notification.json(), callback.target)
    }

    /// What has come so far and was not taken by [`Self::next`].
    pub fn so_far(&self) -> Vec<Arrival> {
        self.arrivals.try_iter().collect()
    }
}

fn receive(stream: &TcpStream) -> Option<Arrival> {
    stream.set_read_timeout(Some(DEADLINE)).ok()?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut content_type, mut length) = (None, 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-type" => content_type = Some(value.trim().to_owned()),
            "content-length" => length = value.trim().parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Arrival {
        method,
        target,
        content_type,
        body,
    })
}
