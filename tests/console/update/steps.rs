//! An SMS to be sent, a time to wait, something unknown: shown, done, gone on with.

use bango_console::api::{Action, Call, Operation, SessionId};
use bango_console::console::app::effect::{Control, Effect};
use bango_console::console::app::event::Done;
use bango_console::console::app::input::Input;
use bango_console::console::app::state::{Overlay, Question};
use bango_console::exchange::{CallId, Cut, NotSent};
use bango_console::record::line::End;
use bango_console::record::session::State as Identification;
use bango_console::record::{Origin, Session, SessionKey};

use crate::cast::{identified, payer, session, waiting, with_code};
use crate::stage::{Facts, Stage};

fn id() -> SessionId {
    SessionId::from("8322c4adc6ad4046b58ecb4a9f0b1551")
}

fn asked(action: Action) -> Session {
    let state = Identification::Waiting { action };
    let mut asked = session(1, "120", state);
    asked.id = Some(id());
    asked
}

fn sms() -> Action {
    Action::SendSms {
        text: "BANGO 8322c4ad".into(),
        shortcode: "22646".into(),
    }
}

fn wait(milliseconds: u64) -> Action {
    Action::Wait { milliseconds }
}

fn facts(sessions: Vec<Session>) -> Facts {
    Facts {
        sessions,
        ..Facts::default()
    }
}

fn call_bodies(stage: &mut Stage) -> Vec<Option<String>> {
    let calls = stage.sent().into_iter();
    calls
        .map(|(_, call)| {
            assert_eq!(call.operation, Operation::Continue);
            call.body.map(|body| String::from_utf8(body).unwrap())
        })
        .collect()
}

/// A console whose last answer to a session was this.
fn told(action: Action) -> Stage {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![waiting(1)]);
    stage.keys("an");
    answer(&mut stage, asked(action));
    stage
}

/// The call under way is answered, and the session is this from then on.
fn answer(stage: &mut Stage, now: Session) {
    let (call, _) = stage.sent().pop().unwrap();
    let mut line = crate::cast::came_back(
        9,
        call,
        Operation::Continue,
        with_code("CLIENT_ACTION_REQUIRED"),
    );
    line.session = Some(now.key);
    stage.ends_as(call, line, facts(vec![now]));
}

fn is_step(stage: &Stage) -> bool {
    matches!(stage.state.overlay, Some(Overlay::Step(_)))
}

#[test]
fn an_sms_is_shown_with_its_text_and_where_it_goes() {
    let mut stage = told(sms());
    let screen = stage.screen();
    assert!(
        screen.contains("BANGO 8322c4ad") && screen.contains("22646"),
        "{screen}"
    );
    stage.keys("y");
    let copied = stage.effects().pop().unwrap();
    let bytes = "BANGO 8322c4ad".into();
    let what = "SMS text";
    assert_eq!(copied, Effect::Copy { what, bytes });
}

#[test]
fn i_have_sent_it_asks_what_comes_next() {
    let mut stage = told(sms());
    stage.keys("<enter>");
    assert_eq!(call_bodies(&mut stage), [None]);
    assert!(is_step(&stage));
    // A key that is held does not ask twice.
    let mut asking = asked(sms());
    asking.in_flight = vec![CallId(uuid::Uuid::from_u128(5))];
    stage.sessions(vec![asking]).keys("<enter>");
    assert_eq!(call_bodies(&mut stage), [] as [Option<String>; 0]);
}

#[test]
fn a_wait_goes_on_by_itself_once_its_time_is_over() {
    let mut stage = told(wait(2_000));
    assert!(
        stage.screen().contains("goes on by itself in 2 s"),
        "{}",
        stage.screen()
    );
    stage.effects();
    stage.pass(1).input(Input::Wake);
    assert!(stage.screen().contains("goes on by itself in 1 s"));
    assert_eq!(call_bodies(&mut stage), [] as [Option<String>; 0]);
    stage.pass(1).input(Input::Wake);
    assert_eq!(call_bodies(&mut stage), [None]);
    stage.pass(9).input(Input::Wake);
    assert_eq!(call_bodies(&mut stage), [] as [Option<String>; 0]);
}

#[test]
fn a_wait_ends_with_an_answer_that_does_not_ask_for_one() {
    let why = NotSent::Cancelled;
    let cut = Cut::TimedOut;
    for end in [
        with_code("BAD_REQUEST"),
        with_code("SERVICE_UNAVAILABLE"),
        with_code("SOMETHING_NEW"),
        End::Cut { why: cut },
        End::NotSent { why },
    ] {
        let mut stage = told(wait(2_000));
        stage.pass(2).input(Input::Wake);
        let (call, _) = stage.sent().pop().unwrap();
        let mut line = crate::cast::came_back(10, call, Operation::Continue, end.clone());
        // The conversation may go on: the session is left as it was.
        let left = asked(wait(2_000));
        line.session = Some(left.key);
        stage.ends_as(call, line, facts(vec![left]));
        stage.pass(600).input(Input::Wake);
        assert_eq!(
            call_bodies(&mut stage),
            [] as [Option<String>; 0],
            "{end:?}"
        );
        // It can be gone on with by hand.
        stage.keys("<enter>");
        assert_eq!(call_bodies(&mut stage), [None]);
    }
}

