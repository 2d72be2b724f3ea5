//! A command that runs beside a sandbox of its own.
//!
//! stdin, stdout and stderr are the command's alone; so is ctrl-c, which a terminal sends to it as well.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::{JoinHandle, spawn_blocking};

use super::{Exit, refuse, tell, warn};
use crate::sandbox::{self, Config};

/// The command, but for the sandbox's address.
pub fn command(
    program: &OsString,
    arguments: &[OsString],
    [username, password]: [String; 2],
) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("BANGO_USERNAME", username)
        .env("BANGO_PASSWORD", password);
    command
}

/// Serves until the command has ended.
pub async fn run(config: Config, mut command: Command) -> Exit {
    // Before anything is there that an early signal could leave half done.
    let signals = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::quit()),
        signal(SignalKind::terminate()),
        signal(SignalKind::hangup()),
    );
    let (Ok(_interrupt), Ok(_quit), Ok(mut terminate), Ok(mut hangup)) = signals else {
        tell("bango: could not listen to signals");
        return Exit::Bug;
    };
    let listen = config.listen;
    let sandbox = match sandbox::start(config).await {
        Ok(sandbox) => sandbox,
        Err(error) => return refuse(&format!("could not start the sandbox: {error}")),
    };
    warn(&sandbox, listen);
    let mut child = match command.env("BANGO_BASE_URL", sandbox.base_url()).spawn() {
        Ok(child) => child,
        Err(error) => {
            let name = command.get_program().to_string_lossy();
            return refuse(&format!("could not start {name}: {error}"));
        }
    };
    let mut end = watch(&child);
    let ended = loop {
        tokio::select! {
            ended = &mut end => break ended,
            Some(()) = terminate.recv() => pass_on(&child, Signal::TERM),
            Some(()) = hangup.recv() => pass_on(&child, Signal::HUP),
        }
    };
    let status = match ended {
        Ok(Ok(())) => child.wait(),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(io::ErrorKind::Other.into()),
    };
    sandbox.stop().await;
    match status {
        Ok(status) => Exit::Command(code(status)),
        Err(error) => {
            tell(&format!("bango: could not wait for the command: {error}"));
            Exit::Bug
        }
    }
}

/// Waits for the end and leaves it to be collected: until then its number is nobody else's.
fn watch(child: &Child) -> JoinHandle<io::Result<()>> {
    let pid = pid(child);
    spawn_blocking(move || {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        loop {
            match waitid(WaitId::Pid(pid), options) {
                Err(rustix::io::Errno::INTR) => {}
                ended => return Ok(ended.map(drop)?),
            }
        }
    })
}

fn pass_on(child: &Child, signal: Signal) {
    // One that ended meanwhile needs it no more.
    let _ = kill_process(pid(child), signal);
}

fn pid(child: &Child) -> Pid {
    Pid::from_child(child)
}

/// As shells have it: the code, or 128 and the number of the signal.
fn code(status: ExitStatus) -> u8 {
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok())
        .unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_a_code_as_in_a_shell() {
        let (exited, killed) = (|code| ExitStatus::from_raw(code << 8), ExitStatus::from_raw);
        assert_eq!(code(exited(0)), 0);
        assert_eq!(code(exited(3)), 3);
        assert_eq!(code(killed(15)), 143);
    }
}
