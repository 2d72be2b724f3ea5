//! The popup in which an export is put together: what, and as which kind of file.

use crate::api::{ExternalTransactionId, SessionId, TransactionId};
use crate::record::export::{Format, People};
use crate::record::{SessionKey, Transaction, TransactionKey};
use crate::text::Foreign;

use super::inspector::Wanted;
use super::state::{Pane, State, Subject};

/// Characters of the longest name that a file is given, without what follows the dot.
const LONGEST_NAME: usize = 60;

/// What can be exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Exchange(Wanted),
    Transaction(TransactionKey),
    Session(SessionKey),
    /// These payments.
    Listed(Vec<TransactionKey>),
}

/// An export that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub what: What,
    pub format: Format,
    pub people: People,
    /// The file's name up to its dot: letters, digits, `-`, `_` and `.` only.
    pub name: String,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub name: String,
    pub folder: String,
    pub bytes: u64,
}

/// One row of the popup.
#[derive(Clone, Debug)]
pub struct Scope {
    pub label: &'static str,
    /// Which one, safe on a screen.
    pub note: String,
    what: What,
    name: String,
}

#[derive(Clone, Debug)]
pub struct Export {
    pub scopes: Vec<Scope>,
    pub scope: usize,
    pub format: Format,
    /// Test payers are nobody: those of another endpoint than ours may be somebody.
    pub people: People,
}

impl Export {
    /// `None` where there is nothing to export yet. The cursor is on what has the focus.
    pub fn new(state: &State) -> Option<Self> {
        let mut scopes = Vec::new();
        scopes.extend(selected(state));
        scopes.extend(exchange(state));
        scopes.extend(listed(state));
        let at_exchange = matches!(state.focus, Pane::Inspector | Pane::Timeline);
        let scope = scopes
            .iter()
            .position(|scope| at_exchange && matches!(scope.what, What::Exchange(_)))
            .unwrap_or(0);
        (!scopes.is_empty()).then_some(Self {
            scopes,
            scope,
            format: Format::Har,
            people: if state.endpoint.kind.is_remote() {
                People::Masked
            } else {
                People::Named
            },
        })
    }

    pub fn step(&mut self, by: isize) {
        let count = self.scopes.len();
        self.scope = (self.scope + count).saturating_add_signed(by) % count;
    }

    pub fn turn(&mut self, by: isize) {
        let count = Format::ALL.len();
        let at = Format::ALL
            .iter()
            .position(|format| *format == self.format)
            .unwrap_or(0);
        self.format = Format::ALL[(at + count).saturating_add_signed(by) % count];
    }

    /// The name that the file will have, where no other has it.
    pub fn file(&self) -> Option<String> {
        let scope = self.scopes.get(self.scope)?;
        Some(format!("{}.{}", scope.name, self.format.extension()))
    }

    /// The order, as it stands or, where a letter names it, in another format.
    pub fn order(&self, letter: Option<char>) -> Option<Order> {
        let format = match letter {
            Some(letter) => *Format::ALL
                .iter()
                .find(|format| format.letter() == letter.to_ascii_lowercase())?,
            None => self.format,
        };
        let scope = self.scopes.get(self.scope)?;
        Some(Order {
            what: scope.what.clone(),
            format,
            people: self.people,
            name: scope.name.clone(),
        })
    }
}

fn selected(state: &State) -> Option<Scope> {
    match state.subject {
        Subject::Transaction => state.transactions.selected().map(|transaction| Scope {
            label: "this payment",
            note: note(&format!(
                "{}, {}",
                id_of(transaction),
                transaction.status().word()
            )),
            what: What::Transaction(transaction.key),
            name: name(id_of(transaction), "payment"),
        }),
        Subject::Session => state.sessions.selected().map(|session| {
            let id = session.id.as_ref().map_or("", SessionId::as_str);
            Scope {
                label: "this identification",
                note: note(&format!("{id} {}", session.state.word())),
                what: What::Session(session.key),
                name: name(&format!("session-{id}"), "session"),
            }
        }),
    }
}

fn exchange(state: &State) -> Option<Scope> {
    let request = &state.inspector.shown.as_ref()?.request;
    let wanted = state.inspector.wanted?;
    let path = request
        .url
        .rsplit_once("/v5/")
        .map_or(request.url.as_str(), |(_, path)| path);
    Some(Scope {
        label: "this exchange",
        note: note(&format!("{} {path}", request.method)),
        what: What::Exchange(wanted),
        name: name(
            &format!("{}-{path}", request.method.to_ascii_lowercase()),
            "exchange",
        ),
    })
}

fn listed(state: &State) -> Option<Scope> {
    let rows = &state.transactions.rows;
    let more = if state.transactions.before || state.transactions.after {
        " around the selected one"
    } else {
        ""
    };
    (!rows.is_empty()).then(|| Scope {
        label: "every payment listed",
        note: format!("{}{more}", rows.len()),
        what: What::Listed(rows.iter().map(|row| row.key).collect()),
        name: "payments".to_owned(),
    })
}

fn id_of(transaction: &Transaction) -> &str {
    let external = transaction.external().map(ExternalTransactionId::as_str);
    let id = transaction.id.as_ref().map(TransactionId::as_str);
    external.or(id).unwrap_or("without an id")
}

fn note(text: &str) -> String {
    Foreign::from(text).screen_text()
}

/// A file's name made of foreign text: no other folder, no hidden file, no option of a command.
fn name(text: &str, otherwise: &str) -> String {
    let safe = |character: char| {
        let is_safe = character.is_ascii_alphanumeric() || "-_.".contains(character);
        if is_safe { character } else { '-' }
    };
    let name: String = text.chars().map(safe).take(LONGEST_NAME).collect();
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() { otherwise } else { name }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_foreign_text_leads_out_of_the_folder() {
        for (text, expected) in [
            ("t-7f3k-02", "t-7f3k-02"),
            ("../../etc/passwd", "etc-passwd"),
            ("-rf", "rf"),
            (".bashrc", "bashrc"),
            ("a b/c\u{202e}\n", "a-b-c"),
            ("\u{6f22}", "payment"),
            ("", "payment"),
        ] {
            assert_eq!(name(text, "payment"), expected, "{text}");
        }
        assert_eq!(name(&"x".repeat(500), "payment").len(), LONGEST_NAME);
    }
}
