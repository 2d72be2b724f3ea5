//! The popup that tells two exchanges apart.

use crate::json::Value;
use crate::record::compare::{Bodies, Comparison, Difference, Half};

use super::command::Command;
use super::inspector::line::{Line, Part, Role, foreign, own, part, words};
use super::update::distance;
use crate::text::Foreign;

/// Differences that are shown: more is not read.
const MOST: usize = 1_000;

#[derive(Clone, Debug)]
pub struct Compare {
    comparison: Comparison,
    /// Whether ids, addresses and times are left out.
    pub masked: bool,
    /// The line at the top.
    pub offset: usize,
    pub lines: Vec<Line>,
}

impl Compare {
    pub fn new(comparison: Comparison) -> Self {
        let mut new = Self {
            comparison,
            masked: true,
            offset: 0,
            lines: Vec::new(),
        };
        new.lines = new.written();
        new
    }

    /// Keys of the popup, which shows `rows` lines.
    pub fn command(&mut self, command: Command, rows: usize) {
        match command {
            Command::Leave => {}
            Command::ToggleMasks => {
                self.masked = !self.masked;
                self.lines = self.written();
            }
            Command::First => self.offset = 0,
            Command::Last => self.offset = usize::MAX,
            _ => {
                let by = distance(command, rows).unwrap_or(0);
                self.offset = self.offset.saturating_add_signed(by);
            }
        }
        self.offset = self.offset.min(self.lines.len().saturating_sub(rows));
    }

    /// How many differences are left out.
    pub fn hidden(&self) -> usize {
        if !self.masked {
            return 0;
        }
        let halves = [&self.comparison.request, &self.comparison.response];
        halves
            .into_iter()
            .flat_map(|half| differences(&half.bodies))
            .filter(|difference| difference.masked)
            .count()
    }

    fn written(&self) -> Vec<Line> {
        let mut lines = self.half("Request", &self.comparison.request);
        lines.push(Line::default());
        lines.extend(self.half("Response", &self.comparison.response));
        lines
    }

    fn half(&self, name: &str, half: &Half) -> Vec<Line> {
        let equal = if self.masked {
            half.left.masked == half.right.masked
        } else {
            half.left.whole == half.right.whole
        };
        let mut heading = vec![words(Role::Heading, &format!("{name}  "))];
        let mut lines = Vec::new();
        if equal {
            let head = if self.masked {
                &half.right.masked
            } else {
                &half.right.whole
            };
            heading.push(foreign(Role::Plain, head));
            lines.push(Line(heading));
        } else {
            lines.push(Line(heading));
            lines.push(side(
                "-",
                Role::Bad,
                vec![foreign(Role::Bad, &half.left.whole)],
            ));
            lines.push(side(
                "+",
                Role::Good,
                vec![foreign(Role::Good, &half.right.whole)],
            ));
        }
        match &half.bodies {
            Bodies::Equal => lines.push(own(Role::Dim, "  the bodies are equal")),
            Bodies::Unlike { left, right } => lines.push(own(
                Role::Alarm,
                &format!("  the bodies differ, and are not both JSON: {left} and {right} bytes"),
            )),
            Bodies::Differ(found) => lines.extend(self.changes(found)),
        }
        lines
    }

    fn changes(&self, found: &[Difference]) -> Vec<Line> {
        let shown = found
            .iter()
            .filter(|difference| !(self.masked && difference.masked));
        let count = shown.clone().count();
        if count == 0 {
            return vec![own(
                Role::Dim,
                "  the bodies are equal but for ids and times",
            )];
        }
        let mut lines = Vec::new();
        for Difference { change, .. } in shown.take(MOST) {
            lines.push(Line(vec![
                words(Role::Plain, "  "),
                foreign(Role::Key, &change.path.to_string()),
            ]));
            lines.extend(value("-", Role::Bad, change.left.as_ref()));
            lines.extend(value("+", Role::Good, change.right.as_ref()));
        }
        if count > MOST {
            let more = format!("  {} more differences are not shown", count - MOST);
            lines.push(own(Role::Alarm, &more));
        }
        lines.into_iter().map(Line::bounded).collect()
    }
}

fn differences(bodies: &Bodies) -> &[Difference] {
    match bodies {
        Bodies::Differ(found) => found,
        Bodies::Equal | Bodies::Unlike { .. } => &[],
    }
}

fn value(sign: &str, role: Role, value: Option<&Value>) -> Option<Line> {
    let text = Foreign::new(value?.canonical());
    Some(side(sign, role, vec![part(role, text)]))
}

fn side(sign: &str, role: Role, what: Vec<Part>) -> Line {
    let mut parts = vec![words(role, &format!("    {sign} "))];
    parts.extend(what);
    Line(parts)
}
