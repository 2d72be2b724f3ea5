//! The members of each body, and every way in which one can be wrong.

use serde_json::{Value, json};

/// What a member has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Amount,
    /// An amount of more than nothing.
    Gross,
    Currency,
    Url,
    Method,
    Flag,
    /// `cancel`, where there is a session.
    Cancel,
    /// Nothing at all, where there is none.
    Nothing,
    List,
    Object,
}
use Kind::{Amount, Cancel, Currency, Flag, Gross, List, Method, Nothing, Object, Text, Url};

/// Whether a body can do without a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Optional,
    Needed,
    /// It stands in a list, where `null` is no absence.
    Entry,
}
use Need::{Entry, Needed, Optional};

type Member = (&'static str, Kind, Need);

const IDENTIFY: [Member; 8] = [
    ("/identificationMethodKey", Text, Optional),
    ("/thirdPartyUserId", Text, Optional),
    ("/deviceCapabilitySendSms", Flag, Optional),
    ("/merchantReferenceKey", Text, Optional),
    ("/mcc", Text, Optional),
    ("/mnc", Text, Optional),
    ("/callbackUrl", Url, Optional),
    ("/notificationUrl", Url, Optional),
];

const FIRST: Member = ("/action", Nothing, Optional);
const FOLLOWING: Member = ("/action", Cancel, Optional);

const START: [Member; 6] = [
    ("/bangoUserId", Text, Needed),
    ("/paymentMethods/0", Method, Entry),
    ("/paymentItems", List, Needed),
    ("/extensionData/callbackUrl", Url, Optional),
    ("/extensionData/notificationUrl", Url, Optional),
    ("/extensionData/subscriptionFrequency", Text, Optional),
];

/// Where nothing is begun, the payer is not asked for and the addresses have no effect.
const ADJUST: [Member; 5] = [
    ("/bangoUserId", Text, Optional),
    ("/paymentMethods/0", Text, Entry),
    ("/paymentItems", List, Optional),
    ("/extensionData/callbackUrl", Text, Optional),
    ("/extensionData/notificationUrl", Text, Optional),
];

const TRANSACTION: [Member; 17] = [
    ("/externalTransactionId", Text, Optional),
    ("/paymentMethods", List, Optional),
    ("/paymentItems/0", Object, Entry),
    ("/paymentItems/0/itemName", Text, Optional),
    ("/paymentItems/0/itemDescription", Text, Optional),
    ("/paymentItems/0/itemCategory", Text, Optional),
    ("/paymentItems/0/externalPaymentItemId", Text, Optional),
    ("/paymentItems/0/submerchantReferenceKey", Text, Optional),
    ("/paymentItems/0/priceList", List, Needed),
    ("/paymentItems/0/priceList/0", Object, Entry),
    ("/paymentItems/0/priceList/0/currencyIso3", Currency, Needed),
    ("/paymentItems/0/priceList/0/grossAmount", Gross, Needed),
    ("/paymentItems/0/priceList/0/taxAmount", Amount, Optional),
    (
        "/paymentItems/0/priceList/0/financialBreakdown",
        Object,
        Optional,
    ),
    (
        "/paymentItems/0/priceList/0/financialBreakdown/taxAmount",
        Amount,
        Optional,
    ),
    (
        "/paymentItems/0/priceList/0/financialBreakdown/shippingAmount",
        Amount,
        Optional,
    ),
    ("/extensionData", Object, Optional),
];

/// A body with every member that it can have.
pub fn whole_identify() -> Value {
    json!({
        "identificationMethodKey": "GBR_BANGO",
        "thirdPartyUserId": "your-user-id",
        "deviceCapabilitySendSms": "true",
        "merchantReferenceKey": "your-appstore-identifier",
        "mcc": "234",
        "mnc": "20",
        "callbackUrl": "https://merchant.example/callback",
        "notificationUrl": "https://merchant.example/notification",
    })
}

/// A body with every member that it can have, over this much.
pub fn whole_transaction(user: &str, external: &str, gross: &str, tax: &str) -> Value {
    json!({
        "bangoUserId": user,
        "externalTransactionId": external,
        "paymentMethods": ["OPERATORBILLING", "INTERNET"],
        "paymentItems": [{
            "priceList": [{
                "currencyIso3": "USD",
                "grossAmount": gross,
                "taxAmount": tax,
                "financialBreakdown": {"taxAmount": tax, "shippingAmount": "0.10"},
            }],
            "itemName": "Item title",
            "itemDescription": "Item description",
            "itemCategory": "1",
            "externalPaymentItemId": "item-1",
            "submerchantReferenceKey": "submerchant-1",
        }],
        "extensionData": {
            "callbackUrl": "https://merchant.example/callback",
            "notificationUrl": "https://merchant.example/notification",
            "subscriptionFrequency": "monthly",
        },
    })
}

/// Which body it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    Identify,
    GoOn,
    Start,
    Adjust,
}

/// One thing that is wrong with one member.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub pointer: &'static str,
    pub way: Way,
    /// What the reason has to name.
    pub named: String,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Way {
    Missing,
    Value(Value),
    /// The member stands there a second time, its name spelled with escapes or without.
    Twice {
        escaped: bool,
    },
}

