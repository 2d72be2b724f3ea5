//! The console as its user has it, but for the terminal: keys go in, the state and the screen come out.
//! Journal, sandbox, listener and client are the real ones.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use bango_console::api::Call;
use bango_console::config::{Environment, Kind};
use bango_console::console::app::effect::Effect;
use bango_console::console::app::event::What;
use bango_console::console::app::input::{Code, Input, Key};
use bango_console::console::app::payer::Step;
use bango_console::console::app::state::{Overlay, State};
use bango_console::console::app::verbs::{self, Offer, Verb};
use bango_console::console::runtime::{self, Opened, Opening, OpeningError, Replay};
use bango_console::console::ui::{self, theme::Theme};
use bango_console::exchange::{CallId, Epoch};
use bango_console::record::journal::Reader;
use bango_console::record::transaction::Status;
use bango_console::record::{NewEntry, Transaction};
use bango_console::sandbox::activity::Activity;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tempfile::TempDir;
use tokio::time::timeout;

use crate::DEADLINE;
use crate::front::Front;
use crate::line::Line;

const WIDTH: u16 = 120;
const HEIGHT: u16 = 40;

pub struct Desk {
    opened: Opened,
    /// Where it keeps its files, if nobody else does.
    folder: Option<TempDir>,
}

/// Opens a console whose calls go through the base URL `through`.
pub async fn open(folder: &Path, through: String) -> Result<Desk, OpeningError> {
    let opening = Opening {
        through: Some(through),
        ..Opening::default()
    };
    open_with(folder, &opening).await
}

/// Opens a console that calls its sandbox directly.
pub async fn beside(folder: &Path) -> Desk {
    open_with(folder, &Opening::default()).await.unwrap()
}

/// A console that keeps nothing, and whose calls go straight to its sandbox.
pub async fn in_memory() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let opening = Opening {
        no_journal: true,
        ..Opening::default()
    };
    let mut desk = open_with(folder.path(), &opening).await.unwrap();
    desk.folder = Some(folder);
    desk
}

async fn open_with(folder: &Path, opening: &Opening) -> Result<Desk, OpeningError> {
    let opened = runtime::open(opening, &environment(folder)).await?;
    let mut desk = Desk::new(opened, None);
    desk.export_to(folder);
    Ok(desk)
}

fn environment(folder: &Path) -> Environment {
    let place = |name: &str| folder.join(name).into_os_string();
    Environment::from([
        ("BANGO_CONFIG_DIR", place("config")),
        ("BANGO_DATA_DIR", place("data")),
        ("BANGO_STATE_DIR", place("state")),
    ])
}

/// A console on the profile `shop` of this kind, which leads to `front` and to nothing else.
pub async fn remote(folder: &Path, kind: Kind, front: &Front, more: &str) -> Desk {
    profile(folder, kind, front, more);
    let opening = Opening {
        profile: Some("shop".into()),
        ..Opening::default()
    };
    open_with(folder, &opening).await.unwrap()
}

/// Writes the profile `shop`, which names somebody else's API.
pub fn profile(folder: &Path, kind: Kind, front: &Front, more: &str) {
    let config = folder.join("config");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("ca.pem"), front.pem()).unwrap();
    private(
        &config.join("secret.toml"),
        "username = \"sandbox\"\npassword = \"sandbox\"\n",
    );
    let profile = format!(
        "[profile.shop]\nkind = \"{}\"\nbase_url = \"{}\"\nca_file = \"ca.pem\"\n\
         credentials_file = \"secret.toml\"\n{more}\n",
        kind.word(),
        front.base_url()
    );
    private(&config.join("config.toml"), &profile);
}

/// A console on the profile `team`, which names a sandbox of somebody else's.
pub async fn on_sandbox(folder: &Path, base_url: &str) -> Desk {
    let config = folder.join("config");
    std::fs::create_dir_all(&config).unwrap();
    let profile = format!("[profile.team]\nkind = \"sandbox\"\nbase_url = \"{base_url}\"\n");
    private(&config.join("config.toml"), &profile);
    let opening = Opening {
        profile: Some("team".into()),
        ..Opening::default()
    };
    open_with(folder, &opening).await.unwrap()
}

/// Writes a file for its owner only.
pub fn private(path: &Path, text: &str) {
    let mut options = OpenOptions::new();
    let file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path);
    file.unwrap().write_all(text.as_bytes()).unwrap();
}

