//! Endpoints of the user's: real money waits until its amount is typed, and read-only writes nothing.

use bango_console::api::{Action, Operation};
use bango_console::config::Kind;
use bango_console::console::app::effect::Effect;
use bango_console::console::app::endpoint::{DeleteBody, Reachable};
use bango_console::console::app::input::Input;
use bango_console::console::app::payer::Step;
use bango_console::console::app::state::Overlay;
use bango_console::exchange::Epoch;
use bango_console::record::session::State as Identification;
use bango_console::record::transaction::State as Payment;

use crate::cast::{answered, authorize, captured, identified, payment, session, unknown, waiting};
use crate::stage::{Facts, Stage};
use uuid::Uuid;

/// One payer and payments in each state that a verb is for, the captured one selected.
fn live() -> Stage {
    let mut stage = Stage::new(80, 24);
    stage
        .live()
        .sessions(vec![identified(9, "120")])
        .transactions(vec![
            payment(1, 1099, Payment::Authorized),
            captured(2, 499, 499, &[]),
            unknown(3, Operation::Capture),
        ])
        .effects();
    stage
}

/// What leaves of these keys.
fn leaves(stage: &mut Stage, keys: &str) -> usize {
    stage.keys(keys);
    let effects = stage.effects().into_iter();
    let calls =
        effects.filter(|effect| matches!(effect, Effect::Send { .. } | Effect::SendAgain { .. }));
    calls.count()
}

/// The way to each call that moves money, its amount, and what the question repeats of it.
const WAYS: [(&str, &str, &str); 6] = [
    ("1aa12.50<enter>", "12.50", "authorize 12.50 USD  as t-"),
    ("2Gac<enter>", "10.99", "capture 10.99 USD  of t-7f3k-01"),
    ("2Gac4<enter>", "4", "capture 4.00 USD  of t-7f3k-01"),
    ("2Gax", "10.99", "cancel 10.99 USD  of t-7f3k-01"),
    ("2gjaf1.5<enter>", "1.5", "refund 1.50 USD  of t-7f3k-02"),
    ("2gas", "10.99", "capture 10.99 USD  of t-7f3k-03"),
];

#[test]
fn money_leaves_once_its_amount_is_typed_and_not_before() {
    for (way, amount, question) in WAYS {
        let mut stage = live();
        assert_eq!(leaves(&mut stage, way), 0, "{way}");
        let screen = stage.screen();
        assert!(screen.contains(question), "{way}\n{screen}");
        assert!(screen.contains("live shop"), "{screen}");
        for wrong in [
            "<enter>",
            "y<enter>",
            "<backspace>0<enter>",
            "<backspace>1099<enter>",
        ] {
            assert_eq!(leaves(&mut stage, wrong), 0, "{way} {wrong}");
        }
        let clear = "<backspace>".repeat(8);
        assert_eq!(
            leaves(&mut stage, &format!("{clear}{amount}<enter>")),
            1,
            "{way}"
        );
        assert_eq!(leaves(&mut stage, "<enter>"), 0, "{way}: once");
    }
}

#[test]
fn a_question_that_is_left_sends_nothing_and_brings_the_form_back() {
    for (way, amount, _) in WAYS {
        let mut stage = live();
        stage.keys(way).keys(amount).keys("<esc>");
        let opened_a_form = way.ends_with("<enter>");
        let back = matches!(stage.state.overlay, Some(Overlay::Form(_)));
        assert_eq!(back, opened_a_form, "{way}");
        assert_eq!(leaves(&mut stage, "<esc><esc>"), 0, "{way}");
    }
}

#[test]
fn an_amount_that_is_pasted_is_not_typed() {
    let mut stage = live();
    stage.keys("2Gax").input(Input::Paste("10.99\n".into()));
    assert_eq!(leaves(&mut stage, "<enter>"), 0);
    assert!(stage.screen().contains("the amount is not typed yet"));
}

#[test]
fn what_has_changed_while_it_was_asked_about_does_not_leave() {
    let mut stage = live();
    stage.keys("2Gax10.99");
    // Another console captures it: the same DELETE would refund now.
    stage.recorded(Facts {
        transactions: vec![captured(1, 1099, 1099, &[])],
        ..Facts::default()
    });
    assert_eq!(leaves(&mut stage, "<enter>"), 0);
    assert!(
        stage.footer().contains("has changed meanwhile"),
        "{}",
        stage.footer()
    );
}

#[test]
fn what_only_reads_or_identifies_asks_for_no_amount() {
    let mut stage = live();
    assert_eq!(leaves(&mut stage, "2Gr"), 1);
    let mut stage = live();
    assert_eq!(leaves(&mut stage, "1+<enter>"), 1);
}

