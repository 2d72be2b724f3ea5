//! The payer's page as data: one form, shown as HTML or as JSON.

use serde::Serialize;

use super::url::MerchantUrl;
use crate::api::ResponseCode;

/// A page of the payer's. As JSON it is exactly `title`, `text`, `fields`, `actions`, `done`, and
/// `error` where something typed was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Form {
    pub title: &'static str,
    pub text: String,
    pub fields: Vec<Input>,
    pub actions: Vec<Action>,
    /// The outcome is final; nothing is left to do here.
    pub done: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Where a finished page sends the payer's browser back to.
    #[serde(skip)]
    pub back: Option<String>,
}

/// A field to fill in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Input {
    pub name: &'static str,
    pub label: &'static str,
    pub value: String,
    /// What the page's keyboard should offer.
    #[serde(skip)]
    pub keyboard: Keyboard,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyboard {
    Telephone,
    Digits,
    Text,
}

/// A button. The first of a page is what the enter key presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Action {
    pub name: &'static str,
    pub label: &'static str,
}

pub const CONTINUE: Action = Action {
    name: "continue",
    label: "Continue",
};
pub const CONFIRM: Action = Action {
    name: "confirm",
    label: "Confirm",
};
pub const CANCEL: Action = Action {
    name: "cancel",
    label: "Cancel",
};

impl Form {
    /// A page that asks for something.
    pub fn ask(title: &'static str, text: String, fields: Vec<Input>, go_on: Action) -> Self {
        Self {
            title,
            text,
            fields,
            actions: vec![go_on, CANCEL],
            done: false,
            error: None,
            back: None,
        }
    }

    /// A page on which nothing is left to do.
    pub fn closing(title: &'static str, text: String, back: Option<String>) -> Self {
        Self {
            title,
            text,
            fields: Vec::new(),
            actions: Vec::new(),
            done: true,
            error: None,
            back,
        }
    }

    /// The same page with a note on what was refused; what was typed stays.
    #[must_use]
    pub fn refusing(mut self, error: impl Into<String>, typed: &str) -> Self {
        self.error = Some(error.into());
        if let [field] = self.fields.as_mut_slice() {
            typed.clone_into(&mut field.value);
        }
        self
    }
}

/// What the payer sent: the button and the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submission {
    pub action: Option<String>,
    pub fields: Vec<(String, String)>,
}

impl Submission {
    /// A field's text without the spaces around it; empty when it is absent.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(other, _)| other == name)
            .map_or("", |(_, value)| value.trim())
    }

    pub(super) fn chose(&self, action: Action) -> bool {
        self.action.as_deref() == Some(action.name)
    }
}

/// The note for a button that the page does not have, which a page sent twice brings about.
pub(super) const OTHER_BUTTON: &str = "please choose one of the buttons of this page";

/// The end of a visit: what happens once, with the submission that decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    pub code: ResponseCode,
    /// Where the browser goes; without an address it stays on the closing page.
    pub browser: Option<String>,
    pub notification: Option<Notification>,
}

/// What the merchant's server is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    pub url: MerchantUrl,
    /// JSON; the same bytes at every try.
    pub body: Vec<u8>,
}
