//! Facts: what the journal has recorded, and what follows from it by itself.

use crate::api::{Action, Call, Operation, ResponseCode};
use crate::console::app::effect::{Effect, Query};
use crate::console::app::list::{Keyed, List};
use crate::console::app::payer::Whose;
use crate::console::app::state::{Overlay, Pane, Question, State, Tone};
use crate::exchange;
use crate::record::entry::{About, Kind, Origin, Remark, Seen};
use crate::record::line::{End, Line, What};
use crate::record::transaction::State as Payment;
use crate::record::{Recorded, Session, SessionKey, Totals, Transaction, TransactionKey, session};

use super::send::send_new;
use super::{act, find, guard, inspect, moves, steps, told};

/// Rows of a list kept in memory; the journal has the rest.
const WINDOW: usize = 1_000;

pub fn take(state: &mut State, recorded: &Recorded) -> Vec<Effect> {
    let before: Vec<_> = recorded
        .transactions
        .iter()
        .filter_map(|transaction| state.transactions.get(&transaction.key).cloned())
        .collect();
    for session in &recorded.sessions {
        upsert(&mut state.sessions, session);
    }
    for transaction in &recorded.transactions {
        upsert(&mut state.transactions, transaction);
    }
    for totals in &recorded.totals {
        count(state, *totals);
    }
    let mut effects = Vec::new();
    for line in &recorded.lines {
        append(state, line);
    }
    for entry in &recorded.entries {
        match &entry.kind {
            Kind::Sent(sent) => follow(state, recorded, sent.call, sent.operation),
            Kind::Ended(ended) => {
                state.unrecorded.remove(&ended.call);
                let known = state.calls.remove(&ended.call).is_some();
                if state.calls.is_empty()
                    && matches!(state.overlay, Some(Overlay::Confirm(Question::Quit)))
                {
                    // Nothing is left to ask about.
                    state.overlay = None;
                }
                if known {
                    effects.extend(ended_here(state, recorded, &before, ended.call));
                }
            }
            Kind::Seen(Seen::Report(report)) if report.what == exchange::What::Reset => {
                guard::enter(state, report.epoch);
            }
            Kind::Seen(_) | Kind::Arrived(_) => {
                decided(state, recorded, &before);
                // What came to our own listener is for us, also where an earlier run of ours began it.
                let came_here = matches!(entry.kind, Kind::Arrived(_)) && !recorded.elsewhere;
                for session in &recorded.sessions {
                    let ours = came_here || state.begun.contains(&session.key);
                    if ours && session.returned.is_some() {
                        effects.extend(go_on(state, session));
                    }
                }
            }
            Kind::Remark(Remark {
                about: Some(About::Deleted(payment)),
                text,
                ..
            }) => {
                if !recorded.elsewhere {
                    state.say(Tone::Good, text.clone());
                }
                effects.extend(deleted(state, *payment));
            }
            Kind::Remark(_) | Kind::Unknown { .. } => {}
        }
    }
    // What a filter lets through is for the journal to say: these rows may have changed sides.
    let lists = [Pane::Sessions, Pane::Transactions, Pane::Timeline];
    for pane in lists.into_iter().filter(|pane| is_narrowed(state, *pane)) {
        effects.extend(find::read(state, pane));
    }
    // What the inspector shows may have got its answer.
    state.inspector.stale = true;
    effects
}

/// A payment is no more. Its lines, its payer's and its sums are for the journal to say.
fn deleted(state: &mut State, payment: TransactionKey) -> Vec<Effect> {
    state.transactions.remove(&payment);
    state
        .timeline
        .rows
        .retain(|line| line.transaction != Some(payment));
    state.totals.clear();
    let asked = Question::Delete(payment);
    if matches!(&state.overlay, Some(Overlay::Confirm(question)) if *question == asked) {
        state.overlay = None;
    }
    let mut effects = inspect::show(state, None);
    let lists = [Pane::Sessions, Pane::Transactions, Pane::Timeline];
    for pane in lists {
        effects.extend(find::read(state, pane));
    }
    effects.push(Effect::Read(Query::Totals(state.epoch)));
    effects
}

/// The sums of another epoch are not shown.
pub fn count(state: &mut State, totals: Totals) {
    if totals.epoch == state.epoch {
        state.totals.insert(totals.currency.to_string(), totals);
    }
}

fn is_narrowed(state: &State, pane: Pane) -> bool {
    state.filter(pane).is_some_and(|filter| !filter.is_empty())
}

/// Newer rows come first; a row that is there already changes in its place. One outside the window stays
/// outside.
fn upsert<T: Keyed + Clone>(list: &mut List<T>, row: &T) {
    if let Some(known) = list.rows.iter_mut().find(|known| known.key() == row.key()) {
        *known = row.clone();
        return;
    }
    if !list.filter.is_empty() {
        return;
    }
    let newer = |known: &T| known.first() > row.first();
    let at = list.rows.partition_point(newer);
    let outside = (at == 0 && list.before) || (at == list.rows.len() && list.after);
    if outside {
        return;
    }
    list.rows.insert(at, row.clone());
    // Who looks further down goes on seeing the same rows.
    if at < list.offset {
        list.offset += 1;
    }
    if list.position().is_none() {
        list.select_first();
    }
    list.trim(WINDOW);
}

