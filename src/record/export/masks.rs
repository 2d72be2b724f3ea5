//! What an export leaves out: secrets always, who the payers are where that is asked for.
//!
//! A payer's number and user id get a mask each, the same one wherever they stand, so that what belongs
//! together stays together and bodies keep their length.

use std::collections::HashMap;

use super::named::named;
use super::secrets::{is_secret, plain, without_secrets};
use crate::api::{BangoUserId, Msisdn};
use crate::exchange::{
    Body, Cut, Delivery, Header, NotSent, Outcome, Request, Response, SECRET, What,
};
use crate::record::entry::{Entry, Kind, Seen};
use crate::record::{Transaction, target::Target};

/// What is done with the payers' numbers and user ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    Named,
    Masked,
}

impl People {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Named => "payers in clear",
            Self::Masked => "payers masked",
        }
    }
}

/// Names of what tells who a payer is.
const PEOPLE: [&str; 2] = ["msisdn", "bangouserid"];

/// The parameter of a callback that names the number which a sandbox is to take.
const NUMBER_TO_COME: &str = "ut";

/// No number and no user id is longer, and every length costs a look at every byte.
const LONGEST: usize = 64;

/// From this length on a value is masked also within longer words.
const TELLING: usize = 6;

/// The masks of one export.
#[derive(Clone, Debug, Default)]
pub struct Masks {
    masks: HashMap<Vec<u8>, Vec<u8>>,
    /// Of the masked values, the longest first.
    lengths: Vec<usize>,
}

impl Masks {
    /// For these entries; secrets only, where the payers are named.
    pub fn of(entries: &[Entry], transactions: &[Transaction], people: People) -> Self {
        let mut masks = Self::default();
        if people == People::Masked {
            for transaction in transactions {
                masks.learn_row(transaction);
            }
            for entry in entries {
                masks.learn_entry(&entry.kind);
            }
            masks.lengths = masks.masks.keys().map(Vec::len).collect();
            masks.lengths.sort_unstable_by(|one, other| other.cmp(one));
            masks.lengths.dedup();
        }
        masks
    }

    fn learn_row(&mut self, transaction: &Transaction) {
        let user = transaction.user().map(BangoUserId::as_str);
        let number = transaction.msisdn.as_ref().map(Msisdn::as_str);
        for value in user.into_iter().chain(number) {
            self.learn(value.as_bytes());
        }
    }

    fn learn_entry(&mut self, kind: &Kind) {
        match kind {
            Kind::Sent(sent) => self.learn_request(&sent.request),
            Kind::Arrived(arrived) => self.learn_request(&arrived.request),
            Kind::Ended(ended) => {
                if let Outcome::Answered { response, .. } = &ended.outcome {
                    self.learn_named(&response.body.kept);
                }
            }
            Kind::Seen(Seen::Report(report)) => match &report.what {
                What::Exchange {
                    request, response, ..
                } => {
                    self.learn_request(request);
                    self.learn_named(&response.body.kept);
                }
                What::Identified { user, msisdn, .. } => {
                    self.learn(msisdn.as_str().as_bytes());
                    self.learn(user.as_str().as_bytes());
                }
                What::Notified { body, url, .. } => {
                    self.learn_named(url.as_bytes());
                    self.learn_named(body);
                }
                _ => {}
            },
            Kind::Seen(_) | Kind::Remark(_) | Kind::Unknown { .. } => {}
        }
    }

    fn learn_request(&mut self, request: &Request) {
        // A POST names a session there.
        if let Some(Target::Identity(Some(user))) = Target::of(request)
            && request.method != "POST"
        {
            self.learn(user.as_bytes());
        }
        self.learn_named(request.url.as_bytes());
        self.learn_named(&request.body.kept);
    }

    fn learn_named(&mut self, text: &[u8]) {
        for named in named(text) {
            let name = plain(named.name);
            if name == NUMBER_TO_COME || PEOPLE.iter().any(|known| name.ends_with(known)) {
                self.learn(&text[named.value]);
            }
        }
    }

    fn learn(&mut self, value: &[u8]) {
        let nobody = value.is_empty() || matches!(value, b"null" | b"true" | b"false");
        if nobody || value.len() > LONGEST || self.masks.contains_key(value) {
            return;
        }
        let number = self.masks.len() + 1;
        let mask = if value.iter().all(u8::is_ascii_digit) && value.len() > 1 {
            // Still a number, and as long.
            format!("9{number:0width$}", width = value.len() - 1)
        } else {
            format!("masked-{number}")
        };
        self.masks.insert(value.to_owned(), mask.into_bytes());
    }

