//! Where our files are: `bango/` in the XDG folders, on macOS too, unless a variable says otherwise.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::Environment;

/// The three folders. Their paths are absolute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// `config.toml` and `themes/`: only ever read.
    pub config: PathBuf,
    /// Journals and the sandbox's database.
    pub data: PathBuf,
    /// What may be thrown away: logs, reports of a crash.
    pub state: PathBuf,
}

/// What a folder is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Config,
    Data,
    State,
}

/// Why a folder cannot be used. The message is a whole sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("there is no home folder; set HOME, or {}", .role.variable())]
    NoHome { role: Role },
    #[error(
        "the {} folder {} cannot be {verb}: {}; set {} to a folder that can",
        .role.name(), .path.to_string_lossy().escape_debug(), reason(.source), .role.variable()
    )]
    Unusable {
        role: Role,
        path: PathBuf,
        verb: &'static str,
        source: io::Error,
    },
}

impl Role {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Data => "data",
            Self::State => "state",
        }
    }

    /// The variable that names this folder itself.
    pub const fn variable(self) -> &'static str {
        match self {
            Self::Config => "BANGO_CONFIG_DIR",
            Self::Data => "BANGO_DATA_DIR",
            Self::State => "BANGO_STATE_DIR",
        }
    }

    /// The XDG variable, and what stands for it in the home folder.
    const fn xdg(self) -> (&'static str, &'static str) {
        match self {
            Self::Config => ("XDG_CONFIG_HOME", ".config"),
            Self::Data => ("XDG_DATA_HOME", ".local/share"),
            Self::State => ("XDG_STATE_HOME", ".local/state"),
        }
    }
}

impl Folders {
    pub fn find(environment: &Environment) -> Result<Self, FolderError> {
        Ok(Self {
            config: find(Role::Config, environment)?,
            data: find(Role::Data, environment)?,
            state: find(Role::State, environment)?,
        })
    }

    /// One folder for everything: a throwaway one.
    pub fn all_in(folder: &Path) -> Self {
        Self {
            config: folder.to_owned(),
            data: folder.to_owned(),
            state: folder.to_owned(),
        }
    }

    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The user's own keys.
    pub fn keymap_file(&self) -> PathBuf {
        self.config.join("keymap.toml")
    }

    /// The user's own themes.
    pub fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }

    /// Makes the data and the state folder, for the owner only, and sees that they can be written. One
    /// that was there keeps its permissions: it may be shared on purpose, and our files are 0600.
    pub fn prepare(&self) -> Result<(), FolderError> {
        prepare(Role::Data, &self.data)?;
        prepare(Role::State, &self.state)
    }
}

fn find(role: Role, environment: &Environment) -> Result<PathBuf, FolderError> {
    if let Some(own) = environment.get(role.variable()) {
        return std::path::absolute(own).map_err(|source| FolderError::Unusable {
            role,
            path: own.into(),
            verb: "found",
            source,
        });
    }
    let (variable, in_home) = role.xdg();
    // A relative path is to be ignored, as the XDG rules have it.
    let base = environment
        .get(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    let base = match base {
        Some(base) => base,
        None => home(environment)
            .ok_or(FolderError::NoHome { role })?
            .join(in_home),
    };
    Ok(base.join("bango"))
}

/// `HOME`, else what the system's user list says.
fn home(environment: &Environment) -> Option<PathBuf> {
    environment
        .get("HOME")
        .map(PathBuf::from)
        .or_else(|| etcetera::home_dir().ok())
        .filter(|home| home.is_absolute())
}

fn prepare(role: Role, path: &Path) -> Result<(), FolderError> {
    let unusable = |verb, source| FolderError::Unusable {
        role,
        path: path.to_owned(),
        verb,
        source,
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| unusable("made", error))?;
    access(path, Access::WRITE_OK | Access::EXEC_OK)
        .map_err(|error| unusable("written", error.into()))
}

/// The system's words without the number it puts behind them.
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn own_variables_come_before_xdg_before_home() {
        let environment = Environment::from([
            ("HOME", "/home/kim"),
            ("XDG_DATA_HOME", "/data"),
            ("XDG_CONFIG_HOME", "relative/is/ignored"),
            ("BANGO_STATE_DIR", "/tmp/state"),
        ]);
        assert_eq!(
            Folders::find(&environment).unwrap(),
            Folders {
                config: "/home/kim/.config/bango".into(),
                data: "/data/bango".into(),
                state: "/tmp/state".into(),
            }
        );
    }

    #[test]
    fn folders_are_made_for_the_owner_only() {
        let base = tempfile::tempdir().unwrap();
        let folders = Folders {
            config: base.path().join("config"),
            data: base.path().join("share/bango"),
            state: base.path().join("state/bango"),
        };
        folders.prepare().unwrap();
        folders.prepare().unwrap();
        for folder in [&folders.data, &folders.state] {
            let mode = std::fs::metadata(folder).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
        }
        assert!(!folders.config.exists());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_one_sentence_with_what_to_do() {
        let base = tempfile::tempdir().unwrap();
        let file = base.path().join("file");
        std::fs::write(&file, "").unwrap();
        let error = Folders::all_in(&file.join("bango")).prepare().unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the data folder {}/bango cannot be made: not a directory; \
                 set BANGO_DATA_DIR to a folder that can",
                file.display()
            )
        );
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_one_sentence_with_what_to_do() {
        let error = FolderError::Unusable {
            role: Role::Data,
            path: "/x/y".into(),
            verb: "written",
            source: io::Error::from_raw_os_error(rustix::io::Errno::ACCESS.raw_os_error()),
        };
        assert_eq!(
            error.to_string(),
            "the data folder /x/y cannot be written: permission denied; \
             set BANGO_DATA_DIR to a folder that can"
        );
    }
}
