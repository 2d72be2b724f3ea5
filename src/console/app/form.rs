//! The forms: what a call will say, editable and checked while typing.
//!
//! A form knows the rules that the API documents for its fields and names the one that is broken; a
//! form with no problem becomes exactly one call. The same body can be written as JSON, and what would be
//! refused can be sent all the same, to see how.

pub mod adjust;
pub mod authorize;
mod body;
pub mod identify;
#[cfg(test)]
mod tests;
mod written;

use serde_json::Value;

use crate::api::{Call, Operation, Stub};
use crate::config::Kind;
use crate::exchange::CallId;
use crate::money::{Amount, Currency};
use crate::record::draft::Draft;

use super::editor::{Editor, TextEditor};
use super::input::Key;

/// What a form sends, and what it has to respect.
#[derive(Clone, Debug)]
pub enum Purpose {
    Identify,
    Authorize,
    Capture(adjust::Target),
    Refund(adjust::Target),
    /// Any other call: it has a body and no fields.
    Draft(Box<Draft>),
}

/// The fields of all forms, by what they mean on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    Number,
    MethodKey,
    CountryCode,
    NetworkCode,
    SendsSms,
    ThirdPartyUser,
    MerchantReference,
    User,
    Gross,
    Tax,
    Currency,
    External,
    ItemName,
    ItemDescription,
    ItemCategory,
    ItemExternal,
    Submerchant,
    CallbackUrl,
    NotificationUrl,
}

impl Name {
    pub const ALL: &[Self] = &[
        Self::Number,
        Self::MethodKey,
        Self::CountryCode,
        Self::NetworkCode,
        Self::SendsSms,
        Self::ThirdPartyUser,
        Self::MerchantReference,
        Self::User,
        Self::Gross,
        Self::Tax,
        Self::Currency,
        Self::External,
        Self::ItemName,
        Self::ItemDescription,
        Self::ItemCategory,
        Self::ItemExternal,
        Self::Submerchant,
        Self::CallbackUrl,
        Self::NotificationUrl,
    ];

    pub const fn label(self) -> &'static str {
        match self {
            Self::Number => "Number",
            Self::MethodKey => "Method key",
            Self::CountryCode => "mcc",
            Self::NetworkCode => "mnc",
            Self::SendsSms => "Can send SMS",
            Self::ThirdPartyUser => "Your user id",
            Self::MerchantReference => "App store id",
            Self::User => "Payer",
            Self::Gross => "Amount",
            Self::Tax => "Tax included",
            Self::Currency => "Currency",
            Self::External => "External id",
            Self::ItemName => "Item",
            Self::ItemDescription => "Description",
            Self::ItemCategory => "Category",
            Self::ItemExternal => "Item id",
            Self::Submerchant => "Submerchant",
            Self::CallbackUrl => "Callback",
            Self::NotificationUrl => "Notification",
        }
    }

    /// The member of the request, for the sentence that says what is wrong.
    pub const fn member(self) -> &'static str {
        match self {
            Self::Number => "the number",
            Self::MethodKey => "identificationMethodKey",
            Self::CountryCode => "mcc",
            Self::NetworkCode => "mnc",
            Self::SendsSms => "deviceCapabilitySendSms",
            Self::ThirdPartyUser => "thirdPartyUserId",
            Self::MerchantReference => "merchantReferenceKey",
            Self::User => "bangoUserId",
            Self::Gross => "grossAmount",
            Self::Tax => "taxAmount",
            Self::Currency => "currencyIso3",
            Self::External => "externalTransactionId",
            Self::ItemName => "itemName",
            Self::ItemDescription => "itemDescription",
            Self::ItemCategory => "itemCategory",
            Self::ItemExternal => "externalPaymentItemId",
            Self::Submerchant => "submerchantReferenceKey",
            Self::CallbackUrl => "callbackUrl",
            Self::NotificationUrl => "notificationUrl",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Field {
    pub name: Name,
    pub editor: Editor,
    /// Whether the user has changed it.
    pub touched: bool,
}

/// What the API would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub at: Place,
    /// A whole sentence without its full stop.
    pub words: String,
}

/// Where a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Field(Name),
    /// In the body written by hand, from 1, the column in characters.
    Text {
        line: usize,
        column: usize,
    },
}

impl Problem {
    fn new(field: Name, rule: impl std::fmt::Display) -> Self {
        Self {
            at: Place::Field(field),
            words: format!("{} {rule}", field.member()),
        }
    }
}

/// An open form.
#[derive(Clone, Debug)]
pub struct Form {
    pub purpose: Purpose,
    /// The id that the call will have: our callback addresses are made from it.
    pub call: CallId,
    pub fields: Vec<Field>,
    /// The field with the cursor.
    pub selected: usize,
    /// Whether sending was tried: an empty field is called wrong only then.
    pub tried: bool,
    /// The answer that the call will name itself.
    pub stub: Option<Stub>,
    /// What the fields are written into.
    document: Value,
    /// The body as a text, while that is looked at or what counts.
    written: Option<Written>,
}

