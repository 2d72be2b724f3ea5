use std::path::Path;
use std::sync::{Arc, Mutex};

use super::*;

const DEADLINE: Duration = Duration::from_secs(30);

fn copy(clipboard: &Clipboard, text: &str) -> Copied {
    let (sender, copied) = mpsc::channel();
    clipboard.copy(text.into(), move |reply| sender.send(reply).unwrap());
    copied.recv_timeout(DEADLINE).unwrap()
}

fn no_system() -> Open {
    Box::new(|| Err("no display".into()))
}

/// A desktop that remembers what it was given.
fn recording() -> (Open, Arc<Mutex<Vec<String>>>) {
    let texts = Arc::new(Mutex::new(Vec::new()));
    let kept = texts.clone();
    let open: Open = Box::new(move || {
        Ok(Box::new(move |text| {
            kept.lock().unwrap().push(text);
            Ok(())
        }))
    });
    (open, texts)
}

/// A folder with a program of this name, which does what the script says. Another process writes it: a
/// file that is still open for writing in ours, if only in a thread that is about to start a program,
/// cannot be run.
fn program(name: &str, script: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let written = std::process::Command::new("sh")
        .args([
            "-c",
            "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$2\" && chmod 755 \"$2\"",
            "sh",
        ])
        .args([script.as_ref(), folder.path().join(name).as_os_str()])
        .status()
        .unwrap();
    assert!(written.success());
    folder
}

fn path_with(folder: &Path) -> String {
    format!("{}:/usr/bin:/bin", folder.display())
}

fn sent(text: &str) -> Copied {
    Copied::WriteToTerminal {
        escape: escape::copy(text, Wrapping::None),
    }
}

#[test]
fn the_desktop_comes_first_and_stays_open() {
    let (open, texts) = recording();
    let environment = Environment::from([("DISPLAY", ":0"), ("TMUX", "/tmp/tmux")]);
    let clipboard = Clipboard::start_with(ClipboardSetting::Auto, environment, open);
    assert_eq!(copy(&clipboard, "one"), Copied::By(Route::System));
    assert_eq!(copy(&clipboard, "two"), Copied::By(Route::System));
    assert_eq!(*texts.lock().unwrap(), ["one", "two"]);
}

#[test]
fn a_display_over_ssh_is_not_touched() {
    let (open, texts) = recording();
    let environment = Environment::from([("DISPLAY", ":10"), ("SSH_TTY", "/dev/pts/1")]);
    let clipboard = Clipboard::start_with(ClipboardSetting::Auto, environment, open);
    assert_eq!(copy(&clipboard, "id"), sent("id"));
    assert!(texts.lock().unwrap().is_empty());
}

#[test]
fn a_desktop_that_hangs_is_left_and_not_tried_again() {
    let opened = Arc::new(Mutex::new(0));
    let count = opened.clone();
    let open: Open = Box::new(move || {
        *count.lock().unwrap() += 1;
        loop {
            thread::park();
        }
    });
    let environment = Environment::from([("DISPLAY", ":0")]);
    let clipboard = Clipboard::start_with(ClipboardSetting::Auto, environment, open);
    assert_eq!(copy(&clipboard, "one"), sent("one"));
    assert_eq!(copy(&clipboard, "two"), sent("two"));
    assert_eq!(*opened.lock().unwrap(), 1);
}

#[test]
fn in_tmux_its_buffer_is_loaded_with_the_exact_text() {
    let folder = program("tmux", "echo \"$@\" > \"$OUT.arguments\"; cat > \"$OUT\"");
    let out = folder.path().join("out");
    let environment = Environment::from([
        ("TMUX", "/tmp/tmux".to_owned()),
        ("PATH", path_with(folder.path())),
        ("OUT", out.display().to_string()),
    ]);
    let clipboard = Clipboard::start_with(ClipboardSetting::Auto, environment, no_system());
    assert_eq!(copy(&clipboard, "2006721250"), Copied::By(Route::Tmux));
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "2006721250");
    assert_eq!(
        std::fs::read_to_string(out.with_extension("arguments")).unwrap(),
        "load-buffer -w -\n"
    );
}

