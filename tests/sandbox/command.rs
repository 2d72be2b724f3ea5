//! `bango sandbox` as a command: what it prints, and when it does not start.

mod beside;

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

/// SQLite quotes a damaged schema, and a file that somebody handed over may be damaged on purpose.
#[test]
fn a_file_cannot_write_to_the_terminal_through_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let vandal = rusqlite::Connection::open(&file).unwrap();
    vandal
        .execute_batch(
            "CREATE TABLE \"\u{1b}[2J\" (a);
             PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = 'CREATE nothing'",
        )
        .unwrap();
    drop(vandal);
    let (code, told) = Sandbox::refuses(&["--database", file.to_str().unwrap()]);
    assert_eq!(code, Some(2), "{told}");
    let line = told.strip_suffix('\n').unwrap();
    assert!(line.contains("[2J"), "the test attacks nothing: {told:?}");
    assert!(!line.contains(char::is_control), "{told:?}");
}

#[test]
fn a_file_of_another_program_beside_the_database_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let lock = folder.path().join("Cargo.lock");
    std::fs::write(&lock, "version = 4\n").unwrap();
    let database = folder.path().join("Cargo.db");
    refused(&["--database", database.to_str().unwrap()], "Cargo.lock");
    assert_eq!(std::fs::read_to_string(&lock).unwrap(), "version = 4\n");
}

#[test]
fn a_database_may_be_called_like_a_lock() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("sandbox.lock");
    let first = Sandbox::on(&database);
    let transaction = first.captured("10.99", "1.00");
    first.kill();
    is(&Sandbox::on(&database).delete(&transaction), "REFUNDED");
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
