//! Lists narrowed as somebody types, the palette, and ids that lead to their row.

use bango_console::console::app::command::Command;
use bango_console::console::app::effect::{Effect, Query};
use bango_console::console::app::event::{Done, Window};
use bango_console::console::app::input::Input;
use bango_console::console::app::keymap::{Layer, TABLE, of_pane};
use bango_console::console::app::palette::{Does, Entry, Palette};
use bango_console::console::app::state::{Overlay, Pane};
use bango_console::console::app::verbs;
use bango_console::record::filter::Filter;
use bango_console::record::landing::{Kind, Landing, Row};
use bango_console::record::transaction::State as Payment;
use bango_console::record::{Transaction, TransactionKey};

use crate::cast::{captured, identified, payment};
use crate::stage::Stage;

fn authorized(number: u64) -> Transaction {
    payment(number, 1099, Payment::Authorized)
}

/// Three payments, the second of them captured and selected.
fn three() -> Stage {
    let mut stage = Stage::new(80, 24);
    stage.sessions(vec![identified(1, "120")]);
    let second = captured(2, 1099, 1099, &[]);
    stage.transactions(vec![authorized(1), second, authorized(3)]);
    stage.keys("2gj").effects();
    stage
}

/// What the payments were asked for, in order: around which row, and through which filter.
fn asked(stage: &mut Stage) -> Vec<(Option<TransactionKey>, String)> {
    let payments = |effect| match effect {
        Effect::Read(Query::Transactions { around, filter }) => Some((around, filter.to_string())),
        _ => None,
    };
    stage.effects().into_iter().filter_map(payments).collect()
}

fn answer(stage: &mut Stage, filter: Filter, rows: Vec<Transaction>) {
    let total = rows.len() as u64;
    stage.done(Done::Transactions(Window {
        rows,
        before: false,
        after: false,
        filter,
        total,
    }));
}

fn filter(stage: &Stage) -> Filter {
    stage.state.transactions.filter.clone()
}

fn selected(stage: &Stage) -> Option<u64> {
    let selected = stage.state.transactions.selected();
    selected.map(|payment| payment.first.0)
}

#[test]
fn every_key_asks_anew_around_the_selection_and_late_answers_are_dropped() {
    let mut stage = three();
    let second = Some(captured(2, 1, 1, &[]).key);
    stage.keys("/ca");
    let (first, both) = ((second, "c".into()), (second, "ca".into()));
    assert_eq!(asked(&mut stage), [first, both]);
    stage.keys("p");
    let for_cap = filter(&stage);
    stage.keys("<backspace>");
    answer(&mut stage, for_cap, vec![]);
    assert_eq!(stage.state.transactions.rows.len(), 3, "an answer for cap");
    let now = filter(&stage);
    answer(&mut stage, now, vec![captured(2, 1099, 1099, &[])]);
    assert_eq!(stage.state.transactions.rows.len(), 1);
    assert_eq!(selected(&stage), Some(2));
}

#[test]
fn what_asks_for_the_same_is_not_asked_again() {
    let mut stage = three();
    stage.keys("/state:");
    assert_eq!(asked(&mut stage).len(), "state".len() + 1);
    stage.keys("c ").effects();
    stage.keys(" amount>");
    let searched: Vec<_> = asked(&mut stage)
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    // The key without its value asks for what was asked for before the key was begun.
    assert_eq!(searched.last().unwrap(), "state:c amount>");
    stage.keys(" !");
    assert_eq!(asked(&mut stage), []);
}

#[test]
fn enter_keeps_a_filter_and_escape_takes_it_away() {
    let mut stage = three();
    stage.keys("/captured<enter>");
    assert!(stage.state.prompt.is_none());
    assert_eq!(filter(&stage).to_string(), "captured");
    // The focus is on the list again: letters are commands.
    stage.keys("z");
    assert!(stage.state.zoomed);
    stage.keys("<esc>");
    assert!(
        !stage.state.zoomed && !filter(&stage).is_empty(),
        "the innermost goes first"
    );
    stage.effects();
    stage.keys("<esc>");
    assert!(filter(&stage).is_empty());
    assert_eq!(asked(&mut stage).last().unwrap().1, "");

    stage.keys("/captured<esc>");
    assert!(filter(&stage).is_empty() && stage.state.prompt.is_none());
}

