//! A call to be made from a request that was made before, by whomever, or from a curl line.
//!
//! Only what the API has is taken: operation, id, body and stub headers. Address and credentials are those
//! of whoever makes the call.

mod curl;

use crate::api::prefer::{self, PreferError};
use crate::api::{Call, Operation, Preference, Stub};
use crate::exchange::{self, Header, Request};

use super::target::Target;

/// What is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub operation: Operation,
    /// Of the session, payer or transaction that it is about.
    pub id: Option<String>,
    pub body: Option<Vec<u8>>,
    pub stub: Option<Stub>,
}

/// Why there is no draft. The messages follow "no draft of this: ".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    #[error("the API has no call {method} {url}")]
    NotOfTheApi { method: String, url: String },
    #[error("its body was not kept whole")]
    Cut,
    #[error("it does not begin with curl")]
    NotCurl,
    #[error("a quote is not closed")]
    OpenQuote,
    #[error("its body is in {0}: write it into the line, after --data-raw")]
    BodyElsewhere(String),
    #[error("it names no address")]
    NoAddress,
    #[error("{0} is not understood here: leave it out and paste the line again")]
    Unclear(String),
    /// It is not quoted: it may be a secret.
    #[error("a word of it belongs to no option, and is no address")]
    Stray,
    /// Without them it would be a real call.
    #[error("its stub headers name no answer: {0}")]
    Stub(#[from] PreferError),
}

impl Draft {
    /// The same request once more.
    pub fn of_request(request: &Request) -> Result<Self, DraftError> {
        if request.body.length != request.body.kept.len() as u64 {
            return Err(DraftError::Cut);
        }
        let not_of_the_api = || DraftError::NotOfTheApi {
            method: request.method.clone(),
            url: request.url.clone(),
        };
        let target = Target::of(request).ok_or_else(not_of_the_api)?;
        let operation = target
            .operation(&request.method)
            .ok_or_else(not_of_the_api)?;
        let (Target::Identity(id) | Target::Transaction(id)) = target;
        Ok(Self {
            operation,
            id,
            body: (!request.body.is_empty()).then(|| request.body.kept.clone()),
            stub: stub(&request.headers, operation)?,
        })
    }

    /// What a curl command, as shells take it, would send.
    pub fn of_curl(line: &str) -> Result<Self, DraftError> {
        Self::of_request(&curl::read(line)?)
    }

    /// Whether a text looks as if it were meant as one.
    pub fn looks_like_curl(text: &str) -> bool {
        text.trim_start().starts_with("curl ")
    }

    pub fn call(&self) -> Call {
        Call::new(self.operation, self.id.as_deref(), self.body.clone())
            .answered_by(self.stub.clone())
    }
}

fn stub(headers: &[Header], operation: Operation) -> Result<Option<Stub>, PreferError> {
    let values = |name| exchange::values(headers, name);
    let preference = Preference::read(values(prefer::PREFER), values(prefer::EXTENSION))?;
    preference
        .map(|preference| preference.force(operation))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{BangoUserId, Item, Start, TransactionId};
    use crate::exchange::Body;
    use crate::money::{Amount, Currency};
    use crate::record::export;

    fn request(call: &Call) -> Request {
        let mut headers = vec![Header::new("content-type", "application/json")];
        let stubs = call.stub.iter().flat_map(Stub::headers);
        headers.extend(stubs.map(|(name, value)| Header::new(name, value)));
        Request {
            method: call.method.as_str().into(),
            url: format!("http://127.0.0.1:2646/v5/{}", call.path),
            headers,
            body: Body::whole(call.body.clone().unwrap_or_default()),
        }
    }

    fn calls() -> Vec<Call> {
        let start = Start {
            user: BangoUserId::from("472156480"),
            external: Some("t-1".into()),
            gross: Amount::from_hundredths(1099),
            tax: None,
            currency: Currency::USD,
            item: Item {
                name: Some("it's \"an\" item \\ $HOME\n\u{e9}".into()),
                ..Item::default()
            },
            callback_url: None,
            notification_url: None,
        };
        let id = TransactionId::from("2006721250");
        let stub = Stub::all(Operation::Capture).last();
        vec![
            Call::authorize(&start),
            Call::methods(&start),
            Call::capture(&id, None).answered_by(stub),
            Call::refund(&id, None),
            Call::retrieve(&id),
            Call::go_on(&"8322c4ad".into()),
            Call::close_account(&start.user),
        ]
    }

    #[test]
    fn a_request_gives_the_call_that_it_was() {
        for call in calls() {
            assert_eq!(Draft::of_request(&request(&call)).unwrap().call(), call);
        }
    }

    #[test]
    fn our_own_curl_lines_give_the_call_that_they_send() {
        for call in calls() {
            let line = export::curl::command(&request(&call));
            assert_eq!(Draft::of_curl(&line).unwrap().call(), call, "{line}");
        }
    }

    #[test]
    fn what_is_no_call_of_the_api_is_named() {
        let error = Draft::of_curl("curl https://api.example/v2/orders -d x=1").unwrap_err();
        let expected = "the API has no call POST https://api.example/v2/orders";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn every_answer_made_to_order_stays_one() {
        let id = TransactionId::from("2006721250");
        let calls = [Call::capture(&id, None), Call::cancel(&id)];
        for call in calls.into_iter().chain(self::calls()) {
            for stub in Stub::all(call.operation) {
                let call = call.clone().answered_by(Some(stub.clone()));
                let draft = Draft::of_request(&request(&call)).unwrap();
                assert_eq!(draft.stub, Some(stub), "{call:?}");
            }
        }
    }

    #[test]
    fn a_stub_that_was_refused_does_not_become_a_real_call() {
        let real = Call::capture(&TransactionId::from("2006721250"), None);
        let with = |headers: &[(&str, &str)]| {
            let mut request = request(&real);
            let headers = headers.iter();
            let headers = headers.map(|(name, value)| Header::new(*name, value.as_bytes()));
            request.headers.extend(headers);
            Draft::of_request(&request)
        };
        for headers in [
            [("Prefer", "status=201")].as_slice(),
            &[("Prefer", "status=4o4")],
            &[("preference-extension", "responseCode=OK")],
            &[("Prefer", "status=200"), ("preference-extension", "OK")],
        ] {
            assert!(
                matches!(with(headers), Err(DraftError::Stub(_))),
                "{headers:?}"
            );
        }
        // A preference about something else asks for no answer.
        assert_eq!(with(&[("Prefer", "respond-async")]).unwrap().call(), real);
    }

    #[test]
    fn a_body_that_was_cut_is_not_sent_as_if_it_were_whole() {
        let mut cut = request(&calls()[0]);
        cut.body.length += 1;
        assert_eq!(Draft::of_request(&cut), Err(DraftError::Cut));
    }
}
