//! Runs a filter of jq in a process of its own: one that never ends, or wants all the memory or the
//! stack there is, takes only that process with it.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use crate::console::app::inspector::{LONGEST_RESULT, Queried};

/// How long a person waits for a filter.
const PATIENCE: Duration = Duration::from_secs(10);

/// The name of the command that this program is started with.
pub const COMMAND: &str = "run-filter";

/// The results, or what is wrong with the filter or the body. Dropped, it ends the process.
pub async fn run(filter: &str, body: &[u8]) -> Queried {
    match tokio::time::timeout(PATIENCE, start(filter, body)).await {
        Ok(Ok(queried)) => queried,
        Ok(Err(error)) => Queried::Failed(format!("the filter could not be run: {error}")),
        Err(_) => Queried::Failed(format!("no end after {} s: stopped", PATIENCE.as_secs())),
    }
}

async fn start(filter: &str, body: &[u8]) -> std::io::Result<Queried> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg(COMMAND)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    // Written and read at the same time, or each side could wait for the other. A filter that fails
    // does not read everything.
    let input = child.stdin.take();
    let write = async {
        if let Some(mut input) = input {
            let length = (filter.len() as u64).to_le_bytes();
            for part in [&length, filter.as_bytes(), body] {
                if input.write_all(part).await.is_err() {
                    break;
                }
            }
        }
    };
    let ((), queried) = tokio::join!(write, read(child));
    queried
}

async fn read(mut child: Child) -> std::io::Result<Queried> {
    let (mut bytes, mut complaint) = (Vec::new(), Vec::new());
    let longest = LONGEST_RESULT as u64;
    if let Some(output) = child.stdout.take() {
        output.take(longest + 1).read_to_end(&mut bytes).await?;
    }
    if bytes.len() > LONGEST_RESULT {
        bytes.truncate(LONGEST_RESULT);
        return Ok(Queried::Results { bytes, cut: true });
    }
    if let Some(errors) = child.stderr.take() {
        errors.take(4_096).read_to_end(&mut complaint).await?;
    }
    let status = child.wait().await?;
    Ok(match status.code() {
        Some(0) => Queried::Results { bytes, cut: false },
        Some(1) => {
            let words = String::from_utf8_lossy(&complaint);
            Queried::Failed(words.trim_end().to_owned())
        }
        Some(code) => Queried::Failed(format!("the filter ended with {code}")),
        None => Queried::Failed("the filter wanted too much memory or time".to_owned()),
    })
}
