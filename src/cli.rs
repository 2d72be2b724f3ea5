//! The command line: what can be typed, and with which code each command ends.
//!
//! stdout is data, stderr is narration. Each subcommand has a file of its own.

mod exit;
mod sandbox;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use exit::Exit;

/// A console and a sandbox for the Bango Payment API v5
#[derive(Debug, Parser)]
#[command(name = "bango", version, after_help = exit::HELP, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Sandbox(sandbox::Arguments),
}

/// Runs what the command line of this process asks for.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let exit = match arguments.command {
        Command::Sandbox(arguments) => sandbox::run(arguments),
    };
    exit.into()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
