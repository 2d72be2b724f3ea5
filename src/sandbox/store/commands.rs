//! One command per request: loads what it speaks of, has the engine decide, keeps what changed.

use jiff::Timestamp;

use super::ledger::Ledger;
use super::outbox::{About, Letter};
use super::payments::PaymentRow;
use super::sessions::SessionRow;
use super::{Merchant, Store, StoreError};
use crate::api::{BangoUserId, SessionId, TransactionId};
use crate::exchange::PageOf;
use crate::sandbox::engine::form::Submission;
use crate::sandbox::engine::payment::Decision;
use crate::sandbox::engine::start::Place;
use crate::sandbox::engine::{
    Adjust, Answer, Finished, Form, Identify, Payer, Payment, Reason, Start, approval, capture,
    payer, payment, retrieve, reversal, session, start,
};

/// An answer of the API, and which payment it is about.
#[derive(Clone, Debug)]
pub struct Replied {
    pub answer: Answer,
    pub transaction: Option<TransactionId>,
}

/// A page that was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    pub of: PageOf,
    pub form: Form,
}

/// A page that was submitted.
#[derive(Clone, Debug)]
pub struct Submitted {
    pub of: PageOf,
    /// The title of the page that was filled in.
    pub page: &'static str,
    /// The page to show next.
    pub form: Form,
    /// Whether another page stands there now than the one that was filled in.
    pub moved: bool,
    /// Set with the submission that brought the pages to their end.
    pub end: Option<End>,
}

/// The end of the payer's pages.
#[derive(Clone, Debug)]
pub struct End {
    pub finished: Finished,
    pub letter: Option<Letter>,
    pub about: Ended,
}

/// What it was that ended.
#[derive(Clone, Debug)]
pub enum Ended {
    /// With the payer, if one was identified.
    Session(SessionId, Option<Payer>),
    Payment(Box<Payment>),
}

impl From<Answer> for Replied {
    fn from(answer: Answer) -> Self {
        Self {
            answer,
            transaction: None,
        }
    }
}

impl From<Result<Answer, Reason>> for Replied {
    fn from(answer: Result<Answer, Reason>) -> Self {
        Self::from(answer.unwrap_or_else(|reason| Answer::refusal(&reason)))
    }
}

impl Store {
    /// `POST identity`.
    pub async fn identify(
        &self,
        merchant: Merchant,
        request: Identify,
    ) -> Result<Replied, StoreError> {
        let pages = self.pages.clone();
        self.run(move |ledger| {
            let number = ledger.next_number("session")?;
            let id = ledger.ids.session(number);
            let begun = session::begin(&request, id, &ledger.rules, ledger.now());
            let session = match begun {
                Ok(session) => session,
                Err(reason) => return Ok(Err(reason).into()),
            };
            let row = SessionRow {
                number,
                merchant,
                session,
                token: ledger.token("session", number),
            };
            ledger.keep_session(&row)?;
            Ok(row.session.answer(&page(&pages, &row.token)).into())
        })
        .await
    }

    /// `POST identity/{sessionId}`.
    pub async fn go_on(
        &self,
        merchant: Merchant,
        id: SessionId,
        request: Identify,
    ) -> Result<Replied, StoreError> {
        let pages = self.pages.clone();
        self.run(move |ledger| {
            let Some(row) = ledger.session(&merchant, &id)? else {
                return Ok(Err(Reason::UnknownSession).into());
            };
            match session::go_on(row.session.clone(), &request, ledger.now()) {
                Err(reason) => Ok(Err(reason).into()),
                Ok(session) => {
                    let changed = session != row.session;
                    let row = SessionRow { session, ..row };
                    if changed {
                        ledger.keep_session(&row)?;
                    }
                    Ok(row.session.answer(&page(&pages, &row.token)).into())
                }
            }
        })
        .await
    }

    /// `GET identity/{bangoUserId}`.
    pub async fn status(&self, merchant: Merchant, id: BangoUserId) -> Result<Replied, StoreError> {
        self.run(move |ledger| {
            let payer = ledger.payer(&merchant, &id)?;
            Ok(payer::status(payer.as_ref()).into())
        })
        .await
    }

    /// `OPTIONS transaction`.
    pub async fn methods(&self, merchant: Merchant, request: Start) -> Result<Replied, StoreError> {
        self.run(move |ledger| {
            let payer = ledger.payer(&merchant, &request.user)?;
            Ok(payer::methods(&request, payer.as_ref()).into())
        })
        .await
    }

