//! `keymap.toml`: a preset, and commands of layers with their keys.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use super::vim::VIM;
use super::{Binding, Command, Key, Keymap, Layer, TABLE, is_another_key};
use crate::config::document::{Entry, entries};
use crate::config::{Value, Warning};

const PRESET: &str = "preset";
const PRESETS: [&str; 2] = ["default", "vim"];

impl Keymap {
    pub fn vim() -> Self {
        let mut keymap = Self::default();
        for Binding {
            layer,
            keys,
            command,
        } in VIM
        {
            keymap.rebind(*layer, *command, keys);
        }
        keymap
    }

    /// Reads a keymap file. What is wrong with it is told, and the rest used.
    pub fn read(path: &Path, toml: &str) -> (Self, Vec<Warning>) {
        let (entries, mut warnings) = entries(path, toml);
        let (presets, bindings): (Vec<_>, Vec<_>) = entries
            .into_iter()
            .partition(|entry| entry.names == [PRESET]);
        let mut keymap = Self::default();
        for entry in presets {
            match preset(&entry) {
                Ok(preset) => keymap = preset,
                Err(warning) => warnings.push(warning),
            }
        }
        let mut taken = BTreeMap::new();
        for entry in bindings {
            match binding(&entry, &mut taken, &mut warnings) {
                Ok(Binding {
                    layer,
                    keys,
                    command,
                }) => keymap.rebind(layer, command, &keys),
                Err(warning) => warnings.push(warning),
            }
        }
        (keymap, warnings)
    }
}

fn preset(entry: &Entry) -> Result<Keymap, Warning> {
    match &entry.value {
        Value::Text(name) if name == "default" => Ok(Keymap::default()),
        Value::Text(name) if name == "vim" => Ok(Keymap::vim()),
        Value::Text(name) => Err(Warning::unknown(entry.at.clone(), PRESET, name, &PRESETS)),
        other => {
            let problem = format!("{PRESET} is {other} and must be \"default\" or \"vim\"");
            Err(warning(entry, problem))
        }
    }
}

