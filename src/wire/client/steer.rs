//! Our sandbox's own controls, beside the API at the same address and with the same credentials.

use std::time::Duration;

use reqwest::header::CONTENT_LENGTH;

use super::{Client, head, words};
use crate::exchange::REASON_HEADER;

const BASE: &str = "/_sandbox/";
const WHOLE: Duration = Duration::from_secs(10);

/// Why the sandbox did not do it. The messages follow "the sandbox did not do it: ".
#[derive(Debug, thiserror::Error)]
pub enum SteerError {
    #[error("nobody answered ({0})")]
    Unreachable(String),
    /// In the sandbox's own words.
    #[error("{0}")]
    Refused(String),
}

impl Client {
    /// Has `path` below `/_sandbox/` done, such as `sessions/ID/sms`. Ids of the API are plain enough to
    /// stand in a path as they are; others do not reach another one.
    pub async fn steer(&self, path: &[&str]) -> Result<(), SteerError> {
        let mut url = self.base.clone();
        url.set_path(BASE);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        let credentials = head::basic(&self.credentials)
            .map_err(|_| SteerError::Refused("the credentials fit into no header".to_owned()))?;
        let answer = self
            .http
            .post(url)
            .header(reqwest::header::AUTHORIZATION, credentials)
            .header(CONTENT_LENGTH, 0)
            .timeout(WHOLE)
            .send()
            .await
            .map_err(|error| SteerError::Unreachable(words(&error)))?;
        if answer.status().is_success() {
            return Ok(());
        }
        let reason = answer.headers().get(REASON_HEADER);
        let reason = reason.and_then(|reason| reason.to_str().ok());
        Err(SteerError::Refused(reason.map_or_else(
            || format!("status {}", answer.status().as_u16()),
            str::to_owned,
        )))
    }
}
