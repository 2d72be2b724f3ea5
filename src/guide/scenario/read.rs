//! Scenarios out of TOML. Every mistake is named with its place, and what was probably meant.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Ask, Chapter, Payer, Scenario, Step, Walk, What};
use crate::api::{Fault, Msisdn, Operation, ResponseCode, Stub};
use crate::config::{Place, Warning, nearest};
use crate::money::{Amount, Taxed};
use crate::testpay::NetworkKey;

pub(super) const OF_FILE: [&str; 2] = ["title", "scenario"];
pub(super) const OF_SCENARIO: [&str; 6] = ["section", "title", "payer", "key", "steps", "note"];
/// The kinds of steps, by the key that makes one, with the keys that go with it.
pub(super) const OF_STEP: [(&str, &[&str]); 4] = [
    (
        "call",
        &[
            "expect", "gross", "tax", "stub", "fault", "members", "stranger",
        ],
    ),
    ("repeat", &[]),
    ("payer", &["number", "back"]),
    ("notified", &[]),
];
pub(super) const OF_IDENTIFY: [&str; 6] = [
    "identificationMethodKey",
    "thirdPartyUserId",
    "deviceCapabilitySendSms",
    "merchantReferenceKey",
    "mcc",
    "mnc",
];

/// Reads a file; `path` is what the complaints call it.
pub fn read(path: &Path, text: &str) -> Result<Chapter, Vec<Warning>> {
    let mut reader = Reader {
        path,
        text,
        problems: Vec::new(),
    };
    let chapter = match DeTable::parse(text) {
        Ok(table) => reader.chapter(table.get_ref()),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            reader.problem(at, error.message().to_owned(), None);
            None
        }
    };
    match chapter {
        Some(chapter) if reader.problems.is_empty() => Ok(chapter),
        _ => Err(reader.problems),
    }
}

struct Reader<'t> {
    path: &'t Path,
    text: &'t str,
    problems: Vec<Warning>,
}

type Table<'t> = DeTable<'t>;
type Value<'t> = Spanned<DeValue<'t>>;

