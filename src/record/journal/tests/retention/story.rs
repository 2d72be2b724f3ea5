//! Journals of long lives: payments of a few payers, by us and by others, interrupted, marked, and
//! across a reset. Ids are few, so that they meet.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    super::{call, report, request, response},
    Bench,
};
use crate::{
    api::{
        Adjust, BangoUserId, Call, Item, Msisdn, SessionId, Start, TransactionId, call::Identify,
    },
    exchange::{CallId, Cut, Epoch, NotSent, Outcome, PageOf, Phases, What},
    money::{Amount, Currency},
    record::{
        NewEntry, Origin, Seq, TransactionKey,
        entry::{About, Address, Arrived, Ended, Missed, Remark, Sent, Step},
    },
};

const EPOCHS: [Epoch; 2] = [Epoch(Uuid::from_u128(1)), Epoch(Uuid::from_u128(2))];

/// What a call is about. Payments, sessions and payers are numbered.
#[derive(Clone, Copy, Debug)]
pub enum Said {
    Start { payment: u8 },
    Capture { payment: u8 },
    Refund { payment: u8 },
    Retrieve { payment: u8 },
    Identify,
    GoOn { session: u8 },
    Status { user: u8 },
    Close { user: u8 },
}

#[derive(Clone, Debug)]
pub enum Event {
    Sent {
        call: u8,
        said: Said,
        in_guide: bool,
    },
    Answered {
        call: u8,
        said: Said,
        code: &'static str,
    },
    Cut {
        call: u8,
    },
    NotSent {
        call: u8,
    },
    /// Another program's call, or with an id the sandbox's word on one of ours.
    Reported {
        call: Option<u8>,
        said: Said,
        code: &'static str,
    },
    Identified {
        session: u8,
        user: u8,
    },
    Finished {
        payment: u8,
    },
    Page {
        payment: u8,
    },
    Missed,
    Callback {
        call: u8,
    },
    Marked {
        entry: Option<u8>,
        call: u8,
    },
    /// From here on, entries belong to the other epoch.
    Reset,
}

/// What happened, each after so many hours.
pub type Story = Vec<(i64, Event)>;

pub fn story() -> impl Strategy<Value = Story> {
    proptest::collection::vec((0..100_i64, event()), 0..70)
}

fn said() -> impl Strategy<Value = Said> {
    let payment = 0..4_u8;
    prop_oneof![
        4 => payment.clone().prop_map(|payment| Said::Start { payment }),
        2 => payment.clone().prop_map(|payment| Said::Capture { payment }),
        2 => payment.clone().prop_map(|payment| Said::Refund { payment }),
        1 => payment.prop_map(|payment| Said::Retrieve { payment }),
        2 => Just(Said::Identify),
        1 => (0..2_u8).prop_map(|session| Said::GoOn { session }),
        1 => (0..2_u8).prop_map(|user| Said::Status { user }),
        2 => (0..2_u8).prop_map(|user| Said::Close { user }),
    ]
}

fn code() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "OK",
        "OK",
        "OK",
        "REFUNDED",
        "CANCELLED",
        "CLIENT_ACTION_REQUIRED",
        "DECLINED",
        "NOT_FOUND",
        "TELEPORTED",
    ])
}

fn event() -> impl Strategy<Value = Event> {
    let call = 0..20_u8;
    let payment = 0..4_u8;
    prop_oneof![
        8 => (call.clone(), said(), proptest::bool::weighted(0.05))
            .prop_map(|(call, said, in_guide)| Event::Sent { call, said, in_guide }),
        10 => (call.clone(), said(), code())
            .prop_map(|(call, said, code)| Event::Answered { call, said, code }),
        1 => call.clone().prop_map(|call| Event::Cut { call }),
        1 => call.clone().prop_map(|call| Event::NotSent { call }),
        6 => (proptest::option::of(call.clone()), said(), code())
            .prop_map(|(call, said, code)| Event::Reported { call, said, code }),
        2 => (0..2_u8, 0..2_u8).prop_map(|(session, user)| Event::Identified { session, user }),
        1 => payment.clone().prop_map(|payment| Event::Finished { payment }),
        1 => payment.prop_map(|payment| Event::Page { payment }),
        1 => Just(Event::Missed),
        1 => call.clone().prop_map(|call| Event::Callback { call }),
        1 => (proptest::option::of(0..70_u8), call)
            .prop_map(|(entry, call)| Event::Marked { entry, call }),
        1 => Just(Event::Reset),
    ]
}

