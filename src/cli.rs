//! The command line: what can be typed, and with which code each command ends.
//!
//! stdout is data, stderr is narration. Each subcommand has a file of its own.

mod config;
mod console;
mod doctor;
mod exit;
mod filter;
mod guide;
mod narration;
mod open;
mod output;
mod sandbox;
mod schema;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use exit::Exit;

/// A console for the Bango Payment API v5, on a sandbox of its own
///
/// Without a command the console opens: identify a test payer, authorize, capture, refund, cancel, and
/// see every byte, every cent and every legal next step.
#[derive(Debug, Parser)]
#[command(name = "bango", version, after_help = exit::HELP, args_conflicts_with_subcommands = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    console: console::Arguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    Sandbox(sandbox::Arguments),
    Config(config::Arguments),
    Doctor(doctor::Arguments),
    Guide(guide::Arguments),
    Schema(schema::Arguments),
    /// One jq filter over one body, from stdin: the console's own
    #[command(name = crate::console::runtime::FILTER_COMMAND, hide = true)]
    Filter,
    Open(open::Arguments),
}

/// Runs what the command line of this process asks for.
pub fn run() -> ExitCode {
    let arguments = CommandLine::parse();
    let exit = match arguments.command {
        Some(Command::Sandbox(arguments)) => sandbox::run(&arguments),
        Some(Command::Filter) => return filter::run(),
        Some(Command::Open(arguments)) => open::run(&arguments),
        Some(Command::Config(arguments)) => config::run(&arguments),
        Some(Command::Doctor(arguments)) => doctor::run(&arguments),
        Some(Command::Guide(arguments)) => guide::run(&arguments),
        Some(Command::Schema(arguments)) => schema::run(&arguments),
        None => console::run(&arguments.console),
    };
    exit.into()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }
}
