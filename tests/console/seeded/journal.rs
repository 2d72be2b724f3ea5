//! Forty payments as the wire told of them, with the identifications of their payers.

use std::sync::{LazyLock, mpsc};

use bango_console::api::call::Identify;
use bango_console::api::{Adjust, Call, Item, SessionId, Start, TransactionId};
use bango_console::clock::Clock;
use bango_console::console::app::effect::Query;
use bango_console::exchange::{
    Body, CallId, Cut, NotSent, Outcome, Phases, Report, Request, Standing, Stands,
    What as Happened,
};
use bango_console::money::{Amount, Currency, Taxed};
use bango_console::record::entry::{Address, Arrived, Ended, Sent};
use bango_console::record::filter::Filter;
use bango_console::record::journal::{Journal, Place, Sync};
use bango_console::record::transaction::Status;
use bango_console::record::window::{self, Window};
use bango_console::record::{NewEntry, Transaction};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::Seat;
use crate::cast::{answer, call, payer, request};
use crate::stage::{EPOCH, noon};

const PAYMENTS: u64 = 40;
const SESSION: &str = "8322c4adc6ad4046b58ecb4a9f0b1551";

/// What the console asks when it begins.
pub fn at_the_start() -> [Query; 4] {
    let filter = Filter::default();
    let around = None;
    [
        Query::Sessions {
            around,
            filter: filter.clone(),
        },
        Query::Transactions {
            around: None,
            filter: filter.clone(),
        },
        Query::Timeline {
            around: None,
            filter,
        },
        Query::Totals(EPOCH),
    ]
}

pub fn payments(journal: &Journal) -> Vec<Transaction> {
    let window = Window {
        place: window::Place::Newest,
        limit: 100,
    };
    journal.reader().unwrap().transactions(window).unwrap().rows
}

/// Selects the newest payment that stands there.
pub fn payment(seat: &mut Seat, status: Status) -> &mut Seat {
    seat.keys("2g");
    while seat.stage.state.transactions.selected().unwrap().status() != status {
        let before = seat.stage.state.transactions.selected().unwrap().key;
        seat.keys("j");
        let now = seat.stage.state.transactions.selected().unwrap().key;
        assert_ne!(before, now, "no payment is {}", status.word());
    }
    seat
}

/// Selects the newest payer who is known.
pub fn payer_known(seat: &mut Seat) -> &mut Seat {
    seat.keys("1g");
    while seat
        .stage
        .state
        .sessions
        .selected()
        .unwrap()
        .user()
        .is_none()
    {
        seat.keys("j");
    }
    seat
}

/// Marks the answers of two starts in the timeline.
pub fn two_starts(seat: &mut Seat) -> &mut Seat {
    seat.keys("4/code:OK<enter>G k ")
}

struct Story {
    told: Vec<NewEntry>,
    now: Timestamp,
    calls: u64,
}

/// A journal in memory, which nobody writes to any more.
pub fn of_forty_payments() -> &'static Journal {
    static JOURNAL: LazyLock<Journal> = LazyLock::new(told);
    &JOURNAL
}

fn told() -> Journal {
    let mut story = Story {
        told: Vec::new(),
        now: noon() - SignedDuration::from_hours(1),
        calls: 0,
    };
    story.payers();
    for number in 1..=PAYMENTS {
        story.payment(number);
    }
    let (clock, _) = Clock::settable(noon());
    let run = Uuid::from_u64_pair(0x10, 0x10);
    let journal = Journal::open(Place::Memory, run, &clock).unwrap();
    let (sender, receiver) = mpsc::channel();
    journal.append(story.told, Sync::Full, move |recorded| {
        sender.send(recorded.map(drop)).unwrap();
    });
    receiver.recv().unwrap().unwrap();
    journal
}

impl Story {
    /// A call leaves.
    fn leaves(&mut self, what: &Call) -> CallId {
        self.calls += 1;
        self.now += SignedDuration::from_secs(7);
        let id = call(self.calls);
        let sent = Sent {
            call: id,
            operation: what.operation,
            request: request(what),
            step: None,
        };
        self.told.push(NewEntry::sent(self.now, EPOCH, sent));
        id
    }

    fn ends(&mut self, call: CallId, outcome: Outcome) {
        let ended = Ended { call, outcome };
        self.told.push(NewEntry::ended(self.now, EPOCH, ended));
    }

    fn says(&mut self, what: &Call, status: u16, body: &str) -> CallId {
        let call = self.leaves(what);
        let phases = Phases {
            connect: Some(210),
            first_byte: Some(2_900),
            total: 3_100,
        };
        let response = answer(status, body);
        self.ends(call, Outcome::Answered { response, phases });
        call
    }

    fn is_cut(&mut self, what: &Call) -> CallId {
        let call = self.leaves(what);
        let phases = Phases::default();
        let why = Cut::Cancelled;
        self.ends(call, Outcome::Cut { why, phases });
        call
    }

