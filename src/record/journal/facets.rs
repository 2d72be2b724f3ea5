//! The ids in an entry, for its columns: what it can be found by.

use crate::{
    api::{Answer, ResponseCode},
    exchange::{CallId, Outcome, PageOf, Request, Response, What},
    record::{
        Kind,
        asked::Asked,
        entry::{Address, Seen},
        fact::Return,
        filter::Named,
        target::Target,
    },
};

#[derive(Default)]
pub struct Facets {
    pub call: Option<CallId>,
    pub session: Option<String>,
    pub tx: Option<String>,
    pub external: Option<String>,
    pub user: Option<String>,
    pub code: Option<String>,
}

impl Facets {
    pub fn of(kind: &Kind) -> Self {
        let mut facets = Self::default();
        match kind {
            Kind::Sent(sent) => {
                facets.call = Some(sent.call);
                facets.request(&sent.request);
            }
            Kind::Ended(ended) => {
                facets.call = Some(ended.call);
                if let Outcome::Answered { response, .. } = &ended.outcome {
                    facets.response(response);
                }
            }
            Kind::Seen(Seen::Own(own)) => {
                facets.call = Some(own.call);
                facets.tx = own
                    .transaction
                    .clone()
                    .map(crate::api::ids::TransactionId::into_string);
            }
            Kind::Seen(Seen::Report(report)) => {
                facets.call = report.call;
                facets.report(&report.what);
            }
            Kind::Arrived(arrived) => match &arrived.at {
                Address::Callback { .. } => {
                    facets.returned(Return::of_query(&arrived.request.url));
                }
                Address::Notification { .. } => {
                    facets.returned(Return::of_body(&arrived.request.body.kept));
                }
                Address::Inbox { .. } => {
                    let told = Return::of_body(&arrived.request.body.kept);
                    facets.returned(told.or_else(|| Return::of_query(&arrived.request.url)));
                }
            },
            Kind::Seen(Seen::Missed(_)) | Kind::Remark(_) | Kind::Unknown { .. } => {}
        }
        facets
    }

    fn request(&mut self, request: &Request) {
        match Target::of(request) {
            Some(Target::Transaction(Some(id))) => self.tx = Some(id),
            Some(Target::Identity(Some(id))) if request.method == "POST" => self.session = Some(id),
            Some(Target::Identity(Some(id))) => self.user = Some(id),
            _ => {}
        }
        let asked = Asked::read(&request.body.kept);
        self.external = asked
            .external
            .map(crate::api::ids::ExternalTransactionId::into_string);
        self.user = self
            .user
            .take()
            .or(asked.user.map(crate::api::ids::BangoUserId::into_string));
    }

    fn response(&mut self, response: &Response) {
        let Ok(answer) = Answer::parse(&response.body.kept) else {
            return;
        };
        self.code = Some(answer.code.as_str().to_owned());
        self.tx = self.tx.take().or(answer
            .transaction
            .map(crate::api::ids::TransactionId::into_string));
        self.session = self
            .session
            .take()
            .or(answer.session.map(crate::api::ids::SessionId::into_string));
        self.user = self
            .user
            .take()
            .or(answer.user.map(crate::api::ids::BangoUserId::into_string));
    }

    fn report(&mut self, what: &What) {
        match what {
            What::Exchange {
                request,
                response,
                transaction,
                ..
            } => {
                self.request(request);
                self.tx = self.tx.take().or(transaction
                    .clone()
                    .map(crate::api::ids::TransactionId::into_string));
                self.response(response);
            }
            What::Page { of, .. } => match of {
                PageOf::Session(id) => self.session = Some(id.clone().into_string()),
                PageOf::Transaction(id) => self.tx = Some(id.clone().into_string()),
            },
            What::Identified { session, user, .. } => {
                self.session = session.clone().map(crate::api::ids::SessionId::into_string);
                self.user = Some(user.clone().into_string());
            }
            What::Finished {
                transaction,
                external,
                code,
            } => {
                self.tx = Some(transaction.clone().into_string());
                self.external = external
                    .clone()
                    .map(crate::api::ids::ExternalTransactionId::into_string);
                self.code = Some(code.clone());
            }
            What::Expired {
                transaction,
                external,
            } => {
                self.tx = Some(transaction.clone().into_string());
                self.external = external
                    .clone()
                    .map(crate::api::ids::ExternalTransactionId::into_string);
            }
            What::Notified {
                transaction,
                session,
                body,
                ..
            } => {
                self.returned(Return::of_body(body));
                self.tx = self.tx.take().or(transaction
                    .clone()
                    .map(crate::api::ids::TransactionId::into_string));
                self.session = self
                    .session
                    .take()
                    .or(session.clone().map(crate::api::ids::SessionId::into_string));
            }
            What::Reset => {}
        }
    }

    fn returned(&mut self, outcome: Option<Return>) {
        let Some(outcome) = outcome else {
            return;
        };
        self.tx = outcome
            .transaction
            .map(crate::api::ids::TransactionId::into_string);
        self.external = outcome
            .external
            .map(crate::api::ids::ExternalTransactionId::into_string);
        self.session = outcome.session.map(crate::api::ids::SessionId::into_string);
        self.code = Some(outcome.code.as_str().to_owned());
    }

    pub fn ids(&self) -> Named<'_> {
        Named {
            transaction: self.tx.as_deref(),
            session: self.session.as_deref(),
            external: self.external.as_deref(),
            user: self.user.as_deref(),
            code: self.code.as_deref(),
        }
    }

    pub fn response_code(&self) -> Option<ResponseCode> {
        self.code.as_deref().map(ResponseCode::parse)
    }
}