/// A body written by hand.
#[derive(Clone, Debug)]
struct Written {
    editor: TextEditor,
    /// Whether it is what is seen.
    open: bool,
    /// Whether it was changed: then it counts, and the fields only show it.
    counts: bool,
}

/// What a new form is filled with.
#[derive(Clone, Debug)]
pub struct Prefill {
    pub call: CallId,
    /// A fresh external id.
    pub external: String,
    /// Where our listener can be reached, without a final slash. `None` while it is not there.
    pub listener: Option<String>,
    /// Whether notifications reach it.
    pub is_notified: bool,
    pub kind: Kind,
}

impl Prefill {
    fn callback(&self) -> String {
        self.address("callback").unwrap_or_default()
    }

    /// Empty where it would never come.
    fn notification(&self) -> String {
        let address = self.address("notification");
        address.filter(|_| self.is_notified).unwrap_or_default()
    }

    fn address(&self, path: &str) -> Option<String> {
        let base = self.listener.as_ref()?;
        Some(format!("{base}/{path}/{}", self.call.key()))
    }
}

impl Form {
    fn new(purpose: Purpose, call: CallId, fields: Vec<(Name, String)>) -> Self {
        let fields = fields
            .into_iter()
            .map(|(name, value)| Field {
                name,
                editor: Editor::new(&value),
                touched: false,
            })
            .collect();
        let document = body::template(&purpose);
        let mut form = Self {
            purpose,
            call,
            fields,
            selected: 0,
            tried: false,
            stub: None,
            document,
            written: None,
        };
        if let Some(first) = form.fields.first_mut() {
            first.editor.enter();
        }
        form
    }

    /// The form for a draft, its body as it stands. Where the operation has a form of its own it is that
    /// one, and the body can be taken into its fields.
    pub fn of_draft(draft: Draft, own: Option<Self>, call: CallId) -> Option<Self> {
        let text = String::from_utf8(draft.body.clone().unwrap_or_default()).ok()?;
        let stub = draft.stub.clone();
        let mut form =
            own.unwrap_or_else(|| Self::new(Purpose::Draft(Box::new(draft)), call, vec![]));
        form.stub = stub;
        form.write_anew(&text);
        Some(form)
    }

