//! One exchange, looked at from four sides.

use crate::exchange::{Body, Cut, NotSent, Outcome, Request};
use crate::json;
use crate::record::export::curl;
use crate::record::{Seq, SessionKey, TransactionKey};
use crate::text::{Foreign, cells};

/// Which exchange to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The one that this entry belongs to.
    Entry(Seq),
    /// The latest of a payment.
    Transaction(TransactionKey),
    /// The latest of an identification.
    Session(SessionKey),
}

/// An exchange with its bodies, as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub request: Request,
    /// `None` while the answer is awaited, and for what came to our own listener.
    pub outcome: Option<Outcome>,
    /// Why our sandbox refused it.
    pub why: Option<String>,
    /// Whether it came to us: then there is no curl line.
    pub arrived: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    Request,
    #[default]
    Response,
    Headers,
    Curl,
}

impl Tab {
    pub const ALL: [Self; 4] = [Self::Request, Self::Response, Self::Headers, Self::Curl];

    pub const fn title(self) -> &'static str {
        match self {
            Self::Request => "Request",
            Self::Response => "Response",
            Self::Headers => "Headers",
            Self::Curl => "curl",
        }
    }
}

/// The tab whose name stands at a column of the row of tabs, each in blanks and with a line between two.
pub fn tab_at(column: usize) -> Option<Tab> {
    let mut from = 0;
    Tab::ALL.into_iter().find(|tab| {
        let cells = cells(tab.title()) + 2;
        let found = (from..from + cells).contains(&column);
        from += cells + 1;
        found
    })
}

/// The pane.
#[derive(Clone, Debug, Default)]
pub struct Inspector {
    pub tab: Tab,
    /// The line at the top.
    pub offset: usize,
    /// What was asked for last: a late answer to an earlier question is dropped.
    pub wanted: Option<Wanted>,
    /// Something has happened since it was asked for.
    pub stale: bool,
    pub shown: Option<Box<Shown>>,
    lines: [Vec<Line>; Tab::ALL.len()],
}

/// A line of a tab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub role: Role,
    pub text: Words,
}

/// Our words and others' stay apart to the last step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    Own(String),
    Foreign(Foreign),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Plain,
    Dim,
    Heading,
    /// The outcome is not known, or something is wrong with the exchange.
    Alarm,
    Key,
    Text,
    Number,
    Literal,
    Punctuation,
    Broken,
}

/// Lines kept of a body: more is for an export, not for a screen.
const LINES: usize = 20_000;

/// Bytes kept of a part of a line. A line is not scrolled within, so this is more than a screen shows.
const LONGEST: usize = 16 * 1024;

impl Inspector {
    pub fn lines(&self) -> &[Line] {
        &self.lines[self.tab as usize]
    }

    /// Shows an exchange. The tab stays; its text starts at the top unless it is the same one as before,
    /// now with its answer.
    pub fn show(&mut self, shown: Option<Box<Shown>>) {
        let same = match (&self.shown, &shown) {
            (Some(before), Some(now)) => before.request == now.request,
            _ => false,
        };
        if !same {
            self.offset = 0;
        }
        self.lines = shown.as_ref().map_or_else(Default::default, |shown| {
            Tab::ALL.map(|tab| shown.lines(tab).into_iter().map(Line::bounded).collect())
        });
        self.shown = shown;
    }

    pub fn turn(&mut self, by: isize) {
        let count = Tab::ALL.len();
        self.tab = Tab::ALL[(self.tab as usize + count).saturating_add_signed(by) % count];
        self.offset = 0;
    }

    /// Scrolls by whole lines, at most until the last one is at the bottom of a pane of this size.
    pub fn scroll(&mut self, by: isize, size: (usize, usize)) {
        self.offset = self.offset.saturating_add_signed(by);
        self.offset = self.offset.min(self.last_offset(size));
    }

    pub fn scroll_to_end(&mut self, size: (usize, usize)) {
        self.offset = self.last_offset(size);
    }

    /// The first line to show so that the last one is at the bottom: long lines take several rows.
    fn last_offset(&self, (width, height): (usize, usize)) -> usize {
        let mut rows = 0;
        let fitting = self.lines().iter().rev().take_while(|line| {
            rows += line.rows(width);
            rows <= height
        });
        self.lines().len() - fitting.count()
    }
}

