//! The commands about settings and health, as a shell sees them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};

use crate::pty::{Home, Seat};

/// One mistake of each kind, and beside them a profile and settings that are sound.
const MISTAKES: &str = r#"theme = "light"
clipbord = "off"
mouse = "perhaps"
ascii =

[profile.sound]
kind = "test"
base_url = "http://127.0.0.1:9/v5"
username = "kim"
password_command = ["echo", "canary"]

[profile.kindless]
username = "kim"

[profile.misspelt]
kind = "lvie"

[profile.unknown]
kind = "test"
read_olny = true

[profile.plain]
kind = "live"
base_url = "http://api.bango.net/v5"

[profile.secret]
kind = "live"
password = "canary"

[profile.typed]
kind = "test"
timeout_total = "soon"

[profile.sandbox]
kind = "test"
"#;

/// What is said about each: its place, the key, and what to do.
const SAID: [(&str, &str); 10] = [
    (
        "line 2, column 1",
        "unknown key \"clipbord\"; did you mean \"clipboard\"?",
    ),
    (
        "line 3, column 1",
        "mouse is \"perhaps\" and must be true or false",
    ),
    ("line 4, column ", ""),
    (
        "line 12, column 10",
        "kind is missing: \"test\" or \"live\"",
    ),
    (
        "line 16, column 1",
        "kind is \"lvie\" and must be \"test\", \"live\" or \"sandbox\"; did you mean \"live\"?",
    ),
    (
        "line 20, column 1",
        "unknown key \"read_olny\"; did you mean \"read_only\"?",
    ),
    ("line 24, column 1", "base_url must begin with https://"),
    (
        "line 28, column 1",
        "credentials_file names a file of yours alone",
    ),
    (
        "line 32, column 1",
        "timeout_total is \"soon\" and must be a number of seconds",
    ),
    ("line 34, column 10", "choose another"),
];

fn home(config: &str) -> Home {
    let home = Home::new();
    let folder = home.path().join("config");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.toml"), config).unwrap();
    home
}

