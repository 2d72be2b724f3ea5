//! The list of test payers: choose an outcome, and number and key are filled in.

use crate::api::Msisdn;
use crate::testpay::{self, NetworkKey, Role, Step};

use super::editor::Editor;
use super::narrowed::{Cursor, holds};

/// The open picker.
#[derive(Clone, Debug, Default)]
pub struct Picker {
    pub filter: Editor,
    /// Within the rows that match.
    pub cursor: Cursor,
}

/// A row to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub role: Role,
}

impl Choice {
    /// What the payer is known for: the first step that does not simply succeed.
    pub fn outcome(self) -> String {
        let payer = self.role.payer;
        let failing = [payer.start, payer.capture, payer.cancel, payer.refund]
            .into_iter()
            .find(|step| *step != Step::Succeeds);
        match failing {
            None => "OK".to_owned(),
            Some(Step::Redirects) => "CLIENT_ACTION_REQUIRED".to_owned(),
            Some(Step::Fails(failure)) => failure.code().as_str().to_owned(),
            Some(Step::Succeeds) => unreachable!("filtered out"),
        }
    }

    fn text(self) -> String {
        let payer = self.role.payer;
        format!(
            "{} {} {} {} {}",
            self.role.msisdn().as_str(),
            self.role.key.as_str(),
            payer.title,
            self.outcome(),
            payer.section
        )
    }
}

impl Picker {
    /// The rows that hold every word of the filter.
    pub fn choices(&self) -> Vec<Choice> {
        let holds = holds(self.filter.value());
        testpay::cast()
            .map(|role| Choice { role })
            .filter(|choice| holds(&choice.text()))
            .collect()
    }

    /// A whole number that was typed and is not in the list.
    pub fn typed_number(&self) -> Option<Msisdn> {
        Msisdn::parse(self.filter.value().trim())
            .ok()
            .filter(|_| self.choices().is_empty())
    }

    /// Number and key of what is selected.
    pub fn chosen(&self) -> Option<(Msisdn, NetworkKey)> {
        match self.choices().get(self.cursor.selected) {
            Some(choice) => Some((choice.role.msisdn(), choice.role.key)),
            None => self
                .typed_number()
                .map(|number| (number.clone(), NetworkKey::of_number(&number))),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn picker(filter: &str) -> Picker {
        Picker {
            filter: Editor::new(filter),
            ..Picker::default()
        }
    }

    #[test]
    fn the_first_choice_is_the_payer_for_whom_everything_succeeds() {
        let (number, key) = picker("").chosen().unwrap();
        assert_eq!(
            (number.as_str(), key),
            ("447710900120", NetworkKey::GbrBango)
        );
    }

    #[test]
    fn words_find_outcome_number_and_section() {
        for (filter, number) in [
            ("refund not supported", "447710900149"),
            ("insufficient usa", "12025550121"),
            ("900180", "447710900180"),
            ("3.12", "447710900132"),
        ] {
            assert_eq!(
                picker(filter).chosen().unwrap().0.as_str(),
                number,
                "{filter}"
            );
        }
    }

    #[test]
    fn a_number_outside_the_list_can_be_used() {
        let (number, key) = picker("+4915112345678").chosen().unwrap();
        assert_eq!(
            (number.as_str(), key),
            ("4915112345678", NetworkKey::GbrBango)
        );
        assert_eq!(picker("nobody").chosen(), None);
    }
}
