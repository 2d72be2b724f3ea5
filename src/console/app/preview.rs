//! The exact request that a form will send, looked at before it leaves.

use super::form::Form;
use crate::exchange::Request;

/// The open preview. Leaving it goes back to the form.
#[derive(Clone, Debug)]
pub struct Preview {
    pub form: Box<Form>,
    pub request: Told,
    /// The line at the top.
    pub offset: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The client is asked.
    Asked,
    /// Its headers are those that will leave, a mark in the place of the credentials.
    Request(Box<Request>),
    /// Why it cannot be sent.
    Not(String),
}

impl Preview {
    pub fn new(form: Box<Form>) -> Self {
        Self {
            form,
            request: Told::Asked,
            offset: 0,
        }
    }
}
