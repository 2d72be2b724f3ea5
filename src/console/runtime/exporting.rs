//! Exports: what was asked for, read from the journal and written to a file of its own.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::picking::pick;
use super::unrecorded::Unrecorded;
use crate::console::app::export::{Order, Written};
use crate::record::export::reopened;
use crate::record::journal::{Journal, JournalError};

/// How many names are tried before it is given up.
const NAMES: u32 = 1_000;

/// Why there is no file. The messages follow "not exported: ".
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the journal could not be read: {0}")]
    Journal(#[from] JournalError),
    #[error("the journal has nothing of it any more")]
    Nothing,
    #[error("it is longer than {} MiB: narrow the list with a filter, or choose one payment", reopened::LONGEST >> 20)]
    TooLong,
    #[error("{} could not be written: {source}", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// Reads and writes, so it may take a while: on a connection of its own, which keeps nobody waiting. No file
/// that is there already is touched.
pub fn export(
    journal: &Journal,
    unrecorded: &Unrecorded,
    order: &Order,
    made_at: Timestamp,
    folder: &Path,
) -> Result<Written, ExportError> {
    let selection = pick(&journal.reader()?, unrecorded, &order.what, made_at)?;
    if selection.entries.is_empty() {
        return Err(ExportError::Nothing);
    }
    let bytes = selection.write(order.format, order.people);
    if bytes.len() as u64 > reopened::LONGEST {
        return Err(ExportError::TooLong);
    }
    let (path, mut file) = new_file(folder, &order.name, order.format.extension())?;
    if let Err(source) = file.write_all(&bytes) {
        let _ = fs::remove_file(&path);
        return Err(ExportError::File { path, source });
    }
    let name = path.file_name().unwrap_or_default();
    Ok(Written {
        name: name.to_string_lossy().into_owned(),
        folder: folder.display().to_string(),
        bytes: bytes.len() as u64,
    })
}

/// `t-1.har`, or the first of `t-1-2.har`, `t-1-3.har` that nobody has, for its owner only.
fn new_file(folder: &Path, name: &str, extension: &str) -> Result<(PathBuf, File), ExportError> {
    let mut number = 1;
    loop {
        let path = folder.join(match number {
            1 => format!("{name}.{extension}"),
            _ => format!("{name}-{number}.{extension}"),
        });
        let mut options = OpenOptions::new();
        match options.write(true).create_new(true).mode(0o600).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < NAMES => {
                number += 1;
            }
            Err(source) => return Err(ExportError::File { path, source }),
        }
    }
}