/// A window may have been read with the line in it already.
fn append(state: &mut State, line: &Line) {
    let timeline = &mut state.timeline;
    let known = timeline
        .rows
        .last()
        .is_some_and(|last| last.seq >= line.seq);
    if timeline.after || known || !timeline.filter.is_empty() {
        return;
    }
    timeline.rows.push(line.clone());
    if state.following {
        timeline.select_at(usize::MAX);
    }
    timeline.trim(WINDOW);
}

/// The payment or identification that the user has just begun is selected, unless a popup of verbs is
/// open: it is for the row on which it was opened.
fn follow(state: &mut State, recorded: &Recorded, call: exchange::CallId, operation: Operation) {
    let choosing = matches!(state.overlay, Some(Overlay::Menu(_)));
    if choosing || !state.calls.contains_key(&call) {
        return;
    }
    let origin = Origin::Call(call);
    match operation {
        // A repeat began nothing.
        Operation::Identify if recorded.sessions.iter().any(|row| row.key.0 == origin) => {
            state.sessions.seek(SessionKey(origin));
            moves::focus(state, Pane::Sessions);
        }
        Operation::Authorize if recorded.transactions.iter().any(|row| row.key.0 == origin) => {
            state.transactions.seek(TransactionKey(origin));
            moves::focus(state, Pane::Transactions);
        }
        _ => {}
    }
}

/// The payer has come to the end of a payment's pages: say what became of it.
fn decided(state: &mut State, recorded: &Recorded, before: &[Transaction]) {
    for now in &recorded.transactions {
        let before = before.iter().find(|before| before.key == now.key);
        if let Some((tone, words)) = before.and_then(|before| told::decided(before, now)) {
            state.say(tone, words);
        }
    }
}

/// A call made here has come to its end: say so, and where the payer has to act, open the page.
fn ended_here(
    state: &mut State,
    recorded: &Recorded,
    before: &[Transaction],
    call: exchange::CallId,
) -> Vec<Effect> {
    let line = recorded
        .lines
        .iter()
        .find(|line| matches!(&line.what, What::Ended { call: ended, .. } if *ended == call));
    if let Some(line) = line {
        let moved = line.transaction.and_then(|key| {
            let now = recorded.transactions.iter().find(|now| now.key == key)?;
            let before = before.iter().find(|before| before.key == key);
            told::moved(before, now)
        });
        let identified = line.session.and_then(|key| {
            let session = recorded.sessions.iter().find(|now| now.key == key)?;
            is_conversation(line).then(|| told::identified(session))?
        });
        let (tone, words) = match (moved.or(identified), &line.what) {
            (Some(words), _) => (Tone::Good, words),
            (
                None,
                What::Ended {
                    operation,
                    end,
                    marks,
                    ..
                },
            ) => told::ended(&state.endpoint, *operation, end, *marks),
            (None, _) => return Vec::new(),
        };
        state.say(tone, words);
        look_at_stub(state, line);
    }
    let mut effects = Vec::new();
    if let Some(line) = line.filter(|line| is_conversation(line) && !is_stub(line)) {
        for session in &recorded.sessions {
            effects.extend(steps::answered(state, session, asks_for_more(line)));
        }
    }
    if state.overlay.is_some() {
        return effects;
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
    if let Some((whose, url)) = page {
        effects.extend(act::play(state, whose, &url));
    }
    effects
}

/// Whether a line tells of a step in an identification.
fn is_conversation(line: &Line) -> bool {
    let What::Ended { operation, .. } = &line.what else {
        return false;
    };
    matches!(operation, Operation::Identify | Operation::Continue)
}

/// Whether the answer itself says what is to be done next: after any other one the session may still be
/// waiting for what an earlier answer said.
fn asks_for_more(line: &Line) -> bool {
    let What::Ended { end, .. } = &line.what else {
        return false;
    };
    let asks = |code: &ResponseCode| *code == ResponseCode::ClientActionRequired;
    matches!(end, End::Answered { code: Some(code), .. } if asks(code))
}

fn is_stub(line: &Line) -> bool {
    matches!(&line.what, What::Ended { marks, .. } if marks.stub)
}

/// An answer made to order belongs to no row, so it is looked at in the timeline.
fn look_at_stub(state: &mut State, line: &Line) {
    if is_stub(line)
        && line.transaction.is_none()
        && line.session.is_none()
        && state.overlay.is_none()
    {
        state.timeline.select(&line.seq);
        moves::focus(state, Pane::Timeline);
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
    send_new(state, Call::go_on(id))
}
