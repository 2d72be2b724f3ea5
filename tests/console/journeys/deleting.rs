//! A payment that is deleted from the journal is in no file any more, and does not come back.

use std::path::Path;

use super::{authorize, pay, transactions};
use crate::pty::Home;

/// Whether a word stands anywhere in the journal's files.
fn is_kept(home: &Home, word: &str) -> bool {
    let folder = home.path().join("data");
    let is_journal = |path: &Path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with("journal-")
    };
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut files = files.filter(|path| path.is_file() && is_journal(path));
    files.any(|path| {
        let bytes = std::fs::read(path).unwrap();
        bytes
            .windows(word.len())
            .any(|part| part == word.as_bytes())
    })
}

#[test]
fn a_deleted_payment_is_gone_for_good_and_the_other_stays() {
    let home = Home::new();
    let seat = home.console();
    pay(&seat);
    authorize(&seat, "4.50");
    seat.wait_for("4.50 USD");
    let rows = transactions(&seat);
    let external = |row: &str| {
        let mut words = row.split_whitespace();
        words
            .find(|word| word.starts_with("t-"))
            .unwrap()
            .to_owned()
    };
    let (newer, older) = (external(&rows[0]), external(&rows[1]));
    assert!(is_kept(&home, &newer), "it could not fail");

    seat.keys("2gD")
        .wait_for("Delete from the journal?")
        .wait_for(&newer);
    seat.keys("y").wait_for("deleted 1 payment: ");
    seat.wait_until_gone("4.50 USD");
    assert!(!is_kept(&home, &newer));
    assert!(is_kept(&home, &older));
    seat.keys("q");
    assert!(seat.end().success());

    let seat = home.console();
    seat.wait_for(&older);
    assert_eq!(transactions(&seat).len(), 1);
    assert!(!is_kept(&home, &newer));
}
