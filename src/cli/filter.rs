//! `bango run-filter`: one filter of jq over one body, for the console, which can end this process.
//!
//! stdin is the length of the filter (eight bytes, little end first), the filter and the body.

use std::io::{BufWriter, Read as _, Write as _};
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::json::query;

/// Bytes of memory, for bodies of 16 MiB and what becomes of them.
const MEMORY: u64 = 2 << 30;
/// Seconds of work.
const WORK: u64 = 10;

/// Exit code 1 says that the filter or the body is wrong, and stderr what.
pub fn run() -> ExitCode {
    for (resource, most) in [(Resource::As, MEMORY), (Resource::Cpu, WORK)] {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        // Where the system has no such limit the console's patience is one.
        let _ = setrlimit(resource, limit);
    }
    match filter() {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            let _ = writeln!(std::io::stderr(), "{words}");
            ExitCode::FAILURE
        }
    }
}

fn filter() -> Result<(), String> {
    let mut input = std::io::stdin().lock();
    let words = |error: std::io::Error| format!("could not read the filter: {error}");
    let mut length = [0; 8];
    input.read_exact(&mut length).map_err(words)?;
    let mut filter = String::new();
    let mut first = (&mut input).take(u64::from_le_bytes(length));
    first.read_to_string(&mut filter).map_err(words)?;
    let mut body = Vec::new();
    input.read_to_end(&mut body).map_err(words)?;
    let mut output = BufWriter::new(std::io::stdout().lock());
    query::run(&filter, &body, &mut output).map_err(|error| error.to_string())
}
