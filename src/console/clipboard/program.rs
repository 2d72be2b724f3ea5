//! A program that takes the text on its standard input.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use super::CopyError;
use crate::clock::Stopwatch;
use crate::config::Environment;

/// How often an unfinished program is looked at.
const PAUSE: Duration = Duration::from_millis(5);

/// Runs it to its end, or kills it after `limit`. Its output goes nowhere: the terminal is ours.
pub(super) fn run(
    command: &[String],
    text: &str,
    environment: &Environment,
    limit: Duration,
) -> Result<(), CopyError> {
    let Some((name, arguments)) = command.split_first() else {
        return Err(CopyError::Off);
    };
    let failed = |error: String| CopyError::Program {
        name: name.clone(),
        error,
    };
    let mut child = Command::new(name)
        .args(arguments)
        .env_clear()
        .envs(environment.for_programs())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    if let Some(mut input) = child.stdin.take() {
        let text = text.to_owned();
        // A program that does not read would block us for ever. One that ends early is judged by how.
        thread::spawn(move || input.write_all(text.as_bytes()));
    }
    let watch = Stopwatch::start();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(failed(status.to_string())),
            Ok(None) if u128::from(watch.micros()) < limit.as_micros() => thread::sleep(PAUSE),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(failed("it did not end in time".into()));
            }
            Err(error) => return Err(failed(error.to_string())),
        }
    }
}