    /// `POST transaction`.
    pub async fn authorize(
        &self,
        merchant: Merchant,
        request: Start,
    ) -> Result<Replied, StoreError> {
        let pages = self.pages.clone();
        self.run(move |ledger| ledger.authorize(merchant, &request, &pages))
            .await
    }

    /// `GET transaction/{transactionId}`.
    pub async fn retrieve(
        &self,
        merchant: Merchant,
        id: TransactionId,
    ) -> Result<Replied, StoreError> {
        self.run(move |ledger| {
            Ok(match ledger.known_payment(&merchant, &id)? {
                None => Err(Reason::UnknownTransaction).into(),
                Some(row) => about(id, retrieve::retrieve(&row.payment)),
            })
        })
        .await
    }

    /// `PUT transaction/{transactionId}`.
    pub async fn capture(
        &self,
        merchant: Merchant,
        id: TransactionId,
        request: Adjust,
    ) -> Result<Replied, StoreError> {
        self.run(move |ledger| {
            ledger.change(&merchant, id, |row| {
                let (kind, key) = (payment::Kind::Capture, capture::key(&request));
                let earlier = ledger.movement_answer(row.number, kind, &key)?;
                Ok(capture::capture(&row.payment, &request, earlier.as_ref()))
            })
        })
        .await
    }

    /// `DELETE transaction/{transactionId}`.
    pub async fn reverse(
        &self,
        merchant: Merchant,
        id: TransactionId,
        request: Adjust,
    ) -> Result<Replied, StoreError> {
        self.run(move |ledger| {
            ledger.change(&merchant, id, |row| {
                let kind = reversal::kind(&row.payment);
                let earlier = match reversal::key(&row.payment, &request) {
                    Some(key) => ledger.movement_answer(row.number, kind, &key)?,
                    None => None,
                };
                Ok(reversal::reverse(&row.payment, &request, earlier.as_ref()))
            })
        })
        .await
    }

    /// Opens a page of the payer's. `None`: no page has this token.
    pub async fn open_page(&self, token: String) -> Result<Option<Opened>, StoreError> {
        self.run(move |ledger| {
            if let Some(row) = ledger.session_of_page(&token)? {
                return Ok(Some(Opened {
                    of: PageOf::Session(row.session.id.clone()),
                    form: row.session.form(ledger.now()),
                }));
            }
            let row = ledger.payment_of_page(&token)?;
            Ok(row.map(|row| Opened {
                of: PageOf::Transaction(row.payment.id.clone()),
                form: approval::form(&row.payment),
            }))
        })
        .await
    }

    /// Takes what the payer sent. `None`: no page has this token.
    pub async fn submit_page(
        &self,
        token: String,
        submission: Submission,
    ) -> Result<Option<Submitted>, StoreError> {
        self.run(move |ledger| {
            if let Some(row) = ledger.session_of_page(&token)? {
                return ledger.submit_session(row, &submission).map(Some);
            }
            match ledger.payment_of_page(&token)? {
                None => Ok(None),
                Some(row) => ledger.submit_payment(row, &submission).map(Some),
            }
        })
        .await
    }

    /// When the next pages left alone expire, as far as is known now.
    pub async fn next_expiry(&self) -> Result<Option<Timestamp>, StoreError> {
        self.run(Ledger::next_expiry).await
    }
}

fn page(pages: &str, token: &str) -> String {
    format!("{pages}{token}")
}

fn about(id: TransactionId, answer: Answer) -> Replied {
    Replied {
        answer,
        transaction: Some(id),
    }
}

impl Ledger {
    fn authorize(
        &self,
        merchant: Merchant,
        request: &Start,
        pages: &str,
    ) -> Result<Replied, StoreError> {
        let known = match &request.external {
            Some(external) => self.payment_of_key(&merchant, external)?,
            None => None,
        };
        let payer = self.payer(&merchant, &request.user)?;
        // A start that met a passing trouble runs again in its own row.
        let number = match &known {
            Some(row) => row.number,
            None => self.next_number("payment")?,
        };
        let id = self.ids.transaction(number);
        let token = self.token("payment", number);
        let started = start::start(
            request,
            known.as_ref().map(PaymentRow::earlier).as_ref(),
            payer.as_ref(),
            Place {
                id: &id,
                page: &page(pages, &token),
            },
            &self.rules,
            self.now(),
        );
        let Some(payment) = started.payment else {
            return Ok(Replied {
                transaction: known
                    .filter(|_| started.definite)
                    .and_then(|row| given_away(&row.payment)),
                answer: started.answer,
            });
        };
        let transaction = given_away(&payment);
        self.keep_payment(&PaymentRow {
            number,
            merchant,
            token: payment.state.is_pending().then_some(token),
            payment,
            digest: request.digest,
            answer: started.definite.then(|| started.answer.clone()),
        })?;
        Ok(Replied {
            answer: started.answer,
            transaction,
        })
    }

