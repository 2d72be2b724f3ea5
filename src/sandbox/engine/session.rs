//! Identification: the conversation with the merchant, over one way to find out the number after the
//! other. First the payer's pages, then an SMS from the payer's device, where it can send one.

mod pages;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

use super::answer::{Answer, Members};
use super::payer::Payer;
use super::reason::Reason;
use super::request::Identify;
use super::url::MerchantUrl;
use super::{Rules, deadline};
use crate::api::{BangoUserId, Msisdn, ResponseCode, SessionId};
use crate::testpay::{self, NetworkKey};
pub use pages::submit;

/// Where an SMS that identifies its sender goes to.
const SHORTCODE: &str = "22646";

/// One identification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    /// `None` lets the number decide.
    pub network: Option<NetworkKey>,
    pub step: Step,
    /// Can the payer's device send an SMS?
    pub sends_sms: bool,
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
    /// The client was asked to have an SMS sent.
    AsksSms,
    /// It said that this was done; the SMS is on its way.
    AwaitsSms {
        arrives_at: Timestamp,
    },
    Identified(Payer),
    /// The payer's account was closed since.
    Closed,
    PayerCancelled,
    /// The client gave up the last way there was.
    NoWayLeft,
}

impl Step {
    /// Is the payer still on the pages?
    pub const fn is_on_pages(&self) -> bool {
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
        sends_sms: request.sends_sms.unwrap_or(true),
        callback_url: request.callback_url.clone(),
        notification_url: request.notification_url.clone(),
        started_at: now,
        expires_at: deadline(now, rules.session),
    })
}

/// Goes on with an identification, which may have expired. `payer` finds or makes the one whose SMS has
/// arrived.
pub fn go_on<E>(
    mut session: Session,
    request: &Identify,
    rules: &Rules,
    now: Timestamp,
    payer: impl FnOnce(NetworkKey, &Msisdn) -> Result<Payer, E>,
) -> Result<Result<Session, Reason>, E> {
    if session.has_expired(now) {
        return Ok(Err(Reason::SessionExpired));
    }
    session.sends_sms = request.sends_sms.unwrap_or(session.sends_sms);
    if request.cancels {
        return Ok(Ok(next_way(session)));
    }
    if session.step == Step::AsksSms {
        let arrives_at = deadline(now, rules.sms);
        session.step = Step::AwaitsSms { arrives_at };
    }
    if matches!(session.step, Step::AwaitsSms { arrives_at } if now >= arrives_at) {
        let (key, msisdn) = session.sender(None);
        session.step = Step::Identified(payer(key, &msisdn)?);
    }
    Ok(Ok(session))
}

/// The SMS that the session asks for or waits for arrives at once, `from` this number or the one that it
/// would have come from anyway.
pub fn sms_arrives<E>(
    session: Session,
    from: Option<&Msisdn>,
    now: Timestamp,
    payer: impl FnOnce(NetworkKey, &Msisdn) -> Result<Payer, E>,
) -> Result<Result<Session, Reason>, E> {
    if session.has_expired(now) {
        return Ok(Err(Reason::SessionExpired));
    }
    if !matches!(session.step, Step::AsksSms | Step::AwaitsSms { .. }) {
        return Ok(Err(Reason::NoSmsAwaited));
    }
    let (key, msisdn) = session.sender(from);
    let payer = payer(key, &msisdn)?;
    Ok(Ok(with_step(session, Step::Identified(payer))))
}

/// The client cannot do what it was asked for. An end stays.
fn next_way(session: Session) -> Session {
    match session.step {
        Step::AsksNumber | Step::AsksPin { .. } if session.sends_sms => {
            with_step(session, Step::AsksSms)
        }
        Step::AsksNumber | Step::AsksPin { .. } | Step::AsksSms | Step::AwaitsSms { .. } => {
            with_step(session, Step::NoWayLeft)
        }
        Step::Identified(_) | Step::Closed | Step::PayerCancelled | Step::NoWayLeft => session,
    }
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

    /// Whose SMS arrives: the number that is known, or that `ut` on the merchant's address names, else
    /// one for whom everything succeeds.
    fn sender(&self, known: Option<&Msisdn>) -> (NetworkKey, Msisdn) {
        let number = match known {
            Some(number) => Ok(number.clone()),
            None => Msisdn::parse(&self.suggested_number()),
        };
        if let Ok(number) = number {
            let key = self.network.unwrap_or(NetworkKey::of_number(&number));
            return (key, number);
        }
        let role = testpay::plain(self.network.unwrap_or(NetworkKey::GbrBango));
        (role.key, role.msisdn())
    }

    /// `ut` on the merchant's address names the number to be typed.
    fn suggested_number(&self) -> String {
        self.callback_url
            .as_ref()
            .and_then(|url| url.parameter("ut"))
            .unwrap_or_default()
    }

    /// Who the payer turned out to be.
    pub fn identified(&self) -> Option<(SessionId, Payer)> {
        match &self.step {
            Step::Identified(payer) => Some((self.id.clone(), payer.clone())),
            _ => None,
        }
    }

    /// What the merchant is told; `page` is the address of the payer's pages.
    pub fn answer(&self, page: &str, now: Timestamp) -> Answer {
        match &self.step {
            Step::AsksNumber | Step::AsksPin { .. } => required(&self.id, redirect(page)),
            Step::AsksSms => required(&self.id, send_sms(&self.id)),
            Step::AwaitsSms { arrives_at } => {
                required(&self.id, wait(milliseconds(now, *arrives_at)))
            }
            Step::Identified(payer) => identified(&self.id, &payer.id),
            Step::Closed => Answer::refusal(&Reason::AccountClosed),
            Step::PayerCancelled => Answer::refusal(&Reason::PayerCancelled),
            Step::NoWayLeft => Answer::refusal(&Reason::NoWayLeft),
        }
    }
}

/// From one time to the other, at least one, so that nobody asks again at once.
fn milliseconds(from: Timestamp, to: Timestamp) -> u64 {
    let left = to.duration_since(from).as_micros();
    u64::try_from(left).unwrap_or(0).div_ceil(1000).max(1)
}

fn with_step(session: Session, step: Step) -> Session {
    Session { step, ..session }
}
