//! One line about what became of a call.

use crate::api::{Class, Operation};
use crate::console::app::endpoint::Endpoint;
use crate::console::app::state::Tone;
use crate::exchange::NotSent;
use crate::money::Taxed;
use crate::record::line::{End, Marks};
use crate::record::transaction::State as Payment;
use crate::record::{Session, Transaction};

/// What has moved, as in `refunded 1.59 USD of t-7f3k-03`; nothing where nothing has.
pub fn moved(before: Option<&Transaction>, now: &Transaction) -> Option<String> {
    let currency = now.currency()?;
    let difference = |of: fn(&Transaction) -> Taxed| {
        of(now)
            .gross
            .saturating_sub(before.map_or(Taxed::ZERO, of).gross)
    };
    let name = now.external().map_or("", |id| id.as_str());
    let of = if name.is_empty() {
        String::new()
    } else {
        format!(" of {name}")
    };
    let refunded = difference(Transaction::refunded);
    let captured = difference(Transaction::captured);
    let authorized = difference(Transaction::authorized);
    let was_cancelled = before.is_some_and(|before| before.state == Payment::Cancelled);
    if !refunded.is_zero() {
        Some(format!("refunded {refunded} {currency}{of}"))
    } else if !captured.is_zero() {
        Some(format!("captured {captured} {currency}{of}"))
    } else if now.state == Payment::Cancelled && !was_cancelled {
        Some(format!("cancelled {} {currency}{of}", now.price().gross))
    } else if !authorized.is_zero() {
        let name = if name.is_empty() {
            String::new()
        } else {
            format!(" as {name}")
        };
        Some(format!("authorized {authorized} {currency}{name}"))
    } else {
        None
    }
}

/// What the payer decided on the pages of a payment, or time did with an authorization.
pub fn decided(before: &Transaction, now: &Transaction) -> Option<(Tone, String)> {
    let was_waiting = matches!(before.state, Payment::WaitingForPayer { .. });
    let name = now.external().map_or("the payment", |id| id.as_str());
    match &now.state {
        Payment::Cancelled if now.expired && !before.expired => {
            Some((Tone::Bad, format!("the authorization of {name} expired")))
        }
        _ if !was_waiting => None,
        Payment::Authorized => Some((Tone::Good, format!("the payer approved {name}"))),
        Payment::UserCancelled => Some((
            Tone::Bad,
            format!("the payer cancelled {name}: USER_CANCELLED"),
        )),
        _ => None,
    }
}

/// Who was identified.
pub fn identified(session: &Session) -> Option<String> {
    let user = session.user()?.as_str();
    let number = session
        .msisdn
        .as_ref()
        .map_or(String::new(), |number| format!(" ({})", number.as_str()));
    Some(format!("identified payer {user}{number}"))
}

/// How a call ended that moved nothing.
pub fn ended(endpoint: &Endpoint, operation: Operation, end: &End, marks: Marks) -> (Tone, String) {
    let name = operation.name();
    match end {
        End::Answered { status: 401, .. } if endpoint.kind.is_remote() => (
            Tone::Bad,
            format!("{name}: rejected (401): check profile {}", endpoint.name),
        ),
        End::Answered {
            code: Some(code), ..
        } => {
            let tone = match code.class() {
                Class::Success => Tone::Good,
                Class::MoreToDo => Tone::Plain,
                _ => Tone::Bad,
            };
            let class = match code.class() {
                Class::Unrecognised => " (unrecognised, not treated as success)",
                _ => "",
            };
            let replay = match marks {
                Marks { stub: true, .. } => " (made to order: nothing happened)",
                Marks { replayed: true, .. } => ", a replay: nothing moved",
                _ => "",
            };
            if code.class() == Class::MoreToDo && !marks.stub {
                let words = format!("{name}: waiting for the payer ({})", code.as_str());
                return (tone, words);
            }
            (tone, format!("{name}: {}{class}{replay}", code.as_str()))
        }
        End::Answered {
            code: None, status, ..
        } => (
            Tone::Bad,
            format!("{name}: {status} with a body that is no answer of the API"),
        ),
        End::Cut { .. } if operation.moves_money() => (
            Tone::Bad,
            format!("{name}: outcome unknown; a s sends the same again"),
        ),
        End::Cut { .. } => (Tone::Bad, format!("{name}: no whole answer came back")),
        End::NotSent { why } => {
            let why = match why {
                // The inspector has the library's own words.
                NotSent::NoConnection { .. } => "nobody accepts connections there",
                NotSent::Tls { .. } => "the other side is not trusted",
                NotSent::Unbuildable { error } => error,
                NotSent::Cancelled => "cancelled while connecting",
            };
            (Tone::Bad, format!("{name}: not sent: {why}"))
        }
    }
}
