//! `bango guide`: Bango's testing guide, listed and run.

mod world;

use std::path::Path;

use clap::{Args, Subcommand};
use tokio::runtime::Builder;

use self::world::Desk;
use super::narration::tell;
use super::{Exit, console, output};
use crate::config::Environment;
use crate::console::runtime::{Opening, open};
use crate::guide::runner::{self, Verdict};
use crate::guide::{self, Chapter, Scenario, scenario};

const ABOUT: &str = "\
List Bango's testing guide, or run it

Every scenario that a merchant has to try before going live, against the sandbox or, with --profile, \
against an endpoint of config.toml with test credentials.";

#[derive(Debug, Args)]
#[command(about = "List Bango's testing guide, or run it", long_about = ABOUT)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Every scenario with its section
    List,
    /// Run scenarios, each to its first failure
    Run {
        /// A chapter (3), a section (3.10) or a file of scenarios; without one the whole guide
        #[arg(value_name = "SECTION|FILE")]
        which: Vec<String>,

        /// Run against this endpoint of config.toml
        #[arg(long, value_name = "NAME")]
        profile: Option<String>,

        /// Give the same ids for the same steps, from an empty data folder
        #[arg(long, value_name = "NUMBER")]
        seed: Option<u64>,

        /// Keep nothing: journal and sandbox stay in memory
        #[arg(long)]
        no_journal: bool,
    },
}

pub fn run(arguments: &Arguments) -> Exit {
    match &arguments.what {
        What::List => {
            let rows = guide::chapters().iter().flat_map(listed);
            let rows: Vec<String> = rows.collect();
            output::lines(rows.iter().map(String::as_str));
            Exit::Done
        }
        What::Run {
            which,
            profile,
            seed,
            no_journal,
        } => {
            let scenarios = match chosen(which) {
                Ok(scenarios) => scenarios,
                Err(problems) => {
                    for problem in problems {
                        tell(&format!("bango: {problem}"));
                    }
                    return Exit::Usage;
                }
            };
            let opening = Opening {
                profile: profile.clone(),
                seed: *seed,
                no_journal: *no_journal,
                ..Opening::default()
            };
            let runtime = match Builder::new_multi_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return console::bug(&error),
            };
            let exit = runtime.block_on(Box::pin(run_all(&scenarios, &opening)));
            runtime.shutdown_background();
            exit
        }
    }
}

fn listed(chapter: &'static Chapter) -> impl Iterator<Item = String> {
    let scenarios = chapter.scenarios.iter();
    std::iter::once(format!("      {}", chapter.title))
        .chain(scenarios.map(|scenario| format!("{:<5} {}", scenario.section, scenario.title)))
}

/// The scenarios that were asked for, in the order of the guide, or what is wrong with what was asked for.
fn chosen(which: &[String]) -> Result<Vec<Scenario>, Vec<String>> {
    let all = || {
        guide::chapters()
            .iter()
            .flat_map(|chapter| &chapter.scenarios)
    };
    if which.is_empty() {
        return Ok(all().cloned().collect());
    }
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for word in which {
        let before = found.len();
        let of_chapter = format!("{word}.");
        let is_meant = |scenario: &&Scenario| {
            scenario.section == *word || scenario.section.starts_with(&of_chapter)
        };
        found.extend(all().filter(is_meant).cloned());
        if found.len() > before {
            continue;
        }
        let path = Path::new(word);
        let is_number = word
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        if is_number && !path.exists() {
            problems.push(format!(
                "the guide has no section {word}: bango guide list shows all"
            ));
            continue;
        }
        match std::fs::read_to_string(path) {
            Ok(text) => match scenario::read(path, &text) {
                Ok(chapter) => found.extend(chapter.scenarios),
                Err(wrong) => problems.extend(wrong.iter().map(ToString::to_string)),
            },
            Err(error) => {
                problems.push(format!("{word} is no section and cannot be read: {error}"));
            }
        }
    }
    if problems.is_empty() {
        Ok(found)
    } else {
        Err(problems)
    }
}

async fn run_all(scenarios: &[Scenario], opening: &Opening) -> Exit {
    let opened = match open(opening, &Environment::of_this_process()).await {
        Ok(opened) => opened,
        Err(error) => return console::refuse(&error),
    };
    let mut desk = Desk::new(opened);
    if let Some(why) = desk.barred() {
        tell(&format!("bango: {why}"));
        return Exit::Barred;
    }
    let mut counts = Counts::default();
    for scenario in scenarios {
        let verdict = runner::run(scenario, &mut desk).await;
        let rows = told(scenario, &verdict);
        output::lines(rows.iter().map(String::as_str));
        counts.add(&verdict);
    }
    desk.leave().await;
    output::lines([counts.words().as_str()]);
    counts.exit()
}

/// A row, and below it what was due where that did not come.
fn told(scenario: &Scenario, verdict: &Verdict) -> Vec<String> {
    let row = |word: &str| format!("{:<5} {word:<14} {}", scenario.section, scenario.title);
    let more = |words: String| format!("      {words}");
    match verdict {
        Verdict::Passed => vec![row("passed")],
        Verdict::Failed {
            step,
            expected,
            actual,
        } => vec![
            row("FAILED"),
            more(format!("step {step}, expected: {expected}")),
            more(format!("step {step}, actual:   {actual}")),
        ],
        Verdict::Errored { step, why } => {
            let place = match step {
                0 => "before the first step".to_owned(),
                step => format!("step {step}"),
            };
            vec![row("ERROR"), more(format!("{place}: {why}"))]
        }
        Verdict::NotApplicable { why } => {
            vec![row("not applicable"), more((*why).to_owned())]
        }
    }
}

#[derive(Default)]
struct Counts {
    passed: usize,
    failed: usize,
    errors: usize,
    not_applicable: usize,
}

impl Counts {
    fn add(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::Failed { .. } => self.failed += 1,
            Verdict::Errored { .. } => self.errors += 1,
            Verdict::NotApplicable { .. } => self.not_applicable += 1,
        }
    }

    fn words(&self) -> String {
        format!(
            "{} passed, {} failed, {} errors, {} not applicable",
            self.passed, self.failed, self.errors, self.not_applicable
        )
    }

    const fn exit(&self) -> Exit {
        if self.failed > 0 {
            Exit::Failed
        } else if self.errors > 0 {
            Exit::Network
        } else {
            Exit::Done
        }
    }
}
