//! What is made of an entry before it gets its place.

use super::Rows;
use crate::{
    exchange::{EPOCH_HEADER, Epoch, Outcome, Report, Response, What, header},
    record::{
        Kind, NewEntry,
        entry::{Ended, Own, Seen},
    },
};

/// The entry as it is kept: a report about a call of ours shrinks to what it adds, and an answer of our
/// sandbox belongs to the epoch that it names.
pub fn prepare<R: Rows>(new: NewEntry, rows: &R) -> Result<NewEntry, R::Error> {
    let epoch = new.epoch();
    match new.kind() {
        Kind::Seen(Seen::Report(report)) => {
            let Some(own) = own(report) else {
                return Ok(new);
            };
            Ok(match rows.ours(own.call)? {
                Some(_) => new.with(epoch, Kind::Seen(Seen::Own(own))),
                None => new,
            })
        }
        Kind::Ended(Ended {
            call,
            outcome: Outcome::Answered { response, .. },
        }) => {
            let Some(named) = epoch_of(response) else {
                return Ok(new);
            };
            let believed = rows
                .ours(*call)?
                .is_some_and(|ours| ours.is_to_our_sandbox());
            let kind = new.kind().clone();
            Ok(new.with(if believed { named } else { epoch }, kind))
        }
        _ => Ok(new),
    }
}

fn own(report: &Report) -> Option<Own> {
    let What::Exchange {
        transaction,
        standing,
        ..
    } = &report.what
    else {
        return None;
    };
    Some(Own {
        run: report.run,
        number: report.number,
        call: report.call?,
        why: report.why.clone(),
        transaction: transaction.clone(),
        standing: *standing,
    })
}

fn epoch_of(response: &Response) -> Option<Epoch> {
    let value = header(&response.headers, EPOCH_HEADER)?;
    uuid::Uuid::try_parse_ascii(value).ok().map(Epoch)
}