    /// A payment that the merchant may speak of, as it stands now: an authorization that has expired
    /// since is released.
    fn known_payment(
        &self,
        merchant: &Merchant,
        id: &TransactionId,
    ) -> Result<Option<PaymentRow>, StoreError> {
        let Some(row) = self.payment(merchant, id)? else {
            return Ok(None);
        };
        if !row.payment.is_known() {
            return Ok(None);
        }
        let Some(payment) = approval::release(&row.payment, self.now()) else {
            return Ok(Some(row));
        };
        let row = PaymentRow { payment, ..row };
        self.keep_payment(&row)?;
        Ok(Some(row))
    }

    fn change(
        &self,
        merchant: &Merchant,
        id: TransactionId,
        decide: impl FnOnce(&PaymentRow) -> Result<Decision, StoreError>,
    ) -> Result<Replied, StoreError> {
        let Some(row) = self.known_payment(merchant, &id)? else {
            return Ok(Err(Reason::UnknownTransaction).into());
        };
        let decision = decide(&row)?;
        if let Some(movement) = &decision.movement {
            self.keep_movement(row.number, movement)?;
        }
        if decision.payment != row.payment {
            self.keep_payment(&PaymentRow {
                payment: decision.payment,
                ..row
            })?;
        }
        Ok(about(id, decision.answer))
    }

    /// Ends the payments whose pages were left alone for too long.
    pub fn end_what_expired(&self) -> Result<Vec<End>, StoreError> {
        let mut ends = Vec::new();
        while let Some(row) = self.payment_left_alone()? {
            let visited = approval::left_alone(&row.payment);
            ends.extend(self.keep_visit(row, visited)?.end);
        }
        Ok(ends)
    }

    fn submit_session(
        &self,
        row: SessionRow,
        submission: &Submission,
    ) -> Result<Submitted, StoreError> {
        let before = row.session.clone();
        let merchant = &row.merchant;
        let visited = session::submit(before.clone(), submission, self.now(), |key, msisdn| {
            self.payer_of_number(merchant, key, msisdn)
        })?;
        let moved = visited.session != before;
        let row = SessionRow {
            session: visited.session,
            ..row
        };
        if moved {
            self.keep_session(&row)?;
        }
        let end = match visited.finished {
            None => None,
            Some(finished) => {
                let payer = match &row.session.step {
                    session::Step::Identified(payer) => Some(payer.clone()),
                    _ => None,
                };
                let about = Ended::Session(row.session.id.clone(), payer);
                Some(self.end(finished, About::Session(row.number), about)?)
            }
        };
        Ok(Submitted {
            of: PageOf::Session(row.session.id),
            page: before.form(self.now()).title,
            form: visited.form,
            moved,
            end,
        })
    }

    fn submit_payment(
        &self,
        row: PaymentRow,
        submission: &Submission,
    ) -> Result<Submitted, StoreError> {
        let visited = approval::submit(&row.payment, submission, &self.rules, self.now());
        self.keep_visit(row, visited)
    }

    fn keep_visit(
        &self,
        row: PaymentRow,
        visited: approval::Visited,
    ) -> Result<Submitted, StoreError> {
        let moved = visited.payment != row.payment;
        let page = approval::form(&row.payment).title;
        let row = PaymentRow {
            payment: visited.payment,
            ..row
        };
        if moved {
            self.keep_payment(&row)?;
        }
        let of = PageOf::Transaction(row.payment.id.clone());
        let end = match visited.finished {
            None => None,
            Some(finished) => {
                let about = Ended::Payment(Box::new(row.payment));
                Some(self.end(finished, About::Payment(row.number), about)?)
            }
        };
        Ok(Submitted {
            of,
            page,
            form: visited.form,
            moved,
            end,
        })
    }

    fn end(&self, finished: Finished, whom: About, about: Ended) -> Result<End, StoreError> {
        let letter = match &finished.notification {
            None => None,
            Some(notification) => Some(self.send(whom, notification)?),
        };
        Ok(End {
            finished,
            letter,
            about,
        })
    }
}

/// The id by which a payment can be spoken of: a refused start has none.
fn given_away(payment: &Payment) -> Option<TransactionId> {
    payment.is_known().then(|| payment.id.clone())
}