/// Writes the story down, and tells when it ended.
pub fn write(story: &Story, bench: &Bench) -> Timestamp {
    let (entries, ended) = entries(story);
    for entry in entries {
        bench.append(entry);
    }
    ended
}

/// What there is to write down of the story, and when it ended.
pub fn entries(story: &Story) -> (Vec<NewEntry>, Timestamp) {
    let mut entries = vec![];
    let mut at = Timestamp::UNIX_EPOCH;
    let mut epochs = EPOCHS.into_iter().cycle();
    let mut epoch = EPOCHS[1];
    let mut sent = vec![];
    for (number, (hours, event)) in (1..).zip(story) {
        at += SignedDuration::from_hours(*hours);
        if matches!(event, Event::Reset) {
            epoch = epochs.next().unwrap();
        }
        match event {
            Event::Sent { call, .. } => sent.push(*call),
            // Nothing is heard of a call before it is written down.
            other if other.call().is_some_and(|call| !sent.contains(&call)) => continue,
            _ => {}
        }
        let moment = Moment { number, at, epoch };
        entries.push(moment.entry(event));
    }
    (entries, at)
}

impl Event {
    /// The call of ours that it is about.
    fn call(&self) -> Option<u8> {
        match *self {
            Self::Answered { call, .. }
            | Self::Cut { call }
            | Self::NotSent { call }
            | Self::Callback { call } => Some(call),
            Self::Reported { call, .. } => call,
            _ => None,
        }
    }
}

/// When an entry is written, and which one it is.
struct Moment {
    number: u64,
    at: Timestamp,
    epoch: Epoch,
}

impl Moment {
    fn entry(&self, event: &Event) -> NewEntry {
        let phases = Phases::default();
        match *event {
            Event::Sent {
                call,
                said,
                in_guide,
            } => self.sent(id(call), &said.call(), in_guide),
            Event::Answered { call, said, code } => {
                let response = response(&said.answer(code));
                self.ended(call, Outcome::Answered { response, phases })
            }
            Event::Cut { call } => {
                let why = Cut::TimedOut;
                self.ended(call, Outcome::Cut { why, phases })
            }
            Event::NotSent { call } => {
                let why = NotSent::Cancelled;
                self.ended(call, Outcome::NotSent { why })
            }
            Event::Callback { call } => self.callback(id(call)),
            Event::Marked { entry, call } => self.marked(entry, call),
            Event::Missed => {
                let missed = Missed {
                    run: Uuid::from_u128(0x5a),
                    from: self.number,
                    count: 2,
                };
                NewEntry::missed(self.at, self.epoch, missed)
            }
            Event::Reported { call, .. } => self.seen(call.map(id), event.told()),
            _ => self.seen(None, event.told()),
        }
    }

    fn sent(&self, call: CallId, said: &Call, in_guide: bool) -> NewEntry {
        let step = in_guide.then(|| Step {
            scenario: "s".into(),
            step: "1".into(),
        });
        let sent = Sent {
            call,
            operation: said.operation,
            request: request(said, Some(call)),
            step,
        };
        NewEntry::sent(self.at, self.epoch, sent)
    }

    fn ended(&self, call: u8, outcome: Outcome) -> NewEntry {
        let call = id(call);
        NewEntry::ended(self.at, self.epoch, Ended { call, outcome })
    }

    fn seen(&self, call: Option<CallId>, what: What) -> NewEntry {
        let mut report = report(self.number, call, what);
        report.epoch = self.epoch;
        NewEntry::seen(self.at, report)
    }

