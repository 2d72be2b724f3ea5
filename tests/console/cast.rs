//! Rows and exchanges as the journal would hand them over, in every state there is.

use bango_console::api::{
    Action, Adjust, BangoUserId, Call, Item, Msisdn, Operation, ResponseCode, SessionId, Start,
    TransactionId,
};
use bango_console::console::app::inspector::Shown;
use bango_console::exchange::{
    Body, CallId, Cut, Header, Outcome, Phases, Request, Response, Standing, Stands,
};
use bango_console::money::{Amount, Currency};
use bango_console::record::asked::{Asked, Price};
use bango_console::record::fact::{Ending, Fact, Reply};
use bango_console::record::line::{End, Line, Marks, What};
use bango_console::record::session;
use bango_console::record::transaction::{Doubt, Pending, State as Payment};
use bango_console::record::{Origin, Seq, Session, SessionKey, Transaction, TransactionKey};
use uuid::Uuid;

use crate::stage::{EPOCH, noon};

pub const PAGE: &str = "http://127.0.0.1:2646/pages/5f3a";

pub fn call(number: u64) -> CallId {
    CallId(Uuid::from_u64_pair(0xca11, number))
}

pub fn payer() -> BangoUserId {
    BangoUserId::from("472156480")
}

pub fn session(number: u64, last_three: &str, state: session::State) -> Session {
    Session {
        key: SessionKey(Origin::Call(call(number))),
        epoch: EPOCH,
        id: Some(SessionId::from("8322c4adc6ad4046b58ecb4a9f0b1551")),
        method_key: Some("GBR_BANGO".into()),
        state,
        msisdn: Msisdn::parse(&format!("447710900{last_three}")).ok(),
        returned: None,
        user_status: None,
        in_flight: Vec::new(),
        last: Some(ResponseCode::Ok),
        created_at: noon(),
        updated_at: noon(),
        first: Seq(number),
        latest: Seq(number),
        entries: 1,
    }
}

pub fn identified(number: u64, last_three: &str) -> Session {
    let state = session::State::Identified { user: payer() };
    session(number, last_three, state)
}

pub fn redirect() -> session::State {
    let url = PAGE.to_owned();
    session::State::Waiting {
        action: Action::Redirect { url },
    }
}

/// A session that waits for its payer, whose number nobody knows yet.
pub fn waiting(number: u64) -> Session {
    Session {
        msisdn: None,
        ..session(number, "120", redirect())
    }
}

/// A payment with an amount in hundredths of a dollar.
pub fn payment(number: u64, gross: u64, state: Payment) -> Transaction {
    let gross = Amount::from_hundredths(gross);
    let price = Price {
        gross,
        tax: None,
        currency: Currency::USD,
    };
    Transaction {
        key: TransactionKey(Origin::Call(call(number))),
        epoch: EPOCH,
        asked: Asked {
            user: Some(payer()),
            external: Some(format!("t-7f3k-{number:02}").into()),
            price: Some(price),
            item: Item {
                name: Some("Item title".into()),
                external_payment_item_id: Some(format!("item-7f3k-{number:02}")),
                ..Item::default()
            },
        },
        id: Some(format!("200672125{number}").into()),
        msisdn: Msisdn::parse("447710900120").ok(),
        state,
        payer_closed: false,
        expired: false,
        in_flight: Vec::new(),
        unresolved: Vec::new(),
        reported: None,
        unreported: Vec::new(),
        last: None,
        start: None,
        created_at: noon(),
        updated_at: noon(),
        first: Seq(number),
        latest: Seq(number),
        entries: 1,
    }
}

/// A payment of which a part was captured, and parts of that refunded.
pub fn captured(number: u64, gross: u64, captured: u64, refunds: &[u64]) -> Transaction {
    let mut payment = payment(number, gross, Payment::Authorized);
    let id = payment.id.clone().unwrap();
    say(
        &mut payment,
        1,
        &Call::capture(&id, Some(&part("c", captured))),
        "OK",
    );
    for (at, refund) in (2..).zip(refunds) {
        let part = part(&format!("r-{at}"), *refund);
        say(
            &mut payment,
            at,
            &Call::refund(&id, Some(&part)),
            "REFUNDED",
        );
    }
    payment
}

/// A payment whose last call never got its answer.
pub fn unknown(number: u64, operation: Operation) -> Transaction {
    let mut payment = match operation {
        Operation::Authorize => payment(number, 1099, Payment::Starting),
        Operation::Refund => captured(number, 1099, 1099, &[]),
        _ => payment(number, 1099, Payment::Authorized),
    };
    let id = payment.id.clone().unwrap();
    let call = match operation {
        Operation::Authorize => {
            payment.id = None;
            authorize(number)
        }
        Operation::Capture => Call::capture(&id, None),
        Operation::Cancel => Call::cancel(&id),
        Operation::Refund => Call::refund(&id, Some(&part("r-1", 159))),
        other => panic!("the outcome of a {} is never in doubt", other.name()),
    };
    let doubt = Doubt::Cut(Cut::Cancelled);
    end(&mut payment, number, &call, Ending::Unknown(doubt));
    payment
}

