//! An answer's body, read tolerantly.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{BangoUserId, ResponseCode, SessionId, TransactionId};

/// What an answer says to the program. Everything else stays in the exchange's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub code: ResponseCode,
    /// For people; never decides anything.
    pub message: Option<String>,
    pub session: Option<SessionId>,
    pub user: Option<BangoUserId>,
    pub transaction: Option<TransactionId>,
    pub action: Option<Action>,
    /// The payer's `status`, from `GET identity/{bangoUserId}`.
    pub user_status: Option<String>,
}

/// What the client has to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Send the payer's browser to `url`.
    Redirect { url: String },
    /// Have the payer's device send `text` to `shortcode`.
    SendSms { text: String, shortcode: String },
    /// Ask again after this time.
    Wait { milliseconds: u64 },
    /// An action that this program does not know, or one with members missing: answer it with
    /// `action: cancel` and go on.
    Unknown(String),
}

/// Why a body is not an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    #[error("the body is not JSON: {0}")]
    NotJson(String),
    #[error("the body has no responseCode")]
    NoResponseCode,
}

impl Answer {
    /// Members in any order, unknown ones ignored, a repeated one taken where it stands last; a UTF-8
    /// mark in front is skipped. The three ways to say "no transaction" (JSON null, the text `null`,
    /// absent) are one.
    pub fn parse(body: &[u8]) -> Result<Self, AnswerError> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let value: Value = serde_json::from_slice(body)
            .map_err(|error| AnswerError::NotJson(error.to_string()))?;
        let code = value
            .get("responseCode")
            .and_then(Value::as_str)
            .ok_or(AnswerError::NoResponseCode)?;
        Ok(Self {
            code: ResponseCode::parse(code),
            message: text(&value, "responseMessage"),
            session: id(&value, "sessionId").map(SessionId::new),
            user: id(&value, "bangoUserId").map(BangoUserId::new),
            transaction: id(&value, "transactionId").map(TransactionId::new),
            action: value.get("parameters").and_then(action),
            user_status: text(&value, "status"),
        })
    }
}

fn action(parameters: &Value) -> Option<Action> {
    let name = parameters.get("action")?.as_str()?;
    let known = match name {
        "REDIRECT" => text(parameters, "url").map(|url| Action::Redirect { url }),
        "SEND_SMS" => text(parameters, "text")
            .zip(text(parameters, "shortcode"))
            .map(|(text, shortcode)| Action::SendSms { text, shortcode }),
        "WAIT" => milliseconds(parameters).map(|milliseconds| Action::Wait { milliseconds }),
        _ => None,
    };
    Some(known.unwrap_or_else(|| Action::Unknown(name.to_owned())))
}

/// A number or a numeric text: no source shows which.
fn milliseconds(parameters: &Value) -> Option<u64> {
    let value = parameters.get("suggestedWaitTimeMilliseconds")?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}

fn id(value: &Value, name: &str) -> Option<String> {
    text(value, name).filter(|id| !id.is_empty() && id != "null")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_in_any_order_with_unknown_and_repeated_ones_between() {
        let body = br#"{"abcd":"1234","parameters":{"url":"http://x/","action":"REDIRECT"},
            "abcd":"1234","transactionId":null,"responseMessage":"m","responseCode":"CLIENT_ACTION_REQUIRED"}"#;
        let answer = Answer::parse(body).unwrap();
        assert_eq!(answer.code, ResponseCode::ClientActionRequired);
        assert_eq!(answer.transaction, None);
        assert_eq!(
            answer.action,
            Some(Action::Redirect {
                url: "http://x/".into()
            })
        );
    }

    #[test]
    fn unknown_codes_and_actions_survive() {
        let body = br#"{"responseCode":"TELEPORTED","parameters":{"action":"DANCE"}}"#;
        let answer = Answer::parse(body).unwrap();
        assert_eq!(answer.code, ResponseCode::Unknown("TELEPORTED".into()));
        assert_eq!(answer.action, Some(Action::Unknown("DANCE".into())));
    }

    #[test]
    fn the_text_null_is_no_transaction() {
        let answer = Answer::parse(br#"{"responseCode":"OK","transactionId":"null"}"#).unwrap();
        assert_eq!(answer.transaction, None);
    }

    #[test]
    fn a_wait_may_be_a_number_or_a_text() {
        for value in ["3000", "\"3000\""] {
            let body = format!(
                r#"{{"responseCode":"X","parameters":{{"action":"WAIT","suggestedWaitTimeMilliseconds":{value}}}}}"#
            );
            assert_eq!(
                Answer::parse(body.as_bytes()).unwrap().action,
                Some(Action::Wait { milliseconds: 3000 })
            );
        }
    }

    #[test]
    fn a_page_from_a_gateway_is_no_answer() {
        assert!(matches!(
            Answer::parse(b"<html>"),
            Err(AnswerError::NotJson(_))
        ));
        assert_eq!(Answer::parse(b"[]"), Err(AnswerError::NoResponseCode));
        assert!(Answer::parse(b"\xef\xbb\xbf{\"responseCode\":\"OK\"}").is_ok());
    }
}
