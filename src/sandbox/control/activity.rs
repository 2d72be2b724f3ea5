//! The activity as a stream: a JSON object a line, from wherever the reader left off, open until one of
//! the two goes away.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::stream;

use super::{number, query};
use crate::exchange::{EPOCH_HEADER, Line, RUN_HEADER};
use crate::sandbox::activity::{Activity, Told};
use crate::sandbox::engine::Reason;
use crate::sandbox::http::insert;
use crate::sandbox::server::Server;

/// Begins after the report `after` of the run `run`. Numbers of another run say nothing here, so for those
/// it begins with the oldest report that is kept.
pub fn stream(server: &Server, head: &Parts) -> Result<Response, Reason> {
    let run = query(head, "run");
    let after = number(head, "after")?.unwrap_or(0);
    let after = if run.is_none_or(|run| run == server.feed.run().to_string()) {
        after
    } else {
        0
    };
    let reader = Activity::after(server.feed.clone(), after);
    let stop = server.stop.clone();
    let lines = stream::unfold((reader, stop), |(mut reader, stop)| async {
        tokio::select! {
            told = reader.next() => Some((Ok::<_, Infallible>(line(told)), (reader, stop))),
            () = stop.cancelled() => None,
        }
    });
    let mut response = Response::new(Body::from_stream(lines));
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/x-ndjson; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    insert(headers, EPOCH_HEADER, &server.store.epoch().0.to_string());
    insert(headers, RUN_HEADER, &server.feed.run().to_string());
    Ok(response)
}

fn line(told: Told) -> Bytes {
    let line = match told {
        Told::Report(report) => Line::Report(Box::new((*report).clone())),
        Told::Missed { count } => Line::Missed { missed: count },
    };
    let mut line = serde_json::to_vec(&line).expect("a report is always JSON");
    line.push(b'\n');
    line.into()
}
