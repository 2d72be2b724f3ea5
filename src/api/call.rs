//! A call as a value: method, path and body bytes, complete before anything is sent.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::{Adjust, BangoUserId, SessionId, Start, Stub, TransactionId};

/// The HTTP methods of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
    Options,
}

impl Method {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }

    /// Whether it changes nothing on the other side.
    pub const fn only_reads(self) -> bool {
        matches!(self, Self::Get | Self::Options)
    }
}

/// What a call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// `POST identity`: begin to identify a payer.
    Identify,
    /// `POST identity/{sessionId}`: go on with an identification.
    Continue,
    /// `GET identity/{bangoUserId}`: the payer's status.
    Status,
    /// `DELETE identity/{bangoUserId}`: the payer's id is no more.
    CloseAccount,
    /// `OPTIONS transaction`: which payment methods there are.
    Methods,
    /// `POST transaction`: authorize, which the guide calls start.
    Authorize,
    /// `GET transaction/{transactionId}`.
    Retrieve,
    /// `PUT transaction/{transactionId}`: capture, which the guide calls commit.
    Capture,
    /// `DELETE transaction/{transactionId}` before a capture.
    Cancel,
    /// `DELETE transaction/{transactionId}` after a capture. On the wire it is the same as a cancel:
    /// the state decides.
    Refund,
}

impl Operation {
    /// In the order of a payment.
    pub const ALL: [Self; 10] = [
        Self::Identify,
        Self::Continue,
        Self::Status,
        Self::CloseAccount,
        Self::Methods,
        Self::Authorize,
        Self::Retrieve,
        Self::Capture,
        Self::Cancel,
        Self::Refund,
    ];

    /// The verb as screens and reports name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::Continue => "continue",
            Self::Status => "status",
            Self::CloseAccount => "close account",
            Self::Methods => "methods",
            Self::Authorize => "authorize",
            Self::Retrieve => "retrieve",
            Self::Capture => "capture",
            Self::Cancel => "cancel",
            Self::Refund => "refund",
        }
    }

    /// The HTTP method that asks for it.
    pub const fn method(self) -> Method {
        match self {
            Self::Identify | Self::Continue | Self::Authorize => Method::Post,
            Self::Status | Self::Retrieve => Method::Get,
            Self::Capture => Method::Put,
            Self::CloseAccount | Self::Cancel | Self::Refund => Method::Delete,
            Self::Methods => Method::Options,
        }
    }

    const fn resource(self) -> &'static str {
        match self {
            Self::Identify | Self::Continue | Self::Status | Self::CloseAccount => "identity",
            _ => "transaction",
        }
    }

    /// Whether it can move money or the state of a transaction. The record of such a call is synced
    /// before its first byte leaves.
    pub const fn moves_money(self) -> bool {
        matches!(
            self,
            Self::Authorize | Self::Capture | Self::Cancel | Self::Refund
        )
    }
}

/// What a sandbox of ours does to an answer when it is asked to: a client has to bear it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Members in any order, unknown ones between them, one of those twice (guide 1.9).
    Shuffle,
}

impl Fault {
    pub const ALL: [Self; 1] = [Self::Shuffle];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shuffle => "shuffle",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.as_str() == text)
    }
}

/// One call, ready to be sent to any base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub operation: Operation,
    pub method: Method,
    /// Below the base URL, without a leading slash: `transaction/2006721250`.
    pub path: String,
    /// The exact bytes of the body. `None` sends no body and no content type.
    pub body: Option<Vec<u8>>,
    /// The answer that the call names itself, by `Prefer` and `preference-extension`: then nothing
    /// happens on the other side.
    pub stub: Option<Stub>,
    /// What is to be done to its answer. Only a sandbox of ours is asked for it.
    pub fault: Option<Fault>,
}

