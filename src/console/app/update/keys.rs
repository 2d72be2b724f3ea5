//! What each key does where.

use crate::console::app::command::Command;
use crate::console::app::copy;
use crate::console::app::effect::{Effect, Query};
use crate::console::app::export::Export;
use crate::console::app::input::Key;
use crate::console::app::keymap::{self, Layer};
use crate::console::app::layout;
use crate::console::app::menu::{Does, How};
use crate::console::app::palette;
use crate::console::app::payer::Step;
use crate::console::app::state::{Overlay, Pane, Question, State, Tone};
use crate::console::app::verbs::{self, Verb};

use super::{act, again, answers, endpoints, find, inspect, look, moves, send, steps};

pub fn take(state: &mut State, key: Key) -> Vec<Effect> {
    state.pressed(key);
    let command = state.keymap.resolve(layers(state), key);
    if command != Some(Command::Interrupt) {
        state.interrupted = false;
    }
    let effects = match command {
        Some(command) => run(state, command),
        None => type_key(state, key),
    };
    if !matches!(state.overlay, Some(Overlay::Notices)) {
        state.notices = None;
    }
    effects
}

/// The active layers, innermost first.
pub fn layers(state: &State) -> &'static [Layer] {
    match &state.overlay {
        Some(Overlay::Menu(_) | Overlay::Themes(_)) => &[Layer::Menu, Layer::Always],
        Some(Overlay::Picker(_) | Overlay::Stubs(_) | Overlay::Palette(_) | Overlay::Help(_)) => {
            &[Layer::Picker, Layer::Always]
        }
        Some(Overlay::Preview(_)) => &[Layer::Preview, Layer::Always],
        Some(Overlay::Form(form)) if form.is_text() => &[Layer::Text, Layer::Always],
        Some(Overlay::Form(_)) => &[Layer::Form, Layer::Always],
        Some(Overlay::Stake(_)) => &[Layer::Stake, Layer::Always],
        Some(Overlay::Payer(_)) => &[Layer::Payer, Layer::Always],
        Some(Overlay::Step(_)) => &[Layer::Step, Layer::Always],
        Some(Overlay::Export(_)) => &[Layer::Export, Layer::Always],
        Some(Overlay::Compare(_)) => &[Layer::Compare, Layer::Always],
        Some(Overlay::Money | Overlay::Copied(_) | Overlay::Confirm(_) | Overlay::Notices) => {
            &[Layer::Always]
        }
        None if inspect::is_typing(state) => &[Layer::Line, Layer::Always],
        None if state.prompt.is_some() => &[Layer::Prompt, Layer::Always],
        None => keymap::of_pane(state.focus),
    }
}

/// A key that is no command: a letter of a menu, or text.
fn type_key(state: &mut State, key: Key) -> Vec<Effect> {
    let page = moves::text_rows(state);
    if inspect::is_typing(state) {
        state.inspector.key(key);
        return Vec::new();
    }
    match &mut state.overlay {
        Some(Overlay::Menu(menu)) => {
            let chosen = key
                .printable()
                .and_then(|letter| menu.by_letter(letter))
                .cloned();
            return chosen.map_or_else(Vec::new, |item| choose(state, &item));
        }
        Some(Overlay::Picker(picker)) => {
            if picker.filter.key(key) {
                picker.filtered();
            }
        }
        Some(Overlay::Stubs(stubs)) => {
            if stubs.filter.key(key) {
                stubs.filtered();
            }
        }
        Some(Overlay::Palette(palette)) => {
            if palette.filter.key(key) {
                palette.filtered();
            }
        }
        Some(Overlay::Help(help)) => {
            if help.filter.key(key) {
                help.filtered();
            }
        }
        Some(Overlay::Export(_)) => {
            return key
                .printable()
                .map_or_else(Vec::new, |letter| act::export(state, Some(letter)));
        }
        Some(Overlay::Form(form)) => form.key(key, page),
        Some(Overlay::Stake(open)) => {
            open.problem = None;
            open.editor.key(key);
        }
        Some(Overlay::Payer(payer)) => {
            if let (Step::Page(shown), None) = (&mut payer.step, &payer.code) {
                shown.key(key);
            }
        }
        Some(Overlay::Confirm(_)) if key.printable() == Some('y') => return act::confirmed(state),
        Some(Overlay::Copied(under)) => state.overlay = under.take().map(|under| *under),
        Some(Overlay::Money | Overlay::Confirm(_) | Overlay::Notices) => state.overlay = None,
        None => return find::key(state, key),
        Some(Overlay::Step(_) | Overlay::Preview(_) | Overlay::Compare(_) | Overlay::Themes(_)) => {
        }
    }
    Vec::new()
}

