//! One function for each effect. Each brings its end back as an event, exactly once.

mod inspect;

use std::collections::HashMap;
use std::path::PathBuf;

use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

use super::calling::Calling;
use super::exporting;
use super::life::Life;
use super::reading::{FILTERS, Reading};
use super::unrecorded::Unrecorded;
use crate::api::{Call, Method};
use crate::clock::Clock;
use crate::console::app::copy::Bytes;
use crate::console::app::effect::{Control, Effect, Query, Visit};
use crate::console::app::event::{Done, Told, Visited, What, Whereabouts};
use crate::console::app::export::Order;
use crate::console::app::inspector::Shown;
use crate::console::clipboard::{Clipboard, Copied};
use crate::exchange::page::Turn;
use crate::exchange::{self, CallId, Outcome};
use crate::record::entry::{Ended, Kind, Sent, Step};
use crate::record::exchanged::Exchanged;
use crate::record::journal::{Journal, JournalError, Sync};
use crate::record::{NewEntry, TransactionKey};
use crate::wire::client::{self, Client};
use crate::wire::payer::Payer;

/// The effects that only the loop can have: they need its terminal, or end it.
#[must_use]
#[derive(Debug)]
pub enum ForLoop {
    WakeAt(Timestamp),
    ToTerminal { escape: String },
    Redraw,
    Theme { name: String },
    Mouse { ours: bool },
    Reread,
    Suspend,
    Switch { profile: String },
    Quit,
}

/// Everything the console can reach.
pub struct Outside {
    pub journal: Journal,
    pub reading: Reading,
    pub unrecorded: Unrecorded,
    /// `None` while there is no sandbox to call.
    pub client: Option<Client>,
    /// How calls are made when the sandbox is somewhere else.
    pub calling: Option<Calling>,
    /// `None` in a replay: nobody is to be called.
    pub payer: Option<Payer>,
    pub clipboard: Clipboard,
    /// Where exports go.
    pub folder: PathBuf,
    pub events: UnboundedSender<What>,
    pub clock: Clock,
    pub life: Life,
    /// The calls under way, each with the means to stop waiting.
    pub calls: HashMap<CallId, CancellationToken>,
    pub tasks: Handle,
    /// The filter that is run.
    pub filter: Option<AbortHandle>,
}

impl Outside {
    /// Does what can be done without a terminal, and hands back what is the loop's.
    pub fn perform(&mut self, effect: Effect) -> Option<ForLoop> {
        match effect {
            Effect::Send { id, call } => self.send(id, call, None),
            Effect::SendAgain { id, of } => self.send_again(id, of),
            Effect::Preview { id, call } => self.preview(id, &call),
            Effect::Cancel(call) => self.cancel(call),
            Effect::Read(query) => self.read(query),
            Effect::LayOut(shown) => self.lay_out(shown),
            Effect::Query {
                number,
                filter,
                body,
            } => self.query(number, filter, body),
            Effect::StopQuery => self.stop_query(),
            Effect::KeepFilters(used) => self.keep_filters(&used),
            Effect::Visit(visit) => self.visit(visit),
            Effect::Steer(control) => self.steer(control),
            Effect::Copy { what, bytes } => self.copy(what, bytes),
            Effect::Export(order) => self.export(order),
            Effect::Open { url } => self.open(url),
            Effect::WakeAt(at) => return Some(ForLoop::WakeAt(at)),
            Effect::ToTerminal { escape } => return Some(ForLoop::ToTerminal { escape }),
            Effect::Remember { name, value } => self.journal.remember(name, value, |_| {}),
            Effect::Delete(payment) => self.delete(payment),
            Effect::Redraw => return Some(ForLoop::Redraw),
            Effect::Theme { name } => return Some(ForLoop::Theme { name }),
            Effect::Mouse { ours } => return Some(ForLoop::Mouse { ours }),
            Effect::Reread => return Some(ForLoop::Reread),
            Effect::Suspend => return Some(ForLoop::Suspend),
            Effect::Switch { profile } => return Some(ForLoop::Switch { profile }),
            Effect::Quit => return Some(ForLoop::Quit),
        }
        None
    }

