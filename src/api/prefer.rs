//! Stub headers: `Prefer` and `preference-extension`, with which a request to a test endpoint names its
//! own answer.
//!
//! One table says which answers can be named for which operation. The sandbox obeys it, a picker shows
//! it. Never to be sent with production credentials.

#[cfg(test)]
mod tests;

use super::{Operation, ResponseCode};

/// The header that names the status: `status=404`.
pub const PREFER: &str = "Prefer";
/// The header that names the code: `responseCode=CLIENT_ACTION_REQUIRED;action=WAIT`.
pub const EXTENSION: &str = "preference-extension";

/// What the two headers ask for, as far as they can be read without knowing the operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preference {
    pub status: u16,
    pub code: Option<ResponseCode>,
    pub action: Option<String>,
}

/// An answer that can be forced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stub {
    pub status: u16,
    pub code: ResponseCode,
    /// Set exactly where the code is `CLIENT_ACTION_REQUIRED`.
    pub action: Option<StubAction>,
}

/// What a forced `CLIENT_ACTION_REQUIRED` asks the client to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StubAction {
    Redirect,
    SendSms,
    Wait,
}

/// Why no answer can be forced like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PreferError {
    #[error("the status in Prefer is not three digits")]
    Status,
    #[error("preference-extension needs Prefer: status=NNN beside it")]
    Alone,
    #[error("preference-extension is not responseCode=CODE or responseCode=CODE;action=ACTION")]
    Extension,
    #[error("preference-extension names a responseCode that the API does not have")]
    Code,
    #[error("Prefer: status={0} has no code of its own here; name one in preference-extension")]
    CodeMissing(u16),
    #[error("no answer of this call has both this status ({0}) and this responseCode")]
    Impossible(u16),
    #[error("only CLIENT_ACTION_REQUIRED has an action")]
    NoAction,
    #[error("this call has no such action")]
    OtherAction,
}

impl Preference {
    /// Reads all values of the two headers. `None` without any: a `Prefer` that names no status is about
    /// something else.
    pub fn read<'h>(
        prefer: impl IntoIterator<Item = &'h [u8]>,
        extension: impl IntoIterator<Item = &'h [u8]>,
    ) -> Result<Option<Self>, PreferError> {
        let mut extension = extension.into_iter();
        let first = extension.next();
        let Some(status) = prefer.into_iter().find_map(status) else {
            return match first {
                None => Ok(None),
                Some(_) => Err(PreferError::Alone),
            };
        };
        let (code, action) = match (first, extension.next()) {
            (None, _) => (None, None),
            (Some(only), None) => {
                let (code, action) = members(only).ok_or(PreferError::Extension)?;
                (Some(code), action)
            }
            (Some(_), Some(_)) => return Err(PreferError::Extension),
        };
        Ok(Some(Self {
            status: status?,
            code,
            action,
        }))
    }

    /// The answer that this forces on a call.
    pub fn force(&self, operation: Operation) -> Result<Stub, PreferError> {
        let code = match &self.code {
            Some(ResponseCode::Unknown(_)) => return Err(PreferError::Code),
            Some(code) => code.clone(),
            None => {
                own_code(self.status, operation).ok_or(PreferError::CodeMissing(self.status))?
            }
        };
        if !codes(operation).contains(&code) || !statuses(&code, operation).contains(&self.status) {
            return Err(PreferError::Impossible(self.status));
        }
        let action = match (&code, &self.action) {
            (ResponseCode::ClientActionRequired, None) => Some(StubAction::Redirect),
            (ResponseCode::ClientActionRequired, Some(text)) => Some(
                actions(operation)
                    .iter()
                    .copied()
                    .find(|action| action.as_str() == text)
                    .ok_or(PreferError::OtherAction)?,
            ),
            (_, None) => None,
            (_, Some(_)) => return Err(PreferError::NoAction),
        };
        Ok(Stub {
            status: self.status,
            code,
            action,
        })
    }
}

impl Stub {
    /// Every answer that can be forced on this call.
    pub fn all(operation: Operation) -> impl Iterator<Item = Self> {
        codes(operation).iter().flat_map(move |code| {
            let actions: Vec<_> = match code {
                ResponseCode::ClientActionRequired => {
                    actions(operation).iter().copied().map(Some).collect()
                }
                _ => vec![None],
            };
            statuses(code, operation).iter().flat_map(move |&status| {
                actions.clone().into_iter().map(move |action| Self {
                    status,
                    code: code.clone(),
                    action,
                })
            })
        })
    }

    /// The two headers that ask for it.
    pub fn headers(&self) -> [(&'static str, String); 2] {
        let action = self
            .action
            .map(|action| format!(";action={}", action.as_str()));
        let code = self.code.as_str();
        [
            (PREFER, format!("status={}", self.status)),
            (
                EXTENSION,
                format!("responseCode={code}{}", action.unwrap_or_default()),
            ),
        ]
    }
}

impl StubAction {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Redirect => "REDIRECT",
            Self::SendSms => "SEND_SMS",
            Self::Wait => "WAIT",
        }
    }
}

/// The status that one `Prefer` names, if it names one. Of several the first counts (RFC 7240).
fn status(prefer: &[u8]) -> Option<Result<u16, PreferError>> {
    let text = String::from_utf8_lossy(prefer);
    let mut quoted = false;
    let preferences = text.split(|letter| {
        quoted ^= letter == '"';
        letter == ',' && !quoted
    });
    preferences
        .map(|preference| preference.split(';').next().unwrap_or_default())
        .map(|preference| preference.split_once('=').unwrap_or((preference, "")))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("status"))
        .map(|(_, value)| {
            let value = value.trim();
            let bare = value
                .strip_prefix('"')
                .and_then(|value| value.strip_suffix('"'))
                .unwrap_or(value);
            let digits = bare.len() == 3 && bare.bytes().all(|byte| byte.is_ascii_digit());
            let status = bare.parse().ok().filter(|_| digits);
            status.ok_or(PreferError::Status)
        })
}