#[test]
fn a_narrowed_list_lives_on() {
    let mut stage = three();
    stage.keys("/state:authorized<enter>");
    let narrowed = filter(&stage);
    answer(
        &mut stage,
        narrowed.clone(),
        vec![authorized(3), authorized(1)],
    );
    stage.effects();
    // What is known changes at once; what is new, and who still matches, is for the journal to say.
    stage.transactions(vec![payment(3, 1099, Payment::Cancelled), authorized(4)]);
    assert_eq!(stage.state.transactions.rows.len(), 2);
    assert_eq!(
        asked(&mut stage),
        [(Some(authorized(3).key), "state:authorized".into())]
    );
    answer(&mut stage, narrowed, vec![authorized(4), authorized(1)]);
    assert_eq!(selected(&stage), Some(4));
}

#[test]
fn the_last_ten_filters_come_back() {
    let mut stage = three();
    for number in 0..12 {
        stage.keys(&format!("/<ctrl+u>n{number}<enter>"));
    }
    let kept = stage
        .effects()
        .into_iter()
        .rev()
        .find_map(|effect| match effect {
            Effect::KeepFilters(used) => Some(used),
            _ => None,
        });
    let kept = kept.unwrap();
    assert_eq!((kept.len(), &*kept[0], &*kept[9]), (10, "n11", "n2"));

    let mut stage = three();
    stage.state.filters = kept;
    stage.keys("/x<up><up>");
    assert_eq!(filter(&stage).to_string(), "n10");
    stage.keys("<down><down>");
    assert_eq!(filter(&stage).to_string(), "x");
    // One that is used again is there once.
    stage.keys("<up><up><enter>");
    assert_eq!(stage.state.filters.len(), 10);
    assert_eq!(stage.state.filters[..2], ["n10", "n11"]);
}

#[test]
fn enter_on_a_list_that_is_filtered_away_begins_nothing() {
    let mut stage = three();
    stage.keys("/nobody<enter>");
    let nobody = filter(&stage);
    answer(&mut stage, nobody, vec![]);
    stage.keys("<enter>");
    assert!(stage.state.overlay.is_none());
    assert!(
        stage
            .footer()
            .contains("nothing matches: esc takes the filter away")
    );
}

fn landing(number: u64) -> Landing {
    Landing {
        row: Row::Transaction(authorized(number).key),
        kind: Kind::External,
    }
}

#[test]
fn a_pasted_id_leads_to_its_row() {
    let mut stage = three();
    stage.keys("1").effects();
    stage.input(Input::Paste(" t-7f3k-01\r\n".into()));
    let id = "t-7f3k-01".to_owned();
    assert!(
        stage
            .effects()
            .contains(&Effect::Read(Query::Whose(id.clone())))
    );
    let landing = Some(landing(1));
    stage.done(Done::Whose { id, landing });
    assert_eq!(
        (stage.state.focus, selected(&stage)),
        (Pane::Transactions, Some(1))
    );
    assert!(
        stage
            .footer()
            .contains("t-7f3k-01 is the external id of this payment")
    );
}

#[test]
fn an_id_outside_of_window_and_filter_is_read_and_selected() {
    let mut stage = three();
    stage.keys("/captured<enter>").effects();
    let id = "t-7f3k-09".to_owned();
    let landing = Some(landing(9));
    stage.done(Done::Whose { id, landing });
    assert_eq!(
        asked(&mut stage),
        [(Some(authorized(9).key), String::new())]
    );
    answer(
        &mut stage,
        Filter::default(),
        vec![authorized(10), authorized(9)],
    );
    assert_eq!(selected(&stage), Some(9));
}

#[test]
fn an_id_of_nobody_and_a_paste_that_is_no_id_say_so() {
    let mut stage = three();
    let (id, landing) = ("nobody".to_owned(), None);
    stage.done(Done::Whose { id, landing });
    assert!(stage.footer().contains("nothing here has the id nobody"));
    stage.input(Input::Paste("two words".into()));
    assert!(
        stage
            .footer()
            .contains("pasted into a list: one id, and it is looked up")
    );
    assert_eq!(stage.effects(), []);
}

