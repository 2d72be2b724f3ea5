//! What two programs may do. Payers, payments, keys and amounts are few, so that they meet.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

/// One step.
#[derive(Clone, Debug)]
pub enum Step {
    Call {
        by: Client,
        verb: Verb,
    },
    /// The other program asks for an answer made to order.
    Stub {
        verb: Verb,
        prefer: &'static str,
        extension: Option<&'static str>,
    },
    /// The same of the console's: one of those that the API has for this call.
    OwnStub {
        verb: Verb,
        answer: Index,
    },
    /// The bytes of an earlier call once more, whoever made it. What was answered to order can also be
    /// asked for real.
    Again {
        by: Client,
        call: Index,
        for_real: bool,
    },
    /// An earlier call with all its keys, and another amount.
    Changed {
        by: Client,
        call: Index,
        gross: &'static str,
    },
    /// A payer goes on with a page, of an identification or of a payment.
    Page {
        page: Index,
        approves: bool,
    },
    Reset,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// Call, client, journal.
    Console,
    /// Raw JSON over HTTP.
    Other,
}

/// A call of the API. What it is about is picked from what there is by then; where there is no payment
/// or identification yet, one is begun.
#[derive(Clone, Debug)]
pub enum Verb {
    Identify,
    /// Asks what comes next, or says that it cannot be done.
    Continue {
        session: Index,
        cancels: bool,
    },
    Status {
        payer: usize,
    },
    CloseAccount {
        payer: usize,
    },
    Methods {
        payer: usize,
    },
    Authorize {
        payer: usize,
        key: Option<u8>,
        price: Price,
    },
    Retrieve {
        payment: Index,
    },
    Capture {
        payment: Index,
        part: Option<Price>,
    },
    /// Cancels or refunds, whichever the payment's state makes of it.
    Delete {
        payment: Index,
        key: Option<u8>,
        part: Option<Price>,
    },
}

#[derive(Clone, Copy, Debug)]
pub struct Price {
    pub gross: &'static str,
    pub tax: Option<&'static str>,
    pub currency: &'static str,
}

impl Verb {
    pub const fn needs_payment(&self) -> bool {
        matches!(
            self,
            Self::Retrieve { .. } | Self::Capture { .. } | Self::Delete { .. }
        )
    }
}

impl Price {
    pub fn items(self) -> Value {
        let mut price = json!({"grossAmount": self.gross, "currencyIso3": self.currency});
        if let Some(tax) = self.tax {
            price["taxAmount"] = tax.into();
        }
        json!([{"priceList": [price], "itemName": "An item"}])
    }
}

/// Method keys and numbers: who succeeds, has no credit, and declines one step or the other; and two who
/// have pages, of whom one mostly walks away.
pub const PAYERS: [(&str, &str); 6] = [
    ("GBR_BANGO", "447710900120"),
    ("GBR_BANGOREDIRECT", "447710900180"),
    ("GBR_BANGO", "447710900121"),
    ("GBR_BANGO", "447710900130"),
    ("GBR_BANGO", "447710900131"),
    ("GBR_BANGO", "447710900132"),
];

const GROSS: [&str; 6] = ["10.99", "10.59", "5.00", "1.59", "0.99", "0.01"];

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(step(), 20..60)
}

fn step() -> impl Strategy<Value = Step> {
    let index = any::<Index>;
    prop_oneof![
        24 => (client(), verb()).prop_map(|(by, verb)| Step::Call { by, verb }),
        6 => (verb(), answer())
            .prop_map(|(verb, (prefer, extension))| Step::Stub { verb, prefer, extension }),
        4 => (verb(), index()).prop_map(|(verb, answer)| Step::OwnStub { verb, answer }),
        8 => (client(), index(), prop::bool::weighted(0.3))
            .prop_map(|(by, call, for_real)| Step::Again { by, call, for_real }),
        6 => (client(), index(), select(&GROSS[..]))
            .prop_map(|(by, call, gross)| Step::Changed { by, call, gross }),
        8 => (index(), prop::bool::weighted(0.8))
            .prop_map(|(page, approves)| Step::Page { page, approves }),
        1 => Just(Step::Reset),
    ]
}

fn client() -> impl Strategy<Value = Client> {
    select(&[Client::Console, Client::Other][..])
}

fn verb() -> impl Strategy<Value = Verb> {
    // Most is about payers who can pay.
    let payer = || prop_oneof![6 => Just(0), 2 => Just(1), 3 => 2..PAYERS.len()];
    let part = |often| proptest::option::weighted(often, price());
    let first = prop_oneof![2 => Just("10.99"), 1 => select(&GROSS[..])];
    let start = (
        payer(),
        proptest::option::weighted(0.8, 0..8_u8),
        first,
        price(),
    );
    let reverse = (
        any::<Index>(),
        proptest::option::weighted(0.8, 0..3_u8),
        part(0.8),
    );
    prop_oneof![
        2 => Just(Verb::Identify),
        4 => (any::<Index>(), prop::bool::weighted(0.4))
            .prop_map(|(session, cancels)| Verb::Continue { session, cancels }),
        2 => payer().prop_map(|payer| Verb::Status { payer }),
        1 => payer().prop_map(|payer| Verb::CloseAccount { payer }),
        2 => payer().prop_map(|payer| Verb::Methods { payer }),
        10 => start.prop_map(|(payer, key, gross, price)| Verb::Authorize {
            payer,
            key,
            price: Price { gross, ..price },
        }),
        2 => any::<Index>().prop_map(|payment| Verb::Retrieve { payment }),
        14 => (any::<Index>(), part(0.4))
            .prop_map(|(payment, part)| Verb::Capture { payment, part }),
        18 => reverse.prop_map(|(payment, key, part)| Verb::Delete { payment, key, part }),
    ]
}

fn price() -> impl Strategy<Value = Price> {
    let tax = select(&[None, Some("0.00"), Some("0.01"), Some("0.20")][..]);
    let currency = prop_oneof![9 => Just("USD"), 1 => Just("GBP")];
    (select(&GROSS[..]), tax, currency).prop_map(|(gross, tax, currency)| Price {
        gross,
        tax,
        currency,
    })
}

/// Stub headers. Not every answer is one of the verb it is asked of: then they are refused.
fn answer() -> impl Strategy<Value = (&'static str, Option<&'static str>)> {
    select(
        &[
            ("status=200", None),
            ("status=200", Some("responseCode=OK")),
            ("status=200", Some("responseCode=CANCELLED")),
            ("status=200", Some("responseCode=REFUNDED")),
            ("status=202", Some("responseCode=CLIENT_ACTION_REQUIRED")),
            ("status=202", Some("responseCode=DECLINED")),
            ("status=504", None),
        ][..],
    )
}
