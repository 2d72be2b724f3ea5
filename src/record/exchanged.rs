//! A request and what came of it, whole, for the inspector and for exports.

use jiff::Timestamp;

use super::{Entry, Kind, Seq, entry::Seen, entry::Step};
use crate::{
    api::Operation,
    exchange::{Body, CallId, Delivery, Epoch, Outcome, Phases, Request, What},
};

/// One exchange, by whomever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchanged {
    /// The entry of its request.
    pub seq: Seq,
    pub at: Timestamp,
    pub epoch: Epoch,
    pub request: Request,
    /// `None` while it is under way, and where nobody told.
    pub outcome: Option<Outcome>,
    /// Whether it was ours.
    pub call: Option<CallId>,
    pub operation: Option<Operation>,
    /// Why our sandbox refused it, or a notification was not delivered.
    pub why: Option<String>,
    pub step: Option<Step>,
}

impl Exchanged {
    /// From an entry that holds a request, except a call of ours, whose end stands in another entry.
    pub fn of(entry: Entry) -> Option<Self> {
        let (request, outcome, operation, why) = match entry.kind {
            Kind::Arrived(arrived) => (arrived.request, None, None, None),
            Kind::Seen(Seen::Report(report)) => match report.what {
                What::Exchange {
                    request,
                    response,
                    micros,
                    ..
                } => {
                    let operation = super::target::Target::of(&request)
                        .and_then(|target| target.operation(&request.method));
                    let phases = Phases {
                        total: micros,
                        ..Phases::default()
                    };
                    let outcome = Outcome::Answered { response, phases };
                    (request, Some(outcome), operation, report.why)
                }
                What::Notified {
                    url, body, result, ..
                } => (notification(url, body), None, None, undelivered(result)),
                _ => return None,
            },
            _ => return None,
        };
        Some(Self {
            seq: entry.seq,
            at: entry.at,
            epoch: entry.epoch,
            request,
            outcome,
            call: None,
            operation,
            why,
            step: None,
        })
    }
}

fn notification(url: String, body: Vec<u8>) -> Request {
    Request {
        method: "POST".into(),
        url,
        headers: vec![],
        body: Body::whole(body),
    }
}

fn undelivered(result: Delivery) -> Option<String> {
    match result {
        Delivery::Answered { status } if (200..300).contains(&status) => None,
        Delivery::Answered { status } => Some(format!("answered {status}")),
        Delivery::Failed { error } => Some(error),
        Delivery::Held => Some("held: the host is not approved".into()),
    }
}
