//! What the system tells the program: to end, to stop, to go on, that the terminal is gone.

use std::io;
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::process::Signal as Number;
use rustix::stdio::stdin;
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};
use tokio::sync::oneshot;

/// Something that the loop has to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// TERM, HUP, INT or QUIT, or the terminal has gone: end orderly, with this exit code.
    End { code: u8 },
    /// TSTP: give the terminal back and stop.
    Suspend,
    /// CONT: take the terminal over again and paint everything.
    Continued,
}

/// The signals, from now on handled here only.
#[derive(Debug)]
pub struct Signals {
    terminate: Stream,
    hang_up: Stream,
    interrupt: Stream,
    quit: Stream,
    stop: Stream,
    go_on: Stream,
    gone: Option<oneshot::Receiver<()>>,
}

impl Signals {
    /// Starts to listen, and to watch the terminal. Needs a tokio runtime.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            stop: signal(SignalKind::from_raw(Number::TSTP.as_raw()))?,
            go_on: signal(SignalKind::from_raw(Number::CONT.as_raw()))?,
            gone: Some(watch_for_hang_up()),
        })
    }

    /// The next signal. Dropped unfinished, it loses none.
    pub async fn next(&mut self) -> Signal {
        let number = tokio::select! {
            _ = self.terminate.recv() => Number::TERM,
            _ = self.hang_up.recv() => Number::HUP,
            _ = self.interrupt.recv() => Number::INT,
            _ = self.quit.recv() => Number::QUIT,
            () = gone(&mut self.gone) => Number::HUP,
            _ = self.stop.recv() => return Signal::Suspend,
            _ = self.go_on.recv() => return Signal::Continued,
        };
        Signal::End {
            code: 128 + u8::try_from(number.as_raw()).unwrap_or_default(),
        }
    }
}

/// Ready once, when the terminal has gone.
async fn gone(gone: &mut Option<oneshot::Receiver<()>>) {
    let told = match gone {
        Some(receiver) => receiver.await.is_ok(),
        None => false,
    };
    *gone = None;
    if !told {
        std::future::pending::<()>().await;
    }
}

/// A terminal can vanish without a HUP, and reading from it then spins. The thread sleeps in the kernel
/// until that happens: it costs no wake-up.
fn watch_for_hang_up() -> oneshot::Receiver<()> {
    let (tell, gone) = oneshot::channel();
    thread::spawn(move || {
        let mut terminal = [PollFd::from_borrowed_fd(stdin(), PollFlags::empty())];
        loop {
            match poll(&mut terminal, None) {
                Err(Errno::INTR) => {}
                // A system that cannot watch terminals: the HUP has to do.
                Err(_) => return,
                Ok(_) => break,
            }
        }
        if terminal[0]
            .revents()
            .intersects(PollFlags::HUP | PollFlags::ERR)
        {
            let _ = tell.send(());
        }
    });
    gone
}
