//! A call as a task that reports exactly once.

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::Client;
use crate::api::Call;
use crate::exchange::{CallId, Cut, Outcome, Phases};

/// Sends the call on a task of its own. `report` is called exactly once, also when the task panics or
/// is dropped with its runtime: then the outcome is unknown.
pub fn start(
    client: Client,
    call: Call,
    id: CallId,
    cancel: CancellationToken,
    report: impl FnOnce(Outcome) + Send + 'static,
) -> JoinHandle<()> {
    let report = ReportOnce(Some(report));
    tokio::spawn(async move {
        let outcome = client.send(&call, id, cancel).await;
        report.now(outcome);
    })
}

/// Reports when told to, else when dropped.
struct ReportOnce<Report: FnOnce(Outcome)>(Option<Report>);

impl<Report: FnOnce(Outcome)> ReportOnce<Report> {
    fn now(mut self, outcome: Outcome) {
        if let Some(report) = self.0.take() {
            report(outcome);
        }
    }
}

impl<Report: FnOnce(Outcome)> Drop for ReportOnce<Report> {
    fn drop(&mut self) {
        if let Some(report) = self.0.take() {
            report(Outcome::Cut {
                why: Cut::Broken {
                    received: 0,
                    expected: None,
                    error: "the task that waited for the answer ended early".into(),
                },
                phases: Phases::default(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_task_that_panics_reports_an_unknown_outcome_once() {
        let (sender, outcomes) = mpsc::channel();
        let report = ReportOnce(Some(move |outcome| sender.send(outcome).unwrap()));
        let task = std::thread::spawn(move || {
            let _report = report;
            panic!("on purpose");
        });
        assert!(task.join().is_err());
        let all: Vec<Outcome> = outcomes.iter().collect();
        assert!(matches!(
            all[..],
            [Outcome::Cut {
                why: Cut::Broken { .. },
                ..
            }]
        ));
    }

    #[test]
    fn what_was_reported_is_not_reported_again() {
        let (sender, outcomes) = mpsc::channel();
        let outcome = Outcome::Cut {
            why: Cut::Cancelled,
            phases: Phases::default(),
        };
        ReportOnce(Some(move |outcome| sender.send(outcome).unwrap())).now(outcome.clone());
        assert_eq!(outcomes.iter().collect::<Vec<_>>(), [outcome]);
    }
}