impl Reader<'_> {
    fn place(&self, byte: usize) -> Place {
        Place::in_text(self.path, self.text, byte)
    }

    fn problem(&mut self, at: usize, problem: String, near: Option<&'static str>) {
        self.problems.push(Warning {
            place: self.place(at),
            key: None,
            problem,
            near,
        });
    }

    /// Complains about what is not one of these.
    fn only(&mut self, table: &Table<'_>, known: &[&'static str]) {
        let mut unknown: Vec<_> = table
            .iter()
            .filter(|(key, _)| !known.contains(&key.get_ref().as_ref()))
            .map(|(key, _)| (key.span().start, key.get_ref().to_string()))
            .collect();
        unknown.sort();
        for (at, name) in unknown {
            let near = nearest(&name, known);
            self.problem(at, format!("unknown key {name:?}"), near);
        }
    }

    /// Complains about keys that would do nothing here.
    fn without(&mut self, table: &Table<'_>, keys: &[&str], here: &str) {
        for key in keys {
            if let Some((key, _)) = table.get_key_value(*key) {
                let problem = format!("{} does not go with {here}", key.get_ref());
                self.problem(key.span().start, problem, None);
            }
        }
    }

    fn text_of(&mut self, table: &Table<'_>, key: &str) -> Option<(usize, String)> {
        let value = table.get(key)?;
        let at = value.span().start;
        let DeValue::String(text) = value.get_ref() else {
            self.problem(at, format!("{key} must be a text"), None);
            return None;
        };
        Some((at, text.to_string()))
    }

    fn needed(&mut self, at: usize, table: &Table<'_>, key: &str) -> Option<(usize, String)> {
        if !table.contains_key(key) {
            self.problem(at, format!("{key} is missing"), None);
        }
        self.text_of(table, key)
    }

    fn chapter(&mut self, table: &Table<'_>) -> Option<Chapter> {
        self.only(table, &OF_FILE);
        let title = self.needed(0, table, "title").map(|(_, title)| title);
        let Some(found) = table.get("scenario") else {
            self.problem(0, "there is no [[scenario]]".to_owned(), None);
            return None;
        };
        let DeValue::Array(found) = found.get_ref() else {
            let at = found.span().start;
            self.problem(at, "a scenario begins with [[scenario]]".to_owned(), None);
            return None;
        };
        let scenarios = found.iter().map(|found| self.scenario(found));
        let scenarios: Vec<_> = scenarios.collect();
        Some(Chapter {
            title: title?,
            scenarios: scenarios.into_iter().collect::<Option<_>>()?,
        })
    }

    fn scenario(&mut self, found: &Value<'_>) -> Option<Scenario> {
        let at = found.span().start;
        let DeValue::Table(table) = found.get_ref() else {
            self.problem(at, "a scenario begins with [[scenario]]".to_owned(), None);
            return None;
        };
        self.only(table, &OF_SCENARIO);
        let section = self.needed(at, table, "section");
        let title = self.needed(at, table, "title");
        let payer = self.payer(table);
        let note = self.text_of(table, "note").map(|(_, note)| note);
        let steps = match table
            .get("steps")
            .map(|steps| (steps.span().start, steps.get_ref()))
        {
            Some((at, DeValue::Array(steps))) if steps.is_empty() => {
                self.problem(at, "there is no step".to_owned(), None);
                None
            }
            Some((_, DeValue::Array(steps))) => {
                let steps: Vec<_> = steps.iter().map(|step| self.step(step)).collect();
                steps.into_iter().collect::<Option<Vec<_>>>()
            }
            Some((at, _)) => {
                self.problem(at, "steps must be a list of tables".to_owned(), None);
                None
            }
            None => {
                self.problem(at, "steps is missing".to_owned(), None);
                None
            }
        };
        let steps = steps?;
        self.in_order(&steps, payer.is_some());
        Some(Scenario {
            section: section?.1,
            title: title?.1,
            payer,
            steps,
            note,
            at: self.place(at),
        })
    }

    fn payer(&mut self, table: &Table<'_>) -> Option<Payer> {
        let (at, number) = self.text_of(table, "payer")?;
        let key = match self.text_of(table, "key") {
            None => Some(NetworkKey::GbrBango),
            Some((at, key)) => {
                let found = NetworkKey::parse(&key);
                if found.is_none() {
                    let near = nearest(&key, &NetworkKey::ALL.map(NetworkKey::as_str));
                    self.problem(at, format!("unknown key of a test payer {key:?}"), near);
                }
                found
            }
        };
        match Msisdn::parse(&number) {
            Ok(number) => Some(Payer { key: key?, number }),
            Err(error) => {
                self.problem(at, format!("payer {error}"), None);
                None
            }
        }
    }

    fn step(&mut self, found: &Value<'_>) -> Option<Step> {
        let at = found.span().start;
        let DeValue::Table(table) = found.get_ref() else {
            self.problem(
                at,
                "a step is a table: { call = \"authorize\", … }".to_owned(),
                None,
            );
            return None;
        };
        let known: Vec<&str> = OF_STEP
            .iter()
            .flat_map(|(kind, keys)| std::iter::once(kind).chain(*keys))
            .copied()
            .collect();
        self.only(table, &known);
        let of: Vec<_> = OF_STEP
            .iter()
            .filter(|(kind, _)| table.contains_key(*kind))
            .collect();
        let [(kind, keys)] = of.as_slice() else {
            let problem = "a step is one of call, repeat, payer and notified".to_owned();
            self.problem(at, problem, None);
            return None;
        };
        let others = known
            .iter()
            .filter(|key| *key != kind && !keys.contains(key));
        self.without(table, &others.copied().collect::<Vec<_>>(), kind);
        let what = match *kind {
            "call" => self.call(at, table),
            "repeat" => self.repeat(table),
            "payer" => self.walk(at, table),
            _ => self.notified(table),
        };
        let at = self.place(at);
        what.map(|what| Step { what, at })
    }

    fn call(&mut self, at: usize, table: &Table<'_>) -> Option<What> {
        let (named_at, name) = self.text_of(table, "call")?;
        let operation = Operation::ALL
            .into_iter()
            .find(|known| known.name() == name);
        if operation.is_none() {
            let near = nearest(&name, &Operation::ALL.map(Operation::name));
            self.problem(named_at, format!("unknown call {name:?}"), near);
        }
        if let Some(operation) = operation {
            self.without(table, &idle(operation), &name);
        }
        let (status, code) = self.answer(at, table, "expect")?;
        let amount = self.amount(table);
        let stub = table
            .contains_key("stub")
            .then(|| self.answer(at, table, "stub"))
            .flatten();
        let stub = stub.map(|(status, code)| Stub {
            status,
            code,
            action: None,
        });
        Some(What::Call(Ask {
            operation: operation?,
            amount,
            stub,
            fault: self.fault(table),
            members: self.members(table),
            stranger: self.switch(table, "stranger"),
            status,
            code,
        }))
    }

    /// `202 DECLINED`.
    fn answer(&mut self, at: usize, table: &Table<'_>, key: &str) -> Option<(u16, ResponseCode)> {
        let (at, text) = self.needed(at, table, key)?;
        let (status, code) = text.split_once(' ').unwrap_or((&text, ""));
        let status = status
            .parse()
            .ok()
            .filter(|status| (100..600).contains(status));
        let known = ResponseCode::KNOWN
            .iter()
            .find(|known| known.as_str() == code);
        match (status, known) {
            (Some(status), Some(code)) => Some((status, code.clone())),
            (Some(_), None) => {
                self.problem(
                    at,
                    format!("unknown responseCode {code:?}"),
                    near_code(code),
                );
                None
            }
            (None, _) => {
                self.problem(
                    at,
                    format!("{key} must be a status and a responseCode: \"200 OK\""),
                    None,
                );
                None
            }
        }
    }

    fn amount(&mut self, table: &Table<'_>) -> Option<Taxed> {
        let mut amount = |key: &str| {
            let (at, text) = self.text_of(table, key)?;
            match Amount::parse(&text) {
                Ok(amount) => Some(amount),
                Err(error) => {
                    self.problem(at, format!("{key} {error}"), None);
                    None
                }
            }
        };
        let (gross, tax) = (amount("gross"), amount("tax"));
        if let (Some(tax), false) = (table.get("tax"), table.contains_key("gross")) {
            self.problem(
                tax.span().start,
                "tax needs gross beside it".to_owned(),
                None,
            );
        }
        Some(Taxed::new(gross?, tax.unwrap_or(Amount::ZERO)))
    }

    fn switch(&mut self, table: &Table<'_>, key: &str) -> bool {
        let Some(found) = table.get(key) else {
            return false;
        };
        let DeValue::Boolean(is_on) = found.get_ref() else {
            let problem = format!("{key} must be true or false");
            self.problem(found.span().start, problem, None);
            return false;
        };
        *is_on
    }

    fn fault(&mut self, table: &Table<'_>) -> Option<Fault> {
        let (at, name) = self.text_of(table, "fault")?;
        let fault = Fault::parse(&name);
        if fault.is_none() {
            let near = nearest(&name, &Fault::ALL.map(Fault::as_str));
            self.problem(at, format!("unknown fault {name:?}"), near);
        }
        fault
    }

    fn members(&mut self, table: &Table<'_>) -> Vec<(String, String)> {
        let Some(found) = table.get("members") else {
            return Vec::new();
        };
        let at = found.span().start;
        let DeValue::Table(found) = found.get_ref() else {
            self.problem(at, "members must be a table of texts".to_owned(), None);
            return Vec::new();
        };
        self.only(found, &OF_IDENTIFY);
        let members = OF_IDENTIFY.iter().filter_map(|name| {
            let (_, value) = self.text_of(found, name)?;
            Some(((*name).to_owned(), value))
        });
        members.collect()
    }

    fn repeat(&mut self, table: &Table<'_>) -> Option<What> {
        let found = table.get("repeat")?;
        let times = match found.get_ref() {
            DeValue::Integer(number) => number.as_str().parse().ok(),
            _ => None,
        };
        let times = times.filter(|times| (1..=100).contains(times));
        if times.is_none() {
            let at = found.span().start;
            self.problem(at, "repeat must be a number from 1 to 100".to_owned(), None);
        }
        times.map(|times| What::Repeat { times })
    }

    fn walk(&mut self, at: usize, table: &Table<'_>) -> Option<What> {
        let (named_at, name) = self.text_of(table, "payer")?;
        let walk = match name.as_str() {
            "identifies" => {
                let (at, number) = self.needed(at, table, "number")?;
                match Msisdn::parse(&number) {
                    Ok(number) => Some(Walk::Identifies(number)),
                    Err(error) => {
                        self.problem(at, format!("number {error}"), None);
                        None
                    }
                }
            }
            "approves" => Some(Walk::Approves),
            "cancels" => Some(Walk::Cancels),
            other => {
                let near = nearest(other, &Walk::WORDS);
                self.problem(named_at, format!("a payer does not do {other:?}"), near);
                None
            }
        };
        if name != "identifies" {
            self.without(table, &["number"], &name);
        }
        let back = self.code(at, table, "back")?;
        walk.map(|walk| What::Walk { walk, back })
    }

    fn notified(&mut self, table: &Table<'_>) -> Option<What> {
        self.code(0, table, "notified")
            .map(|code| What::Notified { code })
    }

    fn code(&mut self, at: usize, table: &Table<'_>, key: &str) -> Option<ResponseCode> {
        let (at, text) = self.needed(at, table, key)?;
        let known = ResponseCode::KNOWN
            .iter()
            .find(|known| known.as_str() == text);
        if known.is_none() {
            self.problem(
                at,
                format!("unknown responseCode {text:?}"),
                near_code(&text),
            );
        }
        known.cloned()
    }

    /// A step can only be about what stands before it.
    fn in_order(&mut self, steps: &[Step], has_payer: bool) {
        let mut brought: Vec<Thing> = has_payer.then_some(Thing::Payer).into_iter().collect();
        for step in steps {
            if let Some(thing) = Thing::needed(&step.what).filter(|thing| !brought.contains(thing))
            {
                self.problems.push(Warning {
                    place: step.at.clone(),
                    key: None,
                    problem: thing.missing().to_owned(),
                    near: None,
                });
            }
            brought.extend(Thing::brought(&step.what));
        }
    }
}

