//! `bango sandbox -- COMMAND…`: a sandbox of its own for as long as a command runs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crate::harness::{Request, basic};

/// Runs the script with a sandbox beside it, nothing of the user's in reach.
fn beside(folder: &Path, options: &[&str], script: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bango"));
    command
        .arg("sandbox")
        .args(options)
        .args(["--", "sh", "-c", script, "script", "--listen", "two words"])
        .env("HOME", folder)
        .env("BANGO_DATA_DIR", folder.join("data"))
        .env_remove("BANGO_SANDBOX_USERNAME")
        .env_remove("BANGO_SANDBOX_PASSWORD")
        .stdin(Stdio::null());
    command
}

#[track_caller]
fn ran(script: &str) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let output = beside(folder.path(), &[], script).output().expect("it ran");
    assert!(!folder.path().join("data").exists(), "something was left");
    output
}

/// The command runs and waits for a line on stdin, its first line on stdout is the base URL.
fn waiting(folder: &Path, options: &[&str], script: &str) -> (Child, String) {
    let mut child = beside(folder, options, script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let stdout = child.stdout.as_mut().expect("a pipe");
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    (child, line.trim_end().to_owned())
}

fn authority(url: &str) -> String {
    let rest = url.strip_prefix("http://").expect("a base URL");
    rest.strip_suffix("/v5").expect("a base URL").to_owned()
}

#[test]
fn the_command_finds_address_and_credentials_in_its_environment() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"echo "$BANGO_BASE_URL"; echo "$BANGO_USERNAME $BANGO_PASSWORD"; read line"#;
    let mut command = beside(folder.path(), &[], script);
    command.env("BANGO_SANDBOX_USERNAME", "shop");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let authority = authority(&lines.next().unwrap().unwrap());
    assert_eq!(lines.next().unwrap().unwrap(), "shop sandbox");

    let call = |password: &str| {
        let request = Request::new("GET", "/v5/transaction/1");
        let request = request.header("Authorization", &basic("shop", password));
        request.send(&authority).unwrap().status
    };
    assert_eq!((call("sandbox"), call("other")), (404, 401));
    child.stdin.take().unwrap().write_all(b"\n").unwrap();
    assert!(child.wait().unwrap().success());
    assert!(TcpStream::connect(&authority).is_err(), "it is still there");
}

#[test]
fn it_ends_as_the_command_did() {
    for (script, code) in [("exit 0", 0), ("exit 3", 3), ("kill -9 $$", 137)] {
        assert_eq!(ran(script).status.code(), Some(code), "{script}");
    }
}

#[test]
fn stdout_and_stderr_are_the_commands_alone() {
    let output = ran(r#"echo "out $1 $2"; echo err >&2"#);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    assert_eq!(text(output.stdout), "out --listen two words\n");
    assert_eq!(text(output.stderr), "err\n");
}

#[test]
fn a_command_that_cannot_be_started_is_named() {
    let output = Command::new(env!("CARGO_BIN_EXE_bango"))
        .args(["sandbox", "--", "/nowhere/to-be-found"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("/nowhere/to-be-found"), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
}

#[test]
fn two_at_once_do_not_meet() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"echo "$BANGO_BASE_URL"; read line"#;
    let (mut first, one) = waiting(folder.path(), &[], script);
    let (mut second, other) = waiting(folder.path(), &[], script);
    assert_ne!(one, other);
    for child in [&mut first, &mut second] {
        drop(child.stdin.take());
        assert!(child.wait().unwrap().code().is_some());
    }
}

#[test]
fn a_database_that_is_named_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("kept.db");
    let options = ["--database", database.to_str().unwrap()];
    let mut command = beside(folder.path(), &options, "exit 0");
    assert!(command.status().unwrap().success());
    assert!(database.exists());
}

#[test]
fn told_to_end_it_tells_the_command_and_waits_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"trap 'echo told; exit 5' TERM
        exec 3<&0; cat <&3 >/dev/null & echo "$BANGO_BASE_URL"; wait"#;
    let (mut child, _) = waiting(folder.path(), &[], script);
    let id = child.id().to_string();
    let killed = Command::new("kill").args(["-TERM", &id]).status();
    assert!(killed.unwrap().success());
    let mut rest = String::new();
    let stdout = child.stdout.as_mut().unwrap();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(
        (child.wait().unwrap().code(), rest.as_str()),
        (Some(5), "told\n")
    );
}
