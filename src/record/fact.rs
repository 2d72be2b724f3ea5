//! What an entry tells the folds: its bytes read once, and what moves nothing told apart.

use serde_json::Value;

use super::{
    asked::{Asked, Fingerprint, Price},
    target::Target,
    transaction::{Doubt, Pending},
};
use crate::{
    api::{
        Action, Answer, BangoUserId, ExternalTransactionId, Operation, Preference, ResponseCode,
        SessionId, TransactionId, prefer,
    },
    exchange::{self, CALL_HEADER, CallId, Outcome, REPLAYED_HEADER, Request, Response, header},
};

/// One fact about a payment or an identification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A call of ours left.
    Sent(Pending),
    /// A call of ours came to its end.
    Ended { call: CallId, end: Ending },
    /// Another program's call and its answer.
    Exchange { asked: Pending, reply: Box<Reply> },
    /// The payer's pages came to their end, told by a callback, a notification or our sandbox.
    Returned(Return),
    /// Our sandbox named the payment.
    Named(TransactionId),
    /// Our sandbox cancelled the payment, which nobody captured in time.
    Expired(TransactionId),
    /// It belongs there and moves nothing.
    Touched,
}

/// How a call of ours ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    Answered(Box<Reply>),
    Unknown(Doubt),
    NotSent,
}

/// An answer of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub answer: Answer,
    /// The server says that it gave this answer before.
    pub replayed: bool,
    /// From a retrieve: the price that the server holds.
    pub price: Option<Price>,
}

/// The outcome of a payer's way through the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Return {
    pub transaction: Option<TransactionId>,
    pub external: Option<ExternalTransactionId>,
    pub session: Option<SessionId>,
    pub code: ResponseCode,
}

/// Whether the answer to a request is made to order by stub headers, or refuses them.
pub fn is_stub(request: &Request) -> bool {
    let values = |name| exchange::values(&request.headers, name);
    Preference::read(values(prefer::PREFER), values(prefer::EXTENSION)) != Ok(None)
}

/// Whether a request of ours went to a sandbox of ours: no other endpoint is told its call id.
pub fn is_to_our_sandbox(request: &Request) -> bool {
    header(&request.headers, CALL_HEADER).is_some()
}

impl Pending {
    /// `call` is ours, or stands for nobody's in another program's request.
    pub fn read(call: CallId, operation: Operation, request: &Request, ours: bool) -> Self {
        let path = Target::of(request).map_or_else(|| request.url.clone(), |target| target.path());
        Self {
            call,
            operation,
            asked: Asked::read(&request.body.kept),
            same: Fingerprint::of(request, &path),
            ours,
        }
    }
}

impl Ending {
    pub fn read(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Answered { response, .. } => match Reply::read(response) {
                Some(reply) => Self::Answered(Box::new(reply)),
                None => Self::Unknown(Doubt::Unreadable {
                    status: response.status,
                }),
            },
            Outcome::Cut { why, .. } => Self::Unknown(Doubt::Cut(why.clone())),
            Outcome::NotSent { .. } => Self::NotSent,
        }
    }
}

impl Reply {
    /// `None` where the body is not an answer of the API.
    pub fn read(response: &Response) -> Option<Self> {
        Some(Self {
            answer: Answer::parse(&response.body.kept).ok()?,
            replayed: header(&response.headers, REPLAYED_HEADER).is_some(),
            price: held(&response.body.kept),
        })
    }

    pub fn code(&self) -> &ResponseCode {
        &self.answer.code
    }

    pub fn user(&self) -> Option<&BangoUserId> {
        self.answer.user.as_ref()
    }

    /// Where the payer has to go.
    pub fn url(&self) -> Option<String> {
        match &self.answer.action {
            Some(Action::Redirect { url }) => Some(url.clone()),
            _ => None,
        }
    }
}

/// The price in the answer to a retrieve.
fn held(body: &[u8]) -> Option<Price> {
    let body: Value = serde_json::from_slice(body).ok()?;
    Price::read(body.pointer("/transaction/paymentItems/0/price")?)
}

impl Return {
    /// From the query of a callback, read as a browser sends it.
    pub fn of_query(url: &str) -> Option<Self> {
        let query = url.split_once('?')?.1.split('#').next()?;
        let member = |name: &str| {
            // The server appends its members after the URL's own, which may have the same names.
            url::form_urlencoded::parse(query.as_bytes())
                .filter(|(member, _)| member == name)
                .last()
                .map(|(_, value)| value.into_owned())
        };
        Self::of(member)
    }

    /// From the body of a notification.
    pub fn of_body(body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        Self::of(|name| body.get(name)?.as_str().map(str::to_owned))
    }

    fn of(member: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let id = |name| member(name).filter(|id| !id.is_empty() && id != "null");
        Some(Self {
            code: ResponseCode::parse(&member("responseCode")?),
            transaction: id("transactionId").map(TransactionId::new),
            external: id("externalTransactionId").map(ExternalTransactionId::new),
            session: id("sessionId").map(SessionId::new),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_says_the_same_as_its_notification() {
        let callback = Return::of_query(
            "/callback/00?responseCode=mine&externalTransactionId=t%2D1&transactionId=null&responseCode=USER_CANCELLED#x",
        );
        let notification = Return::of_body(
            br#"{"externalTransactionId":"t-1","transactionId":"null","responseCode":"USER_CANCELLED"}"#,
        );
        assert_eq!(callback, notification);
        assert_eq!(callback.unwrap().code, ResponseCode::UserCancelled);
    }

    #[test]
    fn a_callback_without_a_code_says_nothing() {
        assert_eq!(Return::of_query("/callback/00?transactionId=1"), None);
        assert_eq!(Return::of_query("/callback/00"), None);
        assert_eq!(Return::of_body(b"<html>"), None);
    }
}
