//! What a row can be found by, in one short text that is kept beside it.
//!
//! A filter looks at these texts alone, never at a row or a body: ten thousand of them are a few
//! megabytes.

use crate::api::Msisdn;
use crate::api::ids::{BangoUserId, ExternalTransactionId, SessionId, TransactionId};
use crate::record::Origin;
use crate::record::line::{End, Line, Marks, What};
use crate::record::session::{self, Session};
use crate::record::transaction::{State, Status, Transaction};

use super::Key;

/// Between two fields, and between two values of one.
const FIELD: char = '\u{1f}';
const VALUE: char = '\u{1e}';

/// One field for each key, and one for what can only be searched as text.
const FIELDS: usize = Key::ALL.len() + 1;
const MORE: usize = FIELDS - 1;

/// What one row can be found by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts([String; FIELDS]);

/// The same, read where it stands.
#[derive(Clone, Copy, Debug)]
pub struct View<'a>([&'a str; FIELDS]);

/// The ids that an entry names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Named<'a> {
    pub transaction: Option<&'a str>,
    pub session: Option<&'a str>,
    pub external: Option<&'a str>,
    pub user: Option<&'a str>,
    pub code: Option<&'a str>,
}

impl Facts {
    /// `method` is the key by which its payer was identified.
    pub fn of_transaction(transaction: &Transaction, method: Option<&str>) -> Self {
        let mut facts = Self::default();
        let status = transaction.status();
        facts.add(Key::State, status.word());
        if status == Status::Differs {
            facts.add(Key::State, transaction.believed().word());
        }
        if status == Status::Unrecognised {
            facts.add(Key::State, "strange");
        }
        if transaction.expired {
            facts.add(Key::State, "expired");
        }
        if let Some(last) = &transaction.last {
            facts.add(Key::Code, last.code.as_str());
        }
        if let State::Refused { code } = &transaction.state {
            facts.add(Key::Code, code.as_str());
        }
        facts.add_some(Key::Msisdn, transaction.msisdn.as_ref().map(Msisdn::as_str));
        facts.add_some(Key::User, transaction.user().map(BangoUserId::as_str));
        facts.add_some(Key::Method, method);
        if let Some(price) = &transaction.asked.price {
            facts.add(Key::Amount, &price.gross.to_string());
            facts.add(Key::Currency, price.currency.as_str());
        }
        let external = transaction.external().map(ExternalTransactionId::as_str);
        facts.add_some(Key::Ext, external);
        if let State::Captured(captured) = &transaction.state {
            for refund in captured.refunds() {
                let external = refund.external.as_ref().map(ExternalTransactionId::as_str);
                facts.add_some(Key::Ext, external);
            }
        }
        facts.add_some(Key::Id, transaction.id.as_ref().map(TransactionId::as_str));
        let item = transaction.item();
        facts.add_some(Key::Id, item.external_payment_item_id.as_deref());
        facts.add_origin(transaction.key.0);
        facts.add_more(item.name.as_deref());
        facts.begun(transaction.created_at);
        facts
    }

    pub fn of_session(session: &Session) -> Self {
        let mut facts = Self::default();
        facts.add(Key::State, session.state.word());
        let failed = match &session.state {
            session::State::Failed { code } => Some(code),
            _ => session.last.as_ref(),
        };
        facts.add_some(Key::Code, failed.map(crate::api::ResponseCode::as_str));
        facts.add_some(Key::Msisdn, session.msisdn.as_ref().map(Msisdn::as_str));
        facts.add_some(Key::User, session.user().map(BangoUserId::as_str));
        facts.add_some(Key::Method, session.method_key.as_deref());
        facts.add_some(Key::Id, session.id.as_ref().map(SessionId::as_str));
        facts.add_origin(session.key.0);
        facts.add_more(session.user_status.as_deref());
        facts.begun(session.created_at);
        facts
    }

    /// What a line says itself; the rest is its payment's or identification's.
    pub fn of_line(line: &Line, named: Named<'_>) -> Self {
        let mut facts = Self::default();
        facts.add_some(Key::Code, named.code);
        facts.add_some(Key::User, named.user);
        facts.add_some(Key::Ext, named.external);
        facts.add_some(Key::Id, named.transaction);
        facts.add_some(Key::Id, named.session);
        if let What::Sent { call, .. } | What::Ended { call, .. } = &line.what {
            facts.add(Key::Id, &call.0.to_string());
        }
        for words in words(&line.what) {
            facts.add_more(Some(&words));
        }
        facts.begun(line.at);
        facts
    }

