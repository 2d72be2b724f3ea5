//! The world of a run: the console's own client, journal, listener and payer, without a screen.

use std::time::Duration;

use url::Url;

use crate::api::{Call, ResponseCode, TransactionId};
use crate::cli::narration::tell;
use crate::console::app::endpoint::READ_ONLY;
use crate::console::app::event::{Done, What};
use crate::console::runtime::Opened;
use crate::exchange::page::{Page, Turn};
use crate::exchange::{CallId, Outcome};
use crate::guide::runner::{Tidings, Told, Walked, World};
use crate::guide::scenario::Walk;
use crate::record::entry::{Address, Arrived, Kind, Step};
use crate::wire::payer::{Payer, PayerError};

/// How long something that has to come is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a person may take with the pages.
const WALK: Duration = Duration::from_secs(10 * 60);
/// The PIN that the test provider sends to every phone.
const PIN: &str = "1234";
const ZIP: &str = "SW1A 1AA";
/// More pages than any walk has.
const PAGES: usize = 8;

pub struct Desk {
    opened: Opened,
    /// What has come to our listener, in order.
    arrived: Vec<Arrived>,
}

impl Desk {
    pub const fn new(opened: Opened) -> Self {
        Self {
            opened,
            arrived: Vec::new(),
        }
    }

    /// Why no scenario is run here.
    pub fn barred(&self) -> Option<String> {
        let endpoint = &self.opened.state.endpoint;
        if endpoint.is_live() {
            Some(format!(
                "the guide is not run with real money: profile {} is live",
                endpoint.name
            ))
        } else if endpoint.read_only {
            Some(format!("the guide writes, and {READ_ONLY}"))
        } else {
            None
        }
    }

    /// Waits until everything is recorded.
    pub async fn leave(self) {
        let (written_in, written) = tokio::sync::oneshot::channel();
        self.opened.outside.journal.when_written(move || {
            let _ = written_in.send(());
        });
        let _ = tokio::time::timeout(PATIENCE, written).await;
    }

    /// The next event, with what it brings noted.
    async fn next(&mut self) -> Option<What> {
        let what = self.opened.events.recv().await?;
        self.opened.outside.notice(&what);
        if let What::Recorded(recorded) = &what {
            for entry in &recorded.entries {
                if let Kind::Arrived(arrived) = &entry.kind {
                    self.arrived.push(arrived.clone());
                }
            }
        }
        Some(what)
    }

    async fn ended(&mut self, id: CallId) -> Result<Outcome, String> {
        loop {
            match self.next().await {
                Some(What::Recorded(recorded)) => {
                    for entry in recorded.entries {
                        match entry.kind {
                            Kind::Ended(ended) if ended.call == id => return Ok(ended.outcome),
                            _ => {}
                        }
                    }
                }
                Some(What::Done(
                    Done::NotSent { call, why } | Done::Unrecorded { call, why, .. },
                )) if call == id => return Err(why),
                Some(_) => {}
                None => return Err("nobody tells any more what becomes of it".to_owned()),
            }
        }
    }

    fn heard(&self, call: CallId, how: Told) -> Option<Tidings> {
        let arrived = self.arrived.iter();
        let mut tidings = arrived.filter_map(|arrived| match (&arrived.at, how) {
            (Address::Callback { key }, Told::Back) if *key == call.key() => {
                in_query(&arrived.request.url)
            }
            (Address::Notification { key }, Told::ByNotification) if *key == call.key() => {
                in_body(&arrived.request.body.kept)
            }
            _ => None,
        });
        tidings.next()
    }
}

impl World for Desk {
    fn new_call(&mut self) -> CallId {
        self.opened.state.new_call()
    }

    fn is_ours(&self) -> bool {
        !self.opened.state.endpoint.kind.is_remote()
    }

    fn new_external(&mut self) -> String {
        let state = &mut self.opened.state;
        state.externals += 1;
        format!("g-{}-{:02}", state.word, state.externals)
    }

    fn callback_url(&self, call: CallId) -> Option<String> {
        let base = self.opened.state.endpoint.listener.as_ref()?;
        Some(format!("{base}/callback/{}", call.key()))
    }