/// The same, of which the sandbox says that the capture was made.
pub fn differs(number: u64) -> Transaction {
    let mut payment = unknown(number, Operation::Capture);
    payment.unreported.clear();
    payment.told(Standing {
        captured: payment.price(),
        ..Standing::without_money(Stands::Captured)
    });
    payment
}

pub fn authorize(number: u64) -> Call {
    Call::authorize(&Start {
        user: payer(),
        external: Some(format!("t-7f3k-{number:02}").into()),
        gross: Amount::from_hundredths(1099),
        tax: None,
        currency: Currency::USD,
        item: Item::default(),
        callback_url: None,
        notification_url: None,
    })
}

fn part(external: &str, gross: u64) -> Adjust {
    let amount = Amount::from_hundredths(gross);
    Adjust {
        external: Some(external.into()),
        amounts: Some((amount, None, Currency::USD)),
        item: Item::default(),
    }
}

/// A call of a payment and the code of its answer.
pub fn say(payment: &mut Transaction, number: u64, call: &Call, code: &str) {
    let response = answer(200, format!(r#"{{"responseCode":"{code}"}}"#));
    let reply = Reply::read(&response).unwrap();
    end(payment, number, call, Ending::Answered(Box::new(reply)));
}

pub fn end(payment: &mut Transaction, number: u64, what: &Call, end: Ending) {
    let id = call(number);
    let pending = Pending::read(id, what.operation, &request(what), true);
    let (seq, at) = (payment.latest, payment.updated_at);
    payment.apply(seq, at, &Fact::Sent(pending));
    payment.apply(seq, at, &Fact::Ended { call: id, end });
}

/// A payment with a call that has left and not ended.
pub fn under_way(number: u64, what: &Call) -> Transaction {
    let mut payment = payment(number, 1099, Payment::Authorized);
    let pending = Pending::read(call(900 + number), what.operation, &request(what), true);
    payment.apply(payment.latest, noon(), &Fact::Sent(pending));
    payment
}

pub fn transaction_id(number: u64) -> TransactionId {
    format!("200672125{number}").into()
}

pub fn request(call: &Call) -> Request {
    Request {
        method: call.method.as_str().into(),
        url: format!("http://127.0.0.1:2646/v5/{}", call.path),
        headers: vec![
            Header::new("authorization", "Basic c2FuZGJveDpzYW5kYm94"),
            Header::new("content-type", "application/json"),
        ],
        body: Body::whole(call.body.clone().unwrap_or_default()),
    }
}

pub fn answer(status: u16, body: impl Into<Vec<u8>>) -> Response {
    Response {
        status,
        headers: vec![
            Header::new("content-type", "application/json"),
            Header::new("bango-sandbox", EPOCH.0.to_string()),
        ],
        body: Body::whole(body),
    }
}

/// An exchange with this answer.
pub fn answered(call: &Call, status: u16, body: impl Into<Vec<u8>>) -> Shown {
    let response = answer(status, body);
    let phases = Phases {
        connect: Some(200),
        first_byte: Some(2_900),
        total: 3_141,
    };
    with(call, Outcome::Answered { response, phases })
}

pub fn with(call: &Call, outcome: Outcome) -> Shown {
    Shown {
        operation: Some(call.operation),
        epoch: Some(EPOCH),
        ..Shown::new(request(call), Some(outcome))
    }
}

/// A line of the timeline that tells `what`.
pub fn line(number: u64, what: What) -> Line {
    Line {
        seq: Seq(number),
        at: noon() + jiff::SignedDuration::from_secs(i64::try_from(number).unwrap()),
        epoch: EPOCH,
        transaction: None,
        session: None,
        what,
    }
}

pub fn left(number: u64, operation: Operation) -> Line {
    let what = What::Sent {
        call: call(number),
        operation,
        marks: Marks::default(),
    };
    line(number, what)
}

/// The line of a call that has ended.
pub fn came_back(number: u64, of: CallId, operation: Operation, end: End) -> Line {
    let what = What::Ended {
        call: of,
        operation,
        end,
        marks: Marks::default(),
    };
    line(number, what)
}

pub fn with_code(code: &str) -> End {
    End::Answered {
        status: 200,
        code: Some(ResponseCode::parse(code)),
        micros: 3_000,
    }
}