    /// Sees every event before the console does: a call that has ended needs no means to stop it.
    pub fn notice(&mut self, what: &What) {
        match what {
            What::Recorded(recorded) => {
                for entry in &recorded.entries {
                    if let Kind::Ended(ended) = &entry.kind {
                        self.calls.remove(&ended.call);
                    }
                }
                if !recorded.entries.is_empty() {
                    self.record_the_unrecorded();
                }
            }
            What::Done(Done::NotSent { call, .. } | Done::Unrecorded { call, .. }) => {
                self.calls.remove(call);
            }
            What::Done(Done::Sandbox(whereabouts)) => self.turn_to(*whereabouts),
            What::Input(_) | What::Done(_) => {}
        }
    }

    /// Calls go to where the sandbox is. While there is none, nothing may leave: by then anybody may
    /// listen at its old address.
    fn turn_to(&mut self, whereabouts: Whereabouts) {
        self.client = match whereabouts {
            Whereabouts::At { address, epoch, .. } => {
                self.life.enter(epoch);
                let calling = self.calling.as_ref();
                calling.and_then(|calling| calling.client(address).ok())
            }
            Whereabouts::Nowhere { .. } => None,
        };
    }

    /// The journal takes entries again, so perhaps also those that it refused.
    fn record_the_unrecorded(&self) {
        for (call, ended) in self.unrecorded.all() {
            let (unrecorded, events) = (self.unrecorded.clone(), self.events.clone());
            self.journal
                .append(vec![ended], Sync::Full, move |recorded| {
                    if let Ok(recorded) = recorded {
                        unrecorded.forget(call);
                        tell(&events, What::Recorded(recorded));
                    }
                });
        }
    }

    pub fn is_waiting(&self) -> bool {
        !self.calls.is_empty()
    }

    pub fn cancel_all(&self) {
        for token in self.calls.values() {
            token.cancel();
        }
    }

    fn preview(&self, id: CallId, call: &Call) {
        let request = match &self.client {
            Some(client) => client.request(call, id).map_err(|why| words(&why)),
            None => Err("there is no sandbox now".to_owned()),
        };
        let request = request.map(Box::new);
        done(&self.events, Done::Previewed { id, request });
    }

    fn cancel(&self, call: CallId) {
        if let Some(token) = self.calls.get(&call) {
            token.cancel();
        }
    }

    /// The intent is on disk before the first byte leaves; what became of it is recorded when it is known.
    pub fn send(&mut self, id: CallId, call: Call, step: Option<Step>) {
        let events = self.events.clone();
        let Some(client) = self.client.clone() else {
            let why = "the sandbox has gone, and is not back yet".to_owned();
            done(&events, Done::NotSent { call: id, why });
            return;
        };
        let request = match client.request(&call, id) {
            Ok(request) => request,
            Err(why) => {
                done(
                    &events,
                    Done::NotSent {
                        call: id,
                        why: words(&why),
                    },
                );
                return;
            }
        };
        let sync = if call.operation.moves_money() {
            Sync::Full
        } else {
            Sync::Batch
        };
        let token = CancellationToken::new();
        self.calls.insert(id, token.clone());
        let sent = Sent {
            call: id,
            operation: call.operation,
            request: request.clone(),
            step,
        };
        let entry = NewEntry::sent(self.clock.now(), self.life.epoch(), sent);
        let departure = Departure {
            client,
            journal: self.journal.clone(),
            unrecorded: self.unrecorded.clone(),
            events: self.events.clone(),
            clock: self.clock.clone(),
            life: self.life.clone(),
            tasks: self.tasks.clone(),
        };
        self.journal
            .append(vec![entry], sync, move |recorded| match recorded {
                Ok(recorded) => {
                    tell(&events, What::Recorded(recorded));
                    departure.leave(id, call, request, sync, token);
                }
                Err(error) => done(
                    &events,
                    Done::NotSent {
                        call: id,
                        why: error.to_string(),
                    },
                ),
            });
    }

