//! What an answer means, who has to act, and why it was refused.

use crate::api::{Class, Operation, ResponseCode};
use crate::exchange::{Body, Cut, Outcome, REPLAYED_HEADER, header};
use crate::money::Amount;
use crate::record::Transaction;
use crate::record::asked::Asked;
use crate::record::explain::explain;
use crate::record::fact::is_stub;
use crate::record::transaction::State as Payment;

use super::Shown;
use super::line::{Line, Role, foreign, own, words};
use super::tabs::cut_line;

pub fn lines(shown: &Shown) -> Vec<Line> {
    match &shown.outcome {
        None if shown.arrived => arrived(),
        None => vec![own(Role::Dim, "There is no answer to explain yet.")],
        Some(Outcome::NotSent { .. }) => vec![
            own(
                Role::Alarm,
                "Not sent: no byte left, so nothing can have happened.",
            ),
            labelled("retry", "yes: nothing has to be resolved first"),
        ],
        Some(Outcome::Cut { why, .. }) => cut(shown, why),
        Some(Outcome::Answered { response, .. }) => {
            let mut lines = notes(shown);
            match &shown.code {
                Some(code) => lines.extend(answered(shown, code, response.status)),
                None => lines.extend(no_answer(shown, &response.body, response.status)),
            }
            lines
        }
    }
}

fn arrived() -> Vec<Line> {
    vec![
        own(
            Role::Plain,
            "It came to the console's listener: the payer's browser, or a notification.",
        ),
        labelled("trust", "anybody could send it: the answers to calls count"),
    ]
}

fn cut(shown: &Shown, why: &Cut) -> Vec<Line> {
    let mut lines = vec![own(Role::Alarm, "The outcome is unknown."), cut_line(why)];
    lines.extend(sandbox(shown));
    lines.push(labelled("retry", again(shown)));
    if shown.operation.is_some_and(Operation::moves_money) {
        let words = "We are finding out whether the payment went through.";
        lines.push(labelled("shopper", words));
    }
    lines
}

/// What our sandbox did, whatever became of the answer.
fn sandbox(shown: &Shown) -> Option<Line> {
    let standing = shown.standing?;
    let currency = shown.before.as_ref().and_then(|before| before.currency());
    let words = format!(
        "after this call the payment is {}",
        standing.words(currency)
    );
    Some(labelled("sandbox", &words))
}

/// What resolves an unknown outcome.
fn again(shown: &Shown) -> &'static str {
    match shown.operation {
        Some(operation) if operation.moves_money() => {
            if Asked::read(&shown.request.body.kept).is_recognised_again(operation) {
                "the same bytes: the API knows a repeat, and answers as the first time"
            } else {
                "it carries no key: sending it again may move money twice"
            }
        }
        Some(_) => "yes: it moves no money",
        None => "which call it was is not known",
    }
}

/// What is special about the answer, before what it says.
fn notes(shown: &Shown) -> Vec<Line> {
    let mut lines = Vec::new();
    let Some(Outcome::Answered { response, .. }) = &shown.outcome else {
        return lines;
    };
    if let Some(why) = &shown.why {
        lines.push(Line(vec![
            words(Role::Alarm, "refused because "),
            foreign(Role::Alarm, why),
        ]));
    }
    if is_stub(&shown.request) {
        let words = "a stub: the request named its answer (Prefer), and nothing happened";
        lines.push(own(Role::Alarm, words));
    } else if header(&response.headers, REPLAYED_HEADER).is_some() {
        lines.push(own(
            Role::Alarm,
            "a repeat: the stored answer, nothing moved",
        ));
    }
    if let Some(code) = &shown.code {
        let status = response.status;
        let happened = matches!(code.class(), Class::Success | Class::MoreToDo);
        let is_known = code.class() != Class::Unrecognised;
        match status {
            200..=299 if !happened && is_known => lines.push(own(
                Role::Alarm,
                &format!("HTTP {status} says accepted, the code says refused: the code counts"),
            )),
            400.. if happened => lines.push(own(
                Role::Alarm,
                &format!("HTTP {status} with a code that says it happened: check before you go on"),
            )),
            _ => {}
        }
    }
    lines
}

