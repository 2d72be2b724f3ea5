//! A console without a terminal: keys and facts in, a painted screen and effects out.

use bango_console::api::Call;
use bango_console::api::Operation;
use bango_console::clock::Ids;
use bango_console::config::Kind;
use bango_console::console::app::effect::Effect;
use bango_console::console::app::endpoint::{DeleteBody, Endpoint};
use bango_console::console::app::event::{Done, Event, What, Window};
use bango_console::console::app::exports::Credentials;
use bango_console::console::app::input::{Code, Input, Key, Mouse, Pointer};
use bango_console::console::app::inspector::{self, Shown};
use bango_console::console::app::state::State;
use bango_console::console::app::update::update;
use bango_console::console::ui::{self, theme::Theme};
use bango_console::exchange::{Body, CallId, Epoch, NotSent, Outcome, Request};
use bango_console::record::entry::{Address, Arrived, Ended, Sent};
use bango_console::record::line::{End, Line};
use bango_console::record::{Entry, Kind as EntryKind, Recorded, Seq, Session, Transaction};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use uuid::Uuid;

use crate::cast::came_back;

pub struct Stage {
    pub state: State,
    pub terminal: Terminal<TestBackend>,
    /// What had to happen outside since they were taken last.
    pub effects: Vec<Effect>,
    now: Timestamp,
    seq: u64,
}

pub const EPOCH: Epoch = Epoch(Uuid::from_u64_pair(0xe, 0xe));

/// Noon of a fixed day.
pub fn noon() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

impl Stage {
    pub fn new(width: u16, height: u16) -> Self {
        let endpoint = Endpoint {
            name: "sandbox".into(),
            address: "127.0.0.1:2646/v5".into(),
            listener: Some("http://127.0.0.1:2647".into()),
            credentials: Some(Credentials::new("sandbox", "sandbox")),
            is_notified: true,
            ..Endpoint::default()
        };
        let state = State::new(Ids::new(7), noon(), TimeZone::UTC, endpoint, EPOCH);
        let terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let mut new = Self {
            state,
            terminal,
            effects: Vec::new(),
            now: noon(),
            seq: 0,
        };
        new.input(Input::Resize { width, height });
        new.done(Done::Sessions(nothing()))
            .done(Done::Transactions(nothing()))
            .done(Done::Timeline(nothing()));
        new
    }

    /// The same console on a live endpoint of the user's.
    pub fn live(&mut self) -> &mut Self {
        self.remote(Kind::Live, "shop")
    }

    /// The same on Bango's API with test credentials.
    pub fn test(&mut self) -> &mut Self {
        self.remote(Kind::Test, "test")
    }

    fn remote(&mut self, kind: Kind, name: &str) -> &mut Self {
        let endpoint = &mut self.state.endpoint;
        endpoint.kind = kind;
        endpoint.name = name.into();
        endpoint.address = "api.bango.net/v5".into();
        endpoint.is_notified = false;
        endpoint.credentials = None;
        endpoint.delete_body = DeleteBody::Unchecked;
        self
    }

    pub fn input(&mut self, input: Input) -> &mut Self {
        self.event(What::Input(input))
    }

    pub fn done(&mut self, done: Done) -> &mut Self {
        self.event(What::Done(done))
    }

    pub fn event(&mut self, what: What) -> &mut Self {
        let event = Event { at: self.now, what };
        self.effects.extend(update(&mut self.state, event));
        self
    }

    /// The next event comes this much later.
    pub fn pass(&mut self, seconds: i64) -> &mut Self {
        self.now += jiff::SignedDuration::from_secs(seconds);
        self
    }

