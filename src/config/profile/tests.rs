use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use super::*;
use crate::config::{Config, Environment, Flags, Folders};

/// What is read of a file, and what is said of it, with the folder's name left out.
fn load(text: &str) -> (Config, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    std::fs::write(&file, text).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let environment = Environment::from([("HOME", "/home/kim")]);
    let folders = Folders::all_in(folder.path());
    let (config, warnings) = Config::load(&folders, &environment, &Flags::default());
    let prefix = format!("{}/", folder.path().display());
    let warnings = warnings
        .iter()
        .map(|warning| warning.to_string().replace(&prefix, ""))
        .collect();
    (config, warnings)
}

/// The one profile of a file without a mistake.
#[track_caller]
fn only(text: &str) -> Profile {
    let (config, warnings) = load(text);
    assert_eq!(warnings, Vec::<String>::new());
    config.profiles[0].profile.clone().unwrap()
}

/// What is said of a profile of this body, which is then not usable.
#[track_caller]
fn problem(body: &str) -> String {
    let (config, warnings) = load(&format!("[profile.shop]\nkind = \"test\"\n{body}\n"));
    assert!(config.profiles[0].profile.is_err(), "{body}");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    warnings[0].clone()
}

#[test]
fn a_kind_is_enough() {
    let profile = only("[profile.test]\nkind = 'test'\n");
    assert_eq!(profile.kind, Kind::Test);
    assert_eq!(profile.base_url.value, "https://api.bango.net/v5");
    assert_eq!(profile.base_url.origin, Origin::Default);
    assert_eq!(profile.timeout_total.value, Duration::from_secs(60));
    assert!(!profile.read_only.value);
}

#[test]
fn everything_can_be_said() {
    let profile = only(
        "[profile.shop]\nkind = 'live'\nbase_url = 'https://gateway.example/bango/v5/'\n\
         username = 'merchant'\ncredentials_file = '~/secret.toml'\npassword_command = ['pass', 'bango']\n\
         timeout_connect = 2\ntimeout_first_byte = 3\ntimeout_total = 0x10\nproxy = 'http://proxy:3128'\n\
         ca_file = '/etc/ca.pem'\nsecret_headers = ['X-Api-Key']\ncallback_base = 'https://shop.example/'\n\
         read_only = true\n",
    );
    assert_eq!(profile.kind, Kind::Live);
    assert_eq!(profile.base_url.value, "https://gateway.example/bango/v5");
    assert_eq!(
        profile.credentials_file.as_deref(),
        Some(Path::new("/home/kim/secret.toml"))
    );
    assert_eq!(profile.timeout_total.value, Duration::from_secs(16));
    assert_eq!(profile.secret_headers, ["x-api-key"]);
    assert_eq!(
        profile.callback_base.as_deref(),
        Some("https://shop.example")
    );
    assert_eq!(profile.proxy.value.shown(), "http://proxy:3128/");
    assert!(profile.read_only.value);
    assert_eq!(profile.read_only.origin, Origin::File);
}

