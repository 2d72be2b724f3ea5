//! What effects brought back.

use crate::config::profile;
use crate::console::app::copy::Bytes;
use crate::console::app::effect::{Control, Effect, Query};
use crate::console::app::endpoint::Endpoint;
use crate::console::app::event::{Done, Told, Visited, Whereabouts, Window};
use crate::console::app::list::{Keyed, List};
use crate::console::app::payer::{Shown, Step, Whose};
use crate::console::app::preview;
use crate::console::app::state::{Copied, Overlay, State, Tone};
use crate::record::SessionKey;
use crate::text::cells;

use super::{again, find, guard, inspect, recorded, steps};

pub fn take(state: &mut State, done: Done) -> Vec<Effect> {
    match done {
        Done::Sessions(window) => replace(&mut state.sessions, window),
        Done::Transactions(window) => replace(&mut state.transactions, window),
        Done::Timeline(window) => {
            replace(&mut state.timeline, window);
            if state.following {
                state.timeline.select_at(usize::MAX);
            }
        }
        Done::Whose { id, landing } => return find::land(state, &id, landing),
        Done::Totals(totals) => {
            for totals in totals {
                recorded::count(state, totals);
            }
        }
        Done::Exchange { .. } if again::is_open(state) => state.inspector.stale = true,
        Done::Exchange { wanted, shown } => {
            if state.inspector.wanted == Some(wanted) {
                return inspect::show(state, shown);
            }
        }
        Done::Previewed { id, request } => {
            if let Some(Overlay::Preview(preview)) = &mut state.overlay
                && preview.form.call == id
            {
                preview.request = request.map_or_else(preview::Told::Not, preview::Told::Request);
            }
        }
        Done::LaidOut { shown, pages } => state.inspector.laid_out(&shown, pages),
        Done::Queried { number, queried } => state.inspector.answered(number, queried),
        Done::Compared(comparison) => inspect::compared(state, comparison),
        Done::Visited { url, visited } => return visit(state, &url, visited),
        Done::Copied { what, bytes, told } => return copied(state, what, bytes, told),
        Done::Steered {
            control: Control::SmsArrives { session, .. },
            error: None,
        } => return steps::steered(state, session),
        Done::Steered {
            error: Some(error), ..
        } => state.say(Tone::Bad, format!("the sandbox did not do it: {error}")),
        Done::Exported { file: Ok(written) } => state.say(
            Tone::Good,
            format!(
                "wrote {} ({}) in {}",
                written.name,
                size(written.bytes),
                written.folder
            ),
        ),
        Done::Exported { file: Err(why) } => state.say(Tone::Bad, format!("not exported: {why}")),
        Done::Opened { error: None } => state.say(Tone::Plain, "opened in the browser"),
        Done::Opened { error: Some(error) } => {
            state.say(Tone::Bad, format!("the browser did not open: {error}"));
        }
        Done::NotSent { call, why } => {
            state.calls.remove(&call);
            state.say(Tone::Bad, format!("not sent: {why}"));
        }
        Done::Unrecorded { call, shown, why } => {
            state.calls.remove(&call);
            state.unrecorded.insert(call, why);
            return inspect::show(state, Some(shown));
        }
        Done::NotDeleted { why } => state.say(Tone::Bad, format!("not deleted: {why}")),
        Done::Sandbox(whereabouts) => return moved(state, whereabouts),
        Done::Notice(words) => notice(state, words),
        Done::Keymap(keymap) => state.keymap = keymap,
        Done::Themes(names) => state.look.themes = names,
    }
    Vec::new()
}

/// Somebody may have typed on since this was asked for: then another answer is on its way.
fn replace<T: Keyed>(list: &mut List<T>, window: Window<T>) {
    if list.filter.asks_the_same_as(&window.filter) {
        list.total = window.total;
        list.replace(window.rows, window.before, window.after);
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// The sandbox has gone, or is served by another process than before.
fn moved(state: &mut State, whereabouts: Whereabouts) -> Vec<Effect> {
    let mut effects = Vec::new();
    let words = match whereabouts {
        Whereabouts::At {
            process,
            address,
            epoch,
        } => {
            state.endpoint.address = format!("{address}/v5");
            guard::enter(state, epoch);
            effects.push(Effect::Read(Query::Totals(epoch)));
            match process {
                None if !is_own(&state.endpoint) => "the sandbox answers again".to_owned(),
                Some(process) => format!("attached to the sandbox of process {process}"),
                None => format!("the sandbox is served here now, at {address}"),
            }
        }
        Whereabouts::Nowhere { process } => {
            state.endpoint.address.clear();
            match process {
                Some(process) => {
                    format!("the sandbox of process {process} has gone: starting it again")
                }
                None => "the sandbox has gone: looking for it".to_owned(),
            }
        }
    };
    notice(state, words);
    effects
}

/// Whether it is the sandbox of this data folder, which is served here where nobody else does.
fn is_own(endpoint: &Endpoint) -> bool {
    endpoint.name == profile::SANDBOX
}

/// One that fits stands in the last row. Several at the start, or a longer one, wait in a popup.
fn notice(state: &mut State, words: String) {
    let fits = cells(&words) + 2 <= usize::from(state.size.0);
    state.say(Tone::Plain, words.clone());
    if let Some(notices) = &mut state.notices {
        notices.push(words);
        if !fits || notices.len() > 1 {
            state.overlay = Some(Overlay::Notices);
        }
    }
}

/// Tells by which way what was copied, and no more than is known. A short value is repeated, of a long
/// one its length.
fn copied(state: &mut State, what: &'static str, bytes: Bytes, told: Told) -> Vec<Effect> {
    const SHORT: usize = 24;
    let text = String::from_utf8_lossy(&bytes.0);
    let value = if text.chars().count() <= SHORT {
        text.into_owned()
    } else {
        format!("({} characters)", text.chars().count())
    };
    let mut effects = Vec::new();
    match told {
        Told::Copied { route } => state.say(Tone::Good, format!("{route}: {what} {value}")),
        Told::SentToTerminal { escape } => {
            let words = format!("sent to the terminal's clipboard: {what} {value}");
            state.say(Tone::Good, words);
            effects.push(Effect::ToTerminal { escape });
        }
        Told::Failed { why } => {
            state.say(Tone::Bad, format!("the {what} was not copied: {why}"));
            // What was open is not lost for it.
            let under = match state.overlay.take() {
                Some(Overlay::Copied(under)) => under,
                open => open.map(Box::new),
            };
            state.overlay = Some(Overlay::Copied(under));
        }
    }
    state.copied = Some(Copied { what, bytes });
    effects
}

fn visit(state: &mut State, url: &str, visited: Visited) -> Vec<Effect> {
    // Where the popup was closed meanwhile, the callback tells the rest.
    let Some(Overlay::Payer(payer)) = &mut state.overlay else {
        return Vec::new();
    };
    if payer.url != url {
        return Vec::new();
    }
    match visited {
        Visited::Page(page) => {
            payer.step = Step::Page(Shown::new(page));
            Vec::new()
        }
        Visited::Failed(why) => {
            payer.step = Step::Failed(why);
            Vec::new()
        }
        Visited::Finished => {
            let whose = payer.whose;
            state.overlay = None;
            match whose {
                // Our listener usually hears of it, too; whoever is first goes on.
                Whose::Session(key) => went_through(state, key),
                Whose::Transaction(_) => Vec::new(),
            }
        }
    }
}

fn went_through(state: &mut State, key: SessionKey) -> Vec<Effect> {
    let Some(session) = state.sessions.get(&key).cloned() else {
        return Vec::new();
    };
    recorded::go_on(state, &session)
}
