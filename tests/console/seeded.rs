//! One journal of forty payments, every pane and popup over it, at three sizes.

mod journal;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use bango_console::api::Action;
use bango_console::config::Kind;
use bango_console::console::app::effect::{Effect, Query};
use bango_console::console::app::endpoint::Reachable;
use bango_console::console::app::event::{Done, Told, Visited};
use bango_console::console::app::input::Input;
use bango_console::console::app::menu::Menu;
use bango_console::console::app::state::{Overlay, Question};
use bango_console::console::runtime::reading::Reading;
use bango_console::console::runtime::unrecorded::Unrecorded;
use bango_console::record::session::State as Identification;
use bango_console::record::transaction::Status;
use insta::assert_snapshot;

use crate::cast::waiting;
use crate::screens::popups::pin_page;
use crate::stage::Stage;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// A console whose questions the journal answers.
struct Seat {
    stage: Stage,
    reading: Reading,
}

impl Seat {
    fn new(width: u16, height: u16) -> Self {
        let journal = journal::of_forty_payments();
        let reader = || journal.reader().unwrap();
        let reading = Reading::new(reader(), reader(), Unrecorded::default());
        let mut seat = Self {
            stage: Stage::new(width, height),
            reading,
        };
        for query in journal::at_the_start() {
            seat.ask(query);
        }
        seat.answer_all();
        seat
    }

    fn ask(&mut self, query: Query) {
        let question = self.reading.ask(query);
        let mut answers = Vec::new();
        self.reading
            .answer(&question, |told| answers.push(told.unwrap()));
        for done in answers {
            self.stage.done(done);
        }
    }

    /// Answers what was asked, and what was asked because of the answers.
    fn answer_all(&mut self) {
        self.stage.lays_out();
        let asked = |effect: &Effect| matches!(effect, Effect::Read(_));
        while let Some(at) = self.stage.effects.iter().position(asked) {
            if let Effect::Read(query) = self.stage.effects.remove(at) {
                self.ask(query);
            }
            self.stage.lays_out();
        }
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        for key in crate::stage::named_keys(keys) {
            self.stage.input(Input::Key(key));
            self.answer_all();
        }
        self
    }

    fn done(&mut self, done: Done) -> &mut Self {
        self.stage.done(done);
        self.answer_all();
        self
    }

    /// An identification that asks for this is the newest, and open.
    fn asks(&mut self, action: Action) -> &mut Self {
        let mut asking = waiting(900);
        asking.state = Identification::Waiting { action };
        self.stage.sessions(vec![asking]);
        self.keys("1gp")
    }
}

