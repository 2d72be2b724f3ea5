//! The answers that a call can name itself, by the API's stub headers: choose one, and the sandbox gives
//! it without doing anything.

use crate::api::{Call, Class, Operation, Stub, TransactionId};

use super::editor::Editor;
use super::form::Form;
use super::narrowed::{Cursor, holds};

/// The open list.
#[derive(Clone, Debug)]
pub struct Stubs {
    pub filter: Editor,
    /// Within the rows that match.
    pub cursor: Cursor,
    pub then: Then,
}

/// What the chosen answer is for.
#[derive(Clone, Debug)]
pub enum Then {
    /// The form goes on, and its call will name the answer.
    Form(Box<Form>),
    /// The call leaves at once.
    Send {
        call: Box<Call>,
        transaction: Option<TransactionId>,
    },
}

impl Stubs {
    pub fn new(then: Then) -> Self {
        Self {
            filter: Editor::default(),
            cursor: Cursor::default(),
            then,
        }
    }

    pub fn operation(&self) -> Operation {
        match &self.then {
            Then::Form(form) => form.operation(),
            Then::Send { call, .. } => call.operation,
        }
    }

    /// The answers that the API allows for the call and that hold every word of the filter. A form begins
    /// with none, which takes a choice back.
    pub fn choices(&self) -> Vec<Option<Stub>> {
        let (typed, is_form) = (self.filter.value(), matches!(self.then, Then::Form(_)));
        let none = (is_form && typed.trim().is_empty()).then_some(None);
        let holds = holds(typed);
        let stubs = Stub::all(self.operation())
            .filter(|stub| holds(&format!("{} {}", title(stub), meaning(stub))));
        none.into_iter().chain(stubs.map(Some)).collect()
    }

    pub fn chosen(&self) -> Option<Option<Stub>> {
        self.choices().into_iter().nth(self.cursor.selected)
    }

    pub fn step(&mut self, by: isize, height: usize) {
        let count = self.choices().len();
        self.cursor.step(by, count, height);
    }

    /// The filter has changed: the best match is the first.
    pub fn filtered(&mut self) {
        self.cursor = Cursor::default();
    }
}

/// `202 SPEED_LIMIT`, and the action where there is one.
pub fn title(stub: &Stub) -> String {
    let action = stub
        .action
        .map_or(String::new(), |action| format!(" {}", action.as_str()));
    format!("{} {}{action}", stub.status, stub.code.as_str())
}

/// What an answer of this kind means to the merchant.
pub fn meaning(stub: &Stub) -> &'static str {
    match stub.code.class() {
        Class::Success => "it happened",
        Class::MoreToDo => "more to do",
        Class::Refused => "refused",
        Class::Mistake => "a mistake of the caller",
        Class::Transient => "passing, try later",
        Class::Unrecognised => "unrecognised",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::BangoUserId;

    fn stubs(filter: &str) -> Stubs {
        let call = Call::close_account(&BangoUserId::from("472156480"));
        Stubs {
            filter: Editor::new(filter),
            ..Stubs::new(Then::Send {
                call: Box::new(call),
                transaction: None,
            })
        }
    }

    fn titles(stubs: &Stubs) -> Vec<String> {
        let choices = stubs.choices();
        choices.iter().flatten().map(title).collect()
    }

    #[test]
    fn only_what_the_api_allows_for_the_call_is_offered() {
        let expected = [
            "200 OK",
            "404 NOT_FOUND",
            "401 UNAUTHORIZED",
            "503 SERVICE_UNAVAILABLE",
            "502 SERVICE_UNAVAILABLE",
            "500 INTERNAL_ERROR",
        ];
        assert_eq!(titles(&stubs("")), expected);
    }

    #[test]
    fn words_find_status_code_and_meaning() {
        let expected = ["503 SERVICE_UNAVAILABLE", "502 SERVICE_UNAVAILABLE"];
        assert_eq!(titles(&stubs("later unavailable")), expected);
        assert_eq!(titles(&stubs("404")), ["404 NOT_FOUND"]);
        assert_eq!(stubs("nothing like it").chosen(), None);
    }
}