/// A console that shows a file's entries again.
pub fn replay(name: &str, entries: Vec<NewEntry>) -> Desk {
    let replay = Replay {
        name: name.to_owned(),
        entries,
    };
    let folder = tempfile::tempdir().unwrap();
    let opened = runtime::replay::open(replay, &environment(folder.path())).unwrap();
    Desk::new(opened, Some(folder))
}

/// A console in a folder of its own, and the line to its sandbox.
pub async fn fresh() -> (Desk, Line) {
    let folder = tempfile::tempdir().unwrap();
    let line = Line::new().await;
    let mut desk = open(folder.path(), line.base_url()).await.unwrap();
    line.lead_to(desk.sandbox());
    desk.folder = Some(folder);
    (desk, line)
}

/// With a payer who is identified.
pub async fn identified() -> (Desk, Line) {
    let (mut desk, line) = fresh().await;
    desk.identify("447710900120").await;
    (desk, line)
}

/// With a payment of theirs of 10.99 USD, 1.00 of it tax, that is authorized.
pub async fn authorized() -> (Desk, Line) {
    let (mut desk, line) = identified().await;
    desk.keys("aa10.99<tab>1.00<enter>");
    desk.status(Status::Authorized).await;
    (desk, line)
}

/// With that payment, captured.
pub async fn captured() -> (Desk, Line) {
    let (mut desk, line) = authorized().await;
    desk.keys("2ac<enter>");
    desk.status(Status::Captured).await;
    (desk, line)
}

impl Desk {
    fn new(opened: Opened, folder: Option<TempDir>) -> Self {
        let mut desk = Self { opened, folder };
        desk.take(What::Input(Input::Resize {
            width: WIDTH,
            height: HEIGHT,
        }));
        // What is handed back here and in `take` needs a terminal: wake-ups, escapes, drawing.
        desk.read_anew();
        desk
    }

    /// From now on its exports go there.
    pub fn export_to(&mut self, folder: &Path) {
        folder.clone_into(&mut self.opened.outside.folder);
    }

    /// Does what the console did not ask for.
    pub fn perform(&mut self, effect: Effect) {
        self.opened.outside.perform(effect);
    }

    pub fn state(&self) -> &State {
        &self.opened.state
    }

    pub fn folder(&self) -> &Path {
        self.folder.as_ref().unwrap().path()
    }

    pub fn base_url(&self) -> String {
        self.opened.sandbox.as_ref().unwrap().base_url()
    }

    /// Where callbacks and notifications are heard.
    pub fn listener(&self) -> SocketAddr {
        self.opened.listener.as_ref().unwrap().address()
    }

    /// The events and what happens outside, for who drives them otherwise than with keys.
    pub fn opened(&mut self) -> &mut Opened {
        &mut self.opened
    }

    pub fn sandbox(&self) -> SocketAddr {
        self.opened.sandbox.as_ref().unwrap().address()
    }

    /// Asks for the lists once more, as at the start.
    pub fn read_anew(&mut self) {
        runtime::begin(&mut self.opened.outside);
    }

    /// The journal, read beside the console.
    pub fn reader(&self) -> Reader {
        self.opened.outside.journal.reader().unwrap()
    }

    /// The life that the sandbox is in.
    pub fn epoch(&self) -> Epoch {
        self.opened.outside.life.epoch()
    }

    /// Everything that the sandbox reports.
    pub fn activity(&self) -> Activity {
        self.opened.sandbox.as_ref().unwrap().activity().unwrap()
    }

    /// Has a call made, as the console makes its own.
    pub fn send(&mut self, id: CallId, call: Call) {
        let left = self.opened.outside.perform(Effect::Send { id, call });
        assert!(left.is_none());
    }

    /// Goes on until the journal has the entry with this key.
    pub async fn recorded(&mut self, reader: &Reader, key: &str) {
        let waiting = async {
            while reader.find(key).unwrap().entries.is_empty() {
                let what = self.opened.events.recv().await.unwrap();
                self.take(what);
            }
        };
        let in_time = timeout(DEADLINE, waiting).await.is_ok();
        assert!(in_time, "never recorded: {key}");
    }

    /// Types keys: `<enter>` and the like by name, everything else as it stands.
    pub fn keys(&mut self, keys: &str) {
        for key in keys_named(keys) {
            self.take(What::Input(Input::Key(key)));
        }
    }

