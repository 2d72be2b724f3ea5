//! A call on the wire: heads, bodies, phases and what became of it; and the sandbox's activity report.
//!
//! Plain data, shared by both sides so that neither has to know the other. Bodies are exact. Heads are
//! what was handed to, or parsed by, the HTTP library. Credentials never get in: see [`Header::new`].

pub mod page;
mod standing;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use standing::{Standing, Stands};

use crate::api::{BangoUserId, ExternalTransactionId, Method, Msisdn, SessionId, TransactionId};

/// The header that carries a [`CallId`] to a sandbox of ours, and to nobody else.
pub const CALL_HEADER: &str = "Bango-Console-Call";
/// The header in which a sandbox names its [`Epoch`].
/// Names what is to be done to the answer.
pub const FAULT_HEADER: &str = "Bango-Sandbox-Fault";
pub const EPOCH_HEADER: &str = "Bango-Sandbox";
/// The header in which a sandbox names its run, where it tells of its activity.
pub const RUN_HEADER: &str = "Bango-Sandbox-Run";
/// The header that marks a repeated answer.
pub const REPLAYED_HEADER: &str = "Bango-Sandbox-Replayed";
/// The header that says why a request was refused.
pub const REASON_HEADER: &str = "Bango-Sandbox-Reason";

/// What stands in the place of a secret.
pub const SECRET: &str = "\u{2039}secret\u{203a}";

/// Bytes of a body that are kept; its true length is kept beside them.
pub const BODY_KEPT: usize = 16 * 1024 * 1024;

/// One call of ours: a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallId(pub Uuid);

impl CallId {
    /// 16 hex digits that name this call in our callback addresses. The random half, so that two calls
    /// of one millisecond differ.
    pub fn key(self) -> String {
        format!("{:016x}", self.0.as_u64_pair().1)
    }
}

/// What a sandbox's database is called from its making to its reset. Ids are unique within it only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(pub Uuid);

/// A header as it was sent or received. Values are bytes: 0x80 to 0xFF do occur.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub name: String,
    #[serde(with = "bytes_as_text")]
    pub value: Vec<u8>,
}

impl Header {
    /// Replaces the values of headers that hold credentials, ours and other programs'.
    pub fn new(name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        Self::with_secrets(name, value, &[])
    }

    /// The same, where the values of further headers are secret.
    pub fn with_secrets(
        name: impl Into<String>,
        value: impl Into<Vec<u8>>,
        further: &[String],
    ) -> Self {
        let name = name.into();
        let secret = [
            "authorization",
            "proxy-authorization",
            "cookie",
            "set-cookie",
        ];
        let mut secret = secret.into_iter().chain(further.iter().map(String::as_str));
        let value = if secret.any(|known| name.eq_ignore_ascii_case(known)) {
            SECRET.into()
        } else {
            value.into()
        };
        Self { name, value }
    }
}

/// The first value of a header, its name compared without case.
pub fn header<'h>(headers: &'h [Header], name: &str) -> Option<&'h [u8]> {
    values(headers, name).next()
}

/// Every value of a header, in order.
pub fn values<'h>(headers: &'h [Header], name: &str) -> impl Iterator<Item = &'h [u8]> {
    headers
        .iter()
        .filter(move |header| header.name.eq_ignore_ascii_case(name))
        .map(|header| header.value.as_slice())
}

/// A body, kept up to [`BODY_KEPT`] bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    #[serde(with = "bytes_as_text", default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<u8>,
    /// How long it was on the wire.
    pub length: u64,
}

impl Body {
    pub fn whole(bytes: impl Into<Vec<u8>>) -> Self {
        let mut kept = bytes.into();
        let length = kept.len() as u64;
        kept.truncate(BODY_KEPT);
        Self { kept, length }
    }

    pub fn is_empty(&self) -> bool {
        self.length == 0
    }
}

/// A request as it left, or as it arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub method: String,
    /// What stood on the request line or, for our own calls, the whole URL.
    pub url: String,
    pub headers: Vec<Header>,
    pub body: Body,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<Header>,
    pub body: Body,
}

/// Where the time of a call went, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phases {
    /// Name, connection and TLS. `None` on a connection that was already open.
    pub connect: Option<u64>,
    /// From the start of the call to the head of the answer.
    pub first_byte: Option<u64>,
    pub total: u64,
}

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Answered {
        response: Response,
        phases: Phases,
    },
    /// Something may have left and no whole answer came back: the outcome is unknown.
    Cut {
        why: Cut,
        phases: Phases,
    },
    /// No byte left.
    NotSent {
        why: NotSent,
    },
}

/// Why there is no whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// The user did not want to wait any longer.
    Cancelled,
    /// No answer within the time allowed.
    TimedOut,
    /// The connection broke, after so many bytes of the answer's body where its head had arrived.
    Broken {
        received: u64,
        expected: Option<u64>,
        error: String,
    },
    /// Our own process ended while the call was under way.
    ProcessDied,
}

