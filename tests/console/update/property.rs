//! Whatever is typed, told and brought back, in whatever order and window: no panic, and what holds
//! always holds.

use std::collections::BTreeSet;

use bango_console::api::{Action, Operation, ResponseCode};
use bango_console::console::app::effect::Effect;
use bango_console::console::app::event::{Done, Told, Visited, Window};
use bango_console::console::app::input::{Code, Input, Key, Mouse, Pointer};
use bango_console::console::app::inspector::{Queried, Wanted};
use bango_console::console::app::layout;
use bango_console::console::app::list::{Keyed, List};
use bango_console::console::app::state::Overlay;
use bango_console::console::ui::theme::Theme;
use bango_console::exchange::{CallId, Cut, NotSent};
use bango_console::record::landing::{Kind, Landing, Row};
use bango_console::record::line::End;
use bango_console::record::session::State as Identification;
use bango_console::record::{Origin, Seq, Session, SessionKey, Transaction, TransactionKey};
use proptest::prelude::*;

use crate::cast::{
    self, PAGE, answered, authorize, captured, identified, left, unknown, waiting, with_code,
};
use crate::scenes::compared;
use crate::screens::popups::pin_page;
use crate::screens::rows::every_payment;
use crate::stage::{Facts, Stage};

#[derive(Clone, Debug)]
enum Step {
    Key(Key),
    Paste(String),
    Resize(u16, u16),
    Mouse(Pointer, u16, u16),
    Wake,
    Payment(usize, u64),
    Session(u64),
    Line(u64),
    /// The oldest call under way ends like this.
    End(usize),
    CameBack(u64),
    Window(u64, u64),
    Page(usize),
    Exchange(String),
    Large(usize),
    LaidOut,
    Queried(u64, String),
    Compared(String),
    Copied(bool),
    /// What an id leads to.
    Landing(u64),
    Unrecorded,
    Late(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let characters = "aicfxrnmspydkuqQzt<>M1234+?!jkhlgG[] 0123456789.,:{}\"é漢/|-_=#wYNnp3  >";
    let character = prop::sample::select(characters.chars().collect::<Vec<_>>());
    let code = prop::sample::select(vec![
        Code::Enter,
        Code::Enter,
        Code::Enter,
        Code::Esc,
        Code::Tab,
        Code::BackTab,
        Code::Backspace,
        Code::Delete,
        Code::Up,
        Code::Down,
        Code::Left,
        Code::Right,
        Code::Home,
        Code::End,
        Code::PageUp,
        Code::PageDown,
        Code::F(1),
    ]);
    let control = prop::sample::select("cdgjloprstuwxyz".chars().collect::<Vec<_>>());
    let side = prop::sample::select(vec![0, 1, 2, 7, 8, 19, 20, 24, 40, 79, 80, 81, 120, 200]);
    let pointer = prop::sample::select(vec![
        Pointer::Press,
        Pointer::Press,
        Pointer::Drag,
        Pointer::Release,
        Pointer::WheelUp,
        Pointer::WheelDown,
    ]);
    let step = prop_oneof![
        30 => character.prop_map(|character| Step::Key(Key::char(character))),
        20 => code.prop_map(|code| Step::Key(Key::plain(code))),
        3 => control.prop_map(|character| Step::Key(Key::ctrl(character))),
        2 => ".{0,40}|[0-9.]{1,8}".prop_map(Step::Paste),
        3 => (side.clone(), side).prop_map(|(width, height)| Step::Resize(width, height)),
        10 => (pointer, 0..90_u16, 0..30_u16)
            .prop_map(|(kind, column, row)| Step::Mouse(kind, column, row)),
        1 => Just(Step::Wake),
        4 => (0..16_usize, 1..20_u64).prop_map(|(kind, number)| Step::Payment(kind, number)),
        2 => (1..20_u64).prop_map(Step::Session),
        3 => (1..2_000_u64).prop_map(Step::Line),
        3 => (0..5_usize).prop_map(Step::End),
        1 => (1..20_u64).prop_map(Step::CameBack),
        1 => (1..400_u64, 0..200_u64).prop_map(|(newest, count)| Step::Window(newest, count)),
        2 => (0..3_usize).prop_map(Step::Page),
        2 => ".{0,80}|\\{\"a\":\\[1,.{0,9}".prop_map(Step::Exchange),
        1 => (0..9_usize).prop_map(Step::Large),
        2 => Just(Step::LaidOut),
        2 => (0..4_u64, ".{0,9}|\\[1,\\{\"a\":2.{0,9}").prop_map(|(number, text)| Step::Queried(number, text)),
        1 => ".{0,9}|\\{\"a\":[0-9]\\}".prop_map(Step::Compared),
        1 => any::<bool>().prop_map(Step::Copied),
        1 => (0..20_u64).prop_map(Step::Landing),
        1 => Just(Step::Unrecorded),
        1 => (1..20_u64).prop_map(Step::Late),
    ];
    prop::collection::vec(step, 1..80)
}

/// An identification that is told to send an SMS, to wait, or to do something unknown.
fn asking(number: u64) -> Session {
    let action = match number % 3 {
        0 => Action::Wait { milliseconds: 500 },
        1 => Action::SendSms {
            text: "BANGO 1".into(),
            shortcode: "22646".into(),
        },
        _ => Action::Unknown("DANCE".into()),
    };
    let mut asking = waiting(number);
    asking.state = Identification::Waiting { action };
    asking
}

#[expect(clippy::too_many_lines, reason = "an arm for each step")]
fn take(stage: &mut Stage, step: Step) {
    match step {
        Step::Key(key) => stage.input(Input::Key(key)),
        Step::Paste(text) => stage.input(Input::Paste(text)),
        Step::Resize(width, height) => {
            stage.terminal.backend_mut().resize(width, height);
            stage.input(Input::Resize { width, height })
        }
        Step::Mouse(kind, column, row) => stage.input(Input::Mouse(Mouse { kind, column, row })),
        Step::Wake => stage.pass(1).input(Input::Wake),
        Step::Payment(kind, number) => stage.transactions(vec![some_payment(kind, number)]),
        Step::Session(number) if number % 2 == 0 => stage.sessions(vec![waiting(number)]),
        Step::Session(number) if number % 5 == 0 => stage.sessions(vec![asking(number)]),
        Step::Session(number) => stage.sessions(vec![identified(number, "120")]),
        Step::Line(number) => stage.lines(vec![left(number, Operation::Retrieve)]),
        Step::End(how) => match stage.state.calls.iter().next() {
            Some((&call, waiting)) => stage.ends(call, waiting.operation, some_end(how)),
            None => stage,
        },
        Step::CameBack(number) => {
            let mut back = waiting(number);
            back.returned = Some(ResponseCode::Ok);
            let sessions = vec![back];
            let facts = Facts::default();
            stage.arrives(Facts { sessions, ..facts })
        }
        Step::Window(newest, count) => {
            let oldest = newest.saturating_sub(count).max(1);
            let rows = (oldest..=newest)
                .rev()
                .map(|at| some_payment(4, at))
                .collect();
            let (before, after) = (newest < 300, oldest > 1);
            stage.done(Done::Transactions(Window {
                rows,
                before,
                after,
                filter: stage.state.transactions.filter.clone(),
                total: newest,
            }))
        }
        Step::Page(kind) => {
            let visited = match kind {
                0 => Visited::Page(pin_page(Some("no"))),
                1 => Visited::Failed("nobody is there".into()),
                _ => Visited::Finished,
            };
            let url = PAGE.to_owned();
            stage.done(Done::Visited { url, visited })
        }
        Step::Exchange(body) => match stage.state.inspector.wanted {
            Some(_) => stage.shows(answered(&authorize(3), 200, body)),
            None => stage,
        },
        Step::Large(depth) => match stage.state.inspector.wanted {
            Some(wanted) => {
                let body = format!("{}{}", "[".repeat(depth), "1,\n".repeat(30_000));
                let shown = Some(Box::new(answered(&authorize(3), 200, body)));
                stage.done(Done::Exchange { wanted, shown })
            }
            None => stage,
        },
        Step::LaidOut => stage.lays_out(),
        Step::Queried(number, text) => {
            let queried = match number {
                0 => Queried::Failed(text),
                _ => Queried::Results {
                    bytes: text.into_bytes(),
                    cut: number == 1,
                },
            };
            stage.done(Done::Queried { number, queried })
        }
        Step::Compared(text) => {
            let comparison = Some(Box::new(compared(&text, "x")));
            stage.done(Done::Compared(comparison))
        }
        Step::Copied(well) => stage.done(Done::Copied {
            what: "request body",
            bytes: "9".repeat(200).as_str().into(),
            told: if well {
                Told::SentToTerminal {
                    escape: String::new(),
                }
            } else {
                Told::Failed { why: "off".into() }
            },
        }),
        Step::Landing(number) => {
            let origin = Origin::Call(cast::call(number));
            let (row, kind) = match number % 3 {
                0 => (Row::Session(SessionKey(origin)), Kind::Msisdn),
                _ => (Row::Transaction(TransactionKey(origin)), Kind::Refund),
            };
            let landing = (number > 0).then_some(Landing { row, kind });
            let id = "7".repeat(60);
            stage.done(Done::Whose { id, landing })
        }
        Step::Unrecorded => stage.done(Done::Unrecorded {
            call: cast::call(1),
            shown: Box::new(answered(&authorize(3), 200, "")),
            why: "full".into(),
        }),
        Step::Late(number) => stage.done(Done::Exchange {
            wanted: Wanted::Entry(Seq(number)),
            shown: None,
        }),
    };
}

fn some_payment(kind: usize, number: u64) -> Transaction {
    let mut payments = every_payment();
    payments.push(captured(1, 1099, 1099, &[1]));
    payments.extend(
        [Operation::Authorize, Operation::Cancel, Operation::Refund].map(|of| unknown(1, of)),
    );
    let mut payment = payments.swap_remove(kind % payments.len());
    payment.key = cast::payment(number, 1, payment.state.clone()).key;
    payment.first = Seq(number);
    payment
}

fn some_end(how: usize) -> End {
    match how {
        0 => with_code("OK"),
        1 => with_code("CLIENT_ACTION_REQUIRED"),
        2 => with_code("DECLINED"),
        3 => End::Cut { why: Cut::TimedOut },
        _ => {
            let why = NotSent::Cancelled;
            End::NotSent { why }
        }
    }
}

/// A selected row of a list that is shown is seen.
fn is_in_view<T: Keyed>(list: &List<T>, height: usize) -> bool {
    list.position()
        .is_none_or(|at| height == 0 || (list.offset <= at && at < list.offset + height))
}

#[track_caller]
fn check(
    stage: &mut Stage,
    theme: &Theme,
    step: &Step,
    chooses: bool,
    sent: &mut BTreeSet<CallId>,
) {
    let may_quit = match step {
        Step::Key(key) if key.code == Code::Enter => chooses,
        Step::Key(key) => matches!(key.code, Code::Char('q' | 'Q' | 'y' | 'c')),
        _ => false,
    };
    for effect in stage.effects() {
        match effect {
            // Done by a later step, or never.
            Effect::LayOut(_) => stage.effects.push(effect),
            Effect::Send { id, .. } | Effect::SendAgain { id, .. } => {
                assert!(sent.insert(id), "{id:?} was sent twice");
                assert!(stage.state.calls.contains_key(&id));
            }
            Effect::Cancel(id) => assert!(sent.contains(&id)),
            Effect::Quit => assert!(may_quit, "{step:?} quits"),
            _ => {}
        }
    }
    let Stage { state, .. } = &stage;
    let shown = layout::layout(state);
    let rows = |pane: layout::Rect| usize::from(pane.inner().height);
    assert!(is_in_view(&state.sessions, rows(shown.sessions)));
    let payments = rows(shown.transactions).saturating_sub(1);
    assert!(is_in_view(&state.transactions, payments));
    assert!(is_in_view(&state.timeline, rows(shown.timeline)));
    let ((width, height), popup) = (state.size, shown.overlay);
    assert!(popup.x + popup.width <= width && popup.y + popup.height <= height);
    stage.paint(theme);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_events_is_taken_and_painted(steps in steps()) {
        let mut stage = Stage::new(80, 24);
        let mut sent = BTreeSet::new();
        let theme = Theme::terminal(true);
        for step in steps {
            let chooses = matches!(
                stage.state.overlay,
                Some(Overlay::Palette(_) | Overlay::Help(_))
            );
            take(&mut stage, step.clone());
            check(&mut stage, &theme, &step, chooses, &mut sent);
        }
    }
}