impl Line {
    /// Every frame escapes what it shows: a body of one endless line must not cost more than a screen.
    fn bounded(self) -> Self {
        Self(self.0.into_iter().flat_map(Part::bounded).collect())
    }

    /// About how many rows of `width` cells it takes, rather too many than too few: a long line is broken
    /// between words, which leaves some cells empty.
    fn rows(&self, width: usize) -> usize {
        let used: usize = self.0.iter().map(|part| part.text.cells()).sum();
        match used.div_ceil(width.max(1)) {
            0 | 1 => 1,
            rows => rows + rows / 4 + 1,
        }
    }
}

impl Part {
    /// The part itself or, where it is too long, its beginning and how much is missing.
    fn bounded(self) -> Vec<Self> {
        match &self.text {
            Words::Foreign(text) if text.raw_bytes().len() > LONGEST => {
                let bytes = text.raw_bytes();
                let mut end = LONGEST;
                while bytes[end] & 0xc0 == 0x80 && end + 4 > LONGEST {
                    end -= 1;
                }
                let start = Self {
                    role: self.role,
                    text: Words::Foreign(Foreign::new(&bytes[..end])),
                };
                let missing = format!("\u{2026} {} bytes more", bytes.len() - end);
                vec![start, words(Role::Alarm, &missing)]
            }
            _ => vec![self],
        }
    }
}

impl Words {
    fn cells(&self) -> usize {
        match self {
            Self::Own(text) => cells(text),
            Self::Foreign(text) => cells(&text.screen_text()),
        }
    }
}

impl Shown {
    /// What one tab shows, line by line.
    fn lines(&self, tab: Tab) -> Vec<Line> {
        match tab {
            Tab::Request => self.request_lines(),
            Tab::Response => self.response_lines(),
            Tab::Headers => self.header_lines(),
            Tab::Curl if self.arrived => vec![own(
                Role::Dim,
                "It came to the console: there is nothing to send.",
            )],
            Tab::Curl => {
                let mut lines = vec![own(
                    Role::Dim,
                    "y c copies it. curl adds host, accept and length itself.",
                )];
                lines.extend(lines_of(curl::command(&self.request).as_bytes()));
                lines
            }
        }
    }

    fn request_lines(&self) -> Vec<Line> {
        let mut lines = vec![Line(vec![
            foreign(Role::Heading, &self.request.method),
            words(Role::Plain, " "),
            foreign(Role::Plain, &self.request.url),
        ])];
        lines.extend(body_lines(&self.request.body, "no body"));
        lines
    }

    fn response_lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        if let Some(why) = &self.why {
            lines.push(Line(vec![
                words(Role::Alarm, "refused because "),
                foreign(Role::Alarm, why),
            ]));
        }
        match &self.outcome {
            None if self.arrived => {
                lines.push(own(Role::Dim, "Answered by the console's own listener."));
            }
            None => lines.push(own(Role::Alarm, "No answer yet.")),
            Some(Outcome::Answered { response, .. }) => {
                lines.extend(body_lines(&response.body, "no body"));
            }
            Some(Outcome::Cut { why, .. }) => {
                lines.push(own(Role::Alarm, "The outcome is unknown."));
                lines.push(cut_line(why));
                lines.push(Line::default());
                lines.push(own(
                    Role::Plain,
                    "It may have happened or not: send the same again.",
                ));
                lines.push(own(
                    Role::Plain,
                    "The API knows a repeat, and answers as the first time.",
                ));
            }
            Some(Outcome::NotSent { why }) => {
                lines.push(own(Role::Alarm, "Not sent: no byte left."));
                lines.push(not_sent_line(why));
            }
        }
        lines
    }

    fn header_lines(&self) -> Vec<Line> {
        let mut lines = vec![
            own(
                Role::Dim,
                "Rebuilt from the HTTP library, not the raw bytes; secrets are left out.",
            ),
            Line(vec![
                foreign(Role::Heading, &self.request.method),
                words(Role::Heading, " "),
                foreign(Role::Heading, &self.request.url),
            ]),
        ];
        let header_line = |header: &crate::exchange::Header| {
            Line(vec![
                foreign(Role::Key, &header.name),
                words(Role::Punctuation, ": "),
                Part {
                    role: Role::Plain,
                    text: Words::Foreign(Foreign::new(header.value.clone())),
                },
            ])
        };
        lines.extend(self.request.headers.iter().map(header_line));
        if let Some(Outcome::Answered { response, .. }) = &self.outcome {
            lines.push(Line::default());
            lines.push(own(Role::Heading, &format!("Answer {}", response.status)));
            lines.extend(response.headers.iter().map(header_line));
        }
        lines
    }
}