#[test]
fn whoever_waits_asks_to_be_woken_when_the_time_is_over() {
    let mut stage = told(wait(300));
    let wake = stage.effects().into_iter().find_map(|effect| match effect {
        Effect::WakeAt(at) => Some(at),
        _ => None,
    });
    let due = crate::stage::noon() + jiff::SignedDuration::from_millis(300);
    assert_eq!(wake, Some(due));
}

#[test]
fn a_wait_of_no_time_or_of_centuries_is_bounded() {
    for (milliseconds, seconds) in [(0, 1), (u64::MAX, 600)] {
        let mut stage = told(wait(milliseconds));
        stage.effects();
        stage.input(Input::Wake);
        assert_eq!(
            call_bodies(&mut stage),
            [] as [Option<String>; 0],
            "{milliseconds}"
        );
        stage.pass(seconds).input(Input::Wake);
        assert_eq!(call_bodies(&mut stage), [None], "{milliseconds}");
    }
}

#[test]
fn a_hidden_wait_goes_on_and_esc_once_more_stops_it() {
    let mut stage = told(wait(2_000));
    stage.keys("<esc>").effects();
    assert!(stage.state.overlay.is_none());
    stage.keys("<esc>");
    assert!(
        stage.footer().contains("not go on by itself"),
        "{}",
        stage.footer()
    );
    stage.pass(9).input(Input::Wake);
    assert_eq!(call_bodies(&mut stage), [] as [Option<String>; 0]);

    let mut stage = told(wait(2_000));
    stage.keys("<esc>").effects();
    stage.pass(2).input(Input::Wake);
    assert_eq!(call_bodies(&mut stage), [None]);
}

#[test]
fn the_popup_goes_when_the_payer_is_known() {
    let mut stage = told(wait(2_000));
    stage.effects();
    stage.pass(2).input(Input::Wake);
    let mut known = identified(1, "120");
    known.id = Some(id());
    answer(&mut stage, known);
    assert!(stage.state.overlay.is_none());
    assert!(stage.state.waits.is_empty());
}

#[test]
fn what_cannot_be_done_is_cancelled() {
    for action in [sms(), wait(2_000)] {
        let mut stage = told(action);
        stage.keys("k");
        let bodies = call_bodies(&mut stage);
        assert_eq!(bodies.len(), 1);
        let body: serde_json::Value = serde_json::from_str(bodies[0].as_ref().unwrap()).unwrap();
        assert_eq!(body, serde_json::json!({"action": "cancel"}));
        stage.pass(9).input(Input::Wake);
        assert_eq!(call_bodies(&mut stage), [] as [Option<String>; 0]);
    }
}

#[test]
fn an_unknown_action_is_shown_and_answered_with_cancel() {
    let mut stage = told(Action::Unknown("DANCE\u{1b}[2J".into()));
    let screen = stage.screen();
    assert!(
        screen.contains("DANCE") && !screen.contains('\u{1b}'),
        "{screen}"
    );
    stage.keys("<enter>");
    let bodies = call_bodies(&mut stage);
    assert!(bodies[0].as_ref().unwrap().contains("cancel"), "{bodies:?}");
}

#[test]
fn the_sandbox_can_be_told_that_the_sms_arrives_now() {
    let mut stage = told(sms());
    stage.effects();
    stage.keys("s");
    let control = Control::SmsArrives {
        session: asked(sms()).key,
        id: id(),
    };
    assert_eq!(stage.effects(), [Effect::Steer(control.clone())]);
    let error = None;
    stage.done(Done::Steered { control, error });
    assert_eq!(call_bodies(&mut stage), [None]);
}

#[test]
fn a_sandbox_that_does_not_do_it_says_why() {
    let mut stage = told(sms());
    let control = Control::SmsArrives {
        session: asked(sms()).key,
        id: id(),
    };
    let error = Some("the session has expired".to_owned());
    stage.done(Done::Steered { control, error });
    assert!(
        stage.footer().contains("the session has expired"),
        "{}",
        stage.footer()
    );
    assert_eq!(call_bodies(&mut stage), [] as [Option<String>; 0]);
}

#[test]
fn a_step_that_was_left_can_be_opened_again() {
    let mut stage = told(sms());
    stage.keys("<esc>");
    assert!(!is_step(&stage));
    stage.keys("<enter>");
    assert!(is_step(&stage));
}

#[test]
fn another_programs_session_is_left_alone() {
    let mut stage = Stage::new(80, 24);
    let mut others = asked(wait(1_000));
    others.key = SessionKey(Origin::Report {
        run: uuid::Uuid::nil(),
        number: 1,
    });
    stage.arrives(facts(vec![others]));
    assert!(stage.state.overlay.is_none() && stage.state.waits.is_empty());
}

#[test]
fn closing_an_account_asks_first() {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage.keys("ad");
    let question = Question::CloseAccount(payer());
    assert!(matches!(&stage.state.overlay, Some(Overlay::Confirm(asked)) if *asked == question));
    stage.keys("<esc>");
    assert_eq!(stage.sent(), []);
    stage.keys("ady");
    let (_, call) = stage.sent().pop().unwrap();
    assert_eq!(call, Call::close_account(&payer()));
}