/// The keys of the file so far, by layer and spelling: none may be for two commands.
type Taken = BTreeMap<(&'static str, String), &'static str>;

fn binding(
    entry: &Entry,
    taken: &mut Taken,
    warnings: &mut Vec<Warning>,
) -> Result<Binding, Warning> {
    let layer = layer(entry)?;
    let command = command(entry, layer)?;
    let names = match &entry.value {
        Value::Text(name) => std::slice::from_ref(name),
        Value::Texts(names) => names.as_slice(),
        other => {
            let id = command.id();
            let problem =
                format!("{id} is {other} and must be a list of keys such as [\"ctrl+x\"]");
            return Err(warning(entry, problem));
        }
    };
    let mut keys = Vec::new();
    for name in names {
        let key = key(name, layer).and_then(|key| {
            let place = (layer.id(), key.to_string());
            match *taken.entry(place).or_insert(command.id()) {
                other if other != command.id() => Err(format!("key {name:?} is {other}'s already")),
                _ => Ok(key),
            }
        });
        match key {
            Ok(key) => keys.push(key),
            Err(problem) => warnings.push(warning(entry, problem)),
        }
    }
    // Whoever disables these has no way out.
    let is_needed = matches!(command, Command::Leave | Command::Interrupt);
    if keys.is_empty() && (is_needed || !names.is_empty()) {
        return Err(warning(
            entry,
            format!("{} keeps the keys that it had", command.id()),
        ));
    }
    Ok(Binding {
        layer,
        keys: Cow::Owned(keys),
        command,
    })
}

fn layer(entry: &Entry) -> Result<Layer, Warning> {
    let name = &entry.names[0];
    let found = Layer::ALL.into_iter().find(|layer| layer.id() == name);
    found.ok_or_else(|| {
        let known = Layer::ALL.map(Layer::id);
        Warning::unknown(entry.at_first.clone(), "part of the keymap", name, &known)
    })
}

/// A command that the layer has: one that it has not would do nothing there.
fn command(entry: &Entry, layer: Layer) -> Result<Command, Warning> {
    let id = entry.names[1..].join(".");
    let here: Vec<Command> = TABLE
        .iter()
        .filter(|binding| binding.layer == layer)
        .map(|binding| binding.command)
        .collect();
    let found = here.iter().copied().find(|command| command.id() == id);
    found.ok_or_else(|| {
        let known: Vec<_> = here.iter().map(|command| command.id()).collect();
        let what = format!("command of {}", layer.id());
        Warning::unknown(entry.at.clone(), &what, &id, &known)
    })
}

fn key(name: &str, layer: Layer) -> Result<Key, String> {
    let key: Key = name.parse().map_err(|()| format!("unknown key {name:?}"))?;
    if is_another_key(key) {
        return Err(format!("terminals send {name:?} for another key"));
    }
    let types = layer.takes_text() && key.printable().is_some();
    let chooses = layer == Layer::Menu && key.printable().is_some_and(char::is_alphanumeric);
    if types || chooses {
        return Err(format!("key {name:?} is typed in {}", layer.id()));
    }
    Ok(key)
}

fn warning(entry: &Entry, problem: String) -> Warning {
    Warning {
        place: entry.at.clone(),
        key: Some(entry.names.join(".")),
        problem,
        near: None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn read(toml: &str) -> (Keymap, Vec<String>) {
        let (keymap, warnings) = Keymap::read(Path::new("keymap.toml"), toml);
        (keymap, warnings.iter().map(ToString::to_string).collect())
    }

    /// The keys of a command, as they are shown.
    fn keys(keymap: &Keymap, layer: Layer, command: Command) -> String {
        let of = |binding: &&Binding| binding.layer == layer && binding.command == command;
        let found = keymap.bindings().iter().find(of).unwrap();
        let keys: Vec<_> = found.keys.iter().map(ToString::to_string).collect();
        keys.join(" ")
    }

    #[test]
    fn an_empty_file_is_the_default() {
        assert_eq!(read(""), (Keymap::default(), vec![]));
        assert_eq!(read("preset = 'default'"), (Keymap::default(), vec![]));
    }

    #[test]
    fn keys_are_laid_over_the_default() {
        let (keymap, told) = read(
            "[everywhere]\nview.zoom = ['ctrl+o', 'f5']\n\"view.money\" = 'z'\n\
             [list]\nmove = { up = ['up', 'i'], down = ['space', 'shift+tab'] }\n",
        );
        assert_eq!(told, Vec::<String>::new());
        assert_eq!(keys(&keymap, Layer::App, Command::Zoom), "ctrl+o F5");
        assert_eq!(keys(&keymap, Layer::App, Command::ShowMoney), "z");
        assert_eq!(keys(&keymap, Layer::List, Command::Up), "\u{2191} i");
        assert_eq!(keys(&keymap, Layer::List, Command::Down), "space shift+tab");
        assert_eq!(keys(&keymap, Layer::Inspector, Command::Up), "\u{2191} k");
    }

    #[test]
    fn a_key_that_is_given_away_is_its_former_owners_no_more() {
        let (keymap, told) = read("[everywhere]\nview.zoom = ['q']\n");
        assert_eq!(told, Vec::<String>::new());
        assert_eq!(keys(&keymap, Layer::App, Command::Quit), "");
        let layers = [Layer::List, Layer::App, Layer::Always];
        assert_eq!(keymap.resolve(&layers, Key::char('q')), Some(Command::Zoom));
        assert_eq!(keymap.resolve(&layers, Key::char('z')), None);
    }

    #[test]
    fn no_keys_disable_a_command_unless_it_is_the_way_out() {
        let (keymap, told) = read("[everywhere]\napp.quit = []\n[always]\nview.leave = []\n");
        assert_eq!(
            told,
            ["keymap.toml, line 4, column 6: view.leave keeps the keys that it had"]
        );
        assert_eq!(keymap.shown(Layer::App, Command::Quit), None);
        assert_eq!(keys(&keymap, Layer::Always, Command::Leave), "esc");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_the_rest_is_used() {
        let (keymap, told) = read(
            "preset = 'vi'\n[everywher]\nview.zoom = ['x']\n[everywhere]\nview.zom = ['x']\n\
             view.zoom = ['ctl+x', 'f5']\nview.help = ['ctrl+i']\nview.money = 7\n\
             app.quit = ['f5']\n[form]\nform.next = ['n']\n[menu]\nmove.up = ['k']\n",
        );
        let expected = [
            "line 1, column 1: unknown preset \"vi\"; did you mean \"vim\"?",
            "line 2, column 2: unknown part of the keymap \"everywher\"; did you mean \"everywhere\"?",
            "line 5, column 6: unknown command of everywhere \"view.zom\"; did you mean \"view.zoom\"?",
            "line 6, column 6: unknown key \"ctl+x\"",
            "line 7, column 6: terminals send \"ctrl+i\" for another key",
            "line 7, column 6: view.help keeps the keys that it had",
            "line 8, column 6: view.money is 7 and must be a list of keys such as [\"ctrl+x\"]",
            "line 9, column 5: key \"f5\" is view.zoom's already",
            "line 9, column 5: app.quit keeps the keys that it had",
            "line 11, column 6: key \"n\" is typed in form",
            "line 11, column 6: form.next keeps the keys that it had",
            "line 13, column 6: key \"k\" is typed in menu",
            "line 13, column 6: move.up keeps the keys that it had",
        ];
        let told: Vec<_> = told
            .iter()
            .map(|told| told.replace("keymap.toml, ", ""))
            .collect();
        assert_eq!(told, expected);
        assert_eq!(keys(&keymap, Layer::App, Command::Zoom), "F5");
        assert_eq!(keys(&keymap, Layer::App, Command::OpenHelp), "? F1");
    }

    #[test]
    fn both_presets_reach_every_command_and_give_no_key_twice() {
        for keymap in [Keymap::default(), Keymap::vim()] {
            let mut seen = HashSet::new();
            for binding in keymap.bindings() {
                assert!(!binding.keys.is_empty(), "{}", binding.command.id());
                for key in binding.keys.iter() {
                    assert!(
                        seen.insert((binding.layer, *key)),
                        "{key} in {:?}",
                        binding.layer
                    );
                    assert!(!is_another_key(*key));
                    assert!(
                        !binding.layer.takes_text() || key.printable().is_none(),
                        "{key}"
                    );
                }
            }
        }
        assert_eq!(
            keys(&Keymap::vim(), Layer::List, Command::PageDown),
            "ctrl+f pgdn"
        );
        let (keymap, told) = read("preset = 'vim'\n[list]\nmove.page_down = ['pgdn']\n");
        assert_eq!(told, Vec::<String>::new());
        assert_eq!(keys(&keymap, Layer::List, Command::PageDown), "pgdn");
        assert_eq!(keys(&keymap, Layer::List, Command::PageUp), "ctrl+b pgup");
    }

    #[test]
    fn every_key_can_be_written_as_it_is_shown() {
        for binding in TABLE {
            for key in binding.keys.iter() {
                assert_eq!(key.to_string().parse(), Ok(*key));
            }
        }
    }
}
