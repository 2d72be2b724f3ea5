//! The table of routes: verb and path to what is asked for.

use super::engine::Reason;
use crate::api::{BangoUserId, Operation, SessionId, TransactionId};

/// What the API's paths begin with.
pub const BASE: &str = "/v5/";

/// What a call asks for. One id stands for a session on POST and for a payer otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    Identify,
    GoOn(SessionId),
    Status(BangoUserId),
    Close(BangoUserId),
    Methods,
    Authorize,
    Retrieve(TransactionId),
    Capture(TransactionId),
    Reverse(TransactionId),
}

impl Route {
    /// The path is judged before the verb. HEAD goes where GET does.
    pub fn find(verb: &str, path: &str) -> Result<Self, Reason> {
        let below = path.strip_prefix(BASE).ok_or(Reason::UnknownPath)?;
        let (resource, id) = below.split_once('/').unwrap_or((below, ""));
        if id.contains('/') {
            return Err(Reason::UnknownPath);
        }
        let only = |allowed| Err(Reason::WrongVerb { allowed });
        match (resource, id) {
            ("identity", "") => match verb {
                "POST" => Ok(Self::Identify),
                _ => only("POST"),
            },
            ("identity", id) => match verb {
                "POST" => Ok(Self::GoOn(SessionId::from(id))),
                "GET" | "HEAD" => Ok(Self::Status(BangoUserId::from(id))),
                "DELETE" => Ok(Self::Close(BangoUserId::from(id))),
                _ => only("DELETE, GET, HEAD, POST"),
            },
            ("transaction", "") => match verb {
                "OPTIONS" => Ok(Self::Methods),
                "POST" => Ok(Self::Authorize),
                _ => only("OPTIONS, POST"),
            },
            ("transaction", id) => match verb {
                "GET" | "HEAD" => Ok(Self::Retrieve(TransactionId::from(id))),
                "PUT" => Ok(Self::Capture(TransactionId::from(id))),
                "DELETE" => Ok(Self::Reverse(TransactionId::from(id))),
                _ => only("DELETE, GET, HEAD, PUT"),
            },
            _ => Err(Reason::UnknownPath),
        }
    }

    /// What it is to the stub headers. A cancel may turn out to be a refund.
    pub const fn operation(&self) -> Operation {
        match self {
            Self::Identify => Operation::Identify,
            Self::GoOn(_) => Operation::Continue,
            Self::Status(_) => Operation::Status,
            Self::Close(_) => Operation::CloseAccount,
            Self::Methods => Operation::Methods,
            Self::Authorize => Operation::Authorize,
            Self::Retrieve(_) => Operation::Retrieve,
            Self::Capture(_) => Operation::Capture,
            Self::Reverse(_) => Operation::Cancel,
        }
    }

    /// The id in the path.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Identify | Self::Methods | Self::Authorize => None,
            Self::GoOn(id) => Some(id.as_str()),
            Self::Status(id) | Self::Close(id) => Some(id.as_str()),
            Self::Retrieve(id) | Self::Capture(id) | Self::Reverse(id) => Some(id.as_str()),
        }
    }

    /// Does a body say anything here?
    pub const fn reads_body(&self) -> bool {
        !matches!(self, Self::Status(_) | Self::Close(_) | Self::Retrieve(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(verb: &str, path: &str, expected: &Result<Route, Reason>) {
        assert_eq!(&Route::find(verb, path), expected, "{verb} {path}");
    }

    #[test]
    fn a_path_is_taken_with_and_without_its_last_slash() {
        check("POST", "/v5/identity", &Ok(Route::Identify));
        check("POST", "/v5/identity/", &Ok(Route::Identify));
        check("OPTIONS", "/v5/transaction", &Ok(Route::Methods));
        check("OPTIONS", "/v5/transaction/", &Ok(Route::Methods));
    }

    #[test]
    fn the_verb_says_whose_id_it_is() {
        check("POST", "/v5/identity/ab", &Ok(Route::GoOn("ab".into())));
        check("GET", "/v5/identity/12", &Ok(Route::Status("12".into())));
        check("DELETE", "/v5/identity/12", &Ok(Route::Close("12".into())));
        let transaction = || "1".into();
        check(
            "HEAD",
            "/v5/transaction/1",
            &Ok(Route::Retrieve(transaction())),
        );
        check(
            "DELETE",
            "/v5/transaction/1",
            &Ok(Route::Reverse(transaction())),
        );
    }

    #[test]
    fn the_path_is_judged_before_the_verb() {
        for path in [
            "/",
            "/v5",
            "/v5/",
            "/v4/identity",
            "/v5/identity/1/2",
            "/v5/identityx",
        ] {
            check("TRACE", path, &Err(Reason::UnknownPath));
        }
        let allowed = "OPTIONS, POST";
        check(
            "PUT",
            "/v5/transaction",
            &Err(Reason::WrongVerb { allowed }),
        );
    }
}
