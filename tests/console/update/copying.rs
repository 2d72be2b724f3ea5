//! What is copied for a shell is what a shell reads.

use std::process::Command;

use bango_console::console::app::copy::Bytes;
use bango_console::console::app::effect::Effect;
use bango_console::console::app::event::{Done, Told, Whereabouts};
use bango_console::console::app::exports::Credentials;

use crate::stage::{EPOCH, Stage};

/// Copies the exports, and tells what was copied.
#[track_caller]
fn exports(stage: &mut Stage) -> Vec<u8> {
    stage.effects();
    stage.keys("ye");
    match stage.effects().as_slice() {
        [
            Effect::Copy {
                what: "shell exports",
                bytes: Bytes(bytes),
            },
        ] => bytes.clone(),
        other => panic!("{other:?}"),
    }
}

/// What a shell has in the three variables once it has read these lines.
fn read_by_a_shell(exports: &[u8]) -> String {
    let script = "printf '%s|%s|%s' \"$BANGO_BASE_URL\" \"$BANGO_USERNAME\" \"$BANGO_PASSWORD\"";
    let script = format!("{}\n{script}", String::from_utf8(exports.to_vec()).unwrap());
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert!(output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_shell_reads_address_and_credentials_back_whatever_they_are() {
    for (username, password) in [
        ("sandbox", "sandbox"),
        ("it's me", "'; echo \"pwned\" #"),
        (
            "$(touch pwned)",
            "`touch pwned`\nexport BANGO_USERNAME=other",
        ),
        ("", "\u{1b}[2J ü\\"),
    ] {
        let mut stage = Stage::new(80, 24);
        let credentials = Credentials::new(username, password);
        stage.state.endpoint.credentials = Some(credentials);
        let read = read_by_a_shell(&exports(&mut stage));
        assert_eq!(
            read,
            format!("http://127.0.0.1:2646/v5|{username}|{password}")
        );
    }
}

#[test]
fn the_exports_follow_the_sandbox() {
    let mut stage = Stage::new(80, 24);
    let at = |port| Whereabouts::At {
        process: None,
        address: ([127, 0, 0, 1], port).into(),
        epoch: EPOCH,
    };
    stage.done(Done::Sandbox(at(4711)));
    let read = read_by_a_shell(&exports(&mut stage));
    assert_eq!(read, "http://127.0.0.1:4711/v5|sandbox|sandbox");
    stage.done(Done::Sandbox(Whereabouts::Nowhere { process: Some(1) }));
    stage.keys("y");
    assert!(
        stage.footer().contains("nothing to copy yet"),
        "{}",
        stage.footer()
    );
}

#[test]
fn the_credentials_are_shown_only_to_who_asks_for_what_was_copied() {
    let mut stage = Stage::new(80, 24);
    stage.state.endpoint.credentials = Some(Credentials::new("canary-1", "canary-2"));
    let menu = stage.keys("y").screen();
    let bytes = Bytes(exports(&mut stage));
    let route = "copied".into();
    let told = Told::Copied { route };
    let what = "shell exports";
    let done = Done::Copied { what, bytes, told };
    let debug = format!("{done:?}");
    let screen = stage.done(done).screen();
    let seen = [menu, debug, screen, format!("{:?}", stage.state)].concat();
    assert!(!seen.contains("canary"), "{seen}");
    assert!(stage.keys("c").screen().contains("canary-2"));
}
