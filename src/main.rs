//! The program `bango`.

use std::process::ExitCode;

fn main() -> ExitCode {
    bango_console::cli::run()
}
