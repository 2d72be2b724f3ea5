//! The README's screen and tables are made from the program, so they stay true.

use std::fmt::Write as _;
use std::path::Path;

use bango_console::config::{KEYS, profile};
use bango_console::console::app::keymap::{Binding, Keymap, Layer};
use bango_console::console::app::picker::Choice;
use bango_console::console::ui::theme;
use bango_console::record::filter::Key;
use bango_console::testpay;

use crate::screens::larger::full;

/// Compares the part of the README between two marks with what the program says. With
/// `INSTA_UPDATE=always` it writes it.
#[track_caller]
fn check(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let from = readme.find(&begin).expect("the mark is in the README") + begin.len();
    let to = from
        + readme[from..]
            .find(&end)
            .expect("the end mark is in the README");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&path, format!("{}{made}{}", &readme[..from], &readme[to..])).unwrap();
    } else {
        assert_eq!(
            &readme[from..to],
            made,
            "INSTA_UPDATE=always writes the README anew"
        );
    }
}

#[test]
fn the_screen_is_a_real_one() {
    let screen = full(80, 24).screen();
    let lines: Vec<_> = screen
        .lines()
        .map(|line| line.trim_matches('"').trim_end())
        .collect();
    check("screen", &format!("```text\n{}\n```\n", lines.join("\n")));
}

#[test]
fn every_key_stands_in_the_table() {
    let mut table = String::from("| where | keys | what | name |\n|---|---|---|---|\n");
    let keymap = Keymap::default();
    for layer in Layer::ALL {
        for binding in bindings(&keymap, layer) {
            let (what, name) = (binding.command.words(), binding.command.id());
            let place = format!("{} (`{}`)", layer.title(), layer.id());
            let _ = writeln!(table, "| {place} | {} | {what} | `{name}` |", keys(binding));
        }
    }
    check("keys", &table);
}

#[test]
fn every_filter_key_stands_in_the_table() {
    let mut table = String::from("| key | looks at | as in |\n|---|---|---|\n");
    for key in Key::ALL {
        let examples: Vec<_> = key
            .examples()
            .iter()
            .map(|text| format!("`{text}`"))
            .collect();
        let _ = writeln!(
            table,
            "| `{}` | {} | {} |",
            key.name(),
            key.words(),
            examples.join(" ")
        );
    }
    check("filters", &table);
}

#[test]
fn what_vim_changes_stands_in_the_table() {
    let mut table = String::from("| where | keys | what |\n|---|---|---|\n");
    let (usual, vim) = (Keymap::default(), Keymap::vim());
    for layer in Layer::ALL {
        let both = bindings(&usual, layer).zip(bindings(&vim, layer));
        for (_, binding) in both.filter(|(usual, vim)| usual != vim) {
            let what = binding.command.words();
            let _ = writeln!(table, "| {} | {} | {what} |", layer.title(), keys(binding));
        }
    }
    check("vim", &table);
}

fn bindings(keymap: &Keymap, layer: Layer) -> impl Iterator<Item = &Binding> {
    let bindings = keymap.bindings().iter();
    bindings.filter(move |binding| binding.layer == layer)
}

fn keys(binding: &Binding) -> String {
    let keys: Vec<_> = binding.keys.iter().map(|key| format!("`{key}`")).collect();
    keys.join(" ").replace('|', "\\|")
}

#[test]
fn every_theme_stands_in_the_table() {
    let mut table = String::from("| name | what |\n|---|---|\n");
    for (name, words) in theme::WORDS {
        let _ = writeln!(table, "| `{name}` | {words} |");
    }
    for (name, _) in theme::OURS {
        assert!(
            theme::WORDS.iter().any(|(known, _)| *known == name),
            "{name}"
        );
    }
    check("themes", &table);
}

#[test]
fn every_setting_stands_in_the_table() {
    let mut table = String::from("| setting | variable | what |\n|---|---|---|\n");
    for key in KEYS {
        let _ = writeln!(
            table,
            "| `{}` | `{}` | {} |",
            key.name, key.variable, key.words
        );
    }
    check("settings", &table);
}

#[test]
fn every_key_of_a_profile_stands_in_the_table() {
    let mut table = String::from("| in a profile | what |\n|---|---|\n");
    for (name, words) in profile::KEYS {
        let _ = writeln!(table, "| `{name}` | {words} |");
    }
    check("profile", &table);
}

#[test]
fn every_test_payer_stands_in_the_table() {
    let mut table =
        String::from("| number | key | what happens | answer | guide |\n|---|---|---|---|---|\n");
    for role in testpay::cast().filter(|role| role.key.as_str().starts_with("GBR")) {
        let _ = writeln!(
            table,
            "| {} | `{}` | {} | `{}` | {} |",
            role.msisdn().as_str(),
            role.key.as_str(),
            role.payer.title,
            Choice { role }.outcome(),
            role.payer.section
        );
    }
    check("payers", &table);
}
