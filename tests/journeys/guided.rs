//! The testing guide on somebody else's API: the pages are for a person with a browser.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use bango_console::config::Kind;

use crate::browser::Browser;
use crate::desk;
use crate::front::{Front, Mood};

/// What `bango guide run` ended with and printed, a browser walking the pages that it asks for.
async fn guided(front: &Front, which: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    desk::profile(folder.path(), Kind::Test, front, "");
    let place = |name: &str| folder.path().join(name);
    let mut child = Command::new(env!("CARGO_BIN_EXE_bango"))
        .args(["guide", "run", "--profile", "shop"])
        .args(which)
        .env_clear()
        .env("HOME", place(""))
        .env("BANGO_CONFIG_DIR", place("config"))
        .env("BANGO_DATA_DIR", place("data"))
        .env("BANGO_STATE_DIR", place("state"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let browser = Browser::new();
    let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
    loop {
        let reading = tokio::task::spawn_blocking(move || (told.next(), told));
        let (line, rest) = reading.await.unwrap();
        told = rest;
        let Some(line) = line else { break };
        let line = line.unwrap();
        let Some((task, url)) = line.split_once(", on this machine: ") else {
            panic!("{line}");
        };
        let back = match task.rsplit_once(' ').unwrap() {
            ("bango: be the payer", number) => browser.identify(url, number).await,
            _ => browser.approve(url).await,
        };
        browser.get(&back).await;
    }
    let mut out = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut out)
        .unwrap();
    (child.wait().unwrap().code(), out)
}

/// Without a tunnel no notification comes, so this asks for none.
const APPROVED: &str = r#"title = "Ours"
[[scenario]]
section = "o.1"
title = "A payer who approves"
payer = "447710900180"
key = "GBR_BANGOREDIRECT"
steps = [
    { call = "authorize", expect = "202 CLIENT_ACTION_REQUIRED" },
    { payer = "approves", back = "OK" },
    { call = "capture", expect = "200 OK" },
]
"#;

#[tokio::test]
async fn the_payers_pages_are_walked_by_a_person_and_what_only_a_sandbox_does_is_left_out() {
    let front = Front::start().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), APPROVED).unwrap();
    let ours = file.path().to_str().unwrap();
    let which = ["1.4", "1.9", "2.1", "2.2", "3.17", "5.4", ours];
    let (code, out) = guided(&front, &which).await;
    assert_eq!(code, Some(0), "{out}");
    for left_out in ["1.9   not applicable", "2.2   not applicable"] {
        assert!(out.contains(left_out), "{out}");
    }
    assert!(
        out.ends_with("5 passed, 0 failed, 0 errors, 2 not applicable\n"),
        "{out}"
    );
    let requests = front.requests();
    assert!(
        requests
            .iter()
            .all(|request| !request.head.to_lowercase().contains("bango-sandbox"))
    );
}

#[tokio::test]
async fn an_answer_that_is_none_is_told_beside_what_was_due() {
    let front = Front::start().await;
    let page =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n<p>Sorry</p>";
    front.be(Mood::Say(page.to_owned()));
    let (code, out) = guided(&front, &["1.2", "2.1"]).await;
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("1.2   ERROR"), "{out}");
    assert!(out.contains("2.1   FAILED"), "{out}");
    assert!(
        out.contains("step 1, expected: 400 INVALID_BANGOUSERID"),
        "{out}"
    );
    assert!(out.contains("step 1, actual:   200"), "{out}");
}
