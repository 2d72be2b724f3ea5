//! A curl line copied from the console sends the bytes that the console sent, from whichever shell.

use std::path::Path;
use std::process::{Command, Stdio};

use bango_console::api::{Call, Item, Start};
use bango_console::exchange::CallId;
use bango_console::money::{Amount, Currency};
use uuid::Uuid;

use crate::desk::{self, Desk};
use crate::line::{Line, Message};

const STARTS: &str = "POST /v5/transaction ";

fn corpus() -> Vec<String> {
    let texts = include_str!("../fixtures/hostile-text.json");
    serde_json::from_str(texts).unwrap()
}

/// The shells of this machine, `sh` among them.
fn shells() -> Vec<&'static str> {
    let is_there = |shell: &&str| {
        let mut command = Command::new(shell);
        let quiet = command.args(["-c", "exit"]).stderr(Stdio::null());
        quiet.status().is_ok_and(|status| status.success())
    };
    let shells: Vec<_> = ["sh", "bash", "zsh"].into_iter().filter(is_there).collect();
    assert!(shells.contains(&"sh"));
    shells
}

/// Has the console start a payment for an item of this name, and copies its curl line.
async fn copied(desk: &mut Desk, number: u64, name: &str) -> String {
    let user = desk
        .state()
        .sessions
        .selected()
        .unwrap()
        .user()
        .unwrap()
        .clone();
    let call = Call::authorize(&Start {
        user,
        external: Some(format!("paste-{number}").as_str().into()),
        gross: Amount::from_hundredths(99),
        tax: None,
        currency: Currency::USD,
        item: Item {
            name: Some(name.to_owned()),
            ..Item::default()
        },
        callback_url: None,
        notification_url: None,
    });
    let body = call.body.clone().unwrap();
    desk.send(CallId(Uuid::from_u64_pair(0x9a57e, number)), call);
    desk.keys("1");
    let wanted = format!("payment {number} in the inspector");
    desk.until(&wanted, |state| {
        let newest = state.transactions.rows.first()?;
        (newest.entries >= 2 && newest.external()?.as_str() == format!("paste-{number}"))
            .then_some(())
    })
    .await;
    desk.keys("2g");
    desk.until(&wanted, |state| {
        let shown = state.inspector.shown.as_ref()?;
        (shown.request.body.kept == body && shown.outcome.is_some()).then_some(())
    })
    .await;
    desk.keys("yc<esc>");
    let line = desk
        .until("the curl line", |state| {
            let copied = state.copied.as_ref()?;
            let line = String::from_utf8(copied.bytes.0.clone()).ok()?;
            let named = serde_json::to_string(&format!("paste-{number}")).unwrap();
            (copied.what == "curl command" && line.contains(&named)).then_some(line)
        })
        .await;
    desk.keys("<esc>");
    line
}

/// Runs these lines, in a folder where they could do harm.
fn run(shell: &str, lines: &[String], folder: &Path) -> bool {
    let script = folder.join("script");
    std::fs::write(&script, lines.join("\n")).unwrap();
    let status = Command::new(shell)
        .arg(&script)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.unwrap().success()
}

fn sent(line: &Line) -> Vec<Message> {
    let exchanges = line.exchanges(STARTS);
    exchanges
        .into_iter()
        .map(|exchange| exchange.request)
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_shell_sends_the_same_bytes() {
    let mut some: Vec<_> = corpus().into_iter().step_by(15).collect();
    some.push("it's $HOME `id` \"!\" \\ @x %s".to_owned());
    check(&some).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "slow: 115 payments, each sent again by three shells"]
async fn every_shell_sends_the_same_bytes_whatever_the_item_is_called() {
    check(&corpus()).await;
}

async fn check(names: &[String]) {
    let (mut desk, line) = desk::identified().await;
    let mut lines = Vec::new();
    for (text, number) in names.iter().zip(0..) {
        lines.push(copied(&mut desk, number, text).await);
    }
    let ours: Vec<_> = sent(&line).into_iter().map(|sent| sent.body).collect();
    assert_eq!(ours.len(), names.len());
    let folder = tempfile::tempdir().unwrap();
    for (shell, round) in shells().into_iter().zip(1..) {
        assert!(run(shell, &lines, folder.path()), "{shell}");
        let all = sent(&line);
        let theirs = &all[round * ours.len()..];
        for (theirs, ours) in theirs.iter().zip(&ours) {
            assert_eq!(
                theirs.body,
                *ours,
                "{shell}: {}",
                String::from_utf8_lossy(ours)
            );
            assert!(
                theirs
                    .head
                    .to_lowercase()
                    .contains("content-type: application/json")
            );
        }
        assert_eq!(theirs.len(), ours.len(), "{shell}");
        let exchanges = line.exchanges(STARTS);
        for exchange in &exchanges[round * ours.len()..] {
            let answer = exchange.answer.as_ref().unwrap();
            // The credentials are the right ones, and the sandbox knows the bytes again.
            assert!(
                answer
                    .head
                    .to_lowercase()
                    .contains("bango-sandbox-replayed"),
                "{answer:?}"
            );
        }
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_line_that_forgets_to_quote_sends_others() {
    let (mut desk, line) = desk::identified().await;
    let folder = tempfile::tempdir().unwrap();
    for (text, number) in ["it's", "a\u{a0}`b'"].into_iter().zip(0..) {
        let good = copied(&mut desk, number, text).await;
        let before = sent(&line);
        for shell in shells() {
            let naive = good.replace("'\\''", "'");
            assert_ne!(naive, good);
            run(shell, &[naive], folder.path());
            let same = |sent: &Message| sent.body == before[before.len() - 1].body;
            assert!(
                !sent(&line)[before.len()..].iter().any(same),
                "{shell}: {text}"
            );
        }
    }
}