    /// Types keys: `<enter>` and the like by name, everything else as it stands.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in named_keys(keys) {
            self.input(Input::Key(key));
        }
        self
    }

    /// Presses the mouse where `text` begins.
    #[track_caller]
    pub fn click(&mut self, text: &str) -> &mut Self {
        self.point(Pointer::Press, text)
    }

    /// Does something with the mouse where `text` begins.
    #[track_caller]
    pub fn point(&mut self, kind: Pointer, text: &str) -> &mut Self {
        let buffer = self.paint(&Theme::terminal(true));
        let (column, row) =
            find(buffer, text).unwrap_or_else(|| panic!("{text:?} is not in {buffer:?}"));
        self.mouse(kind, column, row)
    }

    pub fn mouse(&mut self, kind: Pointer, column: u16, row: u16) -> &mut Self {
        self.input(Input::Mouse(Mouse { kind, column, row }))
    }

    /// The effects since they were taken last.
    pub fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The screen as text.
    pub fn screen(&mut self) -> String {
        self.paint(&Theme::terminal(true));
        self.terminal.backend().to_string()
    }

    /// One row of the screen, without the blanks at its end.
    pub fn row(&mut self, y: u16) -> String {
        let buffer = self.paint(&Theme::terminal(true));
        let cells = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol());
        cells.collect::<String>().trim_end().to_owned()
    }

    /// The footer: what just happened, and the keys that help.
    pub fn footer(&mut self) -> String {
        let last = self.terminal.backend().buffer().area.height - 1;
        self.row(last)
    }

    /// The first cell of the first place where `text` stands.
    #[track_caller]
    pub fn cell(&mut self, theme: &Theme, text: &str) -> Cell {
        let buffer = self.paint(theme);
        let (x, y) = find(buffer, text).unwrap_or_else(|| panic!("{text:?} is not in {buffer:?}"));
        buffer[(x, y)].clone()
    }

    pub fn paint(&mut self, theme: &Theme) -> &Buffer {
        let state = &self.state;
        self.terminal
            .draw(|frame| ui::view(state, theme, frame))
            .unwrap();
        self.terminal.backend().buffer()
    }

    pub fn sessions(&mut self, sessions: Vec<Session>) -> &mut Self {
        self.recorded(Facts {
            sessions,
            ..Facts::default()
        })
    }

    pub fn transactions(&mut self, transactions: Vec<Transaction>) -> &mut Self {
        self.recorded(Facts {
            transactions,
            ..Facts::default()
        })
    }

    pub fn lines(&mut self, lines: Vec<Line>) -> &mut Self {
        self.recorded(Facts {
            lines,
            ..Facts::default()
        })
    }

    pub fn recorded(&mut self, facts: Facts) -> &mut Self {
        let Facts {
            elsewhere,
            entries,
            lines,
            transactions,
            sessions,
        } = facts;
        let recorded = Recorded {
            at: self.now,
            elsewhere,
            entries,
            lines,
            transactions,
            sessions,
            totals: Vec::new(),
        };
        self.event(What::Recorded(recorded))
    }

    /// A call of ours is in the journal, and what it began.
    pub fn sends(&mut self, call: CallId, operation: Operation, began: Facts) -> &mut Self {
        let sent = Sent {
            call,
            operation,
            request: request_of(operation),
            step: None,
        };
        let mut facts = began;
        facts.entries.push(self.place(EntryKind::Sent(sent)));
        self.recorded(facts)
    }

    /// A call of ours has come to its end.
    pub fn ends(&mut self, call: CallId, operation: Operation, end: End) -> &mut Self {
        self.ends_with(call, operation, end, Facts::default())
    }

    /// A call of ours has come to its end, and what that changed.
    pub fn ends_with(
        &mut self,
        call: CallId,
        operation: Operation,
        end: End,
        changed: Facts,
    ) -> &mut Self {
        let line = came_back(self.seq + 1, call, operation, end);
        self.ends_as(call, line, changed)
    }

    pub fn ends_as(&mut self, call: CallId, line: Line, changed: Facts) -> &mut Self {
        // What the bytes say is in the rows already: the screen goes by those and by the line.
        let why = NotSent::Cancelled;
        let outcome = Outcome::NotSent { why };
        let mut facts = changed;
        facts
            .entries
            .push(self.place(EntryKind::Ended(Ended { call, outcome })));
        facts.lines.push(line);
        self.recorded(facts)
    }

    /// Something came to our listener, and what that changed.
    pub fn arrives(&mut self, changed: Facts) -> &mut Self {
        let arrived = Arrived {
            id: Uuid::from_u64_pair(1, self.seq),
            at: Address::Callback { key: "00".into() },
            request: request_of(Operation::Continue),
        };
        let mut facts = changed;
        facts.entries.push(self.place(EntryKind::Arrived(arrived)));
        self.recorded(facts)
    }

    pub fn place(&mut self, kind: EntryKind) -> Entry {
        self.seq += 1;
        Entry {
            seq: Seq(self.seq),
            key: format!("entry {}", self.seq),
            at: self.now,
            epoch: EPOCH,
            kind,
        }
    }

    /// Answers what the inspector asked for last.
    pub fn shows(&mut self, shown: Shown) -> &mut Self {
        let wanted = self.state.inspector.wanted.unwrap();
        let shown = Some(Box::new(shown));
        self.done(Done::Exchange { wanted, shown });
        self.lays_out()
    }

    /// The calls that had to be sent since the last look.
    pub fn sent(&mut self) -> Vec<(CallId, Call)> {
        let effects = self.effects().into_iter();
        effects
            .filter_map(|effect| match effect {
                Effect::Send { id, call } => Some((id, call)),
                _ => None,
            })
            .collect()
    }

    /// The same without their names.
    pub fn sent_calls(&mut self) -> Vec<Call> {
        self.sent().into_iter().map(|(_, call)| call).collect()
    }

    /// Lays out what is too long to be laid out at once.
    pub fn lays_out(&mut self) -> &mut Self {
        let asked = |effect: &Effect| matches!(effect, Effect::LayOut(_));
        while let Some(at) = self.effects.iter().position(asked) {
            if let Effect::LayOut(shown) = self.effects.remove(at) {
                let pages = Box::new(inspector::pages(&shown));
                self.done(Done::LaidOut { shown, pages });
            }
        }
        self
    }
}

