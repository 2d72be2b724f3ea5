//! Which resource a request names, whatever base URL stands before it.

use crate::{api::Operation, exchange::Request};

/// A resource of the API, and the id below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Identity(Option<String>),
    Transaction(Option<String>),
}

impl Target {
    pub fn of(request: &Request) -> Option<Self> {
        let path = request.url.split(['?', '#']).next()?;
        let mut segments = path.split('/').rev().filter(|segment| !segment.is_empty());
        let last = segments.next()?;
        let (resource, id) = match segments.next() {
            Some(resource @ ("identity" | "transaction")) => (resource, Some(decoded(last))),
            _ => (last, None),
        };
        match resource {
            "identity" => Some(Self::Identity(id)),
            "transaction" => Some(Self::Transaction(id)),
            _ => None,
        }
    }

    /// The same for every base URL: `transaction/2006721250`.
    pub fn path(&self) -> String {
        let (resource, id) = match self {
            Self::Identity(id) => ("identity", id),
            Self::Transaction(id) => ("transaction", id),
        };
        id.as_ref()
            .map_or_else(|| resource.to_owned(), |id| format!("{resource}/{id}"))
    }

    /// What a request of another program asks for. A cancel and a refund look the same: its answer
    /// tells them apart.
    pub fn operation(&self, method: &str) -> Option<Operation> {
        Some(match (self, method) {
            (Self::Identity(None), "POST") => Operation::Identify,
            (Self::Identity(Some(_)), "POST") => Operation::Continue,
            (Self::Identity(Some(_)), "GET") => Operation::Status,
            (Self::Identity(Some(_)), "DELETE") => Operation::CloseAccount,
            (Self::Transaction(None), "OPTIONS") => Operation::Methods,
            (Self::Transaction(None), "POST") => Operation::Authorize,
            (Self::Transaction(Some(_)), "GET") => Operation::Retrieve,
            (Self::Transaction(Some(_)), "PUT") => Operation::Capture,
            (Self::Transaction(Some(_)), "DELETE") => Operation::Refund,
            _ => return None,
        })
    }
}

/// A path segment without its percent escapes.
fn decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = (byte == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| str::from_utf8(digits).ok())
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() {
            &after[2..]
        } else {
            after
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Body;

    #[track_caller]
    fn check(url: &str, expected: Option<&str>) {
        let request = Request {
            method: "GET".into(),
            url: url.into(),
            headers: vec![],
            body: Body::default(),
        };
        let path = Target::of(&request).map(|target| target.path());
        assert_eq!(path.as_deref(), expected, "{url}");
    }

    #[test]
    fn the_base_url_does_not_matter() {
        check("/v5/transaction", Some("transaction"));
        check("/v5/identity/", Some("identity"));
        check(
            "http://127.0.0.1:2646/v5/transaction/20?x=/identity",
            Some("transaction/20"),
        );
        check(
            "https://api.bango.net/v5/identity/83%2e%2F%zz",
            Some("identity/83./%zz"),
        );
        check(
            "https://tunnel.example/identity/v5/transaction",
            Some("transaction"),
        );
        check("/", None);
        check("", None);
        check("/v5/other/1", None);
    }
}