/// Why no byte left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotSent {
    /// Nobody accepted the connection.
    NoConnection { error: String },
    /// The other side is not proved to be who it should be, or cannot speak TLS.
    Tls { error: String },
    /// Cancelled while connecting.
    Cancelled,
    /// The request could not be built.
    Unbuildable { error: String },
}

/// One report of a sandbox's activity. Numbers have no gaps within a run; a report is made after the
/// commit that it tells of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub run: Uuid,
    pub number: u64,
    pub epoch: Epoch,
    pub at: Timestamp,
    /// The caller's own id, when it sent [`CALL_HEADER`].
    pub call: Option<CallId>,
    pub what: What,
    /// Why a request was refused: the same words as in [`REASON_HEADER`].
    pub why: Option<String>,
}

/// A line of a sandbox's activity as it is streamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    Report(Box<Report>),
    /// So many reports were thrown away before the reader came to them.
    Missed {
        missed: u64,
    },
}

/// What a sandbox reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A call on the API and its answer. `transaction` names the payment also where the answer does not
    /// yet (a start that needs a redirect).
    Exchange {
        request: Request,
        response: Response,
        micros: u64,
        transaction: Option<TransactionId>,
        /// How the payment stands after it, where the call was about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        standing: Option<Standing>,
    },
    /// The payer used a page, or sent an SMS: that has the title `SMS` and the action `send`.
    Page {
        of: PageOf,
        title: String,
        action: Option<String>,
    },
    /// A payer was identified, by a session or by the sandbox's control.
    Identified {
        session: Option<SessionId>,
        user: BangoUserId,
        msisdn: Msisdn,
        key: String,
    },
    /// The payer's pages of a payment came to their end.
    Finished {
        transaction: TransactionId,
        external: Option<ExternalTransactionId>,
        code: String,
    },
    /// An authorization was not captured in time: it is cancelled.
    Expired {
        transaction: TransactionId,
        external: Option<ExternalTransactionId>,
    },
    /// One try to deliver a notification.
    Notified {
        url: String,
        #[serde(with = "bytes_as_text", default, skip_serializing_if = "Vec::is_empty")]
        body: Vec<u8>,
        attempt: u32,
        result: Delivery,
        transaction: Option<TransactionId>,
        session: Option<SessionId>,
    },
    /// Everything was cleared; the report's epoch is the new one.
    Reset,
}

impl What {
    /// How the payment stands that it is about, where it says so.
    pub const fn standing(&self) -> Option<Standing> {
        match self {
            Self::Exchange { standing, .. } => *standing,
            _ => None,
        }
    }
}

/// Whose page it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageOf {
    Session(SessionId),
    Transaction(TransactionId),
}

/// What a try to deliver a notification came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Any 2xx is success.
    Answered {
        status: u16,
    },
    Failed {
        error: String,
    },
    /// The host was not approved; nothing was sent.
    Held,
}

/// The method of an API call, where it is one.
pub fn method(request: &Request) -> Option<Method> {
    [
        Method::Get,
        Method::Post,
        Method::Put,
        Method::Delete,
        Method::Options,
    ]
    .into_iter()
    .find(|method| method.as_str() == request.method)
}

/// Bytes as text where they are, as Latin-1 where they are not: every byte survives.
mod bytes_as_text {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(
        clippy::ptr_arg,
        reason = "serde's `with` hands over the field's own type"
    )]
    pub fn serialize<S: Serializer>(bytes: &Vec<u8>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(
            &bytes
                .iter()
                .map(|&byte| char::from(byte))
                .collect::<String>(),
        )
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.chars()
            .map(|character| u8::try_from(u32::from(character)).map_err(serde::de::Error::custom))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_never_get_into_a_header() {
        for name in [
            "Authorization",
            "proxy-authorization",
            "COOKIE",
            "Set-Cookie",
        ] {
            assert_eq!(
                Header::new(name, "Basic c2FuZGJveA==").value,
                SECRET.as_bytes()
            );
        }
        assert_eq!(Header::new("Accept", "*/*").value, b"*/*");
    }

    #[test]
    fn header_bytes_survive_storage() {
        let header = Header::new("X", vec![0x9b, b'2', b'J', 0xff]);
        let stored = serde_json::to_string(&header).unwrap();
        assert_eq!(serde_json::from_str::<Header>(&stored).unwrap(), header);
    }

    #[test]
    fn a_body_survives_storage_byte_by_byte() {
        let body = Body::whole((0..=255).collect::<Vec<u8>>());
        let stored = serde_json::to_string(&body).unwrap();
        assert_eq!(serde_json::from_str::<Body>(&stored).unwrap(), body);
    }
}