    /// As it is kept.
    pub fn encode(&self) -> String {
        self.0.join("\u{1f}")
    }

    pub fn view(&self) -> View<'_> {
        View(self.0.each_ref().map(String::as_str))
    }

    fn add(&mut self, key: Key, value: &str) {
        self.put(key as usize, value);
    }

    fn add_some(&mut self, key: Key, value: Option<&str>) {
        if let Some(value) = value {
            self.add(key, value);
        }
    }

    fn add_more(&mut self, value: Option<&str>) {
        if let Some(value) = value {
            self.put(MORE, value);
        }
    }

    fn add_origin(&mut self, origin: Origin) {
        if let Origin::Call(call) = origin {
            self.add(Key::Id, &call.0.to_string());
        }
    }

    fn begun(&mut self, at: jiff::Timestamp) {
        self.add(Key::Since, &at.as_microsecond().to_string());
    }

    fn put(&mut self, field: usize, value: &str) {
        let field = &mut self.0[field];
        if !field.is_empty() {
            field.push(VALUE);
        }
        let plain = value.chars().filter(|c| !matches!(*c, FIELD | VALUE));
        field.extend(plain.flat_map(char::to_lowercase));
    }
}

impl<'a> View<'a> {
    /// Reads what was kept. What is missing is empty.
    pub fn of(encoded: &'a str) -> Self {
        let mut fields = encoded.split(FIELD);
        Self(std::array::from_fn(|_| fields.next().unwrap_or_default()))
    }

    /// Whether one of the values of a key holds. Any id is one of several keys.
    pub fn any(self, key: Key, holds: impl Fn(&str) -> bool) -> bool {
        let keys: &[Key] = match key {
            Key::Id => &[Key::Id, Key::Ext, Key::User],
            _ => &[key],
        };
        keys.iter()
            .map(|key| self.0[*key as usize])
            .filter(|field| !field.is_empty())
            .any(|field| field.split(VALUE).any(&holds))
    }

    /// Whether `text` stands anywhere that can be read on the screen.
    pub fn says(self, text: &str) -> bool {
        let mut fields = self.0.iter().enumerate();
        fields.any(|(at, field)| at != Key::Since as usize && field.contains(text))
    }

    /// The same without what is said of the whole and not of each of its lines.
    pub fn is_named_or_says(self, text: &str) -> bool {
        let mut fields = self.0.iter().enumerate();
        fields.any(|(at, field)| {
            let is_of_the_whole = [Key::State, Key::Code, Key::Since]
                .iter()
                .any(|key| at == *key as usize);
            !is_of_the_whole && field.contains(text)
        })
    }
}

/// What the timeline says of a line, its code apart.
fn words(what: &What) -> Vec<String> {
    let mut words = vec![];
    match what {
        What::Sent {
            operation, marks, ..
        } => {
            words.push(operation.name().to_owned());
            marked(*marks, &mut words);
        }
        What::Ended {
            operation,
            end,
            marks,
            ..
        } => {
            words.push(operation.name().to_owned());
            match end {
                End::Answered { status, .. } => words.push(status.to_string()),
                End::Cut { .. } => words.push("unknown".to_owned()),
                End::NotSent { .. } => words.push("not sent".to_owned()),
            }
            marked(*marks, &mut words);
        }
        What::Exchange {
            operation,
            method,
            status,
            marks,
            ..
        } => {
            words.extend(operation.map(|operation| operation.name().to_owned()));
            words.extend([method.clone(), status.to_string()]);
            marked(*marks, &mut words);
        }
        What::Page { title, action } => {
            words.push(title.clone());
            words.extend(action.clone());
        }
        What::Identified => words.push("identified".to_owned()),
        What::Finished { .. } => words.push("finished".to_owned()),
        What::Expired => words.push("expired".to_owned()),
        What::Notified { .. } => words.push("notified".to_owned()),
        What::Reset => words.push("reset".to_owned()),
        What::Missed { .. } => words.push("missed".to_owned()),
        What::Callback { .. } => words.push("callback".to_owned()),
        What::Notification { .. } => words.push("notification notified".to_owned()),
        What::Remark { text } => words.push(text.clone()),
        What::Inbox { name } | What::Unknown { name } => words.push(name.clone()),
    }
    words
}

fn marked(marks: Marks, words: &mut Vec<String>) {
    if marks.stub {
        words.push("stub".to_owned());
    }
    if marks.replayed {
        words.push("again".to_owned());
    }
}
