//! Whatever is pressed, clicked and pasted on a live endpoint: no money leaves whose amount was not typed
//! under the question that names it, no answer is made to order, and nobody else is called.
//!
//! What was confirmed is read off the painted screen and the key that follows, not asked of the program.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use bango_console::api::Action;
use bango_console::clock::Ids;
use bango_console::config::Kind;
use bango_console::console::app::effect::Effect;
use bango_console::console::app::event::{Event, What};
use bango_console::console::app::input::{Code, Input, Key, Mouse, Pointer};
use bango_console::console::app::layout;
use bango_console::console::app::menu::Does;
use bango_console::console::app::stake::Order;
use bango_console::console::app::state::{Overlay, Question, State};
use bango_console::console::app::update;
use bango_console::record::Session;
use bango_console::record::session::State as Identification;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::browser::Browser;
use crate::desk::{self, Desk, keys_named};
use crate::front::Front;
use crate::line::Message;

const EVENTS: usize = 20_000;
/// How often each dialog has to have been open.
const OPENED: usize = 20;

/// What the console does with an event.
type Update = fn(&mut State, Event) -> Vec<Effect>;

/// What was confirmed or sent: the method and, where it is named, the amount.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Money {
    method: &'static str,
    gross: String,
}

struct Game {
    desk: Desk,
    front: Front,
    dice: Ids,
    update: Update,
    /// How often each dialog was opened.
    opened: BTreeMap<&'static str, usize>,
    confirmed: Vec<Money>,
    /// Pages that the console went to, or had changed.
    visited: usize,
    events: usize,
}

