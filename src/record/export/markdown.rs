//! A report for a colleague: what it is, the sums, the steps, and every request and answer.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::words;
use crate::api::{Answer, BangoUserId, ExternalTransactionId, Msisdn, ResponseCode, TransactionId};
use crate::exchange::{Body, Header, Outcome, Request};
use crate::json;
use crate::money::Taxed;
use crate::record::Transaction;
use crate::record::exchanged::Exchanged;
use crate::record::explain::explain;
use crate::text::Foreign;

/// One payment's report or, of more or none, their list and all exchanges.
pub fn write(transactions: &[Transaction], exchanges: &[Exchanged], made_at: Timestamp) -> String {
    let mut text = match transactions {
        [transaction] => payment(transaction),
        [] => String::from("# Calls\n\n"),
        several => payments(several),
    };
    let _ = writeln!(
        text,
        "Written by bango {} at {made_at:.3}. Secrets are left out; heads are rebuilt from the HTTP library.\n",
        env!("CARGO_PKG_VERSION")
    );
    if exchanges.len() > 1 {
        text.push_str(&steps(exchanges));
    }
    for (exchanged, number) in exchanges.iter().zip(1..) {
        let _ = writeln!(text, "## {number}. {}\n", inline(&words::name(exchanged)));
        let _ = writeln!(
            text,
            "{:.3}: {}.\n",
            exchanged.at,
            inline(&words::outcome(exchanged))
        );
        text.push_str(&why(exchanged));
        text.push_str(&exchange(&exchanged.request, exchanged.outcome.as_ref()));
    }
    text
}

/// One request and its answer, in fenced blocks.
pub fn exchange(request: &Request, outcome: Option<&Outcome>) -> String {
    let first = format!("{} {}", request.method, request.url);
    let mut text = block(&first, &request.headers, &request.body);
    if let Some(Outcome::Answered { response, .. }) = outcome {
        let first = format!("{} {}", response.status, words::phrase(response.status));
        text.push_str(&block(first.trim_end(), &response.headers, &response.body));
    }
    text
}

fn payment(transaction: &Transaction) -> String {
    let external = transaction.external().map(ExternalTransactionId::as_str);
    let id = transaction.id.as_ref().map(TransactionId::as_str);
    let name = external.or(id).unwrap_or("without an id");
    let currency = transaction.currency().map(|currency| currency.to_string());
    let money = |sum| format!("{} {}", sums(sum), currency.as_deref().unwrap_or_default());
    let foreign = |text: Option<&str>| text.map(inline);
    let rows = [
        ("State", Some(transaction.status().word().to_owned())),
        ("Transaction id", foreign(id)),
        ("External id", foreign(external)),
        (
            "Payer",
            foreign(transaction.user().map(BangoUserId::as_str)),
        ),
        (
            "Number",
            foreign(transaction.msisdn.as_ref().map(Msisdn::as_str)),
        ),
        ("Item", foreign(transaction.item().name.as_deref())),
        (
            "Item id",
            foreign(transaction.item().external_payment_item_id.as_deref()),
        ),
        ("Asked for", Some(money(transaction.price()))),
        ("Authorized", Some(money(transaction.authorized()))),
        ("Captured", Some(money(transaction.captured()))),
        ("Refunded", Some(money(transaction.refunded()))),
        ("Left to refund", Some(money(transaction.refundable()))),
    ];
    let mut text = format!("# Payment {}\n\n| | |\n|---|---|\n", inline(name));
    for (label, value) in rows {
        if let Some(value) = value {
            let _ = writeln!(text, "| {label} | {value} |");
        }
    }
    text.push('\n');
    text
}

fn payments(transactions: &[Transaction]) -> String {
    let mut text = format!(
        "# {} payments\n\n| external id | transaction id | state | asked for | captured | refunded |\n\
         |---|---|---|--:|--:|--:|\n",
        transactions.len()
    );
    for transaction in transactions {
        let currency = transaction.currency().map(|currency| currency.to_string());
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} {} | {} | {} |",
            inline(
                transaction
                    .external()
                    .map_or("", ExternalTransactionId::as_str)
            ),
            inline(transaction.id.as_ref().map_or("", TransactionId::as_str)),
            transaction.status().word(),
            transaction.price().gross,
            currency.unwrap_or_default(),
            transaction.captured().gross,
            transaction.refunded().gross,
        );
    }
    text.push('\n');
    text
}

fn steps(exchanges: &[Exchanged]) -> String {
    let mut text = String::from(
        "## Steps\n\n| # | at | call | HTTP | code | ms |\n|--:|---|---|---|---|--:|\n",
    );
    for (exchanged, number) in exchanges.iter().zip(1..) {
        let (status, took) = match &exchanged.outcome {
            Some(Outcome::Answered { response, phases }) => (
                response.status.to_string(),
                words::milliseconds(phases.total),
            ),
            _ => (inline(&words::outcome(exchanged)), String::new()),
        };
        let code = code(exchanged).map_or_else(String::new, |code| inline(code.as_str()));
        let _ = writeln!(
            text,
            "| {number} | {:.3} | {} | {status} | {code} | {took} |",
            exchanged.at,
            inline(&words::name(exchanged)),
        );
    }
    text.push('\n');
    text
}

/// Why it was refused, and what its code means.
fn why(exchanged: &Exchanged) -> String {
    let mut text = String::new();
    if let Some(why) = &exchanged.why {
        let _ = writeln!(text, "Refused because {}.\n", inline(why));
    }
    if let (Some(code), Some(operation)) = (code(exchanged), exchanged.operation) {
        let meaning = explain(&code, operation).meaning;
        let _ = writeln!(text, "{}: {meaning}\n", inline(code.as_str()));
    }
    text
}

fn code(exchanged: &Exchanged) -> Option<ResponseCode> {
    match &exchanged.outcome {
        Some(Outcome::Answered { response, .. }) => Answer::parse(&response.body.kept)
            .ok()
            .map(|answer| answer.code),
        _ => None,
    }
}

fn sums(sum: Taxed) -> String {
    if sum.tax.is_zero() {
        return sum.gross.to_string();
    }
    format!("{} (tax {})", sum.gross, sum.tax)
}

fn inline(text: &str) -> String {
    Foreign::from(text).for_markdown()
}

fn block(first: &str, headers: &[Header], body: &Body) -> String {
    // A newline within would look like another header.
    let one_line = |bytes: &[u8]| Foreign::new(bytes).screen_text().into_bytes();
    let mut text = one_line(first.as_bytes());
    for header in headers {
        text.push(b'\n');
        text.extend(one_line(
            &[header.name.as_bytes(), b": ", &header.value].concat(),
        ));
    }
    if !body.is_empty() {
        text.extend_from_slice(b"\n\n");
        text.extend(laid_out(&body.kept));
    }
    let missing = body.length.saturating_sub(body.kept.len() as u64);
    if missing > 0 {
        text.extend_from_slice(format!("\n({missing} bytes more were not kept)").as_bytes());
    }
    Foreign::new(text).for_markdown_block("http") + "\n"
}

/// JSON in lines, everything else as it is.
fn laid_out(body: &[u8]) -> Vec<u8> {
    if !body.trim_ascii_start().starts_with(b"{") {
        return body.to_owned();
    }
    let mut text = Vec::new();
    for row in json::rows(body) {
        if !text.is_empty() {
            text.push(b'\n');
        }
        text.extend(std::iter::repeat_n(b' ', row.depth * 2));
        for part in &row.parts {
            text.extend_from_slice(part.span.of(body));
            if part.kind == json::PartKind::Colon {
                text.push(b' ');
            }
        }
    }
    text
}
