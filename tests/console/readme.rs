//! The README's screen and tables are made from the program, so they stay true.

use std::fmt::Write as _;
use std::path::Path;

use bango_console::console::app::keymap::{Layer, TABLE};
use bango_console::console::app::picker::Choice;
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
    let mut table = String::from("| where | keys | what |\n|---|---|---|\n");
    for layer in Layer::ALL {
        for binding in TABLE.iter().filter(|binding| binding.layer == layer) {
            let keys = binding.keys.iter().map(|key| format!("`{key}`"));
            // A bar would end the cell.
            let keys: Vec<_> = keys.map(|key| key.replace('|', "\\|")).collect();
            let _ = writeln!(
                table,
                "| {} | {} | {} |",
                layer.title(),
                keys.join(" "),
                binding.command.words()
            );
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