#[test]
fn each_mistake_is_named_with_place_key_and_remedy() {
    for (body, expected) in [
        (
            "read_olny = true",
            "config.toml, line 3, column 1: profile \"shop\": unknown key \"read_olny\"; \
             did you mean \"read_only\"?",
        ),
        (
            "read_only = 'yes'",
            "config.toml, line 3, column 1: profile \"shop\": read_only is \"yes\" and must be true or false",
        ),
        (
            "base_url = 'http://api.bango.net/v5'",
            "config.toml, line 3, column 1: profile \"shop\": base_url must begin with https://, except \
             for this machine: credentials travel in it",
        ),
        (
            "base_url = 'https://me:hunter2@api.bango.net/v5'",
            "config.toml, line 3, column 1: profile \"shop\": base_url must be a URL such as \
             https://api.bango.net/v5, without credentials, query or fragment",
        ),
        (
            "password = 'hunter2'",
            "config.toml, line 3, column 1: profile \"shop\": a password does not stand in this file: \
             credentials_file names a file of yours alone, password_command a program that prints it",
        ),
        (
            "password_command = 'pass bango'",
            "config.toml, line 3, column 1: profile \"shop\": password_command is \"pass bango\" and must \
             be a list such as [\"pass\", \"bango\"]",
        ),
        (
            "timeout_total = 0",
            "config.toml, line 3, column 1: profile \"shop\": timeout_total is 0 and must be a number of \
             seconds from 1 to 3600",
        ),
        (
            "secret_headers = ['X Api']",
            "config.toml, line 3, column 1: profile \"shop\": secret_headers is [\"X Api\"] and must be a \
             list of header names such as [\"X-Api-Key\"]",
        ),
        (
            "proxy = 'hunter2'",
            "config.toml, line 3, column 1: profile \"shop\": proxy must be \"none\" or a URL such as \
             http://proxy.example:3128",
        ),
        (
            "callback_base = 'shop.example'",
            "config.toml, line 3, column 1: profile \"shop\": callback_base must be the public URL of a \
             tunnel to port 2647 of this machine, such as https://shop.example",
        ),
        (
            "credentials_file = ''",
            "config.toml, line 3, column 1: profile \"shop\": credentials_file is \"\" and must be a text \
             that is not empty",
        ),
    ] {
        assert_eq!(problem(body), expected, "{body}");
    }
}

#[test]
fn a_kind_is_needed_and_no_other_word_will_do() {
    let (config, warnings) = load("[profile.shop]\n[profile.other]\nkind = 'lvie'\n");
    assert!(config.profiles.iter().all(|found| found.profile.is_err()));
    assert_eq!(
        warnings,
        [
            "config.toml, line 1, column 10: profile \"shop\": kind is missing: \"test\" or \"live\", as \
             its credentials are, or \"sandbox\"",
            "config.toml, line 3, column 1: profile \"other\": kind is \"lvie\" and must be \"test\", \
             \"live\" or \"sandbox\"; did you mean \"live\"?",
        ]
    );
}

#[test]
fn a_name_that_means_something_else_is_refused() {
    for name in ["sandbox", "replay", "A", "\"../x\"", "\"\"", "-x"] {
        let (config, _) = load(&format!("[profile.{name}]\nkind = 'test'\n"));
        assert!(config.profiles[0].profile.is_err(), "{name}");
    }
}

#[test]
fn a_proxy_with_a_password_needs_a_file_of_ones_own() {
    let said = problem("proxy = 'http://kim:hunter2@proxy:3128'");
    assert!(said.contains("run chmod 600 "), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
    let proxy = Proxy::At("http://kim:hunter2@proxy:3128".into());
    assert_eq!(proxy.shown(), "http://kim:***@proxy:3128/");
}

#[test]
fn this_machine_needs_no_tls() {
    for address in [
        "http://127.0.0.1:2646/v5",
        "http://[::1]/v5",
        "http://localhost/v5",
    ] {
        let text = format!("[profile.near]\nkind = 'live'\nbase_url = '{address}'\n");
        assert_eq!(only(&text).base_url.value, address);
    }
}

#[test]
fn a_mistake_in_one_profile_leaves_everything_else() {
    let (config, warnings) = load(
        "theme = 'paper'\ncolour = 1\n[profile.broken]\nkind = 'live'\nbase_url = 7\n\
         [profile.sound]\nkind = 'test'\n",
    );
    assert_eq!(config.theme.value.as_str(), "paper");
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(find(&config.profiles, "sound", Path::new("config.toml")).is_ok());
    let refused = find(&config.profiles, "broken", Path::new("config.toml")).unwrap_err();
    assert!(
        refused.to_string().contains("line 5, column 1"),
        "{refused}"
    );
    let unknown = find(&config.profiles, "sund", Path::new("config.toml")).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "there is no profile \"sund\", did you mean \"sound\"?; config.toml has broken, sound"
    );
}
