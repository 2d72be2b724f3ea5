//! What lies over the panes: the payer's pages, menus, the help, questions.

use bango_console::api::Action as Wanted;
use bango_console::console::app::effect::{Effect, Visit};
use bango_console::console::app::event::{Done, Told, Visited};
use bango_console::exchange::page::{Action, Field, Page};
use bango_console::money::Currency;
use bango_console::record::Totals;
use bango_console::record::session::State as Identification;
use bango_console::record::transaction::State as Payment;
use bango_console::text::Foreign;
use insta::assert_snapshot;

use crate::cast::{PAGE, answered, authorize, captured, identified, payment, waiting};
use crate::stage::Stage;

/// The page on which the payer types a PIN.
pub fn pin_page(error: Option<&str>) -> Page {
    Page {
        url: PAGE.into(),
        title: Foreign::from("Type the PIN"),
        text: Foreign::from(
            "We have sent a PIN to 447710900120. In the sandbox it is always 1234, whoever asks \
               for it and however often.",
        ),
        error: error.map(Foreign::from),
        fields: vec![Field {
            name: "pin".into(),
            label: Foreign::from("PIN"),
            value: String::new(),
        }],
        actions: [
            ("confirm", "Confirm"),
            ("resend", "Send another"),
            ("cancel", "Cancel"),
        ]
        .map(|(name, label)| Action {
            name: name.into(),
            label: Foreign::from(label),
        })
        .to_vec(),
        done: false,
    }
}

fn done_page() -> Page {
    Page {
        url: PAGE.into(),
        title: Foreign::from("Thank you"),
        text: Foreign::from("You can close this page."),
        error: None,
        fields: vec![],
        actions: vec![],
        done: true,
    }
}

/// Somebody who has opened the payer's pages.
pub fn playing() -> Stage {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![waiting(1)]).keys("p");
    let url = PAGE.to_owned();
    let look = Effect::Visit(Visit::Look { url });
    assert!(stage.effects().contains(&look));
    stage
}

pub fn visited(stage: &mut Stage, visited: Visited) -> &mut Stage {
    let url = PAGE.to_owned();
    stage.done(Done::Visited { url, visited })
}

#[test]
fn a_page_on_its_way() {
    assert_snapshot!(playing().screen());
}

#[test]
fn a_page_with_a_field_and_buttons() {
    let mut stage = playing();
    visited(&mut stage, Visited::Page(pin_page(None)));
    assert_snapshot!(stage.keys("12").screen());
}

#[test]
fn a_page_that_was_not_taken_says_why() {
    let mut stage = playing();
    let page = pin_page(Some("That is not the PIN."));
    visited(&mut stage, Visited::Page(page));
    assert_snapshot!(stage.keys("<tab><tab><tab>").screen());
}

#[test]
fn a_page_where_the_walk_is_over() {
    let mut stage = playing();
    visited(&mut stage, Visited::Page(done_page()));
    assert_snapshot!(stage.screen());
}

#[test]
fn a_page_that_cannot_be_had_says_why() {
    let mut stage = playing();
    let why = "the page could not be had: connection refused (os error 111)";
    visited(&mut stage, Visited::Failed(why.into()));
    assert_snapshot!(stage.screen());
}

/// A payment with its last exchange.
fn with_exchange() -> Stage {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage.transactions(vec![captured(3, 1099, 1059, &[])]);
    let told = r#"{"responseCode":"OK","transactionId":"2006721253"}"#;
    stage.keys("2").shows(answered(&authorize(3), 200, told));
    stage
}

#[test]
fn the_copy_menu_of_a_payment() {
    assert_snapshot!(with_exchange().keys("y").screen());
}

#[test]
fn the_copy_menu_of_a_payer() {
    assert_snapshot!(with_exchange().keys("1y").screen());
}

#[test]
fn what_was_copied_can_be_selected_by_hand() {
    let mut stage = with_exchange();
    stage.keys("yy").done(Done::Copied {
        what: "transaction id",
        bytes: "2006721253".into(),
        told: Told::Failed {
            why: "copying is switched off (clipboard = \"off\")".into(),
        },
    });
    assert_snapshot!(stage.screen());
}

#[test]
fn the_help_shows_every_key() {
    let mut stage = Stage::new(80, 24);
    let mut told = stage.keys("?").screen();
    for _ in 0..7 {
        told += &stage.keys("<pgdn>").screen();
    }
    assert_snapshot!(told);
}

#[test]
fn the_help_is_found_by_typing() {
    assert_snapshot!(Stage::new(80, 24).keys("?form send").screen());
}

