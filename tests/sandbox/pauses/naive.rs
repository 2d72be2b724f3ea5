//! A till that looks first, and writes what follows from what it saw. Wrong on purpose.

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension as _, Params};
use tempfile::TempDir;

use super::{Payment, Till, slow_down};

pub struct Naive {
    file: PathBuf,
    _folder: TempDir,
}

impl Naive {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let till = Self {
            file: folder.path().join("till.db"),
            _folder: folder,
        };
        let database = till.open();
        database
            .execute_batch(
                "PRAGMA journal_mode = WAL;
                 CREATE TABLE payment (number INTEGER PRIMARY KEY, key TEXT, state TEXT);
                 CREATE TABLE movement (payment INTEGER, kind TEXT, units INTEGER);",
            )
            .expect("tables");
        slow_down(&database);
        till
    }

    fn open(&self) -> Connection {
        let database = Connection::open(&self.file).expect("a file");
        database
            .execute_batch("PRAGMA synchronous = OFF; PRAGMA busy_timeout = 30000;")
            .expect("a connection");
        database
    }

    /// Moves money, and has the payment stand as `state` from then on.
    fn moves(&self, id: &str, kind: &str, units: u32, state: &str) {
        let database = self.open();
        write(
            &database,
            "INSERT INTO movement VALUES (?1, ?2, ?3)",
            (id, kind, units),
        );
        let sql = "UPDATE payment SET state = ?2 WHERE number = ?1";
        write(&database, sql, (id, state));
    }

    fn units(&self, id: &str, kind: &str) -> u32 {
        let sql = "SELECT coalesce(sum(units), 0) FROM movement WHERE payment = ?1 AND kind = ?2";
        let units = self.open().query_one(sql, (id, kind), |row| row.get(0));
        units.expect("a sum")
    }

    fn is_authorized(&self, id: &str) -> bool {
        let sql = "SELECT state = 'AUTHORIZED' FROM payment WHERE number = ?1";
        let is = self.open().query_one(sql, [id], |row| row.get(0));
        is.expect("a payment")
    }
}

fn write(database: &Connection, sql: &str, parameters: impl Params) {
    database.execute(sql, parameters).expect("a row");
}

impl Till for Naive {
    fn start(&self, key: &str) -> String {
        let database = self.open();
        let sql = "SELECT number FROM payment WHERE key = ?1 LIMIT 1";
        let known = database.query_row(sql, [key], |row| row.get::<_, i64>(0));
        let number = known.optional().expect("an answer").unwrap_or_else(|| {
            let sql = "INSERT INTO payment (key, state) VALUES (?1, 'AUTHORIZED')";
            write(&database, sql, [key]);
            database.last_insert_rowid()
        });
        number.to_string()
    }

    fn capture(&self, id: &str, units: u32) -> String {
        if !self.is_authorized(id) {
            return "BAD_REQUEST".to_owned();
        }
        self.moves(id, "capture", units, "CAPTURED");
        "OK".to_owned()
    }

    fn cancel(&self, id: &str) -> String {
        if !self.is_authorized(id) {
            return "CANT_REFUND".to_owned();
        }
        self.moves(id, "cancel", 10, "CANCELLED");
        "CANCELLED".to_owned()
    }

    fn refund(&self, id: &str) -> String {
        if self.units(id, "refund") >= self.units(id, "capture") {
            return "ALREADY_REFUNDED".to_owned();
        }
        self.moves(id, "refund", 1, "PARTIALLY_REFUNDED");
        "REFUNDED".to_owned()
    }

    fn payments(&self) -> Vec<Payment> {
        let database = self.open();
        let mut statement = database
            .prepare("SELECT number, state FROM payment")
            .expect("a query");
        let rows = statement.query_map([], |row| {
            let id = row.get::<_, i64>(0)?.to_string();
            let sum = |kind| {
                let units = self.units(&id, kind);
                [units * 100, units * 10]
            };
            Ok(Payment {
                state: row.get(1)?,
                authorized: [1000, 100],
                captured: sum("capture"),
                refunded: sum("refund"),
                id,
            })
        });
        rows.expect("rows").map(|row| row.expect("a row")).collect()
    }
}
