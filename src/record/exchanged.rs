//! A request and what came of it, whole, for the inspector and for exports.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{Entry, Kind, Seq, entry::Seen, entry::Step};
use crate::{
    api::Operation,
    exchange::{Body, CallId, Delivery, Epoch, Outcome, Phases, Request, Standing, What},
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
    /// How the payment stood in our sandbox after it.
    pub standing: Option<Standing>,
    pub step: Option<Step>,
}

impl Exchanged {
    /// All that these entries tell of, in their order. An end without its call is none.
    pub fn all(entries: &[Entry]) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        let mut ours: HashMap<CallId, usize> = HashMap::new();
        for entry in entries {
            match &entry.kind {
                Kind::Sent(sent) => {
                    ours.insert(sent.call, all.len());
                    all.push(Self {
                        seq: entry.seq,
                        at: entry.at,
                        epoch: entry.epoch,
                        request: sent.request.clone(),
                        outcome: None,
                        call: Some(sent.call),
                        operation: Some(sent.operation),
                        why: None,
                        standing: None,
                        step: sent.step.clone(),
                    });
                }
                Kind::Ended(ended) => {
                    if let Some(&at) = ours.get(&ended.call) {
                        all[at].outcome = Some(ended.outcome.clone());
                        all[at].epoch = entry.epoch;
                    }
                }
                Kind::Seen(Seen::Own(own)) => {
                    if let Some(&at) = ours.get(&own.call) {
                        all[at].why.clone_from(&own.why);
                        all[at].standing = own.standing;
                    }
                }
                _ => all.extend(Self::of(entry.clone())),
            }
        }
        all
    }

    /// Whether it came to an address of ours, or was only told of.
    pub fn is_one_way(&self) -> bool {
        self.call.is_none() && self.outcome.is_none()
    }

    /// From an entry that holds a request, except a call of ours, whose end stands in another entry.
    pub fn of(entry: Entry) -> Option<Self> {
        let mut standing = None;
        let (request, outcome, operation, why) = match entry.kind {
            Kind::Arrived(arrived) => (arrived.request, None, None, None),
            Kind::Seen(Seen::Report(report)) => match report.what {
                What::Exchange {
                    request,
                    response,
                    micros,
                    standing: told,
                    ..
                } => {
                    standing = told;
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
            standing,
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
