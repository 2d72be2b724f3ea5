//! A till that looks, and after a pause writes what follows from what it saw. Wrong on purpose.

use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use super::{Payment, Till};

/// Between looking and writing: 0 to 5 ms, as on the slow database.
fn pauses() {
    let random = getrandom::u32().expect("a random number");
    thread::sleep(Duration::from_micros((random % 5_000).into()));
}

#[derive(Default)]
pub struct Naive(Mutex<Vec<(String, Payment)>>);

impl Naive {
    /// The payments under their keys. Each look and each write is for itself.
    fn books(&self) -> MutexGuard<'_, Vec<(String, Payment)>> {
        self.0.lock().expect("nobody panicked over them")
    }

    fn looks(&self, id: &str) -> Payment {
        let payments = self.payments().into_iter();
        let mut named = payments.filter(|payment| payment.id == id);
        let seen = named.next().expect("a payment");
        pauses();
        seen
    }

    fn writes(&self, id: &str, write: impl FnOnce(&mut Payment)) {
        let mut books = self.books();
        let mut payments = books.iter_mut().map(|(_, payment)| payment);
        write(
            payments
                .find(|payment| payment.id == id)
                .expect("a payment"),
        );
    }
}

impl Till for Naive {
    fn start(&self, key: &str) -> String {
        let known = self.books().iter().find(|(other, _)| other == key).cloned();
        if let Some((_, payment)) = known {
            return payment.id;
        }
        pauses();
        let mut books = self.books();
        let id = books.len().to_string();
        let payment = Payment {
            id: id.clone(),
            state: "AUTHORIZED".to_owned(),
            authorized: [1000, 100],
            captured: [0, 0],
            refunded: [0, 0],
        };
        books.push((key.to_owned(), payment));
        id
    }

    fn capture(&self, id: &str, units: u32) -> String {
        if self.looks(id).state != "AUTHORIZED" {
            return "BAD_REQUEST".to_owned();
        }
        self.writes(id, |payment| {
            payment.state = String::from("CAPTURED");
            payment.captured = [units * 100, units * 10];
        });
        "OK".to_owned()
    }

    fn cancel(&self, id: &str) -> String {
        if self.looks(id).state != "AUTHORIZED" {
            return "CANT_REFUND".to_owned();
        }
        self.writes(id, |payment| payment.state = String::from("CANCELLED"));
        "CANCELLED".to_owned()
    }

    fn refund(&self, id: &str) -> String {
        let seen = self.looks(id);
        if seen.refunded == seen.captured {
            return "ALREADY_REFUNDED".to_owned();
        }
        self.writes(id, |payment| {
            let [gross, tax] = payment.refunded;
            payment.refunded = [gross + 100, tax + 10];
        });
        "REFUNDED".to_owned()
    }

    fn payments(&self) -> Vec<Payment> {
        let books = self.books();
        books.iter().map(|(_, payment)| payment.clone()).collect()
    }
}
