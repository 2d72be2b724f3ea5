//! How the program ends, for scripts to decide on.

use std::process::ExitCode;

/// The end of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done,
    /// A check failed.
    Failed,
    /// The network, or a time that was over.
    Network,
    /// Not for a live or read-only profile.
    Barred,
    /// Wrong usage or configuration, a port or folder that cannot be used.
    Usage,
    /// A fault of the program itself.
    Bug,
    /// Told to end by a signal, or by the loss of the terminal: 128 and the signal's number.
    Signal(u8),
    /// As the command ended that was run beside a sandbox.
    Command(u8),
}

/// What `--help` says of them.
pub const HELP: &str = "\
Exit codes:
  0    done
  1    a check failed
  2    wrong usage, configuration or scenario
  3    the network failed, or the time was over
  5    not for a live or read-only profile
  70   a fault of this program
  130  interrupted
`bango sandbox -- COMMAND` ends as COMMAND did: with its code, or 128 and the number of the signal.";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Network => 3,
            Exit::Barred => 5,
            Exit::Usage => 2,
            Exit::Bug => 70,
            Exit::Signal(code) | Exit::Command(code) => code,
        })
    }
}
