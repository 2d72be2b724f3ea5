//! A console without a terminal: keys in, a painted screen out, facts made by hand.

use bango_console::api::{BangoUserId, Item, Msisdn, ResponseCode, SessionId};
use bango_console::clock::Ids;
use bango_console::console::app::effect::Effect;
use bango_console::console::app::event::{Event, What};
use bango_console::console::app::input::{Code, Input, Key};
use bango_console::console::app::state::{Endpoint, State};
use bango_console::console::app::update::update;
use bango_console::console::ui::{self, theme::Theme};
use bango_console::exchange::{CallId, Epoch};
use bango_console::money::{Amount, Currency};
use bango_console::record::asked::{Asked, Price};
use bango_console::record::transaction::State as Payment;
use bango_console::record::{
    Origin, Recorded, Seq, Session, SessionKey, Transaction, TransactionKey, session,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use uuid::Uuid;

pub struct Stage {
    pub state: State,
    pub terminal: Terminal<TestBackend>,
    pub effects: Vec<Effect>,
}

pub const EPOCH: Epoch = Epoch(Uuid::from_u64_pair(0xe, 0xe));

/// Noon of a fixed day.
pub fn noon() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

impl Stage {
    pub fn new(width: u16, height: u16) -> Self {
        let endpoint = Endpoint {
            badge: "sandbox".into(),
            address: "127.0.0.1:2646/v5".into(),
            listener: Some("http://127.0.0.1:2647".into()),
        };
        let state = State::new(Ids::new(7), noon(), TimeZone::UTC, endpoint, EPOCH);
        let terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let mut new = Self {
            state,
            terminal,
            effects: Vec::new(),
        };
        new.input(Input::Resize { width, height });
        new
    }

    pub fn input(&mut self, input: Input) {
        self.event(What::Input(input));
    }

    pub fn event(&mut self, what: What) {
        let effects = update(&mut self.state, Event { at: noon(), what });
        self.effects.extend(effects);
    }

    /// Types keys: `<enter>` and the like by name, everything else as it stands.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while !rest.is_empty() {
            let key;
            let name = rest
                .strip_prefix('<')
                .and_then(|after| after.split_once('>'));
            (key, rest) = if let Some((name, after)) = name {
                (named(name), after)
            } else {
                let character = rest.chars().next().unwrap();
                (Key::char(character), &rest[character.len_utf8()..])
            };
            self.input(Input::Key(key));
        }
        self
    }

    /// The screen as text.
    pub fn screen(&mut self) -> String {
        self.paint(&Theme::terminal(true));
        self.terminal.backend().to_string()
    }

    pub fn paint(&mut self, theme: &Theme) {
        let state = &self.state;
        self.terminal
            .draw(|frame| ui::view(state, theme, frame))
            .unwrap();
    }

    pub fn sessions(&mut self, sessions: Vec<Session>) {
        self.event(What::Recorded(Recorded {
            sessions,
            ..nothing()
        }));
    }

    pub fn transactions(&mut self, transactions: Vec<Transaction>) {
        self.event(What::Recorded(Recorded {
            transactions,
            ..nothing()
        }));
    }
}

pub fn nothing() -> Recorded {
    Recorded {
        at: noon(),
        entries: Vec::new(),
        lines: Vec::new(),
        transactions: Vec::new(),
        sessions: Vec::new(),
        totals: Vec::new(),
    }
}

fn named(name: &str) -> Key {
    match name {
        "enter" => Key::plain(Code::Enter),
        "esc" => Key::plain(Code::Esc),
        "tab" => Key::plain(Code::Tab),
        "up" => Key::plain(Code::Up),
        "down" => Key::plain(Code::Down),
        "right" => Key::plain(Code::Right),
        "ctrl+c" => Key::ctrl('c'),
        "ctrl+s" => Key::ctrl('s'),
        _ => panic!("no key is called {name}"),
    }
}

pub fn call(number: u64) -> CallId {
    CallId(Uuid::from_u64_pair(0xca11, number))
}

pub fn identified(number: u64, last_three: &str) -> Session {
    Session {
        key: SessionKey(Origin::Call(call(number))),
        epoch: EPOCH,
        id: Some(SessionId::from("8322c4adc6ad4046b58ecb4a9f0b1551")),
        method_key: Some("GBR_BANGO".into()),
        state: session::State::Identified {
            user: BangoUserId::from("472156480"),
        },
        msisdn: Msisdn::parse(&format!("447710900{last_three}")).ok(),
        returned: None,
        user_status: None,
        in_flight: Vec::new(),
        last: Some(ResponseCode::Ok),
        created_at: noon(),
        updated_at: noon(),
        first: Seq(number),
        latest: Seq(number),
        entries: 1,
    }
}

pub fn payment(number: u64, gross: u64, state: Payment) -> Transaction {
    Transaction {
        key: TransactionKey(Origin::Call(call(number))),
        epoch: EPOCH,
        asked: Asked {
            user: Some(BangoUserId::from("472156480")),
            external: Some(format!("t-7f3k-{number:02}").into()),
            price: Some(Price {
                gross: Amount::from_hundredths(gross),
                tax: None,
                currency: Currency::USD,
            }),
            item: Item {
                name: Some("Item title".into()),
                ..Item::default()
            },
        },
        id: Some(format!("200672125{number}").into()),
        msisdn: Msisdn::parse("447710900120").ok(),
        state,
        in_flight: Vec::new(),
        unresolved: Vec::new(),
        last: None,
        start: None,
        created_at: noon(),
        updated_at: noon(),
        first: Seq(number),
        latest: Seq(number),
        entries: 1,
    }
}