#[test]
fn the_palette_of_a_payment() {
    assert_snapshot!(with_exchange().keys(":").screen());
}

#[test]
fn the_palette_finds_by_a_few_letters() {
    assert_snapshot!(with_exchange().keys(":cpt").screen());
}

#[test]
fn quitting_with_a_call_under_way_asks() {
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![payment(3, 1099, Payment::Authorized)]);
    assert_snapshot!(stage.keys("2arq").screen());
}

#[test]
fn the_actions_of_a_payer_on_the_way() {
    let mut stage = Stage::new(80, 24);
    assert_snapshot!(stage.sessions(vec![waiting(1)]).keys("a").screen());
}

#[test]
fn a_form_that_was_sent_too_early_names_the_field() {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage.keys("aa<tab><tab><ctrl+u>USDX<enter>");
    assert_snapshot!(stage.screen());
}

#[test]
fn a_refund_form_says_what_is_left() {
    let mut stage = Stage::new(80, 24);
    stage.transactions(vec![captured(3, 1099, 1059, &[159])]);
    assert_snapshot!(stage.keys("2af4.5").screen());
}

#[test]
fn the_picker_finds_by_words() {
    assert_snapshot!(Stage::new(80, 24).keys("+usa declined").screen());
}

#[test]
fn the_picker_takes_a_number_that_is_not_in_the_list() {
    let mut stage = Stage::new(80, 24);
    let screen = stage.keys("+4915112345678").screen();
    assert!(
        screen.contains("4915112345678: not in the list, everything succeeds"),
        "{screen}"
    );
}

#[test]
fn what_there_is_to_know_at_the_start_is_all_said() {
    let mut stage = Stage::new(80, 24);
    for words in [
        "config.toml, line 1, column 9: expected a value; theme is not used, and the default is",
        "port 2646 is taken: the sandbox is at 127.0.0.1:45905",
    ] {
        stage.done(Done::Notice(words.into()));
    }
    assert_snapshot!(stage.screen());
    assert!(stage.keys("<enter>").state.overlay.is_none());
    stage.done(Done::Notice("the first".into()));
    stage.done(Done::Notice("the second".into()));
    assert!(stage.state.overlay.is_none(), "work is not interrupted");
    assert!(stage.footer().contains("the second"));
}

/// An identification that asks for this, opened.
fn asked(action: Wanted) -> Stage {
    let mut stage = Stage::new(80, 24);
    let mut asking = waiting(1);
    asking.state = Identification::Waiting { action };
    stage.sessions(vec![asking]).keys("p");
    stage
}

#[test]
fn an_sms_to_be_sent() {
    let mut stage = asked(Wanted::SendSms {
        text: "BANGO 8322c4ad".into(),
        shortcode: "22646".into(),
    });
    assert_snapshot!(stage.screen());
}

#[test]
fn a_time_to_wait() {
    let mut stage = asked(Wanted::Wait { milliseconds: 3000 });
    assert_snapshot!(stage.screen());
}

#[test]
fn an_action_that_nobody_knows() {
    let mut stage = asked(Wanted::Unknown("DANCE".into()));
    assert_snapshot!(stage.screen());
}

#[test]
fn the_answers_that_a_call_can_name() {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage.keys("aa<ctrl+t>");
    assert_snapshot!(stage.screen());
}

#[test]
fn a_form_whose_answer_is_made_to_order() {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage.keys("aa<ctrl+t>504<enter>");
    assert_snapshot!(stage.screen());
}

#[test]
fn a_body_as_json_with_a_mistake() {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage.keys("aa<ctrl+r><down><end>,");
    assert_snapshot!(stage.screen());
}

#[test]
fn the_account_of_a_payer_is_closed_only_after_a_question() {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    stage.keys("ad");
    assert_snapshot!(stage.screen());
}

#[test]
fn the_money_of_a_payment_and_of_all() {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    let payment = captured(3, 1099, 1059, &[159, 200]);
    let mut totals = Totals::new(payment.epoch, Currency::USD);
    totals.apply(&payment);
    totals.apply(&captured(4, 250_000, 250_000, &[]));
    stage.transactions(vec![payment]);
    stage.done(Done::Totals(vec![totals]));
    stage.keys("2m");
    assert_snapshot!(stage.screen());
}

#[test]
fn money_before_there_is_any() {
    let mut stage = Stage::new(80, 24);
    stage.keys("m");
    assert_snapshot!(stage.screen());
}

#[test]
fn the_themes() {
    let mut stage = crate::update::looking::with_themes();
    stage.keys("t<down><down>");
    assert_snapshot!(stage.screen());
}
