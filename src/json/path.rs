//! Where a value stands in a body, spelled as the jq filter that finds it.

use std::fmt;

use super::spelling;

/// The way from the outermost value to one inside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(pub Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Member(String),
    /// From 0.
    Item(usize),
}

impl Path {
    /// One step further.
    #[must_use]
    pub fn join(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The name of the innermost member on the way.
    pub fn name(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|step| match step {
            Step::Member(name) => Some(name.as_str()),
            Step::Item(_) => None,
        })
    }
}

/// `.paymentItems[0].priceList`, `.["two words"]`; the outermost value is `.`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !matches!(self.0.first(), Some(Step::Member(name)) if is_identifier(name)) {
            f.write_str(".")?;
        }
        for step in &self.0 {
            match step {
                Step::Member(name) if is_identifier(name) => write!(f, ".{name}")?,
                Step::Member(name) => {
                    let mut spelled = Vec::new();
                    spelling::write(name, &mut spelled);
                    write!(f, "[{}]", String::from_utf8_lossy(&spelled))?;
                }
                Step::Item(at) => write!(f, "[{at}]")?,
            }
        }
        Ok(())
    }
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(steps: &[Step], expected: &str) {
        assert_eq!(Path(steps.to_vec()).to_string(), expected);
    }

    #[test]
    fn a_path_is_a_filter_of_jq() {
        let member = |name: &str| Step::Member(name.into());
        check(&[], ".");
        check(
            &[member("paymentItems"), Step::Item(0), member("x_1")],
            ".paymentItems[0].x_1",
        );
        check(&[Step::Item(3), member("a")], ".[3].a");
        check(
            &[member("two \"words\""), member("a")],
            ".[\"two \\\"words\\\"\"].a",
        );
        check(&[member("1st")], ".[\"1st\"]");
        check(&[member("")], ".[\"\"]");
    }
}