impl Call {
    /// `id` is that of the session, payer or transaction that the operation is about; the body may be
    /// anything.
    pub fn new(operation: Operation, id: Option<&str>, body: Option<Vec<u8>>) -> Self {
        let resource = operation.resource();
        Self {
            operation,
            method: operation.method(),
            path: id.map_or_else(|| resource.to_owned(), |id| below(resource, id)),
            body,
            stub: None,
            fault: None,
        }
    }

    /// The same call, but for its answer, which will be this one.
    #[must_use]
    pub fn answered_by(self, stub: Option<Stub>) -> Self {
        Self { stub, ..self }
    }

    /// The same call, its answer with this fault.
    #[must_use]
    pub fn with_fault(self, fault: Option<Fault>) -> Self {
        Self { fault, ..self }
    }

    pub fn identify(body: &Identify) -> Self {
        Self::new(Operation::Identify, None, Some(json(body)))
    }

    /// Asks a session what comes next, without a body (guide 2.1 step 4).
    pub fn go_on(session: &SessionId) -> Self {
        Self::new(Operation::Continue, Some(session.as_str()), None)
    }

    /// Tells a session that what it asked for cannot be done: it tries another way, or ends.
    pub fn cancel_step(session: &SessionId) -> Self {
        let body = json(&serde_json::json!({"action": "cancel"}));
        Self::new(Operation::Continue, Some(session.as_str()), Some(body))
    }

    pub fn status(user: &BangoUserId) -> Self {
        Self::new(Operation::Status, Some(user.as_str()), None)
    }

    pub fn close_account(user: &BangoUserId) -> Self {
        Self::new(Operation::CloseAccount, Some(user.as_str()), None)
    }

    pub fn methods(start: &Start) -> Self {
        Self::new(Operation::Methods, None, Some(start.to_json()))
    }

    pub fn authorize(start: &Start) -> Self {
        Self::new(Operation::Authorize, None, Some(start.to_json()))
    }

    pub fn retrieve(transaction: &TransactionId) -> Self {
        Self::new(Operation::Retrieve, Some(transaction.as_str()), None)
    }

    /// Captures everything without amounts, a part with them.
    pub fn capture(transaction: &TransactionId, amounts: Option<&Adjust>) -> Self {
        let body = amounts.map(Adjust::to_json);
        Self::new(Operation::Capture, Some(transaction.as_str()), body)
    }

    /// Cancels the whole authorization.
    pub fn cancel(transaction: &TransactionId) -> Self {
        Self::new(Operation::Cancel, Some(transaction.as_str()), None)
    }

    /// Refunds what is named, or without amounts all that is left. Either way the body can carry an
    /// `externalTransactionId`, which makes a repeat recognisable.
    pub fn refund(transaction: &TransactionId, amounts: Option<&Adjust>) -> Self {
        let body = amounts.map(Adjust::to_json);
        Self::new(Operation::Refund, Some(transaction.as_str()), body)
    }
}

/// The body of `POST identity`. What is `None` is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Identify {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identification_method_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub third_party_user_id: Option<String>,
    /// `"true"` or `"false"`, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_capability_send_sms: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_reference_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mcc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mnc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_url: Option<String>,
}

pub(super) fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec_pretty(value).expect("a body of texts and lists is always JSON")
}

/// `resource/id`, with whatever is not plain in the id percent-encoded: an id read from a hostile
/// answer must not reach another path.
fn below(resource: &str, id: &str) -> String {
    let mut path = format!("{resource}/");
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            let _ = write!(path, "%{byte:02X}");
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_from_a_hostile_answer_stays_one_path_segment() {
        let call = Call::retrieve(&TransactionId::from("../identity?x=1#\u{e9}"));
        assert_eq!(call.path, "transaction/%2E%2E%2Fidentity%3Fx%3D1%23%C3%A9");
    }

    #[test]
    fn a_whole_cancel_has_no_body() {
        let call = Call::cancel(&TransactionId::from("2006721250"));
        assert_eq!((call.method, call.body), (Method::Delete, None));
    }
}
