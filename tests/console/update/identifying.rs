//! From a number to a payer: the form, the pages, the callback, and going on by itself, once.

use bango_console::api::{Call, Operation, ResponseCode, SessionId};
use bango_console::console::app::effect::{Effect, Visit};
use bango_console::console::app::event::{Done, Visited};
use bango_console::console::app::state::{Overlay, Pane};
use bango_console::exchange::CallId;
use bango_console::exchange::page::{Action, Page};
use bango_console::record::session::State as Identification;
use bango_console::record::{Origin, Session, SessionKey};

use bango_console::text::Foreign;
use uuid::Uuid;

use crate::cast::{PAGE, identified, session, waiting, with_code};
use crate::stage::{Facts, Stage};

fn visits(stage: &mut Stage) -> Vec<Visit> {
    let effects = stage.effects().into_iter();
    effects
        .filter_map(|effect| match effect {
            Effect::Visit(visit) => Some(visit),
            _ => None,
        })
        .collect()
}

fn of(call: CallId, session: Session) -> Facts {
    let key = SessionKey(Origin::Call(call));
    Facts {
        sessions: vec![Session { key, ..session }],
        ..Facts::default()
    }
}

/// A console whose identify call was answered with an address for the payer.
fn redirected() -> (Stage, CallId) {
    let mut stage = Stage::new(80, 24);
    stage.keys("<enter>900120<enter><enter>");
    let (id, call) = stage.sent().pop().unwrap();
    assert_eq!(call.operation, Operation::Identify);
    let starting = Identification::Starting;
    stage.sends(id, Operation::Identify, of(id, session(1, "120", starting)));
    let answer = with_code("CLIENT_ACTION_REQUIRED");
    stage.ends_with(id, Operation::Identify, answer, of(id, waiting(1)));
    (stage, id)
}

fn back(call: CallId) -> Facts {
    let mut came_back = waiting(1);
    came_back.returned = Some(ResponseCode::Ok);
    of(call, came_back)
}

fn go_on() -> Call {
    Call::go_on(&SessionId::from("8322c4adc6ad4046b58ecb4a9f0b1551"))
}

#[test]
fn the_form_sends_what_it_shows_under_the_id_in_its_addresses() {
    let mut stage = Stage::new(80, 24);
    stage.keys("<enter>900120<enter><enter>");
    let (id, call) = stage.sent().pop().unwrap();
    let body: serde_json::Value = serde_json::from_slice(&call.body.unwrap()).unwrap();
    assert_eq!(body["identificationMethodKey"], "GBR_BANGO");
    let callback = format!(
        "http://127.0.0.1:2647/callback/{}?ut=447710900120",
        id.key()
    );
    assert_eq!(body["callbackUrl"], callback);
    let notification = format!("http://127.0.0.1:2647/notification/{}", id.key());
    assert_eq!(body["notificationUrl"], notification);
    assert!(stage.state.calls.contains_key(&id));
    assert!(stage.state.overlay.is_none());
}

#[test]
fn an_answer_with_an_address_makes_the_user_the_payer() {
    let (mut stage, _) = redirected();
    let url = PAGE.to_owned();
    assert_eq!(visits(&mut stage), [Visit::Look { url }]);
    assert!(matches!(stage.state.overlay, Some(Overlay::Payer(_))));
    assert!(stage.state.calls.is_empty());
}

#[test]
fn an_address_does_not_push_away_what_is_being_typed() {
    let mut stage = Stage::new(80, 24);
    stage.keys("<enter>900120<enter><enter>");
    let (id, _) = stage.sent().pop().unwrap();
    stage.keys("+");
    let answer = with_code("CLIENT_ACTION_REQUIRED");
    stage.ends_with(id, Operation::Identify, answer, of(id, waiting(1)));
    assert!(matches!(stage.state.overlay, Some(Overlay::Picker(_))));
    assert_eq!(visits(&mut stage), []);
}

#[test]
fn a_payer_who_is_back_is_gone_on_with_exactly_once() {
    let (mut stage, call) = redirected();
    stage.effects();
    stage.arrives(back(call));
    let sent_first = stage.sent();
    assert_eq!(sent_first.len(), 1);
    assert_eq!(sent_first[0].1, go_on());
    // The notification, the sandbox's report and the walk in the console tell the same.
    stage.arrives(back(call)).arrives(back(call));
    let url = PAGE.to_owned();
    let visited = Visited::Finished;
    stage.done(Done::Visited { url, visited });
    assert_eq!(stage.sent(), []);
}

