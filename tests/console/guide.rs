//! `bango guide`, as a shell sees it.

use std::fs;
use std::process::{Command, Output};

use crate::pty::Home;

fn bango(home: &Home, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bango"));
    command.args(arguments).current_dir(home.path()).env_clear();
    command.env("PATH", std::env::var("PATH").unwrap());
    command.envs(home.environment());
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

const MINE: &str = r#"title = "Mine"

[[scenario]]
section = "m.1"
title = "What is not so"
payer = "447710900121"
steps = [{ call = "authorize", expect = "200 OK" }]

[[scenario]]
section = "m.2"
title = "What is so"
payer = "447710900120"
steps = [
    { call = "authorize", gross = "5.00", expect = "200 OK" },
    { call = "capture", expect = "200 OK" },
    { repeat = 1 },
]
"#;

#[test]
fn the_whole_guide_passes_against_the_sandbox() {
    let home = Home::new();
    let (code, out, told) = bango(&home, &["guide", "run"]);
    assert_eq!(code, Some(0), "{out}{told}");
    assert!(
        out.ends_with("52 passed, 0 failed, 0 errors, 0 not applicable\n"),
        "{out}"
    );
    assert_eq!(out.matches(" passed  ").count(), 52, "{out}");
    // What was tried stands in the journal, for the console to show.
    let (_, report, _) = bango(&home, &["doctor"]);
    assert!(!report.contains("entries 0"), "{report}");
}

#[test]
fn the_list_has_every_section_and_a_part_of_it_can_be_run() {
    let home = Home::new();
    let (code, out, _) = bango(&home, &["guide", "list"]);
    assert_eq!(code, Some(0));
    assert_eq!(
        out.lines().filter(|line| !line.starts_with(' ')).count(),
        52
    );
    let (code, out, _) = bango(&home, &["guide", "run", "4", "1.2"]);
    assert_eq!(code, Some(0), "{out}");
    assert!(
        out.ends_with("4 passed, 0 failed, 0 errors, 0 not applicable\n"),
        "{out}"
    );
    let (code, _, told) = bango(&home, &["guide", "run", "9.9"]);
    assert_eq!((code, told.contains("no section 9.9")), (Some(2), true));
}

#[test]
fn a_file_of_ones_own_is_run_and_what_was_not_so_is_told_beside_what_was_due() {
    let home = Home::new();
    fs::write(home.path().join("my.toml"), MINE).unwrap();
    let (code, out, _) = bango(&home, &["guide", "run", "my.toml"]);
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("m.1   FAILED"), "{out}");
    assert!(out.contains("step 1, expected: 200 OK"), "{out}");
    assert!(
        out.contains("step 1, actual:   202 USER_INSUFFICIENT_CREDIT"),
        "{out}"
    );
    assert!(out.contains("m.2   passed"), "{out}");

    fs::write(
        home.path().join("my.toml"),
        MINE.replace("capture", "captur"),
    )
    .unwrap();
    let (code, out, told) = bango(&home, &["guide", "run", "my.toml"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    let expected =
        "my.toml, line 15, column 14: unknown call \"captur\"; did you mean \"capture\"?";
    assert!(told.contains(expected), "{told}");
}

#[test]
fn the_readmes_scenarios_pass() {
    let home = Home::new();
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("## Bango's testing guide").unwrap();
    let (_, rest) = rest.split_once("```toml\n").unwrap();
    let (scenarios, _) = rest.split_once("```").unwrap();
    fs::write(home.path().join("ours.toml"), scenarios).unwrap();
    let (code, out, told) = bango(&home, &["guide", "run", "ours.toml"]);
    assert_eq!(code, Some(0), "{out}{told}");
    assert!(
        out.ends_with("2 passed, 0 failed, 0 errors, 0 not applicable\n"),
        "{out}"
    );
}

#[test]
fn no_scenario_is_run_with_real_money_or_where_nothing_may_be_written() {
    let home = Home::new();
    let config = home.path().join("config");
    fs::create_dir_all(&config).unwrap();
    let common = "base_url = \"http://127.0.0.1:9/v5\"\nusername = \"kim\"\npassword_command = [\"echo\", \"x\"]\n";
    let text = format!(
        "[profile.shop]\nkind = \"live\"\n{common}[profile.look]\nkind = \"test\"\nread_only = true\n{common}\
         [profile.gone]\nkind = \"test\"\n{common}"
    );
    fs::write(config.join("config.toml"), text).unwrap();
    for (name, words) in [("shop", "real money"), ("look", "read-only")] {
        let (code, out, told) = bango(&home, &["guide", "run", "1.2", "--profile", name]);
        assert_eq!((code, out.as_str()), (Some(5), ""), "{told}");
        assert!(told.contains(words), "{told}");
    }
    let (code, out, _) = bango(&home, &["guide", "run", "1.2", "--profile", "gone"]);
    assert_eq!(code, Some(3), "{out}");
    assert!(out.contains("ERROR") && out.contains("not sent"), "{out}");
}