fn bango(home: &Home, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bango"));
    command.args(arguments).env_clear();
    command.env("PATH", std::env::var("PATH").unwrap());
    command.envs(home.environment());
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn each_mistake_is_named_with_place_key_and_remedy_and_the_rest_is_used() {
    let home = home(MISTAKES);
    let shown = bango(&home, &["config", "show"]);
    let (out, told) = (text(&shown.stdout), text(&shown.stderr));
    for (place, words) in SAID {
        let is_said = |line: &str| {
            line.contains("config.toml, ") && line.contains(place) && line.contains(words)
        };
        assert!(told.lines().any(is_said), "{place} {words}\n{told}");
    }
    assert_eq!(told.lines().count(), SAID.len(), "{told}");
    assert!(!format!("{told}{out}").contains("canary"), "{told}{out}");
    assert!(out.contains("theme = \"light\""), "{out}");
    assert!(out.contains("[profile.sound]\nkind = \"test\""), "{out}");
    assert!(
        out.contains("# password: set, by password_command (echo)"),
        "{out}"
    );

    // The sound profile opens, and so does the sandbox.
    let mut console = home.bango();
    console.args(["--profile", "sound"]);
    console.env("PATH", std::env::var("PATH").unwrap());
    let seat = Seat::run(console);
    seat.wait_for("test sound").keys("<enter>Q");
    assert!(seat.end().success());
    let seat = Seat::run(home.bango());
    seat.wait_for(" sandbox ").wait_for("clipbord");
}

#[test]
fn a_profile_that_is_not_sound_does_not_open_and_says_why() {
    let home = home(MISTAKES);
    for (name, words) in [
        ("unknown", "did you mean \"read_only\"?"),
        ("plain", "base_url must begin with https://"),
        (
            "sond",
            "there is no profile \"sond\", did you mean \"sound\"?",
        ),
    ] {
        let mut console = home.bango();
        console.args(["--profile", name]);
        let seat = Seat::run(console);
        let ended = seat.end();
        assert_eq!(ended.exit_code(), 2, "{name}");
        seat.wait_for_raw(words);
        assert!(
            !home
                .path()
                .join("data")
                .join(format!("journal-{name}.db"))
                .exists()
        );
    }
}

#[test]
fn a_credentials_file_that_others_can_read_is_refused_with_what_to_run() {
    let home = home("[profile.shop]\nkind = \"test\"\ncredentials_file = \"secret.toml\"\n");
    let path = home.path().join("config/secret.toml");
    fs::write(&path, "username = \"kim\"\npassword = \"canary\"\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let refused = |home: &Home| {
        let mut console = home.bango();
        console.args(["--profile", "shop"]);
        Seat::run(console)
    };
    let seat = refused(&home);
    assert_eq!(seat.end().exit_code(), 2);
    let remedy = format!("chmod 600 {}", path.display());
    seat.wait_for_raw(&remedy);
    let said = text(&seat.raw());
    assert!(!said.contains("canary"), "{said}");

    let ran = Command::new("sh").args(["-c", &remedy]).status().unwrap();
    assert!(ran.success());
    refused(&home).wait_for("test shop");
}

/// What is shown can be written into a file again, secrets apart.
#[test]
fn what_is_shown_is_a_configuration() {
    let first = home(
        "theme = \"light\"\n[profile.shop]\nkind = \"live\"\nproxy = \"none\"\nusername = \"kim\"\n",
    );
    let shown = text(&bango(&first, &["config", "show"]).stdout);
    assert!(shown.contains("# password: not set"), "{shown}");
    let second = home(&shown);
    let again = bango(&second, &["config", "show"]);
    assert_eq!(text(&again.stderr), "");
    let values = |text: &str| {
        let lines = text
            .lines()
            .map(|line| line.split("  #").next().unwrap().to_owned());
        lines
            .filter(|line| !line.starts_with('#'))
            .collect::<Vec<_>>()
    };
    assert_eq!(values(&text(&again.stdout)), values(&shown));
}

#[test]
fn the_paths_are_those_that_are_used() {
    let home = home("");
    let paths = text(&bango(&home, &["config", "path"]).stdout);
    let config = home.path().join("config/config.toml");
    assert!(
        paths.contains(&format!("config    {}\n", config.display())),
        "{paths}"
    );
    assert_eq!(paths.lines().count(), 6, "{paths}");
}

#[test]
fn a_healthy_console_gets_a_clean_report_and_a_damaged_journal_is_named() {
    let home = home("");
    let seat = home.console();
    let report = bango(&home, &["doctor"]);
    let said = text(&report.stdout);
    assert!(report.status.success(), "{said}");
    for part in [
        "versions",
        "sqlite",
        "paths",
        "terminal",
        "clipboard",
        "profiles",
        "sandbox       entries 0",
        ", sound",
        "served",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    seat.keys("Q");
    seat.end();
    // What has not come from the log into the file yet would mend it.
    let _ = fs::remove_file(home.path().join("data/journal-sandbox.db-wal"));
    fs::write(
        home.path().join("data/journal-sandbox.db"),
        "no journal".repeat(900),
    )
    .unwrap();
    let report = bango(&home, &["doctor"]);
    assert_eq!(report.status.code(), Some(1));
    assert!(
        text(&report.stdout).contains("! sandbox"),
        "{}",
        text(&report.stdout)
    );
}

#[test]
fn a_schema_is_json_and_a_reader_that_leaves_is_no_fault() {
    let home = home("");
    for of in ["config", "theme", "scenario"] {
        let schema = text(&bango(&home, &["schema", of]).stdout);
        let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
        assert_eq!(schema["type"], "object");
    }
    let line = format!("{} schema theme | head -1", env!("CARGO_BIN_EXE_bango"));
    let piped = Command::new("sh").args(["-c", &line]).output().unwrap();
    assert_eq!(
        (text(&piped.stdout).as_str(), text(&piped.stderr).as_str()),
        ("{\n", "")
    );
}
