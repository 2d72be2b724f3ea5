//! A sandbox of its own for each test: the real binary, killed when the test ends.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;

use tempfile::TempDir;

use super::DEADLINE;

/// A running `bango sandbox`.
pub struct Sandbox {
    child: Mutex<Child>,
    /// `127.0.0.1:PORT`.
    pub authority: String,
    numbers: AtomicU32,
    _folder: TempDir,
}

impl Sandbox {
    /// A sandbox that forgets everything when it ends.
    pub fn start() -> Self {
        Self::with(&["--database", ":memory:"])
    }

    /// A sandbox on a database file, which another one may have left.
    pub fn on(database: &Path) -> Self {
        Self::with(&["--database", database.to_str().expect("a path in UTF-8")])
    }

    pub fn with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let narration = File::options()
            .create_new(true)
            .read(true)
            .write(true)
            .open(folder.path().join("narration"))
            .expect("a file for what the sandbox tells");
        let mut child = command(folder.path(), arguments)
            .stdout(Stdio::piped())
            .stderr(narration.try_clone().expect("a second handle"))
            .spawn()
            .expect("the sandbox starts");
        let line = first_line(child.stdout.take().expect("a piped stdout"));
        let Some(authority) = line
            .strip_prefix("listening on http://")
            .and_then(|rest| rest.strip_suffix("/v5\n"))
        else {
            let _ = child.kill();
            panic!(
                "instead of its address it said {line:?}, and: {}",
                all(narration)
            );
        };
        Self {
            authority: authority.to_owned(),
            child: Mutex::new(child),
            numbers: AtomicU32::new(0),
            _folder: folder,
        }
    }

    /// What a sandbox says that does not start: its exit code and the text on stderr. Nothing may stand on
    /// stdout.
    #[track_caller]
    pub fn refuses(arguments: &[&str]) -> (Option<i32>, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut child = command(folder.path(), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the process starts");
        let line = first_line(child.stdout.take().expect("a piped stdout"));
        if !line.is_empty() {
            let _ = child.kill();
        }
        let output = child.wait_with_output().expect("the process ends");
        assert_eq!(line, "", "it started");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), told)
    }

    /// A number that was not given before, for keys.
    pub fn numbered(&self) -> u32 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Ends the process as `kill -9` does: it gets no chance to finish anything.
    pub fn kill(&self) {
        let mut child = self.child.lock().expect("nobody panicked over it");
        child.kill().expect("the process can be killed");
        child.wait().expect("the process ends");
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Ok(child) = self.child.get_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// `bango sandbox`, on a free port unless the arguments name one, with nothing of the user's in reach, and a proxy in the environment
/// that nobody serves: what goes to loopback must not go there.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bango"));
    command.arg("sandbox").args(arguments);
    if !arguments.contains(&"--listen") {
        command.args(["--listen", "127.0.0.1:0"]);
    }
    command
        .env("HOME", folder)
        .env("BANGO_CONFIG_DIR", folder.join("config"))
        .env("BANGO_DATA_DIR", folder.join("data"))
        .env("BANGO_STATE_DIR", folder.join("state"))
        .env("HTTP_PROXY", "http://127.0.0.1:9")
        .env("http_proxy", "http://127.0.0.1:9")
        .env_remove("BANGO_SANDBOX_USERNAME")
        .env_remove("BANGO_SANDBOX_PASSWORD")
        .stdin(Stdio::null());
    command
}

/// The first line, or what came instead before the end or the deadline.
fn first_line(stdout: ChildStdout) -> String {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        let _ = stdout.read_line(&mut line);
        let _ = sender.send(line);
        // Kept open, so that the sandbox can never fail on a closed pipe.
        let _ = stdout.read_to_end(&mut Vec::new());
    });
    receiver.recv_timeout(DEADLINE).unwrap_or_default()
}

fn all(mut file: File) -> String {
    let mut text = String::new();
    let _ = file.rewind();
    let _ = file.read_to_string(&mut text);
    text
}
