//! The payer's two pages of an identification: the number, then the PIN that was sent to it.

use jiff::Timestamp;

use super::{Session, Step, with_step};
use crate::api::{Msisdn, ResponseCode};
use crate::sandbox::engine::answer::Members;
use crate::sandbox::engine::form::{
    self, CANCEL, CONFIRM, CONTINUE, Finished, Form, Input, Keyboard, Notification, Submission,
};
use crate::sandbox::engine::payer::Payer;
use crate::testpay::NetworkKey;

/// The PIN of every test payer.
const PIN: &str = "1234";
/// Wrong PINs that end an identification.
const PIN_TRIES: u8 = 3;

impl Session {
    /// The page that the payer is on.
    pub fn form(&self, now: Timestamp) -> Form {
        if self.has_expired(now) && self.step.is_on_pages() {
            let text = "This identification has expired. Please start again at the merchant.";
            return Form::closing("Identification expired", text.to_owned(), None);
        }
        match &self.step {
            Step::AsksNumber => {
                let number = Input {
                    name: "msisdn",
                    label: "Mobile number",
                    value: self.suggested_number(),
                    keyboard: Keyboard::Telephone,
                };
                let text = "Enter your mobile number with its country code, for example \
                            447710900120.";
                Form::ask(
                    "Your mobile number",
                    text.to_owned(),
                    vec![number],
                    CONTINUE,
                )
            }
            Step::AsksPin { msisdn, wrong } => {
                let pin = Input {
                    name: "pin",
                    label: "PIN",
                    value: String::new(),
                    keyboard: Keyboard::Digits,
                };
                let text = format!(
                    "We sent a PIN to {}. This is a sandbox: the PIN is always {PIN}.",
                    msisdn.as_str()
                );
                let form = Form::ask("Enter the PIN", text, vec![pin], CONFIRM);
                match wrong {
                    0 => form,
                    wrong => form.refusing(wrong_pin(*wrong), ""),
                }
            }
            Step::AsksSms | Step::AwaitsSms { .. } => {
                let text = "The merchant identifies you by an SMS from your phone instead.";
                Form::closing("Identified by SMS", text.to_owned(), None)
            }
            Step::Identified(_) => self.closing(
                "Number confirmed",
                "Your mobile number is confirmed. Nothing is left to do here.",
            ),
            Step::Closed => {
                let text = "The account of this number was closed.";
                Form::closing("Account closed", text.to_owned(), None)
            }
            Step::PayerCancelled => self.closing(
                "Identification cancelled",
                "The identification was cancelled.",
            ),
            Step::NoWayLeft => self.closing(
                "Identification ended",
                "The merchant has ended this identification.",
            ),
        }
    }

    fn closing(&self, title: &'static str, text: &str) -> Form {
        Form::closing(title, text.to_owned(), self.browser())
    }

    fn outcome(&self) -> ResponseCode {
        match self.step {
            Step::PayerCancelled => ResponseCode::UserCancelled,
            Step::NoWayLeft => ResponseCode::NotAvailable,
            _ => ResponseCode::Ok,
        }
    }

    fn browser(&self) -> Option<String> {
        let outcome = self.outcome();
        let url = self.callback_url.as_ref()?;
        Some(url.with(&[
            ("sessionId", self.id.as_str()),
            ("responseCode", outcome.as_str()),
        ]))
    }

    /// The end that the payer brought about.
    fn finish(self, now: Timestamp) -> Visited {
        let code = self.outcome();
        let notification = self.notification_url.clone().map(|url| Notification {
            url,
            body: Members::new()
                .text("sessionId", self.id.as_str())
                .text("responseCode", code.as_str())
                .close()
                .into_bytes(),
        });
        Visited {
            form: self.form(now),
            finished: Some(Finished {
                code,
                browser: self.browser(),
                notification,
            }),
            session: self,
        }
    }
}

/// What a submission comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visited {
    /// The session from now on.
    pub session: Session,
    /// The page to show next.
    pub form: Form,
    pub finished: Option<Finished>,
}

/// Takes what the payer sent. `payer` finds or makes the one who owns a number that was just proven.
/// An identification that is decided stays as it is.
pub fn submit<E>(
    session: Session,
    submission: &Submission,
    now: Timestamp,
    payer: impl FnOnce(NetworkKey, &Msisdn) -> Result<Payer, E>,
) -> Result<Visited, E> {
    if session.has_expired(now) || !session.step.is_on_pages() {
        return Ok(stays(session, now));
    }
    if submission.chose(CANCEL) {
        return Ok(with_step(session, Step::PayerCancelled).finish(now));
    }
    match session.step.clone() {
        Step::AsksNumber if submission.chose(CONTINUE) => {
            let typed = submission.field("msisdn");
            Ok(match Msisdn::parse(typed) {
                Ok(msisdn) => stays(with_step(session, Step::AsksPin { msisdn, wrong: 0 }), now),
                Err(error) => refuses(session, &format!("the number {error}"), typed, now),
            })
        }
        Step::AsksPin { msisdn, wrong } if submission.chose(CONFIRM) => {
            let typed = submission.field("pin");
            if typed.is_empty() {
                return Ok(refuses(session, "the PIN is missing", "", now));
            }
            if typed == PIN {
                let key = session
                    .network
                    .unwrap_or_else(|| NetworkKey::of_number(&msisdn));
                let payer = payer(key, &msisdn)?;
                return Ok(with_step(session, Step::Identified(payer)).finish(now));
            }
            let wrong = wrong + 1;
            Ok(if wrong < PIN_TRIES {
                stays(with_step(session, Step::AsksPin { msisdn, wrong }), now)
            } else {
                with_step(session, Step::PayerCancelled).finish(now)
            })
        }
        _ => Ok(refuses(session, form::OTHER_BUTTON, "", now)),
    }
}

fn wrong_pin(wrong: u8) -> String {
    match PIN_TRIES - wrong {
        1 => "that PIN is wrong; one try is left".to_owned(),
        left => format!("that PIN is wrong; {left} tries are left"),
    }
}

fn stays(session: Session, now: Timestamp) -> Visited {
    Visited {
        form: session.form(now),
        session,
        finished: None,
    }
}

fn refuses(session: Session, note: &str, typed: &str, now: Timestamp) -> Visited {
    Visited {
        form: session.form(now).refusing(note, typed),
        session,
        finished: None,
    }
}
