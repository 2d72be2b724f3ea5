//! Address and credentials of the endpoint, for a program that is started from a shell.

use secrecy::{ExposeSecret as _, SecretString};

use crate::text::Foreign;

/// As whom a program calls a sandbox. Shown nowhere: the only way out are the lines to be copied.
#[derive(Clone, Debug)]
pub struct Credentials {
    username: SecretString,
    password: SecretString,
}

impl Credentials {
    pub fn new(username: impl Into<SecretString>, password: impl Into<SecretString>) -> Self {
        Self {
            username: username.into(),
            password: password.into(),
        }
    }

    /// The variables that `bango sandbox -- COMMAND` gives its command, as lines for a shell. Nothing where
    /// no variable can hold them.
    pub fn exports(&self, base_url: &str) -> Option<Vec<u8>> {
        let lines = [
            ("BANGO_BASE_URL", base_url),
            ("BANGO_USERNAME", self.username.expose_secret()),
            ("BANGO_PASSWORD", self.password.expose_secret()),
        ]
        .map(|(name, value)| {
            let value = Foreign::from(value).for_shell()?;
            Some([b"export ", name.as_bytes(), b"=", &value].concat())
        });
        let lines: Option<Vec<_>> = lines.into_iter().collect();
        Some(lines?.join(&b'\n'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "http://127.0.0.1:2646/v5";

    #[test]
    fn they_are_three_lines() {
        let exports = Credentials::new("sandbox", "sandbox").exports(URL).unwrap();
        assert_eq!(
            String::from_utf8(exports).unwrap(),
            "export BANGO_BASE_URL='http://127.0.0.1:2646/v5'\n\
             export BANGO_USERNAME='sandbox'\n\
             export BANGO_PASSWORD='sandbox'"
        );
    }

    #[test]
    fn what_no_variable_can_hold_is_not_exported() {
        assert_eq!(Credentials::new("a\0b", "sandbox").exports(URL), None);
    }

    #[test]
    fn nobody_reads_them_by_accident() {
        let shown = format!("{:?}", Credentials::new("who", "what"));
        assert!(!shown.contains("who") && !shown.contains("what"), "{shown}");
    }
}
