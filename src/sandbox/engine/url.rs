//! The merchant's own addresses: which are taken, and how the outcome is appended to them.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// A callback or notification address: absolute `http` or `https` with a host, ASCII.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MerchantUrl(String);

/// Why a text is no such address. The messages follow the member's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    #[error("must have no spaces or control characters")]
    Space,
    #[error("must be an absolute http or https URL")]
    Scheme,
    #[error("must be a URL with a host")]
    Host,
}

impl MerchantUrl {
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(UrlError::Space);
        }
        let (scheme, rest) = text.split_once("://").ok_or(UrlError::Scheme)?;
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return Err(UrlError::Scheme);
        }
        // The reader of URLs is as lenient as browsers are: it would find the host behind more slashes.
        if rest.starts_with(['/', '\\']) {
            return Err(UrlError::Host);
        }
        let url = url::Url::parse(text).map_err(|_| UrlError::Host)?;
        if url.host_str().is_none_or(str::is_empty) {
            return Err(UrlError::Host);
        }
        // What is ASCII stays as the merchant wrote it; the rest could not stand in a header.
        Ok(Self(if text.is_ascii() {
            text.to_owned()
        } else {
            url.into()
        }))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A query parameter of the merchant's own, percent-decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let url = url::Url::parse(&self.0).ok()?;
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The address with `parameters` behind its own ones, which stay whatever they are called, and in
    /// front of a fragment.
    pub fn with(&self, parameters: &[(&str, &str)]) -> String {
        let (mut url, fragment) = match self.0.split_once('#') {
            Some((address, fragment)) => (address.to_owned(), Some(fragment)),
            None => (self.0.clone(), None),
        };
        for (name, value) in parameters {
            if !url.contains('?') {
                url.push('?');
            } else if !url.ends_with(['?', '&']) {
                url.push('&');
            }
            let _ = write!(url, "{name}=");
            percent_encode(value, &mut url);
        }
        if let Some(fragment) = fragment {
            let _ = write!(url, "#{fragment}");
        }
        url
    }
}

fn percent_encode(value: &str, into: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            let _ = write!(into, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, UrlError>) {
        assert_eq!(
            MerchantUrl::parse(text).as_ref().map(MerchantUrl::as_str),
            expected.as_ref().map(|text| *text),
            "{text:?}"
        );
    }

    #[test]
    fn an_address_is_absolute_with_a_host() {
        check(
            "http://127.0.0.1:9/x?a=1#f",
            Ok("http://127.0.0.1:9/x?a=1#f"),
        );
        check("HTTPS://shop.example", Ok("HTTPS://shop.example"));
        check(
            "https://b\u{fc}cher.example/\u{fc}",
            Ok("https://xn--bcher-kva.example/%C3%BC"),
        );
        check("/callback", Err(UrlError::Scheme));
        check("http:shop.example", Err(UrlError::Scheme));
        check(
            "javascript://shop.example/%0aalert(1)",
            Err(UrlError::Scheme),
        );
        check("ftp://shop.example/", Err(UrlError::Scheme));
        check("http://", Err(UrlError::Host));
        check("http:///shop.example/", Err(UrlError::Host));
        check("http://:80/", Err(UrlError::Host));
        check("http://shop.example/a b", Err(UrlError::Space));
        check("http://shop.example/\r\nSet-Cookie:x", Err(UrlError::Space));
        check("", Err(UrlError::Scheme));
    }

    #[track_caller]
    fn check_with(text: &str, expected: &str) {
        let url = MerchantUrl::parse(text).unwrap();
        assert_eq!(url.with(&[("a", "x&y"), ("b", "\u{e9}")]), expected);
    }

    #[test]
    fn parameters_go_behind_the_merchants_own_and_before_a_fragment() {
        check_with("http://h", "http://h?a=x%26y&b=%C3%A9");
        check_with("http://h/p?", "http://h/p?a=x%26y&b=%C3%A9");
        check_with("http://h/p?ut=1", "http://h/p?ut=1&a=x%26y&b=%C3%A9");
        check_with("http://h/p?a=1&#f?g", "http://h/p?a=1&a=x%26y&b=%C3%A9#f?g");
    }

    #[test]
    fn a_parameter_is_read_decoded() {
        let url = MerchantUrl::parse("http://h/p?x=1&ut=%34477&ut=2").unwrap();
        assert_eq!(url.parameter("ut").as_deref(), Some("4477"));
        assert_eq!(url.parameter("y"), None);
    }
}
