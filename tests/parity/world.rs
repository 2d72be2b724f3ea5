//! A sandbox, and a program that records what it does with it as the console would.

use std::sync::mpsc;

use bango_console::api::call::Identify;
use bango_console::api::{BangoUserId, Call, SessionId, TransactionId};
use bango_console::clock::{Clock, Ids, Settable};
use bango_console::exchange::page::Turn;
use bango_console::exchange::{CallId, Cut, Outcome, Phases, Report, What};
use bango_console::record::entry::{Ended, Sent};
use bango_console::record::fact::Reply;
use bango_console::record::journal::{Journal, Place, Reader, Sync};
use bango_console::record::{NewEntry, Transaction, TransactionKey};
use bango_console::sandbox::activity::{Activity, Told};
use bango_console::sandbox::{self, Database, Listen, Sandbox};
use bango_console::wire::client::{Client, Credentials, Peer, Timeouts};
use bango_console::wire::payer::Payer;
use jiff::Timestamp;
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// A sandbox, and a program that records what it does with it.
pub struct World {
    runtime: Runtime,
    pub sandbox: Sandbox,
    pub hand: Settable,
    activity: Activity,
    client: Client,
    payer: Payer,
    http: reqwest::Client,
    journal: Journal,
    reader: Reader,
    ids: Ids,
    /// 120 and 180.
    pub users: [BangoUserId; 2],
}

impl World {
    /// With a seed, a reset begins again with the same ids.
    pub fn new(seed: Option<u64>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let (clock, hand) = Clock::settable(Timestamp::UNIX_EPOCH);
        let mut config = sandbox::Config::new(Database::Memory);
        config.listen = Listen::Exact("127.0.0.1:0".parse().unwrap());
        config.clock = clock;
        config.seed = seed;
        let sandbox = runtime.block_on(sandbox::start(config)).unwrap();
        let credentials = Credentials {
            username: "sandbox".to_owned(),
            password: "sandbox".into(),
        };
        let base = sandbox.base_url();
        let client = Client::new(&base, credentials, Peer::OurSandbox, Timeouts::default());
        let mut ids = Ids::new(bango_console::clock::random_seed());
        let run = ids.uuid(Timestamp::UNIX_EPOCH);
        let (console, _) = Clock::settable(Timestamp::UNIX_EPOCH);
        let journal = Journal::open(Place::Memory, run, &console).unwrap();
        let mut world = Self {
            activity: sandbox.activity(),
            client: client.unwrap(),
            payer: Payer::new().unwrap(),
            http: reqwest::Client::new(),
            reader: journal.reader().unwrap(),
            users: ["", ""].map(BangoUserId::from),
            runtime,
            sandbox,
            hand,
            journal,
            ids,
        };
        world.identify_users();
        world
    }

    fn identify_users(&mut self) {
        self.users = [
            self.identify("GBR_BANGO", "447710900120"),
            self.identify("GBR_BANGOREDIRECT", "447710900180"),
        ];
    }

    /// Everything is forgotten, and the users are identified anew.
    pub fn reset(&mut self) {
        let url = format!("http://{}/_sandbox/reset", self.sandbox.address());
        let request = self.http.post(url).basic_auth("sandbox", Some("sandbox"));
        let answer = self.runtime.block_on(request.send()).unwrap();
        assert_eq!(answer.status(), 200);
        self.follow(|report| report.what == What::Reset);
        self.identify_users();
    }

    /// What the sandbox says of the payment with this id; nothing where it has none.
    pub fn state(&self, id: &TransactionId) -> Value {
        let (address, id) = (self.sandbox.address(), id.as_str());
        let url = format!("http://{address}/_sandbox/state?transaction={id}");
        let request = self.http.get(url).basic_auth("sandbox", Some("sandbox"));
        let answer = self
            .runtime
            .block_on(async { request.send().await?.bytes().await });
        let body: Value = serde_json::from_slice(&answer.unwrap()).unwrap();
        assert!(body["payments"].is_array(), "{body}");
        body["payments"][0].clone()
    }

    fn append(&self, entry: NewEntry) {
        let (sender, receiver) = mpsc::channel();
        self.journal
            .append(vec![entry], Sync::Batch, move |recorded| {
                sender.send(recorded).unwrap();
            });
        receiver.recv().unwrap().unwrap();
    }

    /// Sends a call and records it, its answer only where that is not lost on its way.
    pub fn send(&mut self, call: &Call, lost: bool) -> (CallId, Reply) {
        let (at, epoch) = (Timestamp::UNIX_EPOCH, self.sandbox.epoch());
        let id = CallId(self.ids.uuid(at));
        let sent = Sent {
            call: id,
            operation: call.operation,
            request: self.client.request(call, id).unwrap(),
            step: None,
        };
        self.append(NewEntry::sent(at, epoch, sent));
        let answer = self.client.send(call, id, CancellationToken::new());
        let outcome = self.runtime.block_on(answer);
        let Outcome::Answered { response, .. } = &outcome else {
            panic!("no answer: {outcome:?}");
        };
        let reply = Reply::read(response).unwrap();
        let told = if lost {
            let why = Cut::TimedOut;
            let phases = Phases::default();
            Outcome::Cut { why, phases }
        } else {
            outcome
        };
        let ended = Ended {
            call: id,
            outcome: told,
        };
        self.append(NewEntry::ended(at, epoch, ended));
        self.follow(|report| report.call == Some(id));
        (id, reply)
    }

    /// Records what the sandbox reports, up to the report that is waited for.
    pub fn follow(&mut self, is_last: impl Fn(&Report) -> bool) {
        loop {
            let Told::Report(report) = self.runtime.block_on(self.activity.next()) else {
                panic!("reports were missed");
            };
            let is_last = is_last(&report);
            self.append(NewEntry::seen(report.at, (*report).clone()));
            if is_last {
                return;
            }
        }
    }

    fn identify(&mut self, key: &str, number: &str) -> BangoUserId {
        let body = Identify {
            identification_method_key: Some(key.to_owned()),
            callback_url: Some(NOWHERE.to_owned()),
            ..Identify::default()
        };
        let (_, reply) = self.send(&Call::identify(&body), false);
        let session: SessionId = reply.answer.session.clone().unwrap();
        let url = reply.url().unwrap();
        self.press(&url, "continue", &[("msisdn", number)]);
        self.press(&url, "confirm", &[("pin", "1234")]);
        let (_, reply) = self.send(&Call::go_on(&session), false);
        reply.user().unwrap().clone()
    }

    /// Answers whether the pages are over.
    pub fn press(&self, url: &str, action: &str, fields: &[(&str, &str)]) -> bool {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let fields: Vec<_> = fields.iter().map(owned).collect();
        let turn = self.payer.submit(url, &fields, action);
        matches!(self.runtime.block_on(turn).unwrap(), Turn::Over(_))
    }

    pub fn payment(&self, key: TransactionKey) -> Transaction {
        self.reader.transaction(key).unwrap().unwrap()
    }

    pub fn fresh(&mut self) -> String {
        self.ids.word(12)
    }
}

/// A merchant's address at which nobody is.
pub const NOWHERE: &str = "http://127.0.0.1:9/callback";