pub fn run(state: &mut State, command: Command) -> Vec<Effect> {
    if let Some(why) = state.endpoint.bars(command) {
        state.say(Tone::Plain, why);
        return Vec::new();
    }
    match command {
        Command::Quit if state.calls.is_empty() => return vec![Effect::Quit],
        Command::Quit => state.overlay = Some(Overlay::Confirm(Question::Quit)),
        Command::QuitAtOnce => return vec![Effect::Quit],
        Command::Interrupt => return interrupt(state),
        Command::Leave => return leave(state),
        Command::Redraw => return vec![Effect::Redraw, Effect::Reread],
        Command::ChooseProfile => endpoints::open(state),
        Command::ChooseTheme => look::open_themes(state),
        Command::ToggleMouse => return look::toggle_mouse(state),
        Command::NarrowLeft => return look::widen(state, -2),
        Command::WidenLeft => return look::widen(state, 2),
        Command::Suspend => return vec![Effect::Suspend],
        Command::Zoom => state.zoomed = !state.zoomed,
        Command::OpenHelp => state.overlay = Some(Overlay::Help(Box::default())),
        Command::OpenPalette => state.overlay = Some(Overlay::Palette(Box::default())),
        Command::OpenGoTo => find::open_go_to(state),
        Command::OpenFilter => find::open_filter(state),
        Command::Accept => return find::accept(state),
        Command::Earlier => return find::recall(state, 1),
        Command::Later => return find::recall(state, -1),
        Command::OpenActions => act::open_actions(state),
        Command::OpenCopyMenu => match copy::menu(state) {
            Some(menu) => state.overlay = Some(Overlay::Menu(menu)),
            None => state.say(Tone::Plain, "nothing to copy yet"),
        },
        Command::ShowMoney => state.overlay = Some(Overlay::Money),
        Command::Export => match Export::new(state) {
            Some(export) => state.overlay = Some(Overlay::Export(export)),
            None => state.say(Tone::Plain, "nothing to write yet"),
        },
        Command::ShowLastCopied if state.copied.is_some() => {
            state.overlay = Some(Overlay::Copied(None));
        }
        Command::ShowLastCopied => state.say(Tone::Plain, "nothing was copied yet"),
        Command::NewPayment => return act::perform(state, Verb::Identify),
        Command::RetrieveSelected => return act::perform_if_offered(state, Verb::Retrieve),
        Command::SendAgain => again::open(state),
        Command::EditAndSend => return again::perform(state, How::Edit),
        Command::PlayPayer => {
            let next_step = verbs::offers(state)
                .iter()
                .any(|offer| offer.verb == Verb::NextStep);
            let verb = if next_step {
                Verb::NextStep
            } else {
                Verb::PlayPayer
            };
            return act::perform_if_offered(state, verb);
        }
        Command::FocusSessions => moves::focus(state, Pane::Sessions),
        Command::FocusTransactions => moves::focus(state, Pane::Transactions),
        Command::FocusInspector => moves::focus(state, Pane::Inspector),
        Command::FocusTimeline => moves::focus(state, Pane::Timeline),
        Command::FocusNext => moves::focus_step(state, 1),
        Command::FocusPrevious => moves::focus_step(state, -1),
        _ if state.overlay.is_some() => return in_overlay(state, command),
        _ if inspect::is_typing(state) => return inspect::in_line(state, command),
        Command::Mark => inspect::mark(state),
        Command::DeletePayment => act::ask_to_delete(state),
        Command::Compare => return inspect::compare(state),
        Command::Search
        | Command::NextMatch
        | Command::PreviousMatch
        | Command::ToggleFold
        | Command::FoldMore
        | Command::FoldLess
        | Command::AskQuery
        | Command::TurnRaw
        | Command::ToggleWrap
        | Command::ToggleNumbers
        | Command::CopyValue => return inspect::command(state, command),
        Command::Previous | Command::Next => sideways(state, command),
        Command::Open => return open(state),
        _ => return moves::step(state, command),
    }
    Vec::new()
}

/// Tabs of the inspector, from any pane; the verbs when they have the focus.
fn sideways(state: &mut State, command: Command) {
    let by = if command == Command::Next { 1 } else { -1 };
    if state.focus == Pane::Verbs {
        let offers = verbs::offers(state);
        let (at, count) = (verbs::under_cursor(state, &offers), offers.len());
        state.verb = offers[(at + count).saturating_add_signed(by) % count].verb;
    } else {
        state.inspector.turn(by);
    }
}

