//! `bango sandbox` as a command: what it prints, and when it does not start.

use std::net::TcpListener;

use crate::harness::{Sandbox, is};

/// Exit code 2 and one sentence that names `word`.
#[track_caller]
fn refused(arguments: &[&str], word: &str) {
    let (code, told) = Sandbox::refuses(arguments);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains(word), "no {word} in {told:?}");
    assert!(!told.contains("panicked"), "{told}");
}

#[test]
fn a_file_in_use_has_one_sandbox_and_the_second_says_where_the_first_is() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("sandbox.db");
    let first = Sandbox::on(&database);
    refused(
        &["--database", database.to_str().unwrap()],
        &first.authority,
    );
    first.kill();
    Sandbox::on(&database);
}

#[test]
fn another_seed_on_a_file_in_use_is_refused_with_the_one_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("sandbox.db");
    let file = database.to_str().unwrap();
    drop(Sandbox::with(&["--database", file, "--seed", "7"]));
    refused(&["--database", file, "--seed", "8"], "7");
    drop(Sandbox::with(&["--database", file, "--seed", "7"]));
    drop(Sandbox::with(&["--database", file]));
}

#[test]
fn a_busy_port_is_refused_by_its_name() {
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = busy.local_addr().unwrap().to_string();
    refused(&["--database", ":memory:", "--listen", &address], &address);
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let letter = "Dear diary, this is not a database. ".repeat(100);
    std::fs::write(&file, &letter).unwrap();
    refused(&["--database", file.to_str().unwrap()], "sandbox.db");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), letter);
}

#[test]
fn a_folder_that_does_not_exist_is_refused_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "in the way").unwrap();
    let inside = blocked.join("sandbox.db");
    refused(
        &["--database", inside.to_str().unwrap()],
        blocked.to_str().unwrap(),
    );
}

#[test]
fn the_same_seed_gives_the_same_ids() {
    let ids = |seed| {
        let sandbox = Sandbox::with(&["--database", ":memory:", "--seed", seed]);
        let transaction = sandbox.captured("10.99", "1.00");
        is(&sandbox.delete(&transaction), "REFUNDED");
        (
            sandbox.user_120(),
            transaction,
            sandbox.authorized("1.00", "0.00"),
        )
    };
    assert_eq!(ids("7"), ids("7"));
    assert_ne!(ids("7"), ids("8"));
}