#[test]
fn the_end_of_the_walk_goes_on_where_no_callback_is_heard() {
    let (mut stage, call) = redirected();
    stage.effects();
    let url = PAGE.to_owned();
    let visited = Visited::Finished;
    stage.done(Done::Visited { url, visited });
    assert_eq!(stage.sent().len(), 1);
    assert!(stage.state.overlay.is_none());
    stage.arrives(back(call));
    assert_eq!(stage.sent(), []);
}

#[test]
fn another_programs_payer_is_left_to_that_program() {
    let (mut stage, _) = redirected();
    stage.effects();
    let run = Uuid::nil();
    let mut others = waiting(9);
    others.key = SessionKey(Origin::Report { run, number: 1 });
    others.returned = Some(ResponseCode::Ok);
    stage.arrives(Facts {
        sessions: vec![others],
        ..Facts::default()
    });
    assert_eq!(stage.sent(), []);
}

#[test]
fn a_payer_who_is_known_already_is_not_asked_about_again() {
    let (mut stage, call) = redirected();
    stage.effects();
    let mut known = identified(1, "120");
    known.returned = Some(ResponseCode::Ok);
    stage.arrives(of(call, known));
    assert_eq!(stage.sent(), []);
}

#[test]
fn a_new_identification_is_selected() {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(7, "121")]);
    stage.keys("2+900120<enter><enter>");
    let (id, _) = stage.sent().pop().unwrap();
    let starting = Identification::Starting;
    stage.sends(id, Operation::Identify, of(id, session(8, "120", starting)));
    let selected = stage.state.sessions.selected().unwrap().key;
    assert_eq!(selected, SessionKey(Origin::Call(id)));
    assert_eq!(stage.state.focus, Pane::Sessions);
}

/// A page with one button.
fn page() -> Visited {
    Visited::Page(Page {
        url: PAGE.into(),
        title: Foreign::from("Approve"),
        text: Foreign::from(""),
        error: None,
        fields: vec![],
        actions: vec![Action {
            name: "confirm".into(),
            label: Foreign::from("Confirm"),
        }],
        done: false,
    })
}

#[test]
fn pages_that_come_after_the_popup_was_left_do_not_open_it_again() {
    let (mut stage, _) = redirected();
    let (url, visited) = (PAGE.to_owned(), page());
    stage.keys("<esc>").done(Done::Visited { url, visited });
    assert!(stage.state.overlay.is_none());
}

#[test]
fn a_page_of_another_walk_is_dropped() {
    let (mut stage, _) = redirected();
    let (url, visited) = ("http://127.0.0.1:2646/pages/other".into(), page());
    stage.done(Done::Visited { url, visited });
    let screen = stage.screen();
    assert!(!screen.contains("Approve"), "{screen}");
}

#[test]
fn a_button_is_pressed_once_however_often_enter_is() {
    let (mut stage, _) = redirected();
    let (url, visited) = (PAGE.to_owned(), page());
    stage.done(Done::Visited { url, visited });
    stage.effects();
    stage.keys("<enter><enter><enter>");
    assert_eq!(visits(&mut stage).len(), 1);
}

#[test]
fn an_address_that_is_no_page_is_neither_opened_nor_shown_to_a_camera() {
    for (url, is_page) in [
        (PAGE, true),
        ("https://pay.example/1", true),
        ("file:///etc/passwd", false),
        ("tel:+447710900120", false),
        ("javascript:alert(1)", false),
        ("http:", false),
        ("", false),
    ] {
        let action = bango_console::api::Action::Redirect { url: url.into() };
        let mut stage = Stage::new(80, 24);
        stage.sessions(vec![session(4, "120", Identification::Waiting { action })]);
        stage.keys("p").effects();
        stage.keys("<ctrl+o>");
        let effects = stage.effects();
        let opened = effects
            .iter()
            .any(|effect| matches!(effect, Effect::Open { .. }));
        assert_eq!(opened, is_page, "{url}");
        stage.keys("<ctrl+g>");
        let Some(Overlay::Payer(payer)) = &stage.state.overlay else {
            panic!("{url}");
        };
        assert_eq!(payer.code.is_some(), is_page, "{url}");
    }
}