    /// The bytes of an earlier call, as the journal has them.
    fn send_again(&mut self, id: CallId, of: CallId) {
        let earlier = match self.reading.call(of) {
            Ok(Some(earlier)) => earlier,
            Ok(None) => {
                let why = "the journal does not have that call".to_owned();
                done(&self.events, Done::NotSent { call: id, why });
                return;
            }
            Err(error) => {
                done(
                    &self.events,
                    Done::NotSent {
                        call: id,
                        why: error.to_string(),
                    },
                );
                return;
            }
        };
        let client = self.client.as_ref();
        let path = client.and_then(|client| client.below_base(&earlier.request.url));
        let Some(call) = path.and_then(|path| same_call(&earlier, path)) else {
            let why = "its request was not kept whole".to_owned();
            done(&self.events, Done::NotSent { call: id, why });
            return;
        };
        self.send(id, call, None);
    }

    /// Rows are read in their turn behind what is being written: so a window neither lacks nor repeats
    /// what is told as recorded around it, and rows that are made anew are waited for. Bodies may be
    /// long and a search may take a while: they keep nobody waiting. What a search misses while it runs
    /// is asked for again, because what is recorded makes the console ask again.
    fn read(&self, query: Query) {
        let of_bodies = matches!(query, Query::Exchange(_) | Query::Compare(..));
        let (reading, journal) = (self.reading.clone(), self.journal.clone());
        let tell = answering(self.events.clone());
        let question = reading.ask(query);
        let search = question.is_search();
        let answer = move || {
            let again = (reading.clone(), question.clone());
            reading.answer(&question, |answer| match answer {
                // A row that cannot be read must not hide the others: its entries tell what was in it.
                Err(JournalError::Damaged { .. }) => journal.fold_anew(move |_| {
                    let (reading, question) = again;
                    reading.answer(&question, tell);
                }),
                answer => tell(answer),
            });
        };
        if of_bodies {
            self.tasks.spawn_blocking(answer);
        } else if search {
            let tasks = self.tasks.clone();
            self.journal
                .when_written(move || drop(tasks.spawn_blocking(answer)));
        } else {
            self.journal.when_written(answer);
        }
    }

    fn keep_filters(&self, used: &[String]) {
        let used = serde_json::Value::from(used).to_string();
        // Where it cannot be kept, it is not there the next time.
        self.journal.remember(FILTERS, used, drop);
    }

    fn delete(&self, payment: TransactionKey) {
        let events = self.events.clone();
        self.journal.delete(payment, move |deleted| match deleted {
            Ok(recorded) => tell(&events, What::Recorded(recorded)),
            Err(error) => {
                let why = error.to_string();
                done(&events, Done::NotDeleted { why });
            }
        });
    }

    fn visit(&self, visit: Visit) {
        let events = self.events.clone();
        let Some(payer) = self.payer.clone() else {
            return;
        };
        self.tasks.spawn(async move {
            let (url, visited) = match visit {
                Visit::Look { url } => {
                    let page = payer.open(&url).await;
                    (url, page.map(Visited::Page))
                }
                Visit::Submit {
                    url,
                    fields,
                    action,
                } => {
                    let turn = payer.submit(&url, &fields, &action).await;
                    let visited = turn.map(|turn| match turn {
                        Turn::Page(page) => Visited::Page(page),
                        Turn::Over(_) => Visited::Finished,
                    });
                    (url, visited)
                }
            };
            let visited = visited.unwrap_or_else(|error| {
                Visited::Failed(format!("could not open the payer's page: {error}"))
            });
            done(&events, Done::Visited { url, visited });
        });
    }

    fn steer(&self, control: Control) {
        let events = self.events.clone();
        let Some(client) = self.client.clone() else {
            let error = Some("there is no sandbox now".to_owned());
            done(&events, Done::Steered { control, error });
            return;
        };
        self.tasks.spawn(async move {
            let Control::SmsArrives { id, .. } = &control;
            let steered = client.steer(&["sessions", id.as_str(), "sms"]).await;
            let error = steered.err().map(|error| error.to_string());
            done(&events, Done::Steered { control, error });
        });
    }