fn answered(shown: &Shown, code: &ResponseCode, status: u16) -> Vec<Line> {
    let mut lines = vec![Line(vec![
        foreign(Role::Heading, code.as_str()),
        words(Role::Dim, &format!("  HTTP {status}")),
    ])];
    let Some(operation) = shown.operation else {
        lines.push(own(
            Role::Dim,
            "Which call it was is not known, so it is not explained.",
        ));
        return lines;
    };
    let told = explain(code, operation);
    if code.class() == Class::Unrecognised {
        lines.push(own(Role::Alarm, "unrecognised, not treated as success"));
    }
    lines.push(own(Role::Plain, told.meaning));
    lines.push(labelled("to act", told.who.words()));
    lines.push(labelled("retry", told.retry.words()));
    lines.push(labelled("shopper", told.shopper));
    if !told.next.is_empty() {
        let names: Vec<_> = told.next.iter().map(|next| next.name()).collect();
        lines.push(labelled("next", &names.join(", ")));
    }
    lines.extend(why(shown, code, operation));
    if operation.moves_money() {
        lines.extend(sandbox(shown));
    }
    lines.push(labelled("guide", told.section));
    lines
}

/// Why it was refused: what the payment was before, what was asked of it, and what would be accepted.
fn why(shown: &Shown, code: &ResponseCode, operation: Operation) -> Vec<Line> {
    let mut lines = Vec::new();
    if matches!(code.class(), Class::Success | Class::MoreToDo) {
        return lines;
    }
    if let Some(before) = &shown.before {
        lines.push(labelled("before", &state(before)));
    }
    let asked = Asked::read(&shown.request.body.kept);
    if let Some(price) = asked.price {
        lines.push(labelled(
            "asked for",
            &format!("{} {}", price.gross, price.currency),
        ));
    }
    if let Some((words, accepted)) = closest(shown, operation, &asked) {
        lines.push(Line(vec![
            super::line::words(Role::Label, &format!("{words:<10} ")),
            foreign(Role::Good, &accepted),
        ]));
    }
    lines
}

/// Where a payment stood, and its three sums.
fn state(before: &Transaction) -> String {
    let currency = before
        .currency()
        .map_or_else(String::new, |currency| format!(" {currency}"));
    format!(
        "{}: authorized {}, captured {}, refunded {}{currency}",
        before.status().word(),
        before.authorized().gross,
        before.captured().gross,
        before.refunded().gross,
    )
}

/// The request nearest to this one that would be accepted, where that is plain.
fn closest(shown: &Shown, operation: Operation, asked: &Asked) -> Option<(&'static str, String)> {
    if let Some(text) = number_as_text(&shown.request.body) {
        return Some(("accepted", text));
    }
    let before = shown.before.as_ref()?;
    let room = match operation {
        Operation::Capture if before.state == Payment::Authorized => before.capturable(),
        Operation::Refund | Operation::Cancel => before.refundable(),
        _ => return None,
    };
    let price = asked.price?;
    let tax = price.tax.unwrap_or(Amount::ZERO);
    let is_above = price.gross > room.gross || tax > room.tax;
    if Some(price.currency) != before.currency() || room.gross == Amount::ZERO || !is_above {
        return None;
    }
    let gross = price.gross.min(room.gross);
    let tax = if tax > room.tax {
        format!(", tax {}", room.tax)
    } else {
        String::new()
    };
    Some(("accepted", format!("{gross} {}{tax}", price.currency)))
}

/// Amounts are texts; whoever sends `10.99` meant `"10.99"`.
fn number_as_text(body: &Body) -> Option<String> {
    let rows = crate::json::first_rows(&body.kept, 1_000).0;
    rows.iter().find_map(|row| {
        let value = row
            .parts
            .iter()
            .find(|part| part.kind == crate::json::PartKind::Number)?;
        let key = row
            .parts
            .first()
            .filter(|part| part.kind == crate::json::PartKind::Key)?;
        let spelled =
            |span: crate::json::Span| String::from_utf8_lossy(span.of(&body.kept)).into_owned();
        let key = spelled(key.span);
        let is_amount = matches!(
            key.as_str(),
            "\"grossAmount\"" | "\"taxAmount\"" | "\"netAmount\""
        );
        is_amount.then(|| format!("{key}: \"{}\"", spelled(value.span)))
    })
}

fn no_answer(shown: &Shown, body: &Body, status: u16) -> Vec<Line> {
    let what = if body.is_empty() {
        format!("HTTP {status} without a body: not an answer of the API.")
    } else {
        format!(
            "HTTP {status}, and the body is not an answer of the API: something between replied."
        )
    };
    let mut lines = vec![own(Role::Alarm, &what)];
    if !body.is_empty()
        && let Err(error) = crate::json::parse(&body.kept, &crate::json::Limits::CLIENT)
    {
        lines.push(labelled("not JSON", &error.to_string()));
    }
    lines.push(labelled("retry", again(shown)));
    lines
}

fn labelled(label: &str, text: &str) -> Line {
    Line(vec![
        words(Role::Label, &format!("{label:<10} ")),
        words(Role::Plain, text),
    ])
}
