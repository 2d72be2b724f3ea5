//! The user's browser.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::Stdio;
use std::thread;

use crate::config::SECRET_VARIABLES;

/// Opens a page in it. The program that does is given no secret of ours, has no part of our terminal, and
/// outlives us.
pub fn open(url: &str) -> io::Result<()> {
    let mut why = io::Error::from(io::ErrorKind::NotFound);
    for mut command in open::commands(url) {
        for secret in SECRET_VARIABLES {
            command.env_remove(secret);
        }
        let command = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        match command.spawn() {
            Ok(mut child) => {
                // Whoever has ended is waited for, or it stays as a zombie.
                thread::spawn(move || child.wait());
                return Ok(());
            }
            Err(error) => why = error,
        }
    }
    Err(why)
}