/// Enter on the panes.
fn open(state: &mut State) -> Vec<Effect> {
    match state.focus {
        _ if state.is_filtered_away() => {
            state.say(Tone::Plain, "nothing matches: esc takes the filter away");
        }
        Pane::Sessions | Pane::Transactions if state.endpoint.replay => {
            moves::focus(state, Pane::Inspector);
        }
        Pane::Sessions if state.endpoint.read_only && state.sessions.rows.is_empty() => {
            moves::focus(state, Pane::Inspector);
        }
        Pane::Transactions if state.endpoint.read_only && state.transactions.rows.is_empty() => {
            moves::focus(state, Pane::Inspector);
        }
        Pane::Sessions if state.sessions.rows.is_empty() => {
            return act::perform(state, Verb::Identify);
        }
        Pane::Transactions if state.transactions.rows.is_empty() => {
            moves::focus(state, Pane::Sessions);
            return act::perform_next(state);
        }
        Pane::Sessions | Pane::Transactions => return act::perform_next(state),
        Pane::Timeline => moves::focus(state, Pane::Inspector),
        Pane::Verbs => {
            let offers = verbs::offers(state);
            let offer = &offers[verbs::under_cursor(state, &offers)];
            return act::perform_offer(state, offer);
        }
        Pane::Inspector => {}
    }
    Vec::new()
}

/// Commands that mean something to the popup on top.
fn in_overlay(state: &mut State, command: Command) -> Vec<Effect> {
    let rows = usize::from(layout::layout(state).overlay.inner().height);
    let found = match &state.overlay {
        Some(Overlay::Palette(palette)) => palette.found(state).len(),
        _ => 0,
    };
    match &mut state.overlay {
        Some(Overlay::Menu(menu)) => match command {
            Command::Up => menu.step(-1),
            Command::Down => menu.step(1),
            Command::First => menu.selected = 0,
            Command::Last => menu.selected = menu.items.len().saturating_sub(1),
            Command::Open => {
                if let Some(item) = menu.selected().cloned() {
                    return choose(state, &item);
                }
            }
            Command::SendAnyway | Command::NameAnswer => return with_chosen(state, command),
            _ => {}
        },
        Some(Overlay::Export(export)) => match command {
            Command::Up => export.step(-1),
            Command::Down => export.step(1),
            Command::Previous => export.turn(-1),
            Command::Next => export.turn(1),
            Command::Open => return act::export(state, None),
            _ => {}
        },
        Some(Overlay::Picker(_)) if command == Command::Open => return act::pick(state),
        Some(Overlay::Picker(picker)) => {
            // The filter, the headings and the keys take four rows.
            let rows = rows.saturating_sub(4);
            picker.step(moves::distance(command, rows).unwrap_or(0), rows);
        }
        Some(Overlay::Stubs(_)) if command == Command::Open => return answers::take(state),
        Some(Overlay::Stubs(stubs)) => {
            let rows = rows.saturating_sub(4);
            stubs.step(moves::distance(command, rows).unwrap_or(0), rows);
        }
        Some(Overlay::Form(form)) => match command {
            Command::Submit => return act::submit(state, false),
            Command::SendAnyway => return act::submit(state, true),
            Command::NameAnswer => answers::of_form(state),
            Command::TurnForm => act::turn_form(state),
            Command::PreviewCall => return act::preview(state),
            Command::NextField => form.step(1),
            Command::PreviousField => form.step(-1),
            Command::Undo => form.undo(),
            Command::Redo => form.redo(),
            _ => {}
        },
        Some(Overlay::Preview(preview)) => match command {
            Command::Submit => {
                state.overlay = Some(Overlay::Form(preview.form.clone()));
                return act::submit(state, false);
            }
            Command::CopyAsCurl => return act::copy_as_curl(state),
            _ => {
                let by = moves::distance(command, rows).unwrap_or(0);
                preview.offset = preview.offset.saturating_add_signed(by).min(10_000);
            }
        },
        Some(Overlay::Stake(_)) if command == Command::Submit => return send::typed(state),
        Some(Overlay::Step(step)) => {
            let session = step.session;
            return steps::command(state, session, command);
        }
        Some(Overlay::Payer(_)) => return act::in_payer(state, command),
        Some(Overlay::Themes(_)) => return look::in_themes(state, command),
        // An empty row and the keys take two.
        Some(Overlay::Compare(compare)) => compare.command(command, rows.saturating_sub(2)),
        Some(Overlay::Help(help)) if command == Command::Open => {
            let command = help.chosen(&state.keymap).map(|binding| binding.command);
            state.overlay = None;
            return command.map_or_else(Vec::new, |command| run_if_possible(state, command));
        }
        Some(Overlay::Help(help)) => {
            // The filter and the keys take two rows.
            let rows = rows.saturating_sub(2);
            help.step(
                &state.keymap,
                moves::distance(command, rows).unwrap_or(0),
                rows,
            );
        }
        Some(Overlay::Palette(_)) if command == Command::Open => return choose_found(state),
        Some(Overlay::Palette(palette)) => {
            let rows = rows.saturating_sub(2);
            palette.step(moves::distance(command, rows).unwrap_or(0), found, rows);
        }
        _ => {}
    }
    Vec::new()
}

