//! Where themes come from: the program, and the user's folder.

use std::path::PathBuf;

use super::terminal::Background;
use crate::config::{Colors, Folders, Warning};
use crate::console::ui::theme::{OURS, Theme};

/// The name that stands for the light or the dark theme, as the terminal is.
pub const AUTO: &str = "auto";

/// Everything needed to get a theme by its name.
#[derive(Clone, Debug)]
pub struct Themes {
    folder: PathBuf,
    pub colors: Colors,
    /// What the terminal has said of itself.
    pub background: Option<Background>,
}

/// A theme, and what is wrong with its file.
pub type Read = (Theme, Vec<Warning>);

impl Themes {
    pub fn new(folders: &Folders, colors: Colors) -> Self {
        Self {
            folder: folders.themes(),
            colors,
            background: None,
        }
    }

    /// Every name: ours, then the user's own in their order.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = OURS.iter().map(|(name, _)| (*name).to_owned()).collect();
        names.insert(1, AUTO.to_owned());
        let mut own: Vec<String> = std::fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .filter_map(|file| {
                let name = file.ok()?.file_name();
                Some(name.to_str()?.strip_suffix(".toml")?.to_owned())
            })
            .filter(|name| !names.contains(name))
            .collect();
        own.sort();
        names.extend(own);
        names
    }

    /// The theme of this name; ours come before files. The error is a sentence without its full stop.
    pub fn read(&self, name: &str) -> Result<Read, String> {
        let name = match (name, self.background) {
            (AUTO, Some(Background::Light)) => "light",
            (AUTO, Some(Background::Dark)) => "dark",
            (AUTO, None) => "terminal",
            (name, _) => name,
        };
        if let Some(theme) = Theme::ours(name, self.colors) {
            return Ok((theme, Vec::new()));
        }
        let file = self.folder.join(format!("{name}.toml"));
        let text = std::fs::read_to_string(&file)
            .map_err(|error| format!("there is no theme {name}: {error}"))?;
        Ok(Theme::read(&file, &text, self.colors))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_themes_stand_behind_ours_and_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let themes = Themes::new(&Folders::all_in(folder.path()), Colors::True);
        assert_eq!(
            themes.names(),
            ["terminal", "auto", "dark", "light", "high-contrast"]
        );
        std::fs::create_dir(&themes.folder).unwrap();
        std::fs::write(themes.folder.join("paper.toml"), "base = 'light'").unwrap();
        std::fs::write(themes.folder.join("dark.toml"), "base = 'light'").unwrap();
        std::fs::write(themes.folder.join("notes.txt"), "").unwrap();
        assert_eq!(themes.names().len(), 6);
        let light = themes.read("light").unwrap();
        assert_eq!(themes.read("paper").unwrap(), light);
        assert_ne!(themes.read("dark").unwrap(), light);
        assert!(
            themes
                .read("ink")
                .unwrap_err()
                .starts_with("there is no theme ink: ")
        );
    }

    #[test]
    fn auto_is_what_the_terminal_said_and_its_own_colours_where_it_said_nothing() {
        let mut themes = Themes::new(&Folders::all_in("/nonexistent".as_ref()), Colors::True);
        assert_eq!(themes.read(AUTO), themes.read("terminal"));
        for (said, name) in [(Background::Light, "light"), (Background::Dark, "dark")] {
            themes.background = Some(said);
            assert_eq!(themes.read(AUTO), themes.read(name));
        }
    }
}
