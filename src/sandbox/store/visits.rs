//! What the payer does: opens a page, fills it in, leaves it alone for too long, or sends an SMS.

use jiff::Timestamp;

use super::ledger::Ledger;
use super::outbox::{About, Letter};
use super::payments::PaymentRow;
use super::sessions::SessionRow;
use super::{Merchant, Store, StoreError};
use crate::api::{ResponseCode, SessionId};
use crate::exchange::{Epoch, PageOf};
use crate::sandbox::engine::form::Submission;
use crate::sandbox::engine::{
    Finished, Form, Payer, Payment, Reason, Session, Sms, approval, session,
};

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

/// The end of the payer's pages, or of an authorization.
#[derive(Clone, Debug)]
pub struct End {
    pub epoch: Epoch,
    pub finished: Finished,
    pub letter: Option<Letter>,
    pub about: Ended,
}

/// What it was that ended.
#[derive(Clone, Debug)]
pub enum Ended {
    /// An identification that found no payer.
    Session,
    Identified(SessionId, Payer),
    Payment(Box<Payment>),
    /// An authorization that nobody captured in time.
    Authorization(Box<Payment>),
}

impl Store {
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

    /// Has the SMS of an identification arrive. What the session is from now on, and at which time.
    pub async fn receive_sms(
        &self,
        merchant: Merchant,
        id: SessionId,
        sms: Sms,
    ) -> Result<Result<(Session, Timestamp), Reason>, StoreError> {
        self.run(move |ledger| {
            let Some(row) = ledger.session(&merchant, &id)? else {
                return Ok(Err(Reason::UnknownSession));
            };
            let (from, now) = (sms.msisdn.as_ref(), ledger.now());
            let arrived = session::sms_arrives(row.session, from, now, |key, msisdn| {
                ledger.payer_of_number(&row.merchant, key, msisdn)
            })?;
            let session = match arrived {
                Ok(session) => session,
                Err(reason) => return Ok(Err(reason)),
            };
            let row = SessionRow { session, ..row };
            ledger.keep_session(&row)?;
            Ok(Ok((row.session, now)))
        })
        .await
    }

    /// When the next pages left alone expire, as far as is known now.
    pub async fn next_expiry(&self) -> Result<Option<Timestamp>, StoreError> {
        self.run(Ledger::next_expiry).await
    }
}

impl Ledger {
    /// Ends the payments whose pages or authorizations were left alone for too long. A damaged one is left
    /// as it is: it must keep no other from its end.
    pub fn end_what_expired(&self) -> Result<(), StoreError> {
        let now = self.now();
        for number in self.payments_left_alone(now)? {
            let row = match self.payment_numbered(number) {
                Ok(Some(row)) => row,
                Ok(None) | Err(StoreError::Damaged { .. }) => continue,
                Err(error) => return Err(error),
            };
            if row.payment.state.is_pending() {
                let visited = approval::left_alone(&row.payment);
                let end = self.keep_visit(row, visited)?.end;
                self.expired.borrow_mut().extend(end);
            } else {
                self.release(row)?;
            }
        }
        self.ended_until.set(now);
        Ok(())
    }

    /// The payment as it stands now: an authorization that has expired is released.
    pub fn release(&self, row: PaymentRow) -> Result<PaymentRow, StoreError> {
        let Some(payment) = approval::release(&row.payment, self.now()) else {
            return Ok(row);
        };
        let row = PaymentRow { payment, ..row };
        self.keep_payment(&row)?;
        self.expired.borrow_mut().push(End {
            epoch: self.epoch(),
            finished: Finished {
                code: ResponseCode::Cancelled,
                browser: None,
                notification: None,
            },
            letter: None,
            about: Ended::Authorization(Box::new(row.payment.clone())),
        });
        Ok(row)
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
                let about = match row.session.identified() {
                    Some((session, payer)) => Ended::Identified(session, payer),
                    None => Ended::Session,
                };
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
            epoch: self.epoch(),
            finished,
            letter,
            about,
        })
    }
}
