//! The two lists that keep the rooms of `src/` apart: who uses whom, and who names which crate.
//!
//! Every `use`, every path and the tokens of every macro are read and followed through aliases and
//! re-exports. A new arrow is a decision, made by editing a list here.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be read has not been checked"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use scan::{Scan, Source, Target, follow};

#[path = "architecture/scan.rs"]
mod scan;

/// The rooms in reading order: each uses itself and what stands above it.
const ROOMS: [&str; 14] = [
    "money", "text", "json", "clock", "config", "api", "testpay", "exchange", "sandbox", "wire",
    "record", "guide", "console", "cli",
];

/// What a place does not use although it stands above it or beside it. The longest match counts.
const NEVER: [(&str, &[&str]); 8] = [
    // It decides, and is handed all that it decides on.
    (
        "sandbox/engine",
        &["clock", "sandbox/store", "sandbox/server", "sandbox/notify"],
    ),
    ("wire", &["sandbox"]),
    ("record", &["sandbox", "wire"]),
    ("guide", &["sandbox"]),
    (
        "console",
        &["sandbox", "wire", "record/journal", "guide/runner"],
    ),
    (
        "console/app",
        &[
            "sandbox",
            "wire",
            "record/journal",
            "guide/runner",
            "console/ui",
            "console/runtime",
            "console/clipboard",
        ],
    ),
    (
        "console/ui",
        &[
            "sandbox",
            "wire",
            "record/journal",
            "guide/runner",
            "console/runtime",
            "console/clipboard",
        ],
    ),
    // It joins them all.
    ("console/runtime", &[]),
];

const ANYWHERE: &[&str] = &[""];
const ASYNC: &[&str] = &["wire", "sandbox", "guide/runner", "console/runtime", "cli"];
const SERVER: &[&str] = &["sandbox", "wire/listener"];

/// Which places name which crate.
const CRATES: [(&str, &[&str]); 43] = [
    // Data without behaviour.
    ("jiff", ANYWHERE),
    ("secrecy", ANYWHERE),
    ("serde", ANYWHERE),
    ("serde_json", ANYWHERE),
    ("thiserror", ANYWHERE),
    ("url", ANYWHERE),
    ("uuid", ANYWHERE),
    // The tools' own.
    ("iso_currency", &["money"]),
    ("unicode_segmentation", &["text", "console"]),
    ("unicode_width", &["text", "console"]),
    ("getrandom", &["clock"]),
    ("etcetera", &["config"]),
    ("toml", &["config", "guide/scenario"]),
    // Filters over bodies.
    ("jaq_core", &["json"]),
    ("jaq_json", &["json"]),
    ("jaq_std", &["json"]),
    // Terminal.
    ("arboard", &["console/clipboard"]),
    ("crossterm", &["console/runtime", "console/clipboard"]),
    ("nucleo_matcher", &["console/app/palette"]),
    ("open", &["console/runtime"]),
    ("qrcode", &["console/app/payer/code"]),
    ("ratatui", &["console/ui", "console/runtime"]),
    ("tui_textarea", &["console/app/editor", "console/ui"]),
    // Sockets.
    ("axum", SERVER),
    ("hyper", SERVER),
    ("bytes", &["sandbox", "wire"]),
    ("http_body_util", &["sandbox", "wire"]),
    ("hyper_util", &["sandbox", "wire"]),
    ("tower_layer", &["wire/client"]),
    ("tower_service", &["wire/client"]),
    ("reqwest", &["wire/activity", "wire/client", "wire/payer"]),
    ("rustls", &["wire/client"]),
    ("futures_util", ASYNC),
    ("tokio", ASYNC),
    ("tokio_util", ASYNC),
    // The sandbox's.
    (
        "base64",
        &["sandbox", "wire", "record/export", "console/clipboard"],
    ),
    ("maud", &["sandbox/pages"]),
    (
        "sha2",
        &["record/asked", "sandbox", "console/runtime/opening"],
    ),
    ("subtle", &["sandbox"]),
    // Storage and the operating system.
    ("rusqlite", &["record/journal", "sandbox/store"]),
    (
        "rustix",
        &[
            "config",
            "sandbox/store",
            "sandbox/lock",
            "record/journal",
            "console/runtime",
            "cli",
        ],
    ),
    // Shell.
    ("anyhow", &["main", "cli", "console/runtime"]),
    ("clap", &["cli"]),
];

