//! Facts: what the journal has recorded, and what follows from it by itself.

use crate::api::{Action, Call, Class, Operation};
use crate::console::app::effect::Effect;
use crate::console::app::list::{Keyed, List};
use crate::console::app::payer::Whose;
use crate::console::app::state::{Pane, State, Tone};
use crate::exchange;
use crate::record::entry::{Kind, Origin, Seen};
use crate::record::line::{End, Line, What};
use crate::record::transaction::State as Payment;
use crate::record::{Recorded, Session, SessionKey, TransactionKey, session};
use crate::text::Foreign;

use super::{act, moves};

/// Lines of the timeline kept in memory; the journal has the rest.
const WINDOW: usize = 1_000;

pub fn take(state: &mut State, recorded: &Recorded) -> Vec<Effect> {
    for session in &recorded.sessions {
        upsert(&mut state.sessions, session);
    }
    for transaction in &recorded.transactions {
        upsert(&mut state.transactions, transaction);
    }
    let mut effects = Vec::new();
    for line in &recorded.lines {
        append(state, line);
    }
    for entry in &recorded.entries {
        match &entry.kind {
            Kind::Sent(sent) => follow(state, sent.call, sent.operation),
            Kind::Ended(ended) => {
                if state.calls.remove(&ended.call).is_some() {
                    effects.extend(ended_here(state, recorded, ended.call));
                }
            }
            Kind::Seen(Seen::Report(report)) if report.what == exchange::What::Reset => {
                state.epoch = report.epoch;
            }
            Kind::Seen(_) | Kind::Arrived(_) => {
                for session in &recorded.sessions {
                    if session.returned.is_some() {
                        effects.extend(go_on(state, session));
                    }
                }
            }
            Kind::Remark(_) | Kind::Unknown { .. } => {}
        }
    }
    // What the inspector shows may have got its answer.
    state.inspector.wanted = None;
    effects
}

/// Newer rows come first; a row that is there already changes in its place.
fn upsert<T: Keyed + Clone>(list: &mut List<T>, row: &T) {
    if let Some(at) = list.rows.iter().position(|known| known.key() == row.key()) {
        list.rows[at] = row.clone();
    } else if list.above == 0 {
        list.rows.insert(0, row.clone());
        list.total += 1;
        if list.rows.len() > 1 && list.offset > 0 {
            list.offset += 1;
        }
        if list.position().is_none() {
            list.select_at(0);
        }
    } else {
        list.above += 1;
        list.total += 1;
    }
}

fn append(state: &mut State, line: &Line) {
    let timeline = &mut state.timeline;
    let whole = timeline.above + timeline.rows.len() == timeline.total;
    timeline.total += 1;
    if !whole {
        return;
    }
    timeline.rows.push(line.clone());
    if timeline.rows.len() > WINDOW && state.following {
        let excess = timeline.rows.len() - WINDOW;
        timeline.rows.drain(..excess);
        timeline.above += excess;
    }
    if state.following {
        timeline.select_at(usize::MAX);
    }
}

/// The payment or identification that the user has just begun is selected.
fn follow(state: &mut State, call: exchange::CallId, operation: Operation) {
    if !state.calls.contains_key(&call) {
        return;
    }
    let origin = Origin::Call(call);
    match operation {
        Operation::Identify if state.sessions.select(&SessionKey(origin)) => {
            moves::focus(state, Pane::Sessions);
        }
        Operation::Authorize if state.transactions.select(&TransactionKey(origin)) => {
            moves::focus(state, Pane::Transactions);
        }
        _ => {}
    }
}

/// A call made here has come to its end: say so, and where the payer has to act, open the page.
fn ended_here(state: &mut State, recorded: &Recorded, call: exchange::CallId) -> Vec<Effect> {
    let line = recorded
        .lines
        .iter()
        .find(|line| matches!(&line.what, What::Ended { call: ended, .. } if *ended == call));
    if let Some(Line {
        what:
            What::Ended {
                operation,
                end,
                marks,
                ..
            },
        ..
    }) = line
    {
        let (tone, words) = told(*operation, end, marks.replayed);
        state.say(tone, words);
    }
    if state.overlay.is_some() {
        return Vec::new();
    }
    let origin = Origin::Call(call);
    let page = recorded
        .sessions
        .iter()
        .filter(|session| session.key == SessionKey(origin))
        .find_map(|session| {
            session
                .url()
                .map(|url| (Whose::Session(session.key), url.to_owned()))
        })
        .or_else(|| {
            recorded
                .transactions
                .iter()
                .filter(|transaction| transaction.key == TransactionKey(origin))
                .find_map(|transaction| match &transaction.state {
                    Payment::WaitingForPayer { url: Some(url) } => {
                        Some((Whose::Transaction(transaction.key), url.clone()))
                    }
                    _ => None,
                })
        });
    page.map_or_else(Vec::new, |(whose, url)| act::play(state, whose, &url))
}

/// One line about the end of a call.
fn told(operation: Operation, end: &End, replayed: bool) -> (Tone, String) {
    let name = operation.name();
    match end {
        End::Answered {
            code: Some(code), ..
        } => {
            let tone = match code.class() {
                Class::Success => Tone::Good,
                Class::MoreToDo => Tone::Plain,
                _ => Tone::Bad,
            };
            let shown = Foreign::from(code.as_str()).screen_text();
            let class = if code.class() == Class::Unrecognised {
                " (unrecognised, not treated as success)"
            } else {
                ""
            };
            let replay = if replayed {
                " (a replay of the first answer: nothing moved)"
            } else {
                ""
            };
            (tone, format!("{name}: {shown}{class}{replay}"))
        }
        End::Answered {
            code: None, status, ..
        } => (
            Tone::Bad,
            format!("{name}: {status} with a body that is no answer of the API"),
        ),
        End::Cut { .. } if operation.moves_money() => (
            Tone::Bad,
            format!("{name}: outcome unknown. a s sends the same again, which tells"),
        ),
        End::Cut { .. } => (Tone::Bad, format!("{name}: no whole answer came back")),
        End::NotSent { why } => {
            let why = match why {
                exchange::NotSent::NoConnection { error }
                | exchange::NotSent::Unbuildable { error } => {
                    Foreign::from(error.as_str()).screen_text()
                }
                exchange::NotSent::Cancelled => "cancelled while connecting".to_owned(),
            };
            (Tone::Bad, format!("{name}: not sent: {why}"))
        }
    }
}

/// Asks a session of ours what comes next, once, when its payer has come back.
pub fn go_on(state: &mut State, session: &Session) -> Vec<Effect> {
    let waiting = matches!(
        &session.state,
        session::State::Waiting {
            action: Action::Redirect { .. }
        }
    );
    let ours = matches!(session.key.0, Origin::Call(_));
    let Some(id) = session.id.as_ref().filter(|_| waiting && ours) else {
        return Vec::new();
    };
    if !state.continued.insert(session.key) {
        return Vec::new();
    }
    act::send_new(state, Call::go_on(id))
}
