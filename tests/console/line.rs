//! The line between a console and its sandbox, which can be cut: requests that never arrive, answers
//! that never come back.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use crate::pty::DEADLINE;

/// What happens to a request that comes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// It goes through, and its answer comes back.
    Fair,
    /// It is taken and goes nowhere.
    RequestsAreLost,
}

pub struct Line {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    now: Mutex<Now>,
    changed: Condvar,
}

struct Now {
    sandbox: Option<SocketAddr>,
    weather: Weather,
    lost: usize,
}

impl Line {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let now = Now {
            sandbox: None,
            weather: Weather::Fair,
            lost: 0,
        };
        let shared = Arc::new(Shared {
            now: Mutex::new(now),
            changed: Condvar::new(),
        });
        let ours = shared.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = ours.clone();
                thread::spawn(move || shared.carry(client));
            }
        });
        Self { address, shared }
    }

    /// What a console is told to call.
    pub fn base(&self) -> String {
        format!("http://{}/v5", self.address)
    }

    pub fn leads_to(&self, sandbox: SocketAddr) {
        self.shared.now.lock().unwrap().sandbox = Some(sandbox);
    }

    /// From now on; what was lost before is forgotten.
    pub fn weather(&self, weather: Weather) {
        let mut now = self.shared.now.lock().unwrap();
        now.weather = weather;
        now.lost = 0;
    }

    /// Waits until something was lost.
    pub fn wait_for_a_loss(&self) {
        let now = self.shared.now.lock().unwrap();
        let waiting = |now: &mut Now| now.lost == 0;
        let (now, _) = self
            .shared
            .changed
            .wait_timeout_while(now, DEADLINE, waiting)
            .unwrap();
        assert!(now.lost > 0, "nothing came along");
    }
}

impl Shared {
    fn carry(&self, mut client: TcpStream) {
        let Some(request) = whole_request(&mut client) else {
            return;
        };
        let (weather, sandbox) = {
            let now = self.now.lock().unwrap();
            (now.weather, now.sandbox)
        };
        if weather != Weather::RequestsAreLost {
            let mut server = TcpStream::connect(sandbox.unwrap()).unwrap();
            server.write_all(&request).unwrap();
            if weather == Weather::Fair {
                let mut back = client.try_clone().unwrap();
                let _ = std::io::copy(&mut server, &mut back);
                let _ = back.shutdown(Shutdown::Both);
                return;
            }
            // An answer leaves after its commit: with its first byte the request has taken effect.
            let _ = server.read(&mut [0; 1]);
        }
        self.now.lock().unwrap().lost += 1;
        self.changed.notify_all();
        // Open until the console has had enough.
        let _ = client.read(&mut [0; 1]);
    }
}

/// A request, made to be the last on its connection so that its answer has an end.
fn whole_request(client: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    loop {
        let end = request.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
            if request.len() >= end + 4 + length {
                let close = b"\r\nconnection: close";
                request.splice(end..end, close.iter().copied());
                return Some(request);
            }
        }
        match client.read(&mut part) {
            Ok(count @ 1..) => request.extend_from_slice(&part[..count]),
            _ => return None,
        }
    }
}