#[test]
fn a_tmux_that_fails_gives_way_to_the_terminal_for_the_session() {
    let folder = program("tmux", "echo again >> \"$OUT\"; exit 1");
    let out = folder.path().join("out");
    let environment = Environment::from([
        ("TMUX", "/tmp/tmux".to_owned()),
        ("PATH", path_with(folder.path())),
        ("OUT", out.display().to_string()),
    ]);
    let clipboard = Clipboard::start_with(ClipboardSetting::Auto, environment, no_system());
    assert_eq!(copy(&clipboard, "one"), sent("one"));
    assert_eq!(copy(&clipboard, "two"), sent("two"));
    assert_eq!(std::fs::read_to_string(out).unwrap(), "again\n");
}

#[test]
fn in_screen_the_sequence_is_wrapped() {
    let environment = Environment::from([("STY", "1234.pts-0")]);
    let clipboard = Clipboard::start_with(ClipboardSetting::Auto, environment, no_system());
    assert_eq!(
        copy(&clipboard, "id"),
        Copied::WriteToTerminal {
            escape: escape::copy("id", Wrapping::Screen)
        }
    );
}

#[test]
fn a_setting_is_the_only_route() {
    let environment = Environment::from([("DISPLAY", ":0"), ("PATH", "/nonexistent")]);
    let with = |setting| {
        let clipboard = Clipboard::start_with(setting, environment.clone(), no_system());
        copy(&clipboard, "id")
    };
    assert_eq!(with(ClipboardSetting::Osc52), sent("id"));
    assert_eq!(with(ClipboardSetting::Off), Copied::Failed(CopyError::Off));
    assert_eq!(
        with(ClipboardSetting::System),
        Copied::Failed(CopyError::NoSystem("no display".into()))
    );
    assert!(matches!(
        with(ClipboardSetting::Tmux),
        Copied::Failed(CopyError::Program { name, .. }) if name == "tmux"
    ));
}

#[test]
fn a_program_of_the_users_gets_the_text() {
    let folder = program("keep", "cat > \"$OUT\"");
    let out = folder.path().join("out");
    let environment = Environment::from([
        ("PATH", path_with(folder.path())),
        ("OUT", out.display().to_string()),
    ]);
    let setting = ClipboardSetting::Command(vec!["keep".into()]);
    let clipboard = Clipboard::start_with(setting, environment, no_system());
    let copied = copy(&clipboard, "id");
    assert_eq!(copied, Copied::By(Route::Command("keep".into())));
    assert_eq!(copied.words(), "handed to keep");
    assert_eq!(std::fs::read_to_string(out).unwrap(), "id");
}

#[test]
fn a_program_that_does_not_end_is_killed() {
    let folder = program("stuck", "exec sleep 600");
    let environment = Environment::from([("PATH", path_with(folder.path()))]);
    let setting = ClipboardSetting::Command(vec!["stuck".into()]);
    let clipboard = Clipboard::start_with(setting, environment, no_system());
    let huge = "x".repeat(1024 * 1024);
    assert!(matches!(
        copy(&clipboard, &huge),
        Copied::Failed(CopyError::Program { error, .. }) if error == "it did not end in time"
    ));
}

#[test]
fn what_a_terminal_would_cut_off_is_not_sent() {
    let clipboard =
        Clipboard::start_with(ClipboardSetting::Osc52, Environment::default(), no_system());
    assert_eq!(
        copy(&clipboard, &"x".repeat(55_500)),
        sent(&"x".repeat(55_500))
    );
    assert_eq!(
        copy(&clipboard, &"x".repeat(55_501)),
        Copied::Failed(CopyError::TooLong {
            length: 55_501,
            limit: 55_500
        })
    );
}
