//! Everything the screen shows, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::api::{BangoUserId, Operation, TransactionId};
use crate::clock::Ids;
use crate::exchange::{CallId, Epoch};
use crate::record::filter::Filter;
use crate::record::line::Line;
use crate::record::{Seq, Session, SessionKey, Totals, Transaction, TransactionKey};

use super::compare::Compare;
use super::copy::Bytes;
use super::endpoint::{Endpoint, Reachable};
use super::export::Export;
use super::form::{Form, Prefill};
use super::help::Help;
use super::input::Key;
use super::inspector::Inspector;
use super::keymap::Keymap;
use super::list::{Keyed, List};
use super::look::{Look, Themes};
use super::menu::Menu;
use super::palette::Palette;
use super::payer::Payer;
use super::picker::Picker;
use super::preview::Preview;
use super::prompt::Prompt;
use super::stake::Stake;
use super::step::Step;
use super::stubs::Stubs;
use super::verbs::{Offer, Verb};

/// The panes that can have the focus, in the order of `tab`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    #[default]
    Sessions,
    Transactions,
    Verbs,
    Inspector,
    Timeline,
}

impl Pane {
    pub const ALL: [Self; 5] = [
        Self::Sessions,
        Self::Transactions,
        Self::Verbs,
        Self::Inspector,
        Self::Timeline,
    ];
}

/// Whose verbs the bar shows: the list that had the focus last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Subject {
    #[default]
    Session,
    Transaction,
}

/// What lies over the panes.
#[derive(Clone, Debug)]
pub enum Overlay {
    Menu(Menu),
    Picker(Box<Picker>),
    Form(Box<Form>),
    /// What a form will send.
    Preview(Box<Preview>),
    /// The answers that a call can name itself.
    Stubs(Box<Stubs>),
    Payer(Box<Payer>),
    /// What an identification asks for, where that is no page.
    Step(Step),
    Export(Export),
    Help(Box<Help>),
    Palette(Box<Palette>),
    /// What the selected payment, and all of them, came to.
    Money,
    /// What was copied last, to be selected by hand, and what that lies over.
    Copied(Option<Box<Self>>),
    Themes(Themes),
    Confirm(Question),
    /// The amount of a call on a live endpoint, to be typed before it leaves.
    Stake(Box<Stake>),
    /// What differs between the two marked exchanges.
    Compare(Box<Compare>),
    /// What there is to know about this start, where it does not fit in the last row.
    Notices,
}

/// What is asked before it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Calls are under way.
    Quit,
    /// An id that is closed never comes back.
    CloseAccount(BangoUserId),
    /// A payment's traces never come back.
    Delete(TransactionKey),
}

/// A call whose answer is awaited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub operation: Operation,
    /// The payment that it is about, where that has an id.
    pub transaction: Option<TransactionId>,
    pub since: Timestamp,
    /// The user stopped waiting; its end is on its way.
    pub cancelled: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// May hold foreign text: escaped when it is painted.
    pub words: String,
    pub tone: Tone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Bad,
}

/// What the mouse is in the middle of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pointing {
    /// The divider of the columns is being dragged.
    pub divides: bool,
    /// When the window was given the focus last.
    pub entered: Option<Timestamp>,
}

/// What was copied last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    pub what: &'static str,
    pub bytes: Bytes,
}

/// A key that comes again within this time is held down.
const HELD: SignedDuration = SignedDuration::from_millis(100);

#[derive(Debug)]
pub struct State {
    /// The terminal's size in cells.
    pub size: (u16, u16),
    /// The time of the last event.
    pub at: Timestamp,
    /// In which the times of day are shown.
    pub zone: TimeZone,
    pub ids: Ids,
    /// What this start's external ids have in common.
    pub word: String,
    /// How many external ids this start has given.
    pub externals: u32,
    pub endpoint: Endpoint,
    /// Where else the console could go.
    pub reachable: Vec<Reachable>,
    pub epoch: Epoch,
    pub focus: Pane,
    pub subject: Subject,
    pub look: Look,
    pub keymap: Keymap,
    pub pointing: Pointing,
    /// Whether the focused pane has the whole body.
    pub zoomed: bool,
    pub sessions: List<Session>,
    pub transactions: List<Transaction>,
    pub timeline: List<Line>,
    /// What all payments of this epoch came to, by currency.
    pub totals: BTreeMap<String, Totals>,
    /// Lines of the timeline that were marked, at most two, in the order in which that was done.
    pub marks: Vec<Seq>,
    /// Whether the timeline's selection stays on the newest line.
    pub following: bool,
    /// The selected button of the bar, where it is still there.
    pub verb: Verb,
    pub inspector: Inspector,
    pub overlay: Option<Overlay>,
    /// The line that is typed into below the panes.
    pub prompt: Option<Prompt>,
    /// The filters used last, the latest first.
    pub filters: Vec<String>,
    pub calls: BTreeMap<CallId, Waiting>,
    pub toast: Option<Toast>,
    /// What was said about this start; nothing once the user has begun. May hold foreign text.
    pub notices: Option<Vec<String>>,
    pub copied: Option<Copied>,
    /// Identifications that were begun here: another console goes on with its own.
    pub begun: BTreeSet<SessionKey>,
    /// Identifications that were gone on with by themselves after the payer came back: once each.
    pub continued: BTreeSet<SessionKey>,
    /// Identifications of ours that were told to wait, and when they are asked again.
    pub waits: BTreeMap<SessionKey, Timestamp>,
    /// Calls whose ends could not be recorded, and why not: money verbs are off.
    pub unrecorded: BTreeMap<CallId, String>,
    /// The keys that came last, and when: the one before and the last.
    pub last_keys: [Option<(Key, Timestamp)>; 2],
    /// An interrupt was pressed: another one quits, unless there is something to stop again.
    pub interrupted: bool,
}