fn cut_line(why: &Cut) -> Line {
    match why {
        Cut::Cancelled => own(Role::Plain, "The console stopped waiting for the answer."),
        Cut::TimedOut => own(Role::Plain, "No answer came within the time allowed."),
        Cut::Broken {
            received,
            expected,
            error,
        } => {
            let length = expected.map_or_else(String::new, |expected| format!(" of {expected}"));
            Line(vec![
                words(
                    Role::Plain,
                    &format!("Cut after {received}{length} bytes of the answer's body: "),
                ),
                foreign(Role::Plain, error),
            ])
        }
        Cut::ProcessDied => own(
            Role::Plain,
            "The console ended while it waited for the answer.",
        ),
    }
}

fn not_sent_line(why: &NotSent) -> Line {
    match why {
        NotSent::NoConnection { error } | NotSent::Unbuildable { error } => {
            Line(vec![foreign(Role::Plain, error)])
        }
        NotSent::Cancelled => own(Role::Plain, "Cancelled while connecting."),
    }
}

fn body_lines(body: &Body, nothing: &str) -> Vec<Line> {
    if body.is_empty() {
        return vec![own(Role::Dim, nothing)];
    }
    let looks_like_json = body
        .kept
        .iter()
        .find(|byte| !byte.is_ascii_whitespace())
        .is_some_and(|byte| b"{[\xef".contains(byte));
    let mut lines = if looks_like_json {
        json_lines(&body.kept)
    } else {
        lines_of(&body.kept)
    };
    if lines.len() > LINES {
        let more = lines.len() - LINES;
        lines.truncate(LINES);
        lines.push(own(
            Role::Alarm,
            &format!("{more} more lines are not shown"),
        ));
    }
    if body.length > body.kept.len() as u64 {
        lines.push(own(
            Role::Alarm,
            &format!("{} bytes were kept of {}", body.kept.len(), body.length),
        ));
    }
    lines
}

fn json_lines(bytes: &[u8]) -> Vec<Line> {
    json::rows(bytes)
        .into_iter()
        .take(LINES + 1)
        .map(|row| {
            let mut parts = vec![words(Role::Plain, &"  ".repeat(row.depth))];
            for part in &row.parts {
                let text = Words::Foreign(Foreign::new(part.span.of(bytes)));
                parts.push(Part {
                    role: json_role(part.kind),
                    text,
                });
                if part.kind == json::PartKind::Colon {
                    parts.push(words(Role::Plain, " "));
                }
            }
            if row.repeated_key {
                parts.push(words(Role::Alarm, "  \u{2190} this key stands twice"));
            }
            Line(parts)
        })
        .collect()
}

const fn json_role(kind: json::PartKind) -> Role {
    match kind {
        json::PartKind::Key => Role::Key,
        json::PartKind::Text => Role::Text,
        json::PartKind::Number => Role::Number,
        json::PartKind::Literal => Role::Literal,
        json::PartKind::Punctuation | json::PartKind::Colon => Role::Punctuation,
        json::PartKind::Broken => Role::Broken,
    }
}

fn lines_of(bytes: &[u8]) -> Vec<Line> {
    bytes
        .split(|byte| *byte == b'\n')
        .take(LINES + 1)
        .map(|line| {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            Line(vec![Part {
                role: Role::Plain,
                text: Words::Foreign(Foreign::new(line)),
            }])
        })
        .collect()
}

fn own(role: Role, text: &str) -> Line {
    Line(vec![words(role, text)])
}

fn words(role: Role, text: &str) -> Part {
    Part {
        role,
        text: Words::Own(text.to_owned()),
    }
}

fn foreign(role: Role, text: &str) -> Part {
    Part {
        role,
        text: Words::Foreign(Foreign::from(text)),
    }
}
