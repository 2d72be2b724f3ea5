//! An answer's body: kept up to a limit, counted to its end.

use super::{Failure, words};
use crate::exchange::{BODY_KEPT, Body};

pub(super) async fn read(mut answer: reqwest::Response) -> Result<Body, Failure> {
    let expected = answer.content_length();
    let mut body = Body::default();
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) => {
                let room = BODY_KEPT - body.kept.len();
                body.kept.extend_from_slice(&chunk[..chunk.len().min(room)]);
                body.length += chunk.len() as u64;
            }
            Ok(None) => return Ok(body),
            Err(error) => {
                return Err(Failure::Broken {
                    received: body.length,
                    expected,
                    error: words(&error),
                });
            }
        }
    }
}