/// The keys that would do nothing in a call of this.
fn idle(operation: Operation) -> Vec<&'static str> {
    let has_amount = matches!(
        operation,
        Operation::Methods | Operation::Authorize | Operation::Capture | Operation::Refund
    );
    let has_payer = matches!(
        operation,
        Operation::Methods | Operation::Authorize | Operation::Status | Operation::CloseAccount
    );
    let mut keys = Vec::new();
    if !has_amount {
        keys.extend(["gross", "tax"]);
    }
    if !has_payer {
        keys.push("stranger");
    }
    if operation != Operation::Identify {
        keys.push("members");
    }
    keys
}

fn near_code(text: &str) -> Option<&'static str> {
    let codes: Vec<&'static str> = ResponseCode::KNOWN
        .iter()
        .map(ResponseCode::as_str)
        .collect();
    nearest(text, &codes)
}

/// What a step can be about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Thing {
    Payer,
    Session,
    Transaction,
    Call,
    Page,
}

impl Thing {
    /// What is said where a step needs it, and no step before it brings one.
    const fn missing(self) -> &'static str {
        match self {
            Self::Payer => {
                "there is no payer before it: identify one, or name one with payer = \"…\""
            }
            Self::Session => "there is no identify before it to go on with",
            Self::Transaction => "there is no authorize before it that it could be about",
            Self::Call => "there is no call before it",
            Self::Page => "no answer before it leads to a page",
        }
    }

    /// What this step is about.
    fn needed(what: &What) -> Option<Self> {
        let What::Call(ask) = what else {
            return Some(match what {
                What::Repeat { .. } => Self::Call,
                _ => Self::Page,
            });
        };
        match ask.operation {
            Operation::Continue => Some(Self::Session),
            Operation::Identify => None,
            Operation::Authorize | Operation::Methods if ask.stranger => None,
            Operation::Authorize
            | Operation::Methods
            | Operation::Status
            | Operation::CloseAccount => Some(Self::Payer),
            Operation::Retrieve | Operation::Capture | Operation::Cancel | Operation::Refund => {
                Some(Self::Transaction)
            }
        }
    }

    /// What this step brings.
    fn brought(what: &What) -> Vec<Self> {
        let What::Call(ask) = what else {
            return Vec::new();
        };
        let leads_to_a_page = ask.code == ResponseCode::ClientActionRequired;
        let more = match ask.operation {
            Operation::Identify if leads_to_a_page => vec![Self::Session, Self::Page],
            Operation::Identify => vec![Self::Session],
            Operation::Continue if ask.code == ResponseCode::Ok => vec![Self::Payer],
            // The callback names the transaction.
            Operation::Authorize if leads_to_a_page => vec![Self::Transaction, Self::Page],
            Operation::Authorize if ask.code == ResponseCode::Ok => vec![Self::Transaction],
            _ => Vec::new(),
        };
        [more, vec![Self::Call]].concat()
    }
}
