//! Random histories: what is asked one after the other, of one payment or of several.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

use super::body::Money;
use super::payers::Payer;
use super::reference::{Model, Payment, Request, Verb};

/// One thing that happens. Amounts are shares of what a payment has at that moment.
#[derive(Clone, Debug)]
pub enum Step {
    Start(Start),
    Capture(Adjust),
    Delete(Adjust),
    Retrieve(Place),
    /// An earlier request once more.
    Again(Index, Change),
    /// The payer approves on the pages, or cancels.
    Pages(Place, bool),
}

#[derive(Clone, Debug)]
pub struct Start {
    payer: usize,
    external: Option<u8>,
    price: Money,
    /// Is there a tax in the price, or none at all?
    taxed: bool,
    currencies: &'static [&'static str],
    /// Does it say all that can be said, or the least?
    detailed: bool,
}

#[derive(Clone, Debug)]
pub struct Adjust {
    payment: Place,
    external: Option<u8>,
    part: Part,
}

/// Which of the payments, or none that there is.
pub type Place = Option<Index>;

/// How much.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// Everything, without saying how much.
    Unsaid,
    /// All that there ever was to take.
    Whole,
    /// All that is left, with its tax or without a word on it.
    Rest {
        taxed: bool,
    },
    /// So many quarters.
    Quarters {
        gross: u64,
        tax: Option<u64>,
    },
    Cent,
    AboveGross,
    AboveTax,
    OtherCurrency,
}

/// How a repeat differs from the first.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    Nothing,
    /// The members come in another order, which is no difference.
    Order,
    /// There is a member more.
    Member,
}

/// A payment that mostly is captured, and what comes then: of it, and of others.
pub fn histories() -> impl Strategy<Value = Vec<Step>> {
    let captured = proptest::option::weighted(0.7, adjust());
    let rest = proptest::collection::vec(step(), 1..24);
    (start(), any::<Index>(), captured, rest).prop_map(|(start, the_one, captured, rest)| {
        [Step::Start(start), Step::Pages(Some(the_one), true)]
            .into_iter()
            .chain(captured.map(Step::Capture))
            .chain(rest)
            .collect()
    })
}

fn step() -> impl Strategy<Value = Step> {
    let change = prop_oneof![
        6 => Just(Change::Nothing),
        2 => Just(Change::Order),
        1 => Just(Change::Member),
    ];
    prop_oneof![
        2 => start().prop_map(Step::Start),
        3 => adjust().prop_map(Step::Capture),
        8 => adjust().prop_map(Step::Delete),
        1 => place().prop_map(Step::Retrieve),
        5 => (any::<Index>(), change).prop_map(|(which, change)| Step::Again(which, change)),
        1 => (place(), proptest::bool::weighted(0.7))
            .prop_map(|(payment, approves)| Step::Pages(payment, approves)),
    ]
}

fn start() -> impl Strategy<Value = Start> {
    let payer = prop_oneof![6 => Just(0), 4 => Just(1), 10 => 2..Payer::ALL.len()];
    let price = prop_oneof![4 => Just((1099, 100)), 1 => Just((400, 0)), 1 => Just((1, 7))];
    let taxed = proptest::bool::weighted(0.8);
    let currencies = proptest::sample::select(vec![
        &["USD"][..],
        &["USD"],
        &["EUR", "GBP"],
        &["JPY", "USD"],
    ]);
    let external = proptest::option::weighted(0.7, 0..6_u8);
    let detailed = any::<bool>();
    (payer, external, price, taxed, currencies, detailed).prop_map(
        |(payer, external, (gross, tax), taxed, currencies, detailed)| Start {
            payer,
            external,
            price: Money { gross, tax },
            taxed,
            currencies,
            detailed,
        },
    )
}

fn adjust() -> impl Strategy<Value = Adjust> {
    let part = prop_oneof![
        4 => Just(Part::Unsaid),
        2 => Just(Part::Whole),
        3 => any::<bool>().prop_map(|taxed| Part::Rest { taxed }),
        6 => (1..4_u64, proptest::option::of(0..4_u64))
            .prop_map(|(gross, tax)| Part::Quarters { gross, tax }),
        1 => Just(Part::Cent),
        1 => Just(Part::AboveGross),
        1 => Just(Part::AboveTax),
        1 => Just(Part::OtherCurrency),
    ];
    let external = proptest::option::of(0..2_u8);
    (place(), external, part).prop_map(|(payment, external, part)| Adjust {
        payment,
        external,
        part,
    })
}