/// The code and the action of one `preference-extension`: once each, and nothing else.
fn members(extension: &[u8]) -> Option<(ResponseCode, Option<String>)> {
    let text = str::from_utf8(extension).ok()?;
    let (mut code, mut action) = (None, None);
    for member in text.split(';') {
        let (name, value) = member.split_once('=')?;
        let name = name.trim();
        let slot = if name.eq_ignore_ascii_case("responseCode") {
            &mut code
        } else if name.eq_ignore_ascii_case("action") {
            &mut action
        } else {
            return None;
        };
        if slot.replace(value.trim().to_owned()).is_some() {
            return None;
        }
    }
    Some((ResponseCode::parse(&code?), action))
}

/// The code that a status stands for by itself.
fn own_code(status: u16, operation: Operation) -> Option<ResponseCode> {
    match status {
        200 => Some(match operation {
            Operation::Cancel => ResponseCode::Cancelled,
            Operation::Refund => ResponseCode::Refunded,
            _ => ResponseCode::Ok,
        }),
        400 => Some(ResponseCode::BadRequest),
        401 => Some(ResponseCode::Unauthorized),
        404 => Some(ResponseCode::NotFound),
        500 => Some(ResponseCode::InternalError),
        502 => Some(ResponseCode::ConnectError),
        503 => Some(ResponseCode::ServiceUnavailable),
        504 => Some(ResponseCode::ConnectTimeout),
        _ => None,
    }
}

/// The statuses under which a code can be forced, the natural one first.
fn statuses(code: &ResponseCode, operation: Operation) -> &'static [u16] {
    match code {
        ResponseCode::Ok | ResponseCode::Cancelled | ResponseCode::Refunded => &[200],
        ResponseCode::ClientActionRequired => match operation {
            Operation::Identify | Operation::Continue => &[200, 202],
            _ => &[202],
        },
        ResponseCode::BadRequest | ResponseCode::InvalidBangoUserId => &[400],
        ResponseCode::Unauthorized => &[401],
        ResponseCode::NotFound => &[404],
        ResponseCode::InternalError => &[500],
        ResponseCode::ConnectError => &[202, 502],
        ResponseCode::ServiceUnavailable => &[503, 502],
        ResponseCode::ConnectTimeout => &[504],
        _ => &[202],
    }
}

const fn actions(operation: Operation) -> &'static [StubAction] {
    match operation {
        Operation::Identify | Operation::Continue => {
            &[StubAction::Redirect, StubAction::SendSms, StubAction::Wait]
        }
        _ => &[StubAction::Redirect],
    }
}

/// The codes that the API names for an operation. Cancel and refund are one call.
const fn codes(operation: Operation) -> &'static [ResponseCode] {
    use ResponseCode as Code;
    match operation {
        Operation::Identify | Operation::Continue => &[
            Code::Ok,
            Code::ClientActionRequired,
            Code::UserCancelled,
            Code::NotAvailable,
            Code::BadRequest,
            Code::Unauthorized,
            Code::NotFound,
            Code::InternalError,
            Code::ConnectError,
            Code::Failure,
            Code::ServiceUnavailable,
            Code::ConnectTimeout,
        ],
        Operation::Status | Operation::CloseAccount => &[
            Code::Ok,
            Code::NotFound,
            Code::Unauthorized,
            Code::ServiceUnavailable,
            Code::InternalError,
        ],
        Operation::Methods => &[
            Code::Ok,
            Code::NotAvailable,
            Code::UserInsufficientCredit,
            Code::UserBarred,
            Code::UserNotEnabled,
            Code::UserSuspended,
            Code::UserExceededLimit,
            Code::InvalidBangoUserId,
            Code::BadRequest,
            Code::Unauthorized,
            Code::InternalError,
            Code::ServiceUnavailable,
        ],
        Operation::Authorize => &[
            Code::Ok,
            Code::ClientActionRequired,
            Code::UserInsufficientCredit,
            Code::UserBarred,
            Code::UserNotEnabled,
            Code::UserSuspended,
            Code::UserExceededLimit,
            Code::SpeedLimit,
            Code::NotAvailable,
            Code::PriceNotSupported,
            Code::Declined,
            Code::ConnectError,
            Code::ConnectTimeout,
            Code::Failure,
            Code::InvalidBangoUserId,
            Code::BadRequest,
            Code::Unauthorized,
            Code::InternalError,
            Code::ServiceUnavailable,
        ],
        Operation::Retrieve => &[
            Code::Ok,
            Code::BadRequest,
            Code::Unauthorized,
            Code::NotFound,
            Code::InternalError,
            Code::ServiceUnavailable,
        ],
        Operation::Capture => &[
            Code::Ok,
            Code::Declined,
            Code::ConnectError,
            Code::ConnectTimeout,
            Code::Failure,
            Code::InvalidBangoUserId,
            Code::BadRequest,
            Code::Unauthorized,
            Code::NotFound,
            Code::InternalError,
            Code::ServiceUnavailable,
        ],
        Operation::Cancel | Operation::Refund => &[
            Code::Cancelled,
            Code::Refunded,
            Code::CantRefund,
            Code::AlreadyRefunded,
            Code::Declined,
            Code::InvalidBangoUserId,
            Code::BadRequest,
            Code::Unauthorized,
            Code::NotFound,
            Code::InternalError,
            Code::ConnectError,
            Code::Failure,
            Code::ServiceUnavailable,
            Code::ConnectTimeout,
        ],
    }
}