impl Game {
    fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.dice.draw() % sides as u64).unwrap()
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        (!from.is_empty()).then(|| from[self.roll(from.len())].clone())
    }

    /// One event of the user's, and what follows from it.
    fn input(&mut self, input: Input) {
        self.events += 1;
        if input == Input::Key(Key::plain(Code::Enter)) {
            self.confirmed.extend(confirmed(&self.desk.screen()));
        }
        self.take(What::Input(input));
    }

    fn take(&mut self, what: What) {
        let before = self.desk.state().overlay.as_ref().map(name);
        self.follow(what);
        let now = self.desk.state().overlay.as_ref().map(name);
        if let Some(now) = now.filter(|now| Some(*now) != before) {
            *self.opened.entry(now).or_default() += 1;
        }
    }

    fn follow(&mut self, what: What) {
        let opened = self.desk.opened();
        opened.outside.notice(&what);
        let at = opened.clock.now();
        for effect in (self.update)(&mut opened.state, Event { at, what }) {
            match effect {
                Effect::Visit(_) | Effect::Steer(_) => self.visited += 1,
                // Nobody's browser is opened, and nobody's folder filled.
                Effect::Open { .. } | Effect::Export(_) => {}
                other => drop(opened.outside.perform(other)),
            }
        }
    }

    /// What has come back meanwhile.
    async fn catch_up(&mut self) {
        tokio::task::yield_now().await;
        while let Ok(what) = self.desk.opened().events.try_recv() {
            self.take(what);
        }
    }

    fn keys(&mut self, keys: &str) {
        for key in keys_named(keys) {
            self.input(Input::Key(key));
        }
    }

    /// Waits until no call is under way.
    async fn settle(&mut self) {
        while !self.desk.state().calls.is_empty() {
            let what = self.desk.opened().events.recv().await.unwrap();
            self.take(what);
        }
        self.catch_up().await;
    }

    async fn play(&mut self) {
        let mut supplied = 0;
        while self.events < EVENTS || (self.is_one_rare() && self.events < 2 * EVENTS) {
            if self.events >= supplied {
                supplied = self.events + 400;
                self.supply().await;
            }
            match self.roll(100) {
                0..10 => self.noise(),
                10..14 => self.click(),
                14..16 => self.paste(),
                16..22 => self.open_the_rarest(),
                _ => self.press_what_is_bound(),
            }
            self.catch_up().await;
            if self.desk.state().calls.len() > 8 {
                self.settle().await;
            }
        }
        self.settle().await;
    }

    fn noise(&mut self) {
        let characters: Vec<char> = "aicfxrnmspydkuqQzt<>M1234+?!jkhlgG 0123456789.,:|/-"
            .chars()
            .collect();
        let character = self.pick(&characters).unwrap();
        let key = match self.roll(5) {
            0 => Key::ctrl(character.to_ascii_lowercase()),
            1 => Key::plain(Code::Enter),
            _ => Key::char(character),
        };
        self.input(Input::Key(key));
    }

    fn click(&mut self) {
        let area = layout::layout(self.desk.state()).overlay;
        let (column, row) = if area.is_empty() || self.roll(4) == 0 {
            (self.roll(120), self.roll(40))
        } else {
            let (width, height) = (usize::from(area.width), usize::from(area.height));
            (
                usize::from(area.x) + self.roll(width),
                usize::from(area.y) + self.roll(height),
            )
        };
        let kind = self
            .pick(&[
                Pointer::Press,
                Pointer::Press,
                Pointer::WheelDown,
                Pointer::Release,
            ])
            .unwrap();
        let (column, row) = (u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
        self.input(Input::Mouse(Mouse { kind, column, row }));
    }

    fn paste(&mut self) {
        let amount = amount_asked(&self.desk.screen());
        let text = match self.roll(4) {
            0 => amount.unwrap_or_else(|| "10.99".to_owned()),
            1 => format!("{}\n", amount.unwrap_or_else(|| "1.00".to_owned())),
            2 => self.curl(),
            _ => "2006721250".to_owned(),
        };
        self.input(Input::Paste(text));
    }

    /// A call for another host, as somebody would have copied it.
    fn curl(&mut self) -> String {
        let payments = &self.desk.state().transactions.rows;
        let id = payments.iter().find_map(|payment| payment.id.clone());
        let id = id.map_or_else(|| "1".to_owned(), |id| id.as_str().to_owned());
        let elsewhere = ELSEWHERE.with(std::cell::Cell::get);
        format!(
            "curl -X DELETE 'http://127.0.0.1:{elsewhere}/v5/transaction/{id}' -u a:b -H 'Prefer: status=200; response-code=REFUNDED'"
        )
    }

    /// Whether a dialog was not open often enough yet. What a key opens can depend on when answers come.
    fn is_one_rare(&self) -> bool {
        let times = |name| self.opened.get(name).copied().unwrap_or(0);
        WAYS.iter().any(|(name, _)| times(*name) < OPENED)
    }

    /// Goes to a dialog that was not open often enough yet.
    fn open_the_rarest(&mut self) {
        let rare: Vec<&str> = WAYS
            .iter()
            .filter(|(name, _)| self.opened.get(name).copied().unwrap_or(0) < 2 * OPENED)
            .map(|(_, keys)| *keys)
            .collect();
        if let Some(keys) = self.pick(&rare) {
            self.keys("<esc><esc><esc><esc>");
            let keys = keys
                .replace("PAYER", &self.to(is_payer))
                .replace("PAGE", &self.to(has_a_page))
                .replace("SMS", &self.to(asks_for_an_sms));
            self.keys(&keys);
        }
    }

    fn has(&self, wanted: fn(&Session) -> bool) -> bool {
        self.desk.state().sessions.rows.iter().any(wanted)
    }

    /// The keys that lead to a session.
    fn to(&self, wanted: fn(&Session) -> bool) -> String {
        let sessions = &self.desk.state().sessions.rows;
        let at = sessions.iter().position(wanted).unwrap_or(0);
        format!("1g{}", "j".repeat(at))
    }

    /// A payer and payments again, where chance has closed and deleted them all.
    async fn supply(&mut self) {
        self.settle().await;
        self.keys("<esc><esc><esc><esc>");
        if !self.has(is_payer) {
            self.identify().await;
        }
        if !self.has(asks_for_an_sms) {
            // Pages are given up, and an SMS is asked for.
            self.begin().await;
            self.keys("1gak");
            self.settle().await;
        }
        if !self.has(has_a_page) {
            self.begin().await;
        }
        let to_the_payer = self.to(is_payer);
        self.keys("<esc><esc><esc><esc>");
        self.keys(&to_the_payer);
        self.keys("aa10.99<tab>1.00<enter>");
        self.keys("10.99<enter>");
        self.settle().await;
    }

    /// A payer, who went through the pages with a browser of their own.
    async fn identify(&mut self) {
        self.begin().await;
        let url = self.desk.state().sessions.rows[0].url().unwrap().to_owned();
        Browser::new().identify(&url, "447710900120").await;
        self.keys("1gan");
        self.settle().await;
        self.keys("<esc><esc>");
    }

    /// An identification that waits for its payer, the newest of all.
    async fn begin(&mut self) {
        self.keys("<esc><esc><esc><esc><esc>1<esc>");
        self.keys("+<enter>");
        let begun = |state: &State| {
            let newest = state.sessions.rows.first()?;
            (state.calls.is_empty() && newest.url().is_some()).then_some(())
        };
        self.desk.until("an identification", begun).await;
        self.keys("<esc><esc><esc>1g");
    }

    /// A key that means something here.
    fn press_what_is_bound(&mut self) {
        let state = self.desk.state();
        let letters: Vec<char> = match &state.overlay {
            Some(Overlay::Menu(menu)) => menu
                .items
                .iter()
                .filter(|item| !matches!(item.does, Does::CopyExports))
                .map(|item| item.letter)
                .collect(),
            Some(Overlay::Confirm(_)) => vec!['y', 'n'],
            Some(Overlay::Form(_) | Overlay::Stake(_)) => "0123456789.".chars().collect(),
            _ => vec![],
        };
        let layers = update::layers(state);
        let bindings = state.keymap.bindings().iter();
        let bound: Vec<Key> = bindings
            .filter(|binding| layers.contains(&binding.layer))
            .flat_map(|binding| binding.keys.iter().copied())
            .collect();
        let asks = matches!(state.overlay, Some(Overlay::Stake(_)));
        let key = match self.roll(3) {
            // As somebody does who means it, and as somebody who nearly does.
            0 if asks => return self.type_an_amount(),
            0 | 1 if !letters.is_empty() => Key::char(self.pick(&letters).unwrap()),
            _ => self.pick(&bound).unwrap(),
        };
        self.input(Input::Key(key));
    }

    fn type_an_amount(&mut self) {
        let Some(mut amount) = amount_asked(&self.desk.screen()) else {
            return;
        };
        if self.roll(3) == 0 {
            let digit = self.roll(10);
            amount.push_str(&digit.to_string());
        }
        self.keys(&format!("{}{amount}<enter>", "<backspace>".repeat(10)));
    }
}