    pub fn title(&self) -> &'static str {
        match self.purpose {
            Purpose::Identify => "Identify a payer",
            Purpose::Authorize => "Authorize a payment",
            Purpose::Capture(_) => "Capture",
            Purpose::Refund(_) => "Refund",
            Purpose::Draft(_) => "Edit and send",
        }
    }

    /// What the send key says.
    pub fn verb(&self) -> &'static str {
        match self.purpose {
            Purpose::Identify => "identify",
            Purpose::Authorize => "authorize",
            Purpose::Capture(_) => "capture",
            Purpose::Refund(_) => "refund",
            Purpose::Draft(_) => "send",
        }
    }

    /// The label of a field in this form: a refund has an id of its own.
    pub fn label(&self, name: Name) -> &'static str {
        match (&self.purpose, name) {
            (Purpose::Refund(_), Name::External) => "Refund's id",
            _ => name.label(),
        }
    }

    /// What its amount reads as.
    pub fn gross(&self) -> Option<Amount> {
        self.amount(Name::Gross).ok()
    }

    pub fn value(&self, name: Name) -> &str {
        self.fields
            .iter()
            .find(|field| field.name == name)
            .map_or("", |field| field.editor.value())
    }

    /// Whether the call names itself by an external id: then the next form gets another one.
    pub fn has_external(&self) -> bool {
        !self.value(Name::External).is_empty()
    }

    /// Moves the cursor to another field, round the ends.
    pub fn step(&mut self, by: isize) {
        let count = self.fields.len();
        if count == 0 {
            return;
        }
        self.go_to((self.selected + count).saturating_add_signed(by) % count);
    }

    pub fn go_to(&mut self, field: usize) {
        self.fields[self.selected].editor.leave();
        self.selected = field;
        self.fields[self.selected].editor.enter();
    }

    /// Takes a key that edits; `page` is how many lines of a text are seen.
    pub fn key(&mut self, key: Key, page: usize) {
        if self.is_text() {
            self.write(|editor| editor.key(key, page));
        } else {
            self.edit(|editor| {
                editor.key(key);
            });
        }
    }

    pub fn paste(&mut self, text: &str) {
        if self.is_text() {
            self.write(|editor| editor.paste(text));
        } else {
            self.edit(|editor| editor.paste(text));
        }
    }

    fn edit(&mut self, change: impl FnOnce(&mut Editor)) {
        let field = &mut self.fields[self.selected];
        let before = field.editor.value().to_owned();
        change(&mut field.editor);
        if field.editor.value() != before {
            field.touched = true;
            self.fields_count();
            if let Purpose::Capture(target) | Purpose::Refund(target) = &self.purpose {
                let tax = adjust::tax_that_follows(self, target);
                self.set_untouched(Name::Tax, tax);
            }
        }
    }

    fn set_untouched(&mut self, name: Name, value: Option<String>) {
        let field = self
            .fields
            .iter_mut()
            .find(|field| field.name == name && !field.touched);
        if let (Some(field), Some(value)) = (field, value) {
            field.editor.set(&value);
        }
    }

    /// Everything the API would refuse, in the order of the fields.
    pub fn problems(&self) -> Vec<Problem> {
        match self.as_fields() {
            Ok(None) => self.field_problems(),
            Ok(Some(read)) => read.field_problems(),
            Err(problem) => vec![problem],
        }
    }

    fn field_problems(&self) -> Vec<Problem> {
        match &self.purpose {
            Purpose::Identify => identify::problems(self),
            Purpose::Authorize => authorize::problems(self),
            Purpose::Capture(target) => adjust::capture_problems(self, target),
            Purpose::Refund(target) => adjust::refund_problems(self, target),
            Purpose::Draft(_) => vec![],
        }
    }

    /// The problem to show now: the selected field's, else the first. An empty field is no mistake
    /// before sending was tried.
    pub fn shown_problem(&self) -> Option<Problem> {
        let problems: Vec<_> = self
            .problems()
            .into_iter()
            .filter(|problem| match problem.at {
                Place::Field(name) => self.is_text() || self.tried || !self.value(name).is_empty(),
                Place::Text { .. } => true,
            })
            .collect();
        let selected = self.fields.get(self.selected);
        let here = selected.map(|field| Place::Field(field.name));
        problems
            .iter()
            .find(|problem| Some(problem.at) == here)
            .or(problems.first())
            .cloned()
    }

    /// The call that the form describes. With problems there is none, unless the answer does not depend
    /// on the body, and the cursor goes to the first of them.
    pub fn submit(&mut self) -> Option<Call> {
        self.tried = true;
        match self.problems().first() {
            Some(problem) if self.stub.is_none() => {
                self.go_to_problem(problem.at);
                None
            }
            _ => Some(self.as_it_stands()),
        }
    }

    /// The call as it stands, right or wrong.
    pub fn as_it_stands(&self) -> Call {
        let id = match &self.purpose {
            Purpose::Identify | Purpose::Authorize => None,
            Purpose::Capture(target) | Purpose::Refund(target) => Some(target.transaction.as_str()),
            Purpose::Draft(draft) => draft.id.as_deref(),
        };
        Call::new(self.operation(), id, self.body()).answered_by(self.stub.clone())
    }

    pub fn operation(&self) -> Operation {
        match &self.purpose {
            Purpose::Identify => Operation::Identify,
            Purpose::Authorize => Operation::Authorize,
            Purpose::Capture(_) => Operation::Capture,
            Purpose::Refund(_) => Operation::Refund,
            Purpose::Draft(draft) => draft.operation,
        }
    }

    fn go_to_problem(&mut self, at: Place) {
        match at {
            Place::Text { line, column } => self.put_cursor(line, column),
            Place::Field(name) => {
                let found = self.fields.iter().position(|field| field.name == name);
                if let Some(field) = found.filter(|_| !self.is_text()) {
                    self.go_to(field);
                }
            }
        }
    }

    fn amount(&self, name: Name) -> Result<Amount, Problem> {
        Amount::parse(self.value(name)).map_err(|error| Problem::new(name, error))
    }

    /// The tax, where one is given.
    fn tax(&self) -> Result<Option<Amount>, Problem> {
        if self.value(Name::Tax).is_empty() {
            Ok(None)
        } else {
            self.amount(Name::Tax).map(Some)
        }
    }

    fn currency(&self) -> Result<Currency, Problem> {
        Currency::parse(self.value(Name::Currency))
            .map_err(|error| Problem::new(Name::Currency, error))
    }

    fn positive_gross(&self) -> Result<Amount, Problem> {
        match self.amount(Name::Gross)? {
            amount if amount.is_zero() => Err(Problem::new(Name::Gross, "must be more than 0.00")),
            amount => Ok(amount),
        }
    }

    /// A URL that the API takes: absolute, http or https, with a host. Empty is left out.
    fn url_problem(&self, name: Name) -> Option<Problem> {
        let value = self.value(name);
        if value.is_empty() {
            return None;
        }
        if value
            .chars()
            .any(|character| character.is_whitespace() || character.is_control())
        {
            return Some(Problem::new(
                name,
                "must have no spaces or control characters",
            ));
        }
        let good = url::Url::parse(value)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        (!good).then(|| Problem::new(name, "must be a whole http or https address"))
    }
}
