//! A journal without a disk, for tests of the fold: entries go in as the writer would put them.

use jiff::Timestamp;
use uuid::Uuid;

use super::super::{Ours, Rows, fold, prepare};
use crate::{
    api::{BangoUserId, Call, ExternalTransactionId, SessionId, TransactionId},
    exchange::{
        Body, CALL_HEADER, CallId, Cut, Epoch, Header, NotSent, Outcome, Phases, REPLAYED_HEADER,
        Report, Request, Response, Standing, What,
    },
    record::{
        Entry, Kind, NewEntry, Seq, Session, SessionKey, Transaction, TransactionKey,
        asked::Fingerprint,
        entry::{Address, Arrived, Ended, Sent},
    },
};

pub const EPOCH: Epoch = Epoch(Uuid::from_u128(0xe));
pub const RUN: Uuid = Uuid::from_u128(0x5a);

#[derive(Clone, Default)]
pub struct Book {
    pub transactions: Vec<Transaction>,
    pub sessions: Vec<Session>,
    calls: Vec<Ours>,
    keys: Vec<String>,
    /// What was appended, for another journal.
    pub appended: Vec<NewEntry>,
    number: u64,
    drawn: u64,
}

/// What the server made of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub status: u16,
    pub body: String,
    pub replayed: bool,
}

impl Told {
    pub fn new(body: &str) -> Self {
        Self {
            status: 200,
            body: body.into(),
            replayed: false,
        }
    }