/// The dialogs that there can be on a live endpoint, and a way to each.
const WAYS: [(&str, &str); 16] = [
    ("actions", "2a"),
    ("closing", "PAYERad"),
    ("compare", "4gG k d"),
    ("copied", "c"),
    ("deleting", "2D"),
    ("export", "2E"),
    ("form", "PAYERaa"),
    ("help", "?"),
    ("money", "m"),
    ("palette", ":"),
    ("payer", "PAGEp"),
    ("preview", "PAYERaa1<ctrl+p>"),
    ("quitting", "PAYERarq"),
    ("stake", "PAYERaa2.50<enter>"),
    ("step", "SMSp"),
    ("themes", "t"),
];

thread_local! {
    static ELSEWHERE: std::cell::Cell<u16> = const { std::cell::Cell::new(0) };
}

const fn name(overlay: &Overlay) -> &'static str {
    match overlay {
        Overlay::Menu(_) => "actions",
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

fn is_payer(session: &Session) -> bool {
    session.user().is_some() && !session.is_closed()
}

fn has_a_page(session: &Session) -> bool {
    session.url().is_some()
}

fn asks_for_an_sms(session: &Session) -> bool {
    let Identification::Waiting { action } = &session.state else {
        return false;
    };
    matches!(action, Action::SendSms { .. })
}

/// The amount that the screen asks to be typed.
fn amount_asked(screen: &str) -> Option<String> {
    let (_, rest) = screen.split_once("Type the amount, ")?;
    Some(rest.split_once(", to send it: ")?.0.to_owned())
}

/// An amount with both its decimals.
fn hundredths(text: &str) -> Option<String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_amount = !whole.is_empty() && part.len() <= 2 && is_number(whole) && is_number(part);
    is_amount.then(|| format!("{}.{part:0<2}", whole.trim_start_matches('0')))
}

