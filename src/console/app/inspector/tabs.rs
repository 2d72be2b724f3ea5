//! What each tab says about an exchange beside its bodies.

use crate::api::Class;
use crate::exchange::{Cut, Header, NotSent, Outcome};
use crate::record::explain::explain as meaning_of;
use crate::record::export::curl;
use crate::text::Foreign;

use super::line::{Line, Role, foreign, own, part, words};
use super::page::{Body, Page};
use super::{Shown, explain, timing};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    Request,
    #[default]
    Response,
    Headers,
    Timing,
    Curl,
    Explain,
}

impl Tab {
    pub const ALL: [Self; 6] = [
        Self::Request,
        Self::Response,
        Self::Headers,
        Self::Timing,
        Self::Curl,
        Self::Explain,
    ];

    pub const fn title(self) -> &'static str {
        match self {
            Self::Request => "Request",
            Self::Response => "Response",
            Self::Headers => "Headers",
            Self::Timing => "Timing",
            Self::Curl => "curl",
            Self::Explain => "Explain",
        }
    }
}

/// Every tab of an exchange.
pub type Pages = [Page; Tab::ALL.len()];

/// Bodies up to this many bytes, both together, are laid out at once. More would keep the keys waiting.
const AT_ONCE: usize = 64 * 1024;

/// Whether laying it out is quick.
pub fn is_small(shown: &Shown) -> bool {
    let response = match &shown.outcome {
        Some(Outcome::Answered { response, .. }) => response.body.kept.len(),
        _ => 0,
    };
    shown.request.body.kept.len() + response <= AT_ONCE
}

/// Every tab, laid out. Takes long for long bodies.
pub fn pages(shown: &Shown) -> Pages {
    Tab::ALL.map(|tab| match tab {
        Tab::Request => request(shown).with_body(&shown.request.body),
        Tab::Response => match &shown.outcome {
            Some(Outcome::Answered { response, .. }) => {
                response_head(shown).with_body(&response.body)
            }
            _ => response_head(shown),
        },
        Tab::Curl => curl_page(shown),
        _ => light(shown, tab),
    })
}

/// The tabs without their bodies, until those are laid out.
pub fn pages_without_bodies(shown: &Shown) -> Pages {
    let reading = own(Role::Dim, "Laying out a long body\u{2026}");
    Tab::ALL.map(|tab| {
        let mut page = match tab {
            Tab::Request => request(shown),
            Tab::Response => response_head(shown),
            Tab::Curl | Tab::Explain => Page::default(),
            Tab::Headers | Tab::Timing => return light(shown, tab),
        };
        page.tail.push(reading.clone());
        page
    })
}

fn light(shown: &Shown, tab: Tab) -> Page {
    Page::of_lines(match tab {
        Tab::Headers => headers(shown),
        Tab::Timing => timing::lines(shown),
        Tab::Explain => explain::lines(shown),
        Tab::Request | Tab::Response | Tab::Curl => Vec::new(),
    })
}

fn request(shown: &Shown) -> Page {
    Page::of_lines(vec![Line(vec![
        foreign(Role::Heading, &shown.request.method),
        words(Role::Plain, " "),
        foreign(Role::Plain, &shown.request.url),
    ])])
}

fn response_head(shown: &Shown) -> Page {
    let mut lines = Vec::new();
    if let Some(why) = &shown.why {
        lines.push(Line(vec![
            words(Role::Alarm, "refused because "),
            foreign(Role::Alarm, why),
        ]));
    }
    match &shown.outcome {
        None if shown.arrived => {
            lines.push(own(Role::Dim, "Answered by the console's own listener."));
        }
        None => lines.push(own(Role::Alarm, "No answer yet.")),
        Some(Outcome::Answered { .. }) => lines.extend(to_act(shown)),
        Some(Outcome::Cut { why, .. }) => {
            lines.push(own(Role::Alarm, "The outcome is unknown."));
            lines.push(cut_line(why));
            lines.push(Line::default());
            let helps = "It may have happened or not: send the same again.";
            lines.push(own(Role::Plain, helps));
            let why = "The API knows a repeat, and answers as the first time.";
            lines.push(own(Role::Plain, why));
        }
        Some(Outcome::NotSent { why }) => {
            lines.push(own(Role::Alarm, "Not sent: no byte left."));
            lines.push(not_sent_line(why));
        }
    }
    Page::of_lines(lines)
}

/// Whose turn it is after a refusal: the first thing to know beside its reason.
fn to_act(shown: &Shown) -> Option<Line> {
    let (code, operation) = shown.code.as_ref().zip(shown.operation)?;
    match code.class() {
        Class::Success | Class::MoreToDo | Class::Unrecognised => None,
        _ => Some(Line(vec![
            words(Role::Dim, "to act: "),
            words(Role::Plain, meaning_of(code, operation).who.words()),
            words(Role::Dim, "  more: Explain"),
        ])),
    }
}

fn headers(shown: &Shown) -> Vec<Line> {
    let mut lines = vec![
        own(
            Role::Dim,
            "Rebuilt from the HTTP library, not the raw bytes; secrets are left out.",
        ),
        Line(vec![
            foreign(Role::Heading, &shown.request.method),
            words(Role::Heading, " "),
            foreign(Role::Heading, &shown.request.url),
        ]),
    ];
    let header_line = |header: &Header| {
        Line(vec![
            foreign(Role::Key, &header.name),
            words(Role::Punctuation, ": "),
            part(Role::Plain, Foreign::new(header.value.clone())),
        ])
    };
    lines.extend(shown.request.headers.iter().map(header_line));
    if let Some(Outcome::Answered { response, .. }) = &shown.outcome {
        lines.push(Line::default());
        lines.push(own(Role::Heading, &format!("Answer {}", response.status)));
        lines.extend(response.headers.iter().map(header_line));
    }
    lines
}

fn curl_page(shown: &Shown) -> Page {
    if shown.arrived {
        let nothing = "It came to the console: there is nothing to send.";
        return Page::of_lines(vec![own(Role::Dim, nothing)]);
    }
    let words = "y c copies it. curl adds host, accept and length itself.";
    let mut page = Page::of_lines(vec![own(Role::Dim, words)]);
    page.body = Some(Body::new(curl::command(&shown.request).as_bytes()));
    page.home();
    page
}

pub(super) fn cut_line(why: &Cut) -> Line {
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
        NotSent::NoConnection { error }
        | NotSent::Tls { error }
        | NotSent::Unbuildable { error } => Line(vec![foreign(Role::Plain, error)]),
        NotSent::Cancelled => own(Role::Plain, "Cancelled while connecting."),
    }
}
