//! A payer's page as data: the same form that a browser gets as HTML.

use crate::text::Foreign;

/// What the payer sees, and can fill in and press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it was found, and where it is submitted to.
    pub url: String,
    pub title: Foreign,
    pub text: Foreign,
    pub fields: Vec<Field>,
    pub actions: Vec<Action>,
    /// Nothing more can be done here.
    pub done: bool,
    /// What was wrong with the last submission.
    pub error: Option<Foreign>,
}

/// Something to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What it is called when it is submitted.
    pub name: String,
    pub label: Foreign,
    /// What it holds at first.
    pub value: String,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it is called when it is submitted.
    pub name: String,
    pub label: Foreign,
}

/// What a submission came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// There is a further page, or the same one with an error.
    Page(Page),
    /// The pages are over.
    Over(Back),
}

/// How the payer's browser went back to the merchant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Back {
    /// The merchant's address was requested and answered with this status.
    Answered { url: String, status: u16 },
    /// It was requested and nobody answered.
    Unreachable { url: String, error: String },
    /// There was no address that a browser could have gone to.
    Nowhere,
}
