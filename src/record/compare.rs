//! What differs between two exchanges: their heads, and their bodies by path.

use super::exchanged::Exchanged;
use super::target::Target;
use crate::api::Answer;
use crate::exchange::{Body, Outcome, Request};
use crate::json::{self, Limits};

/// Members that differ between any two exchanges, and so say nothing: ids, addresses, which carry ids,
/// and times.
const MASKED: &[&str] = &[
    "transactionId",
    "sessionId",
    "bangoUserId",
    "externalTransactionId",
    "externalPaymentItemId",
    "msisdn",
    "callbackUrl",
    "notificationUrl",
    "url",
    "suggestedWaitTimeMilliseconds",
];

/// Two exchanges beside each other, the older one left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub request: Half,
    pub response: Half,
}

/// The requests, or the answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Half {
    pub left: Head,
    pub right: Head,
    pub bodies: Bodies,
}

/// Method and address, or status and code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub whole: String,
    /// Without ids.
    pub masked: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bodies {
    /// By byte, or by what they mean.
    Equal,
    Differ(Vec<Difference>),
    /// They differ, and at least one of them is no JSON: so many bytes each.
    Unlike {
        left: u64,
        right: u64,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub change: json::Change,
    /// Whether such a difference is to be expected.
    pub masked: bool,
}

impl Comparison {
    /// Reads the bodies, which may be long.
    pub fn of(left: &Exchanged, right: &Exchanged) -> Self {
        let nothing = Body::default();
        let body = |exchanged: &'_ Exchanged| match &exchanged.outcome {
            Some(Outcome::Answered { response, .. }) => response.body.clone(),
            _ => nothing.clone(),
        };
        Self {
            request: Half {
                left: Head::of_request(&left.request),
                right: Head::of_request(&right.request),
                bodies: Bodies::of(&left.request.body, &right.request.body),
            },
            response: Half {
                left: Head::of_outcome(left.outcome.as_ref()),
                right: Head::of_outcome(right.outcome.as_ref()),
                bodies: Bodies::of(&body(left), &body(right)),
            },
        }
    }
}

impl Head {
    fn of_request(request: &Request) -> Self {
        let target = Target::of(request);
        let resource = match &target {
            None => request.url.clone(),
            Some(Target::Identity(id)) => resource("identity", id.is_some()),
            Some(Target::Transaction(id)) => resource("transaction", id.is_some()),
        };
        let path = target.map_or_else(|| request.url.clone(), |target| target.path());
        Self {
            whole: format!("{} {path}", request.method),
            masked: format!("{} {resource}", request.method),
        }
    }

    fn of_outcome(outcome: Option<&Outcome>) -> Self {
        let words = match outcome {
            None => "no answer".to_owned(),
            Some(Outcome::Cut { .. }) => "no answer: the outcome is unknown".to_owned(),
            Some(Outcome::NotSent { .. }) => "not sent".to_owned(),
            Some(Outcome::Answered { response, .. }) => match Answer::parse(&response.body.kept) {
                Ok(answer) => format!("{} {}", response.status, answer.code.as_str()),
                Err(_) => response.status.to_string(),
            },
        };
        Self {
            masked: words.clone(),
            whole: words,
        }
    }
}

fn resource(name: &str, has_id: bool) -> String {
    let id = if has_id { "/\u{2026}" } else { "" };
    format!("{name}{id}")
}

impl Bodies {
    fn of(left: &Body, right: &Body) -> Self {
        if left == right {
            return Self::Equal;
        }
        let read = |body: &Body| json::parse(&body.kept, &Limits::CLIENT);
        let (Ok(one), Ok(other)) = (read(left), read(right)) else {
            let (left, right) = (left.length, right.length);
            return Self::Unlike { left, right };
        };
        let changes = json::changes(&one, &other);
        if changes.is_empty() {
            return Self::Equal;
        }
        Self::Differ(changes.into_iter().map(Difference::of).collect())
    }
}

impl Difference {
    fn of(change: json::Change) -> Self {
        let name = change.path.name();
        let is_known = name.is_some_and(|name| MASKED.contains(&name));
        Self {
            // An id on one side only is a difference.
            masked: is_known && change.left.is_some() && change.right.is_some(),
            change,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(left: &str, right: &str) -> Bodies {
        Bodies::of(&Body::whole(left), &Body::whole(right))
    }

    #[test]
    fn ids_and_addresses_are_masked_and_amounts_are_not() {
        let Bodies::Differ(differences) = bodies(
            r#"{"transactionId":"1","url":"http://x/a","gross":"1.00","sessionId":"7"}"#,
            r#"{"gross":"2.00","transactionId":"2","url":"http://x/b"}"#,
        ) else {
            panic!("they differ");
        };
        let told: Vec<_> = differences
            .iter()
            .map(|difference| (difference.change.path.to_string(), difference.masked))
            .collect();
        let expected = [
            (".transactionId", true),
            (".url", true),
            (".gross", false),
            (".sessionId", false),
        ];
        assert_eq!(
            told,
            expected.map(|(path, masked)| (path.to_owned(), masked))
        );
    }

    #[test]
    fn order_and_white_space_are_no_difference() {
        assert_eq!(
            bodies(r#"{"a":1,"b":2}"#, "{ \"b\":2, \"a\":1 }"),
            Bodies::Equal
        );
        assert_eq!(bodies("", ""), Bodies::Equal);
        assert_eq!(bodies("<html>", "<html>"), Bodies::Equal);
    }

    #[test]
    fn what_is_no_json_is_only_told_to_differ() {
        let (left, right) = (2, 6);
        assert_eq!(bodies("{}", "<html>"), Bodies::Unlike { left, right });
    }

    #[test]
    fn the_ids_of_two_addresses_are_no_difference() {
        let head = |url: &str| {
            Head::of_request(&Request {
                method: "PUT".into(),
                url: url.into(),
                headers: vec![],
                body: Body::default(),
            })
        };
        let (one, other) = (head("http://x/v5/transaction/1"), head("/v5/transaction/2"));
        assert_eq!(one.masked, other.masked);
        assert_eq!(one.whole, "PUT transaction/1");
        assert_ne!(one.masked, head("/v5/transaction").masked);
    }
}
