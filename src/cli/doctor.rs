//! `bango doctor`: one paste for a report of a fault, and what is wrong here.

mod delete_body;
mod report;

use clap::Args;
use tokio::runtime::Builder;

use self::report::Report;
use super::{Exit, console, output};
use crate::config::{Config, Environment, Flags, Folders};

const ABOUT: &str = "\
Look at everything that bango needs, for a report of a fault

Prints versions, paths and their permissions, what the terminal can do, which way text is copied, where \
credentials come from (never what they are), and whether the journals and the sandbox are sound. Nothing \
is sent anywhere and nothing changed.

With --profile it also finds out whether the body of a DELETE gets to that endpoint, with calls that move \
nothing: some proxies drop it, and a refund of a part would then be one of the whole.";

#[derive(Debug, Args)]
#[command(about = "Look at everything that bango needs, for a report of a fault", long_about = ABOUT)]
pub struct Arguments {
    /// Try the way to this endpoint, too
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
}

pub fn run(arguments: &Arguments) -> Exit {
    let environment = Environment::of_this_process();
    let folders = match Folders::find(&environment) {
        Ok(folders) => folders,
        Err(error) => return console::refuse(&error),
    };
    let (config, warnings) = Config::load(&folders, &environment, &Flags::default());
    let mut report = Report::default();
    report.versions();
    report.paths(&folders);
    report.settings(&warnings);
    report.terminal(&environment);
    report.clipboard(&config, &environment);
    report.profiles(&config, &environment);
    report.journals(&folders);
    report.sandbox(&folders);
    if let Some(name) = &arguments.profile {
        let runtime = match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return console::bug(&error),
        };
        let profile =
            match crate::config::profile::find(&config.profiles, name, &folders.config_file()) {
                Ok(profile) => profile,
                Err(error) => return console::refuse(&error),
            };
        runtime.block_on(delete_body::check(
            &profile,
            &folders,
            &environment,
            &mut report,
        ));
    }
    output::lines(report.lines.iter().map(String::as_str));
    if report.failed {
        Exit::Failed
    } else {
        Exit::Done
    }
}