    /// The sandbox says that it captured the whole amount.
    fn is_reported(&mut self, of: CallId, what: &Call, id: &TransactionId, gross: u64) {
        let report = Report {
            run: Uuid::from_u64_pair(0x5a, 0x5a),
            number: 1,
            epoch: EPOCH,
            at: self.now,
            call: Some(of),
            what: Happened::Exchange {
                request: request(what),
                response: answer(200, r#"{"responseCode":"OK","responseMessage":"Success."}"#),
                micros: 900,
                transaction: Some(id.clone()),
                standing: Some(Standing {
                    captured: Taxed::new(Amount::from_hundredths(gross), Amount::ZERO),
                    ..Standing::without_money(Stands::Captured)
                }),
            },
            why: None,
        };
        self.told.push(NewEntry::seen(self.now, report));
    }

    fn code(&mut self, what: &Call, code: &str) {
        let body = format!(r#"{{"responseCode":"{code}","responseMessage":"Success."}}"#);
        self.says(what, 200, &body);
    }

    /// One who is known, one who did not want to, one whom nobody could identify.
    fn payers(&mut self) {
        let identify = Call::identify(&Identify {
            identification_method_key: Some("GBR_BANGO".into()),
            ..Identify::default()
        });
        let first = |action: &str| {
            format!(
                r#"{{"responseCode":"CLIENT_ACTION_REQUIRED","sessionId":"{SESSION}","parameters":{action}}}"#
            )
        };
        let page = r#"{"action":"REDIRECT","url":"http://127.0.0.1:2646/pages/5f3a"}"#;
        self.says(&identify, 202, &first(page));
        let go_on = Call::go_on(&SessionId::from(SESSION));
        let known = format!(
            r#"{{"responseCode":"OK","sessionId":"{SESSION}","bangoUserId":"{}"}}"#,
            payer().as_str()
        );
        self.says(&go_on, 200, &known);
        self.says(
            &identify,
            202,
            r#"{"responseCode":"NOT_AVAILABLE","sessionId":"b1"}"#,
        );
        self.says(
            &identify,
            202,
            r#"{"responseCode":"USER_CANCELLED","sessionId":"b2"}"#,
        );
    }

    /// A payment that comes to the state whose turn it is.
    fn payment(&mut self, number: u64) {
        let gross = 99 + number * 137;
        let currency = if number.is_multiple_of(5) {
            Currency::GBP
        } else {
            Currency::USD
        };
        let start = Call::authorize(&Start {
            user: payer(),
            external: Some(format!("t-7f3k-{number:02}").into()),
            gross: Amount::from_hundredths(gross),
            tax: None,
            currency,
            item: Item {
                name: Some("A sword, sharp".into()),
                ..Item::default()
            },
            callback_url: None,
            notification_url: None,
        });
        let id = TransactionId::from(format!("20067212{number:02}"));
        let part = Adjust {
            external: Some(format!("r-7f3k-{number:02}").into()),
            amounts: Some((Amount::from_hundredths(gross / 3), None, currency)),
            item: Item::default(),
        };
        match number % 12 {
            0 => _ = self.leaves(&start),
            1 => {
                let call = self.leaves(&start);
                let error = "connection refused (os error 111)".to_owned();
                let why = NotSent::NoConnection { error };
                self.ends(call, Outcome::NotSent { why });
            }
            2 => {
                self.begins(&start, &id);
                let capture = Call::capture(&id, None);
                let call = self.is_cut(&capture);
                if number == 14 {
                    self.is_reported(call, &capture, &id, gross);
                }
            }
            3 => _ = self.waits(&start),
            4 => self.begins(&start, &id),
            5 => self.is_captured(&start, &id),
            6 => {
                self.is_captured(&start, &id);
                self.code(&Call::refund(&id, Some(&part)), "REFUNDED");
            }
            7 => {
                self.is_captured(&start, &id);
                self.code(&Call::refund(&id, None), "REFUNDED");
            }
            8 => {
                self.begins(&start, &id);
                self.code(&Call::cancel(&id), "CANCELLED");
            }
            9 => {
                let codes = ["DECLINED", "USER_INSUFFICIENT_CREDIT", "SPEED_LIMIT"];
                let code = codes[usize::try_from(number / 12).unwrap() % codes.len()];
                let body = format!(r#"{{"responseCode":"{code}","responseMessage":"No."}}"#);
                self.says(&start, 202, &body);
            }
            10 => {
                let call = self.waits(&start);
                self.comes_back(call, number);
            }
            _ => _ = self.says(&start, 200, r#"{"responseCode":"PERHAPS"}"#),
        }
    }

    fn begins(&mut self, start: &Call, id: &TransactionId) {
        let id = id.as_str();
        let body = format!(
            r#"{{"responseCode":"OK","responseMessage":"Success.","transactionId":"{id}"}}"#
        );
        self.says(start, 200, &body);
    }

    fn is_captured(&mut self, start: &Call, id: &TransactionId) {
        self.begins(start, id);
        self.code(&Call::capture(id, None), "OK");
    }

    fn waits(&mut self, start: &Call) -> CallId {
        let body = r#"{"responseCode":"CLIENT_ACTION_REQUIRED","transactionId":null,"parameters":{"action":"REDIRECT","url":"http://127.0.0.1:2646/pages/7c1d"}}"#;
        self.says(start, 202, body)
    }

    /// The payer's browser, after the payer said no.
    fn comes_back(&mut self, call: CallId, number: u64) {
        let key = call.key();
        let query = format!(
            "externalTransactionId=t-7f3k-{number:02}&transactionId=null&responseCode=USER_CANCELLED"
        );
        let arrived = Arrived {
            id: Uuid::from_u64_pair(0xca11, number),
            at: Address::Callback { key: key.clone() },
            request: Request {
                method: "GET".into(),
                url: format!("http://127.0.0.1:2647/callback/{key}?{query}"),
                headers: vec![],
                body: Body::default(),
            },
        };
        self.told.push(NewEntry::arrived(self.now, EPOCH, arrived));
    }
}