    /// The bytes without secrets, the masks in place.
    pub fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        self.masked(&without_secrets(bytes))
    }

    fn masked(&self, bytes: &[u8]) -> Vec<u8> {
        if self.masks.is_empty() {
            return bytes.to_owned();
        }
        let mut masked = Vec::with_capacity(bytes.len());
        let mut at = 0;
        while at < bytes.len() {
            let found = self.lengths.iter().find_map(|&length| {
                let end = at + length;
                let mask = self.masks.get(bytes.get(at..end)?)?;
                (length >= TELLING || is_word(bytes, at, end)).then_some((mask, end))
            });
            if let Some((mask, end)) = found {
                masked.extend_from_slice(mask);
                at = end;
            } else {
                masked.push(bytes[at]);
                at += 1;
            }
        }
        masked
    }

    pub fn text(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.bytes(text.as_bytes())).into_owned()
    }

    fn change(&self, text: &mut String) {
        *text = self.text(text);
    }

    fn headers(&self, headers: &mut [Header]) {
        for header in headers {
            if is_secret(header.name.as_bytes()) {
                header.value = SECRET.into();
            }
            header.value = self.bytes(&header.value);
        }
    }

    fn body(&self, body: &mut Body) {
        let cut = body.length.saturating_sub(body.kept.len() as u64);
        body.kept = self.bytes(&body.kept);
        body.length = body.kept.len() as u64 + cut;
    }

    pub fn request(&self, request: &mut Request) {
        self.change(&mut request.url);
        self.headers(&mut request.headers);
        self.body(&mut request.body);
    }

    pub fn response(&self, response: &mut Response) {
        self.headers(&mut response.headers);
        self.body(&mut response.body);
    }

    fn outcome(&self, outcome: &mut Outcome) {
        match outcome {
            Outcome::Answered { response, .. } => self.response(response),
            Outcome::Cut {
                why: Cut::Broken { error, .. },
                ..
            }
            | Outcome::NotSent {
                why:
                    NotSent::NoConnection { error }
                    | NotSent::Tls { error }
                    | NotSent::Unbuildable { error },
            } => self.change(error),
            Outcome::Cut { .. } | Outcome::NotSent { .. } => {}
        }
    }

    pub fn entry(&self, entry: &mut Entry) {
        match &mut entry.kind {
            Kind::Sent(sent) => self.request(&mut sent.request),
            Kind::Ended(ended) => self.outcome(&mut ended.outcome),
            Kind::Arrived(arrived) => self.request(&mut arrived.request),
            Kind::Remark(remark) => self.change(&mut remark.text),
            Kind::Seen(Seen::Own(own)) => {
                own.why.iter_mut().for_each(|why| self.change(why));
            }
            Kind::Seen(Seen::Report(report)) => {
                report.why.iter_mut().for_each(|why| self.change(why));
                self.reported(&mut report.what);
            }
            Kind::Seen(Seen::Missed(_)) | Kind::Unknown { .. } => {}
        }
    }

    fn reported(&self, what: &mut What) {
        match what {
            What::Exchange {
                request, response, ..
            } => {
                self.request(request);
                self.response(response);
            }
            What::Identified { user, msisdn, .. } => {
                *user = self.text(user.as_str()).into();
                self.number(msisdn);
            }
            What::Notified {
                url, body, result, ..
            } => {
                self.change(url);
                *body = self.bytes(body);
                if let Delivery::Failed { error } = result {
                    self.change(error);
                }
            }
            What::Page { .. } | What::Finished { .. } | What::Expired { .. } | What::Reset => {}
        }
    }

    fn number(&self, msisdn: &mut Msisdn) {
        if let Ok(masked) = Msisdn::parse(&self.text(msisdn.as_str())) {
            *msisdn = masked;
        }
    }

    pub fn row(&self, transaction: &mut Transaction) {
        if let Some(user) = &mut transaction.asked.user {
            *user = self.text(user.as_str()).into();
        }
        transaction
            .msisdn
            .iter_mut()
            .for_each(|msisdn| self.number(msisdn));
    }
}

/// Whether what stands there is no part of a longer word.
fn is_word(bytes: &[u8], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    let beside = [before, bytes.get(end)];
    !beside.into_iter().flatten().any(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masks(values: &[&str]) -> Masks {
        let mut masks = Masks::default();
        for value in values {
            masks.learn(value.as_bytes());
        }
        masks.lengths = masks.masks.keys().map(Vec::len).collect();
        masks.lengths.sort_unstable_by(|one, other| other.cmp(one));
        masks
    }

    #[test]
    fn the_same_number_has_the_same_mask_of_the_same_length() {
        let masks = masks(&["447710900120", "472156480", "12", "a b"]);
        let text = r#"{"msisdn":"447710900120","id":"x472156480y","n":12,"m":1234,"who":"a b"}"#;
        let expected =
            r#"{"msisdn":"900000000001","id":"x900000002y","n":93,"m":1234,"who":"masked-4"}"#;
        assert_eq!(masks.text(text), expected);
        assert_eq!(masks.text("+447710900120"), "+900000000001");
    }
}
