//! What a start has to cope with: each trouble is one clear sentence.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use portable_pty::CommandBuilder;

use super::address;
use crate::pty::{Home, Seat};

/// What `bango` says without a terminal: its exit code, stdout and stderr.
fn without_a_terminal(home: &Home) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_bango"))
        .env_clear()
        .envs(home.environment())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn without_a_terminal_one_sentence_names_the_sandbox() {
    let home = Home::new();
    let (code, out, err) = without_a_terminal(&home);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert_eq!(err.lines().count(), 1, "{err}");
    assert!(err.contains("\"bango sandbox\""), "{err}");
    assert!(!home.path().join("data").exists(), "something was written");
}

/// A start that is refused: what it says, with exit code 2 and the terminal as it was.
#[track_caller]
fn refused(seat: &Seat) -> String {
    assert_eq!(seat.end().exit_code(), 2);
    seat.check_as_found();
    seat.wait_until("some words", |screen| !screen.trim().is_empty());
    let said = seat.said();
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[test]
fn a_dumb_terminal_is_refused() {
    let home = Home::new();
    let mut bango = home.bango();
    bango.env("TERM", "dumb");
    let said = refused(&Seat::run(bango));
    assert!(said.contains("TERM=dumb"), "{said}");
}

#[test]
fn a_busy_port_is_said_and_another_one_taken() {
    // Another test's console may hold it for a moment, and leave it just when this one would start. One who
    // holds it for longer is somebody at work here, and does as well.
    let _held = (0..5_000).find_map(|_| {
        let bound = TcpListener::bind("127.0.0.1:2646").ok();
        if bound.is_none() {
            std::thread::park_timeout(Duration::from_millis(1));
        }
        bound
    });
    let home = Home::new();
    let seat = home.console();
    assert_ne!(address(&seat), "http://127.0.0.1:2646/v5");
    seat.wait_for("port 2646 is taken");
}

#[test]
fn a_data_folder_that_cannot_be_used_is_said_and_nothing_kept() {
    let home = Home::new();
    std::fs::write(home.path().join("data"), "a file where a folder should be").unwrap();
    let seat = home.console();
    seat.wait_for("nothing is kept: ").keys("1");
    seat.wait_until_gone("any key");
    super::identify(&seat, "447710900120");
}

#[test]
fn a_damaged_config_is_said_with_its_place_and_the_rest_is_used() {
    let home = Home::new();
    let folder = home.path().join("config");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(
        folder.join("config.toml"),
        "theme = [\nclipboard = 'osc52'\n",
    )
    .unwrap();
    let seat = home.console();
    seat.wait_for("config.toml, line ").keys("1");
    seat.wait_until_gone("any key").keys("+");
    seat.wait_for("Who pays?");
}

#[test]
fn a_journal_that_is_no_journal_is_refused_and_left_alone() {
    let home = Home::new();
    let folder = home.path().join("data");
    std::fs::create_dir(&folder).unwrap();
    let journal = folder.join("journal-sandbox.db");
    std::fs::write(&journal, "not a database at all".repeat(100)).unwrap();
    let said = refused(&Seat::run(home.bango()));
    assert!(said.contains("--no-journal"), "{said}");
    assert!(
        std::fs::read(&journal)
            .unwrap()
            .starts_with(b"not a database")
    );
}

#[test]
fn without_a_journal_nothing_is_written() {
    let home = Home::new();
    let mut bango = home.bango();
    bango.arg("--no-journal");
    let seat = Seat::run(bango);
    seat.wait_for("enter identify");
    super::identify(&seat, "447710900120");
    seat.keys("q");
    assert!(seat.end().success());
    let data = home.path().join("data");
    let left = std::fs::read_dir(data).map_or(0, Iterator::count);
    assert_eq!(left, 0);
    let kept = rights(home.path());
    assert!(kept.iter().all(|(_, is_folder, _)| *is_folder), "{kept:?}");
}

/// The folders below this one, and the files, with the rights to each.
fn rights(folder: &Path) -> Vec<(PathBuf, bool, u32)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let known = std::fs::symlink_metadata(&path).unwrap();
        let mode = known.permissions().mode() & 0o777;
        found.push((path.clone(), known.is_dir(), mode));
        if known.is_dir() {
            found.extend(rights(&path));
        }
    }
    found
}

#[test]
fn what_is_kept_is_for_its_owner_alone_whatever_the_shell_allows() {
    let home = Home::new();
    let mut shell = CommandBuilder::new("/bin/sh");
    let start = format!("umask 0; exec {}", env!("CARGO_BIN_EXE_bango"));
    shell.args(["-c", &start]);
    shell.env_clear();
    for (name, value) in home.environment() {
        shell.env(name, value);
    }
    let seat = Seat::run(shell);
    seat.wait_for("enter identify");
    super::identify(&seat, "447710900120");
    let kept = rights(home.path());
    let files = kept.iter().filter(|(_, is_folder, _)| !is_folder);
    assert!(files.count() >= 2, "{kept:?}");
    for (path, is_folder, mode) in kept {
        let expected = if is_folder { 0o700 } else { 0o600 };
        assert_eq!(mode, expected, "{}: {mode:o}", path.display());
    }
}

/// Whether a colour was asked for: which the terminal has for itself is none.
fn coloured(raw: &[u8]) -> bool {
    let raw = String::from_utf8_lossy(raw);
    let looks = raw.split("\u{1b}[").filter_map(|sequence| {
        let end = sequence.find(|character: char| character.is_ascii_alphabetic())?;
        sequence[end..].starts_with('m').then(|| &sequence[..end])
    });
    let mut numbers = looks.flat_map(|look| look.split(';')).map(str::parse);
    numbers.any(|number| matches!(number, Ok(30..=38 | 40..=48 | 90..=107)))
}

#[test]
fn no_color_is_honoured() {
    let home = Home::new();
    for (no_color, color, expected) in [
        ("", "auto", true),
        ("1", "auto", false),
        ("1", "always", true),
        ("", "never", false),
    ] {
        let mut bango = home.bango();
        bango.args(["--color", color, "--theme", "dark"]);
        bango.env("NO_COLOR", no_color);
        let seat = Seat::run(bango);
        seat.wait_for("enter identify");
        assert_eq!(coloured(&seat.raw()), expected);
        seat.keys("q").end();
    }
}

#[test]
fn with_ascii_nothing_else_is_written() {
    let home = Home::new();
    let mut bango = home.bango();
    bango.arg("--ascii");
    let seat = Seat::run(bango);
    seat.wait_for("#1 Sessions").keys("?").wait_for("Keys");
    let raw = seat.raw();
    assert!(raw.is_ascii(), "{:?}", String::from_utf8_lossy(&raw));
}