impl Copied {
    /// What of it can be shown to be selected by hand: more than that fits on no screen.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        const SHOWN: usize = 8 * 1024;
        self.bytes.0[..self.bytes.0.len().min(SHOWN)].split(|byte| *byte == b'\n')
    }
}

impl State {
    pub fn new(ids: Ids, at: Timestamp, zone: TimeZone, endpoint: Endpoint, epoch: Epoch) -> Self {
        let mut state = Self {
            size: (0, 0),
            at,
            zone,
            ids,
            word: String::new(),
            externals: 0,
            endpoint,
            reachable: Vec::new(),
            epoch,
            focus: Pane::default(),
            subject: Subject::default(),
            look: Look::default(),
            keymap: Keymap::default(),
            pointing: Pointing::default(),
            zoomed: false,
            sessions: List::default(),
            transactions: List::default(),
            timeline: List::default(),
            totals: BTreeMap::new(),
            marks: Vec::new(),
            following: true,
            verb: Verb::Identify,
            inspector: Inspector::default(),
            overlay: None,
            prompt: None,
            filters: Vec::new(),
            calls: BTreeMap::new(),
            toast: None,
            notices: Some(Vec::new()),
            copied: None,
            begun: BTreeSet::new(),
            continued: BTreeSet::new(),
            waits: BTreeMap::new(),
            unrecorded: BTreeMap::new(),
            last_keys: [None; 2],
            interrupted: false,
        };
        state.word = state.ids.word(4);
        state
    }

    /// The payment that could be deleted from the journal, or why none can.
    pub fn deletable(&self) -> Result<TransactionKey, &'static str> {
        if self.endpoint.replay {
            return Err("a file that is shown again stays as it is");
        }
        if self.subject != Subject::Transaction {
            return Err("for payments only");
        }
        let payment = self.transactions.selected();
        let payment = payment.ok_or("there is no payment to delete")?;
        if payment.in_flight.is_empty() {
            Ok(payment.key)
        } else {
            Err("a call of it is under way")
        }
    }

    /// What a new form is filled with.
    pub fn prefill(&mut self) -> Prefill {
        Prefill {
            call: self.new_call(),
            external: format!("t-{}-{:02}", self.word, self.externals + 1),
            listener: self.endpoint.listener.clone(),
            is_notified: self.endpoint.is_notified,
            kind: self.endpoint.kind,
        }
    }

    /// Notes a key.
    pub fn pressed(&mut self, key: Key) {
        self.last_keys = [self.last_keys[1], Some((key, self.at))];
    }

    /// Whether the last key is one that is held down: nobody presses one so soon again.
    pub fn is_held(&self) -> bool {
        let [Some((before, then)), Some((last, now))] = self.last_keys else {
            return false;
        };
        before == last && (SignedDuration::ZERO..HELD).contains(&now.duration_since(then))
    }

    pub fn new_call(&mut self) -> CallId {
        CallId(self.ids.uuid(self.at))
    }

    pub fn say(&mut self, tone: Tone, words: impl Into<String>) {
        self.toast = Some(Toast {
            words: words.into(),
            tone,
        });
    }

    /// What a list is narrowed to; `None` for a pane that is no list.
    pub fn filter(&self, pane: Pane) -> Option<&Filter> {
        match pane {
            Pane::Sessions => Some(&self.sessions.filter),
            Pane::Transactions => Some(&self.transactions.filter),
            Pane::Timeline => Some(&self.timeline.filter),
            Pane::Verbs | Pane::Inspector => None,
        }
    }

    /// Whether the focused list shows nothing because of its filter.
    pub fn is_filtered_away(&self) -> bool {
        let is_empty = match self.focus {
            Pane::Sessions => self.sessions.rows.is_empty(),
            Pane::Transactions => self.transactions.rows.is_empty(),
            Pane::Timeline => self.timeline.rows.is_empty(),
            Pane::Verbs | Pane::Inspector => false,
        };
        let filter = self.filter(self.focus);
        is_empty && filter.is_some_and(|filter| !filter.is_empty())
    }

    pub fn filter_mut(&mut self, pane: Pane) -> Option<&mut Filter> {
        match pane {
            Pane::Sessions => Some(&mut self.sessions.filter),
            Pane::Transactions => Some(&mut self.transactions.filter),
            Pane::Timeline => Some(&mut self.timeline.filter),
            Pane::Verbs | Pane::Inspector => None,
        }
    }

    /// The verbs that stay possible while nothing can be recorded: those that only read.
    pub fn guard_journal(&self, mut offers: Vec<Offer>) -> Vec<Offer> {
        use Verb::{Authorize, Cancel, Capture, Refund, SendAgain};
        if !self.unrecorded.is_empty() {
            for offer in &mut offers {
                if matches!(
                    offer.verb,
                    Authorize | Cancel | Capture | Refund | SendAgain
                ) {
                    offer.possible = false;
                    offer.can_be_forced = false;
                    "the journal cannot be written".clone_into(&mut offer.words);
                }
            }
        }
        offers
    }
}

impl Keyed for Session {
    type Key = SessionKey;
    fn key(&self) -> SessionKey {
        self.key
    }
    fn first(&self) -> Seq {
        self.first
    }
}

impl Keyed for Transaction {
    type Key = TransactionKey;
    fn key(&self) -> TransactionKey {
        self.key
    }
    fn first(&self) -> Seq {
        self.first
    }
}

impl Keyed for Line {
    type Key = Seq;
    fn key(&self) -> Seq {
        self.seq
    }
    fn first(&self) -> Seq {
        self.seq
    }
}
