//! What can be copied of the selected thing, exactly as it is.

use std::fmt;

use crate::exchange::Outcome;
use crate::record::export::{curl, http, httpie, markdown, row};
use crate::record::transaction::State as Payment;
use crate::record::{Session, Transaction};
use crate::text::Foreign;

use super::inspector::Shown;
use super::menu::{Does, Item, Menu};
use super::state::{Pane, State, Subject};

/// What goes to the clipboard, byte for byte. It may be a secret, so it is not shown by `{:?}`.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl From<&str> for Bytes {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

/// Bytes of bodies up to which a report is made when the menu opens: longer ones are for a file.
const LONGEST_REPORT: usize = 256 * 1024;

/// The popup under `y`; `None` where there is nothing to copy. The main id comes first and has the
/// letter `y`, so that `yy` copies it.
pub fn menu(state: &State) -> Option<Menu> {
    let mut items = match state.subject {
        Subject::Session => state
            .sessions
            .selected()
            .map(of_session)
            .unwrap_or_default(),
        Subject::Transaction => state
            .transactions
            .selected()
            .map(of_transaction)
            .unwrap_or_default(),
    };
    items.extend(of_row(state));
    items.extend(
        state
            .inspector
            .shown
            .iter()
            .flat_map(|shown| of_exchange(shown)),
    );
    if state.endpoint.exports().is_some() {
        items.push(Item {
            letter: 'e',
            label: "shell exports",
            note: "the address and credentials, for your own program".to_owned(),
            enabled: true,
            does: Does::CopyExports,
        });
    }
    (!items.is_empty()).then(|| Menu::new("Copy", items, 0))
}

/// The row of the body that the cursor is on.
fn of_row(state: &State) -> Vec<Item> {
    let row = (state.focus == Pane::Inspector)
        .then(|| state.inspector.under_cursor())
        .flatten();
    let Some((path, value)) = row else {
        return Vec::new();
    };
    let mut items = vec![bytes_item('v', "value", value)];
    items.extend(item('j', "path (jq)", path.as_deref()));
    items
}

fn of_session(session: &Session) -> Vec<Item> {
    let id = session.id.as_ref().map(crate::api::ids::SessionId::as_str);
    let mut items = Vec::new();
    if let Some(user) = session.user() {
        items.extend(item('y', "payer id", Some(user.as_str())));
        items.extend(item('s', "session id", id));
    } else {
        items.extend(item('y', "session id", id));
    }
    items.extend(item(
        'm',
        "number",
        session.msisdn.as_ref().map(crate::api::ids::Msisdn::as_str),
    ));
    items.extend(item('p', "page address", session.url()));
    items
}

fn of_transaction(transaction: &Transaction) -> Vec<Item> {
    let external = transaction
        .external()
        .map(crate::api::ids::ExternalTransactionId::as_str);
    let mut items = Vec::new();
    if let Some(id) = &transaction.id {
        items.extend(item('y', "transaction id", Some(id.as_str())));
        items.extend(item('x', "external id", external));
    } else {
        items.extend(item('y', "external id", external));
    }
    items.extend(item(
        'u',
        "payer id",
        transaction.user().map(crate::api::ids::BangoUserId::as_str),
    ));
    items.extend(item(
        'm',
        "number",
        transaction
            .msisdn
            .as_ref()
            .map(crate::api::ids::Msisdn::as_str),
    ));
    items.extend(item(
        'i',
        "item id",
        transaction.item().external_payment_item_id.as_deref(),
    ));
    if let Ok(row) = serde_json::to_vec_pretty(&row(transaction)) {
        items.push(bytes_item('w', "row as JSON", row));
    }
    if let Payment::WaitingForPayer { url } = &transaction.state {
        items.extend(item('p', "page address", url.as_deref()));
    }
    items
}

fn of_exchange(shown: &Shown) -> Vec<Item> {
    let mut items = Vec::new();
    if !shown.arrived {
        let command = curl::command(&shown.request);
        items.push(bytes_item('c', "curl command", command.into_bytes()));
        let command = httpie::command(&shown.request);
        items.extend(item('t', "HTTPie command", command.as_deref()));
    }
    if !shown.request.body.is_empty() {
        items.push(bytes_item(
            'q',
            "request body",
            shown.request.body.kept.clone(),
        ));
    }
    if let Some(Outcome::Answered { response, .. }) = &shown.outcome
        && !response.body.is_empty()
    {
        items.push(bytes_item('r', "response body", response.body.kept.clone()));
    }
    let outcome = shown.outcome.as_ref();
    let answered = match outcome {
        Some(Outcome::Answered { response, .. }) => response.body.kept.len(),
        _ => 0,
    };
    if shown.request.body.kept.len() + answered <= LONGEST_REPORT {
        let raw = http::exchange(&shown.request, outcome);
        items.push(bytes_item('h', "raw HTTP", raw));
        let report = markdown::exchange(&shown.request, outcome);
        items.push(bytes_item('d', "Markdown", report.into_bytes()));
    }
    items
}

fn item(letter: char, what: &'static str, value: Option<&str>) -> Option<Item> {
    value.map(|value| bytes_item(letter, what, value.as_bytes().to_vec()))
}

fn bytes_item(letter: char, what: &'static str, bytes: Vec<u8>) -> Item {
    // Enough to recognise a body by; the popup elides the rest.
    let preview = &bytes[..bytes.len().min(400)];
    let preview: Vec<u8> = preview
        .iter()
        .map(|byte| if *byte == b'\n' { b' ' } else { *byte })
        .collect();
    Item {
        letter,
        label: what,
        note: Foreign::new(preview).screen_text(),
        enabled: true,
        does: Does::Copy {
            what,
            bytes: Bytes(bytes),
        },
    }
}