#[test]
fn an_id_can_be_typed_too() {
    let mut stage = three();
    stage.keys("i2006721251<enter>");
    let id = "2006721251".to_owned();
    assert!(
        stage
            .effects()
            .contains(&Effect::Read(Query::Whose(id.clone())))
    );
    stage.keys(":2006721251<enter>");
    assert!(stage.effects().contains(&Effect::Read(Query::Whose(id))));
}

/// The entries of the palette, opened here.
fn entries(stage: &Stage) -> Vec<Entry> {
    Palette::default().found(&stage.state)
}

fn is_possible(entries: &[Entry], command: Command) -> bool {
    let entry = entries
        .iter()
        .find(|entry| entry.does == Does::Command(command));
    entry
        .unwrap_or_else(|| panic!("{} is missing", command.id()))
        .possible
}

#[test]
fn the_palette_has_every_command_and_every_verb() {
    let mut stage = three();
    stage.shows(crate::cast::answered(&crate::cast::authorize(2), 200, "{}"));
    for (pane, keys) in [
        (Pane::Sessions, "1"),
        (Pane::Transactions, "2"),
        (Pane::Inspector, "3"),
        (Pane::Timeline, "4"),
        (Pane::Verbs, "2<tab>"),
    ] {
        stage.keys(keys);
        assert_eq!(stage.state.focus, pane);
        let entries = entries(&stage);
        for command in Command::ALL {
            let has_a_key = TABLE.iter().any(|binding| {
                binding.command == *command && of_pane(pane).contains(&binding.layer)
            });
            let needs_more = [
                Command::RetrieveSelected,
                Command::PlayPayer,
                Command::ShowLastCopied,
                Command::OpenCopyMenu,
                Command::DeletePayment,
            ];
            let possible = is_possible(&entries, *command);
            if !needs_more.contains(command) {
                assert_eq!(possible, has_a_key, "{} in {pane:?}", command.id());
            }
        }
        for offer in verbs::offers(&stage.state) {
            let does = Does::Verb(offer.clone());
            let entry = entries.iter().find(|entry| entry.does == does).unwrap();
            assert_eq!(entry.possible, offer.possible);
            assert_eq!(entry.keys, format!("a {}", offer.verb.letter()));
        }
        let explained = |entry: &Entry| entry.possible || !entry.note.is_empty();
        assert!(entries.iter().all(explained));
        assert!(entries.iter().all(|entry| !entry.keys.is_empty()));
    }
}

#[test]
fn a_few_letters_find_a_command_and_enter_does_it() {
    let mut stage = three();
    stage.keys(":gotimel<enter>");
    assert_eq!(stage.state.focus, Pane::Timeline);
    stage.keys("2<ctrl+p>refnd<enter>");
    assert!(matches!(stage.state.overlay, Some(Overlay::Form(_))));
}

#[test]
fn a_command_that_is_not_possible_says_why() {
    let mut stage = three();
    stage.keys(":json<enter>");
    assert!(stage.state.overlay.is_none());
    let footer = stage.footer();
    assert!(
        footer.contains("the body as JSON, and back to the fields: only in a form"),
        "{footer}"
    );
    stage.keys(":capture<enter>");
    assert!(stage.footer().contains("Capture: "), "{}", stage.footer());
}

#[test]
fn the_help_is_filtered_and_does_what_is_chosen() {
    let mut stage = three();
    stage.keys("?alone and back<enter>");
    assert!(stage.state.zoomed && stage.state.overlay.is_none());
    stage.keys("?ctrl+r<enter>");
    assert!(
        stage.footer().contains("only in a form"),
        "{}",
        stage.footer()
    );
}

/// The help lists by layer; nothing else could hide a binding.
#[test]
fn every_layer_has_a_place_in_the_help() {
    for binding in TABLE {
        assert!(
            Layer::ALL.contains(&binding.layer),
            "{}",
            binding.command.id()
        );
    }
}