    fn callback(&self, call: CallId) -> NewEntry {
        let key = call.key();
        let mut request = request(&Call::retrieve(&payment_id(0)), None);
        request.url = format!("/callback/{key}?responseCode=OK");
        let arrived = Arrived {
            id: Uuid::from_u128(self.number.into()),
            at: Address::Callback { key },
            request,
        };
        NewEntry::arrived(self.at, self.epoch, arrived)
    }

    fn marked(&self, entry: Option<u8>, call: u8) -> NewEntry {
        let payment = TransactionKey(Origin::Call(id(call)));
        let about = entry.map_or(About::Transaction(payment), |entry| {
            About::Entry(Seq(entry.into()))
        });
        let remark = Remark {
            id: Uuid::from_u128(self.number.into()),
            about: Some(about),
            text: String::new(),
        };
        NewEntry::remark(self.at, self.epoch, remark)
    }
}

impl Event {
    /// What a report of it says.
    fn told(&self) -> What {
        match *self {
            Self::Reported { call, said, code } => What::Exchange {
                request: request(&said.call(), call.map(id)),
                response: response(&said.answer(code)),
                micros: 1,
                transaction: None,
                standing: None,
            },
            Self::Identified {
                session,
                user: payer,
            } => What::Identified {
                session: Some(session_id(session)),
                user: user(payer),
                msisdn: Msisdn::parse("447710900120").unwrap(),
                key: "GBR_BANGO".into(),
            },
            Self::Finished { payment } => What::Finished {
                transaction: payment_id(payment),
                external: Some(format!("t-{payment}").into()),
                code: "OK".into(),
            },
            Self::Page { payment } => What::Page {
                of: PageOf::Transaction(payment_id(payment)),
                title: "Confirm".into(),
                action: None,
            },
            _ => What::Reset,
        }
    }
}

impl Said {
    fn call(self) -> Call {
        match self {
            Self::Start { payment } => Call::authorize(&Start {
                user: user(payment % 2),
                external: Some(format!("t-{payment}").into()),
                gross: Amount::from_hundredths(1099),
                tax: None,
                currency: Currency::USD,
                item: Item::default(),
                callback_url: None,
                notification_url: None,
            }),
            Self::Capture { payment } => Call::capture(&payment_id(payment), None),
            Self::Refund { payment } => {
                let part = Adjust {
                    external: Some("r-1".into()),
                    amounts: Some((Amount::from_hundredths(159), None, Currency::USD)),
                    ..Adjust::default()
                };
                Call::refund(&payment_id(payment), Some(&part))
            }
            Self::Retrieve { payment } => Call::retrieve(&payment_id(payment)),
            Self::Identify => Call::identify(&Identify::default()),
            Self::GoOn { session } => Call::go_on(&session_id(session)),
            Self::Status { user: payer } => Call::status(&user(payer)),
            Self::Close { user: payer } => Call::close_account(&user(payer)),
        }
    }

    fn answer(self, code: &str) -> String {
        let ids = match self {
            Self::Start { payment }
            | Self::Capture { payment }
            | Self::Refund { payment }
            | Self::Retrieve { payment } => {
                format!(r#""transactionId":"{}""#, payment_id(payment).as_str())
            }
            Self::Identify => r#""sessionId":"s-0","bangoUserId":"u-0""#.to_owned(),
            Self::GoOn { session }
            | Self::Status { user: session }
            | Self::Close { user: session } => {
                format!(r#""sessionId":"s-{session}","bangoUserId":"u-{session}""#)
            }
        };
        format!(r#"{{"responseCode":"{code}",{ids}}}"#)
    }
}

fn id(number: u8) -> CallId {
    call(number.into())
}

fn payment_id(number: u8) -> TransactionId {
    format!("p-{number}").into()
}

fn session_id(number: u8) -> SessionId {
    format!("s-{number}").into()
}

fn user(number: u8) -> BangoUserId {
    format!("u-{number}").into()
}
