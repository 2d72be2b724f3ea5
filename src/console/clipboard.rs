//! Copying, by the best route that works here: the desktop's clipboard, tmux, the terminal itself.
//!
//! Works on a thread of its own: a display that accepts and never answers costs a fraction of a second
//! once, and no key waits for it. A route that failed is not tried again in this session. What the
//! terminal has to be sent is handed back: only its owner writes to it.

mod escape;
mod program;
mod system;

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use self::escape::Wrapping;
use self::system::{Open, System};
use crate::config::{ClipboardSetting, Environment};

/// Longer escapes are cut off by terminals: bytes of base64.
const ESCAPE_LIMIT: usize = 74_000;
/// How long the desktop's clipboard may take, to be found and for each text.
const SYSTEM_LIMIT: Duration = Duration::from_millis(400);
/// How long tmux or the user's own program may take.
const PROGRAM_LIMIT: Duration = Duration::from_secs(2);

/// What became of a text that was to be copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copied {
    By(Route),
    /// To be written to the terminal as it is. It never confirms: say "sent to the terminal", not
    /// "copied".
    WriteToTerminal {
        escape: String,
    },
    Failed(CopyError),
}

/// A way that said it succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The desktop's clipboard. Without a clipboard manager it is lost when this program ends.
    System,
    Tmux,
    /// The user's own program, by its name.
    Command(String),
}

/// Why nothing was copied. The messages follow "could not copy: ".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CopyError {
    #[error("copying is switched off (clipboard = \"off\")")]
    Off,
    #[error("{length} bytes are too long for the terminal, which takes {limit}")]
    TooLong { length: usize, limit: usize },
    #[error("there is no clipboard of the desktop: {0}")]
    NoSystem(String),
    #[error("{name} failed: {error}")]
    Program { name: String, error: String },
}

impl Copied {
    /// What a toast may claim; it follows the name of what was copied.
    pub fn words(&self) -> String {
        match self {
            Self::By(Route::System) => "copied".into(),
            Self::By(Route::Tmux) => "copied to tmux".into(),
            Self::By(Route::Command(name)) => format!("handed to {}", name.escape_debug()),
            Self::WriteToTerminal { .. } => "sent to the terminal".into(),
            Self::Failed(error) => format!("could not copy: {error}"),
        }
    }
}

/// A handle to the thread that copies. The desktop's clipboard is let go when it is dropped.
#[derive(Debug)]
pub struct Clipboard {
    jobs: mpsc::Sender<Job>,
}

struct Job {
    text: String,
    reply: Box<dyn FnOnce(Copied) + Send>,
}

impl Clipboard {
    pub fn start(setting: ClipboardSetting, environment: Environment) -> Self {
        Self::start_with(setting, environment, Box::new(system::open))
    }

    /// `open` finds the desktop's clipboard; it may hang.
    fn start_with(setting: ClipboardSetting, environment: Environment, open: Open) -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        let mut ladder = Ladder {
            setting,
            environment,
            system: System::Unopened(open),
            tmux_failed: false,
        };
        thread::spawn(move || {
            for job in queue {
                let copied = ladder.copy(&job.text);
                (job.reply)(copied);
            }
        });
        Self { jobs }
    }

    /// Copies exactly this text. `reply` is called once, on the clipboard's thread.
    pub fn copy(&self, text: String, reply: impl FnOnce(Copied) + Send + 'static) {
        let reply = Box::new(reply);
        if let Err(mpsc::SendError(job)) = self.jobs.send(Job { text, reply }) {
            let gone = CopyError::NoSystem("its thread has ended".into());
            (job.reply)(Copied::Failed(gone));
        }
    }
}

/// Which way is tried first where the user has left it open.
pub fn first_route(environment: &Environment) -> &'static str {
    if has_display(environment) {
        "the desktop's clipboard"
    } else if environment.is_set("TMUX") {
        "tmux's buffer"
    } else {
        "the terminal (OSC 52)"
    }
}

/// A display at the other end of SSH is not the user's, and may never answer.
fn has_display(environment: &Environment) -> bool {
    let is_set = |name| environment.is_set(name);
    let remote = is_set("SSH_CONNECTION") || is_set("SSH_TTY");
    let display = cfg!(target_os = "macos") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
    display && !remote
}

/// What is tried, in order, and what has failed in this session.
struct Ladder {
    setting: ClipboardSetting,
    environment: Environment,
    system: System,
    tmux_failed: bool,
}

impl Ladder {
    fn copy(&mut self, text: &str) -> Copied {
        let by_route = match &self.setting {
            ClipboardSetting::Auto => return self.best(text),
            ClipboardSetting::Off => Err(CopyError::Off),
            ClipboardSetting::System => self.system.copy(text),
            ClipboardSetting::Tmux => tmux(text, &self.environment),
            ClipboardSetting::Osc52 => return self.by_terminal(text),
            ClipboardSetting::Command(command) => command_of_user(command, text, &self.environment),
        };
        by_route.map_or_else(Copied::Failed, Copied::By)
    }

    fn best(&mut self, text: &str) -> Copied {
        if has_display(&self.environment)
            && let Ok(route) = self.system.copy(text)
        {
            return Copied::By(route);
        }
        if self.environment.is_set("TMUX") && !self.tmux_failed {
            match tmux(text, &self.environment) {
                Ok(route) => return Copied::By(route),
                Err(_) => self.tmux_failed = true,
            }
        }
        self.by_terminal(text)
    }

    fn by_terminal(&self, text: &str) -> Copied {
        let limit = ESCAPE_LIMIT / 4 * 3;
        if text.len() > limit {
            let length = text.len();
            return Copied::Failed(CopyError::TooLong { length, limit });
        }
        // Inside tmux that is inside screen, the terminal that we write to is tmux.
        let in_screen = self.environment.is_set("STY") && !self.environment.is_set("TMUX");
        let wrapping = if in_screen {
            Wrapping::Screen
        } else {
            Wrapping::None
        };
        Copied::WriteToTerminal {
            escape: escape::copy(text, wrapping),
        }
    }
}

/// `-w` makes tmux pass the text on to its own terminal, whatever its `set-clipboard` says.
fn tmux(text: &str, environment: &Environment) -> Result<Route, CopyError> {
    let command = ["tmux", "load-buffer", "-w", "-"].map(str::to_owned);
    program::run(&command, text, environment, PROGRAM_LIMIT).map(|()| Route::Tmux)
}

fn command_of_user(
    command: &[String],
    text: &str,
    environment: &Environment,
) -> Result<Route, CopyError> {
    let name = command.first().cloned().unwrap_or_default();
    program::run(command, text, environment, PROGRAM_LIMIT).map(|()| Route::Command(name))
}

#[cfg(test)]
mod tests;