    /// Goes on until something is found.
    pub async fn until<T>(&mut self, wanted: &str, found: impl Fn(&State) -> Option<T>) -> T {
        let searching = async {
            loop {
                if let Some(found) = found(&self.opened.state) {
                    return found;
                }
                let what = self.opened.events.recv().await.unwrap();
                self.take(what);
            }
        };
        let found = timeout(DEADLINE, searching).await;
        found.unwrap_or_else(|_| panic!("never came: {wanted}\n{}", self.screen()))
    }

    /// Goes on until the selected payment stands there, with no call under way. In doubt it is also
    /// where the sandbox has said since what became of it.
    pub async fn status(&mut self, status: Status) -> Transaction {
        let wanted = format!("a payment that is {}", status.word());
        self.until(&wanted, |state| {
            let payment = state.transactions.selected()?;
            let idle = state.calls.is_empty() && payment.in_flight.is_empty();
            let stands = match status {
                Status::Unknown => payment.believed(),
                _ => payment.status(),
            };
            (stands == status && idle).then(|| payment.clone())
        })
        .await
    }

    /// Goes on until the screen shows this.
    pub async fn shows(&mut self, text: &str) {
        let waiting = async {
            while !self.screen().contains(text) {
                let what = self.opened.events.recv().await.unwrap();
                self.take(what);
            }
        };
        let in_time = timeout(DEADLINE, waiting).await.is_ok();
        assert!(in_time, "never shown: {text}\n{}", self.screen());
    }

    /// Goes on until the payer is on the page with this title.
    pub async fn page(&mut self, title: &str) {
        self.until(title, |state| match &state.overlay {
            Some(Overlay::Payer(payer)) => match &payer.step {
                Step::Page(shown) if shown.page.title.screen_text() == title => Some(()),
                _ => None,
            },
            _ => None,
        })
        .await;
    }

    /// Identifies a payer, played in the console.
    pub async fn identify(&mut self, number: &str) {
        self.keys(&format!("+{number}<enter><enter>"));
        self.page("Your mobile number").await;
        self.keys("<enter>");
        self.page("Enter the PIN").await;
        self.keys("1234<enter>");
        self.until("a payer who is identified, and no page", |state| {
            let user = state.sessions.selected()?.user();
            (user.is_some() && state.overlay.is_none()).then_some(())
        })
        .await;
    }

    pub fn offers(&self) -> Vec<Offer> {
        verbs::offers(&self.opened.state)
    }

    /// Whether a verb of the bar is possible now; `None` where it is not there.
    pub fn offers_verb(&self, verb: Verb) -> Option<bool> {
        let offers = self.offers();
        let offer = offers.iter().find(|offer| offer.verb == verb);
        offer.map(|offer| offer.possible)
    }

    /// What a terminal would show now.
    pub fn screen(&self) -> String {
        let mut terminal = Terminal::new(TestBackend::new(WIDTH, HEIGHT)).unwrap();
        terminal
            .draw(|frame| ui::view(&self.opened.state, &Theme::terminal(true), frame))
            .unwrap();
        terminal.backend().to_string()
    }

    /// As if this had happened.
    pub fn take(&mut self, what: What) {
        let now = self.opened.clock.now();
        runtime::turn(&mut self.opened.state, &mut self.opened.outside, now, what);
    }
}

/// Keys as tests write them: `<enter>` and the like by name, everything else as it stands.
pub fn keys_named(keys: &str) -> Vec<Key> {
    let mut found = Vec::new();
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        let named = rest
            .strip_prefix('<')
            .and_then(|after| after.split_once('>'));
        let key;
        (key, rest) = match named {
            Some((name, after)) => (named_key(name), after),
            None => (Key::char(first), &rest[first.len_utf8()..]),
        };
        found.push(key);
    }
    found
}

fn named_key(name: &str) -> Key {
    match name {
        "enter" => Key::plain(Code::Enter),
        "esc" => Key::plain(Code::Esc),
        "tab" => Key::plain(Code::Tab),
        "up" => Key::plain(Code::Up),
        "ctrl+x" => Key::ctrl('x'),
        "ctrl+p" => Key::ctrl('p'),
        "backspace" => Key::plain(Code::Backspace),
        _ => panic!("no key is called {name}"),
    }
}