    fn notification_url(&self, call: CallId) -> Option<String> {
        let endpoint = &self.opened.state.endpoint;
        let base = endpoint
            .listener
            .as_ref()
            .filter(|_| endpoint.is_notified)?;
        Some(format!("{base}/notification/{}", call.key()))
    }

    async fn call(&mut self, id: CallId, call: Call, step: Step) -> Result<Outcome, String> {
        self.opened.outside.send(id, call, Some(step));
        self.ended(id).await
    }

    async fn walk(&mut self, url: &str, walk: &Walk) -> Walked {
        let Some(payer) = self.opened.outside.payer.clone() else {
            tell(&format!("bango: {}, on this machine: {url}", task(walk)));
            return Walked::ByHand;
        };
        match walked(&payer, url, walk).await {
            Ok(walked) => walked,
            Err(error) => Walked::Failed(format!("could not open the payer's page: {error}")),
        }
    }

    async fn told(&mut self, call: CallId, how: Told) -> Option<Tidings> {
        let is_by_hand = self.opened.outside.payer.is_none();
        let patience = if is_by_hand { WALK } else { PATIENCE };
        let coming = async {
            loop {
                if let Some(tidings) = self.heard(call, how) {
                    return Some(tidings);
                }
                self.next().await?;
            }
        };
        tokio::time::timeout(patience, coming).await.ok().flatten()
    }
}

/// What the payer has to do where the pages are somebody else's.
fn task(walk: &Walk) -> String {
    match walk {
        Walk::Identifies(number) => format!("be the payer {}", number.as_str()),
        Walk::Approves => "approve the payment".to_owned(),
        Walk::Cancels => "cancel the payment as the payer".to_owned(),
    }
}

async fn walked(payer: &Payer, url: &str, walk: &Walk) -> Result<Walked, PayerError> {
    let mut page = payer.open(url).await?;
    for _ in 0..PAGES {
        if page.done {
            return Ok(Walked::Over);
        }
        if let Some(error) = &page.error {
            let why = format!("the page did not take it: {}", error.screen_text());
            return Ok(Walked::Failed(why));
        }
        let Some(action) = action(&page, walk) else {
            return Ok(Walked::Failed("the page has no button for it".to_owned()));
        };
        let fields = filled(&page, walk);
        match payer.submit(&page.url.clone(), &fields, &action).await? {
            Turn::Over(_) => return Ok(Walked::Over),
            Turn::Page(next) => page = next,
        }
    }
    Ok(Walked::Failed("the pages have no end".to_owned()))
}

fn action(page: &Page, walk: &Walk) -> Option<String> {
    let wants_to_cancel = *walk == Walk::Cancels;
    let mut actions = page.actions.iter().map(|action| action.name.as_str());
    let found = actions.find(|name| (*name == "cancel") == wants_to_cancel);
    found.map(str::to_owned)
}

fn filled(page: &Page, walk: &Walk) -> Vec<(String, String)> {
    let value = |name: &str| match (walk, name) {
        (Walk::Identifies(_), "pin") => PIN,
        (Walk::Identifies(number), _) => number.as_str(),
        (Walk::Approves, _) => ZIP,
        (Walk::Cancels, _) => "",
    };
    let fields = page.fields.iter();
    fields
        .map(|field| (field.name.clone(), value(&field.name).to_owned()))
        .collect()
}

fn in_query(url: &str) -> Option<Tidings> {
    let base = Url::parse("http://127.0.0.1").ok()?;
    let url = base.join(url).ok()?;
    let value = |wanted: &str| {
        let mut pairs = url.query_pairs();
        let found = pairs.find(|(name, _)| name == wanted)?;
        Some(found.1.into_owned())
    };
    Some(tidings(&value("responseCode")?, value("transactionId")))
}

fn in_body(body: &[u8]) -> Option<Tidings> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let text = |name: &str| body.get(name)?.as_str().map(str::to_owned);
    Some(tidings(&text("responseCode")?, text("transactionId")))
}

/// Both ways, no transaction is the text `null`.
fn tidings(code: &str, transaction: Option<String>) -> Tidings {
    let transaction = transaction.filter(|id| !id.is_empty() && id != "null");
    Tidings {
        code: ResponseCode::parse(code),
        transaction: transaction.map(TransactionId::new),
    }
}
