//! What is written to a file is what has the focus, as the kind of file that was chosen; a replay sends
//! nothing.

use bango_console::console::app::effect::Effect;
use bango_console::console::app::event::Done;
use bango_console::console::app::export::{Order, What, Written};
use bango_console::console::app::input::Input;
use bango_console::console::app::inspector::Wanted;
use bango_console::console::app::verbs;
use bango_console::record::export::{Format, People};
use bango_console::record::transaction::State as Payment;

use crate::cast::{answered, authorize, identified, payment, waiting};
use crate::stage::Stage;

fn stage() -> Stage {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    let rows = [3, 4].map(|number| payment(number, 1099, Payment::Authorized));
    stage.transactions(rows.into());
    let shown = answered(&authorize(3), 200, r#"{"responseCode":"OK"}"#);
    stage.keys("2").shows(shown);
    stage.effects();
    stage
}

/// The only order among what has to happen.
#[track_caller]
fn order(stage: &mut Stage) -> Order {
    let orders: Vec<_> = stage
        .effects()
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Export(order) => Some(order),
            _ => None,
        })
        .collect();
    assert_eq!(orders.len(), 1, "{orders:?}");
    orders.into_iter().next().unwrap()
}

#[test]
fn a_letter_writes_the_selected_payment() {
    for (letter, format) in [
        ("h", Format::Har),
        ("c", Format::Curl),
        ("r", Format::Http),
        ("m", Format::Markdown),
        ("B", Format::Bundle),
    ] {
        let mut stage = stage();
        let key = stage.state.transactions.selected().unwrap().key;
        let ordered = order(stage.keys("E").keys(letter));
        let what = What::Transaction(key);
        let name = "t-7f3k-04".to_owned();
        let people = People::Named;
        let expected = Order {
            what,
            format,
            people,
            name,
        };
        assert_eq!(ordered, expected);
    }
}

/// Test payers are nobody; those of another endpoint may be somebody.
#[test]
fn the_payers_of_another_endpoint_are_masked_in_every_file() {
    let mut stage = stage();
    stage.test().keys("E");
    assert_eq!(stage.screen().matches("payers masked").count(), 5);
    assert_eq!(order(stage.keys("h")).people, People::Masked);
}

#[test]
fn arrows_choose_what_and_as_what() {
    let mut stage = stage();
    let all: Vec<_> = stage
        .state
        .transactions
        .rows
        .iter()
        .map(|row| row.key)
        .collect();
    let ordered = order(stage.keys("E<up><left><enter>"));
    assert_eq!(ordered.what, What::Listed(all));
    assert_eq!(
        (ordered.format, ordered.name.as_str()),
        (Format::Bundle, "payments")
    );
    let ordered = order(stage.keys("E<down><right><enter>"));
    assert!(matches!(
        ordered.what,
        What::Exchange(Wanted::Transaction(_))
    ));
    assert_eq!(
        (ordered.format, ordered.name.as_str()),
        (Format::Curl, "post-transaction")
    );
}

#[test]
fn the_inspector_offers_its_exchange_first_and_a_session_itself() {
    let mut stage = stage();
    let ordered = order(stage.keys("3Eh"));
    assert!(matches!(ordered.what, What::Exchange(_)), "{ordered:?}");
    let ordered = order(stage.keys("1Eh"));
    assert!(matches!(ordered.what, What::Session(_)), "{ordered:?}");
    assert!(ordered.name.starts_with("session-8322c4ad"), "{ordered:?}");
}

#[test]
fn with_nothing_to_write_that_is_said_and_esc_writes_nothing() {
    let mut empty = Stage::new(80, 24);
    assert!(empty.keys("E").footer().contains("nothing to write yet"));
    let mut stage = stage();
    stage.keys("E<esc>");
    assert_eq!(stage.effects(), []);
    assert!(stage.state.overlay.is_none());
}

#[test]
fn it_is_told_where_the_file_is_or_why_there_is_none() {
    let mut stage = stage();
    let written = Written {
        name: "t-7f3k-04-2.har".into(),
        folder: "/home/me".into(),
        bytes: 12_345,
    };
    stage.done(Done::Exported { file: Ok(written) });
    let footer = stage.footer();
    assert!(
        footer.contains("wrote t-7f3k-04-2.har (12 kB) in /home/me"),
        "{footer}"
    );
    let why = "/home/me cannot be written".to_owned();
    stage.done(Done::Exported { file: Err(why) });
    let footer = stage.footer();
    assert!(footer.contains("not exported: /home/me"), "{footer}");
}

#[test]
fn the_popup_at_80_columns() {
    let mut stage = stage();
    insta::assert_snapshot!(stage.keys("E").screen());
}

fn replay() -> Stage {
    let mut stage = stage();
    stage.state.endpoint.replay = true;
    stage.state.endpoint.address = "t-7f3k-04.har".into();
    stage.state.endpoint.credentials = None;
    stage.sessions(vec![waiting(2)]);
    stage
}

/// Effects that only look.
fn is_looking(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Read(_) | Effect::Copy { .. } | Effect::Export(_) | Effect::WakeAt(_)
    )
}

#[test]
fn in_a_replay_no_key_sends_anything() {
    let keys = [
        "+", "r", "R", "e", "p", "a", "<enter>", "ai", "ar", "a<enter>", "a!", "as", "ap", "y",
        "<tab>",
    ];
    for pane in ["1", "2", "3", "4", "1<tab><tab>"] {
        for first in keys {
            for second in keys {
                let mut stage = replay();
                stage.keys(pane).keys(first).keys("<enter>");
                stage.keys("<esc>").keys(second).keys("<enter><enter>");
                let effects = stage.effects();
                let sent = effects.iter().find(|effect| !is_looking(effect));
                assert_eq!(sent, None, "{pane} {first} {second}");
                assert!(stage.state.calls.is_empty());
            }
        }
    }
    let mut stage = replay();
    stage.input(Input::Paste("curl -X PUT http://h/v5/transaction/1".into()));
    assert!(stage.state.overlay.is_none());
}

#[test]
fn in_a_replay_the_money_verbs_are_absent_and_the_reason_is_said() {
    let mut stage = replay();
    let offers = verbs::offers(&stage.state);
    assert!(offers.iter().all(|offer| !offer.possible), "{offers:?}");
    insta::assert_snapshot!(stage.screen());
    stage.keys("+");
    let footer = stage.footer();
    assert!(footer.contains("a replay: nothing can be sent"), "{footer}");
}
