//! Basic credentials, compared in a time that tells nothing.

use std::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::engine::Reason;
use super::store::Merchant;

/// Clients differ in whether they pad.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Who may use the API. The password is kept only as a digest, and not even that is printed.
#[derive(Clone)]
pub struct Credentials {
    username: String,
    digest: [u8; 32],
}

impl Credentials {
    pub fn new(username: &str, password: &str) -> Self {
        Self {
            username: username.to_owned(),
            digest: digest(format!("{username}:{password}").as_bytes()),
        }
    }

    /// The merchant behind an `Authorization` header. Every header that is not ours costs the same.
    pub fn check(&self, header: Option<&[u8]>) -> Result<Merchant, Reason> {
        let header = header.ok_or(Reason::NoCredentials)?;
        let (scheme, token) = match header.iter().position(|&byte| byte == b' ') {
            Some(space) => (&header[..space], header[space..].trim_ascii()),
            None => return Err(Reason::NoCredentials),
        };
        if !scheme.eq_ignore_ascii_case(b"Basic") {
            return Err(Reason::NoCredentials);
        }
        let claimed = BASE64.decode(token).unwrap_or_default();
        if bool::from(digest(&claimed).ct_eq(&self.digest)) {
            Ok(Merchant(self.username.clone()))
        } else {
            Err(Reason::WrongCredentials)
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

impl Default for Credentials {
    fn default() -> Self {
        Self::new("sandbox", "sandbox")
    }
}

fn digest(text: &[u8]) -> [u8; 32] {
    Sha256::digest(text).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: Option<&str>, expected: Result<&str, Reason>) {
        let credentials = Credentials::new("MyOrganization", "elephant-notepad-dancer");
        let found = credentials.check(header.map(str::as_bytes));
        assert_eq!(
            found,
            expected.map(|name| Merchant(name.to_owned())),
            "{header:?}"
        );
    }

    #[test]
    fn only_the_right_pair_is_let_in() {
        let token = "TXlPcmdhbml6YXRpb246ZWxlcGhhbnQtbm90ZXBhZC1kYW5jZXI=";
        check(Some(&format!("Basic {token}")), Ok("MyOrganization"));
        check(
            Some(&format!("bAsIc  {}", &token[..token.len() - 1])),
            Ok("MyOrganization"),
        );
        check(
            Some("Basic c2FuZGJveDpzYW5kYm94"),
            Err(Reason::WrongCredentials),
        );
        check(Some("Basic !"), Err(Reason::WrongCredentials));
        check(Some("Basic "), Err(Reason::WrongCredentials));
        check(Some(&format!("Bearer {token}")), Err(Reason::NoCredentials));
        check(Some(token), Err(Reason::NoCredentials));
        check(None, Err(Reason::NoCredentials));
    }
}