    pub fn code(code: &str) -> Self {
        Self::new(&format!(r#"{{"responseCode":"{code}"}}"#))
    }

    pub fn again(self) -> Self {
        Self {
            replayed: true,
            ..self
        }
    }

    fn response(&self) -> Response {
        let mut headers = vec![];
        if self.replayed {
            headers.push(Header::new(REPLAYED_HEADER, "true"));
        }
        Response {
            status: self.status,
            headers,
            body: Body::whole(self.body.as_str()),
        }
    }
}

impl Book {
    /// Writes an entry down; a fact that is there already changes nothing.
    pub fn append(&mut self, new: NewEntry) {
        self.appended.push(new.clone());
        let new = match prepare(new, self) {
            Ok(new) => new,
            Err(never) => match never {},
        };
        if self.keys.contains(&new.key()) {
            return;
        }
        self.keys.push(new.key());
        let entry = new.placed(Seq(self.keys.len() as u64));
        self.fold(&entry);
    }

    fn fold(&mut self, entry: &Entry) {
        let folded = match fold(entry, self) {
            Ok(folded) => folded,
            Err(never) => match never {},
        };
        if let Kind::Sent(sent) = &entry.kind {
            self.calls.push(Ours {
                sent: sent.clone(),
                transaction: folded.transaction,
                session: folded.session,
            });
        }
        for transaction in folded.transactions {
            self.transactions
                .retain(|known| known.key != transaction.key);
            self.transactions.push(transaction);
        }
        for session in folded.sessions {
            self.sessions.retain(|known| known.key != session.key);
            self.sessions.push(session);
        }
        self.transactions
            .sort_by_key(|transaction| transaction.first);
        self.sessions.sort_by_key(|session| session.first);
    }

    fn draw(&mut self) -> Uuid {
        self.drawn += 1;
        Uuid::from_u128(0xca11_0000 + u128::from(self.drawn))
    }

    pub fn send(&mut self, call: &Call) -> CallId {
        let id = CallId(self.draw());
        self.send_as(id, &request(call, Some(id)), call);
        id
    }

    pub fn send_stub(&mut self, call: &Call) -> CallId {
        self.send_preferring("status=504", call)
    }

    pub fn send_preferring(&mut self, prefer: &str, call: &Call) -> CallId {
        let id = CallId(self.draw());
        let mut request = request(call, Some(id));
        request.headers.push(Header::new("Prefer", prefer));
        self.send_as(id, &request, call);
        id
    }

    /// To an endpoint that is not a sandbox of ours.
    pub fn send_away(&mut self, call: &Call) -> CallId {
        let id = CallId(self.draw());
        self.send_as(id, &request(call, None), call);
        id
    }

    fn send_as(&mut self, id: CallId, request: &Request, call: &Call) {
        let sent = Sent {
            call: id,
            operation: call.operation,
            request: request.clone(),
            step: None,
        };
        self.append(NewEntry::sent(Timestamp::UNIX_EPOCH, EPOCH, sent));
    }

    pub fn end(&mut self, call: CallId, outcome: Outcome) {
        let ended = Ended { call, outcome };
        self.append(NewEntry::ended(Timestamp::UNIX_EPOCH, EPOCH, ended));
    }

    pub fn answer(&mut self, call: CallId, told: &Told) {
        self.end(call, answered(told.response()));
    }

    /// An answer that names an epoch, as a sandbox's does.
    pub fn answer_in(&mut self, call: CallId, told: &Told, epoch: Epoch) {
        let mut response = told.response();
        let header = Header::new(crate::exchange::EPOCH_HEADER, epoch.0.to_string());
        response.headers.push(header);
        self.end(call, answered(response));
    }

    pub fn cut(&mut self, call: CallId) {
        let why = Cut::TimedOut;
        let phases = Phases::default();
        self.end(call, Outcome::Cut { why, phases });
    }

    pub fn not_sent(&mut self, call: CallId) {
        let why = NotSent::Cancelled;
        self.end(call, Outcome::NotSent { why });
    }

    pub fn say(&mut self, call: &Call, told: &Told) -> CallId {
        let id = self.send(call);
        self.answer(id, told);
        id
    }

    /// The sandbox's report of a call: of ours, or of another program's.
    pub fn exchange(&mut self, of: Option<CallId>, call: &Call, told: &Told, id: Option<&str>) {
        let what = What::Exchange {
            request: request(call, of),
            response: told.response(),
            micros: 1,
            transaction: id.map(TransactionId::from),
            standing: None,
        };
        self.report(of, what);
    }

    /// The sandbox's report of a call after which its payment stands like this.
    pub fn exchange_after_which(
        &mut self,
        epoch: Epoch,
        of: Option<CallId>,
        call: &Call,
        standing: Standing,
    ) {
        let what = What::Exchange {
            request: request(call, of),
            response: Told::code("OK").response(),
            micros: 1,
            transaction: Some("2006721250".into()),
            standing: Some(standing),
        };
        self.report_in(epoch, of, what);
    }

    pub fn report(&mut self, call: Option<CallId>, what: What) {
        self.report_in(EPOCH, call, what);
    }

    fn report_in(&mut self, epoch: Epoch, call: Option<CallId>, what: What) {
        self.number += 1;
        let report = Report {
            run: RUN,
            number: self.number,
            epoch,
            at: Timestamp::UNIX_EPOCH,
            call,
            what,
            why: None,
        };
        self.append(NewEntry::seen(Timestamp::UNIX_EPOCH, report));
    }

    pub fn callback(&mut self, call: CallId, query: &str) {
        let key = call.key();
        let url = format!("/callback/{key}?{query}");
        let arrived = Arrived {
            id: self.draw(),
            at: Address::Callback { key },
            request: Request {
                method: "GET".into(),
                url,
                headers: vec![],
                body: Body::default(),
            },
        };
        self.append(NewEntry::arrived(Timestamp::UNIX_EPOCH, EPOCH, arrived));
    }

    /// The one payment that there is.
    #[track_caller]
    pub fn only(&self) -> &Transaction {
        assert_eq!(self.transactions.len(), 1, "{:#?}", self.transactions);
        &self.transactions[0]
    }
}

fn answered(response: Response) -> Outcome {
    Outcome::Answered {
        response,
        phases: Phases::default(),
    }
}

fn request(call: &Call, id: Option<CallId>) -> Request {
    let headers = id.map(|id| Header::new(CALL_HEADER, id.0.to_string()));
    Request {
        method: call.method.as_str().into(),
        url: format!("http://127.0.0.1:2646/v5/{}", call.path),
        headers: headers.into_iter().collect(),
        body: Body::whole(call.body.clone().unwrap_or_default()),
    }
}

impl Rows for Book {
    type Error = std::convert::Infallible;

    fn ours(&self, call: CallId) -> Result<Option<Ours>, Self::Error> {
        Ok(self
            .calls
            .iter()
            .find(|ours| ours.sent.call == call)
            .cloned())
    }

    fn addressed(&self, key: &str) -> Result<Option<Ours>, Self::Error> {
        let ours = self.calls.iter().find(|ours| ours.sent.call.key() == key);
        Ok(ours.cloned())
    }

    fn transaction(&self, key: TransactionKey) -> Result<Option<Transaction>, Self::Error> {
        let found = self.transactions.iter().find(|known| known.key == key);
        Ok(found.cloned())
    }

    fn transaction_with_id(
        &self,
        epoch: Epoch,
        id: &TransactionId,
    ) -> Result<Option<Transaction>, Self::Error> {
        let is_it = |known: &&Transaction| known.epoch == epoch && known.id.as_ref() == Some(id);
        Ok(self.transactions.iter().find(is_it).cloned())
    }

    fn transaction_with_start(
        &self,
        epoch: Epoch,
        start: &Fingerprint,
    ) -> Result<Option<Transaction>, Self::Error> {
        let is_it =
            |known: &&Transaction| known.epoch == epoch && known.start.as_ref() == Some(start);
        Ok(self.transactions.iter().find(is_it).cloned())
    }

    fn transactions_with_external(
        &self,
        epoch: Epoch,
        external: &ExternalTransactionId,
    ) -> Result<Vec<Transaction>, Self::Error> {
        let is_it =
            |known: &&Transaction| known.epoch == epoch && known.external() == Some(external);
        Ok(self
            .transactions
            .iter()
            .rev()
            .filter(is_it)
            .cloned()
            .collect())
    }

    fn transactions_without_number(
        &self,
        epoch: Epoch,
        user: &BangoUserId,
    ) -> Result<Vec<Transaction>, Self::Error> {
        let is_it = |known: &&Transaction| {
            known.epoch == epoch && known.user() == Some(user) && known.msisdn.is_none()
        };
        Ok(self.transactions.iter().filter(is_it).cloned().collect())
    }

    fn transactions_of_user(
        &self,
        epoch: Epoch,
        user: &BangoUserId,
    ) -> Result<Vec<Transaction>, Self::Error> {
        let is_it = |known: &&Transaction| known.epoch == epoch && known.user() == Some(user);
        Ok(self.transactions.iter().filter(is_it).cloned().collect())
    }

    fn session(&self, key: SessionKey) -> Result<Option<Session>, Self::Error> {
        Ok(self.sessions.iter().find(|known| known.key == key).cloned())
    }

    fn session_with_id(
        &self,
        epoch: Epoch,
        id: &SessionId,
    ) -> Result<Option<Session>, Self::Error> {
        let is_it = |known: &&Session| known.epoch == epoch && known.id.as_ref() == Some(id);
        Ok(self.sessions.iter().find(is_it).cloned())
    }

    fn sessions_of_user(
        &self,
        epoch: Epoch,
        user: &BangoUserId,
    ) -> Result<Vec<Session>, Self::Error> {
        let is_it = |known: &&Session| known.epoch == epoch && known.user() == Some(user);
        Ok(self.sessions.iter().rev().filter(is_it).cloned().collect())
    }

    fn session_of_user(
        &self,
        epoch: Epoch,
        user: &BangoUserId,
    ) -> Result<Option<Session>, Self::Error> {
        let is_it = |known: &&Session| known.epoch == epoch && known.user() == Some(user);
        Ok(self.sessions.iter().rev().find(is_it).cloned())
    }
}