/// Everything that can be wrong with one member of `good`.
pub fn faults(schema: Schema, good: &Value) -> Vec<Fault> {
    let members = match schema {
        Schema::Identify => [&IDENTIFY[..], &[FIRST]].concat(),
        Schema::GoOn => [&IDENTIFY[..], &[FOLLOWING]].concat(),
        Schema::Start => [&START[..], &TRANSACTION].concat(),
        Schema::Adjust => [&ADJUST[..], &TRANSACTION].concat(),
    };
    members
        .into_iter()
        .flat_map(|member| faults_of(member, good))
        .collect()
}

fn faults_of((pointer, kind, need): Member, good: &Value) -> Vec<Fault> {
    let there = good.pointer(pointer);
    let mut ways: Vec<_> = wrong_values(kind, there)
        .into_iter()
        .map(Way::Value)
        .collect();
    if need != Optional {
        ways.push(Way::Value(Value::Null));
    }
    if need == Needed {
        ways.push(Way::Missing);
    }
    if need != Entry && there.is_some() {
        ways.extend([false, true].map(|escaped| Way::Twice { escaped }));
    }
    let fault = |way| Fault {
        pointer,
        way,
        named: named(pointer),
    };
    ways.into_iter().map(fault).collect()
}

/// `/paymentItems/0/priceList` as `paymentItems[0].priceList`.
fn named(pointer: &str) -> String {
    let mut name = String::new();
    for part in pointer.split('/').skip(1) {
        if part.parse::<usize>().is_ok() {
            name.extend(["[", part, "]"]);
        } else if name.is_empty() {
            name.push_str(part);
        } else {
            name.extend([".", part]);
        }
    }
    name
}

fn wrong_values(kind: Kind, there: Option<&Value>) -> Vec<Value> {
    let of_other_types = |own: &str| {
        let all = [
            json!(1),
            json!(0.99),
            json!(true),
            json!("x"),
            json!(["x"]),
            json!({"x": "x"}),
        ];
        let is_own = |value: &Value| match own {
            "text" => value.is_string(),
            "list" => value.is_array(),
            _ => value.is_object(),
        };
        all.into_iter()
            .filter(|value| !is_own(value))
            .collect::<Vec<_>>()
    };
    let texts = |wrong: &[&str]| {
        let wrong = wrong.iter().map(|text| json!(text));
        of_other_types("text").into_iter().chain(wrong).collect()
    };
    match kind {
        Text => texts(&[]),
        Amount => texts(AMOUNTS),
        Gross => texts(&[AMOUNTS, &["0", "0.00", "000"]].concat()),
        Currency => texts(CURRENCIES),
        Url => texts(URLS),
        Method => texts(&["", "CASH", "operatorbilling", "OPERATORBILLING "]),
        Flag => texts(&["", "yes", "True", "1"]),
        Cancel => texts(&["", "stop", "CANCEL"]),
        Nothing => texts(&["", "stop", "cancel"]),
        Object => of_other_types("object"),
        List => {
            let mut wrong = of_other_types("list");
            wrong.extend(there.into_iter().flat_map(wrong_lists));
            wrong
        }
    }
}

/// Lists that have too few or too many entries: items come alone, of prices there is one at least and none
/// twice. Methods may be none and may repeat.
fn wrong_lists(good: &Value) -> Vec<Value> {
    let entry = &good[0];
    if entry.is_object() {
        vec![json!([]), json!([entry, entry])]
    } else {
        Vec::new()
    }
}

const CURRENCIES: &[&str] = &[
    "",
    "usd",
    "US",
    "USDD",
    "US1",
    "ZZZ",
    "$",
    "U$D",
    " USD",
    "USD ",
    "\u{ff35}SD",
];

const AMOUNTS: &[&str] = &[
    "",
    " ",
    "1e2",
    "1E400",
    "0,99",
    "0.999",
    "1.",
    ".5",
    "1.0.0",
    "1234567890123",
    "123456789012345678901234567890",
    "\u{660}.\u{669}\u{669}",
    "\u{ff11}",
    " 0.99",
    "0.99 ",
    "0 .99",
    "+1",
    "-1",
    "-0.00",
    "\u{2212}1",
    "NaN",
    "Infinity",
    "0x10",
    "1_000",
    "$1",
    "1.00USD",
    "1\u{0}",
    "1.00\n",
    "1,000.00",
    "null",
    "000000000000000000000000000001",
];

const URLS: &[&str] = &[
    "",
    "/callback",
    "merchant.example/callback",
    "//merchant.example/callback",
    "ftp://merchant.example/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "javascript://merchant.example/%0aalert(1)",
    "data:text/html,x",
    "http:merchant.example",
    "http://",
    "http:///callback",
    "https://merchant.example/a b",
    " https://merchant.example/",
    "https://merchant.example/\r\nSet-Cookie: a=b",
    "https://merchant.example/\u{0}",
];

/// `taxAmount` twice, and the two do not agree.
pub fn two_taxes() -> Fault {
    let pointer = "/paymentItems/0/priceList/0/taxAmount";
    Fault {
        pointer,
        way: Way::Value(json!("0.01")),
        named: named(pointer),
    }
}
