//! No question reads a long table whole: checked for every statement that any test prepares.

use rusqlite::Connection;

#[track_caller]
pub fn check(connection: &Connection, sql: &str) {
    assert_eq!(scans(connection, sql), Vec::<String>::new(), "{sql}");
}

/// The steps of a statement that walk a long table from end to end.
fn scans(connection: &Connection, sql: &str) -> Vec<String> {
    const LONG: [&str; 9] = [
        "entry",
        "e",
        "s",
        "o",
        "transaction_row",
        "session_row",
        "facet",
        "f",
        "owned",
    ];
    let Ok(mut statement) = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")) else {
        // Its user will be told.
        return vec![];
    };
    let nulls = std::iter::repeat_n(rusqlite::types::Null, statement.parameter_count());
    let steps = statement
        .query_map(rusqlite::params_from_iter(nulls), |row| {
            row.get::<_, String>(3)
        })
        .unwrap();
    let is_scan = |step: &String| {
        let table = step
            .strip_prefix("SCAN ")
            .and_then(|rest| rest.split(' ').next());
        table.is_some_and(|table| LONG.contains(&table))
    };
    steps.map(Result::unwrap).filter(is_scan).collect()
}

#[test]
fn a_column_without_an_index_is_caught() {
    let journal = super::memory();
    let connection = super::super::schema::open_reader(&journal.shared.place, journal.shared.run);
    let connection = connection.unwrap();
    let unindexed = "SELECT seq FROM entry WHERE payload = ?1";
    assert_eq!(scans(&connection, unindexed), ["SCAN entry"]);
    assert_eq!(
        scans(&connection, "SELECT seq FROM entry WHERE key = ?1"),
        Vec::<String>::new()
    );
}