/// What an enter confirms: the question stands on the screen, and behind it the amount itself.
fn confirmed(screen: &str) -> Option<Money> {
    let asked = amount_asked(screen)?;
    let (_, behind) = screen.split_once(", to send it: ")?;
    let typed = behind.split('\u{2503}').next()?.trim();
    if hundredths(typed)? != hundredths(&asked)? {
        return None;
    }
    let method = [
        ("authorize", "POST"),
        ("capture", "PUT"),
        ("cancel", "DELETE"),
        ("refund", "DELETE"),
    ];
    let named = |verb: &str| screen.contains(&format!(" {verb} {asked} "));
    let (_, method) = method.into_iter().find(|(verb, _)| named(verb))?;
    Some(Money {
        method,
        gross: hundredths(&asked)?,
    })
}

/// The money that a request moves, if it is one that does.
fn moved(request: &Message) -> Option<(&'static str, Option<String>)> {
    let (method, rest) = request.head.split_once(' ')?;
    let path = rest.split(' ').next()?;
    let method = ["POST", "PUT", "DELETE"]
        .into_iter()
        .find(|known| *known == method)?;
    if !path.starts_with("/v5/transaction") {
        return None;
    }
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let gross = &body["paymentItems"][0]["priceList"][0]["grossAmount"];
    Some((method, gross.as_str().and_then(hundredths)))
}

/// The calls that left without somebody's having typed their amount.
fn unconfirmed(requests: &[Message], confirmed: &[Money]) -> Vec<String> {
    let mut left = confirmed.to_vec();
    let mut moves: Vec<_> = requests
        .iter()
        .filter_map(|request| Some((moved(request)?, request)))
        .collect();
    // Those that name their amount leave no choice.
    moves.sort_by_key(|((_, gross), _)| gross.is_none());
    let mut without = Vec::new();
    for ((method, gross), request) in moves {
        let fits = |money: &Money| {
            money.method == method && gross.as_ref().is_none_or(|gross| *gross == money.gross)
        };
        match left.iter().position(fits) {
            Some(at) => drop(left.swap_remove(at)),
            None => without.push(format!("{method} {gross:?} {}", request.head)),
        }
    }
    without
}

async fn game(update: Update) -> (Game, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let front = Front::start().await;
    let desk = desk::remote(folder.path(), Kind::Live, &front, "").await;
    let mut game = Game {
        desk,
        front,
        dice: Ids::new(7),
        update,
        opened: BTreeMap::new(),
        confirmed: Vec::new(),
        visited: 0,
        events: 0,
    };
    for _ in 0..3 {
        game.supply().await;
    }
    (game, folder)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_money_leaves_without_its_amount() {
    let elsewhere = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    ELSEWHERE.set(elsewhere.local_addr().unwrap().port());
    let (mut game, _folder) = game(update::update).await;
    game.play().await;

    let requests = game.front.requests();
    assert_eq!(
        unconfirmed(&requests, &game.confirmed),
        Vec::<String>::new()
    );
    let moving = requests.iter().filter(|request| moved(request).is_some());
    let moving = moving.count();
    assert!(
        moving >= 50,
        "{moving} payments in {} events say little",
        game.events
    );
    for request in &requests {
        let head = request.head.to_ascii_lowercase();
        assert!(
            !head.contains("\r\nprefer:") && !head.contains("\r\npreference-extension:"),
            "{head}"
        );
    }
    assert_eq!(game.visited, 0);
    let called = tokio::time::timeout(std::time::Duration::ZERO, elsewhere.accept()).await;
    assert!(called.is_err(), "another host was called");
    for (name, _) in WAYS {
        let times = game.opened.get(name).copied().unwrap_or(0);
        assert!(
            times >= OPENED,
            "{name} was open {times} times: {:?}",
            game.opened
        );
    }
}

/// A program that takes every question for answered.
fn careless(state: &mut State, event: Event) -> Vec<Effect> {
    let mut effects = update::update(state, event);
    if let Some(Overlay::Stake(open)) = &state.overlay
        && let Order::Send { id, call, .. } = &open.order
    {
        let (id, call) = (*id, call.clone());
        state.overlay = None;
        effects.push(Effect::Send { id, call });
    }
    effects
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_program_that_asks_and_does_not_wait_is_caught() {
    let (mut game, _folder) = game(careless).await;
    while game.events < EVENTS && unconfirmed(&game.front.requests(), &game.confirmed).is_empty() {
        game.press_what_is_bound();
        game.catch_up().await;
    }
    game.settle().await;
    assert!(!unconfirmed(&game.front.requests(), &game.confirmed).is_empty());
}
