//! The one place that changes the terminal's modes and writes to it.

use std::io;
use std::os::fd::BorrowedFd;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

/// Alternate screen, no cursor, bracketed paste.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?2004h";
/// Undoes [`ENTER`] and [`MOUSE`], and the colours of a frame that was cut off.
const LEAVE: &[u8] =
    b"\x1b[0m\x1b[?1004l\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[?25h\x1b[?1049l";
/// Buttons, drags, coordinates beyond 223, and the window's focus.
pub(super) const MOUSE: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h\x1b[?1004h";
pub(super) const NO_MOUSE: &str = "\x1b[?1004l\x1b[?1006l\x1b[?1002l\x1b[?1000l";

/// What is needed to give the terminal back, for as long as it is ours.
struct Found {
    modes: Termios,
    painter: ThreadId,
}

/// Whoever writes holds this: nothing is painted after the terminal was given back.
static FOUND: Mutex<Option<Found>> = Mutex::new(None);

fn found() -> MutexGuard<'static, Option<Found>> {
    FOUND.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes the terminal over, or once more: then it is still given back as it was found at first.
pub(super) fn enter() -> io::Result<()> {
    let mut found = found();
    if found.is_none() {
        *found = Some(Found {
            modes: tcgetattr(stdin())?,
            painter: thread::current().id(),
        });
    }
    // crossterm has to know that the mode is raw, or it takes ctrl+j for enter. It only switches when it
    // believes that it is not.
    crossterm::terminal::disable_raw_mode()?;
    crossterm::terminal::enable_raw_mode()?;
    write_all(stdout(), ENTER)
}

/// Gives the terminal back as it was found. Does nothing when it is not ours. Allocates nothing and
/// cannot panic, so that a panic hook may call it.
pub fn restore() {
    if let Some(found) = found().take() {
        // The modes first: a terminal that does not take output now would keep us from them. One that is
        // gone cannot be told either.
        let _ = tcsetattr(stdin(), OptionalActions::Now, &found.modes);
        let _ = write_all(stdout(), LEAVE);
    }
}

/// Whether the program cannot go on when this thread panics.
pub(super) fn painter_or_nobody(thread: ThreadId) -> bool {
    found().as_ref().is_none_or(|found| found.painter == thread)
}

/// A frame's bytes, written together, and not at all while the terminal is not ours: a frame that was
/// cut off by a panic is dropped with it.
#[derive(Debug, Default)]
pub(super) struct Screen {
    frame: Vec<u8>,
}

impl io::Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let ours = found();
        let written = match &*ours {
            Some(_) => write_all(stdout(), &self.frame),
            None => Ok(()),
        };
        drop(ours);
        self.frame.clear();
        written
    }
}

fn write_all(to: BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(to, bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(Errno::INTR) => {}
            // The terminal is shared with whoever started us, who may have made it non-blocking.
            Err(Errno::AGAIN) => {
                poll(&mut [PollFd::from_borrowed_fd(to, PollFlags::OUT)], None)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
