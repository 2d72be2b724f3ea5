//! The terminal: taken over, painted on, and given back as it was found, whatever ends the program.
//!
//! Every way out (return, error, panic, signal, hang-up) goes through one function, [`restore`]. Which
//! signals come and that the terminal is gone is told by [`Signals`]; what to do then is the loop's.

mod background;
mod panic;
mod screen;
mod signals;

use std::io::{self, IsTerminal as _, Write as _};

use ratatui::Frame;
use ratatui::backend::CrosstermBackend;

pub use self::background::{Answered, Background};
pub use self::panic::report_panics;
use self::screen::Screen;
pub use self::screen::restore;
pub use self::signals::{Signal, Signals};
use crate::config::Environment;

/// The terminal while it is ours. Dropped, it is given back.
pub struct Terminal {
    inner: ratatui::Terminal<CrosstermBackend<Screen>>,
    _give_back: GiveBack,
}

/// Gives the terminal back when dropped, also if the way in fails half-way.
struct GiveBack;

/// Why there is no terminal to paint on. The message is a whole sentence for the user; the program ends
/// with 2.
#[derive(Debug, thiserror::Error)]
pub enum NoTerminal {
    #[error(
        "the console needs a terminal on its input and output; without one, run \"bango sandbox\""
    )]
    NotATerminal,
    #[error(
        "the console cannot paint on a terminal with TERM=dumb; without another, run \"bango sandbox\""
    )]
    Dumb,
    #[error("the terminal cannot be taken over ({0}); without one, run \"bango sandbox\"")]
    Refused(#[from] io::Error),
}

impl Terminal {
    /// Whether there is a terminal to paint on, before anything else is done.
    pub fn check(environment: &Environment) -> Result<(), NoTerminal> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(NoTerminal::NotATerminal);
        }
        if environment.get("TERM").is_some_and(|term| term == "dumb") {
            return Err(NoTerminal::Dumb);
        }
        Ok(())
    }

    /// Takes the terminal over: raw mode, alternate screen, no cursor, bracketed paste. The calling thread
    /// is the one whose panic ends the program.
    pub fn enter(environment: &Environment) -> Result<Self, NoTerminal> {
        Self::check(environment)?;
        let give_back = GiveBack;
        screen::enter()?;
        let inner = ratatui::Terminal::new(CrosstermBackend::new(Screen::default()))?;
        Ok(Self {
            inner,
            _give_back: give_back,
        })
    }

    /// Paints one frame, in one write. While the terminal is not ours nothing is written.
    pub fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.inner.draw(paint).map(|_| ())
    }

    /// Sends an escape sequence between two frames.
    pub fn send(&mut self, escape: &str) -> io::Result<()> {
        let screen = self.inner.backend_mut();
        screen.write_all(escape.as_bytes())?;
        screen.flush()
    }

    /// Has the terminal report clicks, drags, the wheel and the focus of its window, or no more.
    pub fn take_mouse(&mut self, ours: bool) -> io::Result<()> {
        self.send(if ours {
            screen::MOUSE
        } else {
            screen::NO_MOUSE
        })
    }

    /// Asks whether it is light or dark. Before anything else reads keys.
    pub fn ask_for_background(&mut self) -> io::Result<Answered> {
        self.send(background::ASK)?;
        background::read()
    }

    /// Forgets what is on the screen, so that the next frame paints all of it.
    pub fn clear(&mut self) -> io::Result<()> {
        // The library's own way first asks the terminal where the cursor is, and waits for its answer.
        self.send("\x1b[2J")?;
        self.inner.swap_buffers();
        Ok(())
    }

    /// Gives the terminal back and stops the program, and whatever stands between it and the shell.
    /// Whoever continues it sends [`Signal::Continued`]: then call [`Terminal::resume`].
    pub fn suspend(&mut self) -> io::Result<()> {
        restore();
        // The whole group: a parent such as cargo would else go on waiting, and no shell come back.
        rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?;
        Ok(())
    }

    /// Takes the terminal over again, also after a stop that could not be caught.
    pub fn resume(&mut self) -> io::Result<()> {
        screen::enter()?;
        self.clear()
    }
}

impl Drop for GiveBack {
    fn drop(&mut self) {
        restore();
    }
}

#[cfg(test)]
mod tests;
