//! The help: every key, grouped by where it works, found by typing.

use super::editor::Editor;
use super::keymap::{Binding, Keymap, Layer, SIGNS};
use super::narrowed::holds;

/// The open help.
#[derive(Clone, Debug, Default)]
pub struct Help {
    pub filter: Editor,
    /// Within the keys that match.
    pub selected: usize,
    /// The line at the top.
    pub offset: usize,
}

/// One line of the help.
#[derive(Clone, Copy)]
pub enum Row<'k> {
    Gap,
    Heading(&'static str),
    Key {
        binding: &'k Binding,
        /// Where it stands among the keys that match.
        at: usize,
    },
    Sign(&'static str, &'static str),
}

impl Help {
    /// What holds every word that was typed, under the headings that have any.
    pub fn rows<'k>(&self, keymap: &'k Keymap) -> Vec<Row<'k>> {
        let holds = holds(self.filter.value());
        let mut rows = Vec::new();
        let mut at = 0;
        for layer in Layer::ALL {
            let bindings = keymap.bindings().iter();
            let bindings = bindings.filter(|binding| binding.layer == layer);
            let keys: Vec<_> = bindings
                .filter(|binding| holds(&text(binding)))
                .map(|binding| {
                    at += 1;
                    let at = at - 1;
                    Row::Key { binding, at }
                })
                .collect();
            add(&mut rows, layer.title(), keys);
        }
        let signs = SIGNS
            .iter()
            .filter(|(_, words)| holds(&format!("signs {words}")));
        let signs = signs.map(|(sign, words)| Row::Sign(sign, words)).collect();
        add(&mut rows, "Signs", signs);
        rows
    }

    /// The key under the cursor.
    pub fn chosen<'k>(&self, keymap: &'k Keymap) -> Option<&'k Binding> {
        self.rows(keymap).into_iter().find_map(|row| match row {
            Row::Key { binding, at } if at == self.selected => Some(binding),
            _ => None,
        })
    }

    /// Moves the cursor; behind the last key the signs are scrolled to.
    pub fn step(&mut self, keymap: &Keymap, by: isize, height: usize) {
        let rows = self.rows(keymap);
        let is_key = |row: &&Row<'_>| matches!(row, Row::Key { .. });
        let last = rows.iter().filter(is_key).count().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
        let line = rows
            .iter()
            .position(|row| matches!(row, Row::Key { at, .. } if *at == self.selected));
        let line = line.unwrap_or(0);
        let (top, bottom) = match self.selected {
            0 => (0, line),
            selected if selected == last => (line, rows.len().saturating_sub(1)),
            _ => (line, line),
        };
        let height = height.max(1);
        self.offset = self
            .offset
            .max((bottom + 1).saturating_sub(height))
            .min(top);
    }

    /// The filter has changed: the first that matches is selected.
    pub fn filtered(&mut self) {
        self.selected = 0;
        self.offset = 0;
    }
}

/// What of a binding can be found: its keys, its words, and where it works.
fn text(binding: &Binding) -> String {
    let keys: Vec<_> = binding.keys.iter().map(ToString::to_string).collect();
    let keys = keys.join(" ");
    format!(
        "{keys} {} {}",
        binding.command.words(),
        binding.layer.title()
    )
}

fn add<'k>(rows: &mut Vec<Row<'k>>, title: &'static str, keys: Vec<Row<'k>>) {
    if keys.is_empty() {
        return;
    }
    if !rows.is_empty() {
        rows.push(Row::Gap);
    }
    rows.push(Row::Heading(title));
    rows.extend(keys);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(filter: &str) -> Vec<&'static str> {
        let help = Help {
            filter: Editor::new(filter),
            ..Help::default()
        };
        let keymap = Keymap::default();
        let rows = help.rows(&keymap).into_iter();
        rows.filter_map(|row| match row {
            Row::Key { binding, .. } => Some(binding.command.id()),
            _ => None,
        })
        .collect()
    }

    #[test]
    fn every_binding_appears_under_the_heading_of_its_layer() {
        let all: Vec<_> = Layer::ALL
            .iter()
            .flat_map(|layer| {
                let bindings = super::super::keymap::TABLE.iter();
                bindings.filter(move |binding| binding.layer == *layer)
            })
            .map(|binding| binding.command.id())
            .collect();
        assert_eq!(commands(""), all);
        assert_eq!(
            all.len(),
            super::super::keymap::TABLE.len(),
            "every layer has a heading"
        );
    }

    #[test]
    fn keys_words_and_places_are_found() {
        assert_eq!(commands("suspend shell"), Vec::<&str>::new());
        assert_eq!(commands("ctrl+z"), ["app.suspend"]);
        assert_eq!(commands("SHELL while"), ["app.suspend"]);
        assert_eq!(commands("row of verbs right"), ["move.right"]);
        let help = Help {
            filter: Editor::new("nothing like it"),
            ..Help::default()
        };
        let keymap = Keymap::default();
        assert!(help.rows(&keymap).is_empty() && help.chosen(&keymap).is_none());
    }

    #[test]
    fn the_cursor_stays_in_view_and_both_ends_can_be_seen() {
        let keymap = Keymap::default();
        let mut help = Help::default();
        for height in [12, 21] {
            for by in [1, 1, 20, 1000, -1, -20, -1000] {
                help.step(&keymap, by, height);
                let rows = help.rows(&keymap);
                let seen = rows.iter().skip(help.offset).take(height);
                let is_selected =
                    |row: &Row<'_>| matches!(row, Row::Key { at, .. } if *at == help.selected);
                assert!(seen.into_iter().any(is_selected), "{height} {by}");
            }
            assert_eq!(help.offset, 0);
            help.step(&keymap, 1000, height);
            assert_eq!(help.offset + height, help.rows(&keymap).len());
        }
    }
}