#[test]
fn rooms_and_crates_keep_to_their_lists() {
    let files = sources();
    assert!(files.len() > 10, "src/ has been found");
    assert_eq!(breaches(&files), Vec::<String>::new());
}

#[test]
fn every_dependency_has_its_places() {
    let listed: BTreeSet<String> = CRATES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(listed, manifest("dependencies"));
}

#[test]
fn sources_are_utf8_and_no_module_is_called_mod() {
    for path in paths_below(&root().join("src")) {
        assert!(
            str::from_utf8(&std::fs::read(&path).unwrap()).is_ok(),
            "{path:?}"
        );
        assert_ne!(
            path.file_name().unwrap(),
            "mod.rs",
            "{path:?}: name.rs beside name/"
        );
    }
}

#[test]
fn control_a_forbidden_room_is_caught() {
    for (path, snippet) in [
        ("src/console/app/update.rs", "use crate::sandbox::Sandbox;"),
        (
            "src/console/app/update.rs",
            "fn f() { crate::console::runtime::run() }",
        ),
        (
            "src/console/app/update.rs",
            "use crate::{money::Amount, record::journal::Journal};",
        ),
        ("src/console/app/update.rs", "use super::super::ui;"),
        (
            "src/console/app/update.rs",
            "use crate::record as r; fn f() { r::journal::open() }",
        ),
        (
            "src/console/ui/panes.rs",
            "fn f() -> bango_console::wire::Client {}",
        ),
        (
            "src/sandbox/pages.rs",
            "fn f() { maud::html! { p { (crate::console::X) } } }",
        ),
        (
            "src/record.rs",
            "pub(crate) fn f(_: &dyn crate::wire::Client) {}",
        ),
        ("src/money.rs", "impl From<crate::api::Item> for u8 {}"),
        (
            "src/money.rs",
            "#[serde(with = \"x\")] #[derive(crate::text::Shown)] struct S;",
        ),
        ("src/money.rs", "use crate::*;"),
        (
            "src/guide/runner.rs",
            "#[cfg(test)] mod tests { use crate::sandbox::start; }",
        ),
        ("src/parlour.rs", "use crate::money::Amount;"),
        ("src/sandbox/engine/capture.rs", "use crate::clock::Clock;"),
    ] {
        assert_eq!(
            breaches(&[Source::new(path, snippet)]).len(),
            1,
            "{path}: {snippet}"
        );
    }
}

#[test]
fn control_a_way_round_by_a_reexport_is_caught() {
    let files = [
        Source::new(
            "src/record.rs",
            "mod journal; pub use journal::Journal as Book;",
        ),
        Source::new("src/record/journal.rs", "pub struct Journal;"),
        Source::new("src/console/app.rs", "use crate::record::Book;"),
    ];
    let breaches = breaches(&files);
    assert_eq!(breaches.len(), 1, "{breaches:?}");
    assert!(
        breaches[0].starts_with("src/console/app.rs:1 "),
        "{breaches:?}"
    );
}

#[test]
fn control_a_forbidden_crate_is_caught() {
    for (path, snippet) in [
        ("src/text.rs", "use tokio::sync::mpsc;"),
        ("src/text.rs", "use tokio;"),
        ("src/text.rs", "extern crate tokio;"),
        (
            "src/text.rs",
            "async fn f() { ::tokio::task::yield_now().await }",
        ),
        ("src/text.rs", "use tokio as t;"),
        (
            "src/console/app/state.rs",
            "fn f(_: ratatui::layout::Rect) {}",
        ),
        (
            "src/record/entry.rs",
            "fn f() { let _ = rusqlite::params![1]; }",
        ),
        ("src/api/call.rs", "fn f() { vec![reqwest::Method::GET]; }"),
        ("src/cli.rs", "#[derive(tui_textarea::Input)] struct S;"),
        ("src/cli.rs", "use proptest::prelude::*;"),
        ("src/lib.rs", "pub use anyhow::Error;"),
    ] {
        assert_eq!(
            breaches(&[Source::new(path, snippet)]).len(),
            1,
            "{path}: {snippet}"
        );
    }
}

