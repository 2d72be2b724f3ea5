//! A bug of ours: the terminal first, then a report that only its owner can read.

use std::backtrace::Backtrace;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use super::screen;
use crate::clock::Clock;

/// From now on a panic writes a report into `folder`. On the thread that paints, or while nobody does,
/// the terminal is given back and the report's path said on standard error. On another thread the
/// program goes on, so nothing is printed; `in_background` is told the path instead.
///
/// A report holds the place, our own words and the backtrace: panics never quote what came from outside.
pub fn report_panics(
    folder: PathBuf,
    clock: Clock,
    in_background: impl Fn(&Path) + Send + Sync + 'static,
) {
    std::panic::set_hook(Box::new(move |panic| {
        let ends_the_program = screen::painter_or_nobody(thread::current().id());
        if ends_the_program {
            screen::restore();
        }
        let report = write(&folder, &clock, panic);
        match (&report, ends_the_program) {
            (Ok(path), false) => in_background(path),
            (Err(_), false) => {}
            (_, true) => say(panic, &report),
        }
    }));
}

fn write(folder: &Path, clock: &Clock, panic: &PanicHookInfo<'_>) -> io::Result<PathBuf> {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    let now = clock.now();
    let path = folder.join(format!(
        "panic-{}-{}-{}.txt",
        now.strftime("%Y%m%dT%H%M%SZ"),
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed),
    ));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    write!(
        file,
        "bango {}, {now}\nthread: {}\nplace: {}\nwords: {}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        thread::current().name().unwrap_or("without a name"),
        place(panic),
        words(panic),
        Backtrace::force_capture(),
    )?;
    Ok(path)
}

/// Two sentences for the user. A standard error that is closed cannot be told.
fn say(panic: &PanicHookInfo<'_>, report: &io::Result<PathBuf>) {
    let said = match report {
        Ok(path) => format!(
            "bango has ended because of a bug in it, sorry. A report for its makers: {}",
            path.to_string_lossy().escape_debug()
        ),
        Err(error) => format!(
            "bango has ended because of a bug in it, sorry. No report could be written ({error}); \
             it was at {}: {}",
            place(panic),
            words(panic)
        ),
    };
    let _ = writeln!(io::stderr(), "{said}");
}

fn place(panic: &PanicHookInfo<'_>) -> String {
    panic
        .location()
        .map_or_else(|| "unknown".into(), ToString::to_string)
}

fn words(panic: &PanicHookInfo<'_>) -> String {
    let payload = panic.payload();
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("none").escape_debug().to_string()
}
