//! A payment written to a file, and the file opened by somebody else.

use std::fs;
use std::process::{Command, Stdio};

use super::{authorize, identify};
use crate::pty::{Home, Seat};

fn open(home: &Home, file: &str) -> Seat {
    let mut bango = home.bango();
    bango.args(["open", file]);
    bango.cwd(home.path());
    Seat::run(bango)
}

#[test]
fn a_payment_is_handed_to_a_colleague_who_can_only_look() {
    let home = Home::new();
    let mut bango = home.bango();
    bango.cwd(home.path());
    let seat = Seat::run(bango);
    seat.wait_for("? help");
    identify(&seat, "447710900120");
    authorize(&seat, "10.99");
    seat.wait_for("○ authorized")
        .keys("2E")
        .wait_for("this payment");
    seat.keys("b").wait_for("wrote t-").keys("q");
    assert!(seat.end().success());
    let written = fs::read_dir(home.path()).unwrap();
    let bundle = written
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            path.extension()
                .is_some_and(|extension| extension == "bango")
        })
        .unwrap();

    let colleague = Home::new();
    let seat = open(&colleague, bundle.to_str().unwrap());
    seat.wait_for("replay").wait_for("○ authorized");
    seat.keys("2+").wait_for("a replay: nothing can be sent");
    seat.keys("yx").wait_for("clipboard: external id t-");
    seat.keys("q");
    assert!(seat.end().success());
    let kept = fs::read_dir(colleague.path().join("data")).unwrap();
    assert_eq!(kept.count(), 0, "it recorded something");
}

#[test]
fn a_file_that_is_no_export_is_refused_with_its_place() {
    let home = Home::new();
    for (text, said) in [
        (
            "{\"bango\":\"bundle\",\"version\":1}\nhello\n",
            "file, line 2, column 1: no JSON",
        ),
        (
            "{\"log\":\n{\"creator\":{\"name\":\"\\u001b[2J\"}}}",
            "a HAR file that \u{241b}[2J wrote",
        ),
        ("", "file, line 1, column 1: no JSON"),
    ] {
        fs::write(home.path().join("file"), text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_bango"))
            .args(["open", "file"])
            .current_dir(home.path())
            .env_clear()
            .envs(home.environment())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(told.contains(said), "{told}");
        assert!(
            told.contains("a support bundle or a HAR file that bango wrote"),
            "{told}"
        );
    }
    let seat = open(&home, "nowhere");
    assert_eq!(seat.end().exit_code(), 2);
    seat.wait_for("nowhere cannot be read: ");
}
