//! `bango open FILE`: shows a support bundle or a HAR file of ours again.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Exit;
use super::console::{self, Console};
use crate::console::runtime::Replay;
use crate::record::NewEntry;
use crate::record::export::reopened::{self, NotOurs};

const ABOUT: &str = "\
Show a support bundle or a HAR file that bango wrote

The console opens on what the file tells, and on nothing else: no sandbox is started, nothing is sent \
and nothing recorded. Looking, searching, copying and exporting work as ever.";

#[derive(Debug, Args)]
#[command(about = "Show a support bundle or a HAR file that bango wrote", long_about = ABOUT)]
pub struct Arguments {
    /// The file, as E wrote it
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Why a file cannot be shown. Each message is a whole sentence without its full stop.
#[derive(Debug, thiserror::Error)]
enum OpenError {
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error(
        "{} is longer than {} MiB, which no export is",
        path.display(),
        reopened::LONGEST >> 20
    )]
    TooLong { path: PathBuf },
    #[error("{}, {source}; a support bundle or a HAR file that bango wrote can be opened", path.display())]
    NotOurs { path: PathBuf, source: NotOurs },
}

pub fn run(arguments: &Arguments) -> Exit {
    let path = &arguments.file;
    let entries = match read(path) {
        Ok(entries) => entries,
        Err(error) => return console::refuse(&error),
    };
    let name = path.file_name().unwrap_or_default();
    console::start(Console::Replay(Replay {
        name: name.to_string_lossy().into_owned(),
        entries,
    }))
}

fn read(path: &Path) -> Result<Vec<NewEntry>, OpenError> {
    let unreadable = |source| OpenError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(unreadable)?;
    let mut text = Vec::new();
    // A length that is asked for may be another one by now, and a pipe has none.
    let mut bounded = file.take(reopened::LONGEST + 1);
    bounded.read_to_end(&mut text).map_err(unreadable)?;
    if text.len() as u64 > reopened::LONGEST {
        let path = path.to_owned();
        return Err(OpenError::TooLong { path });
    }
    reopened::read(&text).map_err(|source| OpenError::NotOurs {
        path: path.to_owned(),
        source,
    })
}
