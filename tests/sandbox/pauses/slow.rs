//! The sandbox on a database that takes its time.

use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Payment, Till};
use crate::control::{get, post};
use crate::harness::{Answer, Sandbox, amounts, payment};

pub struct Slow {
    sandbox: Sandbox,
    user: String,
    folder: TempDir,
}

impl Slow {
    pub fn start() -> Self {
        let till = Self::without_pauses();
        till.asks(|database| {
            database.execute_batch(
                "CREATE TRIGGER slow_start BEFORE INSERT ON payment
                    WHEN NOT EXISTS (SELECT 1 FROM payment WHERE number = NEW.number)
                    BEGIN INSERT INTO paused SELECT steps FROM pause; END;
                 CREATE TRIGGER slow_movement BEFORE INSERT ON movement
                    BEGIN INSERT INTO paused SELECT steps FROM pause; END;",
            )
        });
        till
    }

    /// The same but for the triggers, which have each new payment and each movement of money pause.
    pub fn without_pauses() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let sandbox = Sandbox::on(&folder.path().join("sandbox.db"));
        let number = json!({"msisdn": "447710900120"});
        let user = post(&sandbox, "users", &number).text_at("/bangoUserId");
        let till = Self {
            sandbox,
            user,
            folder,
        };
        // 16,000 steps take some 5 ms. Whoever paused leaves behind how many it took.
        till.asks(|database| {
            database.execute_batch(
                "CREATE TABLE paused (steps INTEGER NOT NULL);
                 CREATE VIEW pause AS
                    WITH RECURSIVE step (left) AS (
                        SELECT (random() & 65535) % 16000 UNION ALL
                        SELECT left - 1 FROM step WHERE left > 0)
                    SELECT count(*) AS steps FROM step;",
            )
        });
        till
    }

    /// How many payments and movements there are, and how many steps each pause took that came before one.
    pub fn written_and_pauses(&self) -> (u32, Vec<u32>) {
        self.asks(|database| {
            let written = "SELECT (SELECT count(*) FROM payment) + (SELECT count(*) FROM movement)";
            let written: u32 = database.query_row(written, [], |row| row.get(0))?;
            let mut pauses = database.prepare("SELECT steps FROM paused")?;
            let pauses = pauses.query_map([], |row| row.get(0))?;
            Ok((written, pauses.collect::<Result<_, _>>()?))
        })
    }

    /// Has something done to the sandbox's file.
    fn asks<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> T {
        let file = self.folder.path().join("sandbox.db");
        let database = Connection::open(file).expect("the sandbox's file");
        ask(&database).expect("it can be done")
    }
}

fn part(units: u32) -> Value {
    amounts(
        &format!("{units}.00"),
        &format!("{}.{}0", units / 10, units % 10),
    )
}

fn code(answer: &Answer) -> String {
    answer.text_at("/responseCode")
}

impl Till for Slow {
    fn start(&self, key: &str) -> String {
        let body = payment(&self.user, key, "10.00", "1.00");
        self.sandbox.authorize(&body).text_at("/transactionId")
    }

    fn capture(&self, id: &str, units: u32) -> String {
        code(&self.sandbox.capture_with(id, &part(units)))
    }

    fn cancel(&self, id: &str) -> String {
        code(&self.sandbox.delete_with(id, &part(10)))
    }

    fn refund(&self, id: &str) -> String {
        code(&self.sandbox.delete_with(id, &part(1)))
    }

    fn payments(&self) -> Vec<Payment> {
        let state = get(&self.sandbox, "state?limit=1000");
        let payments = state["payments"].as_array().expect("a list").iter();
        payments.map(read).collect()
    }
}

fn read(payment: &Value) -> Payment {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let sum = |name: &str| {
        ["gross", "tax"].map(|part| {
            let digits = text(&payment[name][part]).replace('.', "");
            digits.parse().expect("an amount")
        })
    };
    Payment {
        id: text(&payment["transactionId"]),
        state: text(&payment["state"]),
        authorized: sum("authorized"),
        captured: sum("captured"),
        refunded: sum("refunded"),
    }
}
