//! One command per call of the API: loads what it speaks of, has the engine decide, keeps what changed.

use super::ledger::Ledger;
use super::payments::PaymentRow;
use super::sessions::SessionRow;
use super::{Merchant, Store, StoreError};
use crate::api::{BangoUserId, SessionId, TransactionId};
use crate::exchange::Standing;
use crate::sandbox::engine::payment::Decision;
use crate::sandbox::engine::start::Place;
use crate::sandbox::engine::{
    Adjust, Answer, Identify, Payer, Payment, Reason, Start, capture, payer, payment, retrieve,
    reversal, session, start,
};

/// An answer of the API, and which payment it is about.
#[derive(Clone, Debug)]
pub struct Replied {
    pub answer: Answer,
    pub transaction: Option<TransactionId>,
    /// How that payment stands now.
    pub standing: Option<Standing>,
    /// Who was identified by this call, without the pages.
    pub identified: Option<(SessionId, Payer)>,
}

impl From<Answer> for Replied {
    fn from(answer: Answer) -> Self {
        Self {
            answer,
            transaction: None,
            standing: None,
            identified: None,
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
            let id = ledger.ids().session(number);
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
            let page = page(&pages, &row.token);
            Ok(row.session.answer(&page, ledger.now()).into())
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
            let (before, now) = (row.session.clone(), ledger.now());
            let gone_on =
                session::go_on(row.session, &request, &ledger.rules, now, |key, msisdn| {
                    ledger.payer_of_number(&row.merchant, key, msisdn)
                })?;
            let session = match gone_on {
                Ok(session) => session,
                Err(reason) => return Ok(Err(reason).into()),
            };
            let row = SessionRow { session, ..row };
            if row.session != before {
                ledger.keep_session(&row)?;
            }
            let answer = row.session.answer(&page(&pages, &row.token), now);
            Ok(Replied {
                identified: row
                    .session
                    .identified()
                    .filter(|_| before.identified().is_none()),
                ..answer.into()
            })
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

    /// `DELETE identity/{bangoUserId}`.
    pub async fn close(&self, merchant: Merchant, id: BangoUserId) -> Result<Replied, StoreError> {
        self.run(move |ledger| {
            let payer = ledger.payer(&merchant, &id)?;
            if let Some(payer) = &payer {
                ledger.close_payer(payer)?;
            }
            Ok(payer::close(payer.as_ref()).into())
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
                Some(row) => about(&row.payment, retrieve::retrieve(&row.payment)),
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
            ledger.change(&merchant, &id, |row| {
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
            ledger.change(&merchant, &id, |row| {
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
}

pub fn page(pages: &str, token: &str) -> String {
    format!("{pages}{token}")
}

fn about(payment: &Payment, answer: Answer) -> Replied {
    Replied {
        transaction: given_away(payment),
        standing: Some(payment.standing()),
        ..answer.into()
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
        let id = self.ids().transaction(number);
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
            return Ok(match known.filter(|_| started.definite) {
                Some(row) => about(&row.payment, started.answer),
                None => started.answer.into(),
            });
        };
        let replied = about(&payment, started.answer.clone());
        self.keep_payment(&PaymentRow {
            number,
            merchant,
            token: payment.state.is_pending().then_some(token),
            payment,
            digest: request.digest,
            answer: started.definite.then_some(started.answer),
        })?;
        Ok(replied)
    }

    /// A payment that the merchant may speak of.
    fn known_payment(
        &self,
        merchant: &Merchant,
        id: &TransactionId,
    ) -> Result<Option<PaymentRow>, StoreError> {
        let row = self.payment(merchant, id)?;
        Ok(row.filter(|row| row.payment.is_known()))
    }

    /// The same as it stands now: an authorization that has expired since is released.
    fn current_payment(
        &self,
        merchant: &Merchant,
        id: &TransactionId,
    ) -> Result<Option<PaymentRow>, StoreError> {
        match self.known_payment(merchant, id)? {
            Some(row) => self.release(row).map(Some),
            None => Ok(None),
        }
    }

    fn change(
        &self,
        merchant: &Merchant,
        id: &TransactionId,
        decide: impl FnOnce(&PaymentRow) -> Result<Decision, StoreError>,
    ) -> Result<Replied, StoreError> {
        let Some(row) = self.current_payment(merchant, id)? else {
            return Ok(Err(Reason::UnknownTransaction).into());
        };
        let decision = decide(&row)?;
        let replied = about(&decision.payment, decision.answer);
        if let Some(movement) = &decision.movement {
            self.keep_movement(row.number, movement)?;
        }
        if decision.payment != row.payment {
            self.keep_payment(&PaymentRow {
                payment: decision.payment,
                ..row
            })?;
        }
        Ok(replied)
    }
}

/// The id by which a payment can be spoken of: a refused start has none.
fn given_away(payment: &Payment) -> Option<TransactionId> {
    payment.is_known().then(|| payment.id.clone())
}