/// Does what is under the cursor of the palette, or says why not.
fn choose_found(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Palette(palette)) = &state.overlay else {
        return Vec::new();
    };
    let chosen = palette.chosen(state);
    let Some(chosen) = chosen else {
        return Vec::new();
    };
    state.overlay = None;
    match chosen.does {
        palette::Does::Command(command) => run_if_possible(state, command),
        palette::Does::Verb(offer) => act::perform_offer(state, &offer),
        palette::Does::GoTo(id) => vec![Effect::Read(Query::Whose(id))],
    }
}

/// A command that was chosen from a list of commands, which may be for another place.
fn run_if_possible(state: &mut State, command: Command) -> Vec<Effect> {
    if let Some(why) = palette::why_not(state, command) {
        state.say(Tone::Plain, format!("{}: {why}", command.words()));
        return Vec::new();
    }
    run(state, command)
}

/// What a menu's own keys do with the verb under the cursor.
fn with_chosen(state: &mut State, command: Command) -> Vec<Effect> {
    let Some(Overlay::Menu(menu)) = &state.overlay else {
        return Vec::new();
    };
    let Some(Does::Verb(verb)) = menu.selected().map(|item| item.does.clone()) else {
        return Vec::new();
    };
    if command == Command::NameAnswer {
        answers::of_verb(state, verb);
        return Vec::new();
    }
    let offers = verbs::offers(state);
    match offers.iter().find(|offer| offer.verb == verb) {
        Some(offer) => act::perform_anyway(state, offer),
        None => Vec::new(),
    }
}

pub fn choose(state: &mut State, item: &crate::console::app::menu::Item) -> Vec<Effect> {
    match &item.does {
        Does::Verb(verb) => act::perform_offer(
            state,
            &verbs::Offer {
                verb: *verb,
                possible: item.enabled,
                can_be_forced: false,
                words: item.note.clone(),
            },
        ),
        Does::Again(how) => again::perform(state, *how),
        Does::Copy { what, bytes } => {
            state.overlay = None;
            vec![Effect::Copy {
                what,
                bytes: bytes.clone(),
            }]
        }
        Does::GoTo(profile) => endpoints::go_to(state, item.enabled, profile),
        Does::CopyExports => {
            state.overlay = None;
            let exports = state.endpoint.exports().map(|exports| Effect::Copy {
                what: "shell exports",
                bytes: copy::Bytes(exports),
            });
            exports.into_iter().collect()
        }
    }
}

/// The innermost thing goes: a popup, else the waiting for an answer, else the focus on a detail.
fn leave(state: &mut State) -> Vec<Effect> {
    match state.overlay.take() {
        None => {}
        Some(Overlay::Preview(preview)) => {
            state.overlay = Some(Overlay::Form(preview.form));
            return Vec::new();
        }
        Some(Overlay::Copied(under)) => {
            state.overlay = under.map(|under| *under);
            return Vec::new();
        }
        Some(Overlay::Stake(open)) => {
            state.overlay = open.under.map(|under| *under);
            return Vec::new();
        }
        Some(Overlay::Themes(themes)) => return look::leave_themes(state, themes),
        Some(Overlay::Payer(mut payer)) => {
            if payer.turn_back() {
                state.overlay = Some(Overlay::Payer(payer));
            }
            return Vec::new();
        }
        Some(_) => return Vec::new(),
    }
    if state.focus == Pane::Inspector && state.inspector.leave() {
        return vec![Effect::StopQuery];
    }
    if state.prompt.is_some() {
        return find::leave(state);
    }
    let effects = send::stop_waiting(state);
    let stopped = steps::stop(state) || !effects.is_empty();
    if stopped {
        return effects;
    }
    if state.zoomed {
        state.zoomed = false;
    } else if let Some(effects) = find::clear(state) {
        return effects;
    } else {
        match state.focus {
            Pane::Inspector | Pane::Timeline | Pane::Verbs => {
                let pane = match state.subject {
                    crate::console::app::state::Subject::Session => Pane::Sessions,
                    crate::console::app::state::Subject::Transaction => Pane::Transactions,
                };
                moves::focus(state, pane);
            }
            Pane::Sessions | Pane::Transactions => state.toast = None,
        }
    }
    effects
}

fn interrupt(state: &mut State) -> Vec<Effect> {
    let effects = send::stop_waiting(state);
    if effects.is_empty() && state.interrupted {
        return vec![Effect::Quit];
    }
    state.interrupted = true;
    if !effects.is_empty() {
        return effects;
    }
    state.say(Tone::Plain, "ctrl+c again quits");
    Vec::new()
}