    fn copy(&self, what: &'static str, bytes: Bytes) {
        let events = self.events.clone();
        let Ok(text) = String::from_utf8(bytes.0.clone()) else {
            let told = Told::Failed {
                why: "it is not text".to_owned(),
            };
            done(&events, Done::Copied { what, bytes, told });
            return;
        };
        self.clipboard.copy(text, move |copied| {
            let told = match copied {
                Copied::By(_) => Told::Copied {
                    route: copied.words(),
                },
                Copied::WriteToTerminal { escape } => Told::SentToTerminal { escape },
                Copied::Failed(error) => Told::Failed {
                    why: error.to_string(),
                },
            };
            done(&events, Done::Copied { what, bytes, told });
        });
    }

    fn export(&self, order: Order) {
        let (journal, unrecorded) = (self.journal.clone(), self.unrecorded.clone());
        let events = self.events.clone();
        let (folder, made_at) = (self.folder.clone(), self.clock.now());
        self.tasks.spawn_blocking(move || {
            let file = exporting::export(&journal, &unrecorded, &order, made_at, &folder);
            let file = file.map_err(|error| error.to_string());
            done(&events, Done::Exported { file });
        });
    }

    fn open(&self, url: String) {
        let events = self.events.clone();
        self.tasks.spawn_blocking(move || {
            let error = super::browser::open(&url).err();
            let error = error.map(|error| error.to_string());
            done(&events, Done::Opened { error });
        });
    }
}

/// What a call needs once its intent is recorded.
struct Departure {
    client: Client,
    journal: Journal,
    unrecorded: Unrecorded,
    events: UnboundedSender<What>,
    clock: Clock,
    life: Life,
    tasks: Handle,
}

impl Departure {
    fn leave(
        self,
        id: CallId,
        call: Call,
        request: exchange::Request,
        sync: Sync,
        token: CancellationToken,
    ) {
        let Self {
            client,
            journal,
            unrecorded,
            events,
            clock,
            life,
            tasks,
        } = self;
        let operation = call.operation;
        let report = move |outcome: Outcome| {
            let entry = NewEntry::ended(
                clock.now(),
                life.epoch(),
                Ended {
                    call: id,
                    outcome: outcome.clone(),
                },
            );
            let kept = entry.clone();
            journal.append(vec![entry], sync, move |recorded| match recorded {
                Ok(recorded) => tell(&events, What::Recorded(recorded)),
                Err(error) => {
                    unrecorded.keep(id, kept);
                    let mut shown = Shown::new(request, Some(outcome));
                    shown.operation = Some(operation);
                    done(
                        &events,
                        Done::Unrecorded {
                            call: id,
                            shown: Box::new(shown),
                            why: error.to_string(),
                        },
                    );
                }
            });
        };
        let _inside = tasks.enter();
        client::start(client, call, id, token, report);
    }
}

fn answering(events: UnboundedSender<What>) -> impl FnOnce(Result<Done, JournalError>) + Send {
    move |answer| {
        let answer = answer.unwrap_or_else(|error| {
            Done::Notice(format!("the journal could not be read: {error}"))
        });
        done(&events, answer);
    }
}

/// The call that an exchange was, to be sent once more.
fn same_call(earlier: &Exchanged, path: &str) -> Option<Call> {
    let request = &earlier.request;
    if request.body.length != request.body.kept.len() as u64 {
        return None;
    }
    let method: Method = exchange::method(request)?;
    let body = (!request.body.is_empty()).then(|| request.body.kept.clone());
    Some(Call {
        operation: earlier.operation?,
        method,
        path: path.to_owned(),
        body,
        // A call that names its own answer moves nothing, so there is nothing to resolve.
        stub: None,
        fault: None,
    })
}

fn words(why: &exchange::NotSent) -> String {
    match why {
        exchange::NotSent::NoConnection { error }
        | exchange::NotSent::Tls { error }
        | exchange::NotSent::Unbuildable { error } => error.clone(),
        exchange::NotSent::Cancelled => "cancelled while connecting".to_owned(),
    }
}

/// The receiver is gone only when the console has ended.
pub fn tell(events: &UnboundedSender<What>, what: What) {
    let _ = events.send(what);
}

pub fn done(events: &UnboundedSender<What>, ended: Done) {
    tell(events, What::Done(ended));
}