#[test]
fn a_live_endpoint_is_asked_for_no_answer_made_to_order_and_sent_nothing_wrong() {
    for keys in [
        "2Gac<ctrl+t>",
        "2Gac99<ctrl+g>",
        "2Ga<ctrl+t>",
        "2Ga<down><down><down>!",
        "2gja!",
    ] {
        let mut stage = live();
        assert_eq!(leaves(&mut stage, keys), 0, "{keys}");
        let open = &stage.state.overlay;
        assert!(
            !matches!(open, Some(Overlay::Stubs(_) | Overlay::Stake(_))),
            "{keys}"
        );
    }
}

#[test]
fn a_body_whose_amount_is_unclear_does_not_leave() {
    let mut stage = live();
    stage.keys("2Gac<ctrl+r>");
    let twice = r#"{"paymentItems":[],"paymentItems":[]}"#;
    let select_all = "<delete>".repeat(900);
    stage
        .keys("<home>")
        .keys(&select_all)
        .input(Input::Paste(twice.into()));
    assert_eq!(leaves(&mut stage, "<ctrl+s>"), 0);
    assert!(!matches!(stage.state.overlay, Some(Overlay::Stake(_))));
}

#[test]
fn the_same_again_and_an_edited_call_are_asked_about_too() {
    for keys in ["2GRs", "2Ge<ctrl+s>"] {
        let mut stage = live();
        stage.keys("2G").shows(answered(&authorize(7), 200, "{}"));
        assert_eq!(leaves(&mut stage, keys), 0, "{keys}");
        assert!(
            matches!(stage.state.overlay, Some(Overlay::Stake(_))),
            "{keys}: {}",
            stage.screen()
        );
    }
}

#[test]
fn a_test_endpoint_asks_for_no_amount() {
    let mut stage = live();
    stage.test();
    assert_eq!(leaves(&mut stage, "2Gac<enter>"), 1);
}

#[test]
fn read_only_has_no_verb_that_writes_and_lets_none_leave() {
    let ours: fn(&mut Stage) = |_| {};
    let test: fn(&mut Stage) = |stage| {
        stage.test();
    };
    let live_one: fn(&mut Stage) = |stage| {
        stage.live();
    };
    for kind in [ours, test, live_one] {
        for keys in [
            "1+<enter><enter>",
            "2Gac<enter>",
            "2Gax",
            "2gjaf<enter>",
            "2gas",
            "2GRs",
            "2Ge<ctrl+s>",
            "1aa",
            "1ad",
            "1adyy",
            "1an",
            "1p",
        ] {
            let mut stage = live();
            kind(&mut stage);
            stage.state.endpoint.read_only = true;
            stage.keys("2G").shows(answered(&authorize(7), 200, "{}"));
            stage.effects();
            stage.keys(keys);
            for effect in stage.effects() {
                let writes = match &effect {
                    Effect::Send { call, .. } => !call.method.only_reads(),
                    Effect::SendAgain { .. } | Effect::Visit(_) | Effect::Steer(_) => true,
                    _ => false,
                };
                assert!(!writes, "{keys}: {effect:?}");
            }
        }
    }
    let mut stage = live();
    stage.state.endpoint.read_only = true;
    assert!(
        stage.row(0).contains("live shop  read-only"),
        "{}",
        stage.row(0)
    );
    assert_eq!(leaves(&mut stage, "2Gar"), 1, "retrieve only reads");
    let menu = stage.keys("a").screen();
    for verb in ["Capture", "Cancel", "Refund", "Authorize", "Identify"] {
        assert!(!menu.contains(&format!(" {verb} ")), "{menu}");
    }
}

#[test]
fn the_payers_page_elsewhere_is_shown_and_asked_about_afterwards() {
    let mut stage = Stage::new(80, 24);
    stage.test().sessions(vec![waiting(1)]).effects();
    stage.keys("1p");
    let Some(Overlay::Payer(payer)) = &stage.state.overlay else {
        panic!("{}", stage.screen());
    };
    assert!(matches!(payer.step, Step::Elsewhere));
    assert!(
        stage
            .effects()
            .iter()
            .all(|effect| !matches!(effect, Effect::Visit(_)))
    );
    stage.keys("<ctrl+o>");
    assert!(
        stage
            .effects()
            .iter()
            .any(|effect| matches!(effect, Effect::Open { .. }))
    );
    stage.keys("<enter>");
    let calls = stage.sent_calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].operation, Operation::Continue);
}

#[test]
fn nobody_makes_an_sms_arrive_elsewhere() {
    let mut stage = Stage::new(80, 24);
    let action = Action::SendSms {
        text: "BANGO 1".into(),
        shortcode: "22646".into(),
    };
    let asking = session(1, "120", Identification::Waiting { action });
    stage.test().sessions(vec![asking]).keys("1p");
    assert!(!stage.screen().contains("arrives"), "{}", stage.screen());
    stage.effects();
    stage.keys("s");
    assert!(
        stage
            .effects()
            .iter()
            .all(|effect| !matches!(effect, Effect::Steer(_)))
    );
}

