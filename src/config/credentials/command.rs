//! The program that prints a password.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use secrecy::SecretString;

use crate::config::Environment;
use crate::config::folders::reason;
use crate::text::Foreign;

/// More than any password has; what is printed behind it is not read.
const LONGEST: u64 = 16 * 1024;
/// So much of what it says about a failure is repeated.
const SHOWN: usize = 300;

/// Why it printed none. The messages follow "`password_command` ", and never hold what it printed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error("cannot be started: {}", reason(.0))]
    NotStarted(io::Error),
    #[error("ended with {how}{}", said(.stderr))]
    Failed { how: String, stderr: Vec<u8> },
    #[error("did not end within {} seconds, and was stopped", .0.as_secs())]
    TooSlow(Duration),
    #[error("printed nothing{}", said(.stderr))]
    Nothing { stderr: Vec<u8> },
    #[error("printed more than one line: the password must be its only one")]
    MoreLines,
    #[error("printed what is not UTF-8")]
    NotText,
}

/// What it said about itself, escaped: it may hold anything.
fn said(stderr: &[u8]) -> String {
    let words = stderr.trim_ascii();
    if words.is_empty() {
        return String::new();
    }
    let words = Foreign::new(&words[..words.len().min(SHOWN)]).screen_text();
    format!(", saying: {words}")
}

struct Ended {
    status: io::Result<ExitStatus>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

/// Runs it. Its input is empty; where it has to ask the user, it does so at the terminal itself.
pub fn run(
    command: &[String],
    environment: &Environment,
    patience: Duration,
) -> Result<SecretString, CommandError> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(CommandError::Nothing { stderr: vec![] });
    };
    let child = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(environment.for_programs())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(CommandError::NotStarted)?;
    password(wait(child, patience)?)
}

/// Waits for its end. What it started itself may hold its output open: that is not waited for.
fn wait(mut child: Child, patience: Duration) -> Result<Ended, CommandError> {
    let pid = Pid::from_child(&child);
    let (ended_in, ended) = mpsc::channel();
    thread::spawn(move || {
        let stderr = child.stderr.take();
        let stderr = thread::spawn(move || all_of(stderr));
        let stdout = all_of(child.stdout.take());
        let stderr = stderr.join().unwrap_or_default();
        let status = child.wait();
        // Nobody listens any more after the time is over.
        let _ = ended_in.send(Ended {
            status,
            stdout,
            stderr,
        });
    });
    match ended.recv_timeout(patience) {
        Ok(ended) => Ok(ended),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            // It is waited for by its thread, so the number is still its own.
            let _ = kill_process(pid, Signal::KILL);
            Err(CommandError::TooSlow(patience))
        }
    }
}

fn all_of(output: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(output) = output {
        // What was read before an error is what there is.
        let _ = output.take(LONGEST).read_to_end(&mut bytes);
    }
    bytes
}

fn password(ended: Ended) -> Result<SecretString, CommandError> {
    let Ended {
        status,
        stdout,
        stderr,
    } = ended;
    let status = status.map_err(CommandError::NotStarted)?;
    if !status.success() {
        use std::os::unix::process::ExitStatusExt as _;
        let how = match (status.code(), status.signal()) {
            (Some(code), _) => format!("exit code {code}"),
            (None, signal) => format!("signal {}", signal.unwrap_or_default()),
        };
        return Err(CommandError::Failed { how, stderr });
    }
    let text = String::from_utf8(stdout).map_err(|_| CommandError::NotText)?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        return Err(CommandError::Nothing { stderr });
    }
    if line.contains(['\n', '\r']) {
        return Err(CommandError::MoreLines);
    }
    Ok(SecretString::from(line))
}
