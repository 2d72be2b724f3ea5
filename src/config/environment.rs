//! The process's environment as data, so that tests give their own.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// Variables that hold a secret of ours.
pub const SECRET_VARIABLES: [&str; 2] = ["BANGO_PASSWORD", "BANGO_SANDBOX_PASSWORD"];

/// The environment variables. An empty one counts as not set, as the XDG rules and `NO_COLOR` want it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    pub fn of_this_process() -> Self {
        Self(std::env::vars_os().collect())
    }

    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.0
            .get(OsStr::new(name))
            .map(OsString::as_os_str)
            .filter(|value| !value.is_empty())
    }

    pub fn is_set(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The variables for a program that we start: all but those that hold a secret of ours.
    pub fn for_programs(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0
            .iter()
            .filter(|(name, _)| {
                SECRET_VARIABLES
                    .iter()
                    .all(|secret| *name != OsStr::new(secret))
            })
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    /// The variable as text; bytes that are not UTF-8 become U+FFFD.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name)
            .map(|value| value.to_string_lossy().into_owned())
    }
}

impl<Name: Into<OsString>, Text: Into<OsString>> FromIterator<(Name, Text)> for Environment {
    fn from_iter<I: IntoIterator<Item = (Name, Text)>>(variables: I) -> Self {
        let variables = variables.into_iter();
        Self(
            variables
                .map(|(name, text)| (name.into(), text.into()))
                .collect(),
        )
    }
}

impl<Name: Into<OsString>, Text: Into<OsString>, const N: usize> From<[(Name, Text); N]>
    for Environment
{
    fn from(variables: [(Name, Text); N]) -> Self {
        Self::from_iter(variables)
    }
}