#[test]
fn a_form_elsewhere_names_no_address_that_nobody_reaches() {
    let mut stage = Stage::new(80, 24);
    stage
        .test()
        .sessions(vec![identified(9, "120")])
        .keys("1aa");
    let screen = stage.screen();
    assert!(
        screen.contains("http://127.0.0.1:2647/callback/"),
        "{screen}"
    );
    assert!(!screen.contains("/notification/"), "{screen}");
    assert!(screen.contains("callback_base"), "{screen}");
}

#[test]
fn a_refund_of_a_part_says_what_is_known_of_its_way() {
    let words = |known| {
        let mut stage = live();
        stage.state.endpoint.delete_body = known;
        stage.keys("2gjaf1.5").screen()
    };
    assert!(words(DeleteBody::Unchecked).contains("never checked"));
    assert!(words(DeleteBody::IsDropped).contains("all would be refunded"));
    assert!(words(DeleteBody::Arrives).contains("gives back 1.5"));
}

#[test]
fn a_refund_of_a_part_does_not_leave_where_it_would_be_one_of_the_whole() {
    for kind in [Kind::Test, Kind::Live] {
        let mut stage = live();
        stage.state.endpoint.kind = kind;
        stage.state.endpoint.delete_body = DeleteBody::IsDropped;
        assert_eq!(leaves(&mut stage, "2gjaf1.5<enter>1.5<enter>"), 0);
        assert!(!matches!(stage.state.overlay, Some(Overlay::Stake(_))));
        // The whole needs no body.
        let mut stage = live();
        stage.state.endpoint.kind = kind;
        stage.state.endpoint.delete_body = DeleteBody::IsDropped;
        assert_eq!(leaves(&mut stage, "2gjaf<enter>4.99<enter>"), 1);
    }
}

#[test]
fn what_was_sent_with_other_credentials_is_not_sent_again() {
    for keys in ["2GRs", "2Ge<ctrl+s>"] {
        let mut stage = live();
        stage.test();
        let mut shown = answered(&authorize(7), 200, "{}");
        shown.epoch = Some(Epoch(Uuid::from_u128(1)));
        stage.keys("2G").shows(shown);
        assert_eq!(leaves(&mut stage, keys), 0, "{keys}");
        assert!(
            stage.footer().contains("other credentials"),
            "{}",
            stage.footer()
        );
    }
}

#[test]
fn a_payment_of_other_credentials_says_so() {
    let mut stage = live();
    let mut old = payment(4, 700, Payment::Authorized);
    old.epoch = Epoch(Uuid::from_u128(1));
    stage.transactions(vec![old]).keys("2ga");
    assert!(
        stage.screen().contains("made with other credentials"),
        "{}",
        stage.screen()
    );
}

/// Whatever the window's width, and whatever is open.
#[test]
fn whose_money_it_is_stands_in_the_first_row() {
    for width in 24..=80 {
        for keys in ["", "2Gac", "2Gax", "?", "P", "m"] {
            let mut stage = Stage::new(width, 24);
            stage
                .live()
                .transactions(vec![payment(1, 1099, Payment::Authorized)]);
            stage.state.endpoint.read_only = width % 2 == 0;
            let first = stage.keys(keys).row(0);
            assert!(
                first.starts_with(" bango  live shop "),
                "{width} {keys}: {first}"
            );
        }
    }
}

#[test]
fn no_endpoint_is_left_while_a_call_is_under_way() {
    let mut stage = live();
    let choice = |name: &str, kind| Reachable {
        name: name.into(),
        kind: Some(kind),
        words: "https://api.bango.net/v5".into(),
        possible: true,
    };
    stage.state.reachable = vec![choice("sandbox", Kind::Sandbox), choice("shop", Kind::Live)];
    stage.keys("2GarP1");
    let switches = |stage: &mut Stage| {
        let effects = stage.effects().into_iter();
        effects
            .filter(|effect| matches!(effect, Effect::Switch { .. }))
            .count()
    };
    assert_eq!(switches(&mut stage), 0);
    assert!(
        stage.footer().contains("under way") || stage.row(23).contains("waiting"),
        "{}",
        stage.footer()
    );

    let mut stage = live();
    stage.state.reachable = vec![choice("sandbox", Kind::Sandbox), choice("shop", Kind::Live)];
    stage.keys("P2");
    assert_eq!(switches(&mut stage), 0, "one is here already");
    stage.keys("<esc>P1");
    assert_eq!(switches(&mut stage), 1);
}
