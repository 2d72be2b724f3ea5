//! What the user has decided, and where their things are.

use std::path::{Path, PathBuf};

use super::keymap_file;
use super::opening::Opening;
use super::reading::FILTERS;
use super::themes::Themes;
use crate::config::{Colors, Config, Environment, Folders, Origin};
use crate::console::app::keymap::Keymap;
use crate::console::app::look::{Choice, Look};
use crate::console::app::update::look;
use crate::record::journal::Reader;

/// Where exports go: the folder that the program was started in.
pub(super) fn here() -> PathBuf {
    std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."))
}

/// The folders, if they can be used; without them everything stays in memory, and the user is told.
pub(super) fn usable_folders(
    environment: &Environment,
    notices: &mut Vec<String>,
) -> Option<Folders> {
    let usable = Folders::find(environment).and_then(|folders| folders.prepare().map(|()| folders));
    match usable {
        Ok(folders) => Some(folders),
        Err(error) => {
            notices.push(format!("nothing is kept: {error}"));
            None
        }
    }
}

/// Settings and where themes are; what is wrong with the settings is told and the default used.
pub(super) fn read(
    opening: &Opening,
    folders: Option<&Folders>,
    environment: &Environment,
    notices: &mut Vec<String>,
) -> (Config, Themes, PathBuf) {
    let nowhere = Folders::all_in(Path::new("/nonexistent"));
    let folders = folders.unwrap_or(&nowhere);
    let (config, warnings) = Config::load(folders, environment, &opening.flags);
    if !opening.again {
        notices.extend(warnings.iter().map(ToString::to_string));
    }
    let colors = Colors::decide(opening.color, environment);
    (config, Themes::new(folders, colors), folders.keymap_file())
}

/// The user's keys; what is wrong with them is told and the default used.
pub(super) fn keymap(file: &Path, notices: &mut Vec<String>) -> Keymap {
    match keymap_file::read(file) {
        Ok((keymap, warnings)) => {
            notices.extend(warnings.iter().map(ToString::to_string));
            keymap
        }
        Err(problem) => {
            notices.push(problem);
            Keymap::default()
        }
    }
}

/// Look and feel as the settings have them, and as they were changed in an earlier start.
pub(super) fn look(
    config: &Config,
    themes: &Themes,
    environment: &Environment,
    reader: &Reader,
) -> Look {
    let kept = |name| reader.remembered(name).ok().flatten();
    let theme = Choice::of(config.theme.value.as_str().to_owned());
    // Who says it with a flag or a variable means this start.
    let kept_theme = kept(look::THEME).filter(|_| config.theme.origin >= Origin::File);
    let mouse = Choice::of(config.mouse.value);
    let kept_mouse = kept(look::MOUSE).filter(|_| config.mouse.origin >= Origin::File);
    Look {
        theme: theme.after(kept_theme.as_deref()),
        themes: themes.names(),
        ascii: config.ascii.value,
        still: environment.is_set("NO_MOTION"),
        mouse: mouse.after(kept_mouse.as_deref()),
        left: kept(look::LEFT).and_then(|width| width.parse().ok()),
    }
}

/// The filters used in earlier starts, before a key can ask for one.
pub(super) fn filters(reader: &Reader) -> Vec<String> {
    let kept = reader.remembered(FILTERS).ok().flatten();
    kept.and_then(|kept| serde_json::from_str(&kept).ok())
        .unwrap_or_default()
}
