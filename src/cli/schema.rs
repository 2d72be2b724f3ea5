//! `bango schema`: what a configuration file can say, as JSON schema for editors.

use clap::{Args, ValueEnum};

use super::{Exit, output};
use crate::config;
use crate::console::ui::theme;
use crate::guide::scenario;

#[derive(Debug, Args)]
#[command(about = "Print a JSON schema, for an editor's completion")]
pub struct Arguments {
    /// Of which file
    #[arg(value_name = "FILE")]
    of: Of,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Of {
    /// config.toml
    Config,
    /// A theme
    Theme,
    /// Scenarios for `bango guide run`
    Scenario,
}

pub fn run(arguments: &Arguments) -> Exit {
    let schema = match arguments.of {
        Of::Config => config::schema(),
        Of::Theme => theme::schema(),
        Of::Scenario => scenario::schema(),
    };
    let text = format!("{schema:#}");
    output::lines(text.lines());
    Exit::Done
}
