//! A theme file: what can be read of it, over the theme that it builds on.

use std::path::Path;

use ratatui::style::{Color, Modifier, Style};

use super::{OURS, Theme};
use crate::config::document::{Entry, entries};
use crate::config::{Value, Warning, nearest};

/// The key that names the theme from which come the roles that are left out.
pub(super) const BASE: &str = "base";

pub(super) const ATTRIBUTES: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
];

pub(super) const COLORS: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "gray",
    "dark-gray",
    "light-red",
    "light-green",
    "light-yellow",
    "light-blue",
    "light-magenta",
    "light-cyan",
    "white",
];

/// The theme that everything builds on.
pub(super) fn terminal() -> Theme {
    over(Theme::default(), &entries(Path::new(""), OURS[0].1).0).0
}

pub(super) fn theme(path: &Path, toml: &str) -> (Theme, Vec<Warning>) {
    let (entries, mut warnings) = entries(path, toml);
    let (bases, roles): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|entry| entry.names == [BASE]);
    let mut base = terminal();
    for entry in bases {
        match built_on(&entry) {
            Ok(theme) => base = theme,
            Err(warning) => warnings.push(warning),
        }
    }
    let (theme, of_roles) = over(base, &roles);
    warnings.extend(of_roles);
    (theme, warnings)
}

fn built_on(entry: &Entry) -> Result<Theme, Warning> {
    let names = OURS.map(|(name, _)| name);
    let Value::Text(wanted) = &entry.value else {
        return Err(unusable(entry, BASE, "the name of a theme of bango"));
    };
    match OURS.into_iter().find(|(name, _)| name == wanted) {
        Some((name, toml)) => Ok(theme(Path::new(name), toml).0),
        None => Err(Warning::unknown(entry.at.clone(), "theme", wanted, &names)),
    }
}

/// Lays roles over a theme. A role that is mentioned is begun anew.
fn over(mut theme: Theme, entries: &[Entry]) -> (Theme, Vec<Warning>) {
    let mut warnings = Vec::new();
    let mut begun: Vec<&str> = Vec::new();
    for entry in entries {
        let role = entry.names[0].as_str();
        let is_new = !begun.contains(&role);
        begun.push(role);
        let Some(style) = theme.role_mut(role) else {
            if is_new {
                let place = entry.at_first.clone();
                warnings.push(Warning::unknown(place, "role", role, Theme::ROLES));
            }
            continue;
        };
        if is_new {
            *style = Style::new();
        }
        match changed(*style, entry) {
            Ok(changed) => *style = changed,
            Err(warning) => warnings.push(warning),
        }
    }
    (theme, warnings)
}

fn changed(style: Style, entry: &Entry) -> Result<Style, Warning> {
    let names: Vec<&str> = entry.names.iter().map(String::as_str).collect();
    match names.as_slice() {
        // A role without a look of its own: `text = {}`.
        [_] if entry.value == Value::Other("table") => Ok(style),
        [role] => Err(unusable(
            entry,
            role,
            "a table such as { fg = \"red\", bold = true }",
        )),
        [_, "fg"] => Ok(style.fg(color(entry)?)),
        [_, "bg"] => Ok(style.bg(color(entry)?)),
        [_, name] => {
            let attribute = ATTRIBUTES.iter().find(|(known, _)| known == name);
            match (attribute, &entry.value) {
                (Some((_, modifier)), Value::Bool(true)) => Ok(style.add_modifier(*modifier)),
                (Some(_), Value::Bool(false)) => Ok(style),
                (Some(_), _) => Err(unusable(entry, name, "true or false")),
                (None, _) => Err(unknown_attribute(entry, name)),
            }
        }
        [.., last] => Err(unknown_attribute(entry, last)),
        [] => Ok(style),
    }
}

fn unknown_attribute(entry: &Entry, name: &str) -> Warning {
    let mut known = vec!["fg", "bg"];
    known.extend(ATTRIBUTES.map(|(name, _)| name));
    Warning::unknown(entry.at.clone(), "part of a look", name, &known)
}

fn color(entry: &Entry) -> Result<Color, Warning> {
    const MUST_BE: &str = "a colour such as \"light-red\" or \"#ff8040\"";
    let name = entry.names.last().map_or("", String::as_str);
    let Value::Text(text) = &entry.value else {
        return Err(unusable(entry, name, MUST_BE));
    };
    let known = text.starts_with('#') || COLORS.contains(&text.as_str());
    text.parse().ok().filter(|_| known).ok_or_else(|| Warning {
        near: nearest(text, &COLORS),
        ..unusable(entry, name, MUST_BE)
    })
}

fn unusable(entry: &Entry, key: &str, must_be: &str) -> Warning {
    Warning {
        place: entry.at.clone(),
        key: Some(entry.names.join(".")),
        problem: format!("{key} is {} and must be {must_be}", entry.value),
        near: None,
    }
}
