//! `bango` without a subcommand: the console.

use std::panic::{AssertUnwindSafe, catch_unwind};

use clap::{Args, ValueEnum};
use tokio::runtime::{Builder, Runtime};

use super::Exit;
use super::narration::tell;
use crate::clock::Clock;
use crate::config::{ColorChoice, Environment, Flags, Folders};
use crate::console::runtime::terminal::{Signals, Terminal, report_panics};
use crate::console::runtime::{End, Opened, Opening, Replay, drive, open, replay};

#[derive(Debug, Args)]
#[group(skip)]
pub struct Arguments {
    /// Open on this endpoint of config.toml instead of the sandbox
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Send nothing that writes
    #[arg(long)]
    read_only: bool,

    /// Give the same ids for the same steps, from an empty data folder; a folder in use keeps the seed
    /// that it has
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,

    /// Keep nothing: journal and sandbox stay in memory and end with the console
    #[arg(long)]
    no_journal: bool,

    /// Draw lines and signs with ASCII only
    #[arg(long)]
    ascii: bool,

    /// Paint with this theme; auto is light or dark, as the terminal is
    #[arg(long, value_name = "NAME")]
    theme: Option<String>,

    /// Whether to use colours [default: auto: as the variables `NO_COLOR`, `CLICOLOR_FORCE`,
    /// `FORCE_COLOR` and `CLICOLOR` say, in this order]
    #[arg(
        long,
        value_name = "WHEN",
        hide_default_value = true,
        default_value = "auto"
    )]
    color: When,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum When {
    /// As the environment says, else as the terminal can
    Auto,
    Always,
    Never,
}

impl From<When> for ColorChoice {
    fn from(when: When) -> Self {
        match when {
            When::Auto => Self::Auto,
            When::Always => Self::Always,
            When::Never => Self::Never,
        }
    }
}

/// What the console opens on.
pub enum Console {
    Sandbox(Opening),
    Replay(Replay),
}

pub fn run(arguments: &Arguments) -> Exit {
    start(Console::Sandbox(Opening {
        profile: arguments.profile.clone(),
        read_only: arguments.read_only,
        seed: arguments.seed,
        no_journal: arguments.no_journal,
        flags: Flags {
            theme: arguments.theme.clone(),
            ascii: arguments.ascii.then(|| "true".to_owned()),
            ..Flags::default()
        },
        color: arguments.color.into(),
        ..Opening::default()
    }))
}

/// Opens it in this process's terminal, until it ends.
pub fn start(console: Console) -> Exit {
    let environment = Environment::of_this_process();
    // Asked first: without a terminal nothing is opened, written or listened on.
    if let Err(error) = Terminal::check(&environment) {
        return refuse(&error);
    }
    let runtime = match Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return bug(&error),
    };
    // The panic hook has given the terminal back and said where its report is.
    let ended = catch_unwind(AssertUnwindSafe(|| {
        in_terminal(&runtime, console, &environment)
    }));
    // A page that hangs must not keep the program: everything that matters has been written.
    runtime.shutdown_background();
    match ended {
        Ok(exit) => exit,
        Err(_) => Exit::Bug,
    }
}

fn in_terminal(runtime: &Runtime, console: Console, environment: &Environment) -> Exit {
    runtime.block_on(async {
        // Until there is something to lose, a signal ends the program as any other.
        let mut signals = None;
        let mut opening = match console {
            Console::Sandbox(opening) => opening,
            Console::Replay(file) => {
                let opened = match replay::open(file, environment) {
                    Ok(opened) => opened,
                    Err(error) => return refuse(&error),
                };
                return match Box::pin(show(opened, &mut signals, environment)).await {
                    Ok(End::Code(code)) => ended(code),
                    // There is nowhere to go from a file.
                    Ok(End::Switch { .. }) => Exit::Done,
                    Err(exit) => exit,
                };
            }
        };
        let mut before: Option<Opening> = None;
        loop {
            let opened = match (open(&opening, environment).await, before.take()) {
                (Ok(opened), _) => opened,
                // What cannot be opened does not end the console that it was to be opened from.
                (Err(error), Some(earlier)) => {
                    opening = earlier;
                    opening.notice = Some(error.to_string());
                    continue;
                }
                (Err(error), None) => return refuse(&error),
            };
            match Box::pin(show(opened, &mut signals, environment)).await {
                Ok(End::Code(code)) => return ended(code),
                Ok(End::Switch { profile }) => {
                    opening.notice = None;
                    opening.again = true;
                    before = Some(opening.clone());
                    opening.profile = Some(profile);
                }
                Err(exit) => return exit,
            }
        }
    })
}

/// One console, from its first frame to its end. The terminal is given back after it.
async fn show(
    opened: Opened,
    signals: &mut Option<Signals>,
    environment: &Environment,
) -> Result<End, Exit> {
    let signals = match signals {
        Some(signals) => signals,
        None => signals.insert(Signals::listen().map_err(|error| bug(&error))?),
    };
    if let Ok(folders) = Folders::find(environment) {
        report_panics(folders.state, Clock::System, |_| {});
    }
    let terminal = Terminal::enter(environment).map_err(|error| refuse(&error))?;
    drive(opened, terminal, signals)
        .await
        .map_err(|error| bug(&error))
}

fn ended(code: u8) -> Exit {
    match code {
        0 => Exit::Done,
        code => Exit::Signal(code),
    }
}

/// The user can do something about it: one sentence that says what.
pub fn refuse(error: &impl std::error::Error) -> Exit {
    tell(&format!("bango: {error}"));
    Exit::Usage
}

pub fn bug(error: &impl std::fmt::Display) -> Exit {
    tell(&format!("bango: the console ended early: {error}"));
    Exit::Bug
}
