use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use secrecy::ExposeSecret as _;

use super::*;
use crate::config::Kind;

/// Longer than any command here needs.
const LONG: Duration = Duration::from_secs(30);

fn profile() -> Profile {
    let mut profile = Profile::new("shop", Kind::Test);
    profile.username = Some("merchant".into());
    profile
}

fn with_command(script: &str) -> Profile {
    let mut profile = profile();
    profile.password_command = Some(["sh", "-c", script].map(str::to_owned).to_vec());
    profile
}

fn environment<const N: usize>(more: [(&str, &str); N]) -> Environment {
    let path = std::env::var("PATH").unwrap();
    let mut all = vec![("PATH".to_owned(), path)];
    all.extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
    Environment::from_iter(all)
}

fn password_of(profile: &Profile, environment: &Environment) -> String {
    let found = resolve(profile, environment, LONG).unwrap();
    found.password.expose_secret().to_owned()
}

#[track_caller]
fn refused(profile: &Profile) -> String {
    resolve(profile, &environment([]), LONG)
        .unwrap_err()
        .to_string()
}

fn file(text: &str, mode: u32) -> (tempfile::TempDir, Profile) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret.toml");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    let mut profile = Profile::new("shop", Kind::Test);
    profile.credentials_file = Some(path);
    (folder, profile)
}

#[test]
fn a_variable_comes_before_the_program_before_the_file() {
    let (_folder, mut profile) = file("username = 'merchant'\npassword = 'of the file'\n", 0o600);
    assert_eq!(password_of(&profile, &environment([])), "of the file");
    profile.password_command = Some(["echo", "of the program"].map(str::to_owned).to_vec());
    assert_eq!(password_of(&profile, &environment([])), "of the program");
    let environment = environment([("BANGO_PASSWORD", "of the variable")]);
    let found = resolve(&profile, &environment, LONG).unwrap();
    assert_eq!(found.password.expose_secret(), "of the variable");
    assert_eq!(found.password_from.to_string(), "BANGO_PASSWORD");
    assert_eq!(found.username, "merchant");
    assert!(found.username_from.to_string().ends_with("secret.toml"));
}

#[test]
fn credentials_of_another_merchant_are_not_taken_for_the_profiles() {
    let profile = with_command("echo x");
    let other = environment([("BANGO_USERNAME", "another")]);
    let error = resolve(&profile, &other, LONG).unwrap_err().to_string();
    assert!(
        error.starts_with("BANGO_USERNAME is not the user name"),
        "{error}"
    );
    let same = environment([("BANGO_USERNAME", "merchant")]);
    assert_eq!(resolve(&profile, &same, LONG).unwrap().username, "merchant");
}

#[test]
fn a_file_that_others_can_read_is_refused_with_the_remedy() {
    for mode in [0o640, 0o604, 0o660] {
        let (_folder, profile) = file("username = 'a'\npassword = 'hunter2'\n", mode);
        let path = profile.credentials_file.clone().unwrap();
        let expected = format!(
            "{0} can be read by others: run chmod 600 {0}",
            path.display()
        );
        assert_eq!(refused(&profile), expected);
    }
}

#[test]
fn what_is_wrong_with_the_file_is_told_without_its_words() {
    for (text, expected) in [
        ("hunter2", "line 1, column "),
        ("username = 'a'\npassword = hunter2\n", "line 2, column "),
        (
            "password = 2222\n",
            "line 1, column 1: \"password\" must be a text",
        ),
        (
            "pasword = 'hunter2'\n",
            "line 1, column 1: unknown key \"pasword\"; did you mean \"password\"?",
        ),
        (
            "username = 'a'\n",
            "there is no password: set BANGO_PASSWORD, or write credentials_file or password_command into the profile",
        ),
        (
            "password = 'hunter2'\n",
            "there is no user name: set BANGO_USERNAME, or write username into the profile",
        ),
    ] {
        let (_folder, profile) = file(text, 0o600);
        let said = refused(&profile);
        assert!(said.contains(expected), "{text:?}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    let mut gone = profile();
    gone.credentials_file = Some("/nonexistent/secret.toml".into());
    assert_eq!(
        refused(&gone),
        "/nonexistent/secret.toml cannot be read: no such file or directory"
    );
}

#[test]
fn a_program_prints_the_password_as_its_only_line() {
    for script in ["echo hunter2", "printf hunter2", "printf 'hunter2\\r\\n'"] {
        assert_eq!(
            password_of(&with_command(script), &environment([])),
            "hunter2"
        );
    }
}

#[test]
fn a_program_that_fails_is_told_by_its_exit_and_its_own_words_escaped() {
    for (script, expected) in [
        (
            "printf 'no such entry\\033[2J' >&2; exit 3",
            "password_command ended with exit code 3, saying: no such entry\u{241b}[2J",
        ),
        (
            "echo hunter2; exit 1",
            "password_command ended with exit code 1",
        ),
        ("kill -9 $$", "password_command ended with signal 9"),
        ("true", "password_command printed nothing"),
        (
            "echo hunter2; echo hunter3",
            "password_command printed more than one line: the password must be its only one",
        ),
        (
            "printf '\\377'",
            "password_command printed what is not UTF-8",
        ),
        ("exec yes", "password_command ended with signal 13"),
    ] {
        assert_eq!(refused(&with_command(script)), expected, "{script}");
    }
    let mut absent = profile();
    absent.password_command = Some(vec!["/nonexistent/pass".into()]);
    assert_eq!(
        refused(&absent),
        "password_command cannot be started: no such file or directory"
    );
}

#[test]
fn a_program_that_does_not_end_is_stopped() {
    let profile = with_command("echo $$ > \"$HOME/pid\"; exec sleep 1000");
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().to_str().unwrap();
    let patience = Duration::from_secs(1);
    let error = resolve(&profile, &environment([("HOME", home)]), patience).unwrap_err();
    assert_eq!(
        error.to_string(),
        "password_command did not end within 1 seconds, and was stopped"
    );
    let pid = std::fs::read_to_string(Path::new(home).join("pid")).unwrap();
    let stopped = || {
        let status = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
        status.map_or(true, |status| status.contains(") Z "))
    };
    let watch = crate::clock::Stopwatch::start();
    while cfg!(target_os = "linux") && !stopped() {
        assert!(
            u128::from(watch.micros()) < LONG.as_micros(),
            "it still runs"
        );
        std::thread::yield_now();
    }
}

#[test]
fn a_program_is_not_given_secrets_of_ours() {
    let environment = environment([("BANGO_SANDBOX_PASSWORD", "canary"), ("HARMLESS", "kept")]);
    let script = "printf '%s %s' \"$HARMLESS\" \"${BANGO_SANDBOX_PASSWORD:-none}\"";
    assert_eq!(
        password_of(&with_command(script), &environment),
        "kept none"
    );
}