fn place() -> impl Strategy<Value = Place> {
    proptest::option::weighted(0.97, any::<Index>())
}

/// The position of a payment, and behind them all where there is none.
pub fn position(place: Place, model: &Model) -> usize {
    match (place, model.payments.len()) {
        (None, count) | (Some(_), count @ 0) => count,
        (Some(index), count) => index.index(count),
    }
}

impl Step {
    /// The call that this step makes, if it makes one.
    pub fn request(&self, model: &Model, sent: &[Request]) -> Option<Request> {
        Some(match self {
            Self::Start(start) => Request {
                verb: Verb::Start,
                payment: 0,
                body: Some(start.body(model)),
            },
            Self::Capture(adjust) => adjust.request(Verb::Capture, model),
            Self::Delete(adjust) => adjust.request(Verb::Delete, model),
            Self::Retrieve(place) => Request {
                verb: Verb::Retrieve,
                payment: position(*place, model),
                body: None,
            },
            Self::Again(which, change) => {
                let mut request = sent[which.index(sent.len())].clone();
                if let Some(Value::Object(members)) = &mut request.body {
                    change.apply(members);
                }
                request
            }
            Self::Pages(..) => return None,
        })
    }
}

impl Change {
    fn apply(self, members: &mut Map<String, Value>) {
        match self {
            Self::Nothing => {}
            Self::Order => *members = members.clone().into_iter().rev().collect(),
            Self::Member => drop(members.insert("note".to_owned(), json!("changed"))),
        }
    }
}

impl Start {
    fn body(&self, model: &Model) -> Value {
        let tax = self.taxed.then_some(self.price.tax);
        let currencies = self.currencies.iter();
        let prices = currencies.map(|currency| price(currency, self.price.gross, tax));
        let mut body = json!({
            "bangoUserId": model.user(self.payer),
            "externalTransactionId": self.external.map(|number| format!("t-{number}")),
            "paymentItems": [{"priceList": prices.clone().collect::<Vec<_>>()}],
        });
        if self.detailed {
            body["paymentItems"][0] = json!({
                "priceList": prices.map(broken_down).collect::<Vec<_>>(),
                "itemName": "A \"name\"",
                "itemDescription": "A description",
                "itemCategory": "7",
                "externalPaymentItemId": "item-7",
                "submerchantReferenceKey": "shop-7",
            });
            body["extensionData"] = json!({"order": {"lines": ["7", null]}, "note": ""});
        }
        body
    }
}

/// The same price, its tax beside the shipping.
fn broken_down(mut price: Value) -> Value {
    let tax = price["taxAmount"].take();
    price["financialBreakdown"] = json!({"taxAmount": tax, "shippingAmount": "0.50"});
    price
}

impl Adjust {
    fn request(&self, verb: Verb, model: &Model) -> Request {
        let payment = position(self.payment, model);
        let mut members = Map::new();
        if let Some(number) = self.external {
            members.insert(
                "externalTransactionId".to_owned(),
                json!(format!("r-{number}")),
            );
        }
        if let Some(price) = model.payments.get(payment).and_then(|row| self.price(row)) {
            let items = json!([{"priceList": [price]}]);
            members.insert("paymentItems".to_owned(), items);
        }
        Request {
            verb,
            payment,
            body: (!members.is_empty()).then(|| members.into()),
        }
    }

    fn price(&self, payment: &Payment) -> Option<Value> {
        let (all, left) = if payment.is_captured() {
            (payment.captured, payment.left())
        } else {
            (payment.price, payment.price)
        };
        // Where nothing is left, of what there was.
        let left = if left.gross == 0 { all } else { left };
        let mut currency = payment.currency.as_str();
        let (gross, tax) = match self.part {
            Part::Unsaid => return None,
            Part::Whole => (all.gross, Some(all.tax)),
            Part::Rest { taxed } => (left.gross, taxed.then_some(left.tax)),
            Part::Quarters { gross, tax } => {
                let tax = tax.map(|tax| all.tax * tax / 4);
                ((all.gross * gross / 4).max(1), tax)
            }
            Part::Cent => (1, None),
            Part::AboveGross => (left.gross + 1, None),
            Part::AboveTax => (left.gross, Some(left.tax + 1)),
            Part::OtherCurrency => {
                currency = "SEK";
                (left.gross, None)
            }
        };
        Some(price(currency, gross, tax))
    }
}

fn price(currency: &str, gross: u64, tax: Option<u64>) -> Value {
    json!({
        "currencyIso3": currency,
        "grossAmount": amount(gross),
        "taxAmount": tax.map(amount),
    })
}

pub fn amount(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
