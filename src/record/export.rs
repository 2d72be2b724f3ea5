//! What leaves the record for other programs and people: files in five formats, and what is copied.
//!
//! Pure: entries in, bytes out. Secrets are in none of them; of who the payers are see [`People`].

pub mod bundle;
pub mod curl;
pub mod har;
pub mod http;
pub mod httpie;
pub mod markdown;
mod masks;
mod named;
pub mod reopened;
mod row;
mod secrets;
#[cfg(test)]
mod tests;
mod words;

use jiff::Timestamp;

use super::{Entry, Transaction, exchanged::Exchanged};

pub use masks::People;
pub use row::row;

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// HTTP Archive 1.2.
    Har,
    /// A script for a POSIX shell.
    Curl,
    /// Requests and answers as HTTP/1.1 text.
    Http,
    /// A report for a colleague.
    Markdown,
    /// Everything that a console needs to show it again, the payers masked.
    Bundle,
}

impl Format {
    pub const ALL: [Self; 5] = [
        Self::Har,
        Self::Curl,
        Self::Http,
        Self::Markdown,
        Self::Bundle,
    ];

    pub const fn title(self) -> &'static str {
        match self {
            Self::Har => "HAR 1.2",
            Self::Curl => "curl script",
            Self::Http => "raw HTTP",
            Self::Markdown => "Markdown",
            Self::Bundle => "bundle",
        }
    }

    /// What it is good for.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Har => "every exchange, for HTTP tools",
            Self::Curl => "the calls once more, from a shell",
            Self::Http => "heads and bodies as text",
            Self::Markdown => "a report to read: sums, steps, bodies",
            Self::Bundle => "all of it, for `bango open FILE`",
        }
    }

    /// How it has the payers where they may be this. A bundle is for others to see, and masks them always.
    pub const fn people(self, allowed: People) -> People {
        match self {
            Self::Bundle => People::Masked,
            _ => allowed,
        }
    }

    pub const fn letter(self) -> char {
        match self {
            Self::Har => 'h',
            Self::Curl => 'c',
            Self::Http => 'r',
            Self::Markdown => 'm',
            Self::Bundle => 'b',
        }
    }

    /// Behind the last dot of a file's name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Har => "har",
            Self::Curl => "sh",
            Self::Http => "http",
            Self::Markdown => "md",
            Self::Bundle => "bango",
        }
    }
}

/// What is exported: entries in their order and the payments that they are about.
#[derive(Clone, Debug)]
pub struct Selection {
    pub entries: Vec<Entry>,
    pub transactions: Vec<Transaction>,
    pub made_at: Timestamp,
}

impl Selection {
    /// The file's bytes.
    pub fn write(mut self, format: Format, people: People) -> Vec<u8> {
        let people = format.people(people);
        let masks = masks::Masks::of(&self.entries, &self.transactions, people);
        self.entries.iter_mut().for_each(|entry| masks.entry(entry));
        self.transactions.iter_mut().for_each(|row| masks.row(row));
        let exchanges = Exchanged::all(&self.entries);
        match format {
            Format::Har => har::write(&exchanges),
            Format::Curl => curl::script(&exchanges).into_bytes(),
            Format::Http => http::write(&exchanges),
            Format::Markdown => {
                markdown::write(&self.transactions, &exchanges, self.made_at).into_bytes()
            }
            Format::Bundle => bundle::write(&self.entries, self.made_at),
        }
    }
}
