//! Where the time of a call went.

use crate::exchange::{Outcome, Phases};

use super::Shown;
use super::line::{Line, Role, own, words};

/// Cells of the longest bar.
const BAR: u64 = 24;

pub fn lines(shown: &Shown) -> Vec<Line> {
    match &shown.outcome {
        None if shown.arrived => vec![own(
            Role::Dim,
            "It came to the console's own listener, which does not measure.",
        )],
        None => vec![own(
            Role::Dim,
            "It is under way: the times are known at its end.",
        )],
        Some(Outcome::NotSent { .. }) => {
            vec![own(Role::Dim, "No byte left: there is nothing to measure.")]
        }
        Some(Outcome::Answered { phases, .. }) if !shown.ours => vec![
            phase("total", 0, phases.total, phases.total),
            Line::default(),
            own(
                Role::Dim,
                "Another program's call, measured inside the sandbox: no more is known.",
            ),
        ],
        Some(Outcome::Answered { phases, .. }) => measured(phases, true),
        Some(Outcome::Cut { phases, .. }) => measured(phases, false),
    }
}

fn measured(phases: &Phases, answered: bool) -> Vec<Line> {
    let total = phases.total;
    let connected = phases.connect.unwrap_or(0);
    let mut lines = Vec::new();
    if phases.connect.is_some() {
        lines.push(phase("connect", 0, connected, total));
    }
    match phases.first_byte {
        Some(first) => {
            lines.push(phase("first byte", connected, first, total));
            lines.push(phase("body", first, total, total));
        }
        None if answered => {}
        None => lines.push(phase("waited", connected, total, total)),
    }
    lines.push(phase("total", 0, total, total));
    lines.push(Line::default());
    if phases.connect.is_none() && (answered || phases.first_byte.is_some()) {
        let words = "The connection was open already: there was nothing to connect.";
        lines.push(own(Role::Dim, words));
    }
    match phases.first_byte {
        Some(_) if answered => {
            let words = "first byte: sending, and waiting for the answer's head";
            lines.push(own(Role::Dim, words));
        }
        Some(_) => lines.push(own(Role::Alarm, "The body did not come to its end.")),
        None if answered => {
            let words = "When the first byte came is not known.";
            lines.push(own(Role::Dim, words));
        }
        None => lines.push(own(Role::Alarm, "No byte of an answer came.")),
    }
    lines
}

/// A phase from `start` to `end` of `total`, in microseconds.
fn phase(name: &str, start: u64, end: u64, total: u64) -> Line {
    let length = end.saturating_sub(start);
    let cells = |micros: u64| {
        let total = u128::from(total.max(1));
        let cells = (u128::from(micros) * u128::from(BAR) + total / 2) / total;
        usize::try_from(cells.min(u128::from(BAR))).unwrap_or(0)
    };
    // A phase that took time is seen, and none reaches beyond the total.
    let filled = cells(length).max(usize::from(length > 0));
    let skipped = cells(start).min(cells(total).saturating_sub(filled));
    Line(vec![
        words(Role::Key, &format!("{name:<10}")),
        words(Role::Plain, &format!("{:>12}  ", milliseconds(length))),
        words(Role::Plain, &" ".repeat(skipped)),
        words(Role::Good, &"\u{2587}".repeat(filled)),
    ])
}

/// `3.1 ms`, rounded down.
fn milliseconds(micros: u64) -> String {
    format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100)
}