/// What an empty journal answers.
fn nothing<T>() -> Window<T> {
    Window {
        filter: bango_console::record::filter::Filter::default(),
        total: 0,
        rows: Vec::new(),
        before: false,
        after: false,
    }
}

fn request_of(operation: Operation) -> Request {
    Request {
        method: "POST".into(),
        url: format!("http://127.0.0.1:2646/v5/{}", operation.name()),
        headers: vec![],
        body: Body::default(),
    }
}

/// What the journal tells at once.
#[derive(Default)]
pub struct Facts {
    pub elsewhere: bool,
    pub entries: Vec<Entry>,
    pub lines: Vec<Line>,
    pub transactions: Vec<Transaction>,
    pub sessions: Vec<Session>,
}

/// Where `text` begins on the screen.
pub fn find(buffer: &Buffer, text: &str) -> Option<(u16, u16)> {
    let area = buffer.area;
    let starts = (0..area.height).flat_map(|y| (0..area.width).map(move |x| (x, y)));
    starts.into_iter().find(|&(x, y)| {
        let mut rest = text;
        let mut cells = (x..area.width).map(|x| buffer[(x, y)].symbol());
        while !rest.is_empty() {
            match cells.next().and_then(|symbol| rest.strip_prefix(symbol)) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        true
    })
}

/// Keys as tests write them: `<enter>` and the like by name, everything else as it stands.
pub fn named_keys(keys: &str) -> Vec<Key> {
    let mut named_keys = Vec::new();
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        let name = rest
            .strip_prefix('<')
            .and_then(|after| after.split_once('>'));
        let (key, after) = match name {
            Some((name, after)) => (named(name), after),
            None => (Key::char(first), &rest[first.len_utf8()..]),
        };
        named_keys.push(key);
        rest = after;
    }
    named_keys
}

fn named(name: &str) -> Key {
    let code = match name {
        "enter" => Code::Enter,
        "esc" => Code::Esc,
        "tab" => Code::Tab,
        "shift+tab" => Code::BackTab,
        "backspace" => Code::Backspace,
        "up" => Code::Up,
        "down" => Code::Down,
        "left" => Code::Left,
        "right" => Code::Right,
        "delete" => Code::Delete,
        "home" => Code::Home,
        "end" => Code::End,
        "pgup" => Code::PageUp,
        "pgdn" => Code::PageDown,
        _ => match name.strip_prefix("ctrl+").map(str::parse) {
            Some(Ok(character)) => return Key::ctrl(character),
            _ => panic!("no key is called {name}"),
        },
    };
    Key::plain(code)
}
