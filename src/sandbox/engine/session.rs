//! Identification: the conversation with the merchant and the payer's two pages.

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use super::answer::{Answer, Members};
use super::form::{
    self, CANCEL, CONFIRM, CONTINUE, Finished, Form, Input, Keyboard, Notification, Submission,
};
use super::payer::Payer;
use super::reason::Reason;
use super::request::Identify;
use super::url::MerchantUrl;
use super::{Rules, deadline};
use crate::api::{BangoUserId, Msisdn, ResponseCode, SessionId};
use crate::testpay::NetworkKey;

/// The PIN of every test payer.
const PIN: &str = "1234";
/// Wrong PINs that end an identification.
const PIN_TRIES: u8 = 3;
/// Where an SMS that identifies its sender goes to.
const SHORTCODE: &str = "22646";

/// One identification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    /// `None` lets the number decide.
    pub network: Option<NetworkKey>,
    pub step: Step,
    pub callback_url: Option<MerchantUrl>,
    pub notification_url: Option<MerchantUrl>,
    pub started_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Where an identification stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    AsksNumber,
    AsksPin {
        msisdn: Msisdn,
        wrong: u8,
    },
    Identified(Payer),
    PayerCancelled,
    /// The client gave up the last way there was.
    NoWayLeft,
}

impl Step {
    /// Is the payer still on the pages?
    pub const fn is_pending(&self) -> bool {
        matches!(self, Self::AsksNumber | Self::AsksPin { .. })
    }
}

/// Begins an identification.
pub fn begin(
    request: &Identify,
    id: SessionId,
    rules: &Rules,
    now: Timestamp,
) -> Result<Session, Reason> {
    let network = match &request.network {
        None => None,
        Some(key) => Some(NetworkKey::parse(key).ok_or(Reason::UnknownNetwork)?),
    };
    Ok(Session {
        id,
        network,
        step: Step::AsksNumber,
        callback_url: request.callback_url.clone(),
        notification_url: request.notification_url.clone(),
        started_at: now,
        expires_at: deadline(now, rules.session),
    })
}

/// Goes on with an identification, which may have expired.
pub fn go_on(session: Session, request: &Identify, now: Timestamp) -> Result<Session, Reason> {
    if session.has_expired(now) {
        return Err(Reason::SessionExpired);
    }
    let step = if request.cancels && session.step.is_pending() {
        Step::NoWayLeft
    } else {
        session.step
    };
    Ok(Session { step, ..session })
}

/// The client has something to do.
pub(super) fn required(id: &SessionId, parameters: Members) -> Answer {
    Answer::success(
        200,
        &ResponseCode::ClientActionRequired,
        "An action is required in the client.",
        |members| {
            members
                .text("sessionId", id.as_str())
                .optional("bangoUserId", None)
                .object("parameters", parameters)
        },
    )
}

/// Send the payer's browser to `page`.
pub(super) fn redirect(page: &str) -> Members {
    Members::new().text("action", "REDIRECT").text("url", page)
}

/// Have the payer's device send an SMS, whose text leads back to the session.
pub(super) fn send_sms(id: &SessionId) -> Members {
    let word: String = id.as_str().chars().take(8).collect();
    Members::new()
        .text("action", "SEND_SMS")
        .text("text", &format!("BANGO {word}"))
        .text("shortcode", SHORTCODE)
}

/// Ask again after this time.
pub(super) fn wait(milliseconds: u64) -> Members {
    Members::new()
        .text("action", "WAIT")
        .text("suggestedWaitTimeMilliseconds", &milliseconds.to_string())
}

pub(super) fn identified(id: &SessionId, user: &BangoUserId) -> Answer {
    Answer::success(200, &ResponseCode::Ok, "Success.", |members| {
        members
            .text("sessionId", id.as_str())
            .text("bangoUserId", user.as_str())
            .object("parameters", Members::new())
    })
}

impl Session {
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }

    /// What the merchant is told; `page` is the address of the payer's pages.
    pub fn answer(&self, page: &str) -> Answer {
        match &self.step {
            Step::AsksNumber | Step::AsksPin { .. } => required(&self.id, redirect(page)),
            Step::Identified(payer) => identified(&self.id, &payer.id),
            Step::PayerCancelled => Answer::refusal(&Reason::PayerCancelled),
            Step::NoWayLeft => Answer::refusal(&Reason::NoWayLeft),
        }
    }

    /// The page that the payer is on.
    pub fn form(&self, now: Timestamp) -> Form {
        if self.has_expired(now) && self.step.is_pending() {
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
            Step::Identified(_) => self.closing(
                "Number confirmed",
                "Your mobile number is confirmed. Nothing is left to do here.",
            ),
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

    /// `ut` on the merchant's address names the number to be typed.
    fn suggested_number(&self) -> String {
        self.callback_url
            .as_ref()
            .and_then(|url| url.parameter("ut"))
            .unwrap_or_default()
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
    if session.has_expired(now) || !session.step.is_pending() {
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

fn with_step(session: Session, step: Step) -> Session {
    Session { step, ..session }
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