/// What a user does to see one pane or popup.
type View = (&'static str, for<'s> fn(&'s mut Seat) -> &'s mut Seat);

const VIEWS: &[View] = &[
    ("the start", |seat| seat),
    ("sessions", |seat| seat.keys("1")),
    ("sessions, the whole window", |seat| seat.keys("1z")),
    ("transactions", |seat| seat.keys("2")),
    ("transactions, the whole window", |seat| seat.keys("2z")),
    ("transactions, the oldest", |seat| seat.keys("2G")),
    ("transactions, narrowed", |seat| {
        seat.keys("2/state:refunded amount>20<enter>")
    }),
    ("transactions, a filter being typed", |seat| {
        seat.keys("2/stat:refused")
    }),
    ("timeline", |seat| seat.keys("4")),
    ("timeline, the whole window", |seat| seat.keys("4z")),
    ("timeline, narrowed", |seat| {
        seat.keys("4/code:DECLINED<enter>")
    }),
    ("actions in their row", |seat| seat.keys("2<tab>")),
    ("inspector, request", |seat| {
        journal::payment(seat, Status::Refused).keys("3<left>")
    }),
    ("inspector, response", |seat| {
        journal::payment(seat, Status::Refused).keys("3")
    }),
    ("inspector, headers", |seat| {
        journal::payment(seat, Status::Refused).keys("3<right>")
    }),
    ("inspector, timing", |seat| {
        journal::payment(seat, Status::Refused).keys("3<right><right>")
    }),
    ("inspector, curl", |seat| {
        journal::payment(seat, Status::Refused).keys("3<right><right><right>")
    }),
    ("inspector, explain", |seat| {
        journal::payment(seat, Status::Refused).keys("3<right><right><right><right>")
    }),
    ("inspector, the whole window", |seat| {
        journal::payment(seat, Status::Refused).keys("3z")
    }),
    ("inspector, a filter being typed", |seat| {
        journal::payment(seat, Status::Refused).keys("3|.responseCode")
    }),
    ("actions of a payer", |seat| seat.keys("1a")),
    ("actions of a payment", |seat| seat.keys("2a")),
    ("copy menu of a payer", |seat| seat.keys("1y")),
    ("copy menu of a payment", |seat| {
        journal::payment(seat, Status::Captured).keys("y")
    }),
    ("who pays", |seat| seat.keys("1+")),
    ("identify form", |seat| seat.keys("1+<enter>")),
    ("authorize form", |seat| {
        journal::payer_known(seat).keys("aa")
    }),
    ("authorize form as JSON", |seat| {
        journal::payer_known(seat).keys("aa<ctrl+r>")
    }),
    ("authorize form, what leaves", |seat| {
        journal::payer_known(seat).keys("aa<ctrl+p>")
    }),
    ("answers that a call can name", |seat| {
        journal::payer_known(seat).keys("aa<ctrl+t>")
    }),
    ("capture form", |seat| {
        journal::payment(seat, Status::Authorized).keys("ac")
    }),
    ("refund form", |seat| {
        journal::payment(seat, Status::PartiallyRefunded).keys("af")
    }),
    ("page of the payer", |seat| {
        let url = crate::cast::PAGE.to_owned();
        seat.asks(Action::Redirect { url: url.clone() });
        let visited = Visited::Page(pin_page(None));
        seat.done(Done::Visited { url, visited })
    }),
    ("page of the payer, for a camera", |seat| {
        let url = crate::cast::PAGE.to_owned();
        seat.asks(Action::Redirect { url }).keys("<ctrl+g>")
    }),
    ("an SMS to be sent", |seat| {
        let text = "BANGO 8322c4ad".into();
        let shortcode = "22646".into();
        seat.asks(Action::SendSms { text, shortcode })
    }),
    ("money", |seat| {
        journal::payment(seat, Status::PartiallyRefunded).keys("m")
    }),
    ("what to write to a file", |seat| {
        journal::payment(seat, Status::Captured).keys("E")
    }),
    ("help", |seat| seat.keys("?")),
    ("help, filtered", |seat| seat.keys("?copy")),
    ("palette", |seat| seat.keys("2:")),
    ("palette, filtered", |seat| seat.keys("2:ref")),
    ("an id to go to", |seat| seat.keys("i2006")),
    ("themes", |seat| {
        let names = ["terminal", "auto", "dark", "light", "high-contrast"];
        seat.done(Done::Themes(names.map(str::to_owned).to_vec()));
        seat.keys("t<down>")
    }),
    ("what was copied", |seat| {
        seat.keys("2yy").done(Done::Copied {
            what: "transaction id",
            bytes: "2006721253".into(),
            told: Told::Failed {
                why: "there is no clipboard".into(),
            },
        })
    }),
    ("two exchanges compared", |seat| {
        journal::two_starts(seat).keys("d")
    }),
    ("question before quitting", |seat| {
        journal::payment(seat, Status::Authorized).keys("arq")
    }),
    ("question before an account is closed", |seat| {
        journal::payer_known(seat).keys("ad")
    }),
    ("question before a payment is deleted", |seat| {
        journal::payment(seat, Status::PartiallyRefunded).keys("D")
    }),
    ("live, before real money moves", |seat| {
        seat.stage.live();
        journal::payment(seat, Status::Authorized).keys("ac<enter>1")
    }),
    ("live, authorize form", |seat| {
        seat.stage.live();
        journal::payer_known(seat).keys("aa")
    }),
    ("live, identify form", |seat| {
        seat.stage.live();
        seat.keys("1+")
    }),
    ("read-only", |seat| {
        seat.stage.state.endpoint.read_only = true;
        journal::payment(seat, Status::Authorized).keys("a")
    }),
    ("page of the payer, elsewhere", |seat| {
        seat.stage.test();
        let url = "https://pay.bango.example/5f3a?session=8322c4adc6ad4046b58ecb4a9f0b1551".into();
        seat.asks(Action::Redirect { url })
    }),
    ("endpoints to go to", |seat| {
        let reachable = |name: &str, kind, words: &str, possible| Reachable {
            name: name.into(),
            kind,
            words: words.into(),
            possible,
        };
        seat.stage.state.reachable = vec![
            reachable(
                "sandbox",
                Some(Kind::Sandbox),
                "the sandbox of this machine",
                true,
            ),
            reachable("test", Some(Kind::Test), "https://api.bango.net/v5", true),
            reachable("shop", Some(Kind::Live), "https://api.bango.net/v5", true),
            reachable("broken", None, "profile \"broken\": kind is missing", false),
        ];
        seat.keys("P")
    }),
    ("notices at the start", |seat| {
        seat.done(Done::Notice(
            "config.toml, line 1, column 9: expected a value".into(),
        ));
        seat.done(Done::Notice("port 2646 is taken".into()))
    }),
];

#[test]
fn every_view_at_three_sizes() {
    for (name, show) in VIEWS {
        let mut told = String::new();
        for (width, height) in SIZES {
            let mut seat = Seat::new(width, height);
            show(&mut seat);
            let screen = seat.stage.screen();
            writeln!(told, "{width}×{height}\n{screen}").unwrap();
        }
        assert_snapshot!(name.replace([' ', ','], "_"), told);
    }
}

/// The journal has what the views are there to show.
#[test]
fn the_journal_has_forty_payments_and_each_state() {
    let journal = journal::of_forty_payments();
    let rows = journal::payments(journal);
    assert_eq!(rows.len(), 40);
    let found: BTreeSet<&str> = rows.iter().map(|row| row.status().word()).collect();
    let each = crate::screens::rows::every_payment();
    let all: BTreeSet<&str> = each.iter().map(|row| row.status().word()).collect();
    assert_eq!(found, all);
}

/// A popup that nobody looks at here is one that nobody has looked at.
#[test]
fn every_popup_has_a_view() {
    let mut seen = BTreeSet::new();
    for (_, show) in VIEWS {
        let mut seat = Seat::new(80, 24);
        show(&mut seat);
        seen.extend(seat.stage.state.overlay.as_ref().map(popup));
    }
    let all = [
        "actions", "closing", "compare", "copied", "deleting", "export", "form", "help", "money",
        "notices", "palette", "payer", "picker", "preview", "quitting", "stake", "step", "stubs",
        "themes",
    ];
    assert_eq!(seen, BTreeSet::from(all));
}

/// Names each kind; a new one does not compile before it has a name here, and a view.
const fn popup(overlay: &Overlay) -> &'static str {
    match overlay {
        Overlay::Menu(Menu { .. }) => "actions",
        Overlay::Picker(_) => "picker",
        Overlay::Form(_) => "form",
        Overlay::Preview(_) => "preview",
        Overlay::Stubs(_) => "stubs",
        Overlay::Payer(_) => "payer",
        Overlay::Step(_) => "step",
        Overlay::Export(_) => "export",
        Overlay::Help(_) => "help",
        Overlay::Palette(_) => "palette",
        Overlay::Money => "money",
        Overlay::Copied(_) => "copied",
        Overlay::Themes(_) => "themes",
        Overlay::Confirm(Question::Quit) => "quitting",
        Overlay::Confirm(Question::CloseAccount(_)) => "closing",
        Overlay::Confirm(Question::Delete(_)) => "deleting",
        Overlay::Stake(_) => "stake",
        Overlay::Compare(_) => "compare",
        Overlay::Notices => "notices",
    }
}