#[test]
fn what_the_lists_allow_is_not_caught() {
    let files = [
        Source::new(
            "src/main.rs",
            "fn main() -> anyhow::Result<()> { bango_console::cli::run() }",
        ),
        Source::new("src/lib.rs", "pub mod cli; pub mod money;"),
        Source::new(
            "src/cli/sandbox.rs",
            "use crate::{sandbox::start, wire, record::journal::open};",
        ),
        Source::new(
            "src/console/runtime/effects.rs",
            "use crate::sandbox; use tokio::select;",
        ),
        Source::new(
            "src/console/app/state.rs",
            "use crate::record::entry::Entry; mod open; fn f() { open::it() }",
        ),
        Source::new(
            "src/console/ui.rs",
            "use super::app; fn f(bytes: u8) -> u8 { bytes }",
        ),
        Source::new(
            "src/sandbox/store/open.rs",
            "use rusqlite::Connection; use super::Store;",
        ),
        Source::new(
            "src/money.rs",
            "#[cfg(test)] mod tests { use proptest::prelude::*; use super::*; }",
        ),
        Source::new("src/json.rs", "#[cfg(test)] mod samples;"),
        Source::new("src/json/samples.rs", "use proptest::prelude::*;"),
    ];
    assert_eq!(breaches(&files), Vec::<String>::new());
}

/// What breaks a list, as `file:line names path`.
fn breaches(files: &[Source]) -> Vec<String> {
    let scans: Vec<_> = files.iter().map(Scan::of).collect();
    let reexports = scans.iter().flat_map(Scan::reexports).collect();
    let test_modules: BTreeSet<_> = scans
        .iter()
        .flat_map(|scan| scan.test_modules.iter())
        .collect();
    let for_tests = manifest("dev-dependencies");
    let mut breaches = Vec::new();
    for (file, scan) in files.iter().zip(&scans) {
        if file
            .home
            .first()
            .is_some_and(|room| room != "main" && rank(room).is_none())
        {
            breaches.push(format!("{} is in no room", file.path));
            continue;
        }
        let is_test_file =
            (1..=file.home.len()).any(|end| test_modules.contains(&file.home[..end].to_vec()));
        for mention in &scan.mentions {
            let is_allowed = match scan.resolve(mention) {
                None => true,
                Some(Target::Room(path)) => may_use(&file.home, &follow(path, &reexports)),
                Some(Target::Crate(name)) => {
                    match CRATES.iter().find(|(known, _)| *known == name) {
                        _ if (mention.in_test || is_test_file) && for_tests.contains(&name) => true,
                        Some((_, places)) => places.iter().any(|place| is_in(&file.home, place)),
                        None => !for_tests.contains(&name),
                    }
                }
            };
            if !is_allowed {
                let written = mention.path.join("::");
                breaches.push(format!("{}:{} names {written}", file.path, mention.line));
            }
        }
    }
    breaches
}

/// Where a room stands in the reading order.
fn rank(room: &str) -> Option<usize> {
    ROOMS.iter().position(|known| *known == room)
}

/// Whether the module `home` may use what is at `path`. The start and the map may use everything.
fn may_use(home: &[String], path: &[String]) -> bool {
    let [room, ..] = home else { return true };
    let Some(rank_of_home) = rank(room) else {
        return true;
    };
    let never = NEVER
        .iter()
        .filter(|(place, _)| is_in(home, place))
        .max_by_key(|(place, _)| place.len())
        .map_or(&[] as &[&str], |(_, never)| never);
    let stands_above = path
        .first()
        .and_then(|room| rank(room))
        .is_some_and(|rank| rank <= rank_of_home);
    stands_above && !never.iter().any(|place| is_in(path, place))
}

fn is_in(path: &[String], place: &str) -> bool {
    let place: Vec<_> = place.split_terminator('/').collect();
    path.len() >= place.len() && place.iter().zip(path).all(|(left, right)| left == right)
}

fn sources() -> Vec<Source> {
    let paths = paths_below(&root().join("src"));
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap();
        Source::new(name, &std::fs::read_to_string(path).unwrap())
    };
    paths.iter().map(read).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn paths_below(folder: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            paths.extend(paths_below(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
    paths.sort();
    paths
}

/// The names of a table of `Cargo.toml`, as Rust spells them.
fn manifest(table: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = text.parse().unwrap();
    let names = manifest[table].as_table().unwrap().keys();
    names.map(|name| name.replace('-', "_")).collect()
}
